/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/ac-api-call.h"
#include "client/ac-api-private.h"

/* Larger answers are read in a thread: 16 KB of JSON take about a fifth of a millisecond. */
#define SMALL_ANSWER (16 * 1024)

/* The task data. */
typedef struct
{
  AcApiReadFunc read;
  GDestroyNotify free_result;
  GBytes *answer; /* once it is there */
} Call;

static void
call_free (gpointer data)
{
  Call *call = data;

  g_clear_pointer (&call->answer, g_bytes_unref);
  g_free (call);
}

static void
read_answer (GTask *task)
{
  Call *call = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = ac_json_parse (call->answer, &error);
  JsonObject *object = root != NULL ? ac_json_root_object (root, &error) : NULL;
  gpointer answer = object != NULL ? call->read (object, &error) : NULL;

  if (answer != NULL)
    g_task_return_pointer (task, answer, call->free_result);
  else
    {
      g_autofree char *message =
          g_strdup_printf (_ ("The answer of the service cannot be used: %s"), error->message);

      g_task_return_error (
          task, ac_client_error_new_undelivered (AC_CLIENT_ERROR_PROTOCOL, TRUE, message));
    }
}

static void
read_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  read_answer (task);
}

static void
answer_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Call *call = g_task_get_task_data (task);
  GError *error = NULL;

  call->answer = ac_transport_finish (AC_TRANSPORT (object), result, &error);
  if (call->answer == NULL)
    g_task_return_error (task, error);
  else if (g_bytes_get_size (call->answer) <= SMALL_ANSWER)
    read_answer (task);
  else
    g_task_run_in_thread (task, read_in_thread);
}

static AcTransport *
get_transport (GTask *call)
{
  return ac_api_get_transport (g_task_get_source_object (call));
}

/**
 * ac_api_call_new:
 * @read: makes the result
 * @free_result: frees what @read has made
 *
 * Returns: (transfer full): a call, to be given to one of the functions below, which asks; the
 * callback takes its result with ac_api_call_finish().
 */
GTask *
ac_api_call_new (AcApi *api,
                 AcApiReadFunc read,
                 GDestroyNotify free_result,
                 GCancellable *cancellable,
                 GAsyncReadyCallback callback,
                 gpointer user_data)
{
  GTask *task = g_task_new (api, cancellable, callback, user_data);
  Call *call = g_new0 (Call, 1);

  g_task_set_name (task, "ac_api call");
  call->read = read;
  call->free_result = free_result;
  g_task_set_task_data (task, call, call_free);
  return task;
}

static void
get (GTask *call, const char *path, gboolean once)
{
  /* Who has withdrawn a question gets no answer, which may be read in a thread meanwhile. */
  g_task_set_check_cancellable (call, TRUE);
  ac_transport_get_async (get_transport (call), path, once, g_task_get_cancellable (call),
                          answer_cb, call);
}

/**
 * ac_api_call_get:
 * @call: (transfer full):
 * @path: below /api/v1, with its query
 */
void
ac_api_call_get (GTask *call, const char *path)
{
  get (call, path, FALSE);
}

/**
 * ac_api_call_get_once:
 * @call: (transfer full):
 * @path: below /api/v1, with its query
 *
 * As ac_api_call_get(), and a service that is away is told of at once, not asked again.
 */
void
ac_api_call_get_once (GTask *call, const char *path)
{
  get (call, path, TRUE);
}

/**
 * ac_api_call_post:
 * @call: (transfer full):
 * @path: below /api/v1
 * @request: the body
 * @key: (nullable): the idempotency key; %NULL: a new one
 */
void
ac_api_call_post (GTask *call, const char *path, JsonObject *request, const char *key)
{
  g_autoptr (GBytes) body = ac_json_object_to_bytes (request);
  g_autofree char *new_key = key == NULL ? g_uuid_string_random () : NULL;

  /* What the service has acknowledged is never hidden behind a cancellation. */
  g_task_set_check_cancellable (call, FALSE);
  ac_transport_post_async (get_transport (call), path, body, key != NULL ? key : new_key,
                           g_task_get_cancellable (call), answer_cb, call);
}

/**
 * ac_api_call_delete:
 * @call: (transfer full):
 * @path: below /api/v1
 */
void
ac_api_call_delete (GTask *call, const char *path)
{
  /* As for a post. */
  g_task_set_check_cancellable (call, FALSE);
  ac_transport_delete_async (get_transport (call), path, g_task_get_cancellable (call), answer_cb,
                             call);
}

/**
 * ac_api_call_finish:
 *
 * Returns: (transfer full): what was read, or %NULL with an error.
 */
gpointer
ac_api_call_finish (AcApi *api, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (AC_IS_API (api), NULL);
  g_return_val_if_fail (g_task_is_valid (result, api), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * ac_api_call_path:
 * @collection: as "/actions"
 *
 * Returns: (transfer full): the path of what has this id in it.
 */
char *
ac_api_call_path (const char *collection, const char *id)
{
  g_autofree char *escaped = g_uri_escape_string (id, NULL, FALSE);

  return g_strconcat (collection, "/", escaped, NULL);
}

/**
 * ac_api_call_add:
 * @path: with one parameter at least
 * @value: (nullable): %NULL: nothing is added
 *
 * Adds one more parameter.
 */
void
ac_api_call_add (GString *path, const char *name, const char *value)
{
  if (value == NULL)
    return;
  g_string_append_printf (path, "&%s=", name);
  g_string_append_uri_escaped (path, value, NULL, FALSE);
}
