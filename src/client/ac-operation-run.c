/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/ac-operation-items.h"
#include "client/ac-operation-run.h"
#include "model/ac-time.h"

/* Between two looks at a running operation, in milliseconds. */
#define FIRST_PAUSE 250
#define LONGEST_PAUSE 2000
#define LONGEST_PAUSE_OFFLINE 10000

struct _AcOperationRun
{
  GObject parent_instance;

  AcApi *api;
  AcOperationRequest *request;
  char *idempotency_key; /* one for the whole run: however often it is sent, it is done once */

  AcOperationRunState state;
  AcOperation *operation; /* nullable; with items at the end */
  gint64 sent;            /* monotonic time; when that was done first */
  gboolean taking_back;   /* the call for that is under way */
  gboolean taken_back;    /* that call has succeeded: what goes on now had begun before */
  gboolean mixed;         /* actions of several types */
  gboolean was_unsure;    /* an earlier sending of it may have been taken */
  GError *error;          /* nullable */
  char *message;          /* nullable */

  GCancellable *cancellable; /* of the call under way */
  guint pause;
  guint timer;
};

enum
{
  PROP_0,
  PROP_STATE,
  PROP_OPERATION,
  PROP_TOTAL,
  PROP_WAITING,
  PROP_DONE,
  PROP_FAILED,
  PROP_SKIPPED,
  PROP_FRACTION,
  PROP_MESSAGE,
  N_PROPERTIES
};

enum
{
  FINISHED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AcOperationRun, ac_operation_run, G_TYPE_OBJECT)

GType
ac_operation_run_state_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    { AC_OPERATION_RUN_NEW, "AC_OPERATION_RUN_NEW", "new" },
    { AC_OPERATION_RUN_SUBMITTING, "AC_OPERATION_RUN_SUBMITTING", "submitting" },
    { AC_OPERATION_RUN_RUNNING, "AC_OPERATION_RUN_RUNNING", "running" },
    { AC_OPERATION_RUN_FINISHED, "AC_OPERATION_RUN_FINISHED", "finished" },
    { AC_OPERATION_RUN_FAILED, "AC_OPERATION_RUN_FAILED", "failed" },
    { AC_OPERATION_RUN_UNSURE, "AC_OPERATION_RUN_UNSURE", "unsure" },
    { AC_OPERATION_RUN_STOPPED, "AC_OPERATION_RUN_STOPPED", "stopped" },
    { 0, NULL, NULL },
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("AcOperationRunState", values));
  return (GType)type;
}

static void look (AcOperationRun *self, gboolean with_items);

static void
set_message (AcOperationRun *self, const char *message)
{
  if (g_strcmp0 (self->message, message) == 0)
    return;
  g_free (self->message);
  self->message = g_strdup (message);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MESSAGE]);
}

static void
set_state (AcOperationRun *self, AcOperationRunState state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  if (state >= AC_OPERATION_RUN_FINISHED)
    g_signal_emit (self, signals[FINISHED], 0);
}

/* @operation: (transfer full) */
static void
set_operation (AcOperationRun *self, AcOperation *operation)
{
  GObject *object = G_OBJECT (self);

  g_clear_object (&self->operation);
  self->operation = operation;
  g_object_freeze_notify (object);
  for (guint i = PROP_OPERATION; i <= PROP_FRACTION; i++)
    g_object_notify_by_pspec (object, properties[i]);
  g_object_thaw_notify (object);
}

/* @error: (transfer full) */
static void
end_with_error (AcOperationRun *self, AcOperationRunState state, GError *error)
{
  g_clear_error (&self->error);
  self->error = error;
  set_message (self, error->message);
  set_state (self, state);
}

static gboolean
timer_cb (gpointer data)
{
  AcOperationRun *self = data;

  self->timer = 0;
  look (self, FALSE);
  return G_SOURCE_REMOVE;
}

static void
look_later (AcOperationRun *self, guint longest)
{
  self->timer = g_timeout_add (self->pause, timer_cb, self);
  self->pause = MIN (self->pause + self->pause / 2, longest);
}

static void
take_operation (AcOperationRun *self, AcOperation *operation)
{
  gboolean finished = ac_operation_is_finished (operation);
  guint n_items = ac_operation_get_items (operation)->len;

  set_operation (self, g_object_ref (operation));
  set_message (self, NULL);
  if (finished && n_items == 0 && ac_operation_get_total (operation) > 0)
    /* The sums are final; what became of each action comes with one more look. */
    look (self, TRUE);
  else if (finished)
    set_state (self, AC_OPERATION_RUN_FINISHED);
  else
    {
      set_state (self, AC_OPERATION_RUN_RUNNING);
      /* A listener may have stopped it just now. */
      if (self->state == AC_OPERATION_RUN_RUNNING)
        look_later (self, LONGEST_PAUSE);
    }
}

