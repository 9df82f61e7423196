/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way back: look, write down, put back, see it in its place byte for byte, write down, and only
 * then take away the stand-in and what is in quarantine. */
#include "config.h"

#include <string.h>

#include "responders/ac-imap-name.h"
#include "responders/ac-quarantine-batch.h"

static void
set_state (AcQuarantineStep *step, AcQuarantineState state)
{
  step->copy->state = state;
  step->work->is_unwritten = TRUE;
}

static void
note_returned (AcQuarantineStep *step, const AcQuarantineHit *hit)
{
  AcQuarantineCopy *copy = step->copy;

  g_free (copy->back_folder);
  copy->back_folder = g_strdup (hit->folder);
  copy->back.uid_validity = hit->uid_validity;
  copy->back.uid = hit->message->uid;
  set_state (step, AC_QUARANTINE_RETURNED);
}

/* It was to be put into quarantine and that was cut off: where is it? */
static gboolean
settle_copying (AcQuarantineBatch *batch, AcQuarantineStep *step, GError **error)
{
  AcQuarantineHit *source = step->copy->there;
  AcQuarantineHit *arrived;

  if (source != NULL && !ac_quarantine_hit_digest (batch, source, error))
    return FALSE;
  if (!ac_quarantine_settle_arrivals (batch, step, source, &arrived, error))
    return FALSE;
  step->work->is_unwritten = TRUE;
  if (arrived == NULL)
    {
      /* Nothing was done with it; or its owner was faster. */
      g_ptr_array_remove (step->work->receipt->copies, step->copy);
      return TRUE;
    }
  step->copy->kept.uid_validity = arrived->uid_validity;
  step->copy->kept.uid = arrived->message->uid;
  g_free (step->copy->sha256);
  step->copy->sha256 = g_strdup (arrived->sha256);
  if (source != NULL)
    note_returned (step, source);
  else
    set_state (step, AC_QUARANTINE_KEPT);
  return TRUE;
}

/* Where one folder alone is meant, one like the message that lies elsewhere may have lain there
 * before: then it is another one. What was not there at the first look has come by this undo, and
 * was moved there by the owner. */
static void
note_twins (AcQuarantineBatch *batch, AcQuarantineWork *work)
{
  work->has_twin = work->has_twin || batch->unread->len > 0;
  for (guint i = 0; !batch->has_looked && i < work->hits->len; i++)
    {
      const AcQuarantineHit *hit = work->hits->pdata[i];

      for (guint k = 0; k < work->receipt->copies->len; k++)
        {
          const AcQuarantineCopy *copy = work->receipt->copies->pdata[k];

          if (work->only_folder != NULL && !ac_imap_name_equal (hit->folder, work->only_folder) &&
              hit->message->size == copy->size && hit->message->date == copy->date)
            work->has_twin = TRUE;
        }
    }
}

/* Finds a message that is not where it was noted to be: in doubt none, for then the one in
 * quarantine is the last. */
static gboolean
find_moved (AcQuarantineBatch *batch,
            AcQuarantineStep *step,
            AcQuarantineHit **found,
            GError **error)
{
  const AcQuarantineCopy *copy = step->copy;
  AcQuarantineWork *work = step->work;

  return ac_quarantine_find (batch, work->hits, work->has_twin ? work->only_folder : NULL, NULL,
                             copy->size, copy->date, copy->sha256, found, error);
}

/* It is in quarantine, and may not have left the mailbox yet. */
static gboolean
settle_copied (AcQuarantineBatch *batch, AcQuarantineStep *step, GError **error)
{
  AcQuarantineCopy *copy = step->copy;
  AcQuarantineHit *source = copy->there;

  if (source == NULL && !find_moved (batch, step, &source, error))
    return FALSE;
  if (source != NULL)
    note_returned (step, source);
  else if (ac_mail_unread_may_pass (batch->unread))
    return TRUE; /* it may be in one of those, and is not to be there twice */
  else
    set_state (step, AC_QUARANTINE_KEPT);
  return TRUE;
}

