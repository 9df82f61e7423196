/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tasks of one mailbox that are carried out together: one connection to the mailbox and one to
 * the quarantine account. Inside the quarantine responder only; see ac-quarantine-responder.c for
 * the order of the steps. */
#pragma once

#include "responders/ac-imap-transfer.h"
#include "responders/ac-mail-batch.h"
#include "responders/ac-quarantine-receipt.h"

G_BEGIN_DECLS

/* On a message in quarantine whose arrival is not yet in the receipt. Whoever looks for what a dead
 * process has put there takes only what carries it, and no other action's. It is a flag of the
 * protocol because a server that dies may forget the names of keywords (Dovecot with maildir). */
#define AC_QUARANTINE_ARRIVING "\\Draft"

/* A message of more bytes is not taken apart, for that is done in memory. */
#define AC_QUARANTINE_MAX_PARSED (64 * 1024 * 1024)

/* A logged-in account and the folder that is open in it. */
typedef struct
{
  AcImapConnection *connection; /* nullable */
  char *folder;                 /* nullable; as on the wire */
  gboolean is_writable;
  AcImapFolderState state;
} AcQuarantineAccount;

/* A message that was seen in a folder. */
typedef struct
{
  AcQuarantineAccount *account;
  const char *folder; /* as on the wire, owned by the batch */
  guint32 uid_validity;
  AcImapMessage *message;
  char *sha256;           /* nullable until it was asked for */
  gboolean is_claimed;    /* some copy of some receipt is this message */
  gboolean is_unreadable; /* the server shows other bytes than it says that there are */
} AcQuarantineHit;

/* One task. */
typedef struct
{
  AcTask *task;
  const char *message_id; /* of the task's entity */
  char *only_folder;      /* nullable; as on the wire: look nowhere else */
  AcQuarantineReceipt *receipt;
  gboolean is_unwritten; /* the receipt says more than what the sink has */
  gboolean is_done;      /* the task has its outcome */

  /* Of one look. */
  GPtrArray *hits;         /* of AcQuarantineHit, owned by the batch: in the folders of the owner */
  GPtrArray *kept;         /* the same in quarantine */
  GPtrArray *soft_deleted; /* the same in the recoverable folder; at an undo of takes_parts only */
  gboolean waits; /* at an undo: for another work of this batch, which is to come back first */

  /* For the words at the end. */
  GPtrArray *problems; /* of char *: sentences */
  gboolean problem_is_transient;
  gboolean has_vanished;  /* a copy went away before it was taken */
  gboolean has_twin;      /* one like a copy lay outside of the folder that is meant */
  gboolean has_like_kept; /* one like a copy that is lost lies in quarantine, with another number */
  char *seen_in;          /* nullable; as on the wire: where the message is, and was left */
  char *why_not;          /* nullable; why a message is not taken apart, as a sentence */
  gboolean has_no_part;   /* that is because the attachment is not in it */
  gboolean is_kept;       /* what the action is about was in quarantine before */
  guint n_already_back;   /* copies that somebody else has put back */
} AcQuarantineWork;

/* A copy and the work it belongs to. */
typedef struct
{
  AcQuarantineWork *work;
  AcQuarantineCopy *copy;
} AcQuarantineStep;

/* Whether a stand-in that is not where it stood was taken away by another action. */
typedef enum
{
  AC_QUARANTINE_TAKEN_BY_NONE,
  AC_QUARANTINE_TAKEN_BY_OTHER,
  AC_QUARANTINE_TAKEN_BY_THIS_BATCH, /* an action that is being undone too, and first */
} AcQuarantineTaken;

typedef struct
{
  const AcMailConfig *config;
  const char *mailbox;
  gboolean takes_parts; /* quarantineAttachment */
  GPtrArray *works;     /* of AcQuarantineWork */
  AcReceiptSink sink;
  gpointer sink_data;
  GCancellable *cancellable; /* nullable */

  AcQuarantineAccount owner;
  AcQuarantineAccount quarantine;
  char *kept_folder; /* in quarantine, as on the wire */
  gboolean has_kept_folder;
  GPtrArray *folders;          /* of AcImapFolder: of the owner; nullable */
  gboolean has_recoverable;    /* the owner's mailbox has the folder of the soft deletes */
  GPtrArray *hits;             /* of AcQuarantineHit */
  GPtrArray *unread;           /* of AcMailUnread: the owner's folders that this look left out */
  gboolean wants_another_look; /* something changed under our hands */
  gboolean may_be_under_way;   /* what another session began may not have ended */
  gboolean has_looked;         /* at an undo: this is not the first look */
  gboolean has_set_aside;      /* a copy that cannot be read was given up in the last look */
  gboolean sink_has_failed;
} AcQuarantineBatch;

AcQuarantineBatch *ac_quarantine_batch_new (const AcMailConfig *config,
                                            const char *mailbox,
                                            gboolean takes_parts,
                                            GPtrArray *tasks,
                                            AcReceiptSink sink,
                                            gpointer sink_data,
                                            GCancellable *cancellable);
