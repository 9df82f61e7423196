/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the quarantine responder writes down about one message in one mailbox: each copy of it, as
 * it was before it was touched, and how far it has come. Written before each step on the mail
 * server, so that whoever finds it after a crash can tell by looking what was done. */
#pragma once

#include "responders/ac-mail-receipt.h"

G_BEGIN_DECLS

/* In each state the original is where its name says, and no step from one to the next takes it away
 * from one place before it was seen, byte for byte, in another. */
typedef enum
{
  AC_QUARANTINE_COPYING,   /* in the mailbox; about to be put into quarantine */
  AC_QUARANTINE_COPIED,    /* seen in quarantine; in the mailbox, about to be taken away */
  AC_QUARANTINE_STANDING,  /* the same, but first a stand-in is about to be put beside it */
  AC_QUARANTINE_STOOD,     /* the stand-in was seen; now the original is about to be taken away */
  AC_QUARANTINE_KEPT,      /* in quarantine only */
  AC_QUARANTINE_RESTORING, /* about to be put back */
  AC_QUARANTINE_RETURNED,  /* seen back; in quarantine, about to be taken away there */
  AC_QUARANTINE_RESTORED,  /* in the mailbox only */
} AcQuarantineState;

typedef struct
{
  AcQuarantineState state;

  /* What it was. */
  char *folder; /* as on the wire */
  guint32 uid_validity;
  guint32 uid;
  GStrv flags; /* without \Recent */
  gint64 date; /* INTERNALDATE, microseconds since 1970 */
  guint32 size;
  char *sha256; /* nullable until it was copied; of its bytes, in hexadecimal */

  AcMailPlace kept;      /* in the folder of the quarantine account */
  AcMailPlace stand_in;  /* uid_validity 0: there is none */
  char *stand_in_folder; /* nullable; as on the wire */
  guint32 stand_in_size;
  char *stand_in_sha256;     /* nullable */
  gboolean breaks_signature; /* the stand-in's signature does not hold */
  char *back_folder;         /* nullable; as on the wire */
  AcMailPlace back;
  gboolean folder_was_made; /* its own folder was gone, and was made again for it */
  gboolean stand_in_gone;   /* at the undo the stand-in was not found */

  /* Not written down. */
  gpointer there;     /* nullable; AcQuarantineHit: this very copy in the mailbox, in this look */
  gboolean is_lost;   /* this look has not found it where it should be */
  gboolean was_told;  /* the mailbox may have been told to remove it */
  gboolean was_taken; /* it was gone before it was */
  gboolean has_other_flags; /* in quarantine it has not the flags that it had */
  gboolean was_missed;      /* seen back, and then not there any more */
  GError *set_aside;        /* nullable; why it cannot be read, and is left */
} AcQuarantineCopy;

typedef struct
{
  char *account;     /* nullable; the quarantine account */
  char *kept_folder; /* nullable; the folder in it, as on the wire */
  GPtrArray *copies; /* of AcQuarantineCopy */
} AcQuarantineReceipt;

AcQuarantineReceipt *ac_quarantine_receipt_new (void);
AcQuarantineReceipt *ac_quarantine_receipt_new_from_json (JsonObject *object, GError **error);
JsonObject *ac_quarantine_receipt_to_json (const AcQuarantineReceipt *receipt);
void ac_quarantine_receipt_free (AcQuarantineReceipt *receipt);
guint ac_quarantine_receipt_count (const AcQuarantineReceipt *receipt, AcQuarantineState state);
void ac_quarantine_copy_free (AcQuarantineCopy *copy);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcQuarantineReceipt, ac_quarantine_receipt_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcQuarantineCopy, ac_quarantine_copy_free)

G_END_DECLS