/* What cannot be read may be the message: it is not put there once more at each try. */
static void
say_unreadable (AcQuarantineStep *step)
{
  g_autofree char *name = ac_imap_name_for_people (step->copy->back_folder);
  g_autofree char *what = g_strdup_printf ("The message is still in quarantine. What has been put "
                                           "into “%s” may be the message too, and was left.",
                                           name);
  g_autoptr (GError) problem =
      g_error_new (AC_IMAP_ERROR, AC_IMAP_ERROR_WRONG_SIZE,
                   "The mail server shows other bytes of it than it says that there are.");

  ac_quarantine_work_add_problem (step->work, what, problem);
}

/* It was about to be put back: has it come? What came a second time is taken away again. */
static gboolean
settle_restoring (AcQuarantineBatch *batch, AcQuarantineStep *step, GError **error)
{
  AcQuarantineCopy *copy = step->copy;
  AcMailPlace since = { copy->back.uid_validity, copy->back.uid_next, 0 };
  AcQuarantineHit *back;
  AcQuarantineHit *surplus;

  if (!ac_quarantine_find (batch, step->work->hits, copy->back_folder, &since, copy->size,
                           copy->date, copy->sha256, &back, error))
    return FALSE;
  if (back == NULL && ac_quarantine_may_have_come (step->work->hits, copy->back_folder, &since,
                                                   copy->size, copy->date))
    {
      say_unreadable (step);
      return TRUE;
    }
  if (back == NULL)
    {
      set_state (step, AC_QUARANTINE_KEPT);
      return TRUE;
    }
  note_returned (step, back);
  do
    if (!ac_quarantine_find (batch, step->work->hits, copy->back_folder, &since, copy->size,
                             copy->date, copy->sha256, &surplus, error) ||
        (surplus != NULL && !ac_quarantine_remove_hit (batch, surplus, error)))
      return FALSE;
  while (surplus != NULL);
  return TRUE;
}

/* Done for all copies before one is looked for: two messages may be the same byte for byte, and
 * what has come back for one of them is not to be taken for the other. */
static gboolean
claim_returned (AcQuarantineBatch *batch, AcQuarantineStep *step, GError **error)
{
  AcQuarantineCopy *copy = step->copy;
  AcQuarantineHit *back;

  if (!ac_quarantine_find (batch, step->work->hits, copy->back_folder, &copy->back, copy->size,
                           copy->date, copy->sha256, &back, error))
    return FALSE;
  copy->there = back;
  return TRUE;
}

/* It was seen back by a look that has not come to its end. */
static gboolean
settle_returned (AcQuarantineBatch *batch, AcQuarantineStep *step, GError **error)
{
  AcQuarantineCopy *copy = step->copy;
  AcQuarantineHit *back = copy->there;
  gboolean is_kept = FALSE;

  for (guint i = 0; i < step->work->kept->len; i++)
    {
      const AcQuarantineHit *hit = step->work->kept->pdata[i];

      is_kept = is_kept || (hit->message->uid == copy->kept.uid &&
                            hit->uid_validity == copy->kept.uid_validity);
    }
  if (!is_kept)
    return TRUE; /* it was seen back, and nothing is left to be taken away */
  if (back == NULL && !find_moved (batch, step, &back, error))
    return FALSE;
  if (back != NULL)
    note_returned (step, back);
  else if (ac_mail_unread_may_pass (batch->unread))
    return TRUE; /* as above; and nothing is taken away where it is not seen */
  else
    /* Whoever has deleted it meanwhile has not deleted the last one. */
    set_state (step, AC_QUARANTINE_KEPT);
  return TRUE;
}

/* Nobody has looked where the message is, so nobody may say that it is gone. */
static void
say_kept_elsewhere (AcQuarantineBatch *batch, AcQuarantineWork *work)
{
  g_autoptr (GError) problem =
      g_error_new (AC_IMAP_ERROR, AC_IMAP_ERROR_NO_FOLDER,
                   "Its folder “%s” was deleted or renamed there; put that right, then try again.",
                   batch->kept_folder);
  g_autofree char *what = g_strdup_printf ("The message cannot be brought back now: it is not "
                                           "where it was put in the quarantine account "
                                           "“%s”.",
                                           batch->config->quarantine_user);

  ac_quarantine_work_add_problem (work, what, problem);
}

