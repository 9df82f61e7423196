/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds the route of a request, checks token and role, and runs the route in a worker thread, so
 * that the main loop never waits for the database. */
#pragma once

#include "service/ac-change-broadcaster.h"
#include "service/ac-request.h"
#include "service/ac-response.h"
#include "service/ac-service-config.h"
#include "service/ac-token-file.h"

G_BEGIN_DECLS

typedef struct _AcRouter AcRouter;

AcRouter *ac_router_new (AcStore *store,
                         AcTokenFile *tokens,
                         AcChangeBroadcaster *broadcaster,
                         const AcServiceConfig *config);
void ac_router_set_responders (AcRouter *router, GPtrArray *responders);
AcResponse *ac_router_check_head (AcRouter *router, AcRequest *request);
void
ac_router_dispatch (AcRouter *router, AcRequest *request, AcResponseDone done, gpointer user_data);
void ac_router_free (AcRouter *router);

G_END_DECLS
