/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GET /actions/{id}/message: a look at what waits for a decision, or is in quarantine. Whoever looks stands
 * in the audit log before the text leaves the service. */
#include "config.h"

#include "responders/ac-imap-error.h"
#include "responders/ac-responder.h"
#include "service/ac-problems.h"
#include "service/ac-rights.h"
#include "service/ac-routes.h"

static const char *const parameters[] = { "asset", NULL };

static gboolean
is_about_mail (AcActionType type)
{
  return type == AC_ACTION_TYPE_SOFT_DELETE_EMAIL ||
         type == AC_ACTION_TYPE_SOFT_DELETE_EMAIL_CLUSTER ||
         type == AC_ACTION_TYPE_QUARANTINE_EMAIL || type == AC_ACTION_TYPE_QUARANTINE_ATTACHMENT;
}

/* Before anything is done, whoever knows the mail server can read what lies in a mailbox. */
static AcResponder *
find_responder (const AcRouteContext *context,
                AcActionType type,
                gboolean is_pending,
                AcProblem **problem)
{
  for (guint i = 0;
       is_about_mail (type) && context->responders != NULL && i < context->responders->len; i++)
    {
      AcResponder *responder = context->responders->pdata[i];

      if ((is_pending || ac_responder_handles (responder, type)) &&
          ac_responder_can_read_message (responder))
        return responder;
    }
  *problem = ac_problem_new_for_key (
      404, AC_PROBLEM_NOT_FOUND, NULL, "%s",
      is_about_mail (type)
          ? "This service has no mail server to read the message on. Its administrator can name one in "
            "the group [mail] of the configuration."
          : "Actions of this type are about no message.");
  return NULL;
}

static AcProblem *
problem_from_mail_error (const GError *error)
{
  if (g_error_matches (error, AC_IMAP_ERROR, AC_IMAP_ERROR_NO_FOLDER))
    return ac_problem_new_for_key (404, AC_PROBLEM_NOT_FOUND, NULL, "%s", error->message);
  return ac_problem_new_for_key (503, AC_PROBLEM_SERVICE_ERROR, NULL,
                                 "The message cannot be read now. %s", error->message);
}

static AcEntity *
read_entity (JsonObject *object, AcProblem **problem)
{
  g_autoptr (GError) error = NULL;
  AcEntity *entity = ac_entity_new_from_json (object, AC_JSON_LENIENT, NULL, &error);

  if (entity == NULL)
    *problem = ac_problem_new_from_error (error);
  return entity;
}

/* The entity of one message of a cluster, as a sample; @asset is set to its mailbox. */
static AcEntity *
find_in_cluster (const AcRouteContext *context,
                 AcRequest *request,
                 char **asset,
                 AcProblem **problem)
{
  char *mailboxes[] = { *asset, NULL };
  AcTargetFilter filter = { .mailboxes = *asset != NULL ? mailboxes : NULL, .limit = 1 };
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) page =
      ac_store_list_targets (context->store, request->id, &filter, &error);
  g_autoptr (JsonObject) entity = NULL;
  JsonArray *items;
  JsonObject *target;

  if (page == NULL)
    {
      *problem = ac_problem_new_from_error (error);
      return NULL;
    }
  items = ac_json_get_array (page, "items");
  if (items == NULL || json_array_get_length (items) == 0)
    {
      *problem = ac_problem_new_for_key (404, AC_PROBLEM_NOT_FOUND, NULL,
                                         "No message of this action has been found yet.");
      return NULL;
    }
  target = json_array_get_object_element (items, 0);
  g_free (*asset);
  *asset = g_strdup (ac_json_get_string (target, "mailbox"));
  entity = json_object_new ();
  ac_json_set_string (entity, "type", ac_entity_type_wire (AC_ENTITY_TYPE_EMAIL_MESSAGE));
  ac_json_set_string (entity, "messageId", ac_json_get_string (target, "messageId"));
  return read_entity (entity, problem);
}

