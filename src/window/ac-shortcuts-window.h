/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window that tells the keys, made from the table that binds them. (GTK's own window for that
 * goes away with GTK 4.18, and libadwaita has another one only from 1.8.) */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define AC_TYPE_SHORTCUTS_WINDOW (ac_shortcuts_window_get_type ())
G_DECLARE_FINAL_TYPE (AcShortcutsWindow, ac_shortcuts_window, AC, SHORTCUTS_WINDOW, AdwWindow)

GtkWindow *ac_shortcuts_window_new (GtkWindow *parent);

G_END_DECLS
