/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client/ac-api-lists.h"
#include "client/ac-change-follower.h"
#include "client/ac-http-action-source.h"
#include "client/ac-key-table.h"
#include "model/ac-time.h"

/* How many changed actions are remembered from the answers of /changes, so that showing them takes
 * no call of its own. */
#define MAX_RECENT 2000
/* How often a list whose cursor ran out under way is begun again. */
#define MAX_RESTARTS 3

struct _AcHttpActionSource
{
  GObject parent_instance;

  AcApi *api;
  AcKeyTable *keys;

  AcChangeFollower *follower;
  gboolean loaded_before; /* something was read before there was a token: changes may be missed */
  GPtrArray *waiting;     /* of HeldRead: reads held back until there is a token */

  GHashTable *recent;  /* id (owned by the action) → AcAction, as /changes gave it last */
  GQueue recent_order; /* of AcAction *, the keys of recent; oldest first */
};

typedef void (*StartFunc) (GTask *task);

typedef struct
{
  GTask *task;
  StartFunc start;
} HeldRead;

enum
{
  PROP_0,
  PROP_LAST_REFRESHED,
  PROP_OFFLINE_SINCE,
  PROP_OFFLINE_REASON,
};

static void ac_http_action_source_iface_init (AcActionSourceInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AcHttpActionSource,
                               ac_http_action_source,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (AC_TYPE_ACTION_SOURCE,
                                                      ac_http_action_source_iface_init))

static void
held_read_free (gpointer data)
{
  HeldRead *held = data;

  g_object_unref (held->task);
  g_free (held);
}

static void
forget_recent (AcHttpActionSource *self)
{
  g_hash_table_remove_all (self->recent);
  g_queue_clear (&self->recent_order);
}

static void
ac_http_action_source_dispose (GObject *object)
{
  AcHttpActionSource *self = AC_HTTP_ACTION_SOURCE (object);

  if (self->follower != NULL)
    g_signal_handlers_disconnect_by_data (self->follower, self);
  g_clear_object (&self->follower);
  G_OBJECT_CLASS (ac_http_action_source_parent_class)->dispose (object);
}

static void
ac_http_action_source_finalize (GObject *object)
{
  AcHttpActionSource *self = AC_HTTP_ACTION_SOURCE (object);

  forget_recent (self);
  g_hash_table_unref (self->recent);
  g_ptr_array_unref (self->waiting);
  ac_key_table_free (self->keys);
  g_clear_object (&self->api);
  G_OBJECT_CLASS (ac_http_action_source_parent_class)->finalize (object);
}

static void
ac_http_action_source_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  AcHttpActionSource *self = AC_HTTP_ACTION_SOURCE (object);

  switch (id)
    {
    case PROP_LAST_REFRESHED:
      g_value_set_int64 (value, ac_change_follower_get_last_refreshed (self->follower));
      break;
    case PROP_OFFLINE_SINCE:
      g_value_set_int64 (value, ac_change_follower_get_offline_since (self->follower));
      break;
    case PROP_OFFLINE_REASON:
      g_value_set_string (value, ac_change_follower_get_offline_reason (self->follower));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ac_http_action_source_class_init (AcHttpActionSourceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = ac_http_action_source_dispose;
  object_class->finalize = ac_http_action_source_finalize;
  object_class->get_property = ac_http_action_source_get_property;
  g_object_class_override_property (object_class, PROP_LAST_REFRESHED, "last-refreshed");
  g_object_class_override_property (object_class, PROP_OFFLINE_SINCE, "offline-since");
  g_object_class_override_property (object_class, PROP_OFFLINE_REASON, "offline-reason");
}

static void
ac_http_action_source_init (AcHttpActionSource *self)
{
  self->keys = ac_key_table_new ();
  self->waiting = g_ptr_array_new_with_free_func (held_read_free);
  self->recent = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
}

/* Following the changes */

static void
remember (AcHttpActionSource *self, AcAction *action)
{
  AcAction *old = g_hash_table_lookup (self->recent, ac_action_get_id (action));

  if (old != NULL)
    {
      g_queue_remove (&self->recent_order, old);
      g_hash_table_remove (self->recent, ac_action_get_id (old));
    }
  g_hash_table_insert (self->recent, (gpointer)ac_action_get_id (action), g_object_ref (action));
  g_queue_push_tail (&self->recent_order, action);
  if (g_queue_get_length (&self->recent_order) > MAX_RECENT)
    {
      old = g_queue_pop_head (&self->recent_order);
      g_hash_table_remove (self->recent, ac_action_get_id (old));
    }
}

static void
forget (AcHttpActionSource *self, const char *id)
{
  AcAction *old = g_hash_table_lookup (self->recent, id);

  if (old == NULL)
    return;
  g_queue_remove (&self->recent_order, old);
  g_hash_table_remove (self->recent, id);
}

static void
began_cb (AcHttpActionSource *self)
{
  if (!self->loaded_before)
    return;
  self->loaded_before = FALSE;
  forget_recent (self);
  ac_action_source_emit_changed (AC_ACTION_SOURCE (self), NULL);
}

static void
changes_cb (AcHttpActionSource *self, const AcChangePage *page)
{
  g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, sizeof (guint64));
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  gboolean investigations = FALSE;

  for (guint i = 0; i < page->changes->len; i++)
    {
      AcChange *change = page->changes->pdata[i];
      guint64 key;

      investigations = investigations || change->kind == AC_CHANGE_INVESTIGATION;
      if (change->kind != AC_CHANGE_ACTION)
        continue;
      if (change->action != NULL)
        remember (self, change->action);
      else
        forget (self, change->id);
      key = ac_key_table_add (self->keys, change->id);
      if (g_hash_table_add (seen, change->id))
        g_array_append_val (keys, key);
    }
  if (keys->len > 0)
    ac_action_source_emit_changed (AC_ACTION_SOURCE (self), keys);
  if (investigations)
    ac_action_source_emit_investigations_changed (AC_ACTION_SOURCE (self));
}

