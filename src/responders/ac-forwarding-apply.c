/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way there: look, write the script without its forwarding, have the server compile it, write
 * the receipt, put it under a name of our own, make it active, see it active, write that down. The
 * original stays where it is all the time, and is never written to. */
#include "config.h"

#include "responders/ac-forwarding-run.h"

#define MAX_NAMES 100

/* A name of ours that no other script of the mailbox has: neither the user's nor what another
 * action has put. */
static char *
choose_name (AcForwardingRun *run)
{
  char *name = g_strdup (run->config->script_name);

  for (guint i = 2; i <= MAX_NAMES && ac_forwarding_run_has_script (run, name); i++)
    {
      g_free (name);
      name = g_strdup_printf ("%s-%u", run->config->script_name, i);
    }
  return name;
}

static AcSieveRedirects *
find_redirects (AcForwardingRun *run, GBytes *script, GError **error)
{
  gsize length;
  const char *text = g_bytes_get_data (script, &length);

  return ac_sieve_redirects_new (text, length, (const char *const *)run->config->domains, error);
}

/* Says what was done, by the scripts in the receipt, so that it is the same whenever it is asked.
 */
static gboolean
say_applied (AcForwardingRun *run, GError **error)
{
  g_auto (AcForwardingIncludes) includes = { 0 };
  g_autoptr (AcSieveRedirects) redirects = find_redirects (run, run->receipt->original, error);

  if (redirects == NULL || !ac_forwarding_includes_look (run, redirects, &includes, error))
    return FALSE;
  ac_forwarding_say_applied (run, redirects, &includes);
  return TRUE;
}

/* What an earlier run has left. TRUE also when nothing is left of it, or nothing that is ours any
 * more: then it starts anew. */
static gboolean
settle_receipt (AcForwardingRun *run, GError **error)
{
  g_autoptr (GBytes) ours = NULL;

  if (run->receipt == NULL || g_strcmp0 (run->active, run->receipt->our_name) != 0)
    {
      run->may_be_active = FALSE;
      return TRUE;
    }
  if (!ac_forwarding_run_get (run, run->receipt->our_name, &ours, error))
    return FALSE;
  if (ours == NULL || !g_bytes_equal (ours, run->receipt->ours))
    return TRUE;
  if (run->receipt->state != AC_FORWARDING_REPLACED &&
      !ac_forwarding_run_note (run, AC_FORWARDING_REPLACED, error))
    return FALSE;
  return say_applied (run, error);
}

/* A script that the server does not compile, whoever has written it. TRUE: it was said; FALSE: this
 * was no refusal. */
static gboolean
say_refused (AcForwardingRun *run, GBytes *original, GError *problem, GError **error)
{
  g_autoptr (GError) of_original = NULL;

  if (g_error_matches (problem, AC_SIEVE_ERROR, AC_SIEVE_ERROR_OVER_QUOTA))
    {
      ac_task_set_failed (
          run->task, FALSE,
          "Nothing was changed, because the mailbox may not have one more script of "
          "this size; delete scripts in it or raise the quota, then try again. %s",
          problem->message);
      g_error_free (problem);
      return TRUE;
    }
  if (!g_error_matches (problem, AC_SIEVE_ERROR, AC_SIEVE_ERROR_REFUSED))
    {
      g_propagate_error (error, problem);
      return FALSE;
    }
  if (!ac_sieve_connection_check (run->connection, original, &of_original) &&
      g_error_matches (of_original, AC_SIEVE_ERROR, AC_SIEVE_ERROR_REFUSED))
    ac_task_set_failed (
        run->task, FALSE,
        "The active script “%s” does not compile, so that nothing was changed in it. "
        "Look at it with the owner of the mailbox. %s",
        run->active, of_original->message);
  else
    ac_task_set_failed (run->task, FALSE,
                        "Without its forwarding the script “%s” would not compile, so that nothing "
                        "was changed. Look at it with the owner of the mailbox. %s",
                        run->active, problem->message);
  g_error_free (problem);
  return TRUE;
}

/* What an earlier run has planned is not to be done any more; what it has left goes. */
static gboolean
drop_plan (AcForwardingRun *run, GError **error)
{
  if (run->receipt == NULL)
    return TRUE;
  if (!ac_forwarding_run_delete_ours (run, error))
    return FALSE;
  g_clear_pointer (&run->receipt, ac_forwarding_receipt_free);
  return TRUE;
}

/* Whether the receipt plans just this, so that what it has begun can be finished. */
static gboolean
receipt_plans (const AcForwardingRun *run, GBytes *original, GBytes *ours)
{
  return run->receipt != NULL && run->receipt->state == AC_FORWARDING_REPLACING &&
         g_str_equal (run->receipt->original_name, run->active) &&
         g_bytes_equal (run->receipt->original, original) &&
         g_bytes_equal (run->receipt->ours, ours);
}

/* Writes down what is to be done. */
static gboolean
plan (AcForwardingRun *run, GBytes *original, GBytes *ours, GError **error)
{
  g_autofree char *name = NULL;
  g_autoptr (GBytes) there = NULL;

  if (receipt_plans (run, original, ours))
    {
      if (!ac_forwarding_run_get (run, run->receipt->our_name, &there, error))
        return FALSE;
      if (there == NULL || g_bytes_equal (there, ours))
        return TRUE;
    }
  if (!drop_plan (run, error))
    return FALSE;
  name = choose_name (run);
  run->receipt = ac_forwarding_receipt_new (run->active, original, name, ours);
  return ac_forwarding_run_note (run, AC_FORWARDING_REPLACING, error);
}

