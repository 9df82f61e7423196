/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all receipts about messages have in common: the place of a message, and how a receipt is
 * read: its version, its copies, their states. What a copy is, each kind of receipt knows itself.
 */
#pragma once

#include "model/ac-json.h"

G_BEGIN_DECLS

#define AC_MAIL_RECEIPT_ERROR (ac_mail_receipt_error_quark ())
typedef enum
{
  AC_MAIL_RECEIPT_ERROR_UNREADABLE,
} AcMailReceiptError;

GQuark ac_mail_receipt_error_quark (void);

/* Where a message is or will be. UIDs count upwards as long as the UIDVALIDITY is the same, so a
 * message in a folder with a UID below uid_next was there before the step. */
typedef struct
{
  guint32 uid_validity;
  guint32 uid_next; /* of the folder before the step; 0: not known */
  guint32 uid;      /* of the message after it; 0: not known yet */
} AcMailPlace;

gboolean
ac_mail_place_read (JsonObject *object, const char *name, AcMailPlace *place, GError **error);
void ac_mail_place_write (JsonObject *object, const char *name, const AcMailPlace *place);

/* Reads one of the array “copies”; NULL with an error. */
typedef gpointer (*AcMailCopyReader) (JsonObject *copy, GError **error);

gboolean ac_mail_receipt_check_version (JsonObject *object, gint64 version, GError **error);
gboolean ac_mail_receipt_read_copies (JsonObject *object,
                                      const AcJsonMember *members,
                                      gsize n_members,
                                      AcMailCopyReader reader,
                                      GPtrArray *copies,
                                      GError **error);
gboolean
ac_mail_receipt_read_number (JsonObject *object, const char *name, guint32 *number, GError **error);
gboolean ac_mail_receipt_read_state (JsonObject *object,
                                     const char *const *states,
                                     gsize n_states,
                                     guint *state,
                                     GError **error);

G_END_DECLS
