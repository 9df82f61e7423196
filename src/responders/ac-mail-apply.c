/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Soft delete: look, write down, move, write down again. Each look begins with what earlier
 * receipts say and ends with what was seen, so a first run and one after a crash take the same way.
 */
#include "config.h"

#include "responders/ac-imap-name.h"
#include "responders/ac-mail-batch.h"

/* Messages in one UID MOVE: far beyond where more make it faster, and short enough for a line. */
#define UIDS_A_MOVE 1000

static AcMailCopy *
copy_new (const AcMailHit *hit)
{
  AcMailCopy *copy = g_new0 (AcMailCopy, 1);

  copy->state = AC_MAIL_COPY_MOVING;
  copy->folder = g_strdup (hit->folder);
  return copy;
}

/* Takes over what was seen of a copy that is still to be moved. */
static void
update_copy (AcMailCopy *copy, const AcMailHit *hit)
{
  copy->uid_validity = hit->uid_validity;
  copy->uid = hit->message->uid;
  copy->date = hit->message->date;
  copy->size = hit->message->size;
  g_strfreev (copy->flags);
  copy->flags = g_strdupv (hit->message->flags);
}

static void
note_as_moved (AcMailCopy *copy, guint32 uid_validity, guint32 uid)
{
  copy->state = AC_MAIL_COPY_MOVED;
  copy->kept.uid_validity = uid_validity;
  copy->kept.uid = uid;
}

/* A move was begun, perhaps by a process that is dead: was it done? */
static void
settle_begun_copy (AcMailStep *step)
{
  AcMailCopy *copy = step->copy;
  AcMailWork *work = step->work;

  copy->was_begun = TRUE;
  work->is_unwritten = TRUE;
  if (step->there != NULL)
    {
      /* A server that dies between the two halves of a move leaves both. The one in the owner's
       * folder is moved, the other one stays where it is: nothing is ever deleted. */
      copy->left_second_copy = copy->left_second_copy || step->kept != NULL;
      copy->may_be_gone = FALSE;
      update_copy (copy, step->there);
      return;
    }
  if (step->kept != NULL)
    {
      note_as_moved (copy, step->kept->uid_validity, step->kept->message->uid);
      return;
    }
  g_free (work->vanished_from);
  work->vanished_from = g_strdup (copy->folder);
  g_ptr_array_remove (work->receipt->copies, copy);
}

static void
settle_moved_copy (AcMailStep *step)
{
  step->copy->is_lost = step->kept == NULL;
  if (step->kept != NULL)
    note_as_moved (step->copy, step->kept->uid_validity, step->kept->message->uid);
}

/* Compares what the receipts say with what was seen. */
static void
settle_receipts (AcMailBatch *batch)
{
  g_autoptr (GPtrArray) moved = ac_mail_batch_steps (batch, AC_MAIL_COPY_MOVED);
  g_autoptr (GPtrArray) begun = ac_mail_batch_steps (batch, AC_MAIL_COPY_MOVING);

  ac_mail_steps_find (moved, ac_mail_work_find_kept, TRUE, AC_MAIL_ORIGIN_ANY);
  ac_mail_steps_find (begun, ac_mail_work_find_source, FALSE, AC_MAIL_ORIGIN_ANY);
  ac_mail_steps_find (begun, ac_mail_work_find_kept, TRUE, AC_MAIL_ORIGIN_GONE);
  ac_mail_steps_find (begun, ac_mail_work_find_kept, TRUE, AC_MAIL_ORIGIN_SEEN);
  for (guint i = 0; i < moved->len; i++)
    settle_moved_copy (moved->pdata[i]);
  for (guint i = 0; i < begun->len; i++)
    settle_begun_copy (begun->pdata[i]);
}

/* What came to the recoverable folder since the move was begun, is the copy and yet no copy of any
 * receipt: the server has done one half of a move more often than the other. */
static void
note_second_copies (AcMailWork *work)
{
  for (guint i = 0; i < work->receipt->copies->len; i++)
    {
      AcMailCopy *copy = work->receipt->copies->pdata[i];

      if (copy->was_begun && ac_mail_work_find_surplus_kept (work, copy) != NULL)
        copy->left_second_copy = TRUE;
      copy->was_begun = FALSE;
    }
}

/* Every copy that no receipt knows yet is to be moved too. */
static void
take_new_copies (AcMailBatch *batch, AcMailWork *work)
{
  for (guint i = 0; i < work->hits->len; i++)
    {
      AcMailHit *hit = work->hits->pdata[i];
      AcMailCopy *copy;

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
      hit->is_claimed = TRUE;
      copy = copy_new (hit);
      update_copy (copy, hit);
      g_ptr_array_add (work->receipt->copies, copy);
      work->is_unwritten = TRUE;
    }
}

