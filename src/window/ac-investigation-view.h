/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of one investigation: how it stands, the graph, and a tab for everything that there is
 * content for. An action opens beside it, where it can be decided as everywhere else. It follows
 * what changes.
 *
 * Property: tab (string): the tab that is shown. */
#pragma once

#include <gtk/gtk.h>

#include "window/ac-decisions.h"

G_BEGIN_DECLS

#define AC_TYPE_INVESTIGATION_VIEW (ac_investigation_view_get_type ())
G_DECLARE_FINAL_TYPE (AcInvestigationView, ac_investigation_view, AC, INVESTIGATION_VIEW, GtkWidget)

void ac_investigation_view_set_decisions (AcInvestigationView *self, AcDecisions *decisions);
void ac_investigation_view_show (AcInvestigationView *self, const char *investigation_id);
void ac_investigation_view_set_tab (AcInvestigationView *self, const char *tab);
void ac_investigation_view_refresh (AcInvestigationView *self);

G_END_DECLS
