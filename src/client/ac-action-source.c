/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client/ac-action-source.h"
#include "model/ac-time.h"

enum
{
  CHANGED,
  INVESTIGATIONS_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_INTERFACE (AcActionSource, ac_action_source, G_TYPE_OBJECT)

static void
ac_action_source_default_init (AcActionSourceInterface *iface)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  g_object_interface_install_property (iface,
                                       g_param_spec_int64 ("last-refreshed", NULL, NULL, G_MININT64,
                                                           G_MAXINT64, AC_TIME_NONE, flags));
  g_object_interface_install_property (iface,
                                       g_param_spec_int64 ("offline-since", NULL, NULL, G_MININT64,
                                                           G_MAXINT64, AC_TIME_NONE, flags));
  g_object_interface_install_property (
      iface, g_param_spec_string ("offline-reason", NULL, NULL, NULL, flags));

  signals[CHANGED] = g_signal_new ("changed", AC_TYPE_ACTION_SOURCE, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ARRAY);
  signals[INVESTIGATIONS_CHANGED] =
      g_signal_new ("investigations-changed", AC_TYPE_ACTION_SOURCE, G_SIGNAL_RUN_LAST, 0, NULL,
                    NULL, NULL, G_TYPE_NONE, 0);
}

#define IFACE(self) AC_ACTION_SOURCE_GET_IFACE (self)

/**
 * ac_action_source_load_keys_async:
 * @query: which actions, and in which order
 * @progress: (nullable) (scope async): told of longer and longer beginnings of the answer
 *
 * Asks for the keys of all actions that match.
 */
void
ac_action_source_load_keys_async (AcActionSource *self,
                                  AcActionQuery *query,
                                  AcKeysProgress progress,
                                  gpointer progress_data,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_return_if_fail (AC_IS_ACTION_SOURCE (self));
  g_return_if_fail (AC_IS_ACTION_QUERY (query));

  IFACE (self)->load_keys_async (self, query, progress, progress_data, cancellable, callback,
                                 user_data);
}

/**
 * ac_action_source_load_keys_finish:
 *
 * Returns: (transfer full) (element-type guint64): the keys in order, none twice; or %NULL with an
 * error.
 */
GArray *
ac_action_source_load_keys_finish (AcActionSource *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (AC_IS_ACTION_SOURCE (self), NULL);

  return IFACE (self)->load_keys_finish (self, result, error);
}

/**
 * ac_action_source_load_rows_async:
 * @keys: (array length=n_keys): any number of keys of this source; copied
 */
void
ac_action_source_load_rows_async (AcActionSource *self,
                                  const guint64 *keys,
                                  gsize n_keys,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_return_if_fail (AC_IS_ACTION_SOURCE (self));

  IFACE (self)->load_rows_async (self, keys, n_keys, cancellable, callback, user_data);
}

/**
 * ac_action_source_load_rows_finish:
 *
 * Returns: (transfer full) (element-type AcAction): one entry for each key in its order, %NULL
 * where there is no such action any more; or %NULL with an error.
 */
GPtrArray *
ac_action_source_load_rows_finish (AcActionSource *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (AC_IS_ACTION_SOURCE (self), NULL);

  return IFACE (self)->load_rows_finish (self, result, error);
}

/**
 * ac_action_source_count_async:
 *
 * Asks how many actions match, without their keys.
 */
void
ac_action_source_count_async (AcActionSource *self,
                              AcActionQuery *query,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_return_if_fail (AC_IS_ACTION_SOURCE (self));
  g_return_if_fail (AC_IS_ACTION_QUERY (query));

  IFACE (self)->count_async (self, query, cancellable, callback, user_data);
}

/**
 * ac_action_source_count_finish:
 * @count: (out): how many
 *
 * Returns: %TRUE, or %FALSE with an error.
 */
gboolean
ac_action_source_count_finish (AcActionSource *self,
                               GAsyncResult *result,
                               guint64 *count,
                               GError **error)
{
  g_return_val_if_fail (AC_IS_ACTION_SOURCE (self), FALSE);

  return IFACE (self)->count_finish (self, result, count, error);
}

/**
 * ac_action_source_summarize_async:
 * @keys: (element-type guint64): any number of keys of this source; not to be changed from now on,
 * for a copy of a million takes longer than a frame has time
 *
 * Asks what these actions share.
 */
void
ac_action_source_summarize_async (AcActionSource *self,
                                  GArray *keys,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_return_if_fail (AC_IS_ACTION_SOURCE (self));

  IFACE (self)->summarize_async (self, keys, cancellable, callback, user_data);
}

