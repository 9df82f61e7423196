/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of one investigation: what started it, what it found, and the actions it proposes.
 *
 * Signal: open-action (AcAction). */
#pragma once

#include <gtk/gtk.h>

#include "window/ac-session.h"

G_BEGIN_DECLS

#define AC_TYPE_INVESTIGATION_VIEW (ac_investigation_view_get_type ())
G_DECLARE_FINAL_TYPE (AcInvestigationView, ac_investigation_view, AC, INVESTIGATION_VIEW, GtkWidget)

void ac_investigation_view_set_session (AcInvestigationView *self, AcSession *session);
void ac_investigation_view_show (AcInvestigationView *self, const char *investigation_id);
void ac_investigation_view_refresh (AcInvestigationView *self);
void ac_investigation_view_set_investigation (AcInvestigationView *self,
                                              AcInvestigation *investigation);

G_END_DECLS
