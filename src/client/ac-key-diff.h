/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How one array of keys becomes another with as few rows touched as possible. Plain functions
 * without state; they may run in a thread. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* At @position, after all changes before this one, @removed keys go and @added come. */
typedef struct
{
  guint position;
  guint removed;
  guint added;
} AcKeyChange;

/* Beyond so many changes one that spans them all is cheaper for whoever listens. */
#define AC_KEY_DIFF_MAX_CHANGES 250

GArray *ac_key_diff (const guint64 *before, guint n_before, const guint64 *after, guint n_after);
GArray *
ac_key_diff_coarse (const guint64 *before, guint n_before, const guint64 *after, guint n_after);
void ac_key_diff_async (GObject *object,
                        GArray *before,
                        GArray *after,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);
GArray *ac_key_diff_finish (GAsyncResult *result, GArray **before, GArray **after);

G_END_DECLS
