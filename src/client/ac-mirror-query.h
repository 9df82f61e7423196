/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The questions that a list and its flyout ask the mirror: keys in order, rows, counts, sums. Each
 * is answered in a reading thread from one state of the mirror; only the first page is read by the
 * thread that opens it. Private to this room, but for ac_mirror_open_at_async(). */
#pragma once

#include "client/ac-action-source.h"
#include "client/ac-mirror.h"

G_BEGIN_DECLS

void ac_mirror_open_at_async (const char *folder,
                              const char *address,
                              const char *account,
                              AcActionQuery *query,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
GPtrArray *ac_mirror_read_rows (AcSql *sql,
                                const guint64 *keys,
                                gsize n_keys,
                                GCancellable *cancellable,
                                GError **error);
void ac_mirror_load_keys_async (AcMirror *mirror,
                                AcActionQuery *query,
                                AcKeysProgress progress,
                                gpointer progress_data,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
void ac_mirror_count_async (AcMirror *mirror,
                            AcActionQuery *query,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
void ac_mirror_load_rows_async (AcMirror *mirror,
                                const guint64 *keys,
                                gsize n_keys,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
void ac_mirror_load_ids_async (AcMirror *mirror,
                               const guint64 *keys,
                               gsize n_keys,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
void ac_mirror_find_key_async (AcMirror *mirror,
                               const char *id,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
void ac_mirror_summarize_async (AcMirror *mirror,
                                GArray *keys,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
void ac_mirror_narrow_async (AcMirror *mirror,
                             const guint64 *keys,
                             gsize n_keys,
                             const char *type,
                             AcDecision decision,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);

G_END_DECLS
