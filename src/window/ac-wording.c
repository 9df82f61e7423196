/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/ac-cluster.h"
#include "model/ac-time.h"
#include "window/ac-duration-text.h"
#include "window/ac-time-text.h"
#include "window/ac-type-wording.h"
#include "window/ac-wording.h"

/**
 * ac_wording_number:
 *
 * Returns: (transfer full): the number with the separators of the person's locale.
 */
char *
ac_wording_number (guint64 number)
{
  return g_strdup_printf ("%'" G_GUINT64_FORMAT, number);
}

/**
 * ac_wording_show_more:
 *
 * Returns: (transfer full): what stands on the button under a list of which only the first are
 * shown.
 */
char *
ac_wording_show_more (guint64 n_shown, guint64 n)
{
  g_autofree char *shown = ac_wording_number (n_shown);
  g_autofree char *all = ac_wording_number (n);

  /* Translators: a button: how many are shown, and how many there are */
  return g_strdup_printf (_ ("Show more (%1$s of %2$s are shown)"), shown, all);
}

/* ngettext() takes an unsigned long. */
static unsigned long
plural (guint64 number)
{
  return (unsigned long)MIN (number, (guint64)G_MAXULONG);
}

/**
 * ac_wording_actions:
 *
 * Returns: (transfer full): "1 action", "25 actions".
 */
char *
ac_wording_actions (guint64 n_actions)
{
  g_autofree char *number = ac_wording_number (n_actions);

  return g_strdup_printf (ngettext ("%s action", "%s actions", plural (n_actions)), number);
}

static char *
messages_in_mailboxes (guint64 n_messages, guint64 n_mailboxes)
{
  g_autofree char *messages_number = ac_wording_number (n_messages);
  g_autofree char *mailboxes_number = ac_wording_number (n_mailboxes);
  g_autofree char *messages = g_strdup_printf (
      ngettext ("%s message", "%s messages", plural (n_messages)), messages_number);
  g_autofree char *mailboxes = g_strdup_printf (
      ngettext ("%s mailbox", "%s mailboxes", plural (n_mailboxes)), mailboxes_number);

  /* Translators: "25 messages in 12 mailboxes" */
  return g_strdup_printf (_ ("%1$s in %2$s"), messages, mailboxes);
}

static char *
effect_on_mail (AcDecision decision, const char *scope)
{
  switch (decision)
    {
    case AC_DECISION_APPROVE:
      return g_strdup_printf (_ ("Approve moves %s to the recoverable folder."), scope);
    case AC_DECISION_REJECT:
      return g_strdup_printf (_ ("Reject leaves %s untouched."), scope);
    case AC_DECISION_UNDO:
      return g_strdup_printf (_ ("Undo puts %s back."), scope);
    case AC_DECISION_RETRY:
      return g_strdup_printf (_ ("Retry tries %s again, as far as it failed."), scope);
    case AC_DECISION_UNKNOWN:
    default:
      return NULL;
    }
}

static char *
effect_on_quarantine (AcDecision decision, AcActionType type, const char *scope)
{
  if (decision != AC_DECISION_APPROVE)
    return effect_on_mail (decision, scope);
  if (type == AC_ACTION_TYPE_QUARANTINE_ATTACHMENT)
    /* Translators: "25 messages in 12 mailboxes" */
    return g_strdup_printf (
        _ ("Approve takes the attachment out of %s; the original goes into quarantine."), scope);
  return g_strdup_printf (_ ("Approve moves %s into quarantine."), scope);
}

static char *
actions_on_anything (guint64 n_actions, guint64 n_assets)
{
  g_autofree char *actions = ac_wording_actions (n_actions);
  g_autofree char *assets = ac_wording_number (n_assets);

  /* Translators: “3 actions”, and on how many mailboxes and devices these are */
  return g_strdup_printf (ngettext ("%1$s on %2$s mailbox or device",
                                    "%1$s on %2$s mailboxes and devices", (gulong)n_assets),
                          actions, assets);
}

