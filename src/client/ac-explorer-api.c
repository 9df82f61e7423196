/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client/ac-api-call.h"
#include "client/ac-explorer-api.h"

static const AcJsonMember page_members[] = {
  { "items", AC_JSON_ARRAY, TRUE },      { "mailboxes", AC_JSON_INTEGER, TRUE },
  { "searched", AC_JSON_INTEGER, TRUE }, { "failed", AC_JSON_ARRAY, TRUE },
  { "cut", AC_JSON_STRING_ARRAY, TRUE }, { "nextCursor", AC_JSON_STRING, FALSE },
};

static const AcJsonMember proposal_members[] = {
  { "investigation", AC_JSON_OBJECT, TRUE },
  { "operation", AC_JSON_OBJECT, FALSE },
};

static const AcJsonMember submission_page_members[] = {
  { "items", AC_JSON_ARRAY, TRUE },
  { "total", AC_JSON_INTEGER, TRUE },
  { "nextCursor", AC_JSON_STRING, FALSE },
};

#define CHECK(object, table)                                                                       \
  ac_json_check ((object), (table), G_N_ELEMENTS (table), AC_JSON_LENIENT, NULL, error)

void
ac_found_message_page_free (AcFoundMessagePage *page)
{
  g_clear_pointer (&page->messages, g_ptr_array_unref);
  g_clear_pointer (&page->failed, g_ptr_array_unref);
  g_strfreev (page->cut);
  g_free (page->next_cursor);
  g_free (page);
}

void
ac_proposal_answer_free (AcProposalAnswer *answer)
{
  g_clear_object (&answer->investigation);
  g_clear_object (&answer->operation);
  g_free (answer);
}

void
ac_submission_page_free (AcSubmissionPage *page)
{
  g_clear_pointer (&page->submissions, g_ptr_array_unref);
  g_free (page->next_cursor);
  g_free (page);
}

static gpointer
read_found (JsonObject *object, GError **error)
{
  g_autoptr (AcFoundMessagePage) page = g_new0 (AcFoundMessagePage, 1);
  JsonArray *array;

  if (!CHECK (object, page_members))
    return NULL;
  page->messages = g_ptr_array_new_with_free_func (g_object_unref);
  page->failed = g_ptr_array_new_with_free_func (g_free);
  page->mailboxes = (guint64)ac_json_get_integer (object, "mailboxes", 0);
  page->searched = (guint64)ac_json_get_integer (object, "searched", 0);
  page->cut = ac_json_get_strings (object, "cut");
  page->next_cursor = g_strdup (ac_json_get_string (object, "nextCursor"));
  array = ac_json_get_array (object, "items");
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *element = ac_json_element_object (array, i, "items", error);
      AcFoundMessage *message =
          element != NULL ? ac_found_message_new_from_json (element, "items", error) : NULL;

      if (message == NULL)
        return NULL;
      g_ptr_array_add (page->messages, message);
    }
  array = ac_json_get_array (object, "failed");
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *element = ac_json_element_object (array, i, "failed", error);
      const char *mailbox = element != NULL ? ac_json_get_string (element, "mailbox") : NULL;
      const char *problem = element != NULL ? ac_json_get_string (element, "problem") : NULL;

      if (element == NULL)
        return NULL;
      g_ptr_array_add (page->failed, g_strdup_printf ("%s: %s", mailbox != NULL ? mailbox : "?",
                                                      problem != NULL ? problem : "?"));
    }
  return g_steal_pointer (&page);
}

static gpointer
read_proposal (JsonObject *object, GError **error)
{
  g_autoptr (AcProposalAnswer) answer = g_new0 (AcProposalAnswer, 1);
  JsonObject *operation;

  if (!CHECK (object, proposal_members))
    return NULL;
  answer->investigation = ac_investigation_new_from_json (
      ac_json_get_object (object, "investigation"), AC_JSON_LENIENT, "investigation", error);
  if (answer->investigation == NULL)
    return NULL;
  operation = ac_json_get_object (object, "operation");
  if (operation != NULL)
    {
      answer->operation =
          ac_operation_new_from_json (operation, AC_JSON_LENIENT, "operation", error);
      if (answer->operation == NULL)
        return NULL;
    }
  return g_steal_pointer (&answer);
}

static gpointer
read_submission (JsonObject *object, GError **error)
{
  return ac_submission_new_from_json (object, error);
}

static gpointer
read_submission_page (JsonObject *object, GError **error)
{
  g_autoptr (AcSubmissionPage) page = g_new0 (AcSubmissionPage, 1);
  JsonArray *array;

  if (!CHECK (object, submission_page_members))
    return NULL;
  page->submissions = g_ptr_array_new_with_free_func (g_object_unref);
  page->total = (guint64)ac_json_get_integer (object, "total", 0);
  page->next_cursor = g_strdup (ac_json_get_string (object, "nextCursor"));
  array = ac_json_get_array (object, "items");
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *element = ac_json_element_object (array, i, "items", error);
      AcSubmission *submission =
          element != NULL ? ac_submission_new_from_json (element, error) : NULL;

      if (submission == NULL)
        return NULL;
      g_ptr_array_add (page->submissions, submission);
    }
  return g_steal_pointer (&page);
}

/**
 * ac_api_find_messages_async:
 * @cursor: (nullable): next_cursor of the page before; %NULL: the first page
 * @limit: about so many, up to AC_API_MAX_LIMIT
 *
 * Asks for some seconds of a search of the mailboxes.
 */