/* Done when all copies have what is theirs: what is left may be that of another action. */
static gboolean
note_like_kept (AcQuarantineBatch *batch, AcQuarantineStep *step, GError **error)
{
  for (guint i = 0; step->copy->is_lost && i < step->work->kept->len; i++)
    {
      const AcQuarantineHit *hit = step->work->kept->pdata[i];

      if (!hit->is_claimed && hit->message->size == step->copy->size &&
          hit->message->date == step->copy->date)
        step->work->has_like_kept = TRUE;
    }
  return TRUE;
}

/* One in quarantine that is like it and has another number is not taken for it, for it may be that
 * of another action, which would then find nothing. */
static gboolean
settle_kept (AcQuarantineBatch *batch, AcQuarantineStep *step, GError **error)
{
  AcQuarantineCopy *copy = step->copy;
  AcQuarantineHit *kept = ac_quarantine_find_kept (step->work, copy);
  AcQuarantineHit *like = NULL;

  copy->is_lost = kept == NULL;
  if (kept != NULL)
    {
      copy->kept.uid_validity = kept->uid_validity;
      copy->kept.uid = kept->message->uid;
      return TRUE;
    }
  if (!ac_quarantine_find (batch, step->work->hits, copy->folder, NULL, copy->size, copy->date,
                           copy->sha256, &like, error))
    return FALSE;
  if (like != NULL)
    {
      copy->is_lost = FALSE;
      step->work->n_already_back++;
      note_returned (step, like);
      return TRUE;
    }
  if (!ac_quarantine_find (batch, step->work->hits, NULL, NULL, copy->size, copy->date,
                           copy->sha256, &like, error))
    return FALSE;
  if (like != NULL)
    {
      g_free (step->work->seen_in);
      step->work->seen_in = g_strdup (like->folder);
    }
  else if (!batch->has_kept_folder)
    say_kept_elsewhere (batch, step->work);
  return TRUE;
}

typedef gboolean (*Settle) (AcQuarantineBatch *batch, AcQuarantineStep *step, GError **error);

static gboolean
settle_all (AcQuarantineBatch *batch, AcQuarantineState state, Settle settle, GError **error)
{
  g_autoptr (GPtrArray) steps = ac_quarantine_batch_steps (batch, state);

  for (guint i = 0; i < steps->len; i++)
    if (!settle (batch, steps->pdata[i], error))
      return FALSE;
  return TRUE;
}

/* Compares what the receipts say with what was seen. Afterwards each copy is KEPT, and is to be put
 * back or is lost; or RETURNED; or RESTORED. */
static gboolean
settle_receipts (AcQuarantineBatch *batch, GError **error)
{
  for (guint i = 0; i < batch->works->len; i++)
    {
      AcQuarantineWork *work = batch->works->pdata[i];

      work->has_like_kept = FALSE;
      if (!work->is_done)
        note_twins (batch, work);
    }
  batch->has_looked = TRUE;
  ac_quarantine_claim_left (batch);
  return settle_all (batch, AC_QUARANTINE_RETURNED, claim_returned, error) &&
         settle_all (batch, AC_QUARANTINE_STOOD, ac_quarantine_claim_source, error) &&
         settle_all (batch, AC_QUARANTINE_STANDING, ac_quarantine_claim_source, error) &&
         settle_all (batch, AC_QUARANTINE_COPIED, ac_quarantine_claim_source, error) &&
         settle_all (batch, AC_QUARANTINE_COPYING, ac_quarantine_claim_source, error) &&
         settle_all (batch, AC_QUARANTINE_RESTORED, claim_returned, error) &&
         settle_all (batch, AC_QUARANTINE_RETURNED, settle_returned, error) &&
         settle_all (batch, AC_QUARANTINE_RESTORING, settle_restoring, error) &&
         settle_all (batch, AC_QUARANTINE_STOOD, settle_copied, error) &&
         settle_all (batch, AC_QUARANTINE_STANDING, settle_copied, error) &&
         settle_all (batch, AC_QUARANTINE_COPIED, settle_copied, error) &&
         settle_all (batch, AC_QUARANTINE_COPYING, settle_copying, error) &&
         settle_all (batch, AC_QUARANTINE_KEPT, settle_kept, error) &&
         settle_all (batch, AC_QUARANTINE_KEPT, note_like_kept, error);
}

/* Opens the folder the message goes to; where it was deleted since, it is made again, and its
 * owner's mail program shows it again. */
