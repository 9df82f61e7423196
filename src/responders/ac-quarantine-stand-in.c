/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The message without its attachment that takes the original's place. It is made from the original
 * and the action alone, so that whoever makes it again after a crash makes the same bytes. */
#include "config.h"

#include <string.h>

#include "responders/ac-imap-name.h"
#include "responders/ac-mime-strip.h"
#include "responders/ac-quarantine-batch.h"

static AcMimeWanted
wanted_part (const AcQuarantineWork *work)
{
  AcEntity *entity = work->task->entity;

  return (AcMimeWanted){
    .file_name = ac_entity_get_string (entity, "fileName"),
    .sha256 = ac_entity_get_string (entity, "sha256"),
    .part_path = ac_entity_get_string (entity, "partPath"),
  };
}

static gboolean
read_hit (AcQuarantineHit *hit, GBytes **message, GError **error)
{
  AcQuarantineAccount *account = hit->account;

  *message = NULL;
  if (!ac_quarantine_account_open (account, hit->folder, FALSE, error))
    return FALSE;
  *message = ac_imap_transfer_read (account->connection, hit->message->uid, hit->message->size,
                                    hit->message->size, error);
  return *message != NULL;
}

/**
 * ac_quarantine_has_part:
 * @hit: a message of the owner
 * @has: (out): whether the attachment that the action is about is in it, and can be taken out; if
 *   not, the work notes the reason
 */
gboolean
ac_quarantine_has_part (AcQuarantineBatch *batch,
                        AcQuarantineWork *work,
                        AcQuarantineHit *hit,
                        gboolean *has,
                        GError **error)
{
  AcMimeWanted wanted = wanted_part (work);
  g_autoptr (AcMimeStandIn) stand_in = NULL;
  g_autoptr (GBytes) message = NULL;
  GError *problem = NULL;

  *has = FALSE;
  if (hit->message->size > AC_QUARANTINE_MAX_PARSED)
    {
      g_free (work->why_not);
      work->why_not =
          g_strdup_printf ("The message has %u MB, and no more than %d MB are taken apart; "
                           "quarantine the whole email "
                           "instead.",
                           hit->message->size / 1000000, AC_QUARANTINE_MAX_PARSED / 1000000);
      work->has_no_part = FALSE;
      return TRUE;
    }
  if (!read_hit (hit, &message, &problem))
    return ac_quarantine_batch_blame (batch, work, "The message could not be read.", problem,
                                      error);
  stand_in = ac_mime_strip (message, &wanted, work->task->action_id, &problem);
  *has = stand_in != NULL;
  /* What keeps a message from being taken apart says more than that another copy has no such
   * attachment. */
  if (stand_in == NULL && (work->why_not == NULL ||
                           !g_error_matches (problem, AC_MIME_ERROR, AC_MIME_ERROR_NO_SUCH_PART)))
    {
      g_free (work->why_not);
      work->why_not = g_strdup (problem->message);
      work->has_no_part = g_error_matches (problem, AC_MIME_ERROR, AC_MIME_ERROR_NO_SUCH_PART);
    }
  g_clear_error (&problem);
  return TRUE;
}

/**
 * ac_quarantine_look_for_kept_part:
 *
 * Notes whether the attachment lies in quarantine, where another action about the same message has
 * put that: then this one is out already.
 */
gboolean
ac_quarantine_look_for_kept_part (AcQuarantineBatch *batch, AcQuarantineWork *work, GError **error)
{
  AcMimeWanted wanted = wanted_part (work);

  for (guint i = 0; !work->is_kept && i < work->kept->len; i++)
    {
      AcQuarantineHit *hit = work->kept->pdata[i];
      g_autoptr (AcMimeStandIn) stand_in = NULL;
      g_autoptr (GBytes) message = NULL;
      GError *problem = NULL;

      if (hit->message->size > AC_QUARANTINE_MAX_PARSED)
        continue;
      if (!read_hit (hit, &message, &problem))
        {
          if (!ac_quarantine_batch_blame (batch, work, "The quarantine could not be read.", problem,
                                          error))
            return FALSE;
          continue;
        }
      stand_in = ac_mime_strip (message, &wanted, work->task->action_id, NULL);
      work->is_kept = stand_in != NULL;
    }
  return TRUE;
}

