/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a window looks as the person has set it: light or dark, and how much room rows take. Plain
 * functions; ui/style.css does the rest. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void ac_appearance_follow (GSettings *settings, GtkWidget *window);

G_END_DECLS
