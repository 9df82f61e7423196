/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Takes action on messages that the Explorer has found, in steps: what to do on which messages;
 * what it is called and who decides; a review with the scope in numbers, what is not touched and
 * what undo brings back; and what came of it. Nothing is sent before the review was seen. */
#pragma once

#include <adwaita.h>

#include "client/ac-message-search.h"
#include "window/ac-session.h"

G_BEGIN_DECLS

#define AC_TYPE_TAKE_ACTION_WINDOW (ac_take_action_window_get_type ())
G_DECLARE_FINAL_TYPE (AcTakeActionWindow, ac_take_action_window, AC, TAKE_ACTION_WINDOW, AdwWindow)

GtkWindow *ac_take_action_window_new (GtkWindow *parent,
                                      AcSession *session,
                                      GPtrArray *messages,
                                      AcMessageSearch *search);

G_END_DECLS
