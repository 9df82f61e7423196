/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Has the desktop say that new actions wait for a decision: those that the rule of the settings
 * names, one notification for all of them, which follows what becomes of them and goes when they
 * are decided or looked at. What was there when the window first knew the state of the service is
 * not new. It opens actions and never decides. */
#pragma once

#include <gtk/gtk.h>

#include "window/ac-session.h"

G_BEGIN_DECLS

#define AC_TYPE_NOTIFIER (ac_notifier_get_type ())
G_DECLARE_FINAL_TYPE (AcNotifier, ac_notifier, AC, NOTIFIER, GObject)

AcNotifier *ac_notifier_new (GtkApplication *application, AcSession *session, GSettings *settings);
void ac_notifier_forget (AcNotifier *self);

G_END_DECLS
