/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/ac-time.h"
#include "window/ac-decisions.h"

/* Of a run: with which account it was decided. */
#define ACCOUNT "ac-decisions-account"
/* Of a run: which decision it is, counted from 1. */
#define NUMBER "ac-decisions-number"

struct _AcDecisions
{
  GObject parent_instance;

  AcSession *session;
  char *account;            /* nullable: whose decisions these are */
  GPtrArray *running;       /* of AcOperationRun */
  GPtrArray *left;          /* of AcOperationRun: of an account before, and not acknowledged */
  guint n_reading;          /* decisions whose actions are being looked up */
  AcOperationRun *run;      /* the latest */
  AcOperationRun *last_own; /* the latest of those that have ended, which Ctrl+Z means; nullable */
  guint n_started;
};

G_DEFINE_FINAL_TYPE (AcDecisions, ac_decisions, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_RUN,
  N_PROPS
};

enum
{
  PROGRESS,
  FINISHED,
  SENT,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void
ac_decisions_dispose (GObject *object)
{
  AcDecisions *self = AC_DECISIONS (object);

  for (guint i = 0; self->running != NULL && i < self->running->len; i++)
    {
      AcOperationRun *run = g_ptr_array_index (self->running, i);

      g_signal_handlers_disconnect_by_data (run, self);
      ac_operation_run_stop (run);
    }
  g_clear_pointer (&self->running, g_ptr_array_unref);
  for (guint i = 0; self->left != NULL && i < self->left->len; i++)
    g_signal_handlers_disconnect_by_data (g_ptr_array_index (self->left, i), self);
  g_clear_pointer (&self->left, g_ptr_array_unref);
  g_clear_object (&self->run);
  g_clear_object (&self->last_own);
  g_clear_object (&self->session);
  g_clear_pointer (&self->account, g_free);
  G_OBJECT_CLASS (ac_decisions_parent_class)->dispose (object);
}

static void
ac_decisions_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  AcDecisions *self = AC_DECISIONS (object);