static gboolean
look (AcMailBatch *batch, GPtrArray *works, GError **error)
{
  if (!ac_mail_batch_look_in_folders (batch, works, error) ||
      !ac_mail_batch_look_in_recoverable (batch, works, error))
    return FALSE;
  settle_receipts (batch);
  for (guint i = 0; i < works->len; i++)
    note_second_copies (works->pdata[i]);
  for (guint i = 0; i < works->len; i++)
    take_new_copies (batch, works->pdata[i]);
  return TRUE;
}

/* The receipts say where the folder's numbers stood before the move: what is there later with a
 * higher one came by it. A move that was begun before keeps its number, for its server may have
 * ended it since. */
static gboolean
write_intents (AcMailBatch *batch, GPtrArray *steps, GError **error)
{
  if (!ac_mail_batch_open_recoverable (batch, FALSE, error))
    return FALSE;
  for (guint i = 0; i < steps->len; i++)
    {
      AcMailStep *step = steps->pdata[i];

      ac_mail_place_begin (&step->copy->kept, &batch->recoverable);
      step->work->is_unwritten = TRUE;
    }
  return ac_mail_batch_write_receipts (batch, error);
}

static void
set_may_be_gone (GPtrArray *steps, gboolean may_be_gone)
{
  for (guint i = 0; i < steps->len; i++)
    ((AcMailStep *)steps->pdata[i])->copy->may_be_gone = may_be_gone;
}

/* The folder, or the numbers in it, are not what the receipts say: look again. */
static gboolean
open_source (AcMailBatch *batch, const AcMailCopy *copy, gboolean *is_same, GError **error)
{
  AcImapFolderState state;
  GError *problem = NULL;

  *is_same = FALSE;
  if (!ac_imap_client_select (batch->connection, copy->folder, TRUE, &state, &problem))
    {
      if (!g_error_matches (problem, AC_IMAP_ERROR, AC_IMAP_ERROR_NO_FOLDER))
        {
          g_propagate_error (error, problem);
          return FALSE;
        }
      g_error_free (problem);
      return TRUE;
    }
  *is_same = state.uid_validity == copy->uid_validity;
  return TRUE;
}

static void
note_moved (AcMailBatch *batch, GPtrArray *steps, const AcImapMoved *moved)
{
  guint n = 0;

  for (guint i = 0; i < steps->len; i++)
    {
      AcMailStep *step = steps->pdata[i];

      for (guint k = 0; k < moved->source->len; k++)
        if (g_array_index (moved->source, guint32, k) == step->copy->uid)
          {
            note_as_moved (step->copy, moved->uid_validity,
                           g_array_index (moved->destination, guint32, k));
            step->work->is_unwritten = TRUE;
            n++;
            break;
          }
    }
  /* Some had left the folder since they were seen, or the server does not say where they are. */
  if (n < steps->len)
    batch->wants_another_look = TRUE;
}

/* A refusal concerns these copies only; whatever else goes wrong ends the batch. */
static gboolean
blame (AcMailBatch *batch, GPtrArray *steps, GError *problem, GError **error)
{
  const AcMailStep *first = steps->pdata[0];
  g_autofree char *name = ac_imap_name_for_people (first->copy->folder);
  g_autofree char *what = NULL;

  if (problem->domain != AC_IMAP_ERROR || ac_imap_connection_is_lost (batch->connection))
    {
      g_propagate_error (error, problem);
      return FALSE;
    }
  if (ac_mail_batch_was_overtaken (batch, problem))
    return TRUE;
  if (g_error_matches (problem, AC_IMAP_ERROR, AC_IMAP_ERROR_OVER_QUOTA))
    what = g_strdup_printf ("The message is still in “%s”, because the mailbox is over its quota; "
                            "make room in it or raise the quota, then try again.",
                            name);
  else
    what = g_strdup_printf ("The message could not be moved out of “%s”.", name);
  for (guint i = 0; i < steps->len; i++)
    ac_mail_work_add_problem (((AcMailStep *)steps->pdata[i])->work, what, problem);
  g_error_free (problem);
  return TRUE;
}

/* A server that says No may have moved some of them before it came to that (RFC 6851 §3). */
static void
note_still_there (AcMailBatch *batch, GPtrArray *steps, const guint32 *uids)
{
  g_autoptr (GPtrArray) there = ac_mail_batch_see_again (batch, uids, steps->len);

  for (guint i = 0; there != NULL && i < steps->len; i++)
    {
      AcMailCopy *copy = ((AcMailStep *)steps->pdata[i])->copy;

      if (ac_imap_messages_find (there, copy->uid) != NULL)
        copy->may_be_gone = FALSE;
    }
}

