/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/ac-manual.h"
#include "service/ac-problems.h"
#include "service/ac-rights.h"

#define DAY (G_TIME_SPAN_DAY)
#define TRIGGER "explorer"

void
ac_manual_made_clear (AcManualMade *made)
{
  g_clear_pointer (&made->investigation, json_object_unref);
  g_clear_pointer (&made->operation, json_object_unref);
}

/**
 * ac_manual_check_take:
 * @take: whether the person wants to approve what he proposes himself
 *
 * Returns: whether he may; else a problem that says what to do instead.
 */
gboolean
ac_manual_check_take (const AcRouteContext *context,
                      AcRequest *request,
                      gboolean take,
                      AcProblem **problem)
{
  if (!take)
    return TRUE;
  /* What a person may propose is about mail and links. */
  if (!ac_role_may_decide (request->role, AC_ACTION_TYPE_SOFT_DELETE_EMAIL))
    *problem = ac_problem_new_for_key (
        403, AC_PROBLEM_FORBIDDEN, "decision",
        "To take an action directly needs the role “%s” or “%s”; the token of %s has the role "
        "“%s”. Propose it instead: somebody who may will approve it.",
        ac_role_needed_to_decide (AC_ACTION_TYPE_SOFT_DELETE_EMAIL),
        ac_role_wire (AC_ROLE_RESPONDER), request->actor_name, ac_role_wire (request->role));
  else if (ac_store_get_second_person (context->store))
    *problem = ac_problem_new_for_key (
        403, AC_PROBLEM_FORBIDDEN, "decision",
        "This service asks for a second person. Propose the actions; somebody else must approve "
        "them.");
  else
    return TRUE;
  return FALSE;
}

/**
 * ac_manual_is_reserved:
 * @external_id: (nullable): as a detector names an investigation
 *
 * Returns: whether that is how an investigation is named that a person proposes; a detector must
 * not add to it, for what a person takes directly is all that stands in it.
 */
gboolean
ac_manual_is_reserved (const char *external_id)
{
  return external_id != NULL && g_str_has_prefix (external_id, TRIGGER ":");
}

static AcInvestigation *
make_investigation (AcRequest *request, const AcManual *manual, AcProblem **problem)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autofree char *whose = g_strconcat (request->actor_name, "\n", manual->key, NULL);
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, whose, -1);
  g_autofree char *external_id = g_strconcat (TRIGGER ":", digest, NULL);
  g_autoptr (GError) error = NULL;
  AcInvestigation *investigation;

  for (guint i = 0; i < json_array_get_length (manual->actions); i++)
    {
      JsonObject *action = ac_json_element_object (manual->actions, i, "actions", &error);

      if (action == NULL)
        {
          *problem = ac_problem_new_from_error (error);
          return NULL;
        }
      if (json_object_has_member (action, "source") &&
          g_strcmp0 (ac_json_get_string (action, "source"),
                     ac_vocabulary_wire (AC_VOCABULARY_SOURCE, AC_SOURCE_MANUAL)) != 0)
        {
          *problem = ac_problem_new_for_key (400, AC_PROBLEM_INVALID_VALUE, "actions",
                                             "actions[%u].source: what a person proposes has the "
                                             "source “manual”; leave it out",
                                             i);
          return NULL;
        }
      ac_json_set_string (action, "source",
                          ac_vocabulary_wire (AC_VOCABULARY_SOURCE, AC_SOURCE_MANUAL));
    }
  ac_json_set_string (object, "externalId", external_id);
  ac_json_set_string (object, "title", manual->name);
  ac_json_set_string (object, "description", manual->description);
  ac_json_set_string (object, "trigger", TRIGGER);
  ac_json_set_string (object, "detectionSource", request->actor_name);
  json_object_set_array_member (object, "actions", json_array_ref (manual->actions));
  investigation = ac_investigation_new_from_request (object, &error);
  if (investigation == NULL)
    *problem = ac_problem_new_from_error (error);
  return investigation;
}

/* The investigation holds the actions in the order in which they were first proposed. */
static JsonObject *
approve (const AcRouteContext *context,
         AcRequest *request,
         const AcManual *manual,
         JsonObject *investigation,
         AcProblem **problem)
{
  AcActor actor = ac_request_get_actor (request);
  JsonArray *actions = ac_json_get_array (investigation, "actions");
  g_autofree char *key = g_strconcat ("proposal ", manual->key, NULL);
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (AcOperationRequest) decision = NULL;
  g_autoptr (AcProblem) conflict = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) operation = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonArray *ids = json_array_new ();

  for (guint i = 0; i < json_array_get_length (actions); i++)
    json_array_add_string_element (
        ids, ac_json_get_string (json_array_get_object_element (actions, i), "id"));
  json_object_set_array_member (object, "actionIds", ids);
  ac_json_set_string (object, "decision", ac_decision_wire (AC_DECISION_APPROVE));
  ac_json_set_string (object, "comment", manual->comment);
  decision = ac_operation_request_new_from_json (object, &error);
  if (decision != NULL && !ac_rights_check_actions (
                              context, request, (const char *const *)decision->action_ids, problem))
    return NULL;
  if (decision != NULL)
    operation = ac_store_submit_operation (context->store, decision, key, &actor, NULL, NULL,
                                           &conflict, &error);
  if (operation != NULL)
    node = ac_json_parse (operation, &error);
  if (node == NULL)
    *problem = conflict != NULL ? g_steal_pointer (&conflict) : ac_problem_new_from_error (error);
  return node != NULL ? json_node_dup_object (node) : NULL;
}

/**
 * ac_manual_propose:
 * @manual: its actions are given their source
 * @made: (out): what there is now
 *
 * Returns: whether it is on disk; else a problem. What was proposed by a call that then could not
 * approve it waits for a decision; the same call again goes on from there.
 */
gboolean
ac_manual_propose (const AcRouteContext *context,
                   AcRequest *request,
                   const AcManual *manual,
                   AcManualMade *made,
                   AcProblem **problem)
{
  AcActor actor = ac_request_get_actor (request);
  g_autoptr (AcInvestigation) investigation = make_investigation (request, manual, problem);
  g_autoptr (GError) error = NULL;

  if (investigation == NULL)
    return FALSE;
  made->investigation =
      ac_store_put_investigation (context->store, investigation, &actor,
                                  context->config->action_lifetime_days * DAY, NULL, &error);
  if (made->investigation == NULL)
    {
      *problem = ac_problem_new_from_error (error);
      return FALSE;
    }
  if (!manual->take)
    return TRUE;
  made->operation = approve (context, request, manual, made->investigation, problem);
  return made->operation != NULL;
}