/**
 * ac_action_source_summarize_finish:
 *
 * Returns: (transfer full): the summary, without those that are gone; or %NULL with an error.
 */
AcActionSummary *
ac_action_source_summarize_finish (AcActionSource *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (AC_IS_ACTION_SOURCE (self), NULL);

  return IFACE (self)->summarize_finish (self, result, error);
}

/**
 * ac_action_source_load_ids_async:
 * @keys: (array length=n_keys): any number of keys of this source; copied
 *
 * Asks which actions the keys stand for.
 */
void
ac_action_source_load_ids_async (AcActionSource *self,
                                 const guint64 *keys,
                                 gsize n_keys,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_return_if_fail (AC_IS_ACTION_SOURCE (self));

  IFACE (self)->load_ids_async (self, keys, n_keys, cancellable, callback, user_data);
}

/**
 * ac_action_source_load_ids_finish:
 *
 * Returns: (transfer full): the ids in the order of the keys, without those of actions that are
 * gone; or %NULL with an error.
 */
GStrv
ac_action_source_load_ids_finish (AcActionSource *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (AC_IS_ACTION_SOURCE (self), NULL);

  return IFACE (self)->load_ids_finish (self, result, error);
}

/**
 * ac_action_source_find_key_async:
 *
 * Asks for the key of the action with @id.
 */
void
ac_action_source_find_key_async (AcActionSource *self,
                                 const char *id,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_return_if_fail (AC_IS_ACTION_SOURCE (self));
  g_return_if_fail (id != NULL);

  IFACE (self)->find_key_async (self, id, cancellable, callback, user_data);
}

/**
 * ac_action_source_find_key_finish:
 * @key: (out): the key, or 0 when this source has not met the action
 *
 * Returns: %TRUE, or %FALSE with an error.
 */
gboolean
ac_action_source_find_key_finish (AcActionSource *self,
                                  GAsyncResult *result,
                                  guint64 *key,
                                  GError **error)
{
  g_return_val_if_fail (AC_IS_ACTION_SOURCE (self), FALSE);

  return IFACE (self)->find_key_finish (self, result, key, error);
}

/* What a source without a quicker way does: @task has these as its data. */
typedef struct
{
  GArray *keys;
  char *type;
  AcDecision decision;
} Narrowing;

static void
narrowing_free (gpointer data)
{
  Narrowing *narrowing = data;

  g_array_unref (narrowing->keys);
  g_free (narrowing->type);
  g_free (narrowing);
}

static gboolean
stays (const Narrowing *narrowing, AcAction *action)
{
  if (action == NULL)
    return FALSE;
  if (narrowing->type != NULL)
    return g_strcmp0 (ac_action_get_action_type (action), narrowing->type) == 0;
  return ac_action_may (action, narrowing->decision);
}

static void
narrow_rows_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  const Narrowing *narrowing = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) rows =
      ac_action_source_load_rows_finish (AC_ACTION_SOURCE (object), result, &error);
  GArray *keys;

  if (rows == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  keys = g_array_new (FALSE, FALSE, sizeof (guint64));
  for (guint i = 0; i < rows->len; i++)
    if (stays (narrowing, rows->pdata[i]))
      g_array_append_val (keys, g_array_index (narrowing->keys, guint64, i));
  g_task_return_pointer (task, keys, (GDestroyNotify)g_array_unref);
}

/**
 * ac_action_source_narrow_async:
 * @keys: (array length=n_keys): any number of keys of this source; copied
 * @type: (nullable): only actions of this type stay; %NULL: only those that allow @decision
 *
 * Asks which of these actions one can go on with.
 */
void
ac_action_source_narrow_async (AcActionSource *self,
                               const guint64 *keys,
                               gsize n_keys,
                               const char *type,
                               AcDecision decision,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  Narrowing *narrowing;
  GTask *task;

  g_return_if_fail (AC_IS_ACTION_SOURCE (self));

  if (IFACE (self)->narrow_async != NULL)
    {
      IFACE (self)->narrow_async (self, keys, n_keys, type, decision, cancellable, callback,
                                  user_data);
      return;
    }
  task = g_task_new (self, cancellable, callback, user_data);
  narrowing = g_new0 (Narrowing, 1);
  narrowing->keys = g_array_sized_new (FALSE, FALSE, sizeof (guint64), (guint)n_keys);
  g_array_append_vals (narrowing->keys, keys, (guint)n_keys);
  narrowing->type = g_strdup (type);
  narrowing->decision = decision;
  g_task_set_task_data (task, narrowing, narrowing_free);
  ac_action_source_load_rows_async (self, keys, n_keys, cancellable, narrow_rows_cb, task);
}

