/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A layout for one child, a GtkGrid with text that wraps: as GtkBinLayout, but the height without a
 * width is that of a row as wide as it likes. A grid alone tells the height at its least width,
 * which is a column of single letters, and a window that asks becomes as high as that. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define AC_TYPE_ROW_LAYOUT (ac_row_layout_get_type ())
G_DECLARE_FINAL_TYPE (AcRowLayout, ac_row_layout, AC, ROW_LAYOUT, GtkLayoutManager)

G_END_DECLS
