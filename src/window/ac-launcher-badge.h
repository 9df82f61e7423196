/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The number of pending actions on the icon of the program, where the desktop has a dock that shows
 * one: the signal com.canonical.Unity.LauncherEntry.Update, which docks of Ubuntu, KDE and others
 * listen for. */
#pragma once

#include "window/ac-session.h"

G_BEGIN_DECLS

#define AC_TYPE_LAUNCHER_BADGE (ac_launcher_badge_get_type ())
G_DECLARE_FINAL_TYPE (AcLauncherBadge, ac_launcher_badge, AC, LAUNCHER_BADGE, GObject)

AcLauncherBadge *ac_launcher_badge_new (GApplication *application, AcSession *session);
void ac_launcher_badge_hide (AcLauncherBadge *self);

G_END_DECLS
