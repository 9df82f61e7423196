/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window: the navigation pane, the pages, and the toast after a decision.
 *
 * Property: navigation-shown (boolean). */
#pragma once

#include <adwaita.h>

#include "model/ac-mail-query.h"
#include "window/ac-decisions.h"

G_BEGIN_DECLS

#define AC_TYPE_WINDOW (ac_window_get_type ())
G_DECLARE_FINAL_TYPE (AcWindow, ac_window, AC, WINDOW, AdwApplicationWindow)

AcWindow *ac_window_new (GtkApplication *application, AcSession *session, GSettings *settings);
void ac_window_set_remember_connection (AcWindow *self, gboolean remember);
void ac_window_ask_for_connection (AcWindow *self);
void ac_window_explore (AcWindow *self, const AcMailQuery *query);
void ac_window_report (AcWindow *self, AcAction *action);
void ac_window_open_link (AcWindow *self, const char *uri);
void ac_window_open_action (AcWindow *self, const char *id, AcDecision decision);
void ac_window_search (AcWindow *self, const char *text);
gboolean ac_window_get_shows_pending (AcWindow *self);

G_END_DECLS
