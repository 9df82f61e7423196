/* SPDX-License-Identifier: GPL-3.0-or-later */
/* POST and GET /submissions, GET /submissions/{id}, POST /submissions/{id}/result. */
#include "config.h"

#include <string.h>

#include "model/ac-time.h"
#include "responders/ac-url.h"
#include "service/ac-manual.h"
#include "service/ac-problems.h"
#include "service/ac-text-limits.h"

/* The proxies read a URL as it is clicked; DNS would block the whole name. */
#define POINT "proxy"

static const char *const no_parameters[] = { NULL };
static const char *const list_parameters[] = { "state", "assessment", "actionId",
                                               "limit", "cursor",     NULL };

static const AcJsonMember result_members[] = {
  { "state", AC_JSON_ENUM, TRUE, AC_VOCABULARY_SUBMISSION_STATE },
  { "comment", AC_JSON_STRING, FALSE },
};

static char *
url_key (const char *text, GError **error)
{
  g_autoptr (AcUrl) url = strstr (text, "://") != NULL ? ac_url_parse (text, -1, error)
                                                       : ac_url_parse_typed (text, error);

  return url != NULL ? ac_url_to_key (url, TRUE) : NULL;
}

/* Whether an action in this status blocks its URL, or is about to. */
static gboolean
blocks (const char *status)
{
  switch (ac_status_parse (status))
    {
    case AC_STATUS_QUEUED:
    case AC_STATUS_RUNNING:
    case AC_STATUS_COMPLETED:
    case AC_STATUS_PARTLY_COMPLETED:
    case AC_STATUS_UNDO_FAILED:
      return TRUE;
    case AC_STATUS_UNKNOWN:
    case AC_STATUS_PENDING:
    case AC_STATUS_FAILED:
    case AC_STATUS_UNDO_QUEUED:
    case AC_STATUS_UNDOING:
    case AC_STATUS_UNDONE:
    case AC_STATUS_REJECTED:
    case AC_STATUS_EXPIRED:
    case AC_STATUS_CANCELLED:
    default:
      return FALSE;
    }
}

/* The id of an action that blocks the same URL. (Blocks of its whole host are not looked for.) */
static char *
find_block (const AcRouteContext *context, const char *key)
{
  g_autoptr (AcActionFilter) filter = ac_action_filter_new ();
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (JsonNode) root = NULL;
  JsonArray *items;

  filter->types =
      g_strdupv ((char *[]){ (char *)ac_action_type_wire (AC_ACTION_TYPE_BLOCK_URL), NULL });
  filter->text = g_strndup (key, strcspn (key, "/?"));
  filter->limit = 1000;
  bytes = ac_store_list_actions (context->store, filter, NULL);
  root = bytes != NULL ? ac_json_parse (bytes, NULL) : NULL;
  if (root == NULL)
    return NULL;
  items = ac_json_get_array (json_node_get_object (root), "items");
  for (guint i = 0; i < json_array_get_length (items); i++)
    {
      JsonObject *action = json_array_get_object_element (items, i);
      JsonObject *entity = ac_json_get_object (action, "entity");
      const char *url = ac_json_get_string (entity, "url");
      g_autofree char *other = url != NULL ? url_key (url, NULL) : NULL;

      if (g_strcmp0 (other, key) == 0 && blocks (ac_json_get_string (action, "status")))
        return g_strdup (ac_json_get_string (action, "id"));
    }
  return NULL;
}

static JsonObject *
block_proposal (AcSubmission *submission)
{
  AcEntity *subject = ac_submission_get_entity (submission);
  JsonObject *action = json_object_new ();
  JsonObject *entity = json_object_new ();

  ac_json_set_string (entity, "type", ac_entity_type_wire (AC_ENTITY_TYPE_URL));
  ac_json_set_string (entity, "url", ac_entity_get_string (subject, "url"));
  ac_json_set_string (entity, "scope", ac_url_scope_wire (AC_URL_SCOPE_URL));
  ac_json_set_time (entity, "expiresAt", ac_submission_get_entry_expires_at (submission));
  ac_json_set_strings (entity, "threats",
                       (const char *[]){ ac_submission_get_category (submission), NULL });
  ac_json_set_string (action, "type", ac_action_type_wire (AC_ACTION_TYPE_BLOCK_URL));
  ac_json_set_string (action, "verdict",
                      ac_vocabulary_wire (AC_VOCABULARY_VERDICT, AC_VERDICT_MALICIOUS));
  ac_json_set_string (action, "reason", ac_submission_get_comment (submission));
  json_object_set_object_member (action, "entity", entity);
  ac_json_set_strings (action, "assets", (const char *[]){ POINT, NULL });
  return action;
}

