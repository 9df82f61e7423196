/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The foot of the flyout: what may be decided, what it would do, a comment, and the buttons. It
 * decides nothing; it says what the person wants.
 *
 * Signals: decide (AcDecision as uint, string comment); undo-some (the same): it is to be chosen for
 * which of the assets. */
#pragma once

#include <gtk/gtk.h>

#include "window/ac-choices.h"

G_BEGIN_DECLS

#define AC_TYPE_DECISION_BAR (ac_decision_bar_get_type ())
G_DECLARE_FINAL_TYPE (AcDecisionBar, ac_decision_bar, AC, DECISION_BAR, GtkWidget)

void ac_decision_bar_set_choices (AcDecisionBar *self, AcChoices *choices);
void ac_decision_bar_set_progress (AcDecisionBar *self, const char *text, double fraction);
void ac_decision_bar_leave_progress (AcDecisionBar *self);
void ac_decision_bar_set_error (AcDecisionBar *self, const char *text);
void ac_decision_bar_set_confirmation (AcDecisionBar *self, const char *text);
void ac_decision_bar_set_n_actions (AcDecisionBar *self, guint n);
void ac_decision_bar_set_investigation (AcDecisionBar *self, const char *investigation_id);
void ac_decision_bar_set_instances (AcDecisionBar *self, guint64 n);
void ac_decision_bar_clear_comment (AcDecisionBar *self);
gboolean ac_decision_bar_focus_comment (AcDecisionBar *self);
gboolean ac_decision_bar_focus (AcDecisionBar *self, AcDecision decision);

G_END_DECLS
