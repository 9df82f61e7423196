/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Into quarantine: look, write down, copy, see the copy there byte for byte, write down, and only
 * then take the original away. Each look begins with what earlier receipts say and ends with what
 * was seen, so a first run and one after a crash take the same way. */
#include "config.h"

#include <string.h>

#include "responders/ac-imap-name.h"
#include "responders/ac-quarantine-batch.h"

/* Messages in one UID EXPUNGE: short enough for a line. */
#define UIDS_A_REMOVAL 500

static const char arriving[] = AC_QUARANTINE_ARRIVING;

/* Takes over what was seen of a copy that is still in the mailbox. */
static void
update_copy (AcQuarantineCopy *copy, const AcQuarantineHit *hit)
{
  g_free (copy->folder);
  copy->folder = g_strdup (hit->folder);
  copy->uid_validity = hit->uid_validity;
  copy->uid = hit->message->uid;
  copy->date = hit->message->date;
  copy->size = hit->message->size;
}

static void
set_flags (AcQuarantineCopy *copy, const AcImapMessage *message)
{
  g_strfreev (copy->flags);
  copy->flags = g_strdupv (message->flags);
}

/**
 * ac_quarantine_settle_arrivals:
 * @source: (nullable): the original in the mailbox
 * @arrived: (out) (nullable) (transfer none): the copy in quarantine
 *
 * A message was announced to be put into quarantine, perhaps by a process that is dead: was it?
 * What has arrived a second time is taken away again.
 */
gboolean
ac_quarantine_settle_arrivals (AcQuarantineBatch *batch,
                               AcQuarantineStep *step,
                               const AcQuarantineHit *source,
                               AcQuarantineHit **arrived,
                               GError **error)
{
  AcQuarantineCopy *copy = step->copy;

  *arrived = NULL;
  for (guint i = 0; i < step->work->kept->len; i++)
    {
      AcQuarantineHit *hit = step->work->kept->pdata[i];
      gboolean is;

      if (hit->uid_validity != copy->kept.uid_validity || hit->message->uid < copy->kept.uid_next ||
          !g_strv_contains ((const char *const *)hit->message->flags, arriving) ||
          hit->message->size != copy->size || hit->message->date != copy->date || hit->is_claimed)
        continue;
      if (!ac_quarantine_hit_digest (batch, hit, error))
        return FALSE;
      if (hit->sha256 == NULL)
        continue;
      if (*arrived == NULL)
        {
          /* Without its original there is nothing to compare it with; it is complete, because
           * APPEND stores all of a message or nothing. */
          is = source == NULL || g_strcmp0 (source->sha256, hit->sha256) == 0;
          if (!is)
            continue;
          hit->is_claimed = TRUE;
          *arrived = hit;
          continue;
        }
      if (strcmp ((*arrived)->sha256, hit->sha256) != 0)
        continue;
      hit->is_claimed = TRUE;
      if (!ac_quarantine_remove_hit (batch, hit, error))
        return FALSE;
    }
  return TRUE;
}

static void
note_copied (AcQuarantineStep *step, const char *sha256, guint32 uid_validity, guint32 uid)
{
  AcQuarantineCopy *copy = step->copy;

  copy->state = AC_QUARANTINE_COPIED;
  g_free (copy->sha256);
  copy->sha256 = g_strdup (sha256);
  copy->kept.uid_validity = uid_validity;
  copy->kept.uid = uid;
  copy->has_other_flags = TRUE;
  copy->is_lost = FALSE;
  copy->was_told = FALSE;
  step->work->is_unwritten = TRUE;
}

static void
note_kept (AcQuarantineStep *step)
{
  step->copy->state = AC_QUARANTINE_KEPT;
  step->work->is_unwritten = TRUE;
}

static gboolean
settle_copying (AcQuarantineBatch *batch, AcQuarantineStep *step, GError **error)
{
  AcQuarantineHit *source = step->copy->there;
  AcQuarantineHit *arrived;

  if (source != NULL && step->work->kept->len > 0 &&
      !ac_quarantine_hit_digest (batch, source, error))
    return FALSE;
  if (!ac_quarantine_settle_arrivals (batch, step, source, &arrived, error))
    return FALSE;
  if (source != NULL)
    update_copy (step->copy, source);
  step->work->is_unwritten = TRUE;
  if (arrived != NULL)
    {
      note_copied (step, arrived->sha256, arrived->uid_validity, arrived->message->uid);
      if (source == NULL)
        note_kept (step);
    }
  else if (source == NULL)
    {
      /* Its owner was faster, and nothing was done yet. */
      step->work->has_vanished = TRUE;
      g_ptr_array_remove (step->work->receipt->copies, step->copy);
    }
  return TRUE;
}

