/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a person may decide about what a request names. The router has checked before that the role
 * may decide at all; some roles do so about mail or about devices alone. */
#pragma once

#include "service/ac-routes.h"

G_BEGIN_DECLS

gboolean ac_rights_check_type (AcRequest *request, AcActionType type, AcProblem **problem);
gboolean ac_rights_check_actions (const AcRouteContext *context,
                                  AcRequest *request,
                                  const char *const *ids,
                                  AcProblem **problem);
gboolean ac_rights_check_operation (const AcRouteContext *context,
                                    AcRequest *request,
                                    AcProblem **problem);

G_END_DECLS
