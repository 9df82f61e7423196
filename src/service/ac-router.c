/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "service/ac-problems.h"
#include "service/ac-router.h"
#include "service/ac-routes.h"
#include "service/ac-throttle.h"

/* Who only reads never waits behind who decides: writers wait for each other in the store. */
#define READ_THREADS 4
#define WRITE_THREADS 4
#define MAX_WAITING 512
/* What waits for another server has threads of its own. */
#define OUTSIDE_THREADS 4

#define WRONG_TOKENS_AT_ONCE 20
#define WRONG_TOKEN_INTERVAL (2 * G_TIME_SPAN_SECOND)

struct _AcRouter
{
  AcRouteContext context;
  AcTokenFile *tokens;
  AcChangeBroadcaster *broadcaster;
  AcThrottle *wrong_tokens;
  GThreadPool *readers;
  GThreadPool *writers;
  GThreadPool *outside;
};

typedef struct
{
  AcRequest *request;
  AcResponse *response;
  AcResponseDone done;
  gpointer user_data;
} Job;

static gboolean
job_done_cb (gpointer data)
{
  Job *job = data;

  job->done (g_steal_pointer (&job->response), job->user_data);
  ac_request_free (job->request);
  g_free (job);
  return G_SOURCE_REMOVE;
}

static void
run_job (gpointer data, gpointer user_data)
{
  const AcRouteContext *context = user_data;
  Job *job = data;
  const AcRoute *route = job->request->route;
  AcProblem *problem = NULL;
  g_autoptr (GSource) source = NULL;

  job->response = route->handler (context, job->request, &problem);
  if (job->response == NULL)
    job->response = ac_response_new_problem (problem);
  ac_response_compress (job->response, ac_request_get_header (job->request, "Accept-Encoding"));

  /* Not g_main_context_invoke(), which would run it here while nobody runs the main loop. */
  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, job_done_cb, job, NULL);
  g_source_attach (source, NULL);
}

/**
 * ac_router_new:
 * @store: must live as long
 * @tokens: (transfer none): who may do what
 * @broadcaster: (transfer none): who answers with streams
 * @config: must live as long
 *
 * Returns: (transfer full): a router for the main thread.
 */
AcRouter *
ac_router_new (AcStore *store,
               AcTokenFile *tokens,
               AcChangeBroadcaster *broadcaster,
               const AcServiceConfig *config)
{
  AcRouter *router = g_new0 (AcRouter, 1);

  router->context.store = g_object_ref (store);
  router->context.config = config;
  router->context.stopping = g_cancellable_new ();
  router->tokens = g_object_ref (tokens);
  router->broadcaster = g_object_ref (broadcaster);
  router->wrong_tokens = ac_throttle_new (WRONG_TOKENS_AT_ONCE, WRONG_TOKEN_INTERVAL);
  router->readers = g_thread_pool_new (run_job, &router->context, READ_THREADS, FALSE, NULL);
  router->writers = g_thread_pool_new (run_job, &router->context, WRITE_THREADS, FALSE, NULL);
  router->outside = g_thread_pool_new (run_job, &router->context, OUTSIDE_THREADS, FALSE, NULL);
  return router;
}

/**
 * ac_router_set_responders:
 * @responders: (element-type AcResponder): who keeps what can be looked at
 *
 * To be called before the first request.
 */
void
ac_router_set_responders (AcRouter *router, GPtrArray *responders)
{
  router->context.responders = g_ptr_array_ref (responders);
}

/* Whether @path is what @pattern describes; *id is what stands for "{id}". */
static gboolean
matches (const char *pattern, const char *path, char **id)
{
  const char *brace = strchr (pattern, '{');
  const char *end;
  gsize length;

  if (!g_str_has_prefix (path, AC_API_BASE))
    return FALSE;
  path += strlen (AC_API_BASE);
  if (brace == NULL)
    return strcmp (pattern, path) == 0;
  length = (gsize)(brace - pattern);
  if (strncmp (pattern, path, length) != 0)
    return FALSE;
  path += length;
  end = strchrnul (path, '/');
  if (end == path || strcmp (end, strchr (brace, '}') + 1) != 0)
    return FALSE;
  *id = g_strndup (path, (gsize)(end - path));
  return TRUE;
}

/* HEAD is GET without the body (RFC 9110 §9.3.2). */
static gboolean
serves_method (const AcRoute *route, const char *method)
{
  return strcmp (route->method, method) == 0 ||
         (strcmp (route->method, "GET") == 0 && strcmp (method, "HEAD") == 0);
}

static AcResponse *
find_route (AcRequest *request)
{
  g_autoptr (GString) allowed = g_string_new (NULL);
  AcResponse *response;

  for (gsize i = 0; i < ac_n_routes; i++)
    {
      const AcRoute *route = &ac_routes[i];
      g_autofree char *id = NULL;

      if (!matches (route->pattern, request->path, &id))
        continue;
      if (serves_method (route, request->head->method))
        {
          request->route = route;
          request->id = g_steal_pointer (&id);
          return NULL;
        }
      g_string_append_printf (allowed, "%s%s", allowed->len > 0 ? ", " : "", route->method);
      if (strcmp (route->method, "GET") == 0)
        g_string_append (allowed, ", HEAD");
    }
  if (allowed->len == 0)
    return ac_response_new_problem (ac_problem_new_for_key (
        404, AC_PROBLEM_NOT_FOUND, NULL, "There is nothing at %s.", request->path));

  response = ac_response_new_problem (
      ac_problem_new_for_key (405, AC_PROBLEM_METHOD_NOT_ALLOWED, NULL, "%s takes %s, not %s.",
                              request->path, allowed->str, request->head->method));
  ac_response_add_header (response, "Allow", allowed->str);
  return response;
}

