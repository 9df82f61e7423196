/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tells the service that actions were written into a file, so that its audit log says who took what
 * along. */
#pragma once

#include "client/ac-action-query.h"
#include "client/ac-api.h"
#include "client/ac-export-format.h"

G_BEGIN_DECLS

void ac_export_note_async (AcApi *api,
                           AcExportFormat format,
                           guint64 n_actions,
                           AcActionQuery *query,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
gboolean ac_export_note_finish (AcApi *api, GAsyncResult *result, GError **error);

G_END_DECLS