/* Who may decide blocks at once; for others the block waits for somebody who may. The end of a
 * block is part of the action, so the same request must name the same end when it is sent again: it
 * is proposed under the time of the first. */
static char *
block (const AcRouteContext *context,
       AcRequest *request,
       const char *key,
       AcSubmission *submission,
       AcProblem **problem)
{
  g_autofree char *own_key = g_strconcat ("submission ", key, NULL);
  g_autofree char *name =
      g_strdup_printf ("Reported as %s: %s", ac_submission_get_category (submission),
                       ac_entity_get_summary (ac_submission_get_entity (submission)));
  g_auto (AcManualMade) made = { 0 };
  g_autoptr (JsonArray) actions = json_array_new ();
  AcManual manual = { .key = own_key,
                      .name = name,
                      .description = ac_submission_get_comment (submission),
                      .comment = ac_submission_get_comment (submission),
                      .actions = actions,
                      .take = ac_role_may_decide (request->role, AC_ACTION_TYPE_BLOCK_URL) &&
                              !ac_store_get_second_person (context->store) };
  JsonArray *list;

  json_array_add_object_element (actions, block_proposal (submission));
  if (!ac_manual_propose (context, request, &manual, &made, problem))
    return NULL;
  list = ac_json_get_array (made.investigation, "actions");
  return g_strdup (ac_json_get_string (json_array_get_object_element (list, 0), "id"));
}

/* What an entry means now, for a person. */
static void
add_note (const AcRouteContext *context, JsonObject *object)
{
  const char *entry = ac_json_get_string (object, "entry");
  JsonObject *entity = ac_json_get_object (object, "entity");
  const char *url = entity != NULL ? ac_json_get_string (entity, "url") : NULL;
  g_autofree char *key = entry != NULL && url != NULL ? url_key (url, NULL) : NULL;
  g_autofree char *words = NULL;
  g_autofree char *action = NULL;

  if (key == NULL)
    return;
  action = find_block (context, key);
  if (ac_vocabulary_parse (AC_VOCABULARY_LIST_ENTRY, entry) == AC_LIST_ENTRY_ALLOW)
    {
      if (action != NULL)
        words = g_strdup_printf ("The URL is still blocked by the action %s, and a block wins over "
                                 "an allowance. Undo that action to let the URL through.",
                                 action);
      else if (ac_json_get_time (object, "entryExpiresAt") <= ac_time_now ())
        words = g_strdup ("The allowance has ended.");
      else
        words =
            g_strdup ("Nothing blocks the URL now. A block that comes later wins, and says that "
                      "the URL was allowed.");
    }
  else if (action == NULL)
    words = g_strdup ("The URL is not blocked now: the action waits for a decision, was undone, or "
                      "has not succeeded.");
  ac_json_set_string (object, "entryNote", words);
}

static AcResponse *
answer (const AcRouteContext *context, guint status, JsonObject *object)
{
  g_autofree char *location =
      g_strconcat (AC_API_BASE "/submissions/", ac_json_get_string (object, "id"), NULL);
  AcResponse *response;

  add_note (context, object);
  response = ac_response_new_json (status, object);
  if (status == 201)
    ac_response_add_header (response, "Location", location);
  return response;
}

static AcResponse *
submit (const AcRouteContext *context,
        AcRequest *request,
        const char *key,
        AcSubmission *submission,
        AcProblem **problem)
{
  AcActor actor = ac_request_get_actor (request);
  AcListEntry entry = (AcListEntry)ac_vocabulary_parse (AC_VOCABULARY_LIST_ENTRY,
                                                        ac_submission_get_entry (submission));
  const char *url = ac_entity_get_string (ac_submission_get_entity (submission), "url");
  g_autofree char *entry_key = NULL;
  g_autofree char *action = NULL;
  g_autoptr (GError) error = NULL;
  JsonObject *object;

  object = ac_store_find_submission (context->store, submission, key, &actor, &error);
  if (object != NULL)
    return answer (context, 201, object);
  if (error == NULL && entry != AC_LIST_ENTRY_UNKNOWN)
    {
      entry_key = url_key (url, &error);
      if (entry_key == NULL)
        {
          *problem = ac_problem_new_for_key (400, AC_PROBLEM_INVALID_VALUE, "entity.url",
                                             "entity.url: only a URL of the web can be allowed or "
                                             "blocked. %s",
                                             error->message);
          return NULL;
        }
    }
  if (error == NULL && entry == AC_LIST_ENTRY_BLOCK)
    {
      action = block (context, request, key, submission, problem);
      if (action == NULL)
        return NULL;
    }
  if (error == NULL)
    object = ac_store_add_submission (context->store, submission, key, entry_key, action, &actor,
                                      &error);
  if (object != NULL)
    return answer (context, 201, object);
  *problem = ac_problem_new_from_error (error);
  return NULL;
}

