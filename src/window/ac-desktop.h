/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What ties the program into the desktop besides its window: notifications, the number on its icon,
 * the search of the desktop, help, and the actions that those lead to:
 *   app.open-action (s)    shows the action of this id
 *   app.review-action (s)  the same, with the focus on the button that approves it
 *   app.open-pending       shows what waits for a decision
 *   app.search (s)         searches the actions for this text
 *   app.help               opens the help
 *   app.about              says what the program is
 * None of them decides anything. */
#pragma once

#include <gtk/gtk.h>

#include "window/ac-session.h"

G_BEGIN_DECLS

#define AC_TYPE_DESKTOP (ac_desktop_get_type ())
G_DECLARE_FINAL_TYPE (AcDesktop, ac_desktop, AC, DESKTOP, GObject)

AcDesktop *ac_desktop_new (GtkApplication *application);
gboolean ac_desktop_export (AcDesktop *self,
                            GDBusConnection *connection,
                            const char *object_path,
                            GError **error);
void ac_desktop_unexport (AcDesktop *self, GDBusConnection *connection);
void ac_desktop_start (AcDesktop *self, AcSession *session, GSettings *settings);
void ac_desktop_stop (AcDesktop *self);

G_END_DECLS
