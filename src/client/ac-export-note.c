/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "client/ac-api-private.h"
#include "client/ac-export-note.h"
#include "model/ac-json.h"

/* As much as the service keeps; a filter may name thousands of ids. */
#define MOST_TEXT 4000

static void
noted_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (GBytes) answer = ac_transport_finish (AC_TRANSPORT (object), result, &error);

  if (answer == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/* What was asked for, in words that are cut where they are too many. */
static char *
describe (AcActionQuery *query)
{
  g_autofree char *parameters = ac_action_query_to_filter_parameters (query);
  g_autofree char *text = g_uri_unescape_string (parameters, NULL);
  const char *end;

  if (text == NULL || strlen (text) <= MOST_TEXT)
    return g_strdup (text != NULL ? text : parameters);
  end = g_utf8_find_prev_char (text, text + MOST_TEXT);
  return g_strdup_printf ("%.*s…", (int)(end - text), text);
}

/**
 * ac_export_note_async:
 * @n_actions: how many were written
 * @query: (nullable): what found them; %NULL: they were selected one by one
 *
 * Has the service note it. It is noted once, however often it has to be sent.
 */
void
ac_export_note_async (AcApi *api,
                      AcExportFormat format,
                      guint64 n_actions,
                      AcActionQuery *query,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (JsonObject) request = json_object_new ();
  g_autoptr (GBytes) body = NULL;
  g_autofree char *key = g_uuid_string_random ();
  g_autofree char *filters = query != NULL ? describe (query) : g_strdup ("selected one by one");
  GTask *task;

  g_return_if_fail (AC_IS_API (api));

  task = g_task_new (api, cancellable, callback, user_data);
  ac_json_set_string (request, "format", ac_export_format_name (format));
  json_object_set_int_member (request, "count", (gint64)n_actions);
  if (*filters != '\0')
    ac_json_set_string (request, "filters", filters);
  body = ac_json_object_to_bytes (request);
  ac_transport_post_async (ac_api_get_transport (api), "/exports", body, key, cancellable, noted_cb,
                           task);
}

/**
 * ac_export_note_finish:
 *
 * Returns: whether it stands in the audit log; else an error.
 */
gboolean
ac_export_note_finish (AcApi *api, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, api), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
