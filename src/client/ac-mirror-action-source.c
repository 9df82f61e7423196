/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client/ac-mirror-action-source.h"
#include "client/ac-mirror-query.h"
#include "client/ac-mirror-values.h"
#include "model/ac-time.h"

struct _AcMirrorActionSource
{
  GObject parent_instance;

  AcMirror *mirror;
  AcMirrorSync *sync; /* nullable: nothing keeps the mirror up to date */
};

enum
{
  PROP_0,
  PROP_LAST_REFRESHED,
  PROP_OFFLINE_SINCE,
  PROP_OFFLINE_REASON,
  PROP_SYNCING,
  PROP_N_SYNCED,
  PROP_N_TOTAL,
  PROP_NOTICE,
};

static void ac_mirror_action_source_iface_init (AcActionSourceInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AcMirrorActionSource,
                               ac_mirror_action_source,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (AC_TYPE_ACTION_SOURCE,
                                                      ac_mirror_action_source_iface_init))

static void
ac_mirror_action_source_dispose (GObject *object)
{
  AcMirrorActionSource *self = AC_MIRROR_ACTION_SOURCE (object);

  if (self->mirror != NULL)
    g_signal_handlers_disconnect_by_data (self->mirror, self);
  if (self->sync != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->sync, self);
      ac_mirror_sync_stop (self->sync);
    }
  g_clear_object (&self->sync);
  g_clear_object (&self->mirror);
  G_OBJECT_CLASS (ac_mirror_action_source_parent_class)->dispose (object);
}

static void
ac_mirror_action_source_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  AcMirrorActionSource *self = AC_MIRROR_ACTION_SOURCE (object);

  switch (id)
    {
    case PROP_LAST_REFRESHED:
    case PROP_OFFLINE_SINCE:
      if (self->sync != NULL)
        g_object_get_property (G_OBJECT (self->sync), pspec->name, value);
      else
        g_value_set_int64 (value, AC_TIME_NONE);
      break;
    case PROP_OFFLINE_REASON:
    case PROP_SYNCING:
    case PROP_N_SYNCED:
    case PROP_N_TOTAL:
      if (self->sync != NULL)
        g_object_get_property (G_OBJECT (self->sync), pspec->name, value);
      break;
    case PROP_NOTICE:
      g_value_set_string (value, ac_mirror_get_notice (self->mirror));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ac_mirror_action_source_class_init (AcMirrorActionSourceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = ac_mirror_action_source_dispose;
  object_class->get_property = ac_mirror_action_source_get_property;
  g_object_class_override_property (object_class, PROP_LAST_REFRESHED, "last-refreshed");
  g_object_class_override_property (object_class, PROP_OFFLINE_SINCE, "offline-since");
  g_object_class_override_property (object_class, PROP_OFFLINE_REASON, "offline-reason");
  g_object_class_install_property (object_class, PROP_SYNCING,
                                   g_param_spec_boolean ("syncing", NULL, NULL, FALSE, flags));
  g_object_class_install_property (
      object_class, PROP_N_SYNCED,
      g_param_spec_uint64 ("n-synced", NULL, NULL, 0, G_MAXUINT64, 0, flags));
  g_object_class_install_property (
      object_class, PROP_N_TOTAL,
      g_param_spec_uint64 ("n-total", NULL, NULL, 0, G_MAXUINT64, 0, flags));
  g_object_class_install_property (object_class, PROP_NOTICE,
                                   g_param_spec_string ("notice", NULL, NULL, NULL, flags));
}

static void
ac_mirror_action_source_init (AcMirrorActionSource *self)
{
}

/* Every question of the interface is one of the mirror; its answer is handed on. */

typedef struct
{
  GDestroyNotify free_answer; /* for an answer that nobody takes */
} Question;

static void
answer_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  const Question *question = g_task_get_task_data (task);
  GError *error = NULL;
  gpointer answer = ac_mirror_finish (AC_MIRROR (object), result, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, answer, question->free_answer);
}

static GTask *
task_new (AcActionSource *source,
          GDestroyNotify free_answer,
          GCancellable *cancellable,
          GAsyncReadyCallback callback,
          gpointer user_data)
{
  GTask *task = g_task_new (source, cancellable, callback, user_data);
  Question *question = g_new0 (Question, 1);

  g_task_set_name (task, "ac_mirror_action_source question");
  question->free_answer = free_answer;
  g_task_set_task_data (task, question, g_free);
  return task;
}

static gpointer
finish_pointer (AcActionSource *source, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, source), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
finish_number (AcActionSource *source, GAsyncResult *result, guint64 *number, GError **error)
{
  g_autofree guint64 *answer = finish_pointer (source, result, error);

  if (answer == NULL)
    return FALSE;
  *number = *answer;
  return TRUE;
}

static AcMirror *
mirror_of (AcActionSource *source)
{
  return AC_MIRROR_ACTION_SOURCE (source)->mirror;
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
  ac_mirror_load_keys_async (
      mirror_of (source), query, progress, progress_data, cancellable, answer_cb,
      task_new (source, (GDestroyNotify)g_array_unref, cancellable, callback, user_data));
}

static GArray *
load_keys_finish (AcActionSource *source, GAsyncResult *result, GError **error)
{
  return finish_pointer (source, result, error);
}

static void
load_rows_async (AcActionSource *source,
                 const guint64 *keys,
                 gsize n_keys,
                 GCancellable *cancellable,
                 GAsyncReadyCallback callback,
                 gpointer user_data)
{
  ac_mirror_load_rows_async (
      mirror_of (source), keys, n_keys, cancellable, answer_cb,
      task_new (source, (GDestroyNotify)g_ptr_array_unref, cancellable, callback, user_data));
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
  ac_mirror_count_async (mirror_of (source), query, cancellable, answer_cb,
                         task_new (source, g_free, cancellable, callback, user_data));
}

