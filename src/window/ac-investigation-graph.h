/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The graph of an investigation: from the alert over what was looked at and found to the wait and
 * the result. Each node is a button that leads to its tab; the arrow keys go from node to node.
 * Where there is room the layers stand side by side, else one under the other.
 *
 * Signal: open-tab (string): a node was pressed. */
#pragma once

#include <gtk/gtk.h>

#include "model/ac-investigation.h"

G_BEGIN_DECLS

#define AC_TYPE_INVESTIGATION_GRAPH (ac_investigation_graph_get_type ())
G_DECLARE_FINAL_TYPE (AcInvestigationGraph,
                      ac_investigation_graph,
                      AC,
                      INVESTIGATION_GRAPH,
                      GtkWidget)

GtkWidget *ac_investigation_graph_new (void);
void ac_investigation_graph_set_investigation (AcInvestigationGraph *self,
                                               AcInvestigation *investigation);

G_END_DECLS