static gboolean
prepare_folder (AcQuarantineBatch *batch, AcQuarantineStep *step, GError **error)
{
  AcQuarantineCopy *copy = step->copy;
  AcImapFolder *folder;

  if (!ac_quarantine_batch_has_folder (batch, copy->back_folder))
    {
      if (!ac_imap_client_create (batch->owner.connection, copy->back_folder, error) ||
          !ac_imap_client_subscribe (batch->owner.connection, copy->back_folder, error))
        return FALSE;
      folder = g_new0 (AcImapFolder, 1);
      folder->name = g_strdup (copy->back_folder);
      folder->selectable = TRUE;
      g_ptr_array_add (batch->folders, folder);
      copy->folder_was_made = TRUE;
    }
  return ac_quarantine_account_open (&batch->owner, copy->back_folder, FALSE, error);
}

static gboolean
blame (AcQuarantineBatch *batch, AcQuarantineStep *step, GError *problem, GError **error)
{
  g_autofree char *name = ac_imap_name_for_people (step->copy->back_folder);
  g_autofree char *what = NULL;

  if (g_error_matches (problem, AC_IMAP_ERROR, AC_IMAP_ERROR_OVER_QUOTA))
    what = g_strdup_printf ("The message is still in quarantine, because the mailbox is over its "
                            "quota; make room in it or raise the quota, then try again. It belongs "
                            "to “%s”.",
                            name);
  else
    what = g_strdup_printf ("The message is still in quarantine; it could not be put into “%s”.",
                            name);
  return ac_quarantine_batch_blame (batch, step->work, what, problem, error);
}

static gboolean
has_transient (AcQuarantineBatch *batch)
{
  for (guint i = 0; i < batch->works->len; i++)
    {
      const AcQuarantineWork *work = batch->works->pdata[i];

      if (work->is_done && work->task->transient)
        return TRUE;
    }
  return FALSE;
}

/* What was taken away last comes back first. Where that one cannot be done its work has its outcome
 * in this look, and in the next one what it has taken is that of another action. */
static void
say_taken (AcQuarantineBatch *batch, AcQuarantineStep *step, AcQuarantineTaken taken)
{
  g_autoptr (GError) problem = NULL;

  if (taken == AC_QUARANTINE_TAKEN_BY_THIS_BATCH)
    {
      step->work->waits = TRUE;
      return;
    }
  /* Both come back together where that other action may be the one that is tried again. */
  problem = g_error_new (AC_IMAP_ERROR,
                         has_transient (batch) ? AC_IMAP_ERROR_UNAVAILABLE : AC_IMAP_ERROR_REFUSED,
                         "Another action has taken that away since, or one more attachment out of "
                         "it. Undo that action first, then try again.");
  ac_quarantine_work_add_problem (step->work,
                                  "The message is still in quarantine, for the message that stood "
                                  "in its place is not in the mailbox.",
                                  problem);
}

/* Where the stand-in is now is where its owner wants the message to be. @may_go: (out): whether it
 * is to be put there now. */
static gboolean
choose_folder (AcQuarantineBatch *batch, AcQuarantineStep *step, gboolean *may_go, GError **error)
{
  AcQuarantineCopy *copy = step->copy;
  AcQuarantineTaken taken = AC_QUARANTINE_TAKEN_BY_NONE;
  AcQuarantineHit *stand_in;
  const char *folder;

  *may_go = FALSE;
  if (!ac_quarantine_find_stand_in (batch, step, &stand_in, error) ||
      (stand_in == NULL && !ac_quarantine_stand_in_was_taken (batch, step, &taken, error)))
    return FALSE;
  if (taken != AC_QUARANTINE_TAKEN_BY_NONE)
    {
      say_taken (batch, step, taken);
      return TRUE;
    }
  if (copy->stand_in_sha256 != NULL && stand_in == NULL &&
      (ac_mail_unread_may_pass (batch->unread) ||
       ac_mail_unread_has (batch->unread, batch->config->recoverable)))
    return TRUE; /* the same of what stands in for it */
  *may_go = TRUE;
  folder = stand_in != NULL ? stand_in->folder : copy->folder;
  if (stand_in != NULL)
    stand_in->is_claimed = FALSE; /* taken away later */
  if (copy->back_folder == NULL || !ac_imap_name_equal (copy->back_folder, folder))
    {
      g_free (copy->back_folder);
      copy->back_folder = g_strdup (folder);
      copy->back = (AcMailPlace){ 0 };
    }
  return TRUE;
}

