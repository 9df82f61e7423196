/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mailboxes or devices of an action, each with what came of it: filtered by outcome, saved as a
 * file, and what failed tried again. It asks the service for nothing itself. */
#pragma once

#include <gtk/gtk.h>

#include "model/ac-action.h"
#include "window/ac-outcome-filter.h"

G_BEGIN_DECLS

#define AC_TYPE_RESULTS_VIEW (ac_results_view_get_type ())
G_DECLARE_FINAL_TYPE (AcResultsView, ac_results_view, AC, RESULTS_VIEW, GtkWidget)

void ac_results_view_set_action (AcResultsView *self, AcAction *action);

G_END_DECLS
