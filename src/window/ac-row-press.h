/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tells of a row that is pressed as it is, without a key held down and not on a check or a link in
 * it. GTK tells of what that selects, and nothing where that was selected already. And with Shift a
 * range begins where the row stands that was picked last. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef void (*AcRowPressFunc) (GObject *object, guint position);

void ac_row_press_watch (GtkColumnView *view, AcRowPressFunc callback, GObject *object);

G_END_DECLS