static gboolean
write_intents (AcQuarantineBatch *batch, GPtrArray *steps, GError **error)
{
  for (guint i = steps->len; i > 0; i--)
    {
      AcQuarantineStep *step = steps->pdata[i - 1];
      GError *problem = NULL;
      gboolean may_go;

      if (!choose_folder (batch, step, &may_go, error))
        return FALSE;
      if (step->copy->set_aside != NULL)
        problem = g_error_copy (step->copy->set_aside);
      if (problem != NULL || (may_go && !prepare_folder (batch, step, &problem)))
        {
          if (!blame (batch, step, problem, error))
            return FALSE;
          may_go = FALSE;
        }
      if (!may_go)
        {
          g_ptr_array_remove_index (steps, i - 1);
          continue;
        }
      ac_mail_place_begin (&step->copy->back, &batch->owner.state);
      set_state (step, AC_QUARANTINE_RESTORING);
    }
  return ac_quarantine_batch_write (batch, error);
}

static gboolean
has_flags_of (const AcQuarantineCopy *copy, const AcImapMessage *message)
{
  return g_strv_equal ((const char *const *)copy->flags, (const char *const *)message->flags);
}

/* Sees the message in its place as it was. Only what was seen is returned. */
static gboolean
see_back (AcQuarantineBatch *batch,
          AcQuarantineStep *step,
          const AcImapAppended *appended,
          GError **error)
{
  AcQuarantineCopy *copy = step->copy;
  AcQuarantineAccount *owner = &batch->owner;
  g_autoptr (AcImapMessage) message = NULL;
  g_autofree char *sha256 = NULL;

  if (!ac_quarantine_account_open (owner, copy->back_folder, FALSE, error) ||
      (appended->uid != 0 && !ac_quarantine_account_see (owner, appended->uid, &message, error)))
    return FALSE;
  if (message == NULL || owner->state.uid_validity != appended->uid_validity)
    {
      batch->wants_another_look = TRUE;
      return TRUE;
    }
  sha256 = ac_imap_transfer_digest (owner->connection, appended->uid, message->size, error);
  if (sha256 == NULL)
    return FALSE;
  if (strcmp (sha256, copy->sha256) != 0 || message->date != copy->date)
    {
      g_set_error (error, AC_IMAP_ERROR, AC_IMAP_ERROR_REFUSED,
                   "The mail server has put it there, but its bytes or its date are not what they "
                   "were; the one in quarantine is unchanged.");
      return FALSE;
    }
  copy->back.uid_validity = appended->uid_validity;
  copy->back.uid = appended->uid;
  set_state (step, AC_QUARANTINE_RETURNED);
  return TRUE;
}

/* The server has said that it did not take it: whatever comes there later is another one. */
static void
note_refused (AcQuarantineStep *step)
{
  step->copy->back = (AcMailPlace){ 0 };
  set_state (step, AC_QUARANTINE_KEPT);
}

static gboolean
put_back (AcQuarantineBatch *batch, AcQuarantineStep *step, GError **error)
{
  AcQuarantineCopy *copy = step->copy;
  AcQuarantineAccount *quarantine = &batch->quarantine;
  g_autofree char *sha256 = NULL;
  AcImapAppended appended;
  GError *problem = NULL;

  if (g_strcmp0 (quarantine->folder, batch->kept_folder) != 0 &&
      !ac_quarantine_account_open (quarantine, batch->kept_folder, FALSE, &problem))
    return blame (batch, step, problem, error);
  if (quarantine->state.uid_validity != copy->kept.uid_validity)
    {
      batch->wants_another_look = TRUE;
      return TRUE;
    }
  sha256 = ac_imap_transfer_copy (
      quarantine->connection, copy->kept.uid, copy->size, batch->owner.connection,
      copy->back_folder, (const char *const *)copy->flags, copy->date, &appended, &problem);
  if (sha256 == NULL && ac_imap_error_is_refusal (problem) && !ac_quarantine_batch_is_lost (batch))
    note_refused (step);
  if (sha256 == NULL && g_error_matches (problem, AC_IMAP_ERROR, AC_IMAP_ERROR_WRONG_SIZE) &&
      !ac_imap_connection_is_lost (quarantine->connection))
    return ac_quarantine_batch_set_aside (batch, step, problem, error);
  if (sha256 == NULL || !see_back (batch, step, &appended, &problem))
    return blame (batch, step, problem, error);
  return TRUE;
}