void ac_quarantine_batch_free (AcQuarantineBatch *batch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcQuarantineBatch, ac_quarantine_batch_free)

char *ac_quarantine_folder_of (const char *mailbox);
gboolean ac_quarantine_batch_connect (AcQuarantineBatch *batch, GError **error);
void ac_quarantine_batch_disconnect (AcQuarantineBatch *batch);
gboolean ac_quarantine_batch_is_lost (AcQuarantineBatch *batch);
gboolean ac_quarantine_batch_look (AcQuarantineBatch *batch, GPtrArray *works, GError **error);
gboolean ac_quarantine_batch_look_in_recoverable (AcQuarantineBatch *batch,
                                                  GPtrArray *works,
                                                  GError **error);
gboolean ac_quarantine_batch_has_folder (AcQuarantineBatch *batch, const char *folder);
gboolean ac_quarantine_batch_write (AcQuarantineBatch *batch, GError **error);
gboolean ac_quarantine_batch_leaves (AcQuarantineBatch *batch, const AcQuarantineCopy *copy);
void ac_quarantine_batch_say_unread (AcQuarantineBatch *batch,
                                     AcQuarantineWork *work,
                                     const char *only_folder);
gboolean ac_quarantine_batch_set_aside (AcQuarantineBatch *batch,
                                        AcQuarantineStep *step,
                                        GError *problem,
                                        GError **error);
GPtrArray *ac_quarantine_batch_unfinished (AcQuarantineBatch *batch);
GPtrArray *ac_quarantine_batch_steps (AcQuarantineBatch *batch, AcQuarantineState state);
gboolean ac_quarantine_batch_blame (AcQuarantineBatch *batch,
                                    AcQuarantineWork *work,
                                    const char *what,
                                    GError *problem,
                                    GError **error);

gboolean ac_quarantine_account_open (AcQuarantineAccount *account,
                                     const char *folder,
                                     gboolean writable,
                                     GError **error);
gboolean ac_quarantine_account_see (AcQuarantineAccount *account,
                                    guint32 uid,
                                    AcImapMessage **message,
                                    GError **error);

gboolean ac_quarantine_hit_is (AcQuarantineBatch *batch,
                               AcQuarantineHit *hit,
                               guint32 size,
                               gint64 date,
                               const char *sha256,
                               gboolean *is,
                               GError **error);
gboolean ac_quarantine_hit_digest (AcQuarantineBatch *batch, AcQuarantineHit *hit, GError **error);
gboolean ac_quarantine_find (AcQuarantineBatch *batch,
                             GPtrArray *hits,
                             const char *folder,
                             const AcMailPlace *place,
                             guint32 size,
                             gint64 date,
                             const char *sha256,
                             AcQuarantineHit **found,
                             GError **error);
gboolean ac_quarantine_may_have_come (GPtrArray *hits,
                                      const char *folder,
                                      const AcMailPlace *place,
                                      guint32 size,
                                      gint64 date);
AcQuarantineHit *ac_quarantine_find_kept (AcQuarantineWork *work, const AcQuarantineCopy *copy);
AcQuarantineHit *ac_quarantine_find_source (AcQuarantineWork *work, const AcQuarantineCopy *copy);
void ac_quarantine_claim_left (AcQuarantineBatch *batch);
gboolean
ac_quarantine_claim_source (AcQuarantineBatch *batch, AcQuarantineStep *step, GError **error);
gboolean ac_quarantine_remove_hit (AcQuarantineBatch *batch, AcQuarantineHit *hit, GError **error);

void ac_quarantine_work_add_problem (AcQuarantineWork *work, const char *what, const GError *error);
void ac_quarantine_work_note_part (AcQuarantineWork *work);

gboolean ac_quarantine_settle_arrivals (AcQuarantineBatch *batch,
                                        AcQuarantineStep *step,
                                        const AcQuarantineHit *source,
                                        AcQuarantineHit **arrived,
                                        GError **error);
gboolean ac_quarantine_put_stand_ins (AcQuarantineBatch *batch, GError **error);
gboolean ac_quarantine_has_part (AcQuarantineBatch *batch,
                                 AcQuarantineWork *work,
                                 AcQuarantineHit *hit,
                                 gboolean *has,
                                 GError **error);
gboolean
ac_quarantine_look_for_kept_part (AcQuarantineBatch *batch, AcQuarantineWork *work, GError **error);
gboolean ac_quarantine_find_stand_in (AcQuarantineBatch *batch,
                                      AcQuarantineStep *step,
                                      AcQuarantineHit **found,
                                      GError **error);
gboolean ac_quarantine_stand_in_was_taken (AcQuarantineBatch *batch,
                                           AcQuarantineStep *step,
                                           AcQuarantineTaken *taken,
                                           GError **error);

gboolean ac_quarantine_apply (AcQuarantineBatch *batch, GError **error);
gboolean ac_quarantine_undo (AcQuarantineBatch *batch, GError **error);
void ac_quarantine_say_applied (AcQuarantineBatch *batch, AcQuarantineWork *work);
void ac_quarantine_say_undone (AcQuarantineBatch *batch, AcQuarantineWork *work);

G_END_DECLS
