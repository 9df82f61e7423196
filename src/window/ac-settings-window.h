/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The few settings of the window, each bound to its key and in effect at once. */
#pragma once

#include <adwaita.h>

#include "window/ac-session.h"

G_BEGIN_DECLS

#define AC_TYPE_SETTINGS_WINDOW (ac_settings_window_get_type ())
G_DECLARE_FINAL_TYPE (AcSettingsWindow, ac_settings_window, AC, SETTINGS_WINDOW, AdwWindow)

GtkWindow *ac_settings_window_new (GtkWindow *parent, GSettings *settings, AcSession *session);

G_END_DECLS
