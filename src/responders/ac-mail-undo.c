/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way back: look, write down, move, see each message in its place as it was, write that down.
 */
#include "config.h"

#include "responders/ac-imap-name.h"
#include "responders/ac-mail-batch.h"

#define UIDS_A_MOVE 1000

static void
note_restored (AcMailWork *work, AcMailCopy *copy)
{
  copy->state = AC_MAIL_COPY_RESTORED;
  work->is_unwritten = TRUE;
}

/* Whether the recoverable folder alone does not tell where a copy is. */
static gboolean
needs_wider_look (AcMailWork *work)
{
  for (guint i = 0; i < work->receipt->copies->len; i++)
    {
      const AcMailCopy *copy = work->receipt->copies->pdata[i];

      if (copy->state == AC_MAIL_COPY_MOVING || copy->state == AC_MAIL_COPY_RESTORING ||
          (copy->state == AC_MAIL_COPY_MOVED && ac_mail_work_find_kept (work, copy) == NULL))
        return TRUE;
    }
  return FALSE;
}

/* Nobody has looked where the message is, so nobody may say that it is gone. */
static void
say_kept_elsewhere (AcMailBatch *batch, AcMailWork *work)
{
  g_autofree char *name = ac_imap_name_for_people (batch->config->recoverable);
  g_autoptr (GError) problem =
      g_error_new (AC_IMAP_ERROR, AC_IMAP_ERROR_NO_FOLDER,
                   "Either that one was deleted or renamed, or the configuration of the service "
                   "names another one than before; put that right, then try again.");
  g_autofree char *what = g_strdup_printf (
      "The message cannot be brought back now: “%s” is not the recoverable folder that it was "
      "moved to.",
      name);

  ac_mail_work_add_problem (work, what, problem);
}

/* What became of a copy that is neither where we put it nor where we were putting it. */
static void
settle_lost_copy (AcMailBatch *batch, AcMailWork *work, AcMailCopy *copy)
{
  AcMailHit *like = ac_mail_work_find_like (work, copy);

  copy->is_lost = TRUE;
  if (like != NULL)
    like->is_claimed = TRUE;
  if (like != NULL && ac_imap_name_equal (like->folder, copy->folder))
    {
      copy->back.uid_validity = like->uid_validity;
      copy->back.uid = like->message->uid;
      copy->is_lost = FALSE;
      work->n_already_back++;
      note_restored (work, copy);
      return;
    }
  if (!batch->has_recoverable || batch->recoverable.uid_validity != copy->kept.uid_validity)
    say_kept_elsewhere (batch, work);
  if (like != NULL)
    {
      g_free (work->seen_in);
      work->seen_in = g_strdup (like->folder);
    }
}

static void
note_back (AcMailStep *step)
{
  AcMailCopy *copy = step->copy;

  copy->back.uid_validity = step->there->uid_validity;
  copy->back.uid = step->there->message->uid;
  /* A server that dies between the two halves of a move leaves both. */
  copy->left_second_copy = copy->left_second_copy || step->kept != NULL;
  step->work->is_unwritten = TRUE;
}

/* Decides about one copy: it becomes RESTORED, or stays RESTORING with a place to be verified at,
 * or becomes MOVED with a place to be moved from, or is lost and keeps its state. TRUE: to be
 * moved. */
static gboolean
settle_copy (AcMailBatch *batch, AcMailStep *step)
{
  AcMailCopy *copy = step->copy;

  copy->is_lost = FALSE;
  if (step->there != NULL)
    {
      note_back (step);
      /* The soft delete was cut off before it got to this copy, or in the middle of it. */
      if (copy->state == AC_MAIL_COPY_MOVING)
        note_restored (step->work, copy);
      return FALSE;
    }
  if (step->kept == NULL)
    {
      settle_lost_copy (batch, step->work, copy);
      return FALSE;
    }
  copy->state = AC_MAIL_COPY_MOVED;
  copy->kept.uid_validity = step->kept->uid_validity;
  copy->kept.uid = step->kept->message->uid;
  return TRUE;
}

