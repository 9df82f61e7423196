/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One action in a window of its own, beside the list and others: what the flyout shows of it, and
 * what may be decided. It follows the action wherever the list goes, and closes when another
 * service or account is connected. */
#pragma once

#include <adwaita.h>

#include "client/ac-action-item.h"
#include "window/ac-decisions.h"

G_BEGIN_DECLS

#define AC_TYPE_ACTION_WINDOW (ac_action_window_get_type ())
G_DECLARE_FINAL_TYPE (AcActionWindow, ac_action_window, AC, ACTION_WINDOW, AdwWindow)

GtkWindow *
ac_action_window_new (GtkWindow *parent, AcDecisions *decisions, AcActionItem *item);

G_END_DECLS
