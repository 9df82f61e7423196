/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Things one below the other, of which there may be very many: only the first are made, and more of
 * them each time that the person wants to see more. How many there are is said; none is left out in
 * silence. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Returns: (transfer floating): the widget of one thing. */
typedef GtkWidget *(*AcGradualFunc) (guint index, gpointer data);

#define AC_TYPE_GRADUAL_BOX (ac_gradual_box_get_type ())
G_DECLARE_FINAL_TYPE (AcGradualBox, ac_gradual_box, AC, GRADUAL_BOX, GtkWidget)

GtkWidget *ac_gradual_box_new (guint n,
                               guint at_once,
                               guint spacing,
                               AcGradualFunc func,
                               gpointer data,
                               GDestroyNotify free_data);

G_END_DECLS