static char *
effect_on_anything (AcDecision decision, const char *scope)
{
  switch (decision)
    {
    case AC_DECISION_APPROVE:
      return g_strdup_printf (_ ("Approve carries out %s."), scope);
    case AC_DECISION_REJECT:
      return g_strdup_printf (_ ("Reject closes %s without doing anything."), scope);
    case AC_DECISION_UNDO:
      return g_strdup_printf (_ ("Undo takes %s back."), scope);
    case AC_DECISION_RETRY:
      return g_strdup_printf (_ ("Retry tries %s again, as far as it failed."), scope);
    case AC_DECISION_UNKNOWN:
    default:
      return NULL;
    }
}

/**
 * ac_wording_effect:
 * @action_type: (nullable): the type that all share, raw
 * @n_items: on how many things they act: one message in one mailbox is one
 * @n_assets: how many different mailboxes or devices that is
 *
 * Returns: (transfer full): what @decision would do, in numbers.
 */
char *
ac_wording_effect (AcDecision decision,
                   const char *action_type,
                   guint64 n_actions,
                   guint64 n_items,
                   guint64 n_assets)
{
  AcActionType type = ac_action_type_parse (action_type);
  g_autofree char *scope = NULL;
  char *effect = ac_type_wording_effect (decision, action_type, n_actions, n_assets);

  if (effect != NULL)
    return effect;
  if (type == AC_ACTION_TYPE_SOFT_DELETE_EMAIL)
    {
      scope = messages_in_mailboxes (n_items, n_assets);
      return effect_on_mail (decision, scope);
    }
  if (type == AC_ACTION_TYPE_QUARANTINE_EMAIL || type == AC_ACTION_TYPE_QUARANTINE_ATTACHMENT)
    {
      scope = messages_in_mailboxes (n_items, n_assets);
      return effect_on_quarantine (decision, type, scope);
    }
  if (action_type == NULL)
    scope = actions_on_anything (n_actions, n_assets);
  else
    scope = ac_wording_actions (n_actions);
  return effect_on_anything (decision, scope);
}

/**
 * ac_wording_undo_in_part:
 *
 * Returns: (transfer full): what undo would do where some of the actions have not been carried out,
 * or are undone already, in some places: how many messages that is, only the service knows.
 */
char *
ac_wording_undo_in_part (guint64 n_actions)
{
  g_autofree char *number = ac_wording_number (n_actions);

  return g_strdup_printf (
      ngettext ("Undo takes back what %s action has done, as far as that still stands.",
                "Undo takes back what %s actions have done, as far as that still stands.",
                plural (n_actions)),
      number);
}

/**
 * ac_wording_decided:
 * @decision: (nullable): raw
 * @decided_by: (nullable): who
 *
 * Returns: (transfer full) (nullable): "Approved by j.doe at 10:42.", or %NULL when nobody decided.
 */
char *
ac_wording_decided (const char *decision, const char *decided_by, gint64 decided_at)
{
  g_autofree char *when = ac_time_text_clock (decided_at);

  if (decision == NULL || decided_by == NULL)
    return NULL;
  switch (ac_decision_parse (decision))
    {
    case AC_DECISION_APPROVE:
      return g_strdup_printf (_ ("Approved by %1$s at %2$s."), decided_by, when);
    case AC_DECISION_REJECT:
      return g_strdup_printf (_ ("Rejected by %1$s at %2$s."), decided_by, when);
    case AC_DECISION_UNDO:
      return g_strdup_printf (_ ("Undone by %1$s at %2$s."), decided_by, when);
    case AC_DECISION_RETRY:
      return g_strdup_printf (_ ("Retried by %1$s at %2$s."), decided_by, when);
    case AC_DECISION_UNKNOWN:
    default:
      /* Translators: a decision that this program does not know, then who and when */
      return g_strdup_printf (_ ("“%1$s” by %2$s at %3$s."), decision, decided_by, when);
    }
}

/**
 * ac_wording_undone_for_some:
 *
 * Returns: (transfer full): what a decision says of an action that goes on elsewhere.
 */
char *
ac_wording_undone_for_some (const char *decided_by, gint64 decided_at)
{
  g_autofree char *when = ac_time_text_clock (decided_at);

  return g_strdup_printf (_ ("Undone for some by %1$s at %2$s."), decided_by, when);
}

/**
 * ac_wording_action_decided:
 *
 * Returns: (transfer full) (nullable): what was decided last about @action, by whom and when.
 */
