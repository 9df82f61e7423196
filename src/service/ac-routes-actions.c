/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GET /actions, GET /actions/{id} and GET /actions/{id}/instances. */
#include "config.h"

#include <string.h>

#include "service/ac-problems.h"
#include "service/ac-routes.h"

static const char *const no_parameters[] = { NULL };
static const char *const instances_parameters[] = { "limit", NULL };
static const char *const list_parameters[] = {
  "status",
  "type",
  "entityType",
  "verdict",
  "source",
  "decidedBy",
  "decision",
  "undoState",
  "investigationId",
  "asset",
  "operationId",
  "id",
  "q",
  "sort",
  "limit",
  "cursor",
  "fields",
  "createdAfter",
  "createdBefore",
  "updatedAfter",
  "updatedBefore",
  NULL,
};
/* Those of a list that say which actions, and what is asked of them. */
static const char *const values_parameters[] = {
  "status",   "type",         "entityType",      "verdict",      "source",        "decidedBy",
  "decision", "undoState",    "investigationId", "asset",        "operationId",   "id",
  "q",        "createdAfter", "createdBefore",   "updatedAfter", "updatedBefore", "field",
  "contains", NULL,
};

static const char *const member_names[] = {
  [AC_VALUES_STATUS] = "status",
  [AC_VALUES_TYPE] = "type",
  [AC_VALUES_VERDICT] = "verdict",
  [AC_VALUES_SOURCE] = "source",
  [AC_VALUES_ENTITY_TYPE] = "entityType",
  [AC_VALUES_DECIDED_BY] = "decidedBy",
  [AC_VALUES_DECISION] = "decision",
  [AC_VALUES_UNDO_STATE] = "undoState",
  [AC_VALUES_INVESTIGATION] = "investigationId",
  [AC_VALUES_OPERATION] = "operationId",
  [AC_VALUES_ASSET] = "asset",
};

static const char *const sort_names[] = {
  [AC_SORT_UPDATED_AT] = "updatedAt",
  [AC_SORT_CREATED_AT] = "createdAt",
  [AC_SORT_TYPE] = "type",
  [AC_SORT_DETAILS] = "details",
  [AC_SORT_ENTITY_TYPE] = "entityType",
  [AC_SORT_ASSET] = "asset",
  [AC_SORT_VERDICT] = "verdict",
  [AC_SORT_SOURCE] = "source",
  [AC_SORT_DECIDED_BY] = "decidedBy",
  [AC_SORT_STATUS] = "status",
  [AC_SORT_DECISION] = "decision",
  [AC_SORT_UNDO_STATE] = "undoState",
  [AC_SORT_INVESTIGATION] = "investigationId",
  [AC_SORT_OPERATION] = "operationId",
  [AC_SORT_EXPIRES_AT] = "expiresAt",
};

static gboolean
read_sort (AcRequest *request, AcActionFilter *filter, AcProblem **problem)
{
  const char *value;
  const char *name;

  if (!ac_request_get_single (request, "sort", &value, problem))
    return FALSE;
  if (value == NULL)
    value = "-updatedAt";
  name = *value == '-' ? value + 1 : value;
  for (guint i = 0; i < G_N_ELEMENTS (sort_names); i++)
    if (strcmp (sort_names[i], name) == 0)
      {
        filter->sort = (AcSortColumn)i;
        filter->descending = *value == '-';
        return TRUE;
      }
  *problem = ac_problem_new_for_key (
      400, AC_PROBLEM_INVALID_VALUE, "sort",
      "sort: “%s” is not updatedAt, createdAt, type, details, entityType, asset, verdict, source, "
      "decidedBy, status, decision, undoState, investigationId, operationId or expiresAt, with “-” "
      "in front for descending.",
      value);
  return FALSE;
}

static gboolean
read_fields (AcRequest *request, AcActionFilter *filter, AcProblem **problem)
{
  const char *value;

  if (!ac_request_get_single (request, "fields", &value, problem))
    return FALSE;
  filter->ids_only = g_strcmp0 (value, "id") == 0;
  if (value == NULL || filter->ids_only)
    return TRUE;
  *problem = ac_problem_new_for_key (400, AC_PROBLEM_INVALID_VALUE, "fields",
                                     "fields: only “id” can be asked for, not “%s”.", value);
  return FALSE;
}

static gboolean
read_words (AcRequest *request, AcActionFilter *filter, AcProblem **problem)
{
  filter->ids = ac_request_get_all (request, "id");
  filter->decided_by = ac_request_get_all (request, "decidedBy");
  filter->investigation_ids = ac_request_get_all (request, "investigationId");
  filter->operation_ids = ac_request_get_all (request, "operationId");
  filter->assets = ac_request_get_all (request, "asset");
  return ac_request_get_words (request, "status", AC_VOCABULARY_STATUS, &filter->statuses,
                               problem) &&
         ac_request_get_words (request, "type", AC_VOCABULARY_ACTION_TYPE, &filter->types,
                               problem) &&
         ac_request_get_words (request, "entityType", AC_VOCABULARY_ENTITY_TYPE,
                               &filter->entity_types, problem) &&
         ac_request_get_words (request, "verdict", AC_VOCABULARY_VERDICT, &filter->verdicts,
                               problem) &&
         ac_request_get_words (request, "source", AC_VOCABULARY_SOURCE, &filter->sources,
                               problem) &&
         ac_request_get_words (request, "decision", AC_VOCABULARY_DECISION, &filter->decisions,
                               problem) &&
         ac_request_get_words (request, "undoState", AC_VOCABULARY_UNDO_STATE, &filter->undo_states,
                               problem);
}