void
ac_api_find_messages_async (AcApi *api,
                            const AcMailQuery *query,
                            const char *cursor,
                            guint limit,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autofree char *parameters = NULL;
  g_autoptr (GString) path = g_string_new ("/messages?");

  g_return_if_fail (AC_IS_API (api));
  g_return_if_fail (query != NULL);

  parameters = ac_mail_query_to_parameters (query);
  g_string_append_printf (path, "%s%slimit=%u", parameters, *parameters != '\0' ? "&" : "", limit);
  ac_api_call_add (path, "cursor", cursor);
  ac_api_call_get (ac_api_call_new (api, read_found, (GDestroyNotify)ac_found_message_page_free,
                                    cancellable, callback, user_data),
                   path->str);
}

/**
 * ac_api_find_messages_finish:
 *
 * Returns: (transfer full): the page, or %NULL with an error.
 */
AcFoundMessagePage *
ac_api_find_messages_finish (AcApi *api, GAsyncResult *result, GError **error)
{
  return ac_api_call_finish (api, result, error);
}

/**
 * ac_api_propose_async:
 * @request: the body of POST /proposals
 * @idempotency_key: one for each intention of a person
 */
void
ac_api_propose_async (AcApi *api,
                      JsonObject *request,
                      const char *idempotency_key,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_return_if_fail (AC_IS_API (api));
  g_return_if_fail (request != NULL && idempotency_key != NULL);

  ac_api_call_post (ac_api_call_new (api, read_proposal, (GDestroyNotify)ac_proposal_answer_free,
                                     cancellable, callback, user_data),
                    "/proposals", request, idempotency_key);
}

/**
 * ac_api_propose_finish:
 *
 * Returns: (transfer full): what there is now, or %NULL with an error.
 */
AcProposalAnswer *
ac_api_propose_finish (AcApi *api, GAsyncResult *result, GError **error)
{
  return ac_api_call_finish (api, result, error);
}

/**
 * ac_api_submit_async:
 * @request: the body of POST /submissions
 * @idempotency_key: one for each intention of a person
 *
 * For ac_api_submission_finish().
 */
void
ac_api_submit_async (AcApi *api,
                     JsonObject *request,
                     const char *idempotency_key,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  g_return_if_fail (AC_IS_API (api));
  g_return_if_fail (request != NULL && idempotency_key != NULL);

  ac_api_call_post (
      ac_api_call_new (api, read_submission, g_object_unref, cancellable, callback, user_data),
      "/submissions", request, idempotency_key);
}

static char *
submission_path (const char *id, const char *end)
{
  g_autofree char *escaped = g_uri_escape_string (id, NULL, FALSE);

  return g_strconcat ("/submissions/", escaped, end, NULL);
}

/**
 * ac_api_judge_async:
 * @state: agreed or disagreed
 * @comment: (nullable): why
 *
 * For ac_api_submission_finish().
 */
void
ac_api_judge_async (AcApi *api,
                    const char *id,
                    const char *state,
                    const char *comment,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  g_autoptr (JsonObject) request = json_object_new ();
  g_autofree char *path = NULL;

  g_return_if_fail (AC_IS_API (api));
  g_return_if_fail (id != NULL && state != NULL);

  ac_json_set_string (request, "state", state);
  ac_json_set_string (request, "comment", comment);
  path = submission_path (id, "/result");
  ac_api_call_post (
      ac_api_call_new (api, read_submission, g_object_unref, cancellable, callback, user_data),
      path, request, NULL);
}

/**
 * ac_api_get_submission_async:
 *
 * For ac_api_submission_finish().
 */
void
ac_api_get_submission_async (AcApi *api,
                             const char *id,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autofree char *path = NULL;

  g_return_if_fail (AC_IS_API (api));
  g_return_if_fail (id != NULL);

  path = submission_path (id, "");
  ac_api_call_get (
      ac_api_call_new (api, read_submission, g_object_unref, cancellable, callback, user_data),
      path);
}

/**
 * ac_api_submission_finish:
 *
 * Returns: (transfer full): the submission as it is now, or %NULL with an error.
 */
AcSubmission *
ac_api_submission_finish (AcApi *api, GAsyncResult *result, GError **error)
{
  return ac_api_call_finish (api, result, error);
}

/**
 * ac_api_list_submissions_async:
 * @state: (nullable): only those in this state
 * @cursor: (nullable): next_cursor of the page before; %NULL: the first page
 * @limit: at most so many, up to AC_API_MAX_LIMIT
 */
void
ac_api_list_submissions_async (AcApi *api,
                               const char *state,
                               const char *cursor,
                               guint limit,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GString) path = g_string_new (NULL);

  g_return_if_fail (AC_IS_API (api));

  g_string_printf (path, "/submissions?limit=%u", limit);
  ac_api_call_add (path, "state", state);
  ac_api_call_add (path, "cursor", cursor);
  ac_api_call_get (ac_api_call_new (api, read_submission_page,
                                    (GDestroyNotify)ac_submission_page_free, cancellable, callback,
                                    user_data),
                   path->str);
}

/**
 * ac_api_list_submissions_finish:
 *
 * Returns: (transfer full): the page, or %NULL with an error.
 */
AcSubmissionPage *
ac_api_list_submissions_finish (AcApi *api, GAsyncResult *result, GError **error)
{
  return ac_api_call_finish (api, result, error);
}
