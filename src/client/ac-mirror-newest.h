/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The actions that have come into the mirror behind a key, in the order in which they came. A key is
 * never given twice and grows from action to action, so what is new is known without a clock and
 * without remembering what is old. */
#pragma once

#include "client/ac-mirror.h"
#include "model/ac-action.h"

G_BEGIN_DECLS

typedef struct
{
  guint64 last;       /* the greatest key looked at; where the next question begins */
  gboolean more;      /* there may be others behind it */
  GArray *keys;       /* guint64 */
  GPtrArray *actions; /* of AcAction, one for each key */
} AcNewestActions;

void ac_newest_actions_free (AcNewestActions *newest);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcNewestActions, ac_newest_actions_free)

void ac_mirror_load_newest_async (AcMirror *mirror,
                                  guint64 after,
                                  guint limit,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
AcNewestActions *
ac_mirror_load_newest_finish (AcMirror *mirror, GAsyncResult *result, GError **error);

G_END_DECLS
