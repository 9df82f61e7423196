/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GET and POST /operations, GET and DELETE /operations/{id}. */
#include "config.h"

#include <string.h>

#include "service/ac-problems.h"
#include "service/ac-rights.h"
#include "service/ac-routes.h"

static const char *const no_parameters[] = { NULL };
static const char *const get_parameters[] = { "items", NULL };
static const char *const list_parameters[] = { "status", "limit", NULL };

/* The model says what is wrong with the body; which key that is depends on how many ids there are.
 */
static AcProblem *
problem_from_request_error (JsonObject *object, const GError *error)
{
  JsonArray *ids = ac_json_get_array (object, "actionIds");
  g_autofree char *member = ac_model_error_member (error);

  if (g_error_matches (error, AC_MODEL_ERROR, AC_MODEL_ERROR_OUT_OF_RANGE) &&
      g_strcmp0 (member, "actionIds") == 0 && ids != NULL &&
      json_array_get_length (ids) > AC_OPERATION_MAX_ACTIONS)
    return ac_problem_new_for_key (422, AC_PROBLEM_TOO_MANY_ACTIONS, member, "%s", error->message);
  return ac_problem_new_from_error (error);
}

/* A person decides. What this acknowledges is on disk. */
AcResponse *
ac_routes_post_operation (const AcRouteContext *context, AcRequest *request, AcProblem **problem)
{
  AcActor actor = ac_request_get_actor (request);
  g_autoptr (AcOperationRequest) decision = NULL;
  g_autoptr (AcProblem) conflict = NULL;
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *location = NULL;
  g_autofree char *id = NULL;
  JsonObject *object;
  GBytes *operation;
  AcResponse *response;
  const char *key;

  if (!ac_request_check_query (request, no_parameters, problem))
    return NULL;
  key = ac_request_get_idempotency_key (request, problem);
  if (key == NULL)
    return NULL;
  object = ac_request_parse_object (request, &root, problem);
  if (object == NULL)
    return NULL;
  decision = ac_operation_request_new_from_json (object, &error);
  if (decision == NULL)
    {
      *problem = problem_from_request_error (object, error);
      return NULL;
    }
  if (!ac_rights_check_actions (context, request, (const char *const *)decision->action_ids,
                                problem))
    return NULL;
  operation = ac_store_submit_operation (context->store, decision, key, &actor, &id, NULL,
                                         &conflict, &error);
  if (operation == NULL)
    {
      *problem = conflict != NULL ? g_steal_pointer (&conflict) : ac_problem_new_from_error (error);
      return NULL;
    }
  location = g_strconcat (AC_API_BASE "/operations/", id, NULL);
  response = ac_response_new_text (202, operation);
  ac_response_add_header (response, "Location", location);
  return response;
}

/* How far it has come; items=false leaves the single actions out. */
AcResponse *
ac_routes_get_operation (const AcRouteContext *context, AcRequest *request, AcProblem **problem)
{
  g_autoptr (GError) error = NULL;
  const char *items;
  GBytes *operation;

  if (!ac_request_check_query (request, get_parameters, problem) ||
      !ac_request_get_single (request, "items", &items, problem))
    return NULL;
  if (items != NULL && strcmp (items, "true") != 0 && strcmp (items, "false") != 0)
    {
      *problem = ac_problem_new_for_key (400, AC_PROBLEM_INVALID_VALUE, "items",
                                         "items: must be true or false, not “%s”.", items);
      return NULL;
    }
  operation =
      ac_store_get_operation (context->store, request->id, g_strcmp0 (items, "false") != 0, &error);
  if (operation != NULL)
    return ac_response_new_text (200, operation);
  *problem = ac_problem_new_from_error (error);
  return NULL;
}

/* Takes back what of it has not begun. */
AcResponse *
ac_routes_delete_operation (const AcRouteContext *context, AcRequest *request, AcProblem **problem)
{
  AcActor actor = ac_request_get_actor (request);
  g_autoptr (GError) error = NULL;
  JsonObject *operation;

  if (!ac_request_check_query (request, no_parameters, problem) ||
      !ac_rights_check_operation (context, request, problem))
    return NULL;
  operation = ac_store_take_back_operation (context->store, request->id, &actor, &error);
  if (operation != NULL)
    return ac_response_new_json (200, operation);
  *problem = ac_problem_new_from_error (error);
  return NULL;
}

/* What is under way, and what was decided last. */
AcResponse *
ac_routes_list_operations (const AcRouteContext *context, AcRequest *request, AcProblem **problem)
{
  g_autoptr (GError) error = NULL;
  const char *status;
  JsonObject *page;
  guint limit;

  if (!ac_request_check_query (request, list_parameters, problem) ||
      !ac_request_get_limit (request, &limit, problem) ||
      !ac_request_get_single (request, "status", &status, problem))
    return NULL;
  if (status != NULL && strcmp (status, "running") != 0)
    {
      *problem =
          ac_problem_new_for_key (400, AC_PROBLEM_INVALID_VALUE, "status",
                                  "status: only “running” can be asked for, not “%s”.", status);
      return NULL;
    }
  page = ac_store_list_operations (context->store, status != NULL, limit, &error);
  if (page != NULL)
    return ac_response_new_json (200, page);
  *problem = ac_problem_new_from_error (error);
  return NULL;
}