/* It is in quarantine, and was to leave the mailbox. It has left it, by us or by its owner, or it
 * is still there, or its owner has moved it meanwhile. Where one folder alone is meant, one like it
 * that lies elsewhere is the same only if this one was not removed by us, and none was there
 * before.
 */
static gboolean
settle_copied (AcQuarantineBatch *batch, AcQuarantineStep *step, GError **error)
{
  AcQuarantineCopy *copy = step->copy;
  AcQuarantineHit *hit = copy->there;

  if (hit == NULL &&
      (step->work->only_folder == NULL || (copy->was_taken && !step->work->has_twin)) &&
      !ac_quarantine_find (batch, step->work->hits, NULL, NULL, copy->size, copy->date,
                           copy->sha256, &hit, error))
    return FALSE;
  if (hit == NULL)
    {
      note_kept (step);
      return TRUE;
    }
  /* Somebody has taken it out of quarantine: then it is not there, whatever the receipt says. */
  if (copy->is_lost)
    {
      copy->state = AC_QUARANTINE_COPYING;
      copy->kept = (AcMailPlace){ 0 };
      update_copy (copy, hit);
      copy->there = hit;
      step->work->is_unwritten = TRUE;
      return TRUE;
    }
  if (copy->uid != hit->message->uid || copy->uid_validity != hit->uid_validity ||
      !ac_imap_name_equal (copy->folder, hit->folder))
    {
      update_copy (copy, hit);
      step->work->is_unwritten = TRUE;
    }
  return TRUE;
}

/* A server that dies may forget the names of keywords. What its owner has added stays. */
static gboolean
put_stand_in_right (AcQuarantineBatch *batch,
                    const AcQuarantineCopy *copy,
                    const AcQuarantineHit *hit,
                    GError **error)
{
  gboolean lacks_some = FALSE;

  for (guint i = 0; copy->flags[i] != NULL; i++)
    lacks_some =
        lacks_some || !g_strv_contains ((const char *const *)hit->message->flags, copy->flags[i]);
  if (!lacks_some)
    return TRUE;
  return ac_quarantine_account_open (&batch->owner, hit->folder, TRUE, error) &&
         ac_imap_client_store_flags (batch->owner.connection, hit->message->uid,
                                     (const char *const *)copy->flags, error);
}

static gboolean
settle_standing (AcQuarantineBatch *batch, AcQuarantineStep *step, GError **error)
{
  AcQuarantineCopy *copy = step->copy;
  AcQuarantineHit *hit;
  AcQuarantineHit *surplus;

  if (copy->state != AC_QUARANTINE_STANDING)
    return TRUE;
  if (!ac_quarantine_find (batch, step->work->hits, copy->stand_in_folder, &copy->stand_in,
                           copy->stand_in_size, copy->date, copy->stand_in_sha256, &hit, error))
    return FALSE;
  if (hit == NULL)
    return TRUE;
  copy->stand_in.uid_validity = hit->uid_validity;
  copy->stand_in.uid = 0;
  do
    if (!ac_quarantine_find (batch, step->work->hits, copy->stand_in_folder, &copy->stand_in,
                             copy->stand_in_size, copy->date, copy->stand_in_sha256, &surplus,
                             error) ||
        (surplus != NULL && !ac_quarantine_remove_hit (batch, surplus, error)))
      return FALSE;
  while (surplus != NULL);
  copy->stand_in.uid = hit->message->uid;
  copy->state = AC_QUARANTINE_STOOD;
  step->work->is_unwritten = TRUE;
  return put_stand_in_right (batch, copy, hit, error);
}

