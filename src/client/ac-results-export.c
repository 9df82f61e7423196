/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/ac-csv.h"
#include "client/ac-new-file.h"
#include "client/ac-results-export.h"
#include "model/ac-time.h"

typedef struct
{
  AcApi *api;       /* nullable: not needed */
  AcAction *action; /* nullable: of an operation */
  GStrv outcomes;   /* nullable: all */
  char *stem;
  char *folder;
  GString *text;
  guint64 n_rows;
} Export;

static void
export_free (gpointer data)
{
  Export *export = data;

  g_clear_object (&export->api);
  g_clear_object (&export->action);
  g_strfreev (export->outcomes);
  g_free (export->stem);
  g_free (export->folder);
  g_string_free (export->text, TRUE);
  g_free (export);
}

static void
written_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  char *path = ac_new_file_write_finish (result, &error);

  if (path != NULL)
    g_task_return_pointer (task, path, g_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* @task: (transfer full) */
static void
write_file (GTask *task)
{
  Export *export = g_task_get_task_data (task);
  g_autoptr (GBytes) bytes = g_bytes_new (export->text->str, export->text->len);

  ac_new_file_write_async (export->folder, export->stem, "csv", bytes,
                           g_task_get_cancellable (task), written_cb, task);
}

static gboolean
is_wanted (Export *export, const char *outcome)
{
  return export->outcomes == NULL ||
         (outcome != NULL && g_strv_contains ((const char *const *)export->outcomes, outcome));
}

static void
add_results (Export *export)
{
  static const char *const titles[] = { "asset", "outcome", "detail", "at" };
  const char *const *assets = ac_action_get_assets (export->action);
  GPtrArray *results = ac_action_get_results (export->action);

  ac_csv_append_row (export->text, titles, G_N_ELEMENTS (titles));
  for (gsize i = 0; assets[i] != NULL; i++)
    {
      AcActionResult *result = NULL;
      g_autofree char *at = NULL;
      const char *outcome;

      for (guint j = 0; results != NULL && result == NULL && j < results->len; j++)
        if (g_strcmp0 (ac_action_result_get_asset (results->pdata[j]), assets[i]) == 0)
          result = results->pdata[j];
      outcome = result != NULL ? ac_action_result_get_outcome (result) : NULL;
      if (!is_wanted (export, outcome))
        continue;
      if (result != NULL)
        at = ac_time_format (ac_action_result_get_at (result));
      ac_csv_append_row (
          export->text,
          (const char *const[]){ assets[i], outcome,
                                 result != NULL ? ac_action_result_get_detail (result) : NULL, at },
          4);
      export->n_rows++;
    }
}

static void load_targets (GTask *task, const char *cursor);

static void
targets_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Export *export = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (AcTargetPage) page =
      ac_api_list_targets_finish (AC_API (source_object), result, &error);

  if (page == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  for (guint i = 0; i < page->items->len; i++)
    {
      const AcTarget *target = page->items->pdata[i];
      g_autofree char *received =
          target->received_at != AC_TIME_NONE ? ac_time_format (target->received_at) : NULL;
      g_autofree char *at = target->at != AC_TIME_NONE ? ac_time_format (target->at) : NULL;

      ac_csv_append_row (export->text,
                   (const char *const[]){ target->mailbox, target->message_id, target->subject,
                                          target->sender, target->folder, received, target->outcome,
                                          target->detail, at },
                   9);
      export->n_rows++;
    }
  if (page->next_cursor != NULL)
    load_targets (g_steal_pointer (&task), page->next_cursor);
  else
    write_file (g_steal_pointer (&task));
}

/* @task: (transfer full) */
static void
load_targets (GTask *task, const char *cursor)
{
  Export *export = g_task_get_task_data (task);

  ac_api_list_targets_async (export->api, ac_action_get_id (export->action),
                             (const char *const *)export->outcomes, cursor, AC_API_MAX_LIMIT,
                             g_task_get_cancellable (task), targets_cb, task);
}

static GTask *
task_new (const char *id,
          const char *folder,
          GCancellable *cancellable,
          GAsyncReadyCallback callback,
          gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Export *export = g_new0 (Export, 1);

  export->stem = g_strdup_printf ("Results %s", id);
  export->folder = g_strdup (folder);
  export->text = g_string_new (NULL);
  g_task_set_task_data (task, export, export_free);
  return task;
}

/**
 * ac_results_export_async:
 * @api: (nullable): whom to ask for the messages of a cluster; %NULL without a connection
 * @action: as it is known now
 * @outcomes: (nullable): only results with one of these; %NULL: all
 * @folder: where the file is to lie; it never takes the place of another
 *
 * Saves the results of an action.
 */
void
ac_results_export_async (AcApi *api,
                         AcAction *action,
                         const char *const *outcomes,
                         const char *folder,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  static const char *const titles[] = { "mailbox",    "messageId", "subject", "sender", "folder",
                                        "receivedAt", "outcome",   "detail",  "at" };
  g_autoptr (GTask) task =
      task_new (ac_action_get_id (action), folder, cancellable, callback, user_data);
  Export *export = g_task_get_task_data (task);

  export->action = g_object_ref (action);
  export->outcomes = g_strdupv ((GStrv)outcomes);
  if (ac_action_get_targets (action) == NULL)
    {
      add_results (export);
      write_file (g_steal_pointer (&task));
    }
  else if (api == NULL)
    g_task_return_new_error (task, AC_CLIENT_ERROR, AC_CLIENT_ERROR_OFFLINE, "%s",
                             _ ("There is no connection to the service, which knows the messages. "
                                "Nothing was saved."));
  else
    {
      export->api = g_object_ref (api);
      ac_csv_append_row (export->text, titles, G_N_ELEMENTS (titles));
      load_targets (g_steal_pointer (&task), NULL);
    }
}

/**
 * ac_results_export_items_async:
 * @items: of AcOperationItem
 * @names: (nullable): action id → what it is about
 * @operation_id: gives the file its name
 *
 * Saves what became of each action of an operation.
 */
void
ac_results_export_items_async (GPtrArray *items,
                               GHashTable *names,
                               const char *operation_id,
                               const char *folder,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  static const char *const titles[] = { "action", "about", "state", "status", "detail" };
  g_autoptr (GTask) task = task_new (operation_id, folder, cancellable, callback, user_data);
  Export *export = g_task_get_task_data (task);

  ac_csv_append_row (export->text, titles, G_N_ELEMENTS (titles));
  for (guint i = 0; i < items->len; i++)
    {
      const AcOperationItem *item = items->pdata[i];
      const char *name = names != NULL ? g_hash_table_lookup (names, item->action_id) : NULL;

      ac_csv_append_row (
          export->text,
          (const char *const[]){ item->action_id, name, item->state, item->status, item->detail },
          5);
    }
  export->n_rows = items->len;
  write_file (g_steal_pointer (&task));
}

/**
 * ac_results_export_finish:
 * @n_rows: (out): how many results there are in it
 *
 * Returns: (transfer full): the path of the file, or %NULL with an error; then there is none.
 */
char *
ac_results_export_finish (GAsyncResult *result, guint64 *n_rows, GError **error)
{
  Export *export = g_task_get_task_data (G_TASK (result));

  *n_rows = export->n_rows;
  return g_task_propagate_pointer (G_TASK (result), error);
}