static void
look_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcOperationRun) self = user_data;
  g_autoptr (AcOperation) operation = NULL;
  g_autoptr (GError) error = NULL;

  operation = ac_api_get_operation_finish (AC_API (object), result, &error);
  /* Stopped; and perhaps taken up again since, with another cancellable. */
  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  if (operation != NULL)
    take_operation (self, operation);
  else if (ac_client_error_is_offline (error))
    {
      /* The service goes on without us; when it can be reached again we see how far it is. */
      set_message (self, error->message);
      look_later (self, LONGEST_PAUSE_OFFLINE);
    }
  else
    end_with_error (self, AC_OPERATION_RUN_STOPPED, g_steal_pointer (&error));
}

static void
look (AcOperationRun *self, gboolean with_items)
{
  ac_api_get_operation_async (self->api, ac_operation_get_id (self->operation), with_items,
                              self->cancellable, look_cb, g_object_ref (self));
}

static void
submit_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcOperationRun) self = user_data;
  g_autoptr (AcOperation) operation = NULL;
  g_autoptr (GError) error = NULL;

  operation = ac_api_submit_operation_finish (AC_API (object), result, &error);
  if (operation != NULL)
    {
      if (self->state == AC_OPERATION_RUN_SUBMITTING)
        take_operation (self, operation);
      else
        set_operation (self, g_steal_pointer (&operation));
    }
  else if (self->state != AC_OPERATION_RUN_SUBMITTING)
    return;
  else if (ac_client_error_maybe_delivered (error) ||
           (self->was_unsure && !ac_client_error_settles (error)))
    {
      char *message = g_strdup_printf (_ ("%s It is not known whether the service has taken the "
                                          "decision. Try again: it will not "
                                          "be carried out twice."),
                                       error->message);

      g_free (error->message);
      error->message = message;
      self->was_unsure = TRUE;
      end_with_error (self, AC_OPERATION_RUN_UNSURE, g_steal_pointer (&error));
    }
  else
    end_with_error (self, AC_OPERATION_RUN_FAILED, g_steal_pointer (&error));
}

static void
submit (AcOperationRun *self)
{
  self->pause = FIRST_PAUSE;
  if (self->sent == 0)
    self->sent = g_get_monotonic_time ();
  g_clear_error (&self->error);
  set_message (self, NULL);
  set_state (self, AC_OPERATION_RUN_SUBMITTING);
  /* The call itself is never cancelled: it would leave open whether the decision was taken. */
  ac_api_submit_operation_async (self->api, self->request, self->idempotency_key, NULL, submit_cb,
                                 g_object_ref (self));
}

