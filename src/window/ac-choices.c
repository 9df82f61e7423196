/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/ac-operation.h"
#include "window/ac-choices.h"
#include "window/ac-wording.h"

static const AcDecision decisions[] = {
  AC_DECISION_APPROVE,
  AC_DECISION_REJECT,
  AC_DECISION_UNDO,
  AC_DECISION_RETRY,
};

/**
 * ac_choices_free:
 * @choices: (nullable):
 */
void
ac_choices_free (AcChoices *choices)
{
  if (choices == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (choices->choices); i++)
    {
      g_free (choices->choices[i].reason);
      g_free (choices->choices[i].effect);
    }
  g_free (choices->notice);
  g_free (choices);
}

/* The type of one of them about which the person may not decide; NULL: he may about all. */
static const char *
find_refused (const AcMe *me, GHashTable *types)
{
  GHashTableIter iter;
  gpointer type;

  g_hash_table_iter_init (&iter, types);
  while (g_hash_table_iter_next (&iter, &type, NULL))
    if (!ac_me_may_decide (me, type))
      return type;
  return NULL;
}

/**
 * ac_choices_dup_refusal:
 * @me: (nullable): %NULL: there is no connection
 * @types: a set of types of actions, as spelled on the wire
 *
 * Returns: (transfer full) (nullable): why the person may not decide about such actions, a
 * sentence; %NULL: he may.
 */
char *
ac_choices_dup_refusal (const AcMe *me, GHashTable *types)
{
  const char *refused;

  if (me == NULL)
    return g_strdup (_ ("There is no connection to the service, so nothing can be decided now."));
  if (!ac_me_may (me, AC_PERMISSION_DECIDE))
    {
      const char *needed = ac_permission_needed_role (AC_PERMISSION_DECIDE);

      return g_strdup_printf (
          _ ("Your role, %1$s, may look but not decide. Deciding needs the role %2$s."),
          ac_vocabulary_label (AC_VOCABULARY_ROLE, me->role),
          ac_vocabulary_label (AC_VOCABULARY_ROLE, needed));
    }
  refused = find_refused (me, types);
  if (refused == NULL)
    return NULL;
  return g_strdup_printf (
      _ ("Your role, %1$s, does not decide about “%2$s”. That needs the role %3$s or %4$s."),
      ac_vocabulary_label (AC_VOCABULARY_ROLE, me->role),
      ac_vocabulary_label (AC_VOCABULARY_ACTION_TYPE, refused),
      ac_vocabulary_label (AC_VOCABULARY_ROLE,
                           ac_role_needed_to_decide (ac_action_type_parse (refused))),
      ac_vocabulary_label (AC_VOCABULARY_ROLE, ac_role_wire (AC_ROLE_RESPONDER)));
}

/* What stands in the way of each decision, whatever it is. */
static char *
common_reason (const AcMe *me, gboolean busy, const AcActionSummary *summary)
{
  char *refusal = ac_choices_dup_refusal (me, summary->types);

  if (refusal != NULL)
    return refusal;
  if (busy)
    return g_strdup (_ ("Your decision is being carried out."));
  if (summary->n_actions > AC_OPERATION_MAX_ACTIONS)
    {
      g_autofree char *most = ac_wording_actions (AC_OPERATION_MAX_ACTIONS);

      return g_strdup_printf (_ ("At most %s can be decided at once. Select fewer."), most);
    }
  return NULL;
}

static gboolean
any_pending (const AcActionSummary *summary)
{
  return summary->n_allowing[AC_DECISION_APPROVE] > 0 ||
         summary->n_allowing[AC_DECISION_REJECT] > 0;
}

/* Approve and Reject stand where something waits for a decision, Undo where nothing does, Retry
 * where something can be tried again. */
static gboolean
is_shown (const AcActionSummary *summary, AcDecision decision)
{
  switch (decision)
    {
    case AC_DECISION_APPROVE:
    case AC_DECISION_REJECT:
      return any_pending (summary);
    case AC_DECISION_UNDO:
      return !any_pending (summary) || summary->n_allowing[decision] > 0;
    case AC_DECISION_RETRY:
      return summary->n_allowing[decision] > 0;
    case AC_DECISION_UNKNOWN:
    default:
      return FALSE;
    }
}

