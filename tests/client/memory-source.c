/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "client/ac-client-error.h"
#include "harness.h"
#include "memory-source.h"
#include "model/ac-time.h"

typedef struct
{
  char *status;
  gint64 version;
} Row;

struct _MemorySource
{
  GObject parent_instance;

  GArray *keys;
  GHashTable *rows; /* key → Row; those not there are pending, version 1 */
  gboolean holding;
  GPtrArray *held; /* of Answer */
  char *failure;
  guint row_calls;
  guint rows_loaded;
  guint key_calls;
  GHashTable *values; /* value → its number */
  guint value_calls;
  gint64 last_refreshed;
  gint64 offline_since;
};

/* A task and what it will return. */
typedef struct
{
  GTask *task;
  gpointer value;
  GDestroyNotify free_value;
  GError *error;
} Answer;

enum
{
  PROP_0,
  PROP_LAST_REFRESHED,
  PROP_OFFLINE_SINCE,
  PROP_OFFLINE_REASON,
};

static void memory_source_iface_init (AcActionSourceInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (MemorySource,
                               memory_source,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (AC_TYPE_ACTION_SOURCE,
                                                      memory_source_iface_init))

static void
row_free (gpointer data)
{
  Row *row = data;

  g_free (row->status);
  g_free (row);
}

static void
memory_source_finalize (GObject *object)
{
  MemorySource *self = MEMORY_SOURCE (object);

  g_assert_cmpuint (self->held->len, ==, 0);
  g_ptr_array_unref (self->held);
  g_array_unref (self->keys);
  g_hash_table_unref (self->rows);
  g_hash_table_unref (self->values);
  g_free (self->failure);
  G_OBJECT_CLASS (memory_source_parent_class)->finalize (object);
}

static void
memory_source_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  MemorySource *self = MEMORY_SOURCE (object);

  switch (id)
    {
    case PROP_LAST_REFRESHED:
      g_value_set_int64 (value, self->last_refreshed);
      break;
    case PROP_OFFLINE_SINCE:
      g_value_set_int64 (value, self->offline_since);
      break;
    case PROP_OFFLINE_REASON:
      g_value_set_string (value, self->failure);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
memory_source_class_init (MemorySourceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = memory_source_finalize;
  object_class->get_property = memory_source_get_property;
  g_object_class_override_property (object_class, PROP_LAST_REFRESHED, "last-refreshed");
  g_object_class_override_property (object_class, PROP_OFFLINE_SINCE, "offline-since");
  g_object_class_override_property (object_class, PROP_OFFLINE_REASON, "offline-reason");
}

static void
memory_source_init (MemorySource *self)
{
  self->keys = g_array_new (FALSE, FALSE, sizeof (guint64));
  self->rows = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, row_free);
  self->values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->held = g_ptr_array_new ();
  self->last_refreshed = ac_time_now ();
  self->offline_since = AC_TIME_NONE;
}

static void
deliver (Answer *answer)
{
  if (answer->error != NULL)
    g_task_return_error (answer->task, answer->error);
  else
    g_task_return_pointer (answer->task, answer->value, answer->free_value);
  g_object_unref (answer->task);
  g_free (answer);
}

/* @value: (transfer full) */
static void
answer (GTask *task, gpointer value, GDestroyNotify free_value)
{
  MemorySource *self = g_task_get_source_object (task);
  Answer *new_answer = g_new0 (Answer, 1);

  new_answer->task = g_object_ref (task);
  if (self->failure != NULL)
    {
      new_answer->error =
          g_error_new_literal (AC_CLIENT_ERROR, AC_CLIENT_ERROR_OFFLINE, self->failure);
      free_value (value);
    }
  else
    {
      new_answer->value = value;
      new_answer->free_value = free_value;
    }
  if (self->holding)
    g_ptr_array_add (self->held, new_answer);
  else
    deliver (new_answer);
}

static gpointer
finish_pointer (AcActionSource *source, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
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
  MemorySource *self = MEMORY_SOURCE (source);
  g_autoptr (GTask) task = g_task_new (source, cancellable, callback, user_data);
  GArray *keys = g_array_copy (self->keys);

  self->key_calls++;
  /* The order is the query's business; one other than the usual will do for a test. */
  if (!ac_action_query_get_descending (query))
    for (guint i = 0; i < keys->len / 2; i++)
      {
        guint64 key = g_array_index (keys, guint64, i);

        g_array_index (keys, guint64, i) = g_array_index (keys, guint64, keys->len - 1 - i);
        g_array_index (keys, guint64, keys->len - 1 - i) = key;
      }
  answer (task, keys, (GDestroyNotify)g_array_unref);
}

static GArray *
load_keys_finish (AcActionSource *source, GAsyncResult *result, GError **error)
{
  return finish_pointer (source, result, error);
}

static AcAction *
make_action (MemorySource *self, guint64 key)
{
  Row *row = g_hash_table_lookup (self->rows, &key);
  g_autofree char *id = id_of ((guint)key);
  g_autofree char *json =
      action_json (id, row != NULL ? row->version : 1, row != NULL ? row->status : "pending");
  g_autoptr (GBytes) bytes = g_bytes_new (json, strlen (json));
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = ac_json_parse (bytes, &error);
  AcAction *action;

  g_assert_no_error (error);
  action = ac_action_new_from_json (json_node_get_object (root), AC_JSON_LENIENT, NULL, &error);
  g_assert_no_error (error);
  return action;
}

static void
load_rows_async (AcActionSource *source,
                 const guint64 *keys,
                 gsize n_keys,
                 GCancellable *cancellable,
                 GAsyncReadyCallback callback,
                 gpointer user_data)
{
  MemorySource *self = MEMORY_SOURCE (source);
  g_autoptr (GTask) task = g_task_new (source, cancellable, callback, user_data);
  GPtrArray *rows = g_ptr_array_new_with_free_func (g_object_unref);

  g_assert_cmpuint (n_keys, >, 0);
  self->row_calls++;
  self->rows_loaded += (guint)n_keys;
  for (gsize i = 0; i < n_keys; i++)
    g_ptr_array_add (rows, make_action (self, keys[i]));
  answer (task, rows, (GDestroyNotify)g_ptr_array_unref);
}

static GPtrArray *
load_rows_finish (AcActionSource *source, GAsyncResult *result, GError **error)
{
  return finish_pointer (source, result, error);
}

static void
count_async (AcActionSource *source,
             AcActionQuery *query,
             GCancellable *cancellable,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
  MemorySource *self = MEMORY_SOURCE (source);
  g_autoptr (GTask) task = g_task_new (source, cancellable, callback, user_data);
  guint64 *count = g_new0 (guint64, 1);

  for (guint i = 0; i < self->keys->len; i++)
    {
      Row *row = g_hash_table_lookup (self->rows, &g_array_index (self->keys, guint64, i));
      gboolean pending = row == NULL || g_str_equal (row->status, "pending");

      if (pending == (ac_action_query_get_tab (query) == AC_TAB_PENDING))
        (*count)++;
    }
  answer (task, count, g_free);
}

static gboolean
count_finish (AcActionSource *source, GAsyncResult *result, guint64 *count, GError **error)
{
  g_autofree guint64 *value = finish_pointer (source, result, error);

  if (value == NULL)
    return FALSE;
  *count = *value;
  return TRUE;
}

static void
summarize_async (AcActionSource *source,
                 GArray *keys,
                 GCancellable *cancellable,
                 GAsyncReadyCallback callback,
                 gpointer user_data)
{
  MemorySource *self = MEMORY_SOURCE (source);
  g_autoptr (GTask) task = g_task_new (source, cancellable, callback, user_data);
  AcActionSummary *summary = ac_action_summary_new ();

  for (guint i = 0; i < keys->len; i++)
    {
      g_autoptr (AcAction) action = make_action (self, g_array_index (keys, guint64, i));

      ac_action_summary_add (summary, action);
    }
  answer (task, summary, (GDestroyNotify)ac_action_summary_free);
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
      g_autofree char *id = id_of ((guint)keys[i]);

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
  guint64 key = g_ascii_strtoull (id, NULL, 16);

  g_task_return_pointer (task, g_memdup2 (&key, sizeof key), g_free);
}

static gboolean
find_key_finish (AcActionSource *source, GAsyncResult *result, guint64 *key, GError **error)
{
  return count_finish (source, result, key, error);
}

static void
refresh (AcActionSource *source)
{
  MemorySource *self = MEMORY_SOURCE (source);

  if (self->failure != NULL)
    return;
  self->last_refreshed = ac_time_now ();
  g_object_notify (G_OBJECT (self), "last-refreshed");
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
  MemorySource *self = MEMORY_SOURCE (source);
  g_autoptr (GTask) task = g_task_new (source, cancellable, callback, user_data);
  AcFilterValues *values = ac_filter_values_new ();
  GHashTableIter iter;
  gpointer value, n;

  self->value_calls++;
  g_hash_table_iter_init (&iter, self->values);
  while (g_hash_table_iter_next (&iter, &value, &n))
    ac_filter_values_add (values, value, NULL, *(guint64 *)n);
  answer (task, values, (GDestroyNotify)ac_filter_values_free);
}

static AcFilterValues *
load_values_finish (AcActionSource *source, GAsyncResult *result, GError **error)
{
  return finish_pointer (source, result, error);
}

static void
memory_source_iface_init (AcActionSourceInterface *iface)
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
  iface->refresh = refresh;
  iface->load_values_async = load_values_async;
  iface->load_values_finish = load_values_finish;
}

