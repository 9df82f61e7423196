/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The questions that a list and its flyout ask the mirror: keys in order, rows, counts, sums. Each
 * is answered in a reading thread from one state of the mirror. Private to this room. */
#pragma once

#include "client/ac-action-source.h"
#include "client/ac-mirror.h"

G_BEGIN_DECLS

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
                                const guint64 *keys,
                                gsize n_keys,
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
