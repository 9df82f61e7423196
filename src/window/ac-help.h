/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The help, a page that the browser of the desktop shows. Plain functions. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void ac_help_open (GtkWindow *parent);

G_END_DECLS