MemorySource *
memory_source_new (void)
{
  return g_object_new (MEMORY_TYPE_SOURCE, NULL);
}

/* Tells nobody; ac_action_source_emit_changed() does. */
void
memory_source_set_keys (MemorySource *self, const guint64 *keys, guint n_keys)
{
  g_array_set_size (self->keys, 0);
  g_array_append_vals (self->keys, keys, n_keys);
}

void
memory_source_set_status (MemorySource *self, guint64 key, const char *status)
{
  Row *row = g_new0 (Row, 1);

  row->status = g_strdup (status);
  row->version = memory_source_get_version (self, key) + 1;
  g_hash_table_replace (self->rows, g_memdup2 (&key, sizeof key), row);
}

gint64
memory_source_get_version (MemorySource *self, guint64 key)
{
  Row *row = g_hash_table_lookup (self->rows, &key);

  return row != NULL ? row->version : 1;
}

/* As when a backup is put back. */
void
memory_source_reset_versions (MemorySource *self)
{
  g_hash_table_remove_all (self->rows);
}

void
memory_source_hold (MemorySource *self)
{
  self->holding = TRUE;
}

void
memory_source_release (MemorySource *self, gboolean newest_first)
{
  g_autoptr (GPtrArray) held = g_steal_pointer (&self->held);

  self->held = g_ptr_array_new ();
  self->holding = FALSE;
  for (guint i = 0; i < held->len; i++)
    deliver (held->pdata[newest_first ? held->len - 1 - i : i]);
}