static gboolean
move_folder (AcMailBatch *batch, GPtrArray *steps, GError **error)
{
  const AcMailStep *first = steps->pdata[0];
  g_autofree guint32 *uids = ac_mail_steps_uids (steps, FALSE);
  g_autoptr (AcImapMoved) moved = NULL;
  GError *problem = NULL;
  gboolean is_same;

  if (!open_source (batch, first->copy, &is_same, &problem))
    return blame (batch, steps, problem, error);
  if (!is_same)
    {
      batch->wants_another_look = TRUE;
      return TRUE;
    }
  set_may_be_gone (steps, TRUE);
  moved = ac_imap_client_move (batch->connection, uids, steps->len, batch->config->recoverable,
                               &problem);
  if (moved == NULL)
    {
      if (ac_imap_error_is_refusal (problem))
        note_still_there (batch, steps, uids);
      return blame (batch, steps, problem, error);
    }
  note_moved (batch, steps, moved);
  return ac_mail_batch_write_receipts (batch, error);
}

/* A move that was resumed may have been done twice: says so of what then lies there. */
static gboolean
look_for_surplus (AcMailBatch *batch, GPtrArray *works, GError **error)
{
  g_autoptr (GPtrArray) moved = ac_mail_batch_steps (batch, AC_MAIL_COPY_MOVED);

  if (!batch->was_resumed)
    return TRUE;
  if (!ac_mail_batch_look_for_surplus (batch, works, TRUE, error))
    return FALSE;
  ac_mail_steps_find (moved, ac_mail_work_find_kept, TRUE, AC_MAIL_ORIGIN_ANY);
  for (guint i = 0; i < moved->len; i++)
    {
      AcMailStep *step = moved->pdata[i];

      if (step->copy->left_second_copy ||
          ac_mail_work_find_surplus_kept (step->work, step->copy) == NULL)
        continue;
      step->copy->left_second_copy = TRUE;
      step->work->is_unwritten = TRUE;
    }
  return TRUE;
}

/* Whether another look would find nothing else for this work to do. */
static gboolean
is_settled (AcMailBatch *batch, AcMailWork *work)
{
  if (work->receipt->copies->len == 0)
    return !batch->wants_another_look;
  for (guint i = 0; i < work->receipt->copies->len; i++)
    {
      const AcMailCopy *copy = work->receipt->copies->pdata[i];

      if (copy->state == AC_MAIL_COPY_MOVING && !ac_mail_batch_leaves (batch, copy))
        return FALSE;
    }
  return TRUE;
}

/* A folder that could not be looked at may hold one more copy. Where one folder alone is meant, the
 * others matter only to what is said of a message that was not found in it. */
static void
say_unread (AcMailBatch *batch, AcMailWork *work)
{
  gboolean has_found = work->receipt->copies->len > 0 || work->kept->len > 0;

  for (guint i = 0; i < work->receipt->copies->len; i++)
    has_found = has_found && !ac_mail_batch_leaves (batch, work->receipt->copies->pdata[i]);
  ac_mail_batch_say_unread (batch, work, has_found ? work->only_folder : NULL);
}

/**
 * ac_mail_apply:
 *
 * Moves every copy of the unfinished works' messages to the recoverable folder, once looked for and
 * once written down. Gives an outcome to each work that needs no other look.
 *
 * Returns: %FALSE when the whole batch was stopped; the receipts say how far it has come.
 */
gboolean
ac_mail_apply (AcMailBatch *batch, GError **error)
{
  g_autoptr (GPtrArray) works = ac_mail_batch_unfinished (batch);
  g_autoptr (GPtrArray) steps = NULL;

  if (!look (batch, works, error))
    return FALSE;
  steps = ac_mail_batch_steps (batch, AC_MAIL_COPY_MOVING);
  if (steps->len > 0 && !write_intents (batch, steps, error))
    return FALSE;
  while (steps->len > 0)
    {
      g_autoptr (GPtrArray) some = ac_mail_steps_take_folder (steps, UIDS_A_MOVE);

      if (!move_folder (batch, some, error))
        return FALSE;
    }
  /* Where all had been moved before, nothing has been written down yet. */
  if (!look_for_surplus (batch, works, error) || !ac_mail_batch_write_receipts (batch, error))
    return FALSE;
  for (guint i = 0; i < works->len; i++)
    {
      AcMailWork *work = works->pdata[i];

      if (is_settled (batch, work))
        say_unread (batch, work);
      if (work->problems->len > 0 || is_settled (batch, work))
        ac_mail_say_applied (batch, work);
    }
  return TRUE;
}
