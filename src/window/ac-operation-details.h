/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A decision that was submitted: how far it is, what was not done and why, and what to do next. It
 * can be left and come back to; the work goes on without it. */
#pragma once

#include <gtk/gtk.h>

#include "window/ac-decisions.h"

G_BEGIN_DECLS

#define AC_TYPE_OPERATION_DETAILS (ac_operation_details_get_type ())
G_DECLARE_FINAL_TYPE (AcOperationDetails, ac_operation_details, AC, OPERATION_DETAILS, GtkWidget)

void ac_operation_details_set_run (AcOperationDetails *self,
                                   AcDecisions *decisions,
                                   AcOperationRun *run);
void ac_operation_details_update_offline (AcOperationDetails *self);
AcOperationRun *ac_operation_details_get_run (AcOperationDetails *self);

G_END_DECLS