/* Puts our script and sees it there, byte for byte. */
static gboolean
put (AcForwardingRun *run, GBytes *original, GError **error)
{
  GError *problem = NULL;
  g_autoptr (GBytes) there = NULL;

  if (!ac_sieve_connection_put (run->connection, run->receipt->our_name, run->receipt->ours,
                                &problem))
    return say_refused (run, original, problem, error);
  there = ac_sieve_connection_get (run->connection, run->receipt->our_name, error);
  if (there == NULL)
    return FALSE;
  if (g_bytes_equal (there, run->receipt->ours))
    return TRUE;
  ac_sieve_connection_delete (run->connection, run->receipt->our_name, NULL);
  ac_task_set_failed (run->task, FALSE,
                      "The mail server has stored another script than it was given, so that it was "
                      "not made active. The script “%s” runs as before.",
                      run->active);
  return TRUE;
}

/* Whether the mailbox is still as it was when the plan was made. */
static gboolean
is_unchanged (AcForwardingRun *run, gboolean *unchanged, GError **error)
{
  g_autoptr (GBytes) now = NULL;

  *unchanged = FALSE;
  if (!ac_forwarding_run_look (run, error))
    return FALSE;
  if (g_strcmp0 (run->active, run->receipt->original_name) != 0)
    return TRUE;
  if (!ac_forwarding_run_get (run, run->active, &now, error))
    return FALSE;
  *unchanged = now != NULL && g_bytes_equal (now, run->receipt->original);
  return TRUE;
}

/* Whether every address that would be taken out is one that a person has seen, or it is not known
 * what was seen. Those that the owner has taken out since are no matter. */
static gboolean
is_approved (const AcForwardingRun *run, const AcSieveRedirects *redirects)
{
  const char *const *approved = (const char *const *)run->task->approved;

  for (guint i = 0; approved != NULL && i < redirects->removed->len; i++)
    if (!g_strv_contains (approved, ((const AcSieveTarget *)redirects->removed->pdata[i])->text))
      return FALSE;
  return TRUE;
}

static gboolean
replace (AcForwardingRun *run, GBytes *original, GBytes *ours, GError **error)
{
  gboolean unchanged;

  if (!plan (run, original, ours, error) || !put (run, original, error))
    return FALSE;
  if (ac_forwarding_run_is_done (run))
    return TRUE;
  if (!is_unchanged (run, &unchanged, error))
    return FALSE;
  if (!unchanged)
    return TRUE;
  run->may_be_active = TRUE;
  if (!ac_sieve_connection_activate (run->connection, run->receipt->our_name, error))
    {
      /* A server that answers No has not done it. */
      run->may_be_active = ac_sieve_connection_is_lost (run->connection);
      return FALSE;
    }
  if (!ac_forwarding_run_look (run, error))
    return FALSE;
  /* Only what was seen is done: otherwise another look tells what is the matter. */
  return settle_receipt (run, error);
}

/**
 * ac_forwarding_apply:
 *
 * Looks at the scripts of the mailbox and puts one without forwarding in the place of the active
 * one. Gives the task its outcome unless something has changed meanwhile: then it is to be called
 * again.
 *
 * Returns: %FALSE when the run was stopped; the receipt says how far it has come.
 */
gboolean
ac_forwarding_apply (AcForwardingRun *run, GError **error)
{
  g_autoptr (GBytes) original = NULL;
  g_autoptr (GBytes) ours = NULL;
  g_autoptr (AcSieveRedirects) redirects = NULL;
  g_auto (AcForwardingIncludes) includes = { 0 };
  GError *problem = NULL;

  if (!ac_forwarding_run_look (run, error) || !settle_receipt (run, error))
    return FALSE;
  if (ac_forwarding_run_is_done (run))
    return TRUE;
  if (run->active == NULL)
    {
      if (!drop_plan (run, error))
        return FALSE;
      ac_task_set_outcome (run->task, AC_OUTCOME_NOTHING_TO_DO,
                           "The mail server shows no active script in this mailbox, so that there "
                           "is nothing to turn off. One that was laid into the home by hand, in "
                           "the place of the active one, is not shown, and runs all the same.");
      return TRUE;
    }
  if (!ac_forwarding_run_get (run, run->active, &original, error))
    return FALSE;
  if (original == NULL)
    return TRUE;
  redirects = find_redirects (run, original, &problem);
  if (redirects == NULL)
    {
      ac_task_set_failed (
          run->task, FALSE,
          "The active script “%s” cannot be read, so that nothing was changed in it. "
          "Look at it with the owner of the mailbox. %s",
          run->active, problem->message);
      g_error_free (problem);
      return TRUE;
    }
  if (redirects->removed->len == 0)
    {
      if (!drop_plan (run, error) ||
          !ac_forwarding_includes_look (run, redirects, &includes, error))
        return FALSE;
      ac_forwarding_say_nothing_to_turn_off (run, redirects, &includes);
      return TRUE;
    }
  ours = g_bytes_new (redirects->text, redirects->length);
  /* What was begun is finished: what it was about was looked at before. */
  if (!receipt_plans (run, original, ours) && !is_approved (run, redirects))
    {
      if (!drop_plan (run, error))
        return FALSE;
      ac_forwarding_say_not_approved (run, redirects);
      return TRUE;
    }
  if (!ac_sieve_connection_check (run->connection, ours, &problem))
    return say_refused (run, original, problem, error);
  return replace (run, original, ours, error);
}
