/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A popover with all that a list can be filtered by: the members first, and for each of them the
 * values that the source tells, with how many actions have each. What is chosen holds at once. */
#pragma once

#include "window/ac-action-tab.h"

G_BEGIN_DECLS

#define AC_TYPE_FILTER_POPOVER (ac_filter_popover_get_type ())
G_DECLARE_FINAL_TYPE (AcFilterPopover, ac_filter_popover, AC, FILTER_POPOVER, GtkPopover)

GtkWidget *ac_filter_popover_new (AcActionTab *tab);
const char *ac_filter_popover_get_title (AcFilter filter);

G_END_DECLS
