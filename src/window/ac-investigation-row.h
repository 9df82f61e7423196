/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One investigation in the list of investigations. */
#pragma once

#include <gtk/gtk.h>

#include "model/ac-investigation.h"

G_BEGIN_DECLS

#define AC_TYPE_INVESTIGATION_ROW (ac_investigation_row_get_type ())
G_DECLARE_FINAL_TYPE (AcInvestigationRow,
                      ac_investigation_row,
                      AC,
                      INVESTIGATION_ROW,
                      GtkListBoxRow)

GtkWidget *ac_investigation_row_new (AcInvestigation *investigation);

G_END_DECLS
