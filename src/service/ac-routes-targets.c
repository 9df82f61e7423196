/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GET /actions/{id}/targets and POST /actions/{id}/looks. */
#include "config.h"

#include <string.h>

#include "service/ac-problems.h"
#include "service/ac-rights.h"
#include "service/ac-routes.h"

/* Of a message that nothing was done to yet; the other words are those of the vocabulary. */
#define OPEN "open"

static const char *const no_parameters[] = { NULL };
static const char *const list_parameters[] = { "outcome", "mailbox", "limit", "cursor", NULL };

static gboolean
check_outcomes (const GStrv outcomes, AcProblem **problem)
{
  for (char **outcome = outcomes; outcome != NULL && *outcome != NULL; outcome++)
    if (strcmp (*outcome, OPEN) != 0 && ac_outcome_parse (*outcome) == AC_OUTCOME_UNKNOWN)
      {
        g_autofree char *words = ac_vocabulary_list (AC_VOCABULARY_OUTCOME);

        *problem =
            ac_problem_new_for_key (400, AC_PROBLEM_INVALID_VALUE, "outcome",
                                    "outcome: “%s” is none of %s, %s.", *outcome, OPEN, words);
        return FALSE;
      }
  return TRUE;
}

/* The messages that the action is about, one by one, with what came of them. */
AcResponse *
ac_routes_list_targets (const AcRouteContext *context, AcRequest *request, AcProblem **problem)
{
  g_auto (GStrv) outcomes = NULL;
  g_auto (GStrv) mailboxes = NULL;
  g_autoptr (GError) error = NULL;
  AcTargetFilter filter = { 0 };
  const char *cursor;
  JsonObject *page;

  if (!ac_request_check_query (request, list_parameters, problem) ||
      !ac_request_get_limit (request, &filter.limit, problem) ||
      !ac_request_get_single (request, "cursor", &cursor, problem))
    return NULL;
  outcomes = ac_request_get_all (request, "outcome");
  mailboxes = ac_request_get_all (request, "mailbox");
  if (!check_outcomes (outcomes, problem))
    return NULL;
  filter.outcomes = outcomes;
  filter.mailboxes = mailboxes;
  filter.cursor = (char *)cursor;
  page = ac_store_list_targets (context->store, request->id, &filter, &error);
  if (page != NULL)
    return ac_response_new_json (200, page);
  *problem = ac_problem_new_from_error (error);
  return NULL;
}

/* Has the messages counted anew. To ask twice is to ask once, so the Idempotency-Key is only asked
 * for, as with every POST. */
AcResponse *
ac_routes_post_look (const AcRouteContext *context, AcRequest *request, AcProblem **problem)
{
  AcActor actor = ac_request_get_actor (request);
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GError) error = NULL;
  JsonObject *object;
  JsonObject *answer;

  if (!ac_request_check_query (request, no_parameters, problem) ||
      ac_request_get_idempotency_key (request, problem) == NULL ||
      (object = ac_request_parse_object (request, &root, problem)) == NULL ||
      !ac_rights_check_actions (context, request, (const char *[]){ request->id, NULL }, problem))
    return NULL;
  if (!ac_json_check (object, NULL, 0, AC_JSON_STRICT, NULL, &error) ||
      !ac_store_look (context->store, request->id, &actor, &error))
    {
      *problem = ac_problem_new_from_error (error);
      return NULL;
    }
  answer = json_object_new ();
  json_object_set_boolean_member (answer, "looking", TRUE);
  return ac_response_new_json (202, answer);
}
