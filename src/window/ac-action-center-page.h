/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Action center: the tabs Pending, History and In progress, search, refresh, and the flyout beside the list.
 *
 * Property: tab ("pending", "history" or "progress"). */
#pragma once

#include <gtk/gtk.h>

#include "window/ac-decisions.h"
#include "window/ac-saved-view.h"

G_BEGIN_DECLS

#define AC_TYPE_ACTION_CENTER_PAGE (ac_action_center_page_get_type ())
G_DECLARE_FINAL_TYPE (AcActionCenterPage, ac_action_center_page, AC, ACTION_CENTER_PAGE, GtkWidget)

void ac_action_center_page_set_up (AcActionCenterPage *self,
                                   AcDecisions *decisions,
                                   GSettings *settings);
void ac_action_center_page_save (AcActionCenterPage *self);
void ac_action_center_page_set_tab (AcActionCenterPage *self, const char *tab);
void ac_action_center_page_focus_list (AcActionCenterPage *self);
gboolean
ac_action_center_page_open_view (AcActionCenterPage *self, const AcSavedView *view, GError **error);
void ac_action_center_page_find (AcActionCenterPage *self);
void ac_action_center_page_show_action (AcActionCenterPage *self, AcAction *action);
gboolean ac_action_center_page_awaits (AcActionCenterPage *self, const char *id);
void ac_action_center_page_review (AcActionCenterPage *self, AcAction *action, AcDecision decision);
void ac_action_center_page_search (AcActionCenterPage *self, const char *text);
void ac_action_center_page_show_run (AcActionCenterPage *self, AcOperationRun *run);

G_END_DECLS
