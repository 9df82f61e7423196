/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of a selection a person has proposed and may therefore not approve, where the service asks
 * for a second person. A source sums many actions up without loading one; who has proposed each is
 * only in the actions themselves, so these are loaded, some at a time. */
#pragma once

#include "client/ac-action-source.h"

G_BEGIN_DECLS

void ac_own_proposals_summarize_async (AcActionSource *source,
                                       GArray *keys,
                                       const char *person,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
AcActionSummary *
ac_own_proposals_summarize_finish (AcActionSource *source, GAsyncResult *result, GError **error);

void ac_own_proposals_leave_out_async (AcActionSource *source,
                                       GArray *keys,
                                       const char *person,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
GArray *
ac_own_proposals_leave_out_finish (AcActionSource *source, GAsyncResult *result, GError **error);

G_END_DECLS