  switch (prop_id)
    {
    case PROP_RUN:
      g_value_set_object (value, self->run);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ac_decisions_class_init (AcDecisionsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = ac_decisions_dispose;
  object_class->get_property = ac_decisions_get_property;

  properties[PROP_RUN] = g_param_spec_object ("run", NULL, NULL, AC_TYPE_OPERATION_RUN,
                                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[PROGRESS] = g_signal_new ("progress", AC_TYPE_DECISIONS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                    NULL, G_TYPE_NONE, 1, AC_TYPE_OPERATION_RUN);
  signals[FINISHED] = g_signal_new ("finished", AC_TYPE_DECISIONS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                    NULL, G_TYPE_NONE, 1, AC_TYPE_OPERATION_RUN);
  signals[SENT] = g_signal_new ("sent", AC_TYPE_DECISIONS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 0);
}

static void
ac_decisions_init (AcDecisions *self)
{
  self->running = g_ptr_array_new_with_free_func (g_object_unref);
  self->left = g_ptr_array_new_with_free_func (g_object_unref);
}

static gboolean
is_unacknowledged (AcOperationRun *run)
{
  AcOperationRunState state = ac_operation_run_get_state (run);

  return state == AC_OPERATION_RUN_NEW || state == AC_OPERATION_RUN_SUBMITTING;
}

static void
tell_sent (AcDecisions *self)
{
  if (!ac_decisions_is_sending (self))
    g_signal_emit (self, signals[SENT], 0);
}

static void
left_cb (AcDecisions *self, GParamSpec *pspec, AcOperationRun *run)
{
  g_autoptr (AcOperationRun) held = g_object_ref (run);
  AcOperationRunState state = ac_operation_run_get_state (run);

  if (is_unacknowledged (run))
    return;
  g_signal_handlers_disconnect_by_data (run, self);
  g_ptr_array_remove (self->left, run);
  if (state == AC_OPERATION_RUN_FAILED || state == AC_OPERATION_RUN_UNSURE)
    g_signal_emit (self, signals[FINISHED], 0, held);
  else
    {
      ac_operation_run_stop (held);
      g_signal_emit (self, signals[PROGRESS], 0, held);
    }
  tell_sent (self);
}

/* Nobody follows, takes back or undoes what somebody else has decided with another account. What
 * was submitted is carried out all the same; that it could not be submitted is still told. */
static void
forget_all (AcDecisions *self)
{
  for (guint i = 0; i < self->running->len; i++)
    {
      AcOperationRun *run = g_ptr_array_index (self->running, i);

      g_signal_handlers_disconnect_by_data (run, self);
      if (!is_unacknowledged (run))
        {
          ac_operation_run_stop (run);
          continue;
        }
      g_ptr_array_add (self->left, g_object_ref (run));
      g_signal_connect_object (run, "notify::state", G_CALLBACK (left_cb), self, G_CONNECT_SWAPPED);
    }
  g_ptr_array_set_size (self->running, 0);
  g_clear_object (&self->last_own);
  if (self->run == NULL)
    return;
  g_clear_object (&self->run);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUN]);
}

static void
session_cb (AcDecisions *self)
{
  AcApi *api = ac_session_get_api (self->session);
  const AcMe *me = ac_session_get_me (self->session);
  g_autofree char *account = NULL;

  if (api == NULL || me == NULL)
    return;
  account = g_strdup_printf ("%s %s", ac_api_get_address (api), me->name);
  if (g_strcmp0 (account, self->account) == 0)
    return;
  if (self->account != NULL)
    forget_all (self);
  g_free (self->account);
  self->account = g_steal_pointer (&account);
}

/**
 * ac_decisions_new:
 *
 * Returns: (transfer full): no decisions yet, to be submitted through @session.
 */
AcDecisions *
ac_decisions_new (AcSession *session)
{
  AcDecisions *self = g_object_new (AC_TYPE_DECISIONS, NULL);

  g_return_val_if_fail (AC_IS_SESSION (session), self);
  self->session = g_object_ref (session);
  g_signal_connect_object (session, "notify::source", G_CALLBACK (session_cb), self,
                           G_CONNECT_SWAPPED);
  session_cb (self);
  return self;
}

/**
 * ac_decisions_get_session:
 *
 * Returns: (transfer none):
 */
AcSession *
ac_decisions_get_session (AcDecisions *self)
{
  g_return_val_if_fail (AC_IS_DECISIONS (self), NULL);

  return self->session;
}

static void
progress_cb (AcDecisions *self, GParamSpec *pspec, AcOperationRun *run)
{
  g_signal_emit (self, signals[PROGRESS], 0, run);
  tell_sent (self);
}

static guint
get_number (AcOperationRun *run)
{
  return GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (run), NUMBER));
}

/* What was decided last is the last decision, even when one before it takes longer. */
static void
set_last_own (AcDecisions *self, AcOperationRun *run)
{
  if (self->last_own == NULL || get_number (run) > get_number (self->last_own))
    g_set_object (&self->last_own, run);
}

static void
finished_cb (AcDecisions *self, AcOperationRun *run)
{
  g_autoptr (AcOperationRun) held = g_object_ref (run);

  if (ac_operation_run_get_state (run) == AC_OPERATION_RUN_FINISHED)
    set_last_own (self, run);
  /* An unsure run can be asked again, so it is still listened to. */
  if (ac_operation_run_get_state (run) != AC_OPERATION_RUN_UNSURE)
    {
      g_signal_handlers_disconnect_by_data (run, self);
      g_ptr_array_remove (self->running, run);
    }
  g_signal_emit (self, signals[PROGRESS], 0, held);
  g_signal_emit (self, signals[FINISHED], 0, held);
  /* What was decided shows without waiting for the next look at the service. */
  if (ac_session_get_source (self->session) != NULL)
    ac_action_source_refresh (ac_session_get_source (self->session));
  tell_sent (self);
}