static void
settle_kept (AcQuarantineStep *step)
{
  AcQuarantineCopy *copy = step->copy;

  copy->is_lost = TRUE;
  for (guint i = 0; i < step->work->kept->len; i++)
    {
      AcQuarantineHit *hit = step->work->kept->pdata[i];

      if (hit->is_claimed || hit->message->size != copy->size || hit->message->date != copy->date ||
          (hit->uid_validity == copy->kept.uid_validity && hit->message->uid != copy->kept.uid))
        continue;
      hit->is_claimed = TRUE;
      copy->is_lost = FALSE;
      copy->kept.uid_validity = hit->uid_validity;
      copy->kept.uid = hit->message->uid;
      copy->has_other_flags = !g_strv_equal ((const char *const *)hit->message->flags,
                                             (const char *const *)copy->flags);
      return;
    }
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

/* What is surely in quarantine is claimed first, so that nothing else is taken for it. */
static gboolean
claim_kept (AcQuarantineBatch *batch, AcQuarantineStep *step, GError **error)
{
  AcQuarantineHit *stand_in;

  settle_kept (step);
  if (step->copy->state != AC_QUARANTINE_KEPT && step->copy->state != AC_QUARANTINE_STOOD)
    return TRUE;
  return ac_quarantine_find_stand_in (batch, step, &stand_in, error);
}

/* Compares what the receipts say with what was seen. */
static gboolean
settle_receipts (AcQuarantineBatch *batch, GError **error)
{
  ac_quarantine_claim_left (batch);
  return settle_all (batch, AC_QUARANTINE_KEPT, claim_kept, error) &&
         settle_all (batch, AC_QUARANTINE_STOOD, claim_kept, error) &&
         settle_all (batch, AC_QUARANTINE_STANDING, claim_kept, error) &&
         settle_all (batch, AC_QUARANTINE_COPIED, claim_kept, error) &&
         settle_all (batch, AC_QUARANTINE_STOOD, ac_quarantine_claim_source, error) &&
         settle_all (batch, AC_QUARANTINE_STANDING, ac_quarantine_claim_source, error) &&
         settle_all (batch, AC_QUARANTINE_COPIED, ac_quarantine_claim_source, error) &&
         settle_all (batch, AC_QUARANTINE_COPYING, ac_quarantine_claim_source, error) &&
         settle_all (batch, AC_QUARANTINE_STOOD, settle_copied, error) &&
         settle_all (batch, AC_QUARANTINE_STANDING, settle_copied, error) &&
         settle_all (batch, AC_QUARANTINE_COPIED, settle_copied, error) &&
         settle_all (batch, AC_QUARANTINE_STANDING, settle_standing, error) &&
         settle_all (batch, AC_QUARANTINE_COPYING, settle_copying, error);
}

/* Every copy that no receipt knows yet is to be taken too. */
static gboolean
take_new_copies (AcQuarantineBatch *batch, AcQuarantineWork *work, GError **error)
{
  for (guint i = 0; i < work->hits->len; i++)
    {
      AcQuarantineHit *hit = work->hits->pdata[i];
      AcQuarantineCopy *copy;
      gboolean has_part = TRUE;

      if (hit->is_claimed)
        {
          /* Another action of this batch is about the same message, and has taken it. What came of
           * it is seen when that one is done. */
          if (work->receipt->copies->len == 0)
            batch->wants_another_look = TRUE;
          continue;
        }
      if (work->only_folder != NULL && !ac_imap_name_equal (hit->folder, work->only_folder))
        {
          g_free (work->seen_in);
          work->seen_in = g_strdup (hit->folder);
          continue;
        }
      if (batch->takes_parts && !ac_quarantine_has_part (batch, work, hit, &has_part, error))
        return FALSE;
      if (!has_part)
        continue;
      hit->is_claimed = TRUE;
      copy = g_new0 (AcQuarantineCopy, 1);
      copy->state = AC_QUARANTINE_COPYING;
      update_copy (copy, hit);
      set_flags (copy, hit->message);
      g_ptr_array_add (work->receipt->copies, copy);
      work->is_unwritten = TRUE;
    }
  return TRUE;
}

/* A message that lay elsewhere before is not the one that its owner moves there meanwhile. */
static void
note_twins (AcQuarantineBatch *batch, AcQuarantineWork *work)
{
  /* One may lie where nobody could look. */
  work->has_twin = work->has_twin || batch->unread->len > 0;
  for (guint i = 0; work->only_folder != NULL && i < work->hits->len; i++)
    {
      const AcQuarantineHit *hit = work->hits->pdata[i];

      for (guint k = 0; !hit->is_claimed && k < work->receipt->copies->len; k++)
        {
          const AcQuarantineCopy *copy = work->receipt->copies->pdata[k];

          if (hit->message->size == copy->size && hit->message->date == copy->date)
            work->has_twin = TRUE;
        }
    }
}

/* What a work that has found nothing to take can say of what is in quarantine. */
static gboolean
look_at_kept (AcQuarantineBatch *batch, AcQuarantineWork *work, GError **error)
{
  if (work->receipt->copies->len > 0)
    return TRUE;
  if (batch->takes_parts)
    return ac_quarantine_look_for_kept_part (batch, work, error);
  work->is_kept = work->kept->len > 0;
  return TRUE;
}

static gboolean
look (AcQuarantineBatch *batch, GPtrArray *works, GError **error)
{
  if (!ac_quarantine_batch_look (batch, works, error) || !settle_receipts (batch, error))
    return FALSE;
  for (guint i = 0; i < works->len; i++)
    {
      if (!take_new_copies (batch, works->pdata[i], error) ||
          !look_at_kept (batch, works->pdata[i], error))
        return FALSE;
      note_twins (batch, works->pdata[i]);
    }
  return TRUE;
}

static gboolean
open_kept_folder (AcQuarantineBatch *batch, gboolean writable, GError **error)
{
  if (!batch->has_kept_folder &&
      !ac_imap_client_create (batch->quarantine.connection, batch->kept_folder, error))
    {
      g_prefix_error (error, "The folder “%s” could not be made in the quarantine account. ",
                      batch->kept_folder);
      return FALSE;
    }
  batch->has_kept_folder = TRUE;
  return ac_quarantine_account_open (&batch->quarantine, batch->kept_folder, writable, error);
}

/* The receipts say where the numbers of the folder in quarantine stood before: what is there later
 * with a higher one, and carries the keyword, came by this. */
static gboolean
write_intents (AcQuarantineBatch *batch, GPtrArray *steps, GError **error)
{
  if (!open_kept_folder (batch, FALSE, error))
    return FALSE;
  for (guint i = 0; i < steps->len; i++)
    {
      AcQuarantineStep *step = steps->pdata[i];
      AcQuarantineReceipt *receipt = step->work->receipt;

      ac_mail_place_begin (&step->copy->kept, &batch->quarantine.state);
      if (receipt->account == NULL)
        receipt->account = g_strdup (batch->config->quarantine_user);
      if (receipt->kept_folder == NULL)
        receipt->kept_folder = g_strdup (batch->kept_folder);
      step->work->is_unwritten = TRUE;
    }
  return ac_quarantine_batch_write (batch, error);
}

static GStrv
flags_in_quarantine (const AcQuarantineCopy *copy)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  g_strv_builder_addv (builder, (const char **)copy->flags);
  if (!g_strv_contains ((const char *const *)copy->flags, arriving))
    g_strv_builder_add (builder, arriving);
  return g_strv_builder_end (builder);
}

