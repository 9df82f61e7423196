/* SPDX-License-Identifier: GPL-3.0-or-later */
/* actionctl approve, reject, undo, retry: one decision over all the given actions, followed to its
 * end; and take-back, for decisions that have not begun. */
#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "actionctl/ac-ctl.h"
#include "client/ac-operation-run.h"
#include "model/ac-transition.h"

static char *comment;
static gboolean no_wait;
static int confirmed = -1;
static char **assets;

static const GOptionEntry options[] = {
  { "comment", 0, 0, G_OPTION_ARG_STRING, &comment, N_ ("Why, for the timeline and the audit log"),
    N_ ("TEXT") },
  { "no-wait", 0, 0, G_OPTION_ARG_NONE, &no_wait,
    N_ ("End when the service has acknowledged the decision"), NULL },
  { NULL },
};

/* The ids on the command line; for “-” those in the lines of standard input. NULL after a
 * complaint. */
static GStrv
read_ids (const char *const *arguments)
{
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();

  for (guint i = 0; arguments[i] != NULL; i++)
    {
      char line[1024];

      if (!g_str_equal (arguments[i], "-"))
        {
          g_strv_builder_add (ids, arguments[i]);
          continue;
        }
      while (fgets (line, sizeof line, stdin) != NULL)
        {
          if (strchr (line, '\n') == NULL && !feof (stdin))
            {
              ac_ctl_complain (_ ("A line of standard input is too long for an id."));
              return NULL;
            }
          g_strstrip (line);
          if (*line != '\0')
            g_strv_builder_add (ids, line);
        }
      if (ferror (stdin))
        {
          ac_ctl_complain (_ ("Standard input could not be read: %s."), g_strerror (errno));
          return NULL;
        }
    }
  return g_strv_builder_end (ids);
}

static void
print_operation (AcCtl *ctl, AcOperation *operation)
{
  GPtrArray *items = ac_operation_get_items (operation);
  g_autoptr (AcCtlTable) table = NULL;

  if (ctl->json)
    {
      g_autoptr (JsonObject) object = ac_operation_to_json (operation);

      ac_ctl_print_json (object);
      return;
    }
  if (no_wait)
    {
      g_print ("%s\n", ac_operation_get_id (operation));
      return;
    }
  table = ac_ctl_table_new (
      (const char *const[]){ _ ("ID"), _ ("Status"), _ ("What came of it"), NULL });
  for (guint i = 0; i < items->len; i++)
    {
      const AcOperationItem *item = items->pdata[i];

      ac_ctl_table_add (
          table, (const char *const[]){ item->action_id,
                                        ac_vocabulary_label (AC_VOCABULARY_STATUS, item->status),
                                        item->detail, NULL });
    }
  ac_ctl_table_print (table);
}

static void
print_refusal (AcCtl *ctl, AcOperationRun *run)
{
  const AcProblem *problem = ac_operation_run_get_problem (run);

  if (problem != NULL && ctl->json)
    {
      g_autoptr (JsonObject) object = ac_problem_to_json (problem);

      ac_ctl_print_json (object);
    }
  ac_ctl_complain ("%s", ac_operation_run_get_message (run));
  if (ac_operation_run_wants_confirmation (run))
    ac_ctl_complain (_ ("To approve it, say “--confirm %d”."), (int)problem->messages);
  for (guint i = 0; problem != NULL && i < problem->conflicts->len; i++)
    {
      const AcConflict *conflict = problem->conflicts->pdata[i];
      g_autofree char *when = ac_ctl_time_text (conflict->decided_at);

      if (conflict->decided_by == NULL)
        ac_ctl_complain (_ ("%1$s is %2$s."), conflict->action_id,
                         ac_vocabulary_label (AC_VOCABULARY_STATUS, conflict->status));
      else
        /* Translators: an id, a decision, a person, a time */
        ac_ctl_complain (_ ("%1$s: “%2$s” was decided by %3$s at %4$s."), conflict->action_id,
                         ac_vocabulary_label (AC_VOCABULARY_DECISION, conflict->decision),
                         conflict->decided_by, when);
    }
}

