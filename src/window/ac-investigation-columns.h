/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The columns of the list of investigations: what each is called, shows and sorts by, and which go
 * first when there is no room. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void ac_investigation_columns_add (GtkColumnView *view);
void ac_investigation_columns_fit (GtkColumnView *view, int width);
char *ac_investigation_columns_get_sort (GtkColumnView *view);

G_END_DECLS
