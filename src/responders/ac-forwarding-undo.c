/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way back: look, and only where everything is as this action has left it, write down, make the
 * original active, see it active and unchanged, take our script away, write that down. Whatever the
 * owner has changed since is the owner's: it is reported and left. */
#include "config.h"

#include "responders/ac-forwarding-run.h"

static gboolean
is_active (const AcForwardingRun *run, const char *name)
{
  return g_strcmp0 (run->active, name) == 0;
}

static gboolean
is_same (GBytes *script, GBytes *noted)
{
  return script != NULL && g_bytes_equal (script, noted);
}

/* The original runs, as it was: what is left to do, and to say. */
static gboolean
finish (AcForwardingRun *run, GError **error)
{
  AcForwardingState was = run->receipt->state;

  if (!ac_forwarding_run_delete_ours (run, error) ||
      !ac_forwarding_run_note (run, AC_FORWARDING_RESTORED, error))
    return FALSE;
  if (was == AC_FORWARDING_RESTORING)
    ac_task_set_outcome (run->task, AC_OUTCOME_RESTORED,
                         "The script “%s” is active again, as it was before this action.",
                         run->receipt->original_name);
  else if (was == AC_FORWARDING_REPLACED)
    ac_task_set_outcome (
        run->task, AC_OUTCOME_ALREADY_RESTORED,
        "The script “%s” was active already, as it was before this action: somebody "
        "else has made it so.",
        run->receipt->original_name);
  else
    ac_task_set_outcome (
        run->task, AC_OUTCOME_ALREADY_RESTORED,
        "The script “%s” is active as it was before this action, which had not come "
        "to the end.",
        run->receipt->original_name);
  return TRUE;
}

/**
 * ac_forwarding_undo:
 *
 * Looks at the scripts of the mailbox and makes the original active again. Gives the task its
 * outcome unless something has changed meanwhile: then it is to be called again.
 *
 * Returns: %FALSE when the run was stopped; the receipt says how far it has come.
 */
gboolean
ac_forwarding_undo (AcForwardingRun *run, GError **error)
{
  g_autoptr (GBytes) original = NULL;
  g_autoptr (GBytes) ours = NULL;

  if (run->receipt == NULL)
    {
      ac_task_set_outcome (
          run->task, AC_OUTCOME_NOTHING_TO_DO,
          "This action has changed nothing in this mailbox, so there is nothing to "
          "bring back.");
      return TRUE;
    }
  if (run->receipt->state == AC_FORWARDING_RESTORED)
    {
      ac_task_set_outcome (run->task, AC_OUTCOME_RESTORED,
                           "The script “%s” was made active again, as it was before this action.",
                           run->receipt->original_name);
      return TRUE;
    }
  if (!ac_forwarding_run_look (run, error) ||
      !ac_forwarding_run_get (run, run->receipt->original_name, &original, error) ||
      !ac_forwarding_run_get (run, run->receipt->our_name, &ours, error))
    return FALSE;
  if (is_active (run, run->receipt->original_name) && is_same (original, run->receipt->original))
    return finish (run, error);
  if (!is_active (run, run->receipt->our_name) || !is_same (original, run->receipt->original) ||
      !is_same (ours, run->receipt->ours))
    {
      ac_forwarding_say_changed (run, original, ours);
      return TRUE;
    }
  /* What comes next is seen in another look. */
  return ac_forwarding_run_note (run, AC_FORWARDING_RESTORING, error) &&
         ac_sieve_connection_activate (run->connection, run->receipt->original_name, error);
}