/* Compares what the receipts say with what was seen; fills steps with what is to be moved. */
static void
settle_receipts (AcMailBatch *batch, GPtrArray *steps)
{
  g_autoptr (GPtrArray) moved = ac_mail_batch_steps (batch, AC_MAIL_COPY_MOVED);
  g_autoptr (GPtrArray) back = ac_mail_batch_steps (batch, AC_MAIL_COPY_RESTORING);
  g_autoptr (GPtrArray) begun = ac_mail_batch_steps (batch, AC_MAIL_COPY_MOVING);
  g_autoptr (GPtrArray) restored = ac_mail_batch_steps (batch, AC_MAIL_COPY_RESTORED);
  GPtrArray *all[] = { moved, back, begun };

  ac_mail_steps_find (moved, ac_mail_work_find_kept, TRUE, AC_MAIL_ORIGIN_ANY);
  ac_mail_steps_find (back, ac_mail_work_find_kept, TRUE, AC_MAIL_ORIGIN_ANY);
  ac_mail_steps_find (begun, ac_mail_work_find_source, FALSE, AC_MAIL_ORIGIN_ANY);
  /* What has come back for one copy is not to be taken for another one that is alike. */
  ac_mail_steps_find (restored, ac_mail_work_find_back, FALSE, AC_MAIL_ORIGIN_ANY);
  ac_mail_steps_find (back, ac_mail_work_find_back, FALSE, AC_MAIL_ORIGIN_GONE);
  ac_mail_steps_find (back, ac_mail_work_find_back, FALSE, AC_MAIL_ORIGIN_SEEN);
  ac_mail_steps_find (begun, ac_mail_work_find_kept, TRUE, AC_MAIL_ORIGIN_GONE);
  ac_mail_steps_find (begun, ac_mail_work_find_kept, TRUE, AC_MAIL_ORIGIN_SEEN);
  for (gsize k = 0; k < G_N_ELEMENTS (all); k++)
    for (guint i = 0; i < all[k]->len; i++)
      if (settle_copy (batch, all[k]->pdata[i]))
        g_ptr_array_add (steps, g_memdup2 (all[k]->pdata[i], sizeof (AcMailStep)));
}

/* Fills steps with what is to be moved. */
static gboolean
look (AcMailBatch *batch, GPtrArray *works, GPtrArray *steps, GError **error)
{
  g_autoptr (GPtrArray) wider = g_ptr_array_new ();

  if (!ac_mail_batch_look_in_recoverable (batch, works, error))
    return FALSE;
  for (guint i = 0; i < works->len; i++)
    if (needs_wider_look (works->pdata[i]))
      g_ptr_array_add (wider, works->pdata[i]);
  if (!ac_mail_batch_look_in_folders (batch, wider, error))
    return FALSE;
  settle_receipts (batch, steps);
  return TRUE;
}

/* A refusal concerns these copies only; whatever else goes wrong ends the batch. What was tried:
 * before, the name of the folder, after. */
static gboolean
blame (AcMailBatch *batch,
       GPtrArray *steps,
       const char *before,
       const char *after,
       GError *problem,
       GError **error)
{
  const AcMailStep *first = steps->pdata[0];
  g_autofree char *name = ac_imap_name_for_people (first->copy->folder);
  g_autofree char *sentence = g_strdup_printf ("%s “%s”%s.", before, name, after);

  if (problem->domain != AC_IMAP_ERROR || ac_imap_connection_is_lost (batch->connection))
    {
      g_propagate_error (error, problem);
      return FALSE;
    }
  if (ac_mail_batch_was_overtaken (batch, problem))
    return TRUE;
  for (guint i = 0; i < steps->len; i++)
    ac_mail_work_add_problem (((AcMailStep *)steps->pdata[i])->work, sentence, problem);
  g_error_free (problem);
  return TRUE;
}

/* Opens the folder the messages came from; where it was deleted since, it is made again, and its
 * owner's mail program shows it again. */