static void
state_cb (AcDecisions *self, GParamSpec *pspec, AcOperationRun *run)
{
  /* The statuses have changed. */
  if (ac_operation_run_get_state (run) == AC_OPERATION_RUN_RUNNING &&
      ac_session_get_source (self->session) != NULL)
    ac_action_source_refresh (ac_session_get_source (self->session));
  g_signal_emit (self, signals[PROGRESS], 0, run);
  tell_sent (self);
}

/* @run: (transfer full) */
static AcOperationRun *
start (AcDecisions *self, AcOperationRun *run)
{
  g_object_set_data_full (G_OBJECT (run), ACCOUNT, g_strdup (self->account), g_free);
  g_object_set_data (G_OBJECT (run), NUMBER, GUINT_TO_POINTER (++self->n_started));
  g_ptr_array_add (self->running, run);
  g_set_object (&self->run, run);

  g_signal_connect_object (run, "notify::state", G_CALLBACK (state_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (run, "notify::fraction", G_CALLBACK (progress_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (run, "notify::message", G_CALLBACK (progress_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (run, "finished", G_CALLBACK (finished_cb), self, G_CONNECT_SWAPPED);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUN]);
  ac_operation_run_start (run);
  return run;
}

static AcOperationRun *
submit (AcDecisions *self,
        AcDecision decision,
        const char *const *action_ids,
        const char *comment,
        gboolean include_instances)
{
  AcApi *api = ac_session_get_api (self->session);
  AcOperationRun *run;

  if (api == NULL)
    return NULL;
  run = ac_operation_run_new (api, decision, action_ids,
                              comment != NULL && *comment != '\0' ? comment : NULL);
  if (include_instances)
    ac_operation_run_include_instances (run);
  return start (self, run);
}

/**
 * ac_decisions_decide:
 * @action_ids: the actions, one to AC_OPERATION_MAX_ACTIONS
 * @comment: (nullable): what the person says about it
 *
 * Submits a decision.
 *
 * Returns: (transfer none) (nullable): the run to follow; %NULL without a connection.
 */
AcOperationRun *
ac_decisions_decide (AcDecisions *self,
                     AcDecision decision,
                     const char *const *action_ids,
                     const char *comment)
{
  g_return_val_if_fail (AC_IS_DECISIONS (self), NULL);
  g_return_val_if_fail (action_ids != NULL && action_ids[0] != NULL, NULL);

  return submit (self, decision, action_ids, comment, FALSE);
}

/**
 * ac_decisions_approve_seen:
 * @action: as it is shown; an approval of a cluster holds for its messages as they are counted
 * there
 * @comment: (nullable): what the person says about it
 *
 * Returns: (transfer none) (nullable): the run to follow; %NULL without a connection.
 */
AcOperationRun *
ac_decisions_approve_seen (AcDecisions *self, AcAction *action, const char *comment)
{
  const char *const ids[] = { ac_action_get_id (action), NULL };
  AcApi *api = ac_session_get_api (self->session);
  const AcTargets *targets;
  AcOperationRun *run;

  g_return_val_if_fail (AC_IS_DECISIONS (self), NULL);
  g_return_val_if_fail (AC_IS_ACTION (action), NULL);

  if (api == NULL)
    return NULL;
  run = ac_operation_run_new (api, AC_DECISION_APPROVE, ids,
                              comment != NULL && *comment != '\0' ? comment : NULL);
  targets = ac_action_get_targets (action);
  if (targets != NULL && targets->digest != NULL)
    ac_operation_run_add_target (run, ids[0], targets->digest);
  return start (self, run);
}

/**
 * ac_decisions_confirm:
 * @refused: one that wants to be confirmed, whose number of messages the person has seen
 *
 * Returns: (transfer none) (nullable): the run to follow; %NULL without a connection.
 */
AcOperationRun *
ac_decisions_confirm (AcDecisions *self, AcOperationRun *refused)
{
  AcApi *api = ac_session_get_api (self->session);

  g_return_val_if_fail (AC_IS_DECISIONS (self), NULL);
  g_return_val_if_fail (AC_IS_OPERATION_RUN (refused), NULL);

  if (api == NULL || !ac_decisions_has_decided (self, refused) ||
      !ac_operation_run_wants_confirmation (refused))
    return NULL;
  ac_operation_run_set_api (refused, api);
  return start (self, ac_operation_run_new_confirmed (refused));
}

/**
 * ac_decisions_undo_instances:
 * @action_id: an action on a file
 * @comment: (nullable): what the person says about it
 *
 * Submits the undo of the action and of all others that can be undone on the same file.
 *
 * Returns: (transfer none) (nullable): the run to follow; %NULL without a connection.
 */
AcOperationRun *
ac_decisions_undo_instances (AcDecisions *self, const char *action_id, const char *comment)
{
  const char *ids[] = { action_id, NULL };

  g_return_val_if_fail (AC_IS_DECISIONS (self), NULL);
  g_return_val_if_fail (action_id != NULL, NULL);

  return submit (self, AC_DECISION_UNDO, ids, comment, TRUE);
}

/**
 * ac_decisions_undo_some:
 * @decision: an undo, or the retry of one
 * @assets: for which of the assets of the action
 * @comment: (nullable): what the person says about it
 *
 * Returns: (transfer none) (nullable): the run to follow; %NULL without a connection.
 */
AcOperationRun *
ac_decisions_undo_some (AcDecisions *self,
                        AcDecision decision,
                        const char *action_id,
                        const char *const *assets,
                        const char *comment)
{
  const char *const ids[] = { action_id, NULL };
  AcApi *api = ac_session_get_api (self->session);
  AcOperationRun *run;

  g_return_val_if_fail (AC_IS_DECISIONS (self), NULL);
  g_return_val_if_fail (action_id != NULL && assets != NULL, NULL);

  if (api == NULL)
    return NULL;
  run = ac_operation_run_new (api, decision, ids,
                              comment != NULL && *comment != '\0' ? comment : NULL);
  ac_operation_run_set_assets (run, assets);
  return start (self, run);
}

/**
 * ac_decisions_begin_reading:
 *
 * Says that a decision was taken whose actions are still being looked up; to be followed by
 * ac_decisions_end_reading().
 */
void
ac_decisions_begin_reading (AcDecisions *self)
{
  g_return_if_fail (AC_IS_DECISIONS (self));

  self->n_reading++;
}

void
ac_decisions_end_reading (AcDecisions *self)
{
  g_return_if_fail (AC_IS_DECISIONS (self));
  g_return_if_fail (self->n_reading > 0);

  self->n_reading--;
  if (self->session != NULL)
    tell_sent (self);
}

/**
 * ac_decisions_is_sending:
 *
 * Returns: whether something that the person has decided would be lost if the program ended now.
 */
gboolean
ac_decisions_is_sending (AcDecisions *self)
{
  g_return_val_if_fail (AC_IS_DECISIONS (self), FALSE);

  for (guint i = 0; i < self->running->len; i++)
    if (ac_operation_run_is_sending (g_ptr_array_index (self->running, i)))
      return TRUE;
  return self->n_reading > 0 || self->left->len > 0;
}

/**
 * ac_decisions_is_offline:
 *
 * Returns: whether the service does not answer: what were decided now would be sent much later.
 */
gboolean
ac_decisions_is_offline (AcDecisions *self)
{
  AcActionSource *source;

  g_return_val_if_fail (AC_IS_DECISIONS (self), TRUE);

  source = ac_session_get_source (self->session);
  return source == NULL || ac_action_source_get_offline_since (source) != AC_TIME_NONE;
}

/**
 * ac_decisions_get_run:
 *
 * Returns: (transfer none) (nullable): the latest decision.
 */
AcOperationRun *
ac_decisions_get_run (AcDecisions *self)
{
  g_return_val_if_fail (AC_IS_DECISIONS (self), NULL);

  return self->run;
}

/**
 * ac_decisions_get_under_way:
 *
 * Returns: (transfer none) (nullable): the latest decision that is not over: it is under way, or
 * nobody knows what came of it.
 */
AcOperationRun *
ac_decisions_get_under_way (AcDecisions *self)
{
  g_return_val_if_fail (AC_IS_DECISIONS (self), NULL);

  return self->running->len > 0 ? g_ptr_array_index (self->running, self->running->len - 1) : NULL;
}

/**
 * ac_decisions_is_busy:
 *
 * Returns: whether a decision of ours about this action is on its way. Once the service has
 * acknowledged it, the action itself says how far it is, while others of the decision may still
 * wait.
 */
gboolean
ac_decisions_is_busy (AcDecisions *self, const char *action_id)
{
  g_return_val_if_fail (AC_IS_DECISIONS (self), FALSE);

  for (guint i = 0; action_id != NULL && i < self->running->len; i++)
    {
      AcOperationRun *run = g_ptr_array_index (self->running, i);

      if (is_unacknowledged (run) &&
          g_strv_contains (ac_operation_run_get_action_ids (run), action_id))
        return TRUE;
    }
  return FALSE;
}

/**
 * ac_decisions_can_undo_last:
 *
 * Returns: whether the last decision that has ended left something that can be undone.
 */
gboolean
ac_decisions_can_undo_last (AcDecisions *self)
{
  g_auto (GStrv) ids = NULL;

  g_return_val_if_fail (AC_IS_DECISIONS (self), FALSE);

  if (self->last_own == NULL)
    return FALSE;
  ids = ac_operation_run_get_undoable_ids (self->last_own);
  return ids != NULL && ids[0] != NULL;
}

/* Whether the decision that Ctrl+Z means is none that has ended: the latest is under way, or nobody
 * knows what came of it; or it was refused, and the one before it is under way. */
static gboolean
last_is_under_way (AcDecisions *self)
{
  switch (self->run != NULL ? ac_operation_run_get_state (self->run) : AC_OPERATION_RUN_FINISHED)
    {
    case AC_OPERATION_RUN_FINISHED:
      return FALSE;
    case AC_OPERATION_RUN_FAILED:
      return self->running->len > 0;
    case AC_OPERATION_RUN_NEW:
    case AC_OPERATION_RUN_SUBMITTING:
    case AC_OPERATION_RUN_RUNNING:
    case AC_OPERATION_RUN_UNSURE:
    case AC_OPERATION_RUN_STOPPED:
    default:
      return TRUE;
    }
}

/* The latest one that was not refused. */
static AcOperationRun *
get_last_taken (AcDecisions *self)
{
  if (self->run != NULL && ac_operation_run_get_state (self->run) == AC_OPERATION_RUN_FAILED)
    return ac_decisions_get_under_way (self);
  return self->run;
}

/**
 * ac_decisions_undo_last:
 *
 * Takes the latest decision back where nothing of it has begun, and does nothing as long as it is
 * under way; else undoes what can be undone of the last one that has ended, once.
 *
 * Returns: (transfer none) (nullable): the run to follow.
 */
AcOperationRun *
ac_decisions_undo_last (AcDecisions *self)
{
  g_autoptr (AcOperationRun) last = NULL;
  AcOperationRun *run;

  g_return_val_if_fail (AC_IS_DECISIONS (self), NULL);

  run = get_last_taken (self);
  if (run != NULL && ac_operation_run_get_grace_left (run) > 0)
    {
      ac_operation_run_take_back (run);
      return run;
    }
  /* Whoever wants the latest one back does not mean the one before it. */
  if (last_is_under_way (self))
    return NULL;
  if (!ac_decisions_can_undo_last (self))
    return NULL;
  last = g_object_ref (self->last_own);
  return ac_decisions_undo_run (self, last);
}

/**
 * ac_decisions_stop_last:
 *
 * Lets what of the latest decision that is under way has not begun wait for a decision again. What
 * was done by then can be undone when the run has ended.
 *
 * Returns: whether there was something to stop.
 */
gboolean
ac_decisions_stop_last (AcDecisions *self)
{
  AcOperationRun *run = ac_decisions_get_under_way (self);

  if (run == NULL || !ac_operation_run_can_take_back (run))
    return FALSE;
  ac_operation_run_take_back (run);
  return TRUE;
}

/**
 * ac_decisions_undo_run:
 *
 * Undoes what can be undone of @run; nothing while the service does not answer.
 *
 * Returns: (transfer none) (nullable): the run to follow.
 */
AcOperationRun *
ac_decisions_undo_run (AcDecisions *self, AcOperationRun *run)
{
  g_auto (GStrv) ids = NULL;

  g_return_val_if_fail (AC_IS_DECISIONS (self), NULL);
  g_return_val_if_fail (AC_IS_OPERATION_RUN (run), NULL);

  ids = ac_operation_run_get_undoable_ids (run);
  if (ids == NULL || ids[0] == NULL || !ac_decisions_has_decided (self, run) ||
      ac_decisions_is_offline (self))
    return NULL;
  if (run == self->last_own)
    g_clear_object (&self->last_own);
  return ac_decisions_decide (self, AC_DECISION_UNDO, (const char *const *)ids, NULL);
}

/**
 * ac_decisions_has_decided:
 *
 * Returns: whether @run was decided with the account that is connected now.
 */
gboolean
ac_decisions_has_decided (AcDecisions *self, AcOperationRun *run)
{
  g_return_val_if_fail (AC_IS_DECISIONS (self), FALSE);
  g_return_val_if_fail (AC_IS_OPERATION_RUN (run), FALSE);

  return g_strcmp0 (g_object_get_data (G_OBJECT (run), ACCOUNT), self->account) == 0;
}

/**
 * ac_decisions_ask_again:
 * @run: one of which nobody knows what came of it, or that was not followed to its end
 *
 * Sends it again under the same key, or follows it again.
 */
void
ac_decisions_ask_again (AcDecisions *self, AcOperationRun *run)
{
  AcApi *api = ac_session_get_api (self->session);

  g_return_if_fail (AC_IS_DECISIONS (self));
  g_return_if_fail (AC_IS_OPERATION_RUN (run));

  if (api == NULL || !ac_decisions_has_decided (self, run))
    return;
  ac_operation_run_set_api (run, api);
  ac_operation_run_retry (run);
}

/**
 * ac_decisions_decide_rest:
 * @refused: a run that was refused because some of its actions do not take the decision any more
 *
 * Submits the same decision about the others, with the same comment.
 *
 * Returns: (transfer none) (nullable): the run to follow.
 */
AcOperationRun *
ac_decisions_decide_rest (AcDecisions *self, AcOperationRun *refused)
{
  g_auto (GStrv) rest = NULL;
  AcOperationRun *run;

  g_return_val_if_fail (AC_IS_DECISIONS (self), NULL);
  g_return_val_if_fail (AC_IS_OPERATION_RUN (refused), NULL);

  rest = ac_decisions_get_rest (refused);
  if (rest[0] == NULL || !ac_decisions_has_decided (self, refused))
    return NULL;
  run = ac_decisions_decide (self, ac_operation_run_get_decision (refused),
                             (const char *const *)rest, ac_operation_run_get_comment (refused));
  if (run != NULL)
    ac_operation_run_set_mixed (run, ac_operation_run_get_mixed (refused));
  return run;
}

/**
 * ac_decisions_get_rest:
 * @run: a run that was refused because some of its actions do not take the decision any more
 *
 * Returns: (transfer full): the ids of the others; empty when there are none.
 */
GStrv
ac_decisions_get_rest (AcOperationRun *run)
{
  const char *const *ids = ac_operation_run_get_action_ids (run);
  const AcProblem *problem = ac_operation_run_get_problem (run);
  g_autoptr (GHashTable) refused = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GStrvBuilder) rest = g_strv_builder_new ();

  if (problem != NULL)
    for (guint i = 0; i < problem->conflicts->len; i++)
      {
        const AcConflict *conflict = g_ptr_array_index (problem->conflicts, i);

        g_hash_table_add (refused, conflict->action_id);
      }
  for (gsize i = 0; ids[i] != NULL; i++)
    if (!g_hash_table_contains (refused, ids[i]))
      g_strv_builder_add (rest, ids[i]);
  return g_strv_builder_end (rest);
}
