/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What came of an action, mailbox by mailbox, device by device or message by message, as a CSV file
 * (RFC 4180) with times in UTC. It asks the service for all messages of a cluster, not only for
 * those that somebody has looked at. */
#pragma once

#include "client/ac-api.h"

G_BEGIN_DECLS

void ac_results_export_async (AcApi *api,
                              AcAction *action,
                              const char *const *outcomes,
                              const char *folder,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
void ac_results_export_items_async (GPtrArray *items,
                                    GHashTable *names,
                                    const char *operation_id,
                                    const char *folder,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
char *ac_results_export_finish (GAsyncResult *result, guint64 *n_rows, GError **error);

G_END_DECLS
