/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What came of a task, in words: what was seen, never what was meant to be. */
#include "config.h"

#include "responders/ac-imap-name.h"
#include "responders/ac-mail-batch.h"

/* “INBOX” and “Archive” (2): the folders of the copies that are in this state. */
static char *
list_folders (const AcMailReceipt *receipt, AcMailCopyState state)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) counts = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < receipt->copies->len; i++)
    {
      const AcMailCopy *copy = receipt->copies->pdata[i];
      g_autofree char *name = NULL;
      guint index;
      guint one = 1;

      if (copy->state != state || copy->is_lost)
        continue;
      name = ac_imap_name_for_people (copy->folder);
      if (g_ptr_array_find_with_equal_func (names, name, g_str_equal, &index))
        g_array_index (counts, guint, index)++;
      else
        {
          g_ptr_array_add (names, g_steal_pointer (&name));
          g_array_append_val (counts, one);
        }
    }
  for (guint i = 0; i < names->len; i++)
    {
      if (i > 0)
        g_string_append (text, i + 1 < names->len ? ", " : " and ");
      g_string_append_printf (text, "“%s”", (const char *)names->pdata[i]);
      if (names->len > 1 && g_array_index (counts, guint, i) > 1)
        g_string_append_printf (text, " (%u)", g_array_index (counts, guint, i));
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static guint
count_seen (const AcMailReceipt *receipt, AcMailCopyState state)
{
  guint n = 0;

  for (guint i = 0; i < receipt->copies->len; i++)
    {
      const AcMailCopy *copy = receipt->copies->pdata[i];

      n += copy->state == state && !copy->is_lost;
    }
  return n;
}

/* Nothing is ever deleted, so a copy too many stays where no owner sees it. */
static const char *
say_second_copy (const AcMailReceipt *receipt)
{
  for (guint i = 0; i < receipt->copies->len; i++)
    if (((const AcMailCopy *)receipt->copies->pdata[i])->left_second_copy)
      return " A move that the mail server had not finished has left a second copy in the "
             "recoverable folder.";
  return "";
}

static char *
say_moved (const AcMailReceipt *receipt)
{
  guint n = count_seen (receipt, AC_MAIL_COPY_MOVED);
  g_autofree char *folders = list_folders (receipt, AC_MAIL_COPY_MOVED);

  if (n == 1)
    return g_strdup_printf ("Moved from %s to the recoverable folder.", folders);
  return g_strdup_printf ("%u copies moved to the recoverable folder: from %s.", n, folders);
}

static char *
join_problems (const AcMailWork *work)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < work->problems->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? " " : "", (const char *)work->problems->pdata[i]);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
say_failed (AcMailWork *work, const char *done)
{
  g_autofree char *problems = join_problems (work);

  ac_task_set_failed (work->task, work->problem_is_transient, "%s%s%s", done,
                      *done != '\0' ? " " : "", problems);
  ac_mail_work_note_part (work);
}

static void
say_not_there (AcMailBatch *batch, AcMailWork *work)
{
  g_autofree char *only =
      work->only_folder != NULL ? ac_imap_name_for_people (work->only_folder) : NULL;
  g_autofree char *seen = work->seen_in != NULL ? ac_imap_name_for_people (work->seen_in) : NULL;
  g_autofree char *from =
      work->vanished_from != NULL ? ac_imap_name_for_people (work->vanished_from) : NULL;

  if (work->kept->len > 0)
    ac_task_set_outcome (work->task, AC_OUTCOME_ALREADY_THERE,
                         "The message is in the recoverable folder already.%s%s%s",
                         seen != NULL ? " Another copy of it lies in “" : "",
                         seen != NULL ? seen : "", seen != NULL ? "”, where it was left." : "");
  else if (seen != NULL)
    ac_task_set_outcome (work->task, AC_OUTCOME_MOVED_BY_OTHER,
                         "The message is not in “%s” any more: it lies in “%s”, where it was left.",
                         from != NULL ? from : only, seen);
  else if (from != NULL)
    ac_task_set_outcome (work->task, AC_OUTCOME_NOT_FOUND,
                         "The message has vanished from “%s”: somebody else has removed it.", from);
  else if (only != NULL && !ac_mail_batch_has_folder (batch, work->only_folder))
    ac_task_set_outcome (
        work->task, AC_OUTCOME_NOT_FOUND,
        "The folder “%s” does not exist any more, and the message is in no other folder.", only);
  else
    ac_task_set_outcome (work->task, AC_OUTCOME_NOT_FOUND,
                         "There is no message with this Message-ID in the mailbox.");
}