char *
ac_wording_action_decided (AcAction *action)
{
  const char *decided_by = ac_action_get_decided_by (action);
  gint64 decided_at = ac_action_get_decided_at (action);

  if (decided_by != NULL && ac_action_is_undone_for_some (action))
    return ac_wording_undone_for_some (decided_by, decided_at);
  return ac_wording_decided (ac_action_get_decision (action), decided_by, decided_at);
}

/**
 * ac_wording_conflict:
 *
 * Returns: (transfer full): why an action does not take the decision any more.
 */
char *
ac_wording_conflict (const AcConflict *conflict)
{
  g_autofree char *when = ac_time_text_clock (conflict->decided_at);
  AcStatus status = ac_status_parse (conflict->status);

  if (conflict->decision == NULL || conflict->decided_by == NULL)
    return g_strdup_printf (_ ("It is %s now."),
                            ac_vocabulary_label (AC_VOCABULARY_STATUS, conflict->status));
  switch (ac_decision_parse (conflict->decision))
    {
    case AC_DECISION_APPROVE:
      return g_strdup_printf (_ ("Already approved by %1$s at %2$s."), conflict->decided_by, when);
    case AC_DECISION_REJECT:
      return g_strdup_printf (_ ("Already rejected by %1$s at %2$s."), conflict->decided_by, when);
    case AC_DECISION_UNDO:
      /* It may have been for some of the assets only. */
      if (status == AC_STATUS_COMPLETED || status == AC_STATUS_PARTLY_COMPLETED)
        return ac_wording_undone_for_some (conflict->decided_by, conflict->decided_at);
      if (status == AC_STATUS_UNDO_QUEUED || status == AC_STATUS_UNDOING)
        return g_strdup_printf (_ ("Already being undone, decided by %1$s at %2$s."),
                                conflict->decided_by, when);
      return g_strdup_printf (_ ("Already undone by %1$s at %2$s."), conflict->decided_by, when);
    case AC_DECISION_RETRY:
      return g_strdup_printf (_ ("Already retried by %1$s at %2$s."), conflict->decided_by, when);
    case AC_DECISION_UNKNOWN:
    default:
      return ac_wording_decided (conflict->decision, conflict->decided_by, conflict->decided_at);
    }
}

/**
 * ac_wording_under_way:
 *
 * Returns: (transfer full): "Approving 25 actions".
 */
char *
ac_wording_under_way (AcDecision decision, guint64 n_actions)
{
  g_autofree char *actions = ac_wording_actions (n_actions);

  switch (decision)
    {
    case AC_DECISION_APPROVE:
      return g_strdup_printf (_ ("Approving %s"), actions);
    case AC_DECISION_REJECT:
      return g_strdup_printf (_ ("Rejecting %s"), actions);
    case AC_DECISION_UNDO:
      return g_strdup_printf (_ ("Undoing %s"), actions);
    case AC_DECISION_RETRY:
      return g_strdup_printf (_ ("Retrying %s"), actions);
    case AC_DECISION_UNKNOWN:
    default:
      return g_steal_pointer (&actions);
    }
}

/**
 * ac_wording_over:
 *
 * Returns: (transfer full): "25 actions approved".
 */
char *
ac_wording_over (AcDecision decision, guint64 n_actions)
{
  g_autofree char *number = ac_wording_number (n_actions);
  unsigned long n = plural (n_actions);

  switch (decision)
    {
    case AC_DECISION_APPROVE:
      return g_strdup_printf (ngettext ("%s action approved", "%s actions approved", n), number);
    case AC_DECISION_REJECT:
      return g_strdup_printf (ngettext ("%s action rejected", "%s actions rejected", n), number);
    case AC_DECISION_UNDO:
      return g_strdup_printf (ngettext ("%s action undone", "%s actions undone", n), number);
    case AC_DECISION_RETRY:
      return g_strdup_printf (ngettext ("%s action retried", "%s actions retried", n), number);
    case AC_DECISION_UNKNOWN:
    default:
      return ac_wording_actions (n_actions);
    }
}

/* Takes @part over, which is already written out. */
static void
add_part (GString *text, guint count, char *part)
{
  g_autofree char *owned = part;

  if (count == 0)
    return;
  if (text->len > 0)
    g_string_append (text, C_ ("between counts", ", "));
  g_string_append (text, owned);
}