void
memory_source_fail (MemorySource *self, const char *message)
{
  g_free (self->failure);
  self->failure = g_strdup (message);
  self->offline_since = ac_time_now ();
  g_object_notify (G_OBJECT (self), "offline-since");
}

void
memory_source_forget (MemorySource *self)
{
  self->last_refreshed = AC_TIME_NONE;
}

void
memory_source_recover (MemorySource *self)
{
  g_clear_pointer (&self->failure, g_free);
  self->offline_since = AC_TIME_NONE;
  g_object_notify (G_OBJECT (self), "offline-since");
  refresh (AC_ACTION_SOURCE (self));
}

guint
memory_source_get_row_calls (MemorySource *self)
{
  return self->row_calls;
}

guint
memory_source_get_rows_loaded (MemorySource *self)
{
  return self->rows_loaded;
}

guint
memory_source_get_key_calls (MemorySource *self)
{
  return self->key_calls;
}

guint
memory_source_get_n_held (MemorySource *self)
{
  return self->held->len;
}

void
memory_source_set_value (MemorySource *self, const char *value, guint64 n)
{
  if (n > 0)
    g_hash_table_replace (self->values, g_strdup (value), g_memdup2 (&n, sizeof n));
  else
    g_hash_table_remove (self->values, value);
}

guint
memory_source_get_value_calls (MemorySource *self)
{
  return self->value_calls;
}