static gboolean
is_over (AcOperationRun *run)
{
  AcOperationRunState state = ac_operation_run_get_state (run);

  return state >= AC_OPERATION_RUN_FINISHED || (no_wait && state == AC_OPERATION_RUN_RUNNING);
}

/* Whoever waits at a terminal is told for what, and how to change their mind meanwhile. */
static void
tell_grace (AcOperationRun *run, gint64 left)
{
  guint seconds = (guint)((left + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC);

  /* Translators: a number of seconds, the id of an operation */
  g_printerr (ngettext ("It begins in %1$u second. To take it back: actionctl take-back %2$s\n",
                        "It begins in %1$u seconds. To take it back: actionctl take-back %2$s\n",
                        seconds),
              seconds, ac_operation_get_id (ac_operation_run_get_operation (run)));
}

static void
follow (AcOperationRun *run)
{
  gboolean told = no_wait || !isatty (STDERR_FILENO);

  ac_operation_run_start (run);
  while (!is_over (run))
    {
      gint64 left = ac_operation_run_get_grace_left (run);

      if (!told && left > 0)
        tell_grace (run, left);
      told = told || left > 0;
      g_main_context_iteration (NULL, TRUE);
    }
}

static AcCtlExit
decide (AcCtl *ctl, AcDecision decision, const char *const *arguments)
{
  g_auto (GStrv) ids = read_ids (arguments);
  g_autoptr (AcOperationRun) run = NULL;

  if (ids == NULL)
    return AC_CTL_USAGE;
  if (ids[0] == NULL)
    {
      ac_ctl_complain (_ ("There are no ids to decide about."));
      return AC_CTL_USAGE;
    }
  run = ac_operation_run_new (ctl->api, decision, (const char *const *)ids, comment);
  ac_operation_run_set_assets (run, (const char *const *)assets);
  follow (run);
  if (ac_operation_run_wants_confirmation (run) &&
      ac_operation_run_get_problem (run)->messages == confirmed)
    {
      g_autoptr (AcOperationRun) again = ac_operation_run_new_confirmed (run);

      g_set_object (&run, again);
      follow (run);
    }

  switch (ac_operation_run_get_state (run))
    {
    case AC_OPERATION_RUN_RUNNING:
      print_operation (ctl, ac_operation_run_get_operation (run));
      return AC_CTL_DONE;
    case AC_OPERATION_RUN_FINISHED:
      print_operation (ctl, ac_operation_run_get_operation (run));
      return ac_operation_run_get_done (run) == ac_operation_run_get_total (run)
                 ? AC_CTL_DONE
                 : AC_CTL_UNFINISHED;
    case AC_OPERATION_RUN_NEW:
    case AC_OPERATION_RUN_SUBMITTING:
    case AC_OPERATION_RUN_FAILED:
    case AC_OPERATION_RUN_UNSURE:
    case AC_OPERATION_RUN_STOPPED:
    default:
      print_refusal (ctl, run);
      return AC_CTL_FAILED;
    }
}

static AcCtlExit
approve (AcCtl *ctl, const char *const *arguments)
{
  return decide (ctl, AC_DECISION_APPROVE, arguments);
}

static AcCtlExit
reject (AcCtl *ctl, const char *const *arguments)
{
  return decide (ctl, AC_DECISION_REJECT, arguments);
}

static AcCtlExit
undo (AcCtl *ctl, const char *const *arguments)
{
  return decide (ctl, AC_DECISION_UNDO, arguments);
}

static AcCtlExit
retry (AcCtl *ctl, const char *const *arguments)
{
  return decide (ctl, AC_DECISION_RETRY, arguments);
}

static const GOptionEntry approve_options[] = {
  { "comment", 0, 0, G_OPTION_ARG_STRING, &comment, N_ ("Why, for the timeline and the audit log"),
    N_ ("TEXT") },
  { "no-wait", 0, 0, G_OPTION_ARG_NONE, &no_wait,
    N_ ("End when the service has acknowledged the decision"), NULL },
  { "confirm", 0, 0, G_OPTION_ARG_INT, &confirmed,
    N_ ("How many messages of clusters may be moved: exactly as many as there are"),
    N_ ("NUMBER") },
  { NULL },
};

static const GOptionEntry options_for_assets[] = {
  { "asset", 0, 0, G_OPTION_ARG_STRING_ARRAY, &assets,
    N_ ("Only for this mailbox or device of one action; may be given more than once"),
    N_ ("NAME") },
  { "comment", 0, 0, G_OPTION_ARG_STRING, &comment, N_ ("Why, for the timeline and the audit log"),
    N_ ("TEXT") },
  { "no-wait", 0, 0, G_OPTION_ARG_NONE, &no_wait,
    N_ ("End when the service has acknowledged the decision"), NULL },
  { NULL },
};

const AcCtlCommand ac_ctl_approve = {
  .name = "approve",
  .arguments = N_ ("ID…"),
  .summary = N_ ("Have actions carried out"),
  .options = approve_options,
  .run = approve,
};

const AcCtlCommand ac_ctl_reject = {
  .name = "reject",
  .arguments = N_ ("ID…"),
  .summary = N_ ("Refuse actions"),
  .options = options,
  .run = reject,
};

const AcCtlCommand ac_ctl_undo = {
  .name = "undo",
  .arguments = N_ ("ID…"),
  .summary = N_ ("Bring back what actions of one type have done"),
  .options = options_for_assets,
  .run = undo,
};

const AcCtlCommand ac_ctl_retry = {
  .name = "retry",
  .arguments = N_ ("ID…"),
  .summary = N_ ("Try again what has failed"),
  .options = options_for_assets,
  .run = retry,
};

static const GOptionEntry no_options[] = { { NULL } };

/* Stopped in the middle: what was done by then, and how to undo just that. */
static void
tell_what_was_done (AcOperation *operation)
{
  GPtrArray *items = ac_operation_get_items (operation);
  g_autoptr (GString) ids = g_string_new (NULL);
  guint n_running = 0;
  guint n_done = 0;

  for (guint i = 0; i < items->len; i++)
    {
      const AcOperationItem *item = items->pdata[i];

      n_running += g_strcmp0 (item->state, "running") == 0;
      if (item->undo || !ac_transition_find (ac_status_parse (item->status), AC_EVENT_UNDO, NULL))
        continue;
      n_done++;
      g_string_append_printf (ids, " %s", item->action_id);
    }
  if (n_running > 0)
    ac_ctl_complain (ngettext ("%u action had begun and goes on to its end.",
                               "%u actions had begun and go on to their end.", n_running),
                     n_running);
  if (n_done > 0)
    ac_ctl_complain (ngettext ("%1$u action was carried out before; to undo it: actionctl undo%2$s",
                               "%1$u actions were carried out before; to undo them: actionctl "
                               "undo%2$s",
                               n_done),
                     n_done, ids->str);
}

static AcCtlExit
take_back (AcCtl *ctl, const char *const *arguments)
{
  for (guint i = 0; arguments[i] != NULL; i++)
    {
      g_autoptr (AcOperation) operation = NULL;
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;
      GAsyncResult *answer = NULL;

      ac_api_take_back_operation_async (ctl->api, arguments[i], NULL, ac_ctl_answer_cb, &answer);
      result = ac_ctl_wait (&answer);
      operation = ac_api_take_back_operation_finish (ctl->api, result, &error);
      if (operation == NULL)
        {
          ac_ctl_complain ("%s", error->message);
          return AC_CTL_FAILED;
        }
      print_operation (ctl, operation);
      tell_what_was_done (operation);
    }
  return AC_CTL_DONE;
}

const AcCtlCommand ac_ctl_take_back = {
  .name = "take-back",
  .arguments = N_ ("OPERATION…"),
  .summary = N_ ("Let what of an approval has not begun wait for a decision again"),
  .options = no_options,
  .run = take_back,
};
