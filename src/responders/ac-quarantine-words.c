/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What came of a task, in words: what was seen, never what was meant to be. */
#include "config.h"

#include "responders/ac-imap-name.h"
#include "responders/ac-quarantine-batch.h"

/* “INBOX” and “Archive”: the folders of the copies that are in this state. */
static char *
list_folders (const AcQuarantineReceipt *receipt, AcQuarantineState state, guint *n)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) text = g_string_new (NULL);

  *n = 0;
  for (guint i = 0; i < receipt->copies->len; i++)
    {
      const AcQuarantineCopy *copy = receipt->copies->pdata[i];
      gboolean is_back = state == AC_QUARANTINE_RESTORED && copy->back_folder != NULL;
      g_autofree char *name = ac_imap_name_for_people (is_back ? copy->back_folder : copy->folder);

      if (copy->state != state || copy->is_lost)
        continue;
      (*n)++;
      if (!g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
        g_ptr_array_add (names, g_steal_pointer (&name));
    }
  for (guint i = 0; i < names->len; i++)
    g_string_append_printf (text, "%s“%s”",
                            i == 0               ? ""
                            : i + 1 < names->len ? ", "
                                                 : " and ",
                            (const char *)names->pdata[i]);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
say_failed (AcQuarantineWork *work, const char *done)
{
  g_autofree char **problems = g_new0 (char *, work->problems->len + 1);
  g_autofree char *joined = NULL;

  for (guint i = 0; i < work->problems->len; i++)
    problems[i] = work->problems->pdata[i];
  joined = g_strjoinv (" ", problems);
  ac_task_set_failed (work->task, work->problem_is_transient, "%s%s%s", done,
                      *done != '\0' ? " " : "", joined);
  ac_quarantine_work_note_part (work);
}

static gboolean
breaks_signature (const AcQuarantineReceipt *receipt)
{
  for (guint i = 0; i < receipt->copies->len; i++)
    if (((AcQuarantineCopy *)receipt->copies->pdata[i])->breaks_signature)
      return TRUE;
  return FALSE;
}

static guint
count_without_stand_in (const AcQuarantineReceipt *receipt)
{
  guint n = 0;

  for (guint i = 0; i < receipt->copies->len; i++)
    {
      const AcQuarantineCopy *copy = receipt->copies->pdata[i];

      n += copy->state == AC_QUARANTINE_KEPT && !copy->is_lost && copy->stand_in.uid == 0;
    }
  return n;
}

static char *
say_kept (AcQuarantineBatch *batch, AcQuarantineWork *work, guint *n)
{
  g_autofree char *folders = list_folders (work->receipt, AC_QUARANTINE_KEPT, n);

  if (*n == 0)
    return g_strdup ("");
  if (batch->takes_parts)
    return g_strdup_printf (
        "The attachment was taken out of %s %s; the whole message is in quarantine.%s%s",
        *n == 1 ? "the message in" : "the copies of the message in", folders,
        breaks_signature (work->receipt) ? " The message is signed, and without the attachment its "
                                           "signature cannot be verified."
                                         : "",
        count_without_stand_in (work->receipt) > 0
            ? " Its owner has removed the message meanwhile, so that nothing stands in its place."
            : "");
  if (*n == 1)
    return g_strdup_printf ("Moved from %s into quarantine.", folders);
  return g_strdup_printf ("%u copies moved into quarantine: from %s.", *n, folders);
}

static void
say_not_there (AcQuarantineBatch *batch, AcQuarantineWork *work)
{
  g_autofree char *only =
      work->only_folder != NULL ? ac_imap_name_for_people (work->only_folder) : NULL;
  g_autofree char *seen = work->seen_in != NULL ? ac_imap_name_for_people (work->seen_in) : NULL;

  /* What keeps an attachment from being taken out is never hidden behind another one in quarantine:
   * it is still in the mailbox. */
  if (work->is_kept && (work->why_not == NULL || work->has_no_part))
    ac_task_set_outcome (work->task, AC_OUTCOME_ALREADY_THERE,
                         "The message is in quarantine already.%s%s%s",
                         seen != NULL ? " Another copy of it lies in “" : "",
                         seen != NULL ? seen : "", seen != NULL ? "”, where it was left." : "");
  else if (work->why_not != NULL)
    ac_task_set_failed (work->task, FALSE, "%s", work->why_not);
  else if (seen != NULL)
    ac_task_set_outcome (work->task, AC_OUTCOME_MOVED_BY_OTHER,
                         "The message is not in “%s” any more: it lies in “%s”, where it was left.",
                         only, seen);
  else if (work->has_vanished)
    ac_task_set_outcome (work->task, AC_OUTCOME_NOT_FOUND,
                         "The message has vanished: somebody else has removed it.");
  else if (only != NULL && !ac_quarantine_batch_has_folder (batch, work->only_folder))
    ac_task_set_outcome (
        work->task, AC_OUTCOME_NOT_FOUND,
        "The folder “%s” does not exist any more, and the message is in no other folder.", only);
  else
    ac_task_set_outcome (work->task, AC_OUTCOME_NOT_FOUND,
                         "There is no message with this Message-ID in the mailbox's folders.");
}

/**
 * ac_quarantine_say_applied:
 *
 * Gives a work its outcome after it was carried out.
 */
void
ac_quarantine_say_applied (AcQuarantineBatch *batch, AcQuarantineWork *work)
{
  guint n;
  g_autofree char *kept = say_kept (batch, work, &n);

  work->is_done = TRUE;
  if (work->problems->len > 0)
    say_failed (work, kept);
  else if (n > 0)
    ac_task_set_outcome (work->task, batch->takes_parts ? AC_OUTCOME_DONE : AC_OUTCOME_MOVED, "%s",
                         kept);
  else if (work->receipt->copies->len > 0)
    ac_task_set_outcome (
        work->task, AC_OUTCOME_MOVED_BY_OTHER,
        "The message was put into quarantine, and somebody else has taken it out of "
        "there since.");
  else
    say_not_there (batch, work);
}

static char *
say_restored (AcQuarantineBatch *batch, const AcQuarantineReceipt *receipt, guint *n)
{
  g_autofree char *folders = list_folders (receipt, AC_QUARANTINE_RESTORED, n);
  const char *made = "";
  const char *gone = "";

  for (guint i = 0; i < receipt->copies->len; i++)
    {
      const AcQuarantineCopy *copy = receipt->copies->pdata[i];

      if (copy->folder_was_made)
        made = " A folder that had been deleted was made again for it.";
      if (copy->stand_in_gone)
        gone =
            batch->unread->len > 0
                ? " The message that stood in its place was in no folder that could be looked at."
                : " The message that stood in its place had been removed or changed by somebody "
                  "else.";
    }
  if (*n == 0)
    return g_strdup ("");
  if (*n == 1)
    return g_strdup_printf ("Moved back from quarantine to %s.%s%s", folders, made, gone);
  return g_strdup_printf ("%u copies moved back from quarantine: to %s.%s%s", *n, folders, made,
                          gone);
}

static char *
say_lost (const AcQuarantineWork *work)
{
  g_autofree char *seen = work->seen_in != NULL ? ac_imap_name_for_people (work->seen_in) : NULL;

  if (seen != NULL)
    return g_strdup_printf ("It is not in quarantine any more: somebody else has moved it to “%s”.",
                            seen);
  if (work->has_like_kept)
    return g_strdup (
        "It is not where it was put in quarantine. One that is like it lies there under "
        "another number, and was left, for it may be that of another action: move it "
        "back by hand.");
  return g_strdup (
      "It is neither in quarantine any more nor anywhere in the mailbox, and cannot be "
      "brought back.");
}

/**
 * ac_quarantine_say_undone:
 *
 * Gives a work its outcome after an undo.
 */
void
ac_quarantine_say_undone (AcQuarantineBatch *batch, AcQuarantineWork *work)
{
  guint n;
  g_autofree char *back = say_restored (batch, work->receipt, &n);
  gboolean has_lost = n < work->receipt->copies->len;
  g_autofree char *lost = has_lost ? say_lost (work) : NULL;

  work->is_done = TRUE;
  if (work->problems->len > 0)
    say_failed (work, back);
  else if (work->receipt->copies->len == 0)
    ac_task_set_outcome (work->task, AC_OUTCOME_NOT_FOUND,
                         "This action has put nothing of this mailbox into quarantine, so there is "
                         "nothing to bring back.");
  else if (has_lost)
    /* Not done before all of it was seen back in its place. */
    ac_task_set_outcome (work->task,
                         work->seen_in != NULL ? AC_OUTCOME_MOVED_BY_OTHER : AC_OUTCOME_NOT_FOUND,
                         "%s%s%s", n > 0 ? back : "The message could not be brought back. ",
                         n > 0 ? " Another copy was not found. " : "", lost);
  else if (n > work->n_already_back)
    ac_task_set_outcome (work->task, AC_OUTCOME_RESTORED, "%s", back);
  else
    ac_task_set_outcome (work->task, AC_OUTCOME_ALREADY_RESTORED,
                         "The message was back in its place already: somebody else has put it "
                         "there.");
}
