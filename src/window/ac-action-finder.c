/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "window/ac-action-finder.h"

typedef struct
{
  char *id;
  gulong handler; /* while a connection is being made */
} Search;

static void
search_free (gpointer data)
{
  Search *search = data;

  g_free (search->id);
  g_free (search);
}

static void
service_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  AcAction *action = ac_api_get_action_finish (AC_API (source_object), result, &error);

  if (action != NULL)
    g_task_return_pointer (task, action, g_object_unref);
  else
    g_task_return_error (task, error);
}

static void
ask_service (GTask *task)
{
  const Search *search = g_task_get_task_data (task);
  AcApi *api = ac_session_get_api (g_task_get_source_object (task));

  if (api == NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED,
                               _ ("There is no connection to a service. Connect to one, and open "
                                  "the action again."));
      g_object_unref (task);
      return;
    }
  ac_api_get_action_async (api, search->id, g_task_get_cancellable (task), service_cb, task);
}

static void
rows_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  g_autoptr (GPtrArray) rows =
      ac_action_source_load_rows_finish (AC_ACTION_SOURCE (source_object), result, NULL);

  if (rows == NULL || rows->len != 1 || g_ptr_array_index (rows, 0) == NULL)
    {
      ask_service (task);
      return;
    }
  g_task_return_pointer (task, g_object_ref (g_ptr_array_index (rows, 0)), g_object_unref);
  g_object_unref (task);
}

static void
key_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  AcActionSource *source = AC_ACTION_SOURCE (source_object);
  guint64 key = 0;

  if (!ac_action_source_find_key_finish (source, result, &key, NULL) || key == 0)
    ask_service (task);
  else
    ac_action_source_load_rows_async (source, &key, 1, g_task_get_cancellable (task), rows_cb,
                                      task);
}

static void
begin (GTask *task)
{
  const Search *search = g_task_get_task_data (task);
  AcActionSource *source = ac_session_get_source (g_task_get_source_object (task));

  if (source == NULL)
    ask_service (task);
  else
    ac_action_source_find_key_async (source, search->id, g_task_get_cancellable (task), key_cb,
                                     task);
}

static void
state_cb (AcSession *session, GParamSpec *pspec, gpointer user_data)
{
  GTask *task = user_data;
  Search *search = g_task_get_task_data (task);

  if (ac_session_get_state (session) == AC_SESSION_CONNECTING)
    return;
  g_signal_handler_disconnect (session, search->handler);
  begin (task);
}

/**
 * ac_action_finder_find_async:
 * @id: of an action
 *
 * Looks for an action.
 */
void
ac_action_finder_find_async (AcSession *session,
                             const char *id,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  GTask *task;
  Search *search;

  g_return_if_fail (AC_IS_SESSION (session));
  g_return_if_fail (id != NULL);

  task = g_task_new (session, cancellable, callback, user_data);
  search = g_new0 (Search, 1);
  search->id = g_strdup (id);
  g_task_set_source_tag (task, ac_action_finder_find_async);
  g_task_set_task_data (task, search, search_free);
  if (ac_session_get_state (session) == AC_SESSION_CONNECTING)
    search->handler = g_signal_connect (session, "notify::state", G_CALLBACK (state_cb), task);
  else
    begin (task);
}

/**
 * ac_action_finder_find_finish:
 *
 * Returns: (transfer full): or %NULL with an AC_CLIENT_ERROR, for an action that is nowhere, or a
 * G_IO_ERROR.
 */
AcAction *
ac_action_finder_find_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
