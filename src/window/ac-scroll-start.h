/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a line begins, in what is scrolled sideways. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void ac_scroll_start_show (GtkWidget *child);

G_END_DECLS
