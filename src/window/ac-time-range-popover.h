/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A popover with the parts of the history that can be looked at: the past day, week, 30 days, 6
 * months, or from one day to another. */
#pragma once

#include "window/ac-action-tab.h"

G_BEGIN_DECLS

#define AC_TYPE_TIME_RANGE_POPOVER (ac_time_range_popover_get_type ())
G_DECLARE_FINAL_TYPE (AcTimeRangePopover, ac_time_range_popover, AC, TIME_RANGE_POPOVER, GtkPopover)

GtkWidget *ac_time_range_popover_new (AcActionTab *tab, gint64 history_days);

G_END_DECLS
