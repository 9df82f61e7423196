/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tab with all operations that are under way, from the moment of their approval, whoever
 * decided them.
 *
 * Property (read-only): count (gint64, -1 as long as it is not known). */
#pragma once

#include <gtk/gtk.h>

#include "window/ac-session.h"

G_BEGIN_DECLS

#define AC_TYPE_RUNNING_TAB (ac_running_tab_get_type ())
G_DECLARE_FINAL_TYPE (AcRunningTab, ac_running_tab, AC, RUNNING_TAB, GtkWidget)

void ac_running_tab_set_session (AcRunningTab *self, AcSession *session);
void ac_running_tab_refresh (AcRunningTab *self);
gint64 ac_running_tab_get_count (AcRunningTab *self);

G_END_DECLS
