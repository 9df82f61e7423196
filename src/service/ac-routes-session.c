/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GET /me and GET /healthz. */
#include "config.h"

#include "service/ac-problems.h"
#include "service/ac-routes.h"

static const char *const no_parameters[] = { NULL };

/* Who the token is for, what it allows, how long the service keeps what there is to see, and
 * whether it asks for two persons. */
AcResponse *
ac_routes_get_me (const AcRouteContext *context, AcRequest *request, AcProblem **problem)
{
  JsonObject *object;
  JsonArray *permissions;

  if (!ac_request_check_query (request, no_parameters, problem))
    return NULL;

  object = json_object_new ();
  ac_json_set_string (object, "name", request->actor_name);
  ac_json_set_string (object, "role", ac_role_wire (request->role));
  permissions = json_array_new ();
  for (guint i = 0; i < AC_N_PERMISSIONS; i++)
    if (ac_role_may (request->role, (AcPermission)i))
      json_array_add_string_element (permissions, ac_permission_name ((AcPermission)i));
  json_object_set_array_member (object, "permissions", permissions);
  json_object_set_int_member (object, "historyDays", context->config->history_days);
  json_object_set_boolean_member (object, "secondPerson",
                                  ac_store_get_second_person (context->store));
  return ac_response_new_json (200, object);
}

/* Whether the service answers and reads its database. */
AcResponse *
ac_routes_get_health (const AcRouteContext *context, AcRequest *request, AcProblem **problem)
{
  g_autoptr (GError) error = NULL;
  JsonObject *object;
  AcChangePlace now;

  if (!ac_request_check_query (request, no_parameters, problem))
    return NULL;

  if (!ac_store_get_last_change (context->store, &now, &error))
    {
      *problem = ac_problem_new_from_error (error);
      return NULL;
    }
  object = json_object_new ();
  ac_json_set_string (object, "status", "ok");
  ac_json_set_string (object, "version", AC_VERSION);
  return ac_response_new_json (200, object);
}
