/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every route of the API. A route is a plain function: request in, answer or problem out; it runs
 * in a worker thread and may wait for the database. */
#pragma once

#include "service/ac-request.h"
#include "service/ac-response.h"
#include "service/ac-service-config.h"

G_BEGIN_DECLS

#define AC_API_BASE "/api/v1"

typedef struct
{
  AcStore *store;
  const AcServiceConfig *config;
  GPtrArray *responders;  /* nullable; of AcResponder */
  GCancellable *stopping; /* cancelled when the service ends: what waits outside gives up */
} AcRouteContext;

/* Returns (transfer full): the answer, or NULL with *problem. */
typedef AcResponse *(*AcRouteHandler) (const AcRouteContext *context,
                                       AcRequest *request,
                                       AcProblem **problem);

typedef enum
{
  AC_ACCESS_OPEN,       /* without a token */
  AC_ACCESS_TOKEN,      /* any token */
  AC_ACCESS_PERMISSION, /* a token whose role has the permission */
} AcAccess;

typedef struct
{
  const char *method;
  const char *pattern; /* below AC_API_BASE; "{id}" stands for one segment */
  AcAccess access;
  AcPermission permission;
  AcRouteHandler handler; /* NULL: the broadcaster answers, with a stream */
  gboolean is_outside;    /* it waits for another server, and must not keep others waiting */
} AcRoute;

extern const AcRoute ac_routes[];
extern const gsize ac_n_routes;

AcResponse *ac_routes_list_actions (const AcRouteContext *, AcRequest *, AcProblem **);
AcResponse *ac_routes_list_values (const AcRouteContext *, AcRequest *, AcProblem **);
AcResponse *ac_routes_get_action (const AcRouteContext *, AcRequest *, AcProblem **);
AcResponse *ac_routes_list_instances (const AcRouteContext *, AcRequest *, AcProblem **);
AcResponse *ac_routes_list_targets (const AcRouteContext *, AcRequest *, AcProblem **);
AcResponse *ac_routes_post_export (const AcRouteContext *, AcRequest *, AcProblem **);
AcResponse *ac_routes_post_look (const AcRouteContext *, AcRequest *, AcProblem **);
AcResponse *ac_routes_get_message (const AcRouteContext *, AcRequest *, AcProblem **);
AcResponse *ac_routes_list_messages (const AcRouteContext *, AcRequest *, AcProblem **);
AcResponse *ac_routes_post_proposal (const AcRouteContext *, AcRequest *, AcProblem **);
AcResponse *ac_routes_post_submission (const AcRouteContext *, AcRequest *, AcProblem **);
AcResponse *ac_routes_list_submissions (const AcRouteContext *, AcRequest *, AcProblem **);
AcResponse *ac_routes_get_submission (const AcRouteContext *, AcRequest *, AcProblem **);
AcResponse *ac_routes_post_submission_result (const AcRouteContext *, AcRequest *, AcProblem **);
AcResponse *ac_routes_list_investigations (const AcRouteContext *, AcRequest *, AcProblem **);
AcResponse *ac_routes_get_investigation (const AcRouteContext *, AcRequest *, AcProblem **);
AcResponse *ac_routes_list_investigation_log (const AcRouteContext *, AcRequest *, AcProblem **);
AcResponse *ac_routes_post_investigation (const AcRouteContext *, AcRequest *, AcProblem **);
AcResponse *ac_routes_post_operation (const AcRouteContext *, AcRequest *, AcProblem **);
AcResponse *ac_routes_list_operations (const AcRouteContext *, AcRequest *, AcProblem **);
AcResponse *ac_routes_get_operation (const AcRouteContext *, AcRequest *, AcProblem **);
AcResponse *ac_routes_delete_operation (const AcRouteContext *, AcRequest *, AcProblem **);
AcResponse *ac_routes_list_changes (const AcRouteContext *, AcRequest *, AcProblem **);
AcResponse *ac_routes_get_me (const AcRouteContext *, AcRequest *, AcProblem **);
AcResponse *ac_routes_get_health (const AcRouteContext *, AcRequest *, AcProblem **);

G_END_DECLS
