/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be done with a list of results: what failed can be tried again, and the list be saved as
 * a file in the folder for downloads. It says where the file is, or why there is none.
 *
 * Signal: export (): the button was pressed; who listens calls ac_result_tools_export(). */
#pragma once

#include <gtk/gtk.h>

#include "client/ac-results-export.h"

G_BEGIN_DECLS

#define AC_TYPE_RESULT_TOOLS (ac_result_tools_get_type ())
G_DECLARE_FINAL_TYPE (AcResultTools, ac_result_tools, AC, RESULT_TOOLS, GtkWidget)

void
ac_result_tools_set_results (AcResultTools *self, guint n_results, guint n_failed, gboolean retry);
void ac_result_tools_forget (AcResultTools *self);
void ac_result_tools_export (AcResultTools *self,
                             AcApi *api,
                             AcAction *action,
                             const char *const *outcomes);
void ac_result_tools_export_items (AcResultTools *self,
                                   GPtrArray *items,
                                   GHashTable *names,
                                   const char *operation_id);

G_END_DECLS
