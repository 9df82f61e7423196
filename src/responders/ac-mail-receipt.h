/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the mail responder writes down about one message in one mailbox: each copy of it, as it was
 * before it was touched, and how far it has come. Written before each step on the mail server, so
 * that whoever finds it after a crash can tell by looking what was done. */
#pragma once

#include "responders/ac-mail-place.h"

G_BEGIN_DECLS

typedef enum
{
  AC_MAIL_COPY_MOVING,    /* about to be moved to the recoverable folder */
  AC_MAIL_COPY_MOVED,     /* seen there */
  AC_MAIL_COPY_RESTORING, /* about to be moved back */
  AC_MAIL_COPY_RESTORED,  /* seen back in its place, as it was */
} AcMailCopyState;

typedef struct
{
  AcMailCopyState state;

  /* What it was. */
  char *folder; /* as on the wire */
  guint32 uid_validity;
  guint32 uid;
  GStrv flags; /* without \Recent */
  gint64 date; /* INTERNALDATE, microseconds since 1970 */
  guint32 size;

  AcMailPlace kept;          /* in the recoverable folder */
  AcMailPlace back;          /* in its own folder again */
  gboolean folder_was_made;  /* its own folder was gone, and was made again for it */
  gboolean left_second_copy; /* a move that the server cut off left another one where it is kept */

  /* Not written down. */
  gboolean is_lost;   /* this look has not found it where it should be */
  gboolean was_begun; /* this look has found it between two places */
  gboolean may_be_gone; /* a move was begun, and nobody has seen or said that it was not done */
} AcMailCopy;

typedef struct
{
  GPtrArray *copies; /* of AcMailCopy */
} AcMailReceipt;

AcMailReceipt *ac_mail_receipt_new (void);
AcMailReceipt *ac_mail_receipt_new_from_json (JsonObject *object, GError **error);
JsonObject *ac_mail_receipt_to_json (const AcMailReceipt *receipt);
void ac_mail_receipt_free (AcMailReceipt *receipt);
guint ac_mail_receipt_count (const AcMailReceipt *receipt, AcMailCopyState state);
void ac_mail_copy_free (AcMailCopy *copy);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcMailReceipt, ac_mail_receipt_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcMailCopy, ac_mail_copy_free)

G_END_DECLS
