/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scrolls a list with columns, by lines and by jumps, and tells what its frames cost: the work from
 * the frame clock's before-paint to its after-paint. The same for ours and for what it is measured
 * by. */
#pragma once

#include <gtk/gtk.h>

typedef gboolean (*ScrollReady) (gpointer user_data);

/* Prints a line of JSON with the times in milliseconds, and ends the program's main loop. */
void scroll_run (GtkWidget *window,
                 GtkScrollable *list,
                 ScrollReady ready,
                 gpointer user_data,
                 GMainLoop *loop);
