/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls of the API that a list of actions needs besides its pages: what it can be filtered by, and
 * what is under way. As those of ac-api.h. */
#pragma once

#include "client/ac-api.h"
#include "client/ac-filter-values.h"

G_BEGIN_DECLS

void ac_api_list_values_async (AcApi *self,
                               AcActionQuery *query,
                               AcFilter filter,
                               const char *contains,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
AcFilterValues *ac_api_list_values_finish (AcApi *self, GAsyncResult *result, GError **error);

/* GET /operations */
typedef struct
{
  GPtrArray *operations; /* of AcOperation, without items; the latest first */
  guint64 total;
} AcOperationPage;

void ac_operation_page_free (AcOperationPage *page);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcOperationPage, ac_operation_page_free)

void ac_api_list_running_async (AcApi *self,
                                guint limit,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
AcOperationPage *ac_api_list_running_finish (AcApi *self, GAsyncResult *result, GError **error);

G_END_DECLS
