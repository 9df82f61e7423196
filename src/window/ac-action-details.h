/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All that is known of one action, for the flyout: why it is proposed, what it is about, what
 * happened at each asset, who decided what. It only shows. */
#pragma once

#include <gtk/gtk.h>

#include "client/ac-api.h"
#include "window/ac-targets-view.h"

G_BEGIN_DECLS

#define AC_TYPE_ACTION_DETAILS (ac_action_details_get_type ())
G_DECLARE_FINAL_TYPE (AcActionDetails, ac_action_details, AC, ACTION_DETAILS, GtkWidget)

void ac_action_details_set_action (AcActionDetails *self, AcAction *action);
void ac_action_details_set_api (AcActionDetails *self, AcApi *api);
void ac_action_details_load_related (AcActionDetails *self, AcApi *api);
AcAction *ac_action_details_get_action (AcActionDetails *self);
AcTargetsView *ac_action_details_get_targets_view (AcActionDetails *self);

G_END_DECLS
