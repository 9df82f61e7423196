/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A popover with the views that a person has saved: open, rename and delete them, and save what is
 * looked at now. They are kept in the settings. */
#pragma once

#include "window/ac-action-tab.h"

G_BEGIN_DECLS

#define AC_TYPE_VIEWS_POPOVER (ac_views_popover_get_type ())
G_DECLARE_FINAL_TYPE (AcViewsPopover, ac_views_popover, AC, VIEWS_POPOVER, GtkPopover)

GtkWidget *ac_views_popover_new (AcActionTab *tab, GSettings *settings);

G_END_DECLS
