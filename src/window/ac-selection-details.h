/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What several selected actions share, for the flyout, and ways to select fewer of them.
 *
 * Signals: narrow-to-type (string: raw), narrow-to-decision (AcDecision as uint). */
#pragma once

#include <gtk/gtk.h>

#include "client/ac-action-summary.h"

G_BEGIN_DECLS

#define AC_TYPE_SELECTION_DETAILS (ac_selection_details_get_type ())
G_DECLARE_FINAL_TYPE (AcSelectionDetails, ac_selection_details, AC, SELECTION_DETAILS, GtkWidget)

void ac_selection_details_set_summary (AcSelectionDetails *self, const AcActionSummary *summary);

G_END_DECLS