static void
ac_operation_run_dispose (GObject *object)
{
  AcOperationRun *self = AC_OPERATION_RUN (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  G_OBJECT_CLASS (ac_operation_run_parent_class)->dispose (object);
}

static void
ac_operation_run_finalize (GObject *object)
{
  AcOperationRun *self = AC_OPERATION_RUN (object);

  g_clear_object (&self->api);
  g_clear_object (&self->operation);
  g_clear_object (&self->cancellable);
  g_clear_error (&self->error);
  ac_operation_request_free (self->request);
  g_free (self->idempotency_key);
  g_free (self->message);
  G_OBJECT_CLASS (ac_operation_run_parent_class)->finalize (object);
}

static void
ac_operation_run_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  AcOperationRun *self = AC_OPERATION_RUN (object);

  switch (id)
    {
    case PROP_STATE:
      g_value_set_enum (value, (int)self->state);
      break;
    case PROP_OPERATION:
      g_value_set_object (value, self->operation);
      break;
    case PROP_TOTAL:
      g_value_set_uint (value, ac_operation_run_get_total (self));
      break;
    case PROP_WAITING:
      g_value_set_uint (value, ac_operation_run_get_waiting (self));
      break;
    case PROP_DONE:
      g_value_set_uint (value, ac_operation_run_get_done (self));
      break;
    case PROP_FAILED:
      g_value_set_uint (value, ac_operation_run_get_failed (self));
      break;
    case PROP_SKIPPED:
      g_value_set_uint (value, ac_operation_run_get_skipped (self));
      break;
    case PROP_FRACTION:
      g_value_set_double (value, ac_operation_run_get_fraction (self));
      break;
    case PROP_MESSAGE:
      g_value_set_string (value, self->message);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ac_operation_run_class_init (AcOperationRunClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  static const char *const counts[] = { "total", "waiting", "done", "failed", "skipped" };

  object_class->dispose = ac_operation_run_dispose;
  object_class->finalize = ac_operation_run_finalize;
  object_class->get_property = ac_operation_run_get_property;

  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, AC_TYPE_OPERATION_RUN_STATE,
                                              AC_OPERATION_RUN_NEW, flags);
  properties[PROP_OPERATION] =
      g_param_spec_object ("operation", NULL, NULL, AC_TYPE_OPERATION, flags);
  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    properties[PROP_TOTAL + i] = g_param_spec_uint (counts[i], NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_FRACTION] = g_param_spec_double ("fraction", NULL, NULL, 0, 1, 0, flags);
  properties[PROP_MESSAGE] = g_param_spec_string ("message", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  signals[FINISHED] = g_signal_new ("finished", AC_TYPE_OPERATION_RUN, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 0);
}

static void
ac_operation_run_init (AcOperationRun *self)
{
  self->idempotency_key = g_uuid_string_random ();
  self->cancellable = g_cancellable_new ();
}

/**
 * ac_operation_run_new:
 * @action_ids: (array zero-terminated=1): 1 to AC_OPERATION_MAX_ACTIONS ids
 * @comment: (nullable): why, for the audit log
 *
 * Returns: (transfer full): a decision that nobody knows of before ac_operation_run_start().
 */
AcOperationRun *
ac_operation_run_new (AcApi *api,
                      AcDecision decision,
                      const char *const *action_ids,
                      const char *comment)
{
  AcOperationRun *self;

  g_return_val_if_fail (AC_IS_API (api), NULL);
  g_return_val_if_fail (action_ids != NULL && action_ids[0] != NULL, NULL);

  self = g_object_new (AC_TYPE_OPERATION_RUN, NULL);
  self->api = g_object_ref (api);
  self->request = ac_operation_request_new (decision, action_ids,
                                            comment != NULL && *comment != '\0' ? comment : NULL);
  return self;
}

/**
 * ac_operation_run_include_instances:
 *
 * Before an undo is started: it takes everything else with it that can be undone on the same files.
 * What that is, the operation says.
 */
void
ac_operation_run_include_instances (AcOperationRun *self)
{
  g_return_if_fail (AC_IS_OPERATION_RUN (self));
  g_return_if_fail (self->state == AC_OPERATION_RUN_NEW);
  g_return_if_fail (self->request->decision == AC_DECISION_UNDO);

  self->request->include_instances = TRUE;
}

gboolean
ac_operation_run_includes_instances (AcOperationRun *self)
{
  g_return_val_if_fail (AC_IS_OPERATION_RUN (self), FALSE);

  return self->request->include_instances;
}

/**
 * ac_operation_run_set_assets:
 * @assets: (nullable): of an undo or a retry of one action: only these of its assets; %NULL: all
 *
 * Before it is started.
 */
void
ac_operation_run_set_assets (AcOperationRun *self, const char *const *assets)
{
  g_return_if_fail (AC_IS_OPERATION_RUN (self));
  g_return_if_fail (self->state == AC_OPERATION_RUN_NEW);

  ac_operation_request_set_assets (self->request, assets);
}

/**
 * ac_operation_run_get_n_assets:
 *
 * Returns: for how many of the assets of its action it is; 0: for all.
 */
guint
ac_operation_run_get_n_assets (AcOperationRun *self)
{
  g_return_val_if_fail (AC_IS_OPERATION_RUN (self), 0);

  return self->request->assets != NULL ? g_strv_length (self->request->assets) : 0;
}

/**
 * ac_operation_run_add_target:
 * @action_id: of an action on a cluster
 * @digest: of its targets, as the person sees them
 *
 * Before an approval is started: it holds for these.
 */
void
ac_operation_run_add_target (AcOperationRun *self, const char *action_id, const char *digest)
{
  g_return_if_fail (AC_IS_OPERATION_RUN (self));
  g_return_if_fail (self->state == AC_OPERATION_RUN_NEW);
  g_return_if_fail (self->request->decision == AC_DECISION_APPROVE);

  ac_operation_request_add_target (self->request, action_id, digest);
}

/**
 * ac_operation_run_wants_confirmation:
 *
 * Returns: whether the service has refused it only because a person must say yes to the number of
 *   messages, which stands in the problem.
 */
gboolean
ac_operation_run_wants_confirmation (AcOperationRun *self)
{
  const AcProblem *problem;

  g_return_val_if_fail (AC_IS_OPERATION_RUN (self), FALSE);

  problem = ac_operation_run_get_problem (self);
  return self->state == AC_OPERATION_RUN_FAILED && problem != NULL &&
         ac_problem_wants_confirmation (problem);
}

/**
 * ac_operation_run_new_confirmed:
 * @refused: one that wants to be confirmed
 *
 * Returns: (transfer full): the same decision, for the messages and the number that the service has
 * told; to be started when the person has seen the number and said yes.
 */
AcOperationRun *
ac_operation_run_new_confirmed (AcOperationRun *refused)
{
  const AcProblem *problem;
  AcOperationRun *self;

  g_return_val_if_fail (AC_IS_OPERATION_RUN (refused), NULL);
  g_return_val_if_fail (ac_operation_run_wants_confirmation (refused), NULL);

  problem = ac_operation_run_get_problem (refused);
  self = ac_operation_run_new (refused->api, refused->request->decision,
                               (const char *const *)refused->request->action_ids,
                               refused->request->comment);
  for (guint i = 0; i < problem->targets->len; i++)
    {
      const AcProblemTarget *target = problem->targets->pdata[i];

      ac_operation_request_add_target (self->request, target->action_id, target->digest);
    }
  self->request->confirmed_messages = problem->messages;
  self->mixed = refused->mixed;
  return self;
}

/**
 * ac_operation_run_start:
 *
 * Submits the decision and follows it. Once only.
 */
void
ac_operation_run_start (AcOperationRun *self)
{
  g_return_if_fail (AC_IS_OPERATION_RUN (self));
  g_return_if_fail (self->state == AC_OPERATION_RUN_NEW);

  submit (self);
}

/**
 * ac_operation_run_retry:
 *
 * After UNSURE or FAILED: sends the same decision again under the same key, so that it is done once
 * however many of the attempts have arrived. After STOPPED: follows again.
 */
void
ac_operation_run_retry (AcOperationRun *self)
{
  g_return_if_fail (AC_IS_OPERATION_RUN (self));
  g_return_if_fail (self->state > AC_OPERATION_RUN_FINISHED);

  if (self->operation == NULL)
    {
      submit (self);
      return;
    }
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  self->pause = FIRST_PAUSE;
  g_clear_error (&self->error);
  set_message (self, NULL);
  set_state (self, AC_OPERATION_RUN_RUNNING);
  look (self, FALSE);
}

/**
 * ac_operation_run_set_api:
 * @api: of the same service, and with the same account, whose token may be another one by now
 *
 * Before ac_operation_run_retry() and ac_operation_run_new_confirmed(): what is asked then is asked
 * with it.
 */
void
ac_operation_run_set_api (AcOperationRun *self, AcApi *api)
{
  g_return_if_fail (AC_IS_OPERATION_RUN (self));
  g_return_if_fail (AC_IS_API (api));

  g_set_object (&self->api, api);
}

/**
 * ac_operation_run_stop:
 *
 * Stops following. What was submitted is carried out all the same.
 */
void
ac_operation_run_stop (AcOperationRun *self)
{
  g_return_if_fail (AC_IS_OPERATION_RUN (self));

  if (self->state != AC_OPERATION_RUN_SUBMITTING && self->state != AC_OPERATION_RUN_RUNNING)
    return;
  g_clear_handle_id (&self->timer, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  set_state (self, AC_OPERATION_RUN_STOPPED);
}

static void
taken_back_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcOperationRun) self = user_data;
  g_autoptr (AcOperation) operation = NULL;
  g_autoptr (GError) error = NULL;

  operation = ac_api_take_back_operation_finish (AC_API (object), result, &error);
  self->taking_back = FALSE;
  if (self->state != AC_OPERATION_RUN_RUNNING)
    return;
  if (operation == NULL)
    {
      set_message (self, error->message);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OPERATION]);
      return;
    }
  /* A look that is under way may have seen it as it was before. */
  g_clear_handle_id (&self->timer, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  self->taken_back = TRUE;
  take_operation (self, operation);
}

