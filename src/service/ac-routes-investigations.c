/* SPDX-License-Identifier: GPL-3.0-or-later */
/* POST and GET /investigations, GET /investigations/{id} and its log. */
#include "config.h"

#include <string.h>

#include "service/ac-manual.h"
#include "service/ac-problems.h"
#include "service/ac-routes.h"

#define DAY (G_TIME_SPAN_DAY)

static const char *const no_parameters[] = { NULL };
static const char *const list_parameters[] = {
  "status",        "threat", "trigger", "q",      "createdAfter",
  "createdBefore", "sort",   "limit",   "cursor", NULL,
};
static const char *const log_parameters[] = { "status", "q", "limit", "cursor", NULL };

static const char *const sort_names[] = {
  [AC_INVESTIGATION_SORT_CREATED_AT] = "createdAt",
  [AC_INVESTIGATION_SORT_UPDATED_AT] = "updatedAt",
  [AC_INVESTIGATION_SORT_ID] = "id",
  [AC_INVESTIGATION_SORT_STATUS] = "status",
  [AC_INVESTIGATION_SORT_DETECTION_SOURCE] = "detectionSource",
  [AC_INVESTIGATION_SORT_TITLE] = "title",
  [AC_INVESTIGATION_SORT_MAILBOXES] = "mailboxCount",
  [AC_INVESTIGATION_SORT_THREATS] = "threatCount",
  [AC_INVESTIGATION_SORT_ACTIONS] = "actionCount",
  [AC_INVESTIGATION_SORT_DURATION] = "duration",
};

static gboolean
read_sort (AcRequest *request, AcInvestigationFilter *filter, AcProblem **problem)
{
  const char *value;
  const char *name;

  if (!ac_request_get_single (request, "sort", &value, problem))
    return FALSE;
  if (value == NULL)
    value = "-createdAt";
  name = *value == '-' ? value + 1 : value;
  for (guint i = 0; i < G_N_ELEMENTS (sort_names); i++)
    if (strcmp (sort_names[i], name) == 0)
      {
        filter->sort = (AcInvestigationSort)i;
        filter->descending = *value == '-';
        return TRUE;
      }
  *problem = ac_problem_new_for_key (
      400, AC_PROBLEM_INVALID_VALUE, "sort",
      "sort: “%s” is not createdAt, updatedAt, id, status, detectionSource, title, mailboxCount, "
      "threatCount, actionCount or duration, with “-” in front for descending.",
      value);
  return FALSE;
}

static AcInvestigationFilter *
read_filter (AcRequest *request, AcProblem **problem)
{
  g_autoptr (AcInvestigationFilter) filter = ac_investigation_filter_new ();
  const char *text;
  const char *cursor;

  if (!ac_request_check_query (request, list_parameters, problem) ||
      !ac_request_get_words (request, "status", AC_VOCABULARY_INVESTIGATION_STATUS,
                             &filter->statuses, problem) ||
      !read_sort (request, filter, problem) ||
      !ac_request_get_time (request, "createdAfter", &filter->created_after, problem) ||
      !ac_request_get_time (request, "createdBefore", &filter->created_before, problem) ||
      !ac_request_get_limit (request, &filter->limit, problem) ||
      !ac_request_get_single (request, "q", &text, problem) ||
      !ac_request_get_single (request, "cursor", &cursor, problem))
    return NULL;
  filter->threats = ac_request_get_all (request, "threat");
  filter->triggers = ac_request_get_all (request, "trigger");
  filter->text = g_strdup (text);
  filter->cursor = g_strdup (cursor);
  return g_steal_pointer (&filter);
}

/* A page of the investigations that the filters let through. */
AcResponse *
ac_routes_list_investigations (const AcRouteContext *context,
                               AcRequest *request,
                               AcProblem **problem)
{
  g_autoptr (AcInvestigationFilter) filter = read_filter (request, problem);
  g_autoptr (GError) error = NULL;
  JsonObject *page;

  if (filter == NULL)
    return NULL;
  page = ac_store_list_investigations (context->store, filter, &error);
  if (page != NULL)
    return ac_response_new_json (200, page);
  *problem = ac_problem_new_from_error (error);
  return NULL;
}

/* What the detector did, and what became of the actions, oldest first. */
AcResponse *
ac_routes_list_investigation_log (const AcRouteContext *context,
                                  AcRequest *request,
                                  AcProblem **problem)
{
  g_auto (GStrv) statuses = NULL;
  g_autoptr (GError) error = NULL;
  AcLogFilter filter = { 0 };
  const char *cursor;
  const char *text;
  JsonObject *page;

  if (!ac_request_check_query (request, log_parameters, problem) ||
      !ac_request_get_limit (request, &filter.limit, problem) ||
      !ac_request_get_single (request, "q", &text, problem) ||
      !ac_request_get_single (request, "cursor", &cursor, problem))
    return NULL;
  /* A detector's own words, so none is refused. */
  filter.statuses = statuses = ac_request_get_all (request, "status");
  filter.text = (char *)text;
  filter.cursor = (char *)cursor;
  page = ac_store_list_investigation_log (context->store, request->id, &filter, &error);
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
  if (ac_manual_is_reserved (ac_investigation_get_external_id (investigation)))
    {
      *problem = ac_problem_new_for_key (
          400, AC_PROBLEM_INVALID_VALUE, "externalId",
          "externalId: “%s” begins as the names of what people propose do; use another",
          ac_investigation_get_external_id (investigation));
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
