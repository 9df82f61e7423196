/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How wide text is, told in characters as GtkInscription counts them: so that what is made so wide grows with
 * the size of the text. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

int ac_text_width_of_chars (GtkWidget *widget, guint n);
guint ac_text_width_in_chars (GtkWidget *widget, const char *text);

G_END_DECLS
