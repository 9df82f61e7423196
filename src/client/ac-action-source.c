/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client/ac-action-source.h"
#include "model/ac-time.h"

enum
{
  CHANGED,
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
 * @keys: (array length=n_keys): any number of keys of this source; copied
 *
 * Asks what these actions share.
 */
void
ac_action_source_summarize_async (AcActionSource *self,
                                  const guint64 *keys,
                                  gsize n_keys,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_return_if_fail (AC_IS_ACTION_SOURCE (self));

  IFACE (self)->summarize_async (self, keys, n_keys, cancellable, callback, user_data);
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
 * ac_action_source_dup_id:
 *
 * Returns: (transfer full) (nullable): the id of the action that @key stands for.
 */
char *
ac_action_source_dup_id (AcActionSource *self, guint64 key)
{
  g_return_val_if_fail (AC_IS_ACTION_SOURCE (self), NULL);

  return IFACE (self)->dup_id (self, key);
}

/**
 * ac_action_source_dup_ids:
 * @keys: (array length=n_keys): keys
 *
 * Returns: (transfer full): the ids of those that are keys of this source, in the same order.
 */
GStrv
ac_action_source_dup_ids (AcActionSource *self, const guint64 *keys, gsize n_keys)
{
  GPtrArray *ids;

  g_return_val_if_fail (AC_IS_ACTION_SOURCE (self), NULL);

  ids = g_ptr_array_new ();
  for (gsize i = 0; i < n_keys; i++)
    {
      char *id = ac_action_source_dup_id (self, keys[i]);

      if (id != NULL)
        g_ptr_array_add (ids, id);
    }
  g_ptr_array_add (ids, NULL);
  return (GStrv)g_ptr_array_free (ids, FALSE);
}

/**
 * ac_action_source_get_key:
 *
 * Returns: the key of the action with @id, or 0 when this source has not met it.
 */
guint64
ac_action_source_get_key (AcActionSource *self, const char *id)
{
  g_return_val_if_fail (AC_IS_ACTION_SOURCE (self), 0);
  g_return_val_if_fail (id != NULL, 0);

  return IFACE (self)->get_key (self, id);
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
