/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "responders/ac-forwarding-run.h"

/**
 * ac_forwarding_run_look:
 *
 * Asks the mail server which scripts there are and which one is active.
 */
gboolean
ac_forwarding_run_look (AcForwardingRun *run, GError **error)
{
  g_clear_pointer (&run->scripts, g_ptr_array_unref);
  run->active = NULL;
  run->scripts = ac_sieve_connection_list (run->connection, error);
  if (run->scripts == NULL)
    return FALSE;
  for (guint i = 0; i < run->scripts->len; i++)
    {
      const AcSieveListed *listed = run->scripts->pdata[i];

      if (listed->is_active)
        run->active = listed->name;
    }
  return TRUE;
}

/**
 * ac_forwarding_run_has_script:
 *
 * Returns: whether the last look has shown a script of this name.
 */
gboolean
ac_forwarding_run_has_script (const AcForwardingRun *run, const char *name)
{
  for (guint i = 0; i < run->scripts->len; i++)
    if (g_str_equal (((const AcSieveListed *)run->scripts->pdata[i])->name, name))
      return TRUE;
  return FALSE;
}

/**
 * ac_forwarding_run_get:
 * @script: (out) (nullable): the script, %NULL when there is none of this name
 */
gboolean
ac_forwarding_run_get (AcForwardingRun *run, const char *name, GBytes **script, GError **error)
{
  GError *problem = NULL;

  *script = NULL;
  if (!ac_forwarding_run_has_script (run, name))
    return TRUE;
  *script = ac_sieve_connection_get (run->connection, name, &problem);
  if (*script != NULL)
    return TRUE;
  if (g_error_matches (problem, AC_SIEVE_ERROR, AC_SIEVE_ERROR_NO_SCRIPT))
    {
      g_error_free (problem);
      return TRUE;
    }
  g_propagate_error (error, problem);
  return FALSE;
}

/**
 * ac_forwarding_run_note:
 *
 * Makes the receipt durable, in this state.
 */
gboolean
ac_forwarding_run_note (AcForwardingRun *run, AcForwardingState state, GError **error)
{
  g_autoptr (GPtrArray) tasks = g_ptr_array_new ();

  run->receipt->state = state;
  g_clear_pointer (&run->task->receipt, json_object_unref);
  run->task->receipt = ac_forwarding_receipt_to_json (run->receipt);
  g_ptr_array_add (tasks, run->task);
  if (ac_tasks_write_receipts (tasks, run->sink, run->sink_data, error))
    return TRUE;
  run->sink_has_failed = TRUE;
  return FALSE;
}

/**
 * ac_forwarding_run_delete_ours:
 *
 * Deletes the script that the receipt says we have put, when it lies there as we have put it and
 * does not run. A server that refuses is left alone: the script does no harm.
 */
gboolean
ac_forwarding_run_delete_ours (AcForwardingRun *run, GError **error)
{
  g_autoptr (GBytes) script = NULL;
  GError *problem = NULL;

  if (g_strcmp0 (run->active, run->receipt->our_name) == 0)
    return TRUE;
  if (!ac_forwarding_run_get (run, run->receipt->our_name, &script, error))
    return FALSE;
  if (script == NULL || !g_bytes_equal (script, run->receipt->ours) ||
      ac_sieve_connection_delete (run->connection, run->receipt->our_name, &problem))
    return TRUE;
  if (problem->domain == AC_SIEVE_ERROR && !ac_sieve_connection_is_lost (run->connection))
    {
      g_error_free (problem);
      return TRUE;
    }
  g_propagate_error (error, problem);
  return FALSE;
}

/**
 * ac_forwarding_run_is_done:
 *
 * Returns: whether the task has its outcome.
 */
gboolean
ac_forwarding_run_is_done (const AcForwardingRun *run)
{
  return run->task->outcome != AC_OUTCOME_UNKNOWN;
}