/**
 * ac_quarantine_find_stand_in:
 * @found: (out) (nullable) (transfer none): the stand-in, wherever its owner has moved it; claimed
 */
gboolean
ac_quarantine_find_stand_in (AcQuarantineBatch *batch,
                             AcQuarantineStep *step,
                             AcQuarantineHit **found,
                             GError **error)
{
  const AcQuarantineCopy *copy = step->copy;
  GPtrArray *hits = step->work->hits;

  *found = NULL;
  if (copy->stand_in_sha256 == NULL)
    return TRUE;
  if (!ac_quarantine_find (batch, hits, copy->stand_in_folder, &copy->stand_in, copy->stand_in_size,
                           copy->date, copy->stand_in_sha256, found, error))
    return FALSE;
  return *found != NULL || ac_quarantine_find (batch, hits, NULL, NULL, copy->stand_in_size,
                                               copy->date, copy->stand_in_sha256, found, error);
}

/* Looks for the stand-in also among what some other receipt of this batch has claimed. */
static gboolean
look_for_taken (AcQuarantineBatch *batch,
                const AcQuarantineCopy *copy,
                GPtrArray *hits,
                AcQuarantineTaken *taken,
                GError **error)
{
  for (guint i = 0; i < hits->len; i++)
    {
      AcQuarantineHit *hit = hits->pdata[i];

      if (hit->message->size != copy->stand_in_size || hit->message->date != copy->date)
        continue;
      if (!ac_quarantine_hit_digest (batch, hit, error))
        return FALSE;
      if (g_strcmp0 (hit->sha256, copy->stand_in_sha256) != 0)
        continue;
      *taken = hit->is_claimed ? AC_QUARANTINE_TAKEN_BY_THIS_BATCH : AC_QUARANTINE_TAKEN_BY_OTHER;
      if (hit->is_claimed)
        return TRUE;
    }
  return TRUE;
}

/**
 * ac_quarantine_stand_in_was_taken:
 * @step: whose stand-in was not found
 * @taken: (out):
 *
 * Whether another action has taken the stand-in away, the whole of it or one more attachment: then
 * it is in quarantine itself, or in the recoverable folder, and not its owner has removed it. To
 * put the original back now would bring back what that action says it has taken away.
 */
gboolean
ac_quarantine_stand_in_was_taken (AcQuarantineBatch *batch,
                                  AcQuarantineStep *step,
                                  AcQuarantineTaken *taken,
                                  GError **error)
{
  GPtrArray *lists[] = { step->work->hits, step->work->kept, step->work->soft_deleted };

  *taken = AC_QUARANTINE_TAKEN_BY_NONE;
  if (step->copy->stand_in_sha256 == NULL)
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (lists) && *taken == AC_QUARANTINE_TAKEN_BY_NONE; i++)
    if (!look_for_taken (batch, step->copy, lists[i], taken, error))
      return FALSE;
  return TRUE;
}

/* Writes down what the stand-in will be and from which number on it is to be looked for; the folder
 * is open. */
static gboolean
write_intent (AcQuarantineBatch *batch,
              AcQuarantineStep *step,
              const AcMimeStandIn *stand_in,
              GError **error)
{
  AcQuarantineCopy *copy = step->copy;

  if (copy->stand_in_folder == NULL || !ac_imap_name_equal (copy->stand_in_folder, copy->folder))
    copy->stand_in = (AcMailPlace){ 0 };
  ac_mail_place_begin (&copy->stand_in, &batch->owner.state);
  g_free (copy->stand_in_folder);
  copy->stand_in_folder = g_strdup (copy->folder);
  g_free (copy->stand_in_sha256);
  copy->stand_in_sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, stand_in->message);
  copy->stand_in_size = (guint32)g_bytes_get_size (stand_in->message);
  copy->breaks_signature = stand_in->breaks_signature;
  copy->state = AC_QUARANTINE_STANDING;
  step->work->is_unwritten = TRUE;
  return ac_quarantine_batch_write (batch, error);
}