/**
 * ac_mail_say_applied:
 *
 * Gives a work its outcome after a soft delete.
 */
void
ac_mail_say_applied (AcMailBatch *batch, AcMailWork *work)
{
  guint n_moved = count_seen (work->receipt, AC_MAIL_COPY_MOVED);
  g_autofree char *moved = n_moved > 0 ? say_moved (work->receipt) : g_strdup ("");

  work->is_done = TRUE;
  if (work->problems->len > 0)
    say_failed (work, moved);
  else if (n_moved > 0)
    ac_task_set_outcome (work->task, AC_OUTCOME_MOVED, "%s%s", moved,
                         say_second_copy (work->receipt));
  else if (work->receipt->copies->len > 0)
    ac_task_set_outcome (work->task, AC_OUTCOME_MOVED_BY_OTHER,
                         "The message was moved to the recoverable folder, and somebody else has "
                         "taken it out of there since.");
  else
    say_not_there (batch, work);
}

static gboolean
has_made_folder (const AcMailReceipt *receipt)
{
  for (guint i = 0; i < receipt->copies->len; i++)
    if (((const AcMailCopy *)receipt->copies->pdata[i])->folder_was_made)
      return TRUE;
  return FALSE;
}

static char *
say_restored (const AcMailReceipt *receipt)
{
  guint n = count_seen (receipt, AC_MAIL_COPY_RESTORED);
  g_autofree char *folders = list_folders (receipt, AC_MAIL_COPY_RESTORED);
  const char *made =
      has_made_folder (receipt) ? " A folder that had been deleted was made again for it." : "";

  if (n == 1)
    return g_strdup_printf ("Moved back to %s.%s", folders, made);
  return g_strdup_printf ("%u copies moved back: to %s.%s", n, folders, made);
}

/* What to say about copies that are not where they were put. */
static char *
say_lost (const AcMailWork *work)
{
  g_autofree char *seen = work->seen_in != NULL ? ac_imap_name_for_people (work->seen_in) : NULL;

  if (seen != NULL)
    return g_strdup_printf (
        "It is not in the recoverable folder any more: somebody else has moved it to “%s”.", seen);
  return g_strdup ("It is neither in the recoverable folder any more nor anywhere else in the "
                   "mailbox, and cannot be brought back.");
}

/**
 * ac_mail_say_undone:
 *
 * Gives a work its outcome after an undo.
 */
void
ac_mail_say_undone (AcMailBatch *batch, AcMailWork *work)
{
  guint n_back = count_seen (work->receipt, AC_MAIL_COPY_RESTORED);
  gboolean has_lost = n_back < work->receipt->copies->len;
  g_autofree char *back = n_back > 0 ? say_restored (work->receipt) : g_strdup ("");
  g_autofree char *lost = has_lost ? say_lost (work) : NULL;

  work->is_done = TRUE;
  if (work->problems->len > 0)
    say_failed (work, back);
  else if (work->receipt->copies->len == 0)
    ac_task_set_outcome (work->task, AC_OUTCOME_NOT_FOUND,
                         "This action has moved nothing in this mailbox, so there is nothing to "
                         "bring back.");
  else if (has_lost)
    /* Not done before all of it was seen back in its place. */
    ac_task_set_outcome (work->task,
                         work->seen_in != NULL ? AC_OUTCOME_MOVED_BY_OTHER : AC_OUTCOME_NOT_FOUND,
                         "%s%s%s", n_back > 0 ? back : "The message could not be moved back. ",
                         n_back > 0 ? " Another copy could not be moved back. " : "", lost);
  else if (n_back > work->n_already_back)
    ac_task_set_outcome (work->task, AC_OUTCOME_RESTORED, "%s%s", back,
                         say_second_copy (work->receipt));
  else
    ac_task_set_outcome (work->task, AC_OUTCOME_ALREADY_RESTORED,
                         "The message was back in its place already: somebody else has put it "
                         "there.");
}