static gboolean
put_all_back (AcQuarantineBatch *batch, GError **error)
{
  g_autoptr (GPtrArray) steps = ac_quarantine_batch_steps (batch, AC_QUARANTINE_KEPT);

  for (guint i = steps->len; i > 0; i--)
    if (((AcQuarantineStep *)steps->pdata[i - 1])->copy->is_lost)
      g_ptr_array_remove_index (steps, i - 1);
  if (steps->len > 0 && !write_intents (batch, steps, error))
    return FALSE;
  for (guint i = 0; i < steps->len; i++)
    if (!put_back (batch, steps->pdata[i], error))
      {
        /* What has come that far needs not be found again. */
        ac_quarantine_batch_write (batch, NULL);
        return FALSE;
      }
  return ac_quarantine_batch_write (batch, error);
}

/* Gives the message in its place the flags that it had: a removal that was cut off has left one.
 * @seen: (out): whether it is there */
static gboolean
put_flags_right (AcQuarantineBatch *batch,
                 AcQuarantineStep *step,
                 gboolean *seen,
                 gboolean *right,
                 GError **error)
{
  const AcQuarantineCopy *copy = step->copy;
  AcQuarantineAccount *owner = &batch->owner;
  g_autoptr (AcImapMessage) message = NULL;
  g_autoptr (AcImapMessage) after = NULL;
  GError *problem = NULL;

  *seen = FALSE;
  *right = TRUE;
  if (!ac_quarantine_account_open (owner, copy->back_folder, TRUE, error))
    return FALSE;
  if (owner->state.uid_validity != copy->back.uid_validity)
    return TRUE;
  if (!ac_quarantine_account_see (owner, copy->back.uid, &message, error))
    return FALSE;
  *seen = message != NULL;
  if (message == NULL || has_flags_of (copy, message))
    return TRUE;
  if (!ac_imap_client_store_flags (owner->connection, copy->back.uid,
                                   (const char *const *)copy->flags, &problem))
    {
      /* Where that is refused it is there all the same. */
      *seen = !g_error_matches (problem, AC_IMAP_ERROR, AC_IMAP_ERROR_CHANGED);
      g_propagate_error (error, problem);
      return FALSE;
    }
  *seen = FALSE;
  if (!ac_quarantine_account_see (owner, copy->back.uid, &after, error))
    return FALSE;
  *seen = after != NULL;
  *right = after == NULL || has_flags_of (copy, after);
  return TRUE;
}

/* Takes the stand-in away: the message itself is back. */
static gboolean
remove_stand_in (AcQuarantineBatch *batch, AcQuarantineStep *step, GError **error)
{
  AcQuarantineHit *stand_in;

  if (step->copy->stand_in_sha256 == NULL)
    return TRUE;
  if (!ac_quarantine_find_stand_in (batch, step, &stand_in, error))
    return FALSE;
  if (stand_in != NULL)
    return ac_quarantine_remove_hit (batch, stand_in, error);
  step->copy->stand_in_gone = TRUE;
  return TRUE;
}

static gboolean
remove_kept (AcQuarantineBatch *batch, AcQuarantineStep *step, GError **error)
{
  const AcQuarantineCopy *copy = step->copy;
  AcQuarantineAccount *quarantine = &batch->quarantine;
  g_autoptr (AcImapMessage) message = NULL;

  if (!batch->has_kept_folder || copy->kept.uid == 0)
    return TRUE;
  if ((g_strcmp0 (quarantine->folder, batch->kept_folder) != 0 || !quarantine->is_writable) &&
      !ac_quarantine_account_open (quarantine, batch->kept_folder, TRUE, error))
    return FALSE;
  if (quarantine->state.uid_validity != copy->kept.uid_validity)
    return TRUE;
  if (!ac_quarantine_account_see (quarantine, copy->kept.uid, &message, error))
    return FALSE;
  if (message == NULL || message->size != copy->size || message->date != copy->date)
    return TRUE;
  return ac_imap_transfer_remove (quarantine->connection, &copy->kept.uid, 1, error);
}