static gboolean
blame_copy (AcQuarantineBatch *batch, AcQuarantineStep *step, GError *problem, GError **error)
{
  g_autofree char *name = ac_imap_name_for_people (step->copy->folder);
  g_autofree char *what = NULL;

  if (g_error_matches (problem, AC_IMAP_ERROR, AC_IMAP_ERROR_OVER_QUOTA))
    what = g_strdup_printf ("The message is still in “%s”, because the quarantine account is over "
                            "its quota; make room in it or raise the quota, then try again.",
                            name);
  else
    what = g_strdup_printf ("The message is still in “%s”; it could not be put into quarantine.",
                            name);
  return ac_quarantine_batch_blame (batch, step->work, what, problem, error);
}

/* Sees what was put into quarantine: the same bytes, the same date. */
static gboolean
verify_copy (AcQuarantineBatch *batch,
             AcQuarantineStep *step,
             const char *sha256,
             const AcImapAppended *appended,
             GError **error)
{
  AcQuarantineCopy *copy = step->copy;
  AcQuarantineAccount *account = &batch->quarantine;
  g_autoptr (AcImapMessage) message = NULL;
  g_autofree char *there = NULL;

  if (appended->uid == 0)
    {
      /* The server does not say where; another look finds it by the keyword. */
      batch->wants_another_look = TRUE;
      return TRUE;
    }
  if (!ac_quarantine_account_open (account, batch->kept_folder, FALSE, error) ||
      !ac_quarantine_account_see (account, appended->uid, &message, error))
    return FALSE;
  if (message == NULL || account->state.uid_validity != appended->uid_validity)
    {
      batch->wants_another_look = TRUE;
      return TRUE;
    }
  there = ac_imap_transfer_digest (account->connection, appended->uid, message->size, error);
  if (there == NULL)
    return FALSE;
  if (strcmp (there, sha256) != 0 || message->size != copy->size || message->date != copy->date)
    {
      g_set_error (
          error, AC_IMAP_ERROR, AC_IMAP_ERROR_REFUSED,
          "The mail server of the quarantine account has not stored it as it is: its bytes "
          "or its date are others.");
      return FALSE;
    }
  note_copied (step, sha256, appended->uid_validity, appended->uid);
  return TRUE;
}

