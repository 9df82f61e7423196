/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lists can be filtered by, counted in the mirror: as GET /actions/filters answers it. Private
 * to this room. */
#pragma once

#include "client/ac-filter-values.h"
#include "client/ac-mirror.h"

G_BEGIN_DECLS

void ac_mirror_load_values_async (AcMirror *mirror,
                                  AcActionQuery *query,
                                  AcFilter filter,
                                  const char *contains,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);

G_END_DECLS
