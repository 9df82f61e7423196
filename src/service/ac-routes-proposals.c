/* SPDX-License-Identifier: GPL-3.0-or-later */
/* POST /proposals: a person proposes actions on what he has found, or takes them directly. */
#include "config.h"

#include "service/ac-manual.h"
#include "service/ac-problems.h"
#include "service/ac-text-limits.h"

/* Each is an action of its own, to be seen and undone by itself; what is more is one cluster. */
#define MOST_ACTIONS 100
#define MOST_MESSAGE_IDS 10000

static const char *const no_parameters[] = { NULL };

static const AcJsonMember members[] = {
  { "name", AC_JSON_TEXT, TRUE },     { "description", AC_JSON_STRING, FALSE },
  { "decision", AC_JSON_TEXT, TRUE }, { "comment", AC_JSON_STRING, FALSE },
  { "actions", AC_JSON_ARRAY, TRUE },
};

static gboolean
is_take (JsonObject *object, gboolean *take, AcProblem **problem)
{
  const char *decision = ac_json_get_string (object, "decision");

  *take = g_strcmp0 (decision, "take") == 0;
  if (*take || g_strcmp0 (decision, "propose") == 0)
    return TRUE;
  *problem = ac_problem_new_for_key (400, AC_PROBLEM_INVALID_VALUE, "decision",
                                     "decision: “%s” is none of propose, take.", decision);
  return FALSE;
}

static gboolean
check_number (JsonArray *actions, AcProblem **problem)
{
  guint n = json_array_get_length (actions);

  if (n == 0)
    *problem = ac_problem_new_for_key (400, AC_PROBLEM_INVALID_VALUE, "actions",
                                       "actions: there must be at least one");
  else if (n > MOST_ACTIONS)
    *problem = ac_problem_new_for_key (
        422, AC_PROBLEM_TOO_MANY_ACTIONS, "actions",
        "These are %u actions; %d may be proposed together. More messages are one action on a "
        "cluster, which names their Message-IDs or what they have in common.",
        n, MOST_ACTIONS);
  else
    return TRUE;
  return FALSE;
}

static gboolean
check_type (JsonObject *action, guint index, gboolean take, AcProblem **problem)
{
  const char *type = ac_json_get_string (action, "type");
  JsonObject *entity = ac_json_get_object (action, "entity");
  JsonArray *ids = entity != NULL ? ac_json_get_array (entity, "messageIds") : NULL;

  switch (ac_action_type_parse (type))
    {
    case AC_ACTION_TYPE_SOFT_DELETE_EMAIL:
    case AC_ACTION_TYPE_QUARANTINE_EMAIL:
    case AC_ACTION_TYPE_BLOCK_URL:
    /* The model says what is wrong with it. */
    case AC_ACTION_TYPE_UNKNOWN:
      return TRUE;
    case AC_ACTION_TYPE_SOFT_DELETE_EMAIL_CLUSTER:
      break;
    case AC_ACTION_TYPE_QUARANTINE_ATTACHMENT:
    case AC_ACTION_TYPE_TURN_OFF_MAIL_FORWARDING:
    case AC_ACTION_TYPE_QUARANTINE_FILE:
    default:
      *problem = ac_problem_new_for_key (
          422, AC_PROBLEM_INVALID_VALUE, "actions",
          "actions[%u].type: “%s” cannot be proposed by a person here", index, type);
      return FALSE;
    }
  if (ids != NULL && json_array_get_length (ids) > MOST_MESSAGE_IDS)
    *problem = ac_problem_new_for_key (
        422, AC_PROBLEM_TOO_MANY_ACTIONS, "actions",
        "actions[%u].entity.messageIds: these are %u messages; %d may be named one by one. Name "
        "what they have in common instead.",
        index, json_array_get_length (ids), MOST_MESSAGE_IDS);
  else if (take)
    *problem = ac_problem_new_for_key (
        422, AC_PROBLEM_INVALID_VALUE, "decision",
        "A cluster cannot be taken directly: an approval holds for the messages that were seen, "
        "and "
        "they must be counted first. Propose it, and approve it when they are counted.");
  else
    return TRUE;
  return FALSE;
}

static gboolean
check_types (JsonArray *actions, gboolean take, AcProblem **problem)
{
  for (guint i = 0; i < json_array_get_length (actions); i++)
    {
      g_autoptr (GError) error = NULL;
      JsonObject *action = ac_json_element_object (actions, i, "actions", &error);

      if (action == NULL)
        {
          *problem = ac_problem_new_from_error (error);
          return FALSE;
        }
      if (!check_type (action, i, take, problem))
        return FALSE;
    }
  return TRUE;
}

static gboolean
claim (const AcRouteContext *context,
       AcRequest *request,
       const char *key,
       JsonNode *root,
       AcProblem **problem)
{
  AcActor actor = ac_request_get_actor (request);
  g_autofree char *body = ac_json_canonical (root);
  g_autoptr (GError) error = NULL;

  if (ac_store_claim_proposal (context->store, &actor, key, body, &error))
    return TRUE;
  *problem = ac_problem_new_from_error (error);
  return FALSE;
}

AcResponse *
ac_routes_post_proposal (const AcRouteContext *context, AcRequest *request, AcProblem **problem)
{
  g_auto (AcManualMade) made = { 0 };
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *location = NULL;
  AcManual manual = { 0 };
  JsonObject *object;
  JsonObject *answer;
  AcResponse *response;

  if (!ac_request_check_query (request, no_parameters, problem) ||
      (manual.key = ac_request_get_idempotency_key (request, problem)) == NULL ||
      (object = ac_request_parse_object (request, &root, problem)) == NULL)
    return NULL;
  if (!ac_json_check (object, members, G_N_ELEMENTS (members), AC_JSON_STRICT, NULL, &error))
    {
      *problem = ac_problem_new_from_error (error);
      return NULL;
    }
  manual.name = ac_json_get_string (object, "name");
  manual.description = ac_json_get_string (object, "description");
  manual.comment = ac_json_get_string (object, "comment");
  manual.actions = ac_json_get_array (object, "actions");
  if (!is_take (object, &manual.take, problem) || !ac_text_limits_check (object, problem) ||
      !ac_manual_check_take (context, request, manual.take, problem) ||
      !check_number (manual.actions, problem) ||
      !check_types (manual.actions, manual.take, problem) ||
      !claim (context, request, manual.key, root, problem) ||
      !ac_manual_propose (context, request, &manual, &made, problem))
    return NULL;
  answer = json_object_new ();
  location = g_strconcat (AC_API_BASE "/investigations/",
                          ac_json_get_string (made.investigation, "id"), NULL);
  json_object_set_object_member (answer, "investigation", g_steal_pointer (&made.investigation));
  if (made.operation != NULL)
    json_object_set_object_member (answer, "operation", g_steal_pointer (&made.operation));
  response = ac_response_new_json (201, answer);
  ac_response_add_header (response, "Location", location);
  return response;
}
