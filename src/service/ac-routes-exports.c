/* SPDX-License-Identifier: GPL-3.0-or-later */
/* POST /exports: a client says that it has written actions into a file, for the audit log. What a client
 * reads it may keep; that it says so is a matter between people, and the log shows who did. */
#include "config.h"

#include <string.h>

#include "service/ac-problems.h"
#include "service/ac-routes.h"

#define MOST_TEXT 4096

static const char *const no_parameters[] = { NULL };
static const char *const formats[] = { "csv", "json", "ocsf", NULL };

static const AcJsonMember members[] = {
  { "format", AC_JSON_TEXT, TRUE },
  { "count", AC_JSON_INTEGER, TRUE },
  { "filters", AC_JSON_STRING, FALSE },
};

static gboolean
check_values (JsonObject *object, AcProblem **problem)
{
  const char *format = ac_json_get_string (object, "format");
  const char *filters = ac_json_get_string (object, "filters");

  if (!g_strv_contains (formats, format))
    *problem = ac_problem_new_for_key (400, AC_PROBLEM_INVALID_VALUE, "format",
                                       "format: “%s” is none of csv, json, ocsf.", format);
  else if (ac_json_get_integer (object, "count", -1) < 0)
    *problem = ac_problem_new_for_key (400, AC_PROBLEM_INVALID_VALUE, "count",
                                       "count: must be a number of actions, 0 or more.");
  else if (filters != NULL && strlen (filters) > MOST_TEXT)
    *problem = ac_problem_new_for_key (400, AC_PROBLEM_INVALID_VALUE, "filters",
                                       "filters: has %" G_GSIZE_FORMAT
                                       " bytes; %d are kept. Shorten it.",
                                       strlen (filters), MOST_TEXT);
  else
    return TRUE;
  return FALSE;
}

AcResponse *
ac_routes_post_export (const AcRouteContext *context, AcRequest *request, AcProblem **problem)
{
  AcActor actor = ac_request_get_actor (request);
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *body = NULL;
  g_autofree char *words = NULL;
  JsonObject *object;
  JsonObject *answer;
  const char *filters;
  const char *key;

  if (!ac_request_check_query (request, no_parameters, problem) ||
      (key = ac_request_get_idempotency_key (request, problem)) == NULL ||
      (object = ac_request_parse_object (request, &root, problem)) == NULL)
    return NULL;
  if (!ac_json_check (object, members, G_N_ELEMENTS (members), AC_JSON_STRICT, NULL, &error))
    {
      *problem = ac_problem_new_from_error (error);
      return NULL;
    }
  if (!check_values (object, problem))
    return NULL;
  filters = ac_json_get_string (object, "filters");
  words =
      g_strdup_printf ("%s, %" G_GINT64_FORMAT ": %s", ac_json_get_string (object, "format"),
                       ac_json_get_integer (object, "count", 0), filters != NULL ? filters : "all");
  body = ac_json_canonical (root);
  if (!ac_store_audit_export (context->store, &actor, key, body, words, &error))
    {
      *problem = ac_problem_new_from_error (error);
      return NULL;
    }
  answer = json_object_new ();
  json_object_set_boolean_member (answer, "noted", TRUE);
  return ac_response_new_json (201, answer);
}