/**
 * ac_operation_run_can_take_back:
 *
 * Returns: whether something of it may still be waiting, so that asking the service to stop it
 * makes sense. Once only: what is left after that had begun.
 */
gboolean
ac_operation_run_can_take_back (AcOperationRun *self)
{
  g_return_val_if_fail (AC_IS_OPERATION_RUN (self), FALSE);

  return self->state == AC_OPERATION_RUN_RUNNING && !self->taking_back && !self->taken_back &&
         ac_operation_run_get_waiting (self) > 0;
}

/**
 * ac_operation_run_take_back:
 *
 * Asks the service to let what of an approval has not begun wait for a decision again, and to stop
 * the rest where it is. When that succeeds the run goes on to its end; when it is too late, the
 * message says so and the run goes on as before.
 */
void
ac_operation_run_take_back (AcOperationRun *self)
{
  g_return_if_fail (AC_IS_OPERATION_RUN (self));

  if (self->state != AC_OPERATION_RUN_RUNNING || self->taking_back)
    return;
  self->taking_back = TRUE;
  ac_api_take_back_operation_async (self->api, ac_operation_get_id (self->operation), NULL,
                                    taken_back_cb, g_object_ref (self));
}

/**
 * ac_operation_run_get_grace_left:
 *
 * Returns: for how many microseconds more nothing of it will begin; 0: it may have begun. Both ends
 * of the time are the service's, so that a desk whose clock is wrong counts rightly; they count
 * from when the decision was sent, for the service may have had it long before it was heard to say
 * so.
 */
