/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks for the address of a service and the token of the person, tries them, and says in words what
 * is wrong. A try that fails leaves the connection that there is alone. */
#pragma once

#include <adwaita.h>

#include "window/ac-session.h"

G_BEGIN_DECLS

#define AC_TYPE_CONNECTION_WINDOW (ac_connection_window_get_type ())
G_DECLARE_FINAL_TYPE (AcConnectionWindow, ac_connection_window, AC, CONNECTION_WINDOW, AdwWindow)

GtkWindow *ac_connection_window_new (GtkWindow *parent, AcSession *session, GSettings *settings);

G_END_DECLS
