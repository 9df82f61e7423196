/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GET /actions/{id}/message: a look at what is in quarantine. Whoever looks stands in the audit log
 * before the text leaves the service. */
#include "config.h"

#include "responders/ac-imap-error.h"
#include "responders/ac-responder.h"
#include "service/ac-problems.h"
#include "service/ac-rights.h"
#include "service/ac-routes.h"

static const char *const parameters[] = { "asset", NULL };

static AcResponder *
find_responder (const AcRouteContext *context, AcActionType type)
{
  for (guint i = 0; context->responders != NULL && i < context->responders->len; i++)
    {
      AcResponder *responder = context->responders->pdata[i];

      if (ac_responder_handles (responder, type) && ac_responder_can_read_message (responder))
        return responder;
    }
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

/* The message that an action keeps, as text. */
AcResponse *
ac_routes_get_message (const AcRouteContext *context, AcRequest *request, AcProblem **problem)
{
  AcActor actor = ac_request_get_actor (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) action = NULL;
  g_autoptr (JsonObject) receipt = NULL;
  g_autoptr (JsonObject) message = NULL;
  g_autofree char *asset = NULL;
  AcResponder *responder;
  AcActionType type;
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
  responder = find_responder (context, type);
  if (responder == NULL)
    {
      *problem = ac_problem_new_for_key (404, AC_PROBLEM_NOT_FOUND, NULL,
                                         "Actions of this type keep no message.");
      return NULL;
    }
  receipt = ac_store_get_receipt (context->store, request->id, &asset, &error);
  if (receipt == NULL)
    {
      *problem = ac_problem_new_from_error (error);
      return NULL;
    }
  message = ac_responder_read_message (responder, asset, receipt, NULL, &error);
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
