/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GET /changes: everything that changed since a token, in order. */
#include "config.h"

#include "service/ac-problems.h"
#include "service/ac-routes.h"

static const char *const parameters[] = { "since", "limit", NULL };

AcResponse *
ac_routes_list_changes (const AcRouteContext *context, AcRequest *request, AcProblem **problem)
{
  g_autoptr (GError) error = NULL;
  const char *since;
  GBytes *page;
  guint limit;

  if (!ac_request_check_query (request, parameters, problem) ||
      !ac_request_get_single (request, "since", &since, problem) ||
      !ac_request_get_limit (request, &limit, problem))
    return NULL;
  page = ac_store_list_changes (context->store, since, limit, &error);
  if (page != NULL)
    return ac_response_new_text (200, page);
  *problem = ac_problem_new_from_error (error);
  if (error->domain == AC_STORE_ERROR && (*problem)->field != NULL)
    {
      /* To the store a token is a kind of cursor. */
      g_free ((*problem)->field);
      (*problem)->field = g_strdup ("since");
    }
  return NULL;
}