gint64
ac_operation_run_get_grace_left (AcOperationRun *self)
{
  gint64 until;
  gint64 grace;

  g_return_val_if_fail (AC_IS_OPERATION_RUN (self), 0);

  if (self->state != AC_OPERATION_RUN_RUNNING || self->taking_back)
    return 0;
  until = ac_operation_get_take_back_until (self->operation);
  if (until == AC_TIME_NONE)
    return 0;
  grace = until - ac_operation_get_created_at (self->operation);
  return MAX (self->sent + grace - g_get_monotonic_time (), 0);
}

/**
 * ac_operation_run_get_n_taken_back:
 *
 * Returns: how many of its actions were taken back; known when the state is FINISHED.
 */
guint
ac_operation_run_get_n_taken_back (AcOperationRun *self)
{
  g_return_val_if_fail (AC_IS_OPERATION_RUN (self), 0);

  if (self->operation == NULL)
    return 0;
  return ac_operation_items_count (ac_operation_get_items (self->operation), "takenBack");
}

/**
 * ac_operation_run_is_sending:
 *
 * Returns: whether the service was asked for something and has not answered yet: the decision
 * itself, or to take it back. Should the program end now, it may never hear of it.
 */
gboolean
ac_operation_run_is_sending (AcOperationRun *self)
{
  g_return_val_if_fail (AC_IS_OPERATION_RUN (self), FALSE);

  return self->state == AC_OPERATION_RUN_SUBMITTING ||
         (self->state == AC_OPERATION_RUN_RUNNING && self->taking_back);
}

AcDecision
ac_operation_run_get_decision (AcOperationRun *self)
{
  g_return_val_if_fail (AC_IS_OPERATION_RUN (self), AC_DECISION_UNKNOWN);

  return self->request->decision;
}

/**
 * ac_operation_run_get_comment:
 *
 * Returns: (nullable): what the person has said about it.
 */
const char *
ac_operation_run_get_comment (AcOperationRun *self)
{
  g_return_val_if_fail (AC_IS_OPERATION_RUN (self), NULL);

  return self->request->comment;
}

/**
 * ac_operation_run_get_action_ids:
 *
 * Returns: (transfer none): the actions it is about.
 */
const char *const *
ac_operation_run_get_action_ids (AcOperationRun *self)
{
  g_return_val_if_fail (AC_IS_OPERATION_RUN (self), NULL);

  return (const char *const *)self->request->action_ids;
}

AcOperationRunState
ac_operation_run_get_state (AcOperationRun *self)
{
  g_return_val_if_fail (AC_IS_OPERATION_RUN (self), AC_OPERATION_RUN_NEW);

  return self->state;
}

/**
 * ac_operation_run_get_operation:
 *
 * Returns: (transfer none) (nullable): the operation as last seen; %NULL before it is acknowledged.
 * It has its items when the state is FINISHED.
 */
AcOperation *
ac_operation_run_get_operation (AcOperationRun *self)
{
  g_return_val_if_fail (AC_IS_OPERATION_RUN (self), NULL);

  return self->operation;
}