/**
 * ac_wording_counts:
 *
 * Returns: (transfer full): "24 done, 1 skipped"; what is zero is left out.
 */
char *
ac_wording_counts (guint done, guint failed, guint skipped, guint waiting)
{
  GString *text = g_string_new (NULL);

  /* Translators: parts of "24 done, 1 failed, 2 skipped, 3 waiting", counting actions */
  add_part (text, done, g_strdup_printf (_ ("%'u done"), done));
  add_part (text, failed, g_strdup_printf (_ ("%'u failed"), failed));
  add_part (text, skipped, g_strdup_printf (_ ("%'u skipped"), skipped));
  add_part (text, waiting, g_strdup_printf (_ ("%'u waiting"), waiting));
  return g_string_free (text, FALSE);
}

/* Takes @what over, which is already written out: “1 action undone in 2 places”. */
static char *
in_places (AcOperationRun *run, char *what)
{
  guint n = ac_operation_run_get_n_assets (run);
  g_autofree char *owned = what;
  g_autofree char *number = ac_wording_number (n);

  /* Where something failed it is not known in how many. */
  if (n == 0 || ac_operation_run_get_failed (run) > 0)
    return g_steal_pointer (&owned);
  return g_strdup_printf (
      /* Translators: “1 action undone”, and in how many of its mailboxes or devices */
      ngettext ("%1$s in %2$s place", "%1$s in %2$s places", n), owned, number);
}

/* What is for some of the assets only is an undo, also where it goes on with one that failed. */
static AcDecision
decision_of (AcOperationRun *run)
{
  return ac_operation_run_get_n_assets (run) > 0 ? AC_DECISION_UNDO
                                                 : ac_operation_run_get_decision (run);
}

/**
 * ac_wording_run_progress:
 *
 * Returns: (transfer full): how far a run is: "Approving 25 actions: 12 done, 13 waiting".
 */
char *
ac_wording_run_progress (AcOperationRun *run)
{
  gint64 grace = ac_operation_run_get_grace_left (run);
  g_autofree char *what =
      in_places (run, ac_wording_under_way (decision_of (run), ac_operation_run_get_total (run)));
  g_autofree char *counts =
      ac_wording_counts (ac_operation_run_get_done (run), ac_operation_run_get_failed (run),
                         ac_operation_run_get_skipped (run), ac_operation_run_get_waiting (run));

  if (grace > 0)
    {
      guint seconds = (guint)((grace + G_TIME_SPAN_SECOND - 1) / G_TIME_SPAN_SECOND);

      if (seconds > 60)
        {
          g_autofree char *time = ac_duration_text (seconds * G_TIME_SPAN_SECOND);

          /* Translators: "Approving 25 actions in 2 min 8 s" */
          return g_strdup_printf (C_ ("countdown", "%1$s in %2$s"), what, time);
        }
      /* Translators: "Approving 25 actions in 8 seconds" */
      return g_strdup_printf (ngettext ("%1$s in %2$u second", "%1$s in %2$u seconds", seconds),
                              what, seconds);
    }
  if (*counts == '\0')
    return g_steal_pointer (&what);
  /* Translators: what is being done, then the counts */
  return g_strdup_printf (_ ("%1$s: %2$s"), what, counts);
}

/**
 * ac_wording_taken_back:
 *
 * Returns: (transfer full): "3 actions taken back; they wait for a decision again".
 */
char *
ac_wording_taken_back (guint64 n_actions)
{
  g_autofree char *number = ac_wording_number (n_actions);

  return g_strdup_printf (ngettext ("%s action taken back; it waits for a decision again",
                                    "%s actions taken back; they wait for a decision again",
                                    plural (n_actions)),
                          number);
}

/**
 * ac_wording_run_counts:
 *
 * Returns: (transfer full): "24 done, 1 skipped". What was taken back counts as skipped for the
 * service, and is no part of it: a person has done that.
 */
char *
ac_wording_run_counts (AcOperationRun *run)
{
  guint n_skipped = ac_operation_run_get_skipped (run);

  n_skipped -= MIN (n_skipped, ac_operation_run_get_n_taken_back (run));
  return ac_wording_counts (ac_operation_run_get_done (run), ac_operation_run_get_failed (run),
                            n_skipped, ac_operation_run_get_waiting (run));
}