/* The follower has the same properties. */
static void
notify_cb (AcHttpActionSource *self, GParamSpec *pspec)
{
  g_object_notify (G_OBJECT (self), pspec->name);
}

/* Reads wait for the first token: what changes between a read and the token would be missed. When
 * the service does not answer at all they start too, and bring the error to their callers. */

static void
start_or_hold (AcHttpActionSource *self, GTask *task, StartFunc start)
{
  const char *token = ac_change_follower_get_token (self->follower);

  if (token == NULL && !ac_change_follower_is_answered (self->follower))
    {
      HeldRead *held = g_new0 (HeldRead, 1);

      held->task = g_object_ref (task);
      held->start = start;
      g_ptr_array_add (self->waiting, held);
      return;
    }
  if (token == NULL)
    self->loaded_before = TRUE;
  start (task);
}

static void
answered_cb (AcHttpActionSource *self)
{
  g_autoptr (GPtrArray) waiting = g_steal_pointer (&self->waiting);

  self->waiting = g_ptr_array_new_with_free_func (held_read_free);
  for (guint i = 0; i < waiting->len; i++)
    {
      HeldRead *held = waiting->pdata[i];

      if (!g_task_return_error_if_cancelled (held->task))
        start_or_hold (self, held->task, held->start);
    }
  /* Whatever is read from here on without a token may be out of date when there is one again. */
  if (ac_change_follower_get_token (self->follower) == NULL)
    self->loaded_before = TRUE;
}

/* Keys */

typedef struct
{
  AcActionQuery *query;
  AcKeysProgress progress; /* nullable */
  gpointer progress_data;
  GArray *keys;
  GHashTable *seen; /* key → key: a row that moves while we turn pages would come twice */
  char *cursor;
  guint restarts;
  guint next_report; /* progress is told when so many keys are there */
} LoadKeys;

static void
load_keys_free (gpointer data)
{
  LoadKeys *load = data;

  g_object_unref (load->query);
  g_array_unref (load->keys);
  g_hash_table_unref (load->seen);
  g_free (load->cursor);
  g_free (load);
}

static void load_next_page (GTask *task);

static void
take_page (GTask *task, AcActionPage *page)
{
  AcHttpActionSource *self = g_task_get_source_object (task);
  LoadKeys *load = g_task_get_task_data (task);

  for (char **id = page->ids; *id != NULL; id++)
    {
      guint64 key = ac_key_table_add (self->keys, *id);

      if (page->next_cursor != NULL || load->cursor != NULL)
        {
          gint64 *copy = g_memdup2 (&key, sizeof key);

          if (!g_hash_table_add (load->seen, copy))
            continue;
        }
      g_array_append_val (load->keys, key);
    }
}

