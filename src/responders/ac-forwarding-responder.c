/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One run, for the tasks of one mailbox, one after the other on one connection. After a crash or a
 * lost connection anywhere in a task, the next look finds the mailbox as the receipt says it was
 * before, or as it says it would be after, and goes on from there. */
#include "config.h"

#include "responders/ac-forwarding-responder.h"
#include "responders/ac-forwarding-run.h"

/* How often to look again when the connection was lost or something changed under our hands; after
 * that the task comes back later. Undo itself needs two. */
#define MAX_LOOKS 5

struct _AcForwardingResponder
{
  GObject parent_instance;

  AcForwardingConfig *config; /* never changes, so that several threads may read it */
};

static void ac_forwarding_responder_responder_init (AcResponderInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AcForwardingResponder,
                               ac_forwarding_responder,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (AC_TYPE_RESPONDER,
                                                      ac_forwarding_responder_responder_init))

static gboolean
ac_forwarding_responder_handles (AcResponder *responder, AcActionType type)
{
  return type == AC_ACTION_TYPE_TURN_OFF_MAIL_FORWARDING;
}

static gboolean
read_receipt (AcForwardingRun *run)
{
  g_autoptr (GError) problem = NULL;

  if (run->task->receipt == NULL)
    return TRUE;
  run->receipt = ac_forwarding_receipt_new_from_json (run->task->receipt, &problem);
  run->may_be_active = run->receipt != NULL && (run->receipt->state == AC_FORWARDING_REPLACING ||
                                                run->receipt->state == AC_FORWARDING_REPLACED);
  if (run->receipt == NULL)
    ac_task_set_failed (run->task, FALSE, "%s Nothing was done.", problem->message);
  return run->receipt != NULL;
}

/* Looks until the task has its outcome, or an error stops it. */
static gboolean
run_task (AcForwardingRun *run,
          AcDirection direction,
          const char *asset,
          GCancellable *cancellable,
          GError **error)
{
  for (guint look = 1; !ac_forwarding_run_is_done (run); look++)
    {
      GError *problem = NULL;

      if (look > MAX_LOOKS)
        {
          g_set_error (error, AC_SIEVE_ERROR, AC_SIEVE_ERROR_UNAVAILABLE,
                       "The scripts of the mailbox have changed each time they were looked at.");
          return FALSE;
        }
      if (run->connection == NULL)
        {
          run->connection = ac_forwarding_config_connect (run->config, asset, cancellable, error);
          if (run->connection == NULL)
            return FALSE;
        }
      if (direction == AC_DIRECTION_APPLY ? ac_forwarding_apply (run, &problem)
                                          : ac_forwarding_undo (run, &problem))
        continue;
      if (ac_sieve_connection_is_lost (run->connection))
        g_clear_pointer (&run->connection, ac_sieve_connection_free);
      if (look < MAX_LOOKS && ac_sieve_error_is_lost_connection (problem))
        {
          g_error_free (problem);
          continue;
        }
      g_propagate_error (error, problem);
      return FALSE;
    }
  return TRUE;
}

/* FALSE: the service ends, and the tasks that are left are left for later. */
static gboolean
finish_task (AcForwardingRun *run, const GError *problem)
{
  /* Nothing was found out, and the receipt stands. */
  if (g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return FALSE;
  if (problem != NULL)
    ac_task_set_failed (run->task, run->sink_has_failed || ac_sieve_error_is_transient (problem),
                        "%s", problem->message);
  /* With AC_OUTCOME_FAILED: undo looks which script is active. */
  run->task->did_part = run->may_be_active;
  run->task->did_nothing = !run->may_be_active;
  return TRUE;
}

static void
ac_forwarding_responder_run (AcResponder *responder,
                             AcActionType type,
                             AcDirection direction,
                             const char *asset,
                             GPtrArray *tasks,
                             AcReceiptSink sink,
                             gpointer sink_data,
                             GCancellable *cancellable)
{
  AcForwardingResponder *self = AC_FORWARDING_RESPONDER (responder);
  g_autoptr (AcSieveConnection) connection = NULL;
  gboolean goes_on = TRUE;

  for (guint i = 0; i < tasks->len && goes_on; i++)
    {
      g_autoptr (GError) problem = NULL;
      AcForwardingRun run = { .config = self->config,
                              .connection = g_steal_pointer (&connection),
                              .task = tasks->pdata[i],
                              .sink = sink,
                              .sink_data = sink_data };

      if (read_receipt (&run))
        {
          run_task (&run, direction, asset, cancellable, &problem);
          goes_on = finish_task (&run, problem);
        }
      connection = g_steal_pointer (&run.connection);
      g_clear_pointer (&run.receipt, ac_forwarding_receipt_free);
      g_clear_pointer (&run.scripts, g_ptr_array_unref);
    }
  if (connection != NULL)
    ac_sieve_connection_log_out (connection);
}

static GPtrArray *
ac_forwarding_responder_look (AcResponder *responder,
                              AcEntity *entity,
                              const char *asset,
                              gboolean *is_transient,
                              GCancellable *cancellable,
                              GError **error)
{
  GError *problem = NULL;
  GPtrArray *found = ac_forwarding_look (AC_FORWARDING_RESPONDER (responder)->config, entity, asset,
                                         cancellable, &problem);

  if (found != NULL)
    return found;
  *is_transient = ac_sieve_error_is_transient (problem);
  g_propagate_error (error, problem);
  return NULL;
}

static gint64
ac_forwarding_responder_get_retry_time (AcResponder *responder)
{
  return AC_FORWARDING_RESPONDER (responder)->config->retry * G_TIME_SPAN_SECOND;
}

static void
ac_forwarding_responder_responder_init (AcResponderInterface *iface)
{
  iface->handles = ac_forwarding_responder_handles;
  iface->get_retry_time = ac_forwarding_responder_get_retry_time;
  iface->look = ac_forwarding_responder_look;
  iface->run = ac_forwarding_responder_run;
}

static void
ac_forwarding_responder_finalize (GObject *object)
{
  AcForwardingResponder *self = AC_FORWARDING_RESPONDER (object);

  g_clear_pointer (&self->config, ac_forwarding_config_free);
  G_OBJECT_CLASS (ac_forwarding_responder_parent_class)->finalize (object);
}

static void
ac_forwarding_responder_class_init (AcForwardingResponderClass *class)
{
  G_OBJECT_CLASS (class)->finalize = ac_forwarding_responder_finalize;
}

static void
ac_forwarding_responder_init (AcForwardingResponder *self)
{
}

/**
 * ac_forwarding_responder_new:
 * @config: the service's configuration; its group [forwarding] is read and checked
 *
 * Does not talk to the mail server.
 *
 * Returns: (transfer full): the responder, or %NULL with AC_SERVER_ACCOUNT_ERROR_INVALID.
 */
AcForwardingResponder *
ac_forwarding_responder_new (GKeyFile *config, GError **error)
{
  g_autoptr (AcForwardingConfig) forwarding = ac_forwarding_config_new (config, error);
  AcForwardingResponder *self;

  if (forwarding == NULL)
    return NULL;
  self = g_object_new (AC_TYPE_FORWARDING_RESPONDER, NULL);
  self->config = g_steal_pointer (&forwarding);
  return self;
}