static gboolean
copy_one (AcQuarantineBatch *batch, AcQuarantineStep *step, GError **error)
{
  AcQuarantineCopy *copy = step->copy;
  g_auto (GStrv) flags = flags_in_quarantine (copy);
  g_autofree char *sha256 = NULL;
  AcImapAppended appended;
  GError *problem = NULL;

  if (copy->set_aside != NULL)
    return blame_copy (batch, step, g_error_copy (copy->set_aside), error);
  if (!ac_quarantine_account_open (&batch->owner, copy->folder, FALSE, &problem))
    return blame_copy (batch, step, problem, error);
  if (batch->owner.state.uid_validity != copy->uid_validity)
    {
      batch->wants_another_look = TRUE;
      return TRUE;
    }
  sha256 = ac_imap_transfer_copy (batch->owner.connection, copy->uid, copy->size,
                                  batch->quarantine.connection, batch->kept_folder,
                                  (const char *const *)flags, copy->date, &appended, &problem);
  /* The owner was faster. The command that was cut off for it has cost its connection. */
  if (sha256 == NULL && g_error_matches (problem, AC_IMAP_ERROR, AC_IMAP_ERROR_CHANGED) &&
      !ac_imap_connection_is_lost (batch->owner.connection))
    {
      g_error_free (problem);
      g_set_error (error, AC_IMAP_ERROR, AC_IMAP_ERROR_CLOSED,
                   "The message went away while it was copied.");
      return FALSE;
    }
  if (sha256 == NULL && g_error_matches (problem, AC_IMAP_ERROR, AC_IMAP_ERROR_WRONG_SIZE) &&
      !ac_imap_connection_is_lost (batch->owner.connection))
    return ac_quarantine_batch_set_aside (batch, step, problem, error);
  if (sha256 == NULL || !verify_copy (batch, step, sha256, &appended, &problem))
    return blame_copy (batch, step, problem, error);
  return TRUE;
}

/* What is in the receipt needs no mark any more, and has the flags that it had. */
static gboolean
put_flags_right (AcQuarantineBatch *batch, AcQuarantineState state, GError **error)
{
  g_autoptr (GPtrArray) steps = ac_quarantine_batch_steps (batch, state);
  AcQuarantineAccount *account = &batch->quarantine;
  gboolean is_open = FALSE;

  for (guint i = 0; i < steps->len; i++)
    {
      AcQuarantineCopy *copy = ((AcQuarantineStep *)steps->pdata[i])->copy;

      if (copy->kept.uid == 0 || copy->is_lost || !copy->has_other_flags)
        continue;
      if (!is_open && !open_kept_folder (batch, TRUE, error))
        return FALSE;
      is_open = TRUE;
      if (copy->kept.uid_validity == account->state.uid_validity &&
          !ac_imap_client_store_flags (account->connection, copy->kept.uid,
                                       (const char *const *)copy->flags, error))
        return FALSE;
      copy->has_other_flags = FALSE;
    }
  return TRUE;
}

static gboolean
copy_all (AcQuarantineBatch *batch, GError **error)
{
  g_autoptr (GPtrArray) steps = ac_quarantine_batch_steps (batch, AC_QUARANTINE_COPYING);

  if (steps->len > 0 && !write_intents (batch, steps, error))
    return FALSE;
  for (guint i = 0; i < steps->len; i++)
    if (!copy_one (batch, steps->pdata[i], error))
      {
        /* What has come that far needs not be found again. */
        ac_quarantine_batch_write (batch, NULL);
        return FALSE;
      }
  return ac_quarantine_batch_write (batch, error) &&
         put_flags_right (batch, AC_QUARANTINE_COPIED, error) &&
         put_flags_right (batch, AC_QUARANTINE_KEPT, error);
}