/* Which actions, without order and page. */
static AcActionFilter *
read_which (AcRequest *request, const char *const *parameters, AcProblem **problem)
{
  g_autoptr (AcActionFilter) filter = ac_action_filter_new ();
  const char *text;

  if (!ac_request_check_query (request, parameters, problem) ||
      !read_words (request, filter, problem) ||
      !ac_request_get_time (request, "createdAfter", &filter->created_after, problem) ||
      !ac_request_get_time (request, "createdBefore", &filter->created_before, problem) ||
      !ac_request_get_time (request, "updatedAfter", &filter->updated_after, problem) ||
      !ac_request_get_time (request, "updatedBefore", &filter->updated_before, problem) ||
      !ac_request_get_single (request, "q", &text, problem))
    return NULL;
  filter->text = g_strdup (text);
  return g_steal_pointer (&filter);
}

static AcActionFilter *
read_filter (AcRequest *request, AcProblem **problem)
{
  g_autoptr (AcActionFilter) filter = read_which (request, list_parameters, problem);
  const char *cursor;

  if (filter == NULL || !read_sort (request, filter, problem) ||
      !read_fields (request, filter, problem) ||
      !ac_request_get_limit (request, &filter->limit, problem) ||
      !ac_request_get_single (request, "cursor", &cursor, problem))
    return NULL;
  filter->cursor = g_strdup (cursor);
  return g_steal_pointer (&filter);
}

/* A page of the actions that the filters let through. */
AcResponse *
ac_routes_list_actions (const AcRouteContext *context, AcRequest *request, AcProblem **problem)
{
  g_autoptr (AcActionFilter) filter = read_filter (request, problem);
  g_autoptr (GError) error = NULL;
  GBytes *page;

  if (filter == NULL)
    return NULL;
  page = ac_store_list_actions (context->store, filter, &error);
  if (page != NULL)
    return ac_response_new_text (200, page);
  *problem = ac_problem_new_from_error (error);
  return NULL;
}

static gboolean
read_member (AcRequest *request, AcValuesMember *member, AcProblem **problem)
{
  const char *value;

  if (!ac_request_get_single (request, "field", &value, problem))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (member_names); i++)
    if (g_strcmp0 (member_names[i], value) == 0)
      {
        *member = (AcValuesMember)i;
        return TRUE;
      }
  *problem = ac_problem_new_for_key (400, AC_PROBLEM_INVALID_VALUE, "field",
                                     "field: it must be status, type, verdict, source, entityType, "
                                     "decidedBy, decision, undoState, "
                                     "investigationId, operationId or asset, not “%s”.",
                                     value != NULL ? value : "");
  return FALSE;
}

/* What a member of those actions is, and how often. */
AcResponse *
ac_routes_list_values (const AcRouteContext *context, AcRequest *request, AcProblem **problem)
{
  g_autoptr (AcActionFilter) filter = read_which (request, values_parameters, problem);
  g_autoptr (GError) error = NULL;
  const char *contains;
  AcValuesMember member;
  GBytes *values;

  if (filter == NULL || !read_member (request, &member, problem) ||
      !ac_request_get_single (request, "contains", &contains, problem))
    return NULL;
  values = ac_store_list_values (context->store, filter, member, contains, &error);
  if (values != NULL)
    return ac_response_new_text (200, values);
  *problem = ac_problem_new_from_error (error);
  return NULL;
}

/* If-None-Match (RFC 9110 §13.1.2): a list of tags, or "*". */
static gboolean
matches_tag (const char *if_none_match, const char *tag)
{
  g_auto (GStrv) tags = NULL;

  if (if_none_match == NULL)
    return FALSE;
  tags = g_strsplit (if_none_match, ",", -1);
  for (char **candidate = tags; *candidate != NULL; candidate++)
    {
      const char *text = g_strstrip (*candidate);

      if (g_str_has_prefix (text, "W/"))
        text += strlen ("W/");
      if (strcmp (text, "*") == 0 || strcmp (text, tag) == 0)
        return TRUE;
    }
  return FALSE;
}

/* One action with its timeline. */
AcResponse *
ac_routes_get_action (const AcRouteContext *context, AcRequest *request, AcProblem **problem)
{
  g_autoptr (JsonObject) action = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *tag = NULL;
  AcResponse *response;

  if (!ac_request_check_query (request, no_parameters, problem))
    return NULL;
  action = ac_store_get_action (context->store, request->id, &error);
  if (action == NULL)
    {
      *problem = ac_problem_new_from_error (error);
      return NULL;
    }
  tag = g_strdup_printf ("\"%" G_GINT64_FORMAT "\"", ac_json_get_integer (action, "version", 0));
  if (matches_tag (ac_request_get_header (request, "If-None-Match"), tag))
    response = ac_response_new (304);
  else
    response = ac_response_new_json (200, g_steal_pointer (&action));
  ac_response_add_header (response, "ETag", tag);
  return response;
}

/* The other actions on the same file that can be undone now. */
AcResponse *
ac_routes_list_instances (const AcRouteContext *context, AcRequest *request, AcProblem **problem)
{
  g_autoptr (GError) error = NULL;
  JsonObject *page;
  guint limit;

  if (!ac_request_check_query (request, instances_parameters, problem) ||
      !ac_request_get_limit (request, &limit, problem))
    return NULL;
  page = ac_store_list_instances (context->store, request->id, limit, &error);
  if (page != NULL)
    return ac_response_new_json (200, page);
  *problem = ac_problem_new_from_error (error);
  return NULL;
}