static gboolean
see_stand_in (AcQuarantineBatch *batch,
              AcQuarantineStep *step,
              const AcImapAppended *appended,
              GError **error)
{
  AcQuarantineCopy *copy = step->copy;
  AcQuarantineAccount *owner = &batch->owner;
  g_autoptr (AcImapMessage) message = NULL;
  g_autofree char *sha256 = NULL;

  if (!ac_quarantine_account_open (owner, copy->stand_in_folder, FALSE, error) ||
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
  if (strcmp (sha256, copy->stand_in_sha256) != 0 || message->date != copy->date)
    {
      g_set_error (error, AC_IMAP_ERROR, AC_IMAP_ERROR_REFUSED,
                   "The mail server has not stored it as it is.");
      return FALSE;
    }
  copy->stand_in.uid_validity = appended->uid_validity;
  copy->stand_in.uid = appended->uid;
  copy->state = AC_QUARANTINE_STOOD;
  step->work->is_unwritten = TRUE;
  return TRUE;
}

static gboolean
blame (AcQuarantineBatch *batch, AcQuarantineStep *step, GError *problem, GError **error)
{
  const char *what = "The message is as it was, and a copy of it is in quarantine: the message "
                     "without its attachment could not be put into the mailbox.";

  if (g_error_matches (problem, AC_IMAP_ERROR, AC_IMAP_ERROR_OVER_QUOTA))
    what =
        "The message is as it was, and a copy of it is in quarantine: for the message without its "
        "attachment, which stands beside it for a moment, the mailbox has no room. Make room in "
        "it or raise its quota, then try again.";
  return ac_quarantine_batch_blame (batch, step->work, what, problem, error);
}

static gboolean
put_stand_in (AcQuarantineBatch *batch, AcQuarantineStep *step, GError **error)
{
  AcQuarantineCopy *copy = step->copy;
  AcQuarantineAccount *quarantine = &batch->quarantine;
  AcMimeWanted wanted = wanted_part (step->work);
  g_autoptr (AcMimeStandIn) stand_in = NULL;
  g_autoptr (GBytes) message = NULL;
  AcImapAppended appended = { copy->stand_in.uid_validity, copy->stand_in.uid };
  GError *problem = NULL;

  /* From an earlier run, before the original was taken out of quarantine by somebody. */
  if (copy->state == AC_QUARANTINE_COPIED && appended.uid != 0)
    {
      if (!see_stand_in (batch, step, &appended, &problem))
        return blame (batch, step, problem, error);
      if (copy->state == AC_QUARANTINE_STOOD)
        return TRUE;
    }
  if (!ac_quarantine_account_open (quarantine, batch->kept_folder, FALSE, &problem) ||
      (message = ac_imap_transfer_read (quarantine->connection, copy->kept.uid, copy->size,
                                        copy->size, &problem)) == NULL)
    return blame (batch, step, problem, error);
  stand_in = ac_mime_strip (message, &wanted, step->work->task->action_id, &problem);
  if (stand_in == NULL)
    {
      ac_quarantine_work_add_problem (
          step->work, "The message is as it was, and a copy of it is in quarantine.", problem);
      g_error_free (problem);
      return TRUE;
    }
  if (!ac_quarantine_account_open (&batch->owner, copy->folder, FALSE, &problem))
    return blame (batch, step, problem, error);
  if (!write_intent (batch, step, stand_in, error))
    return FALSE;
  if (!ac_imap_transfer_write (batch->owner.connection, copy->stand_in_folder, stand_in->message,
                               (const char *const *)copy->flags, copy->date, &appended, &problem) ||
      !see_stand_in (batch, step, &appended, &problem))
    return blame (batch, step, problem, error);
  return TRUE;
}

static gboolean
put_all (AcQuarantineBatch *batch, AcQuarantineState state, GError **error)
{
  g_autoptr (GPtrArray) steps = ac_quarantine_batch_steps (batch, state);

  for (guint i = 0; i < steps->len; i++)
    if (!put_stand_in (batch, steps->pdata[i], error))
      return FALSE;
  return TRUE;
}

/**
 * ac_quarantine_put_stand_ins:
 *
 * Puts the stand-ins of what is in quarantine beside the originals, and sees them there.
 */
gboolean
ac_quarantine_put_stand_ins (AcQuarantineBatch *batch, GError **error)
{
  return put_all (batch, AC_QUARANTINE_STANDING, error) &&
         put_all (batch, AC_QUARANTINE_COPIED, error) && ac_quarantine_batch_write (batch, error);
}