/* The message that an action which waits for a decision is about; @asset is set to its mailbox. */
static AcEntity *
find_pending (const AcRouteContext *context,
              AcRequest *request,
              JsonObject *action,
              char **asset,
              AcProblem **problem)
{
  JsonArray *assets = ac_json_get_array (action, "assets");
  JsonObject *entity = ac_json_get_object (action, "entity");
  gboolean is_known = *asset == NULL;

  if (ac_action_type_parse (ac_json_get_string (action, "type")) ==
      AC_ACTION_TYPE_SOFT_DELETE_EMAIL_CLUSTER)
    return find_in_cluster (context, request, asset, problem);
  for (guint i = 0; !is_known && i < json_array_get_length (assets); i++)
    is_known = g_strcmp0 (json_array_get_string_element (assets, i), *asset) == 0;
  if (!is_known)
    {
      *problem = ac_problem_new_for_key (404, AC_PROBLEM_NOT_FOUND, "asset",
                                         "The action is not about the mailbox “%s”.", *asset);
      return NULL;
    }
  if (*asset == NULL)
    *asset = g_strdup (json_array_get_string_element (assets, 0));
  return read_entity (entity, problem);
}

/* Where the message is to be looked for: FALSE with a problem. @receipt stays NULL as long as nothing was
 * done and it lies in its mailbox. */
static gboolean
find_place (const AcRouteContext *context,
            AcRequest *request,
            JsonObject *action,
            gboolean is_pending,
            char **asset,
            AcEntity **entity,
            JsonObject **receipt,
            AcProblem **problem)
{
  g_autoptr (GError) error = NULL;
  AcActionType type = ac_action_type_parse (ac_json_get_string (action, "type"));

  if (is_pending)
    {
      *entity = find_pending (context, request, action, asset, problem);
      return *entity != NULL;
    }
  /* What was soft-deleted is its owner's still. */
  if (type != AC_ACTION_TYPE_QUARANTINE_EMAIL && type != AC_ACTION_TYPE_QUARANTINE_ATTACHMENT)
    {
      *problem = ac_problem_new_for_key (404, AC_PROBLEM_NOT_FOUND, NULL,
                                         "Actions of this type keep no message.");
      return FALSE;
    }
  *entity = read_entity (ac_json_get_object (action, "entity"), problem);
  if (*entity == NULL)
    return FALSE;
  *receipt = ac_store_get_receipt (context->store, request->id, asset, &error);
  if (*receipt == NULL)
    *problem = ac_problem_new_from_error (error);
  return *receipt != NULL;
}

/* The message that an action is about, or that it keeps, as text. */
AcResponse *
ac_routes_get_message (const AcRouteContext *context, AcRequest *request, AcProblem **problem)
{
  AcActor actor = ac_request_get_actor (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) action = NULL;
  g_autoptr (JsonObject) receipt = NULL;
  g_autoptr (JsonObject) message = NULL;
  g_autoptr (AcEntity) entity = NULL;
  g_autofree char *asset = NULL;
  AcResponder *responder;
  AcActionType type;
  gboolean is_pending;
  const char *wanted;

  if (!ac_request_check_query (request, parameters, problem) ||
      !ac_request_get_single (request, "asset", &wanted, problem))
    return NULL;
  asset = g_strdup (wanted);
  action = ac_store_get_action (context->store, request->id, &error);
  if (action == NULL)
    {
      *problem = ac_problem_new_from_error (error);
      return NULL;
    }
  type = ac_action_type_parse (ac_json_get_string (action, "type"));
  if (!ac_rights_check_type (request, type, problem))
    return NULL;
  is_pending = ac_status_parse (ac_json_get_string (action, "status")) == AC_STATUS_PENDING;
  responder = find_responder (context, type, is_pending, problem);
  if (responder == NULL ||
      !find_place (context, request, action, is_pending, &asset, &entity, &receipt, problem))
    return NULL;
  message = ac_responder_read_message (responder, entity, asset, receipt, NULL, &error);
  if (message == NULL)
    {
      *problem = problem_from_mail_error (error);
      return NULL;
    }
  if (!ac_store_audit_view (context->store, &actor, request->id, asset, &error))
    {
      *problem = ac_problem_new_from_error (error);
      return NULL;
    }
  return ac_response_new_json (200, g_steal_pointer (&message));
}