static gboolean
prepare_folder (AcMailBatch *batch, GPtrArray *steps, AcImapFolderState *state, GError **error)
{
  AcMailCopy *copy = ((AcMailStep *)steps->pdata[0])->copy;

  if (!ac_mail_batch_has_folder (batch, copy->folder))
    {
      if (!ac_imap_client_create (batch->connection, copy->folder, error) ||
          !ac_imap_client_subscribe (batch->connection, copy->folder, error))
        return FALSE;
      for (guint i = 0; i < steps->len; i++)
        ((AcMailStep *)steps->pdata[i])->copy->folder_was_made = TRUE;
    }
  return ac_imap_client_select (batch->connection, copy->folder, FALSE, state, error);
}

/* Writes down where the folder's numbers stand, so that what is there later with a higher one is
 * known to have come by this undo. */
static gboolean
write_intents (AcMailBatch *batch, GPtrArray *steps, const AcImapFolderState *state, GError **error)
{
  for (guint i = 0; i < steps->len; i++)
    {
      AcMailStep *step = steps->pdata[i];

      step->copy->state = AC_MAIL_COPY_RESTORING;
      ac_mail_place_begin (&step->copy->back, state);
      step->work->is_unwritten = TRUE;
    }
  return ac_mail_batch_write_receipts (batch, error);
}

static void
note_moved (AcMailBatch *batch, GPtrArray *steps, const AcImapMoved *moved)
{
  guint n = 0;

  for (guint i = 0; i < steps->len; i++)
    {
      AcMailStep *step = steps->pdata[i];

      for (guint k = 0; k < moved->source->len; k++)
        if (g_array_index (moved->source, guint32, k) == step->copy->kept.uid)
          {
            step->copy->back.uid_validity = moved->uid_validity;
            step->copy->back.uid = g_array_index (moved->destination, guint32, k);
            step->work->is_unwritten = TRUE;
            n++;
            break;
          }
    }
  if (n < steps->len)
    batch->wants_another_look = TRUE;
}

/* The server has said that it did not move them: whatever comes there later is another one. It may
 * have moved some before it came to that (RFC 6851 §3), which are looked for as ever. */
static void
note_refused (AcMailBatch *batch, GPtrArray *steps, const guint32 *uids)
{
  g_autoptr (GPtrArray) there = ac_mail_batch_see_again (batch, uids, steps->len);

  for (guint i = 0; there != NULL && i < steps->len; i++)
    {
      AcMailStep *step = steps->pdata[i];

      if (ac_imap_messages_find (there, step->copy->kept.uid) == NULL)
        continue;
      step->copy->state = AC_MAIL_COPY_MOVED;
      step->copy->back = (AcMailPlace){ 0 };
      step->work->is_unwritten = TRUE;
    }
}

static gboolean
move_folder (AcMailBatch *batch, GPtrArray *steps, GError **error)
{
  const AcMailStep *first = steps->pdata[0];
  g_autofree guint32 *uids = ac_mail_steps_uids (steps, TRUE);
  g_autoptr (AcImapMoved) moved = NULL;
  AcImapFolderState state;
  GError *problem = NULL;

  if (!prepare_folder (batch, steps, &state, &problem))
    return blame (batch, steps, "The folder", " cannot be opened to put the message back", problem,
                  error);
  if (!write_intents (batch, steps, &state, error) ||
      !ac_mail_batch_open_recoverable (batch, TRUE, error))
    return FALSE;
  if (batch->recoverable.uid_validity != first->copy->kept.uid_validity)
    {
      batch->wants_another_look = TRUE;
      return TRUE;
    }
  moved = ac_imap_client_move (batch->connection, uids, steps->len, first->copy->folder, &problem);
  if (moved == NULL && ac_imap_error_is_refusal (problem))
    note_refused (batch, steps, uids);
  if (moved == NULL && g_error_matches (problem, AC_IMAP_ERROR, AC_IMAP_ERROR_OVER_QUOTA))
    return blame (batch, steps,
                  "The message is still in the recoverable folder, because the mailbox is over its "
                  "quota; make room in it or raise the quota, then try again. It belongs to",
                  "", problem, error);
  if (moved == NULL)
    return blame (batch, steps,
                  "The message is still in the recoverable folder; it could not be moved to", "",
                  problem, error);
  note_moved (batch, steps, moved);
  return ac_mail_batch_write_receipts (batch, error);
}

