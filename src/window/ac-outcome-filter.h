/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A button with a menu that chooses of which outcome results are shown, with how many there are of
 * each. It filters nothing itself.
 *
 * Property: outcome (string: the spelling of the wire; "" for all; AC_OUTCOME_FILTER_NOT_DONE). */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Whatever was not done: failed, not remediable, in conflict. */
#define AC_OUTCOME_FILTER_NOT_DONE "not-done"

#define AC_TYPE_OUTCOME_FILTER (ac_outcome_filter_get_type ())
G_DECLARE_FINAL_TYPE (AcOutcomeFilter, ac_outcome_filter, AC, OUTCOME_FILTER, GtkWidget)

void
ac_outcome_filter_set_counts (AcOutcomeFilter *self, const char *action_type, GHashTable *counts);
guint ac_outcome_filter_get_n_not_done (AcOutcomeFilter *self);
void ac_outcome_filter_set_outcome (AcOutcomeFilter *self, const char *outcome);
const char *ac_outcome_filter_get_outcome (AcOutcomeFilter *self);
gboolean ac_outcome_filter_matches (AcOutcomeFilter *self, const char *outcome);
const char *const *ac_outcome_filter_get_outcomes (AcOutcomeFilter *self);

G_END_DECLS