static int
compare_uids (gconstpointer a, gconstpointer b)
{
  const AcQuarantineCopy *left = (*(AcQuarantineStep *const *)a)->copy;
  const AcQuarantineCopy *right = (*(AcQuarantineStep *const *)b)->copy;

  return (left->uid > right->uid) - (left->uid < right->uid);
}

static GPtrArray *
fetch_sources (AcQuarantineBatch *batch, GPtrArray *steps, GError **error)
{
  g_autofree guint32 *uids = g_new (guint32, steps->len);

  for (guint i = 0; i < steps->len; i++)
    uids[i] = ((AcQuarantineStep *)steps->pdata[i])->copy->uid;
  return ac_imap_client_fetch (batch->owner.connection, uids, steps->len, error);
}

/* \Deleted is what an earlier, cut-off removal has left, unless the owner had set it before. */
static GStrv
flags_of_owner (const AcQuarantineCopy *copy, const AcImapMessage *message)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  gboolean was_deleted = g_strv_contains ((const char *const *)copy->flags, "\\Deleted");

  for (guint i = 0; message->flags[i] != NULL; i++)
    if (was_deleted || g_ascii_strcasecmp (message->flags[i], "\\Deleted") != 0)
      g_strv_builder_add (builder, message->flags[i]);
  return g_strv_builder_end (builder);
}

/* Leaves in steps what is still there to be removed, with its latest flags in the receipt. What is
 * not was taken by its owner, unless the mailbox was told to remove it before. */
static void
see_sources (AcQuarantineBatch *batch, GPtrArray *steps, GPtrArray *messages)
{
  for (guint i = steps->len; i > 0; i--)
    {
      AcQuarantineStep *step = steps->pdata[i - 1];
      const AcImapMessage *message = ac_imap_messages_find (messages, step->copy->uid);
      g_auto (GStrv) flags = NULL;

      if (message == NULL || message->size != step->copy->size || message->date != step->copy->date)
        {
          step->copy->was_taken = !step->copy->was_told;
          batch->wants_another_look = TRUE;
          g_ptr_array_remove_index (steps, i - 1);
          continue;
        }
      flags = flags_of_owner (step->copy, message);
      if (g_strv_equal ((const char *const *)flags, (const char *const *)step->copy->flags))
        continue;
      g_strfreev (step->copy->flags);
      step->copy->flags = g_steal_pointer (&flags);
      step->work->is_unwritten = TRUE;
    }
}

static gboolean
blame_removal (AcQuarantineBatch *batch, GPtrArray *steps, GError *problem, GError **error)
{
  for (guint i = 0; i < steps->len; i++)
    {
      AcQuarantineStep *step = steps->pdata[i];
      g_autofree char *name = ac_imap_name_for_people (step->copy->folder);
      g_autofree char *what =
          g_strdup_printf ("A copy of the message is in quarantine, but the message could not be "
                           "taken out of “%s”.",
                           name);

      if (!ac_quarantine_batch_blame (batch, step->work, what, g_error_copy (problem), error))
        {
          g_error_free (problem);
          return FALSE;
        }
    }
  g_error_free (problem);
  return TRUE;
}

/* The folder is not there any more: its owner has deleted or renamed it. */
static void
note_taken (GPtrArray *steps)
{
  for (guint i = 0; i < steps->len; i++)
    {
      AcQuarantineCopy *copy = ((AcQuarantineStep *)steps->pdata[i])->copy;

      copy->was_taken = !copy->was_told;
    }
}