/* Why one action, which is not pending, cannot be undone. */
static char *
undo_reason (AcAction *action)
{
  const char *note = ac_action_get_undo_note (action);
  g_autofree char *decided =
      ac_wording_decided (ac_action_get_decision (action), ac_action_get_decided_by (action),
                          ac_action_get_decided_at (action));

  switch (ac_action_get_status_value (action))
    {
    case AC_STATUS_REJECTED:
      return g_strdup_printf (_ ("%s It was never carried out, so there is nothing to undo."),
                              decided != NULL ? decided : _ ("Rejected."));
    case AC_STATUS_EXPIRED:
      return g_strdup (_ ("Nobody decided in time. It was never carried out, so there is nothing "
                          "to undo."));
    case AC_STATUS_CANCELLED:
      return g_strdup (_ ("There was nothing left to act on, so there is nothing to undo."));
    case AC_STATUS_QUEUED:
      return g_strdup (
          _ ("It waits its turn. It can be taken back until it begins, and undone once "
             "it is finished."));
    case AC_STATUS_RUNNING:
      return g_strdup (_ ("It is being carried out. It can be undone once it is finished."));
    case AC_STATUS_UNDO_QUEUED:
    case AC_STATUS_UNDOING:
      return g_strdup (_ ("It is being undone."));
    case AC_STATUS_UNDONE:
      return g_strdup_printf (_ ("%s It cannot be undone a second time."),
                              decided != NULL ? decided : _ ("Undone already."));
    case AC_STATUS_FAILED:
      return g_strdup (_ ("It failed, so there is nothing to undo. It can be tried again."));
    case AC_STATUS_UNDO_FAILED:
      return g_strdup (_ ("The undo failed. It can be tried again."));
    case AC_STATUS_COMPLETED:
    case AC_STATUS_PARTLY_COMPLETED:
      return note != NULL ? g_strdup (note)
                          : g_strdup (_ ("The service says that it cannot be undone."));
    case AC_STATUS_PENDING:
    case AC_STATUS_UNKNOWN:
    default:
      return g_strdup_printf (_ ("This program does not know what the status “%s” allows."),
                              ac_action_get_status (action));
    }
}

/* Why many actions do not all take @decision. */
static char *
mixed_reason (const AcActionSummary *summary, AcDecision decision)
{
  guint64 n_allowing = summary->n_allowing[decision];
  g_autofree char *number = ac_wording_number (n_allowing);
  g_autofree char *of = ac_wording_actions (summary->n_actions);

  if (n_allowing == 0)
    return decision == AC_DECISION_UNDO
               ? g_strdup (_ ("None of the selected actions can be undone now."))
               : g_strdup (_ ("None of the selected actions takes this decision now."));
  if (n_allowing == summary->n_actions) /* then only their types stand in the way */
    return g_strdup (_ ("The selected actions are of several types. Undo takes actions of one type "
                        "only; narrow the selection."));
  switch (decision)
    {
    case AC_DECISION_APPROVE:
    case AC_DECISION_REJECT:
      return g_strdup_printf (_ ("Only %1$s of %2$s wait for a decision; narrow the selection."),
                              number, of);
    case AC_DECISION_UNDO:
      return g_strdup_printf (_ ("Only %1$s of %2$s can be undone; narrow the selection."), number,
                              of);
    case AC_DECISION_RETRY:
    case AC_DECISION_UNKNOWN:
    default:
      return g_strdup_printf (_ ("Only %1$s of %2$s can be tried again; narrow the selection."),
                              number, of);
    }
}

/* An approval of forwarding holds for the addresses that were seen. */
static void
hold_forwarding (AcChoice *choice, const AcTargets *targets)
{
  if (targets->digest != NULL && targets->messages > 0)
    return;
  choice->enabled = FALSE;
  choice->reason = g_strdup (targets->digest == NULL
                                 ? _ ("The scripts are still being looked at.")
                                 : _ ("The scripts could not be looked at. There is nothing to "
                                      "approve yet."));
}

