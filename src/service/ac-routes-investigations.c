/* SPDX-License-Identifier: GPL-3.0-or-later */
/* POST and GET /investigations, GET /investigations/{id}. */
#include "config.h"

#include "service/ac-problems.h"
#include "service/ac-routes.h"

#define DAY (G_TIME_SPAN_DAY)

static const char *const no_parameters[] = { NULL };
static const char *const list_parameters[] = { "limit", "cursor", NULL };

AcResponse *
ac_routes_list_investigations (const AcRouteContext *context,
                               AcRequest *request,
                               AcProblem **problem)
{
  g_autoptr (GError) error = NULL;
  const char *cursor;
  JsonObject *page;
  guint limit;

  if (!ac_request_check_query (request, list_parameters, problem) ||
      !ac_request_get_limit (request, &limit, problem) ||
      !ac_request_get_single (request, "cursor", &cursor, problem))
    return NULL;
  page = ac_store_list_investigations (context->store, limit, cursor, &error);
  if (page != NULL)
    return ac_response_new_json (200, page);
  *problem = ac_problem_new_from_error (error);
  return NULL;
}

/* With its evidence and all its actions. */
AcResponse *
ac_routes_get_investigation (const AcRouteContext *context, AcRequest *request, AcProblem **problem)
{
  g_autoptr (GError) error = NULL;
  JsonObject *investigation;

  if (!ac_request_check_query (request, no_parameters, problem))
    return NULL;
  investigation = ac_store_get_investigation (context->store, request->id, &error);
  if (investigation != NULL)
    return ac_response_new_json (200, investigation);
  *problem = ac_problem_new_from_error (error);
  return NULL;
}

/* A detector reports, or reports again: its externalId makes the request idempotent by itself, so
 * the Idempotency-Key is only asked for, as with every POST. */
AcResponse *
ac_routes_post_investigation (const AcRouteContext *context,
                              AcRequest *request,
                              AcProblem **problem)
{
  AcActor actor = ac_request_get_actor (request);
  g_autoptr (AcInvestigation) investigation = NULL;
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *location = NULL;
  JsonObject *object;
  JsonObject *stored;
  AcResponse *response;
  gboolean created = FALSE;

  if (!ac_request_check_query (request, no_parameters, problem) ||
      ac_request_get_idempotency_key (request, problem) == NULL)
    return NULL;
  object = ac_request_parse_object (request, &root, problem);
  if (object == NULL)
    return NULL;
  investigation = ac_investigation_new_from_request (object, &error);
  if (investigation == NULL)
    {
      *problem = ac_problem_new_from_error (error);
      return NULL;
    }
  stored =
      ac_store_put_investigation (context->store, investigation, &actor,
                                  context->config->action_lifetime_days * DAY, &created, &error);
  if (stored == NULL)
    {
      *problem = ac_problem_new_from_error (error);
      return NULL;
    }
  location = g_strconcat (AC_API_BASE "/investigations/", ac_json_get_string (stored, "id"), NULL);
  response = ac_response_new_json (created ? 201 : 200, stored);
  ac_response_add_header (response, "Location", location);
  return response;
}