static void
keys_page_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  LoadKeys *load = g_task_get_task_data (task);
  g_autoptr (AcActionPage) page = NULL;
  g_autoptr (GError) error = NULL;

  page = ac_api_list_actions_finish (AC_API (object), result, &error);
  if (page == NULL && g_error_matches (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_GONE) &&
      load->restarts < MAX_RESTARTS)
    {
      load->restarts++;
      g_array_set_size (load->keys, 0);
      g_hash_table_remove_all (load->seen);
      g_clear_pointer (&load->cursor, g_free);
      load_next_page (task);
      return;
    }
  if (page == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  take_page (task, page);
  g_free (load->cursor);
  load->cursor = g_steal_pointer (&page->next_cursor);
  if (load->cursor == NULL)
    {
      g_task_return_pointer (task, g_array_ref (load->keys), (GDestroyNotify)g_array_unref);
      return;
    }
  if (load->progress != NULL && load->keys->len >= load->next_report &&
      !g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    {
      load->progress (load->keys, page->total, load->progress_data);
      load->next_report = load->keys->len * 2;
    }
  load_next_page (task);
}

static void
load_next_page (GTask *task)
{
  AcHttpActionSource *self = g_task_get_source_object (task);
  LoadKeys *load = g_task_get_task_data (task);

  ac_api_list_actions_async (self->api, load->query, load->cursor, AC_API_MAX_LIMIT, TRUE,
                             g_task_get_cancellable (task), keys_page_cb, g_object_ref (task));
}

static gboolean
matches_nothing (AcActionQuery *query)
{
  g_auto (GStrv) statuses = ac_action_query_get_statuses (query);

  return statuses != NULL && statuses[0] == NULL;
}

static void
load_keys_async (AcActionSource *source,
                 AcActionQuery *query,
                 AcKeysProgress progress,
                 gpointer progress_data,
                 GCancellable *cancellable,
                 GAsyncReadyCallback callback,
                 gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (source, cancellable, callback, user_data);
  LoadKeys *load = g_new0 (LoadKeys, 1);

  load->query = g_object_ref (query);
  load->progress = progress;
  load->progress_data = progress_data;
  load->keys = g_array_new (FALSE, FALSE, sizeof (guint64));
  load->seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_task_set_task_data (task, load, load_keys_free);
  if (matches_nothing (query))
    g_task_return_pointer (task, g_array_ref (load->keys), (GDestroyNotify)g_array_unref);
  else
    start_or_hold (AC_HTTP_ACTION_SOURCE (source), task, load_next_page);
}

static gpointer
finish_pointer (AcActionSource *source, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, source), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static GArray *
load_keys_finish (AcActionSource *source, GAsyncResult *result, GError **error)
{
  return finish_pointer (source, result, error);
}

/* Rows */

static void
unref_nullable (gpointer object)
{
  if (object != NULL)
    g_object_unref (object);
}

/* What is remembered stands in its place already; the rest is asked for. */
typedef struct
{
  GStrv ids;
  GPtrArray *rows;
  GArray *missing; /* guint: indices into rows */
} LoadRows;

static void
load_rows_free (gpointer data)
{
  LoadRows *load = data;

  g_strfreev (load->ids);
  g_ptr_array_unref (load->rows);
  g_array_unref (load->missing);
  g_free (load);
}

static void
rows_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  LoadRows *load = g_task_get_task_data (task);
  g_autoptr (GPtrArray) rows = NULL;
  GError *error = NULL;

  rows = ac_api_get_actions_finish (AC_API (object), result, &error);
  if (rows == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  for (guint i = 0; i < rows->len; i++)
    {
      guint index = g_array_index (load->missing, guint, i);

      load->rows->pdata[index] = g_steal_pointer (&rows->pdata[i]);
    }
  g_task_return_pointer (task, g_ptr_array_ref (load->rows), (GDestroyNotify)g_ptr_array_unref);
}

static void
load_rows_start (GTask *task)
{
  AcHttpActionSource *self = g_task_get_source_object (task);
  LoadRows *load = g_task_get_task_data (task);
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();

  for (guint i = 0; load->ids[i] != NULL; i++)
    {
      AcAction *action = g_hash_table_lookup (self->recent, load->ids[i]);

      g_ptr_array_add (load->rows, action != NULL ? g_object_ref (action) : NULL);
      if (action != NULL)
        continue;
      g_array_append_val (load->missing, i);
      g_ptr_array_add (ids, load->ids[i]);
    }
  if (ids->len == 0)
    {
      g_task_return_pointer (task, g_ptr_array_ref (load->rows), (GDestroyNotify)g_ptr_array_unref);
      return;
    }
  g_ptr_array_add (ids, NULL);
  ac_api_get_actions_async (self->api, (const char *const *)ids->pdata,
                            g_task_get_cancellable (task), rows_cb, g_object_ref (task));
}

static void
load_rows_async (AcActionSource *source,
                 const guint64 *keys,
                 gsize n_keys,
                 GCancellable *cancellable,
                 GAsyncReadyCallback callback,
                 gpointer user_data)
{
  AcHttpActionSource *self = AC_HTTP_ACTION_SOURCE (source);
  g_autoptr (GTask) task = g_task_new (source, cancellable, callback, user_data);
  LoadRows *load = g_new0 (LoadRows, 1);

  load->ids = g_new0 (char *, n_keys + 1);
  for (gsize i = 0; i < n_keys; i++)
    {
      load->ids[i] = ac_key_table_dup_id (self->keys, keys[i]);
      g_assert (load->ids[i] != NULL);
    }
  load->rows = g_ptr_array_new_full ((guint)n_keys, unref_nullable);
  load->missing = g_array_new (FALSE, FALSE, sizeof (guint));
  g_task_set_task_data (task, load, load_rows_free);
  start_or_hold (self, task, load_rows_start);
}

static GPtrArray *
load_rows_finish (AcActionSource *source, GAsyncResult *result, GError **error)
{
  return finish_pointer (source, result, error);
}

/* Sums */

static void
count_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (AcActionPage) page = NULL;
  GError *error = NULL;

  page = ac_api_list_actions_finish (AC_API (object), result, &error);
  if (page == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_memdup2 (&page->total, sizeof page->total), g_free);
}

