/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "responders/ac-responder.h"

G_DEFINE_INTERFACE (AcResponder, ac_responder, G_TYPE_OBJECT)

static void
ac_responder_default_init (AcResponderInterface *iface)
{
}

/**
 * ac_responder_handles:
 *
 * Returns: whether this responder carries out actions of @type.
 */
gboolean
ac_responder_handles (AcResponder *self, AcActionType type)
{
  g_return_val_if_fail (AC_IS_RESPONDER (self), FALSE);

  return AC_RESPONDER_GET_IFACE (self)->handles (self, type);
}

/**
 * ac_responder_get_retry_time:
 * @fallback: for a responder that does not care
 *
 * Returns: for how many microseconds after the decision a transient failure is tried again.
 */
gint64
ac_responder_get_retry_time (AcResponder *self, gint64 fallback)
{
  g_return_val_if_fail (AC_IS_RESPONDER (self), fallback);

  if (AC_RESPONDER_GET_IFACE (self)->get_retry_time == NULL)
    return fallback;
  return AC_RESPONDER_GET_IFACE (self)->get_retry_time (self);
}

/**
 * ac_responder_get_connections:
 * @fallback: for a responder that does not care
 *
 * Returns: on how many assets it may run at once.
 */
guint
ac_responder_get_connections (AcResponder *self, guint fallback)
{
  g_return_val_if_fail (AC_IS_RESPONDER (self), fallback);

  if (AC_RESPONDER_GET_IFACE (self)->get_connections == NULL)
    return fallback;
  return AC_RESPONDER_GET_IFACE (self)->get_connections (self);
}

/**
 * ac_responder_look:
 * @entity: a cluster, which the responder handles actions on
 * @asset: where to look
 * @is_transient: (out): with an error: whether trying again later may help
 *
 * Blocks, and changes nothing on the real system. May be called from several threads at once.
 *
 * Returns: (transfer full) (element-type AcClusterMessage): what of the cluster is there, or %NULL.
 */
GPtrArray *
ac_responder_look (AcResponder *self,
                   AcEntity *entity,
                   const char *asset,
                   gboolean *is_transient,
                   GCancellable *cancellable,
                   GError **error)
{
  g_return_val_if_fail (AC_IS_RESPONDER (self), NULL);
  g_return_val_if_fail (AC_RESPONDER_GET_IFACE (self)->look != NULL, NULL);

  *is_transient = FALSE;
  return AC_RESPONDER_GET_IFACE (self)->look (self, entity, asset, is_transient, cancellable,
                                              error);
}

/**
 * ac_responder_list_assets:
 *
 * Returns: (transfer full): the names of all assets that a cluster can be looked for in, or %NULL.
 */
GStrv
ac_responder_list_assets (AcResponder *self, GError **error)
{
  g_return_val_if_fail (AC_IS_RESPONDER (self), NULL);
  g_return_val_if_fail (AC_RESPONDER_GET_IFACE (self)->list_assets != NULL, NULL);

  return AC_RESPONDER_GET_IFACE (self)->list_assets (self, error);
}

/**
 * ac_responder_can_find:
 *
 * Returns: whether it can look for messages by what they are.
 */
gboolean
ac_responder_can_find (AcResponder *self)
{
  g_return_val_if_fail (AC_IS_RESPONDER (self), FALSE);

  return AC_RESPONDER_GET_IFACE (self)->find != NULL;
}

/**
 * ac_responder_find:
 * @query: checked
 * @asset: where to look
 * @most: at most so many
 * @is_cut: (out): whether there are more
 *
 * Looks, and changes nothing. Blocks.
 *
 * Returns: (transfer full) (element-type JsonObject): what was found, as the API tells it; or %NULL
 *   with an error whose message is for a person.
 */
GPtrArray *
ac_responder_find (AcResponder *self,
                   const AcMailQuery *query,
                   const char *asset,
                   guint most,
                   gboolean *is_cut,
                   GCancellable *cancellable,
                   GError **error)
{
  g_return_val_if_fail (AC_IS_RESPONDER (self), NULL);
  g_return_val_if_fail (ac_responder_can_find (self), NULL);

  *is_cut = FALSE;
  return AC_RESPONDER_GET_IFACE (self)->find (self, query, asset, most, is_cut, cancellable, error);
}

/**
 * ac_responder_can_read_message:
 *
 * Returns: whether it acts on messages that can be looked at.
 */
gboolean
ac_responder_can_read_message (AcResponder *self)
{
  g_return_val_if_fail (AC_IS_RESPONDER (self), FALSE);

  return AC_RESPONDER_GET_IFACE (self)->read_message != NULL;
}

/**
 * ac_responder_read_message:
 * @entity: the message
 * @asset: the mailbox that it lies in, or was taken out of
 * @receipt: (nullable): what it wrote down about an action on @asset; %NULL: nothing was done yet
 *
 * Looks at a message where it lies, in the mailbox or where it is kept, and changes nothing. Blocks.
 *
 * Returns: (transfer full): the API's MessageText, or %NULL: with AC_IMAP_ERROR_NO_FOLDER when there
 *   is no such message.
 */
