/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Moves the focus from one pane of a window to the next. A pane is any widget with the style class
 * “pane”, however deep it lies; one that is not shown is passed over. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

gboolean ac_panes_step (GtkWidget *root, int by);

G_END_DECLS