static void
count_start (GTask *task)
{
  AcHttpActionSource *self = g_task_get_source_object (task);

  ac_api_list_actions_async (self->api, g_task_get_task_data (task), NULL, 1, TRUE,
                             g_task_get_cancellable (task), count_cb, g_object_ref (task));
}

static void
count_async (AcActionSource *source,
             AcActionQuery *query,
             GCancellable *cancellable,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (source, cancellable, callback, user_data);

  g_task_set_task_data (task, g_object_ref (query), g_object_unref);
  if (matches_nothing (query))
    g_task_return_pointer (task, g_new0 (guint64, 1), g_free);
  else
    start_or_hold (AC_HTTP_ACTION_SOURCE (source), task, count_start);
}

static gboolean
count_finish (AcActionSource *source, GAsyncResult *result, guint64 *count, GError **error)
{
  g_autofree guint64 *answer = finish_pointer (source, result, error);

  if (answer == NULL)
    return FALSE;
  *count = *answer;
  return TRUE;
}

static void
summary_rows_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GPtrArray) rows = NULL;
  AcActionSummary *summary;
  GError *error = NULL;

  rows = load_rows_finish (AC_ACTION_SOURCE (object), result, &error);
  if (rows == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  summary = ac_action_summary_new ();
  for (guint i = 0; i < rows->len; i++)
    if (rows->pdata[i] != NULL)
      ac_action_summary_add (summary, rows->pdata[i]);
  g_task_return_pointer (task, summary, (GDestroyNotify)ac_action_summary_free);
}

static void
summarize_async (AcActionSource *source,
                 GArray *keys,
                 GCancellable *cancellable,
                 GAsyncReadyCallback callback,
                 gpointer user_data)
{
  GTask *task = g_task_new (source, cancellable, callback, user_data);

  load_rows_async (source, (const guint64 *)(gpointer)keys->data, keys->len, cancellable,
                   summary_rows_cb, task);
}

static AcActionSummary *
summarize_finish (AcActionSource *source, GAsyncResult *result, GError **error)
{
  return finish_pointer (source, result, error);
}

static void
load_ids_async (AcActionSource *source,
                const guint64 *keys,
                gsize n_keys,
                GCancellable *cancellable,
                GAsyncReadyCallback callback,
                gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (source, cancellable, callback, user_data);
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();

  for (gsize i = 0; i < n_keys; i++)
    {
      g_autofree char *id = ac_key_table_dup_id (AC_HTTP_ACTION_SOURCE (source)->keys, keys[i]);

      if (id != NULL)
        g_strv_builder_add (ids, id);
    }
  g_task_return_pointer (task, g_strv_builder_end (ids), (GDestroyNotify)g_strfreev);
}

static GStrv
load_ids_finish (AcActionSource *source, GAsyncResult *result, GError **error)
{
  return finish_pointer (source, result, error);
}

