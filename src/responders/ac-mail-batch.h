/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tasks of one mailbox that are carried out together: one connection, each folder searched once
 * for all of them, one move a folder. Inside the mail responder only; see ac-mail-responder.c for
 * the order of the steps. */
#pragma once

#include "responders/ac-imap-client.h"
#include "responders/ac-mail-config.h"
#include "responders/ac-mail-receipt.h"
#include "responders/ac-mail-unread.h"
#include "responders/ac-responder.h"

G_BEGIN_DECLS

/* One task. */
typedef struct
{
  AcTask *task;
  const char *message_id; /* of the task's entity */
  char *only_folder;      /* nullable; as on the wire: look nowhere else */
  JsonArray *only_copies; /* nullable; of the entity: no other messages with this Message-ID */
  AcMailReceipt *receipt;
  gboolean is_unwritten; /* the receipt says more than what the sink has */
  gboolean is_done;      /* the task has its outcome */

  /* Of one look at the mailbox. */
  GPtrArray *hits; /* of AcMailHit, owned by the batch: in the folders of the owner */
  GPtrArray *kept; /* the same in the recoverable folder */

  /* For the words at the end. */
  GPtrArray *problems; /* of char *: sentences */
  gboolean problem_is_transient;
  char *vanished_from;  /* nullable; as on the wire: a copy is there no more */
  char *seen_in;        /* nullable; as on the wire: where somebody has moved a copy */
  guint n_already_back; /* copies that somebody else has put back */
} AcMailWork;

/* A message that was seen in a folder. */
typedef struct
{
  const char *folder; /* as on the wire, owned by the batch */
  guint32 uid_validity;
  AcImapMessage *message;
  gboolean is_claimed; /* some copy of some receipt is this message */
} AcMailHit;

/* A copy and the work it belongs to. */
typedef struct
{
  AcMailWork *work;
  AcMailCopy *copy;

  /* What a look has seen of it; nullable. */
  AcMailHit *there; /* in the owner's folder */
  AcMailHit *kept;  /* in the recoverable folder */
} AcMailStep;

typedef struct
{
  const AcMailConfig *config;
  const char *mailbox;
  GPtrArray *works; /* of AcMailWork */
  AcReceiptSink sink;
  gpointer sink_data;
  GCancellable *cancellable; /* nullable */

  AcImapConnection *connection; /* nullable */
  GPtrArray *folders;           /* of AcImapFolder: all but the recoverable one; nullable */
  gboolean has_recoverable;
  AcImapFolderState recoverable; /* as it was when it was opened last */
  GPtrArray *hits;               /* of AcMailHit */
  GPtrArray *unread;             /* of AcMailUnread: folders that this look could not look into */
  gboolean wants_another_look;   /* something changed under our hands */
  gboolean may_be_under_way;     /* a move that another session began may not have ended */
  gboolean was_resumed;          /* such a move may have been done beside our own */
  gboolean sink_has_failed;
} AcMailBatch;

typedef AcMailHit *(*AcMailFind) (AcMailWork *work, const AcMailCopy *copy);

typedef enum
{
  AC_MAIL_ORIGIN_ANY,
  AC_MAIL_ORIGIN_GONE,
  AC_MAIL_ORIGIN_SEEN,
} AcMailOrigin;

AcMailBatch *ac_mail_batch_new (const AcMailConfig *config,
                                const char *mailbox,
                                GPtrArray *tasks,
                                AcReceiptSink sink,
                                gpointer sink_data,
                                GCancellable *cancellable);
void ac_mail_batch_free (AcMailBatch *batch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcMailBatch, ac_mail_batch_free)

gboolean ac_mail_batch_connect (AcMailBatch *batch, GError **error);
void ac_mail_batch_disconnect (AcMailBatch *batch);
gboolean ac_mail_batch_let_settle (AcMailBatch *batch, GError **error);
gboolean ac_mail_batch_look_for_surplus (AcMailBatch *batch,
                                         GPtrArray *works,
                                         gboolean finds_kept,
                                         GError **error);
gboolean ac_mail_batch_has_folder (AcMailBatch *batch, const char *folder);
gboolean ac_mail_batch_open_recoverable (AcMailBatch *batch, gboolean writable, GError **error);
gboolean ac_mail_batch_look_in_recoverable (AcMailBatch *batch, GPtrArray *works, GError **error);
gboolean ac_mail_batch_look_in_folders (AcMailBatch *batch, GPtrArray *works, GError **error);
gboolean ac_mail_batch_write_receipts (AcMailBatch *batch, GError **error);
gboolean ac_mail_batch_was_overtaken (AcMailBatch *batch, GError *problem);
gboolean ac_mail_batch_leaves (AcMailBatch *batch, const AcMailCopy *copy);
void ac_mail_batch_say_unread (AcMailBatch *batch, AcMailWork *work, const char *only_folder);
GPtrArray *ac_mail_batch_unfinished (AcMailBatch *batch);
GPtrArray *ac_mail_batch_steps (AcMailBatch *batch, AcMailCopyState state);
void
ac_mail_steps_find (GPtrArray *steps, AcMailFind find, gboolean finds_kept, AcMailOrigin origin);
GPtrArray *ac_mail_steps_take_folder (GPtrArray *steps, gsize limit);
guint32 *ac_mail_steps_uids (GPtrArray *steps, gboolean of_kept);

void ac_mail_place_begin (AcMailPlace *place, const AcImapFolderState *state);

AcMailHit *ac_mail_work_find_source (AcMailWork *work, const AcMailCopy *copy);
AcMailHit *ac_mail_work_find_kept (AcMailWork *work, const AcMailCopy *copy);
AcMailHit *ac_mail_work_find_back (AcMailWork *work, const AcMailCopy *copy);
AcMailHit *ac_mail_work_find_like (AcMailWork *work, const AcMailCopy *copy);
AcMailHit *ac_mail_work_find_surplus_kept (AcMailWork *work, const AcMailCopy *copy);
AcMailHit *ac_mail_work_find_surplus_back (AcMailWork *work, const AcMailCopy *copy);
GPtrArray *ac_mail_batch_see_again (AcMailBatch *batch, const guint32 *uids, gsize n_uids);
void ac_mail_work_note_part (AcMailWork *work);
void ac_mail_work_add_problem (AcMailWork *work, const char *what, const GError *error);

gboolean ac_mail_apply (AcMailBatch *batch, GError **error);
gboolean ac_mail_undo (AcMailBatch *batch, GError **error);
void ac_mail_say_applied (AcMailBatch *batch, AcMailWork *work);
void ac_mail_say_undone (AcMailBatch *batch, AcMailWork *work);

G_END_DECLS
