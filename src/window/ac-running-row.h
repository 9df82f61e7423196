/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One operation that is under way: what was decided, by whom and when, how far it is, and a way to
 * stop what has not begun.
 *
 * Signals: stop (), open (): its actions are to be shown. */
#pragma once

#include <gtk/gtk.h>

#include "model/ac-operation.h"

G_BEGIN_DECLS

#define AC_TYPE_RUNNING_ROW (ac_running_row_get_type ())
G_DECLARE_FINAL_TYPE (AcRunningRow, ac_running_row, AC, RUNNING_ROW, GtkListBoxRow)

GtkWidget *ac_running_row_new (void);
void ac_running_row_set_operation (AcRunningRow *self, AcOperation *operation);
void ac_running_row_offer_stop (AcRunningRow *self, gboolean known, const char *refusal);
AcOperation *ac_running_row_get_operation (AcRunningRow *self);

G_END_DECLS