/* Nothing is taken away while the message is not seen in its place: a server may have lost it, and
 * whoever has moved it has moved the last one. So another look finds it, or puts it back once more.
 * Who then takes it away again is its owner, and the undo is not to go on for ever. Returns:
 * whether it is left for another look, or another run. */
static gboolean
note_missed (AcQuarantineBatch *batch, AcQuarantineStep *step)
{
  gboolean is_in_folder = batch->owner.folder != NULL &&
                          batch->owner.state.uid_validity == step->copy->back.uid_validity;

  if (ac_mail_unread_may_pass (batch->unread))
    return TRUE; /* it may be in one of those, and the work says so */
  if (step->copy->was_missed && is_in_folder)
    return FALSE;
  step->copy->was_missed = TRUE;
  batch->wants_another_look = TRUE;
  return TRUE;
}

static gboolean
finish_one (AcQuarantineBatch *batch, AcQuarantineStep *step, GError **error)
{
  g_autofree char *name = ac_imap_name_for_people (step->copy->back_folder);
  g_autofree char *what = g_strdup_printf ("The message is back in “%s”.", name);
  gboolean seen;
  gboolean right;
  GError *problem = NULL;

  if (!put_flags_right (batch, step, &seen, &right, &problem))
    {
      if (!ac_quarantine_batch_blame (batch, step->work, what, problem, error))
        return FALSE;
      /* Who could not look does not know whether its owner has taken it away. */
      if (!seen)
        return TRUE;
    }
  else if (!right)
    {
      g_autoptr (GError) flags =
          g_error_new (AC_IMAP_ERROR, AC_IMAP_ERROR_REFUSED,
                       "But the mail server did not take its flags as they were.");

      ac_quarantine_work_add_problem (step->work, what, flags);
    }
  problem = NULL;
  if (!seen && note_missed (batch, step))
    return TRUE;
  if (!remove_stand_in (batch, step, &problem) || !remove_kept (batch, step, &problem))
    return ac_quarantine_batch_blame (batch, step->work, what, problem, error);
  set_state (step, AC_QUARANTINE_RESTORED);
  return TRUE;
}

static gboolean
finish_all (AcQuarantineBatch *batch, GError **error)
{
  g_autoptr (GPtrArray) steps = ac_quarantine_batch_steps (batch, AC_QUARANTINE_RETURNED);

  /* What was seen back now is on disk before the other one is touched. */
  if (!ac_quarantine_batch_write (batch, error))
    return FALSE;
  for (guint i = 0; i < steps->len; i++)
    if (!finish_one (batch, steps->pdata[i], error))
      return FALSE;
  return ac_quarantine_batch_write (batch, error);
}

static gboolean
is_back (const AcQuarantineWork *work)
{
  return ac_quarantine_receipt_count (work->receipt, AC_QUARANTINE_RESTORED) ==
         work->receipt->copies->len;
}

/**
 * ac_quarantine_undo:
 *
 * Puts what the unfinished works have in quarantine back to where it came from, and sees it there.
 * Gives an outcome to each work that needs no other look.
 *
 * Returns: %FALSE when the whole batch was stopped; the receipts say how far it has come.
 */
gboolean
ac_quarantine_undo (AcQuarantineBatch *batch, GError **error)
{
  g_autoptr (GPtrArray) works = ac_quarantine_batch_unfinished (batch);

  if (!ac_quarantine_batch_look (batch, works, error) ||
      (batch->takes_parts && !ac_quarantine_batch_look_in_recoverable (batch, works, error)) ||
      !settle_receipts (batch, error) || !put_all_back (batch, error) || !finish_all (batch, error))
    return FALSE;
  for (guint i = 0; i < works->len; i++)
    {
      AcQuarantineWork *work = works->pdata[i];
      gboolean goes_on = batch->wants_another_look || work->waits;

      /* What is not back may be where nobody could look. */
      if (!is_back (work) && !goes_on)
        ac_quarantine_batch_say_unread (batch, work, NULL);
      if (work->problems->len > 0 || !goes_on || is_back (work))
        ac_quarantine_say_undone (batch, work);
    }
  return TRUE;
}
