/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/ac-problems.h"
#include "service/ac-rights.h"

/**
 * ac_rights_check_type:
 *
 * Returns: whether the person may decide about actions of @type; else a problem that names the role
 * that may.
 */
gboolean
ac_rights_check_type (AcRequest *request, AcActionType type, AcProblem **problem)
{
  if (ac_role_may_decide (request->role, type))
    return TRUE;
  *problem = ac_problem_new_for_key (
      403, AC_PROBLEM_FORBIDDEN, NULL,
      "To decide about “%s” needs the role “%s” or “%s”; the token of %s has the role “%s”.",
      type != AC_ACTION_TYPE_UNKNOWN ? ac_action_type_wire (type) : "an unknown type",
      ac_role_needed_to_decide (type), ac_role_wire (AC_ROLE_RESPONDER), request->actor_name,
      ac_role_wire (request->role));
  return FALSE;
}

static gboolean
check_types (AcRequest *request, guint32 types, AcProblem **problem)
{
  for (guint i = 0; i < ac_vocabulary_size (AC_VOCABULARY_ACTION_TYPE); i++)
    if ((types & (1u << i)) != 0 && !ac_rights_check_type (request, (AcActionType)i, problem))
      return FALSE;
  return TRUE;
}

/* Most roles decide about everything, and need not be asked about each action. */
static gboolean
is_limited (AcRequest *request)
{
  return !ac_role_may_decide (request->role, AC_ACTION_TYPE_UNKNOWN);
}

/**
 * ac_rights_check_actions:
 * @ids: of actions; those that do not exist are somebody else's to name
 *
 * Returns: whether the person may decide about all of them; else a problem.
 */
gboolean
ac_rights_check_actions (const AcRouteContext *context,
                         AcRequest *request,
                         const char *const *ids,
                         AcProblem **problem)
{
  g_autoptr (GError) error = NULL;
  guint32 types;

  if (!is_limited (request))
    return TRUE;
  if (ac_store_find_types (context->store, ids, &types, &error))
    return check_types (request, types, problem);
  *problem = ac_problem_new_from_error (error);
  return FALSE;
}

/**
 * ac_rights_check_operation:
 *
 * Returns: whether the person may decide about all that the operation of @request is about; else a
 * problem.
 */
gboolean
ac_rights_check_operation (const AcRouteContext *context, AcRequest *request, AcProblem **problem)
{
  g_autoptr (GError) error = NULL;
  guint32 types;

  if (!is_limited (request))
    return TRUE;
  if (ac_store_find_operation_types (context->store, request->id, &types, &error))
    return check_types (request, types, problem);
  *problem = ac_problem_new_from_error (error);
  return FALSE;
}