/**
 * ac_action_source_narrow_finish:
 *
 * Returns: (transfer full) (element-type guint64): the keys that stay, in the same order; or %NULL
 * with an error.
 */
GArray *
ac_action_source_narrow_finish (AcActionSource *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (AC_IS_ACTION_SOURCE (self), NULL);

  if (IFACE (self)->narrow_finish != NULL)
    return IFACE (self)->narrow_finish (self, result, error);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * ac_action_source_load_values_async:
 * @filter: of whose member; what @query filters by it does not count
 * @contains: (nullable): only values that contain this, or whose label does
 *
 * Asks what there is to filter by among the actions that @query lets through.
 */
void
ac_action_source_load_values_async (AcActionSource *self,
                                    AcActionQuery *query,
                                    AcFilter filter,
                                    const char *contains,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  GTask *task;

  g_return_if_fail (AC_IS_ACTION_SOURCE (self));
  g_return_if_fail (AC_IS_ACTION_QUERY (query));

  if (IFACE (self)->load_values_async != NULL)
    {
      IFACE (self)->load_values_async (self, query, filter, contains, cancellable, callback,
                                       user_data);
      return;
    }
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_return_pointer (task, ac_filter_values_new (), (GDestroyNotify)ac_filter_values_free);
  g_object_unref (task);
}

/**
 * ac_action_source_load_values_finish:
 *
 * Returns: (transfer full): the values, those that occur most first; or %NULL with an error.
 */
AcFilterValues *
ac_action_source_load_values_finish (AcActionSource *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (AC_IS_ACTION_SOURCE (self), NULL);

  if (IFACE (self)->load_values_finish != NULL)
    return IFACE (self)->load_values_finish (self, result, error);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * ac_action_source_refresh:
 *
 * Asks the service for changes now, without waiting for the next time that would happen.
 */
void
ac_action_source_refresh (AcActionSource *self)
{
  g_return_if_fail (AC_IS_ACTION_SOURCE (self));

  IFACE (self)->refresh (self);
}

/**
 * ac_action_source_take_first_page:
 *
 * Does not wait for anything.
 *
 * Returns: (transfer full) (nullable): the beginning of the list, when it was read beforehand.
 */
AcFirstPage *
ac_action_source_take_first_page (AcActionSource *self, AcActionQuery *query)
{
  g_return_val_if_fail (AC_IS_ACTION_SOURCE (self), NULL);
  g_return_val_if_fail (AC_IS_ACTION_QUERY (query), NULL);

  return IFACE (self)->take_first_page != NULL ? IFACE (self)->take_first_page (self, query) : NULL;
}

/**
 * ac_action_source_get_last_refreshed:
 *
 * Returns: when the source last knew the state of the service, or AC_TIME_NONE.
 */
gint64
ac_action_source_get_last_refreshed (AcActionSource *self)
{
  gint64 time;

  g_return_val_if_fail (AC_IS_ACTION_SOURCE (self), AC_TIME_NONE);

  g_object_get (self, "last-refreshed", &time, NULL);
  return time;
}

/**
 * ac_action_source_get_offline_since:
 *
 * Returns: since when the service cannot be used, or AC_TIME_NONE when it can.
 */
gint64
ac_action_source_get_offline_since (AcActionSource *self)
{
  gint64 time;

  g_return_val_if_fail (AC_IS_ACTION_SOURCE (self), AC_TIME_NONE);

  g_object_get (self, "offline-since", &time, NULL);
  return time;
}

/**
 * ac_action_source_dup_offline_reason:
 *
 * Returns: (transfer full) (nullable): a sentence that says why, and %NULL while online.
 */
char *
ac_action_source_dup_offline_reason (AcActionSource *self)
{
  char *reason;

  g_return_val_if_fail (AC_IS_ACTION_SOURCE (self), NULL);

  g_object_get (self, "offline-reason", &reason, NULL);
  return reason;
}

/**
 * ac_action_source_emit_changed:
 * @keys: (nullable) (element-type guint64): of the actions that are new, changed or gone; %NULL:
 *   anything may have changed
 */
void
ac_action_source_emit_changed (AcActionSource *self, GArray *keys)
{
  g_return_if_fail (AC_IS_ACTION_SOURCE (self));

  g_signal_emit (self, signals[CHANGED], 0, keys);
}

/**
 * ac_action_source_emit_investigations_changed:
 *
 * For implementations: some investigation is new or has changed.
 */
void
ac_action_source_emit_investigations_changed (AcActionSource *self)
{
  g_return_if_fail (AC_IS_ACTION_SOURCE (self));

  g_signal_emit (self, signals[INVESTIGATIONS_CHANGED], 0);
}
