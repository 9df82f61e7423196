/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "client/ac-api-call.h"
#include "client/ac-api-private.h"
#include "client/ac-change-kinds.h"

struct _AcApi
{
  GObject parent_instance;

  AcTransport *transport;
};

enum
{
  SUBMISSIONS_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AcApi, ac_api, G_TYPE_OBJECT)

static void
ac_api_finalize (GObject *object)
{
  AcApi *self = AC_API (object);

  g_clear_object (&self->transport);
  G_OBJECT_CLASS (ac_api_parent_class)->finalize (object);
}

static void
ac_api_class_init (AcApiClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ac_api_finalize;

  signals[SUBMISSIONS_CHANGED] = g_signal_new (
      "submissions-changed", AC_TYPE_API, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
ac_api_init (AcApi *self)
{
}

/* Changes of actions are for whoever follows them. Where they begin anew, without a token, what has
 * changed before is not told of. */
static void
received_cb (AcApi *self, const char *path, GBytes *answer)
{
  gboolean begins_anew = g_str_has_prefix (path, "/changes?") && strstr (path, "since=") == NULL;

  if (g_str_has_prefix (path, "/changes") &&
      (begins_anew || ac_change_kinds_has (answer, "submission")))
    g_signal_emit (self, signals[SUBMISSIONS_CHANGED], 0);
}

/**
 * ac_api_new:
 * @address: https://…, http:// on loopback, or unix:/path
 * @token: the person's bearer token
 * @ca_file: (nullable): PEM file of the only authorities to trust; %NULL: the system's
 *
 * Connects to nothing yet.
 *
 * Returns: (transfer full): the connection, or %NULL with an AC_CLIENT_ERROR: INVALID for an
 * address or a token that cannot be used, TLS for a CA file that cannot be read.
 */
AcApi *
ac_api_new (const char *address, const char *token, const char *ca_file, GError **error)
{
  return ac_api_new_with_patience (address, token, ca_file, NULL, error);
}

/**
 * ac_api_new_with_patience:
 * @patience: (nullable): limits of time, size and attempts
 *
 * Returns: (transfer full): as ac_api_new().
 */
AcApi *
ac_api_new_with_patience (const char *address,
                          const char *token,
                          const char *ca_file,
                          const AcPatience *patience,
                          GError **error)
{
  AcTransport *transport;
  AcApi *self;

  g_return_val_if_fail (address != NULL, NULL);

  transport = ac_transport_new (address, token, ca_file, patience, error);
  if (transport == NULL)
    return NULL;
  self = g_object_new (AC_TYPE_API, NULL);
  self->transport = transport;
  g_signal_connect_object (transport, "received", G_CALLBACK (received_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}

/**
 * ac_api_get_address:
 *
 * Returns: the service's address in its canonical form.
 */
const char *
ac_api_get_address (AcApi *self)
{
  g_return_val_if_fail (AC_IS_API (self), NULL);

  return ac_transport_get_address (self->transport);
}

/**
 * ac_api_get_transport:
 *
 * Returns: (transfer none): what the calls go through; for those that take answers as they are.
 */
AcTransport *
ac_api_get_transport (AcApi *self)
{
  g_return_val_if_fail (AC_IS_API (self), NULL);

  return self->transport;
}

static gpointer
read_me (JsonObject *object, GError **error)
{
  return ac_me_new_from_json (object, error);
}

/**
 * ac_api_get_me_async:
 *
 * Asks who the token belongs to and what that person may do.
 */
void
ac_api_get_me_async (AcApi *self,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  g_return_if_fail (AC_IS_API (self));

  ac_api_call_get (
      ac_api_call_new (self, read_me, (GDestroyNotify)ac_me_free, cancellable, callback, user_data),
      "/me");
}

/**
 * ac_api_get_me_finish:
 *
 * Returns: (transfer full): the person, or %NULL with an error.
 */
AcMe *
ac_api_get_me_finish (AcApi *self, GAsyncResult *result, GError **error)
{
  return ac_api_call_finish (self, result, error);
}

static gpointer
read_action_page (JsonObject *object, GError **error)
{
  return ac_action_page_new_from_json (object, FALSE, error);
}

static gpointer
read_action_ids (JsonObject *object, GError **error)
{
  return ac_action_page_new_from_json (object, TRUE, error);
}

/**
 * ac_api_list_actions_async:
 * @query: which, and in which order
 * @cursor: (nullable): next_cursor of the page before; %NULL: the first page
 * @limit: at most so many, up to AC_API_MAX_LIMIT
 * @ids_only: leave out everything but the ids
 *
 * A query that ac_action_query_get_statuses() says can match nothing must not be asked.
 */
void
ac_api_list_actions_async (AcApi *self,
                           AcActionQuery *query,
                           const char *cursor,
                           guint limit,
                           gboolean ids_only,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autofree char *parameters = NULL;
  g_autoptr (GString) path = g_string_new ("/actions?");

  g_return_if_fail (AC_IS_API (self));
  g_return_if_fail (AC_IS_ACTION_QUERY (query));
  g_return_if_fail (limit >= 1 && limit <= AC_API_MAX_LIMIT);

  parameters = ac_action_query_to_parameters (query);
  g_string_append_printf (path, "%s&limit=%u", parameters, limit);
  if (ids_only)
    g_string_append (path, "&fields=id");
  ac_api_call_add (path, "cursor", cursor);
  ac_api_call_get (ac_api_call_new (self, ids_only ? read_action_ids : read_action_page,
                                    (GDestroyNotify)ac_action_page_free, cancellable, callback,
                                    user_data),
                   path->str);
}

/**
 * ac_api_list_actions_finish:
 *
 * Returns: (transfer full): the page, or %NULL with an error; AC_CLIENT_ERROR_GONE when the cursor
 * has run out and the list must be begun again.
 */
AcActionPage *
ac_api_list_actions_finish (AcApi *self, GAsyncResult *result, GError **error)
{
  return ac_api_call_finish (self, result, error);
}

static gpointer
read_action (JsonObject *object, GError **error)
{
  return ac_action_new_from_json (object, AC_JSON_LENIENT, NULL, error);
}

/**
 * ac_api_get_action_async:
 *
 * Asks for one action with its timeline.
 */
void
ac_api_get_action_async (AcApi *self,
                         const char *id,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autofree char *path = NULL;

  g_return_if_fail (AC_IS_API (self));
  g_return_if_fail (id != NULL);

  path = ac_api_call_path ("/actions", id);
  ac_api_call_get (
      ac_api_call_new (self, read_action, g_object_unref, cancellable, callback, user_data), path);
}

/**
 * ac_api_get_action_finish:
 *
 * Returns: (transfer full): the action, or %NULL with an error.
 */
AcAction *
ac_api_get_action_finish (AcApi *self, GAsyncResult *result, GError **error)
{
  return ac_api_call_finish (self, result, error);
}

/* The task data of ac_api_get_actions_async(), which asks in turns. */
typedef struct
{
  GStrv ids;
  gsize n_ids;
  gsize n_asked;
  GHashTable *actions; /* id (owned by the action) → AcAction */
} GetActions;

static void
get_actions_free (gpointer data)
{
  GetActions *get = data;

  g_strfreev (get->ids);
  g_hash_table_unref (get->actions);
  g_free (get);
}

static void
unref_nullable (gpointer object)
{
  if (object != NULL)
    g_object_unref (object);
}

static void get_more_actions (GTask *task);

static void
more_actions_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (AcActionPage) page = NULL;
  GetActions *get = g_task_get_task_data (task);
  GError *error = NULL;

  page = ac_api_list_actions_finish (AC_API (object), result, &error);
  if (page == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  for (guint i = 0; i < page->actions->len; i++)
    {
      AcAction *action = page->actions->pdata[i];

      g_hash_table_replace (get->actions, (gpointer)ac_action_get_id (action),
                            g_object_ref (action));
    }
  get_more_actions (task);
}

static void
get_more_actions (GTask *task)
{
  AcApi *self = g_task_get_source_object (task);
  GetActions *get = g_task_get_task_data (task);
  gsize end = MIN (get->n_ids, get->n_asked + AC_API_IDS_PER_CALL);
  g_autoptr (GString) path = NULL;

  if (get->n_asked == get->n_ids)
    {
      GPtrArray *answer = g_ptr_array_new_full ((guint)get->n_ids, unref_nullable);

      for (gsize i = 0; i < get->n_ids; i++)
        {
          AcAction *action = g_hash_table_lookup (get->actions, get->ids[i]);

          g_ptr_array_add (answer, action != NULL ? g_object_ref (action) : NULL);
        }
      g_task_return_pointer (task, answer, (GDestroyNotify)g_ptr_array_unref);
      return;
    }

  path = g_string_new (NULL);
  g_string_printf (path, "/actions?limit=%" G_GSIZE_FORMAT, end - get->n_asked);
  for (gsize i = get->n_asked; i < end; i++)
    ac_api_call_add (path, "id", get->ids[i]);
  get->n_asked = end;
  ac_api_call_get (ac_api_call_new (self, read_action_page, (GDestroyNotify)ac_action_page_free,
                                    g_task_get_cancellable (task), more_actions_cb,
                                    g_object_ref (task)),
                   path->str);
}

/**
 * ac_api_get_actions_async:
 * @ids: (array zero-terminated=1): any number of ids
 */
void
ac_api_get_actions_async (AcApi *self,
                          const char *const *ids,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  GetActions *get;

  g_return_if_fail (AC_IS_API (self));
  g_return_if_fail (ids != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_name (task, "ac_api_get_actions");
  get = g_new0 (GetActions, 1);
  get->ids = g_strdupv ((char **)ids);
  get->n_ids = g_strv_length (get->ids);
  get->actions = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
  g_task_set_task_data (task, get, get_actions_free);
  get_more_actions (task);
}

/**
 * ac_api_get_actions_finish:
 *
 * Returns: (transfer full) (element-type AcAction): one entry for each id in its order, %NULL where
 * the service knows no such action; or %NULL with an error.
 */
GPtrArray *
ac_api_get_actions_finish (AcApi *self, GAsyncResult *result, GError **error)
{
  return ac_api_call_finish (self, result, error);
}

static gpointer
read_operation (JsonObject *object, GError **error)
{
  return ac_operation_new_from_json (object, AC_JSON_LENIENT, NULL, error);
}

/**
 * ac_api_submit_operation_async:
 * @idempotency_key: (nullable): one for each intention of a person, from g_uuid_string_random();
 *   give the same again to ask what became of a call whose answer was lost. %NULL: a new one.
 */
void
ac_api_submit_operation_async (AcApi *self,
                               const AcOperationRequest *request,
                               const char *idempotency_key,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (JsonObject) object = NULL;

  g_return_if_fail (AC_IS_API (self));
  g_return_if_fail (request != NULL);

  object = ac_operation_request_to_json (request);
  ac_api_call_post (
      ac_api_call_new (self, read_operation, g_object_unref, cancellable, callback, user_data),
      "/operations", object, idempotency_key);
}

/**
 * ac_api_submit_operation_finish:
 *
 * On AC_CLIENT_ERROR_CONFLICT ac_client_error_get_problem() has the conflicts: who was first, with
 * what, and when. When ac_client_error_maybe_delivered(), the operation may have been accepted.
 *
 * Returns: (transfer full): the operation as it was acknowledged, or %NULL with an error.
 */
AcOperation *
ac_api_submit_operation_finish (AcApi *self, GAsyncResult *result, GError **error)
{
  return ac_api_call_finish (self, result, error);
}

/**
 * ac_api_take_back_operation_async:
 * @id: of an approval
 *
 * Takes back what of it has not begun; its actions are pending again.
 */
void
ac_api_take_back_operation_async (AcApi *self,
                                  const char *id,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_autofree char *path = NULL;

  g_return_if_fail (AC_IS_API (self));
  g_return_if_fail (id != NULL);

  path = ac_api_call_path ("/operations", id);
  ac_api_call_delete (
      ac_api_call_new (self, read_operation, g_object_unref, cancellable, callback, user_data),
      path);
}

/**
 * ac_api_take_back_operation_finish:
 *
 * Returns: (transfer full): the operation as it is now; or %NULL with an error, which is
 * AC_CLIENT_ERROR_CONFLICT when everything of it has begun.
 */
AcOperation *
ac_api_take_back_operation_finish (AcApi *self, GAsyncResult *result, GError **error)
{
  return ac_api_call_finish (self, result, error);
}

static gpointer
read_target_page (JsonObject *object, GError **error)
{
  return ac_target_page_new_from_json (object, error);
}

/**
 * ac_api_list_targets_async:
 * @id: of an action on a cluster
 * @outcomes: (nullable): only messages with one of these
 * @cursor: (nullable): next_cursor of the page before; %NULL: the first page
 * @limit: at most so many, up to AC_API_MAX_LIMIT
 *
 * Asks for the messages that the action is about.
 */
void
ac_api_list_targets_async (AcApi *self,
                           const char *id,
                           const char *const *outcomes,
                           const char *cursor,
                           guint limit,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autofree char *action = NULL;
  g_autoptr (GString) path = NULL;

  g_return_if_fail (AC_IS_API (self));
  g_return_if_fail (id != NULL);
  g_return_if_fail (limit >= 1 && limit <= AC_API_MAX_LIMIT);

  action = ac_api_call_path ("/actions", id);
  path = g_string_new (action);
  g_string_append_printf (path, "/targets?limit=%u", limit);
  for (gsize i = 0; outcomes != NULL && outcomes[i] != NULL; i++)
    ac_api_call_add (path, "outcome", outcomes[i]);
  ac_api_call_add (path, "cursor", cursor);
  ac_api_call_get (ac_api_call_new (self, read_target_page, (GDestroyNotify)ac_target_page_free,
                                    cancellable, callback, user_data),
                   path->str);
}

/**
 * ac_api_list_targets_finish:
 *
 * Returns: (transfer full): the page, or %NULL with an error.
 */
AcTargetPage *
ac_api_list_targets_finish (AcApi *self, GAsyncResult *result, GError **error)
{
  return ac_api_call_finish (self, result, error);
}

static gpointer
read_anything (JsonObject *object, GError **error)
{
  return json_object_ref (object);
}

/**
 * ac_api_look_async:
 * @id: of an action on a cluster that waits for a decision
 *
 * Has its messages counted anew; the action changes when that is done.
 */
void
ac_api_look_async (AcApi *self,
                   const char *id,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
  g_autoptr (JsonObject) nothing = json_object_new ();
  g_autofree char *action = NULL;
  g_autofree char *path = NULL;

  g_return_if_fail (AC_IS_API (self));
  g_return_if_fail (id != NULL);

  action = ac_api_call_path ("/actions", id);
  path = g_strconcat (action, "/looks", NULL);
  ac_api_call_post (ac_api_call_new (self, read_anything, (GDestroyNotify)json_object_unref,
                                     cancellable, callback, user_data),
                    path, nothing, NULL);
}

/**
 * ac_api_look_finish:
 *
 * Returns: whether they are being counted.
 */
gboolean
ac_api_look_finish (AcApi *self, GAsyncResult *result, GError **error)
{
  g_autoptr (JsonObject) answer = ac_api_call_finish (self, result, error);

  return answer != NULL;
}

/**
 * ac_api_list_instances_async:
 * @id: of an action on a file
 * @limit: at most so many of the others, up to AC_API_MAX_LIMIT; their number is told in any case
 */
void
ac_api_list_instances_async (AcApi *self,
                             const char *id,
                             guint limit,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autofree char *action = NULL;
  g_autofree char *path = NULL;

  g_return_if_fail (AC_IS_API (self));
  g_return_if_fail (id != NULL);

  action = ac_api_call_path ("/actions", id);
  path = g_strdup_printf ("%s/instances?limit=%u", action, limit);
  ac_api_call_get (ac_api_call_new (self, read_action_page, (GDestroyNotify)ac_action_page_free,
                                    cancellable, callback, user_data),
                   path);
}

/**
 * ac_api_list_instances_finish:
 *
 * Returns: (transfer full): the other actions on the same file that can be undone now, and how many
 * they are; or %NULL with an error.
 */
AcActionPage *
ac_api_list_instances_finish (AcApi *self, GAsyncResult *result, GError **error)
{
  return ac_api_call_finish (self, result, error);
}

static gpointer
read_message_text (JsonObject *object, GError **error)
{
  return ac_message_text_new_from_json (object, error);
}

/**
 * ac_api_get_message_async:
 * @id: of an action that is about a message and waits for a decision, or keeps one in quarantine
 * @asset: (nullable): of which mailbox; %NULL: of the first one
 *
 * Looks at the message, which the service notes in its audit log.
 */
void
ac_api_get_message_async (AcApi *self,
                          const char *id,
                          const char *asset,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autofree char *action = NULL;
  g_autoptr (GString) path = NULL;

  g_return_if_fail (AC_IS_API (self));
  g_return_if_fail (id != NULL);

  action = ac_api_call_path ("/actions", id);
  path = g_string_new (action);
  g_string_append (path, "/message");
  if (asset != NULL)
    {
      g_string_append (path, "?asset=");
      g_string_append_uri_escaped (path, asset, NULL, FALSE);
    }
  ac_api_call_get (ac_api_call_new (self, read_message_text, (GDestroyNotify)ac_message_text_free,
                                    cancellable, callback, user_data),
                   path->str);
}

/**
 * ac_api_get_message_finish:
 *
 * Returns: (transfer full): the message as text, or %NULL with an error.
 */
AcMessageText *
ac_api_get_message_finish (AcApi *self, GAsyncResult *result, GError **error)
{
  return ac_api_call_finish (self, result, error);
}

/**
 * ac_api_get_operation_async:
 * @with_items: whether to have each action's state too, and not just the sums
 */
void
ac_api_get_operation_async (AcApi *self,
                            const char *id,
                            gboolean with_items,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autofree char *plain = NULL;
  g_autofree char *path = NULL;

  g_return_if_fail (AC_IS_API (self));
  g_return_if_fail (id != NULL);

  plain = ac_api_call_path ("/operations", id);
  path = g_strconcat (plain, with_items ? "" : "?items=false", NULL);
  ac_api_call_get (
      ac_api_call_new (self, read_operation, g_object_unref, cancellable, callback, user_data),
      path);
}

/**
 * ac_api_get_operation_finish:
 *
 * Returns: (transfer full): the operation as it is now, or %NULL with an error.
 */
AcOperation *
ac_api_get_operation_finish (AcApi *self, GAsyncResult *result, GError **error)
{
  return ac_api_call_finish (self, result, error);
}

static gpointer
read_change_page (JsonObject *object, GError **error)
{
  return ac_change_page_new_from_json (object, error);
}

/**
 * ac_api_get_changes_async:
 * @since: (nullable): the token to go on from; %NULL: asks for the token of now and no changes
 * @limit: at most so many, up to AC_API_MAX_LIMIT
 *
 * Asks once: who follows the changes asks again anyway, and must learn at once that the service is
 * away.
 */
void
ac_api_get_changes_async (AcApi *self,
                          const char *since,
                          guint limit,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GString) path = g_string_new (NULL);

  g_return_if_fail (AC_IS_API (self));
  g_return_if_fail (limit >= 1 && limit <= AC_API_MAX_LIMIT);

  g_string_printf (path, "/changes?limit=%u", limit);
  ac_api_call_add (path, "since", since);
  ac_api_call_get_once (ac_api_call_new (self, read_change_page,
                                         (GDestroyNotify)ac_change_page_free, cancellable, callback,
                                         user_data),
                        path->str);
}

/**
 * ac_api_get_changes_finish:
 *
 * Returns: (transfer full): the changes in order, or %NULL with an error; AC_CLIENT_ERROR_GONE when
 * the token is none of this service any more and everything must be read again.
 */
AcChangePage *
ac_api_get_changes_finish (AcApi *self, GAsyncResult *result, GError **error)
{
  return ac_api_call_finish (self, result, error);
}