/**
 * ac_operation_run_get_total:
 *
 * Returns: how many actions it is about: always waiting + done + failed + skipped.
 */
guint
ac_operation_run_get_total (AcOperationRun *self)
{
  g_return_val_if_fail (AC_IS_OPERATION_RUN (self), 0);

  return self->operation != NULL ? ac_operation_get_total (self->operation)
                                 : g_strv_length (self->request->action_ids);
}

guint
ac_operation_run_get_waiting (AcOperationRun *self)
{
  g_return_val_if_fail (AC_IS_OPERATION_RUN (self), 0);

  return self->operation != NULL ? ac_operation_get_waiting (self->operation)
                                 : g_strv_length (self->request->action_ids);
}

guint
ac_operation_run_get_done (AcOperationRun *self)
{
  g_return_val_if_fail (AC_IS_OPERATION_RUN (self), 0);

  return self->operation != NULL ? ac_operation_get_done (self->operation) : 0;
}

guint
ac_operation_run_get_failed (AcOperationRun *self)
{
  g_return_val_if_fail (AC_IS_OPERATION_RUN (self), 0);

  return self->operation != NULL ? ac_operation_get_failed (self->operation) : 0;
}

guint
ac_operation_run_get_skipped (AcOperationRun *self)
{
  g_return_val_if_fail (AC_IS_OPERATION_RUN (self), 0);

  return self->operation != NULL ? ac_operation_get_skipped (self->operation) : 0;
}

/**
 * ac_operation_run_get_fraction:
 *
 * Returns: which part is over, 0 to 1.
 */
double
ac_operation_run_get_fraction (AcOperationRun *self)
{
  guint total = ac_operation_run_get_total (self);
  guint waiting = MIN (ac_operation_run_get_waiting (self), total);

  return total > 0 ? (double)(total - waiting) / total : 0;
}

/**
 * ac_operation_run_get_message:
 *
 * Returns: (nullable): a sentence: why it failed, or why nothing is heard for the moment.
 */
const char *
ac_operation_run_get_message (AcOperationRun *self)
{
  g_return_val_if_fail (AC_IS_OPERATION_RUN (self), NULL);

  return self->message;
}

/**
 * ac_operation_run_get_error:
 *
 * Returns: (transfer none) (nullable): why it is FAILED, UNSURE or STOPPED.
 */
const GError *
ac_operation_run_get_error (AcOperationRun *self)
{
  g_return_val_if_fail (AC_IS_OPERATION_RUN (self), NULL);

  return self->error;
}

/**
 * ac_operation_run_get_problem:
 *
 * Returns: (transfer none) (nullable): the service's own answer behind the error, with the
 * conflicts when somebody else was first.
 */
const AcProblem *
ac_operation_run_get_problem (AcOperationRun *self)
{
  g_return_val_if_fail (AC_IS_OPERATION_RUN (self), NULL);

  return ac_client_error_get_problem (self->error);
}

/**
 * ac_operation_run_set_mixed:
 * @mixed: whether the actions are of several types
 *
 * The service tells the results of a run, but not of what types its actions are.
 */
void
ac_operation_run_set_mixed (AcOperationRun *self, gboolean mixed)
{
  g_return_if_fail (AC_IS_OPERATION_RUN (self));

  self->mixed = mixed;
}

/**
 * ac_operation_run_get_mixed:
 *
 * Returns: what ac_operation_run_set_mixed() was told.
 */
gboolean
ac_operation_run_get_mixed (AcOperationRun *self)
{
  g_return_val_if_fail (AC_IS_OPERATION_RUN (self), FALSE);

  return self->mixed;
}

/**
 * ac_operation_run_get_undoable_ids:
 *
 * Returns: (transfer full): the actions that this run has carried out and that undo could take back
 * now, for the Undo right behind it; empty when there are none, when they are of several types,
 * which the service does not undo together, or when it is not an approval: an undo behind a retry
 * would also take back what the approval before it has done.
 */
GStrv
ac_operation_run_get_undoable_ids (AcOperationRun *self)
{
  GPtrArray *items = NULL;

  g_return_val_if_fail (AC_IS_OPERATION_RUN (self), NULL);

  if (!self->mixed && self->state == AC_OPERATION_RUN_FINISHED &&
      self->request->decision == AC_DECISION_APPROVE)
    items = ac_operation_get_items (self->operation);
  return ac_operation_items_undoable (items);
}