/* An approval of a cluster holds for the messages that were counted, so it tells their number. */
static void
scope_approval (AcChoice *choice, AcAction *action)
{
  const AcTargets *targets = ac_action_get_targets (action);
  g_autofree char *scope = NULL;

  if (targets == NULL)
    return;
  if (ac_action_type_parse (ac_action_get_action_type (action)) ==
      AC_ACTION_TYPE_TURN_OFF_MAIL_FORWARDING)
    {
      hold_forwarding (choice, targets);
      return;
    }
  if (targets->digest == NULL || targets->messages == 0)
    {
      choice->enabled = FALSE;
      choice->reason = g_strdup (
          targets->digest == NULL
              ? _ ("The messages are still being counted.")
              : _ ("No message was found, and some mailboxes could not be looked at. There is "
                   "nothing to approve yet."));
      return;
    }
  scope = ac_wording_scope (targets->messages, targets->mailboxes);
  g_free (choice->effect);
  /* Translators: “312 messages in 97 mailboxes” */
  choice->effect =
      g_strdup_printf (_ ("Moves %s to the recoverable folder. Undo brings these back, "
                          "and no others."),
                       scope);
}

static guint
count_undoable (AcAction *action)
{
  GPtrArray *results = ac_action_get_results (action);
  guint n = 0;

  for (guint i = 0; results != NULL && i < results->len; i++)
    n += ac_action_result_get_undoable (results->pdata[i]) != FALSE;
  return n;
}

/* What was brought back already, or never moved, is no part of it. */
static void
scope_undo (AcChoice *choice, AcAction *action)
{
  guint n = count_undoable (action);

  if (n == 0)
    return;
  g_free (choice->effect);
  choice->effect =
      ac_wording_effect (AC_DECISION_UNDO, ac_action_get_action_type (action), 1, n, n);
}

/* Where something can be brought back in more than one place: an undo, or where one has failed, its
 * retry, which can be for others too. */
static AcDecision
find_undo_of_some (AcAction *action)
{
  AcStatus after;

  if (count_undoable (action) < 2)
    return AC_DECISION_UNKNOWN;
  if (ac_action_may (action, AC_DECISION_UNDO))
    return AC_DECISION_UNDO;
  return ac_transition_find (ac_action_get_status_value (action), AC_EVENT_RETRY, &after) &&
                 after == AC_STATUS_UNDO_QUEUED
             ? AC_DECISION_RETRY
             : AC_DECISION_UNKNOWN;
}

/* Whether it is about a cluster whose messages were found. */
static gboolean
is_counted (AcAction *action)
{
  const AcTargets *targets = ac_action_get_targets (action);

  return ac_action_type_parse (ac_action_get_action_type (action)) ==
             AC_ACTION_TYPE_SOFT_DELETE_EMAIL_CLUSTER &&
         targets != NULL && targets->digest != NULL && targets->messages > 0;
}

/* What was counted tells more than that it is one action. */
static void
scope_decision (AcChoice *choice, AcDecision decision, const AcTargets *targets)
{
  g_autofree char *scope = ac_wording_scope (targets->messages, targets->mailboxes);
  char *effect = NULL;

  if (decision == AC_DECISION_REJECT)
    effect = g_strdup_printf (_ ("Reject leaves %s untouched."), scope);
  else if (decision == AC_DECISION_UNDO)
    /* Translators: “312 messages in 97 mailboxes” */
    effect = g_strdup_printf (_ ("Undo puts back what this has moved of %s, and nothing else."),
                              scope);
  else if (decision == AC_DECISION_RETRY)
    effect = g_strdup_printf (_ ("Retry tries %s again, as far as it failed."), scope);
  if (effect == NULL)
    return;
  g_free (choice->effect);
  choice->effect = effect;
}

/* The service would refuse it; better to say so before. */
static void
hold_own_proposal (AcChoice *choice, AcAction *action, const AcMe *me)
{
  if (!me->second_person || g_strcmp0 (ac_action_get_proposed_by (action), me->name) != 0)
    return;
  choice->enabled = FALSE;
  g_free (choice->reason);
  choice->reason =
      g_strdup (_ ("You have proposed this yourself, and this service asks for a second "
                   "person: somebody else must approve it."));
}