static gboolean
is_as_it_was (const AcMailStep *step, const AcImapMessage *message)
{
  return message->size == step->copy->size && message->date == step->copy->date &&
         g_strv_contains ((const char *const *)message->message_ids, step->work->message_id);
}

static gboolean
has_flags_of (const AcMailCopy *copy, const AcImapMessage *message)
{
  return g_strv_equal ((const char *const *)copy->flags, (const char *const *)message->flags);
}

static GPtrArray *
fetch_back (AcMailBatch *batch, GPtrArray *steps, GError **error)
{
  g_autofree guint32 *uids = g_new (guint32, steps->len);

  for (guint i = 0; i < steps->len; i++)
    uids[i] = ((AcMailStep *)steps->pdata[i])->copy->back.uid;
  return ac_imap_client_fetch (batch->connection, uids, steps->len, error);
}

static void
say_different (AcMailStep *step, const char *what)
{
  g_autofree char *name = ac_imap_name_for_people (step->copy->folder);
  g_autofree char *sentence = g_strdup_printf ("The message is back in “%s”.", name);
  g_autoptr (GError) problem = g_error_new_literal (AC_IMAP_ERROR, AC_IMAP_ERROR_REFUSED, what);

  ac_mail_work_add_problem (step->work, sentence, problem);
}

/* Puts flags right where the move has changed them; TRUE also when some were refused. */
static gboolean
put_flags_right (AcMailBatch *batch, GPtrArray *steps, GPtrArray *messages, GError **error)
{
  for (guint i = 0; i < steps->len; i++)
    {
      AcMailStep *step = steps->pdata[i];
      const AcImapMessage *message = ac_imap_messages_find (messages, step->copy->back.uid);
      g_autoptr (GPtrArray) one = g_ptr_array_new ();
      GError *problem = NULL;

      if (message == NULL || !is_as_it_was (step, message) || has_flags_of (step->copy, message))
        continue;
      g_ptr_array_add (one, step);
      if (!ac_imap_client_store_flags (batch->connection, step->copy->back.uid,
                                       (const char *const *)step->copy->flags, &problem) &&
          !blame (batch, one, "The message is back in", ", but its flags could not be set", problem,
                  error))
        return FALSE;
    }
  return TRUE;
}

static int
compare_back_uids (gconstpointer a, gconstpointer b)
{
  const AcMailCopy *left = (*(AcMailStep *const *)a)->copy;
  const AcMailCopy *right = (*(AcMailStep *const *)b)->copy;

  return (left->back.uid > right->back.uid) - (left->back.uid < right->back.uid);
}

/* Sees the messages of one folder in their place. Only what was seen is restored. */
static gboolean
verify_folder (AcMailBatch *batch, GPtrArray *steps, GError **error)
{
  const AcMailStep *first = steps->pdata[0];
  g_autoptr (GPtrArray) before = NULL;
  g_autoptr (GPtrArray) after = NULL;
  AcImapFolderState state;
  GError *problem = NULL;

  g_ptr_array_sort (steps, compare_back_uids);
  if (!ac_imap_client_select (batch->connection, first->copy->folder, TRUE, &state, &problem))
    return blame (batch, steps, "The folder", " cannot be opened to see the message in it", problem,
                  error);
  if ((before = fetch_back (batch, steps, error)) == NULL ||
      !put_flags_right (batch, steps, before, error) ||
      (after = fetch_back (batch, steps, error)) == NULL)
    return FALSE;
  for (guint i = 0; i < steps->len; i++)
    {
      AcMailStep *step = steps->pdata[i];
      const AcImapMessage *message = ac_imap_messages_find (after, step->copy->back.uid);

      if (message == NULL || state.uid_validity != step->copy->back.uid_validity)
        batch->wants_another_look = TRUE;
      else if (!is_as_it_was (step, message))
        say_different (step, "But its date or its size is not what it was.");
      else if (!has_flags_of (step->copy, message))
        say_different (step, "But the mail server did not take its flags as they were.");
      else
        note_restored (step->work, step->copy);
    }
  return ac_mail_batch_write_receipts (batch, error);
}