static void
summarize_async (AcActionSource *source,
                 GArray *keys,
                 GCancellable *cancellable,
                 GAsyncReadyCallback callback,
                 gpointer user_data)
{
  ac_mirror_summarize_async (
      mirror_of (source), keys, cancellable, answer_cb,
      task_new (source, (GDestroyNotify)ac_action_summary_free, cancellable, callback, user_data));
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
  ac_mirror_load_ids_async (
      mirror_of (source), keys, n_keys, cancellable, answer_cb,
      task_new (source, (GDestroyNotify)g_strfreev, cancellable, callback, user_data));
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
  ac_mirror_find_key_async (mirror_of (source), id, cancellable, answer_cb,
                            task_new (source, g_free, cancellable, callback, user_data));
}

static void
narrow_async (AcActionSource *source,
              const guint64 *keys,
              gsize n_keys,
              const char *type,
              AcDecision decision,
              GCancellable *cancellable,
              GAsyncReadyCallback callback,
              gpointer user_data)
{
  ac_mirror_narrow_async (
      mirror_of (source), keys, n_keys, type, decision, cancellable, answer_cb,
      task_new (source, (GDestroyNotify)g_array_unref, cancellable, callback, user_data));
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
  ac_mirror_load_values_async (
      mirror_of (source), query, filter, contains, cancellable, answer_cb,
      task_new (source, (GDestroyNotify)ac_filter_values_free, cancellable, callback, user_data));
}

static AcFilterValues *
load_values_finish (AcActionSource *source, GAsyncResult *result, GError **error)
{
  return finish_pointer (source, result, error);
}

static void
refresh (AcActionSource *source)
{
  AcMirrorActionSource *self = AC_MIRROR_ACTION_SOURCE (source);

  if (self->sync != NULL)
    ac_mirror_sync_refresh (self->sync);
}

static AcFirstPage *
take_first_page (AcActionSource *source, AcActionQuery *query)
{
  g_autoptr (AcFirstPage) page = ac_mirror_take_first (mirror_of (source));

  return page != NULL && ac_action_query_equal (page->query, query) ? g_steal_pointer (&page)
                                                                    : NULL;
}

static void
ac_mirror_action_source_iface_init (AcActionSourceInterface *iface)
{
  iface->take_first_page = take_first_page;
  iface->load_keys_async = load_keys_async;
  iface->load_keys_finish = load_keys_finish;
  iface->load_rows_async = load_rows_async;
  iface->load_rows_finish = load_rows_finish;
  iface->count_async = count_async;
  iface->count_finish = finish_number;
  iface->summarize_async = summarize_async;
  iface->summarize_finish = summarize_finish;
  iface->load_ids_async = load_ids_async;
  iface->load_ids_finish = load_ids_finish;
  iface->find_key_async = find_key_async;
  iface->find_key_finish = finish_number;
  iface->narrow_async = narrow_async;
  iface->narrow_finish = load_keys_finish;
  iface->load_values_async = load_values_async;
  iface->load_values_finish = load_values_finish;
  iface->refresh = refresh;
}

static void
notify_cb (AcMirrorActionSource *self, GParamSpec *pspec)
{
  g_object_notify (G_OBJECT (self), pspec->name);
}

static void
changed_cb (AcMirrorActionSource *self, GArray *keys)
{
  ac_action_source_emit_changed (AC_ACTION_SOURCE (self), keys);
}

static void
rebuilt_cb (AcMirrorActionSource *self)
{
  ac_action_source_emit_changed (AC_ACTION_SOURCE (self), NULL);
}

/**
 * ac_mirror_action_source_new:
 * @sync: (nullable): what keeps @mirror up to date; stopped when the source goes
 *
 * Returns: (transfer full): a source over @mirror.
 */
AcMirrorActionSource *
ac_mirror_action_source_new (AcMirror *mirror, AcMirrorSync *sync)
{
  AcMirrorActionSource *self;

  g_return_val_if_fail (AC_IS_MIRROR (mirror), NULL);
  g_return_val_if_fail (sync == NULL || AC_IS_MIRROR_SYNC (sync), NULL);

  self = g_object_new (AC_TYPE_MIRROR_ACTION_SOURCE, NULL);
  self->mirror = g_object_ref (mirror);
  g_signal_connect_swapped (mirror, "notify::notice", G_CALLBACK (notify_cb), self);
  g_signal_connect_swapped (mirror, "rebuilt", G_CALLBACK (rebuilt_cb), self);
  if (sync == NULL)
    return self;
  self->sync = g_object_ref (sync);
  g_signal_connect_swapped (sync, "notify", G_CALLBACK (notify_cb), self);
  g_signal_connect_swapped (sync, "changed", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (sync, "investigations-changed",
                            G_CALLBACK (ac_action_source_emit_investigations_changed), self);
  return self;
}

/**
 * ac_mirror_action_source_get_mirror:
 *
 * Returns: (transfer none): the mirror that answers.
 */
AcMirror *
ac_mirror_action_source_get_mirror (AcMirrorActionSource *self)
{
  g_return_val_if_fail (AC_IS_MIRROR_ACTION_SOURCE (self), NULL);

  return self->mirror;
}

/**
 * ac_mirror_action_source_get_sync:
 *
 * Returns: (transfer none) (nullable): what keeps the mirror up to date.
 */
AcMirrorSync *
ac_mirror_action_source_get_sync (AcMirrorActionSource *self)
{
  g_return_val_if_fail (AC_IS_MIRROR_ACTION_SOURCE (self), NULL);

  return self->sync;
}