/* The same about many: those that are left can be approved when the others are not selected. */
static void
hold_own_proposals (AcChoice *choice, const AcActionSummary *summary)
{
  g_autofree char *own = ac_wording_number (summary->n_own_proposals);
  g_autofree char *of = ac_wording_actions (summary->n_actions);

  if (summary->n_own_proposals == 0)
    return;
  choice->enabled = FALSE;
  g_free (choice->reason);
  if (summary->n_own_proposals == summary->n_actions)
    choice->reason =
        g_strdup (_ ("You have proposed all of these yourself, and this service asks for a second "
                     "person: somebody else must approve them."));
  else
    /* Translators: a number, and a text such as “12 actions” */
    choice->reason = g_strdup_printf (
        _ ("You have proposed %1$s of %2$s yourself, and this service asks for a second person: "
           "somebody else must approve them. Narrow the selection to approve the others."),
        own, of);
}

static AcChoices *
new_choices (const AcActionSummary *summary, AcAction *single, const AcMe *me, gboolean busy)
{
  AcChoices *choices = g_new0 (AcChoices, 1);
  const char *type = ac_action_summary_get_shared (summary->types);

  choices->notice = common_reason (me, busy, summary);
  for (gsize i = 0; i < G_N_ELEMENTS (decisions); i++)
    {
      AcChoice *choice = &choices->choices[decisions[i]];
      gboolean allowed = ac_action_summary_all_allow (summary, decisions[i]) &&
                         (decisions[i] != AC_DECISION_UNDO || type != NULL);

      choice->shown = is_shown (summary, decisions[i]);
      choice->enabled = choice->shown && allowed && choices->notice == NULL;
      if (allowed)
        choice->effect =
            decisions[i] == AC_DECISION_UNDO && summary->n_in_part > 0
                ? ac_wording_undo_in_part (summary->n_actions)
                : ac_wording_effect (decisions[i], type, summary->n_actions, summary->n_assets,
                                     g_hash_table_size (summary->assets));
      if (single != NULL && choice->shown && decisions[i] == AC_DECISION_APPROVE)
        scope_approval (choice, single);
      else if (single != NULL && allowed && is_counted (single))
        scope_decision (choice, decisions[i], ac_action_get_targets (single));
      else if (single != NULL && allowed && decisions[i] == AC_DECISION_UNDO)
        scope_undo (choice, single);
      if (single != NULL && allowed && decisions[i] == AC_DECISION_APPROVE &&
          choices->notice == NULL)
        hold_own_proposal (choice, single, me);
      if (single == NULL && allowed && decisions[i] == AC_DECISION_APPROVE &&
          choices->notice == NULL)
        hold_own_proposals (choice, summary);
      if (choice->enabled || !choice->shown || choice->reason != NULL)
        continue;
      if (allowed)
        choice->reason = g_strdup (choices->notice);
      else if (single == NULL)
        choice->reason = mixed_reason (summary, decisions[i]);
      else if (decisions[i] == AC_DECISION_UNDO)
        choice->reason = undo_reason (single);
      else
        choice->reason = mixed_reason (summary, decisions[i]);
    }
  if (single != NULL)
    choices->undo_some = find_undo_of_some (single);
  return choices;
}

/**
 * ac_choices_new_for_action:
 * @me: (nullable): who decides; %NULL without a connection
 * @busy: whether a decision about it is under way
 *
 * Returns: (transfer full): what may be decided about one action.
 */
AcChoices *
ac_choices_new_for_action (AcAction *action, const AcMe *me, gboolean busy)
{
  g_autoptr (AcActionSummary) summary = ac_action_summary_new ();

  g_return_val_if_fail (AC_IS_ACTION (action), NULL);

  ac_action_summary_add (summary, action);
  return new_choices (summary, action, me, busy);
}

/**
 * ac_choices_new_for_summary:
 * @me: (nullable): who decides; %NULL without a connection
 * @busy: whether a decision about one of them is under way
 *
 * Returns: (transfer full): what may be decided about all of many actions at once.
 */
AcChoices *
ac_choices_new_for_summary (const AcActionSummary *summary, const AcMe *me, gboolean busy)
{
  g_return_val_if_fail (summary != NULL, NULL);

  return new_choices (summary, NULL, me, busy);
}