/* Takes the originals out of one folder. */
static gboolean
remove_from_folder (AcQuarantineBatch *batch, GPtrArray *steps, GError **error)
{
  const AcQuarantineStep *first = steps->pdata[0];
  g_autofree guint32 *uids = g_new (guint32, steps->len);
  g_autoptr (GPtrArray) before = NULL;
  g_autoptr (GPtrArray) after = NULL;
  GError *problem = NULL;

  g_ptr_array_sort (steps, compare_uids);
  if (!ac_quarantine_account_open (&batch->owner, first->copy->folder, TRUE, &problem))
    {
      if (g_error_matches (problem, AC_IMAP_ERROR, AC_IMAP_ERROR_NO_FOLDER))
        note_taken (steps);
      return blame_removal (batch, steps, problem, error);
    }
  if (batch->owner.state.uid_validity != first->copy->uid_validity)
    {
      note_taken (steps);
      batch->wants_another_look = TRUE;
      return TRUE;
    }
  if ((before = fetch_sources (batch, steps, error)) == NULL)
    return FALSE;
  see_sources (batch, steps, before);
  for (guint i = 0; i < steps->len; i++)
    uids[i] = ((AcQuarantineStep *)steps->pdata[i])->copy->uid;
  if (!ac_quarantine_batch_write (batch, error))
    return FALSE;
  for (guint i = 0; i < steps->len; i++)
    ((AcQuarantineStep *)steps->pdata[i])->copy->was_told = TRUE;
  if (!ac_imap_transfer_remove (batch->owner.connection, uids, steps->len, &problem))
    return blame_removal (batch, steps, problem, error);
  if ((after = fetch_sources (batch, steps, error)) == NULL)
    return FALSE;
  for (guint i = 0; i < steps->len; i++)
    {
      AcQuarantineStep *step = steps->pdata[i];

      if (ac_imap_messages_find (after, step->copy->uid) == NULL)
        note_kept (step);
      else
        batch->wants_another_look = TRUE;
    }
  return TRUE;
}

/* Takes at most so many steps about one folder out of the list, beginning with the first. */
static GPtrArray *
take_folder (GPtrArray *steps)
{
  GPtrArray *taken = g_ptr_array_new_with_free_func (g_free);
  const char *folder = ((AcQuarantineStep *)steps->pdata[0])->copy->folder;
  guint i = 0;

  while (i < steps->len && taken->len < UIDS_A_REMOVAL)
    if (ac_imap_name_equal (((AcQuarantineStep *)steps->pdata[i])->copy->folder, folder))
      g_ptr_array_add (taken, g_ptr_array_steal_index (steps, i));
    else
      i++;
  return taken;
}

static gboolean
remove_all (AcQuarantineBatch *batch, GError **error)
{
  AcQuarantineState ready = batch->takes_parts ? AC_QUARANTINE_STOOD : AC_QUARANTINE_COPIED;
  g_autoptr (GPtrArray) steps = ac_quarantine_batch_steps (batch, ready);

  while (steps->len > 0)
    {
      g_autoptr (GPtrArray) some = take_folder (steps);

      if (!remove_from_folder (batch, some, error))
        return FALSE;
    }
  return ac_quarantine_batch_write (batch, error);
}

static gboolean
is_settled (AcQuarantineBatch *batch, AcQuarantineWork *work)
{
  if (work->receipt->copies->len == 0)
    return !batch->wants_another_look;
  for (guint i = 0; i < work->receipt->copies->len; i++)
    {
      const AcQuarantineCopy *copy = work->receipt->copies->pdata[i];

      if (copy->state < AC_QUARANTINE_KEPT && !ac_quarantine_batch_leaves (batch, copy))
        return FALSE;
    }
  return TRUE;
}

/* A folder that could not be looked at may hold one more copy. Where one folder alone is meant, the
 * others matter only to what is said of a message that was not found in it. */
static void
say_unread (AcQuarantineBatch *batch, AcQuarantineWork *work)
{
  gboolean has_found = work->receipt->copies->len > 0 || work->is_kept;

  for (guint i = 0; i < work->receipt->copies->len; i++)
    has_found = has_found && !ac_quarantine_batch_leaves (batch, work->receipt->copies->pdata[i]);
  ac_quarantine_batch_say_unread (batch, work, has_found ? work->only_folder : NULL);
}

/**
 * ac_quarantine_apply:
 *
 * Moves every copy of the unfinished works' messages into quarantine; with takes_parts a stand-in
 * takes its place. Gives an outcome to each work that needs no other look.
 *
 * Returns: %FALSE when the whole batch was stopped; the receipts say how far it has come.
 */
gboolean
ac_quarantine_apply (AcQuarantineBatch *batch, GError **error)
{
  g_autoptr (GPtrArray) works = ac_quarantine_batch_unfinished (batch);

  if (!look (batch, works, error) || !copy_all (batch, error) ||
      (batch->takes_parts && !ac_quarantine_put_stand_ins (batch, error)) ||
      !remove_all (batch, error))
    return FALSE;
  for (guint i = 0; i < works->len; i++)
    {
      AcQuarantineWork *work = works->pdata[i];

      if (is_settled (batch, work))
        say_unread (batch, work);
      if (work->problems->len > 0 || is_settled (batch, work))
        ac_quarantine_say_applied (batch, work);
    }
  return TRUE;
}
