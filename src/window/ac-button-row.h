/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The buttons at the foot of a window: side by side at the end of the line where there is room for
 * them as they are, else one below the other. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define AC_TYPE_BUTTON_ROW (ac_button_row_get_type ())
G_DECLARE_FINAL_TYPE (AcButtonRow, ac_button_row, AC, BUTTON_ROW, GtkWidget)

G_END_DECLS