static void
find_key_async (AcActionSource *source,
                const char *id,
                GCancellable *cancellable,
                GAsyncReadyCallback callback,
                gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (source, cancellable, callback, user_data);
  guint64 key = ac_key_table_find (AC_HTTP_ACTION_SOURCE (source)->keys, id);

  g_task_return_pointer (task, g_memdup2 (&key, sizeof key), g_free);
}

static gboolean
find_key_finish (AcActionSource *source, GAsyncResult *result, guint64 *key, GError **error)
{
  return count_finish (source, result, key, error);
}

static void
values_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  AcFilterValues *values = ac_api_list_values_finish (AC_API (object), result, &error);

  if (values != NULL && g_task_get_task_data (task) != NULL)
    ac_filter_values_keep_tab (values, ac_action_query_get_tab (g_task_get_task_data (task)));
  if (values == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, values, (GDestroyNotify)ac_filter_values_free);
}

static void
load_values_async (AcActionSource *source,
                   AcActionQuery *query,
                   AcFilter filter,
                   const char *contains,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
  g_autoptr (AcActionQuery) others = ac_action_query_with_filter (query, filter, NULL);
  GTask *task = g_task_new (source, cancellable, callback, user_data);

  if (filter == AC_FILTER_STATUS)
    g_task_set_task_data (task, g_object_ref (query), g_object_unref);
  if (matches_nothing (others))
    {
      g_task_return_pointer (task, ac_filter_values_new (), (GDestroyNotify)ac_filter_values_free);
      g_object_unref (task);
    }
  else
    ac_api_list_values_async (AC_HTTP_ACTION_SOURCE (source)->api, query, filter, contains,
                              cancellable, values_cb, task);
}

static AcFilterValues *
load_values_finish (AcActionSource *source, GAsyncResult *result, GError **error)
{
  return finish_pointer (source, result, error);
}

static void
refresh (AcActionSource *source)
{
  ac_change_follower_ask (AC_HTTP_ACTION_SOURCE (source)->follower);
}

static void
ac_http_action_source_iface_init (AcActionSourceInterface *iface)
{
  iface->load_keys_async = load_keys_async;
  iface->load_keys_finish = load_keys_finish;
  iface->load_rows_async = load_rows_async;
  iface->load_rows_finish = load_rows_finish;
  iface->count_async = count_async;
  iface->count_finish = count_finish;
  iface->summarize_async = summarize_async;
  iface->summarize_finish = summarize_finish;
  iface->load_ids_async = load_ids_async;
  iface->load_ids_finish = load_ids_finish;
  iface->find_key_async = find_key_async;
  iface->find_key_finish = find_key_finish;
  iface->load_values_async = load_values_async;
  iface->load_values_finish = load_values_finish;
  iface->refresh = refresh;
}

/**
 * ac_http_action_source_new:
 *
 * Begins at once to follow the changes of the service.
 *
 * Returns: (transfer full): a source over @api.
 */
AcHttpActionSource *
ac_http_action_source_new (AcApi *api)
{
  AcHttpActionSource *self;

  g_return_val_if_fail (AC_IS_API (api), NULL);

  self = g_object_new (AC_TYPE_HTTP_ACTION_SOURCE, NULL);
  self->api = g_object_ref (api);
  self->follower = ac_change_follower_new (api);
  g_signal_connect_swapped (self->follower, "began", G_CALLBACK (began_cb), self);
  g_signal_connect_swapped (self->follower, "changes", G_CALLBACK (changes_cb), self);
  g_signal_connect_swapped (self->follower, "answered", G_CALLBACK (answered_cb), self);
  g_signal_connect_swapped (self->follower, "notify", G_CALLBACK (notify_cb), self);
  ac_change_follower_ask (self->follower);
  return self;
}

/**
 * ac_http_action_source_get_api:
 *
 * Returns: (transfer none): the connection it asks.
 */
AcApi *
ac_http_action_source_get_api (AcHttpActionSource *self)
{
  g_return_val_if_fail (AC_IS_HTTP_ACTION_SOURCE (self), NULL);

  return self->api;
}

/**
 * ac_http_action_source_set_interval:
 * @milliseconds: between two questions for changes; longer while the service is away
 */
void
ac_http_action_source_set_interval (AcHttpActionSource *self, guint milliseconds)
{
  g_return_if_fail (AC_IS_HTTP_ACTION_SOURCE (self));
  g_return_if_fail (milliseconds > 0);

  ac_change_follower_set_interval (self->follower, milliseconds);
}
