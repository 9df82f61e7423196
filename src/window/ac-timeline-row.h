/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line of an action's timeline. */
#pragma once

#include <gtk/gtk.h>

#include "model/ac-timeline-entry.h"

G_BEGIN_DECLS

#define AC_TYPE_TIMELINE_ROW (ac_timeline_row_get_type ())
G_DECLARE_FINAL_TYPE (AcTimelineRow, ac_timeline_row, AC, TIMELINE_ROW, GtkWidget)

GtkWidget *ac_timeline_row_new (AcTimelineEntry *entry);
void ac_timeline_row_set_undone (AcTimelineRow *self, AcTimelineRow *undone);

G_END_DECLS
