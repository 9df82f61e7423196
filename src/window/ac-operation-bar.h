/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The line at the foot of the page while a decision is carried out, so that the flyout can be left.
 *
 * Signal: show-run (): the person wants to see more of it. */
#pragma once

#include <gtk/gtk.h>

#include "window/ac-decisions.h"

G_BEGIN_DECLS

#define AC_TYPE_OPERATION_BAR (ac_operation_bar_get_type ())
G_DECLARE_FINAL_TYPE (AcOperationBar, ac_operation_bar, AC, OPERATION_BAR, GtkWidget)

void ac_operation_bar_set_decisions (AcOperationBar *self, AcDecisions *decisions);
void ac_operation_bar_set_narrow (AcOperationBar *self, gboolean narrow);

G_END_DECLS