static AcResponse *
refuse_token (AcRouter *router, AcRequest *request)
{
  AcResponse *response;

  if (ac_throttle_add (router->wrong_tokens, request->remote, g_get_monotonic_time ()))
    return ac_response_new_problem (ac_problem_new_for_key (
        401, AC_PROBLEM_UNAUTHORIZED, "Authorization",
        "This token is not valid. It may have been revoked; ask the administrator for a new one."));

  response = ac_response_new_problem (ac_problem_new_for_key (
      429, AC_PROBLEM_TOO_MANY_REQUESTS, "Authorization",
      "Too many requests with a wrong token came from this address; wait before trying again."));
  ac_response_add_header (response, "Retry-After", "2");
  return response;
}

static AcResponse *
authenticate (AcRouter *router, AcRequest *request)
{
  const AcRoute *route = request->route;
  const char *token = ac_request_get_token (request);

  if (route->access == AC_ACCESS_OPEN)
    return NULL;
  if (token == NULL)
    return ac_response_new_problem (ac_problem_new_for_key (
        401, AC_PROBLEM_UNAUTHORIZED, "Authorization",
        "Send the header “Authorization: Bearer TOKEN”; the administrator makes tokens with "
        "“action-centerd token add”."));

  if (!ac_token_file_check (router->tokens, token, &request->actor_name, &request->role))
    return refuse_token (router, request);

  if (route->access == AC_ACCESS_PERMISSION && !ac_role_may (request->role, route->permission))
    return ac_response_new_problem (ac_problem_new_for_key (
        403, AC_PROBLEM_FORBIDDEN, NULL,
        "This needs the role “%s” or “%s”; the token of %s has the role “%s”.",
        ac_permission_needed_role (route->permission), ac_role_wire (AC_ROLE_ADMIN),
        request->actor_name, ac_role_wire (request->role)));
  return NULL;
}

static AcResponse *
check_length (AcRouter *router, AcRequest *request)
{
  gsize most = router->context.config->max_body_bytes;
  const AcRoute *route = request->route;

  if (strcmp (route->method, "GET") == 0 &&
      (request->head->chunked || request->head->content_length > 0))
    return ac_response_new_problem (
        ac_problem_new_bad_request (NULL, "%s takes no body.", request->head->method));
  if (!request->head->chunked && request->head->content_length > (gint64)most)
    return ac_response_new_problem (
        ac_problem_new_for_key (413, AC_PROBLEM_TOO_LARGE, NULL,
                                "The body may hold %" G_GSIZE_FORMAT " bytes at most.", most));
  return NULL;
}

/**
 * ac_router_check_head:
 * @request: has a head but no body yet; is told its route and person
 *
 * What can be refused without the body is refused before the body is read.
 *
 * Returns: (transfer full) (nullable): the answer that refuses it, or %NULL when it may go on.
 */
AcResponse *
ac_router_check_head (AcRouter *router, AcRequest *request)
{
  AcResponse *response = find_route (request);

  if (response == NULL)
    response = authenticate (router, request);
  if (response == NULL)
    response = check_length (router, request);
  return response;
}

/**
 * ac_router_dispatch:
 * @request: (transfer full): whole, and let through by ac_router_check_head()
 * @done: called once, in the main thread, maybe before this returns
 */
void
ac_router_dispatch (AcRouter *router, AcRequest *request, AcResponseDone done, gpointer user_data)
{
  const AcRoute *route = request->route;
  GThreadPool *pool = route->is_outside                    ? router->outside
                      : strcmp (route->method, "GET") == 0 ? router->readers
                                                           : router->writers;
  Job *job;

  if (route->handler == NULL)
    {
      ac_change_broadcaster_open (router->broadcaster, request, done, user_data);
      return;
    }
  if (g_thread_pool_unprocessed (pool) >= MAX_WAITING)
    {
      AcResponse *response = ac_response_new_problem (
          ac_problem_new_for_key (503, AC_PROBLEM_SERVICE_ERROR, NULL,
                                  "The service has too much to do at the moment; try again."));

      ac_request_free (request);
      done (response, user_data);
      return;
    }
  job = g_new0 (Job, 1);
  job->request = request;
  job->done = done;
  job->user_data = user_data;
  g_thread_pool_push (pool, job, NULL);
}

/**
 * ac_router_free:
 *
 * Waits for what is being worked on.
 */
void
ac_router_free (AcRouter *router)
{
  g_cancellable_cancel (router->context.stopping);
  g_thread_pool_free (router->readers, FALSE, TRUE);
  g_thread_pool_free (router->writers, FALSE, TRUE);
  g_thread_pool_free (router->outside, FALSE, TRUE);
  g_clear_object (&router->context.stopping);
  g_clear_pointer (&router->context.responders, g_ptr_array_unref);
  ac_throttle_free (router->wrong_tokens);
  g_object_unref (router->broadcaster);
  g_object_unref (router->tokens);
  g_object_unref (router->context.store);
  g_free (router);
}
