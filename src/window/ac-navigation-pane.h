/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pane at the left: the pages, and at its foot the account, the connection and the settings. It
 * only activates actions of the window. */
#pragma once

#include <gtk/gtk.h>

#include "window/ac-session.h"

G_BEGIN_DECLS

#define AC_TYPE_NAVIGATION_PANE (ac_navigation_pane_get_type ())
G_DECLARE_FINAL_TYPE (AcNavigationPane, ac_navigation_pane, AC, NAVIGATION_PANE, GtkWidget)

void ac_navigation_pane_set_session (AcNavigationPane *self, AcSession *session);
void ac_navigation_pane_set_page (AcNavigationPane *self, const char *page);

G_END_DECLS
