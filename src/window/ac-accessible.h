/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names for those who do not see: the parts that GTK makes inside its own widgets, and that no
 * template reaches. It shows nothing and decides nothing. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void ac_accessible_set_label (GtkWidget *widget, const char *label);
GtkWidget *ac_accessible_get_rows (GtkColumnView *view);
void ac_accessible_name_view (GtkColumnView *view, const char *label);
void ac_accessible_name_row (GtkWidget *child, const char *description);
void ac_accessible_name_parts (GtkWidget *widget, const char *label);
void ac_accessible_name_choice (GtkWidget *choice, const char *label);
void ac_accessible_name_expander (GtkExpander *expander);

G_END_DECLS