/* A person reports. */
AcResponse *
ac_routes_post_submission (const AcRouteContext *context, AcRequest *request, AcProblem **problem)
{
  g_autoptr (AcSubmission) submission = NULL;
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GError) error = NULL;
  JsonObject *object;
  const char *key;

  if (!ac_request_check_query (request, no_parameters, problem) ||
      (key = ac_request_get_idempotency_key (request, problem)) == NULL ||
      (object = ac_request_parse_object (request, &root, problem)) == NULL)
    return NULL;
  submission = ac_submission_new_from_request (object, ac_time_now (), &error);
  if (submission == NULL)
    {
      *problem = ac_problem_new_from_error (error);
      return NULL;
    }
  if (!ac_text_limits_check (object, problem))
    return NULL;
  return submit (context, request, key, submission, problem);
}

AcResponse *
ac_routes_list_submissions (const AcRouteContext *context, AcRequest *request, AcProblem **problem)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) states = NULL;
  g_auto (GStrv) assessments = NULL;
  g_auto (GStrv) action_ids = NULL;
  AcSubmissionFilter filter;
  const char *cursor;
  JsonObject *page;
  guint limit;

  if (!ac_request_check_query (request, list_parameters, problem) ||
      !ac_request_get_words (request, "state", AC_VOCABULARY_SUBMISSION_STATE, &states, problem) ||
      !ac_request_get_words (request, "assessment", AC_VOCABULARY_ASSESSMENT, &assessments,
                             problem) ||
      !ac_request_get_limit (request, &limit, problem) ||
      !ac_request_get_single (request, "cursor", &cursor, problem))
    return NULL;
  action_ids = ac_request_get_all (request, "actionId");
  filter = (AcSubmissionFilter){ states, assessments, action_ids };
  page = ac_store_list_submissions (context->store, &filter, limit, cursor, &error);
  if (page != NULL)
    return ac_response_new_json (200, page);
  *problem = ac_problem_new_from_error (error);
  return NULL;
}

/* With what its entry means now. */
AcResponse *
ac_routes_get_submission (const AcRouteContext *context, AcRequest *request, AcProblem **problem)
{
  g_autoptr (GError) error = NULL;
  JsonObject *object;

  if (!ac_request_check_query (request, no_parameters, problem))
    return NULL;
  object = ac_store_get_submission (context->store, request->id, &error);
  if (object != NULL)
    return answer (context, 200, object);
  *problem = ac_problem_new_from_error (error);
  return NULL;
}

/* An administrator says what came of it. */
AcResponse *
ac_routes_post_submission_result (const AcRouteContext *context,
                                  AcRequest *request,
                                  AcProblem **problem)
{
  AcActor actor = ac_request_get_actor (request);
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GError) error = NULL;
  JsonObject *body;
  JsonObject *object;
  const char *state;

  if (!ac_request_check_query (request, no_parameters, problem) ||
      ac_request_get_idempotency_key (request, problem) == NULL ||
      (body = ac_request_parse_object (request, &root, problem)) == NULL)
    return NULL;
  if (!ac_json_check (body, result_members, G_N_ELEMENTS (result_members), AC_JSON_STRICT, NULL,
                      &error))
    {
      *problem = ac_problem_new_from_error (error);
      return NULL;
    }
  if (!ac_text_limits_check (body, problem))
    return NULL;
  state = ac_json_get_string (body, "state");
  if (ac_vocabulary_parse (AC_VOCABULARY_SUBMISSION_STATE, state) == AC_SUBMISSION_STATE_PENDING)
    {
      *problem = ac_problem_new_for_key (400, AC_PROBLEM_INVALID_VALUE, "state",
                                         "state: a result is agreed or disagreed.");
      return NULL;
    }
  object = ac_store_judge_submission (context->store, request->id, state,
                                      ac_json_get_string (body, "comment"), &actor, &error);
  if (object != NULL)
    return answer (context, 200, object);
  *problem = ac_problem_new_from_error (error);
  return NULL;
}