/**
 * ac_wording_run_result:
 *
 * Returns: (transfer full): how a run has ended: "25 actions approved: 24 done, 1 skipped".
 */
char *
ac_wording_run_result (AcOperationRun *run)
{
  guint n_taken_back = ac_operation_run_get_n_taken_back (run);
  g_autofree char *what =
      in_places (run, ac_wording_over (decision_of (run), ac_operation_run_get_total (run)));
  g_autofree char *counts = ac_wording_run_counts (run);

  if (n_taken_back > 0)
    {
      g_autofree char *taken_back = ac_wording_taken_back (n_taken_back);

      if (*counts == '\0')
        return g_steal_pointer (&taken_back);
      /* Translators: "20 actions taken back; they wait for a decision again. Before that: 12 done"
       */
      return g_strdup_printf (_ ("%1$s. Before that: %2$s"), taken_back, counts);
    }

  /* A rejection does nothing that could fail. */
  if (ac_operation_run_get_failed (run) == 0 && ac_operation_run_get_skipped (run) == 0)
    return g_steal_pointer (&what);
  return g_strdup_printf (_ ("%1$s: %2$s"), what, counts);
}

/**
 * ac_wording_event:
 * @event: (nullable): raw, as the timeline has it
 *
 * Returns: (nullable): the words for it; an event that this program does not know as it is.
 */
