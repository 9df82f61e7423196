/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks for which mailboxes or devices an action is to be undone: all are ticked at first, each says
 * what was done there, and the sentence below says in numbers what is undone and what is left. It
 * decides nothing; it says what the person wants.
 *
 * Signal: decide (AcDecision as uint, GStrv assets, string comment). */
#pragma once

#include <adwaita.h>

#include "model/ac-action.h"

G_BEGIN_DECLS

#define AC_TYPE_UNDO_WINDOW (ac_undo_window_get_type ())
G_DECLARE_FINAL_TYPE (AcUndoWindow, ac_undo_window, AC, UNDO_WINDOW, AdwWindow)

AcUndoWindow *
ac_undo_window_new (GtkWindow *parent, AcAction *action, AcDecision decision, const char *comment);

G_END_DECLS
