/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who a token belonged to when the service was last asked, so that a window can open on the mirror
 * of that person while the service cannot be asked. Kept beside the mirrors, under a digest of
 * address and token: neither of them can be read from it, and another token opens nothing. */
#pragma once

#include "client/ac-api.h"

G_BEGIN_DECLS

AcMe *ac_known_account_load_now (const char *folder, AcApi *api);
void ac_known_account_load_async (const char *folder,
                                  AcApi *api,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
AcMe *ac_known_account_load_finish (AcApi *api, GAsyncResult *result);
void ac_known_account_save (const char *folder, AcApi *api, const AcMe *me);

G_END_DECLS
