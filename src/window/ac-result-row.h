/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What happened at one asset of an action, in words; or the asset alone while nothing has. */
#pragma once

#include <gtk/gtk.h>

#include "model/ac-action-result.h"

G_BEGIN_DECLS

#define AC_TYPE_RESULT_ROW (ac_result_row_get_type ())
G_DECLARE_FINAL_TYPE (AcResultRow, ac_result_row, AC, RESULT_ROW, GtkWidget)

GtkWidget *ac_result_row_new (const char *action_type, const char *asset, AcActionResult *result);
GtkWidget *ac_result_row_new_with_text (const char *title, const char *detail, const char *icon);

G_END_DECLS
