/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The line under the list of actions: how many it shows of how many there are, and how many are
 * selected. It always takes the same room, so that the rows stay where they are when a selection comes
 * and goes. */
#pragma once

#include "client/ac-counts.h"
#include "window/ac-action-tab.h"

G_BEGIN_DECLS

#define AC_TYPE_LIST_STATUS (ac_list_status_get_type ())
G_DECLARE_FINAL_TYPE (AcListStatus, ac_list_status, AC, LIST_STATUS, GtkWidget)

void ac_list_status_set_tab (AcListStatus *self, AcActionTab *tab);
void ac_list_status_set_counts (AcListStatus *self, AcCounts *counts);
void ac_list_status_set_selected (AcListStatus *self, guint64 n_selected);
void ac_list_status_set_narrow (AcListStatus *self, gboolean narrow);

G_END_DECLS