static gboolean
verify (AcMailBatch *batch, GError **error)
{
  g_autoptr (GPtrArray) steps = ac_mail_batch_steps (batch, AC_MAIL_COPY_RESTORING);

  for (guint i = steps->len; i > 0; i--)
    {
      const AcMailCopy *copy = ((AcMailStep *)steps->pdata[i - 1])->copy;

      if (copy->back.uid == 0 || copy->is_lost)
        g_ptr_array_remove_index (steps, i - 1);
    }
  while (steps->len > 0)
    {
      g_autoptr (GPtrArray) some = ac_mail_steps_take_folder (steps, UIDS_A_MOVE);

      if (!verify_folder (batch, some, error))
        return FALSE;
    }
  return TRUE;
}

/* Moves what came back once too often to where the first one came from. */
static gboolean
take_away (AcMailBatch *batch, const AcMailHit *hit, GError **error)
{
  g_autoptr (AcImapMoved) moved = NULL;
  AcImapFolderState state;

  if (!ac_imap_client_select (batch->connection, hit->folder, TRUE, &state, error))
    return FALSE;
  if (state.uid_validity != hit->uid_validity)
    return TRUE;
  moved = ac_imap_client_move (batch->connection, &hit->message->uid, 1, batch->config->recoverable,
                               error);
  return moved != NULL;
}

/* A move that was resumed may have been done twice: the owner is to have each message once. */
static gboolean
take_surplus_away (AcMailBatch *batch, GPtrArray *works, GError **error)
{
  g_autoptr (GPtrArray) back = ac_mail_batch_steps (batch, AC_MAIL_COPY_RESTORED);

  if (!batch->was_resumed || batch->wants_another_look)
    return TRUE;
  if (!ac_mail_batch_look_for_surplus (batch, works, FALSE, error))
    return FALSE;
  ac_mail_steps_find (back, ac_mail_work_find_back, FALSE, AC_MAIL_ORIGIN_ANY);
  for (guint i = 0; i < back->len; i++)
    {
      AcMailStep *step = back->pdata[i];
      AcMailHit *hit;

      /* One more than the one that was seen back: where that one is gone, its owner has taken it
       * away, and what is like it may be the last. */
      if (step->there == NULL)
        continue;
      while ((hit = ac_mail_work_find_surplus_back (step->work, step->copy)) != NULL)
        {
          if (!take_away (batch, hit, error))
            return FALSE;
          hit->is_claimed = TRUE;
          step->copy->left_second_copy = TRUE;
          step->work->is_unwritten = TRUE;
        }
    }
  return TRUE;
}

/**
 * ac_mail_undo:
 *
 * Moves what the unfinished works have moved back to where it came from, and sees it there. Gives
 * an outcome to each work that needs no other look.
 *
 * Returns: %FALSE when the whole batch was stopped; the receipts say how far it has come.
 */
gboolean
ac_mail_undo (AcMailBatch *batch, GError **error)
{
  g_autoptr (GPtrArray) works = ac_mail_batch_unfinished (batch);
  g_autoptr (GPtrArray) steps = g_ptr_array_new_with_free_func (g_free);

  if (!look (batch, works, steps, error))
    return FALSE;
  while (steps->len > 0)
    {
      g_autoptr (GPtrArray) some = ac_mail_steps_take_folder (steps, UIDS_A_MOVE);

      if (!move_folder (batch, some, error))
        return FALSE;
    }
  if (!verify (batch, error) || !take_surplus_away (batch, works, error) ||
      !ac_mail_batch_write_receipts (batch, error))
    return FALSE;
  for (guint i = 0; i < works->len; i++)
    {
      AcMailWork *work = works->pdata[i];
      gboolean is_back = ac_mail_receipt_count (work->receipt, AC_MAIL_COPY_RESTORED) ==
                         work->receipt->copies->len;

      /* What is not back may be where nobody could look. */
      if (!is_back && !batch->wants_another_look)
        ac_mail_batch_say_unread (batch, work, NULL);
      if (work->problems->len > 0 || !batch->wants_another_look || is_back)
        ac_mail_say_undone (batch, work);
    }
  return TRUE;
}