const char *
ac_wording_event (const char *event)
{
  static const struct
  {
    const char *name;
    const char *label;
  } events[] = {
    { "propose", N_ ("Proposed") },
    { "approve", N_ ("Approved") },
    { "reject", N_ ("Rejected") },
    { "undo", N_ ("Undo asked for") },
    { "retry", N_ ("Retry asked for") },
    { "view", N_ ("The message was looked at") },
    { "takeBack", N_ ("Taken back") },
    { "look", N_ ("Messages counted") },
    { "targetsChanged", N_ ("Came back: the messages are not those that were approved") },
    { "expire", N_ ("Expired: nobody decided in time") },
    { "nothingLeft", N_ ("Cancelled: nothing left to act on") },
    { "start", N_ ("Started") },
    { "succeed", N_ ("Finished") },
    { "succeedPartly", N_ ("Finished in part") },
    { "undoSome", N_ ("Undone for some, the others stay") },
    { "undoSomePartly", N_ ("Undone for some, the others stay") },
    { "fail", N_ ("Failed") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (events); i++)
    if (g_strcmp0 (events[i].name, event) == 0)
      return _ (events[i].label);
  return event;
}

/**
 * ac_wording_status_icon:
 * @status: (nullable): raw
 *
 * Returns: the name of the icon whose shape stands for it.
 */
const char *
ac_wording_status_icon (const char *status)
{
  switch (ac_status_parse (status))
    {
    case AC_STATUS_PENDING:
      return "ac-pending-symbolic";
    case AC_STATUS_QUEUED:
    case AC_STATUS_UNDO_QUEUED:
      return "ac-queued-symbolic";
    case AC_STATUS_RUNNING:
    case AC_STATUS_UNDOING:
      return "ac-running-symbolic";
    case AC_STATUS_COMPLETED:
      return "ac-done-symbolic";
    case AC_STATUS_PARTLY_COMPLETED:
      return "ac-partly-symbolic";
    case AC_STATUS_FAILED:
    case AC_STATUS_UNDO_FAILED:
      return "ac-failed-symbolic";
    case AC_STATUS_UNDONE:
      return "ac-undone-symbolic";
    case AC_STATUS_REJECTED:
      return "ac-rejected-symbolic";
    case AC_STATUS_EXPIRED:
      return "ac-expired-symbolic";
    case AC_STATUS_CANCELLED:
      return "ac-cancelled-symbolic";
    case AC_STATUS_UNKNOWN:
    default:
      return "ac-unknown-symbolic";
    }
}

/**
 * ac_wording_status_class:
 *
 * Returns: (nullable): the style class of its icon.
 */
const char *
ac_wording_status_class (const char *status)
{
  switch (ac_status_parse (status))
    {
    case AC_STATUS_COMPLETED:
    case AC_STATUS_UNDONE:
      return "success";
    case AC_STATUS_PARTLY_COMPLETED:
      return "warning";
    case AC_STATUS_FAILED:
    case AC_STATUS_UNDO_FAILED:
      return "error";
    case AC_STATUS_QUEUED:
    case AC_STATUS_RUNNING:
    case AC_STATUS_UNDO_QUEUED:
    case AC_STATUS_UNDOING:
      return "accent";
    case AC_STATUS_PENDING:
    case AC_STATUS_REJECTED:
    case AC_STATUS_EXPIRED:
    case AC_STATUS_CANCELLED:
    case AC_STATUS_UNKNOWN:
    default:
      return NULL;
    }
}

/**
 * ac_wording_verdict_icon:
 * @verdict: (nullable): raw
 *
 * Returns: the name of the icon whose shape stands for it.
 */
const char *
ac_wording_verdict_icon (const char *verdict)
{
  switch ((AcVerdict)ac_vocabulary_parse (AC_VOCABULARY_VERDICT, verdict))
    {
    case AC_VERDICT_MALICIOUS:
      return "ac-malicious-symbolic";
    case AC_VERDICT_SUSPICIOUS:
      return "ac-suspicious-symbolic";
    case AC_VERDICT_NO_THREATS_FOUND:
      return "ac-clean-symbolic";
    case AC_VERDICT_UNKNOWN:
    case AC_VERDICT_UNKNOWN_TO_US:
    default:
      return "ac-unknown-symbolic";
    }
}

/**
 * ac_wording_verdict_class:
 *
 * Returns: (nullable): the style class of its icon.
 */
const char *
ac_wording_verdict_class (const char *verdict)
{
  switch ((AcVerdict)ac_vocabulary_parse (AC_VOCABULARY_VERDICT, verdict))
    {
    case AC_VERDICT_MALICIOUS:
      return "error";
    case AC_VERDICT_SUSPICIOUS:
      return "warning";
    case AC_VERDICT_NO_THREATS_FOUND:
      return "success";
    case AC_VERDICT_UNKNOWN:
    case AC_VERDICT_UNKNOWN_TO_US:
    default:
      return NULL;
    }
}

/**
 * ac_wording_messages:
 *
 * Returns: (transfer full): "312 messages".
 */
char *
ac_wording_messages (guint64 n)
{
  g_autofree char *number = ac_wording_number (n);

  return g_strdup_printf (ngettext ("%s message", "%s messages", plural (n)), number);
}

/**
 * ac_wording_mailboxes:
 *
 * Returns: (transfer full): "97 mailboxes".
 */
char *
ac_wording_mailboxes (guint64 n)
{
  g_autofree char *number = ac_wording_number (n);

  return g_strdup_printf (ngettext ("%s mailbox", "%s mailboxes", plural (n)), number);
}

/**
 * ac_wording_scope:
 *
 * Returns: (transfer full): "312 messages in 97 mailboxes".
 */
char *
ac_wording_scope (guint64 messages, guint64 mailboxes)
{
  g_autofree char *what = ac_wording_messages (messages);
  g_autofree char *where = ac_wording_mailboxes (mailboxes);

  /* Translators: “312 messages”, “97 mailboxes” */
  return g_strdup_printf (_ ("%1$s in %2$s"), what, where);
}

/**
 * ac_wording_confirmation:
 * @problem: of an approval that wants to be confirmed
 *
 * Returns: (transfer full): the words of the button that confirms it.
 */
char *
ac_wording_confirmation (const AcProblem *problem)
{
  g_autofree char *scope =
      ac_wording_scope ((guint64)MAX (problem->messages, 0), (guint64)MAX (problem->mailboxes, 0));

  /* Translators: a button; “312 messages in 97 mailboxes” */
  return g_strdup_printf (_ ("Move %s"), scope);
}

/**
 * ac_wording_asset:
 *
 * Returns: (transfer full): the name of a mailbox or a device, as people see it.
 */
char *
ac_wording_asset (const char *asset)
{
  return g_strdup (g_strcmp0 (asset, AC_CLUSTER_ALL_MAILBOXES) == 0 ? _ ("All mailboxes") : asset);
}
