/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks how and where actions are to be exported, does it, shows how far it is, and says where the
 * files are. Closing it while it works cancels the export. */
#pragma once

#include <adwaita.h>

#include "client/ac-action-source.h"
#include "client/ac-api.h"

G_BEGIN_DECLS

#define AC_TYPE_EXPORT_WINDOW (ac_export_window_get_type ())
G_DECLARE_FINAL_TYPE (AcExportWindow, ac_export_window, AC, EXPORT_WINDOW, AdwWindow)

GtkWindow *ac_export_window_new (GtkWindow *parent,
                                 AcActionSource *source,
                                 AcActionQuery *query,
                                 guint64 n_found,
                                 GArray *selected,
                                 AcApi *api);

G_END_DECLS
