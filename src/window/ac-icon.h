/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A symbolic icon in the colour of its text, for lists. A GtkImage asks for another size with each
 * icon that it gets, and so does every row, and the list, and the window, and all are measured
 * again; this one has one size. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define AC_TYPE_ICON (ac_icon_get_type ())
G_DECLARE_FINAL_TYPE (AcIcon, ac_icon, AC, ICON, GtkWidget)

GtkWidget *ac_icon_new (void);
void ac_icon_set_name (AcIcon *self, const char *name);

G_END_DECLS
