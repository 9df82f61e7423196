/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes actions into files: exactly those that a query finds, or those that are named, in its
 * order. A file appears under its name when it is whole; one that is there already is never
 * touched, the new one gets a number. A file holds at most AC_EXPORT_MOST_ROWS actions; the others
 * follow in further ones.
 *
 * Everything is asynchronous and can be cancelled; then the file that was being written is not
 * there. */
#pragma once

#include "client/ac-action-source.h"
#include "client/ac-export-format.h"

G_BEGIN_DECLS

#define AC_EXPORT_MOST_ROWS 100000

#define AC_TYPE_EXPORT (ac_export_get_type ())
G_DECLARE_FINAL_TYPE (AcExport, ac_export, AC, EXPORT, GObject)

typedef void (*AcExportProgress) (guint64 done, guint64 total, gpointer user_data);

AcExport *
ac_export_new (AcActionSource *source, AcExportFormat format, const char *folder, const char *name);
void ac_export_set_progress (AcExport *self, AcExportProgress progress, gpointer user_data);
void ac_export_set_most_rows (AcExport *self, guint most_rows);
void ac_export_run_async (AcExport *self,
                          AcActionQuery *query,
                          GArray *keys,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
GStrv ac_export_run_finish (AcExport *self, GAsyncResult *result, guint64 *n, GError **error);

G_END_DECLS