JsonObject *
ac_responder_read_message (AcResponder *self,
                           AcEntity *entity,
                           const char *asset,
                           JsonObject *receipt,
                           GCancellable *cancellable,
                           GError **error)
{
  g_return_val_if_fail (AC_IS_RESPONDER (self), NULL);
  g_return_val_if_fail (ac_responder_can_read_message (self), NULL);
  g_return_val_if_fail (AC_IS_ENTITY (entity) && asset != NULL, NULL);

  return AC_RESPONDER_GET_IFACE (self)->read_message (self, entity, asset, receipt, cancellable,
                                                     error);
}

/**
 * ac_responder_run:
 * @type: one that it handles
 * @direction: whether to carry out or to undo
 * @asset: the mailbox or device that all tasks are on
 * @tasks: (element-type AcTask): given an outcome each
 * @sink: makes receipts durable; called before anything is done on the real system
 * @cancellable: (nullable): when cancelled, it stops at the next point where that is safe; the
 * tasks it has found nothing out about keep AC_OUTCOME_UNKNOWN
 *
 * Blocks. May be called from several threads at once, for different assets.
 */
void
ac_responder_run (AcResponder *self,
                  AcActionType type,
                  AcDirection direction,
                  const char *asset,
                  GPtrArray *tasks,
                  AcReceiptSink sink,
                  gpointer sink_data,
                  GCancellable *cancellable)
{
  g_return_if_fail (AC_IS_RESPONDER (self));
  g_return_if_fail (asset != NULL && tasks != NULL && sink != NULL);

  AC_RESPONDER_GET_IFACE (self)->run (self, type, direction, asset, tasks, sink, sink_data,
                                      cancellable);
}

/**
 * ac_task_new:
 * @receipt: (nullable): what the responder wrote down when it worked on this before
 *
 * Returns: (transfer full): a task nothing is known about.
 */
AcTask *
ac_task_new (const char *action_id, AcEntity *entity, const char *asset, JsonObject *receipt)
{
  AcTask *task = g_new0 (AcTask, 1);

  task->action_id = g_strdup (action_id);
  task->entity = g_object_ref (entity);
  task->asset = g_strdup (asset);
  task->receipt = receipt != NULL ? json_object_ref (receipt) : NULL;
  return task;
}

void
ac_task_free (AcTask *task)
{
  if (task == NULL)
    return;
  g_free (task->action_id);
  g_clear_object (&task->entity);
  g_free (task->asset);
  g_clear_pointer (&task->receipt, json_object_unref);
  g_strfreev (task->approved);
  g_free (task->detail);
  g_free (task);
}

/**
 * ac_task_set_outcome:
 * @format: what was seen, in a sentence for a person
 */
void
ac_task_set_outcome (AcTask *task, AcOutcome outcome, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_free (task->detail);
  task->detail = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  task->outcome = outcome;
  task->transient = FALSE;
}

/**
 * ac_task_set_failed:
 * @transient: whether trying again later may help
 * @format: why, in a sentence for a person
 */
void
ac_task_set_failed (AcTask *task, gboolean transient, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_free (task->detail);
  task->detail = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  task->outcome = AC_OUTCOME_FAILED;
  task->transient = transient;
}

/**
 * ac_tasks_write_receipts:
 * @tasks: (element-type AcTask): those whose receipts are others now
 *
 * Returns: %TRUE when all of them are on disk; else an error for a person.
 */
gboolean
ac_tasks_write_receipts (GPtrArray *tasks, AcReceiptSink sink, gpointer sink_data, GError **error)
{
  if (tasks->len == 0 || sink (tasks, sink_data, error))
    return TRUE;
  g_prefix_error (error, "The service could not note what it does in its database. ");
  return FALSE;
}

/**
 * ac_responder_wait:
 * @milliseconds: how long
 * @cancellable: (nullable): ends the wait at once
 *
 * For a responder that has to give a real system time before it looks again.
 *
 * Returns: %FALSE with G_IO_ERROR_CANCELLED.
 */
gboolean
ac_responder_wait (guint milliseconds, GCancellable *cancellable, GError **error)
{
  GPollFD poll = { 0 };
  gboolean can_poll = g_cancellable_make_pollfd (cancellable, &poll);
  gint64 until = g_get_monotonic_time () + milliseconds * G_TIME_SPAN_MILLISECOND;
  gint64 left = milliseconds;

  /* A signal may end a poll early. */
  while (!g_cancellable_is_cancelled (cancellable) && left > 0)
    {
      g_poll (&poll, can_poll ? 1 : 0, (gint)left);
      left = (until - g_get_monotonic_time () + 999) / G_TIME_SPAN_MILLISECOND;
    }
  if (can_poll)
    g_cancellable_release_fd (cancellable);
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}
