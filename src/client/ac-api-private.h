/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of AcApi only this room and its tests use. */
#pragma once

#include "client/ac-api.h"
#include "client/ac-transport.h"

G_BEGIN_DECLS

AcApi *ac_api_new_with_patience (const char *address,
                                 const char *token,
                                 const char *ca_file,
                                 const AcPatience *patience,
                                 GError **error);
AcTransport *ac_api_get_transport (AcApi *self);

/* Makes the result of a call out of the answer's object. May run in a thread. */
typedef gpointer (*AcApiReadFunc) (JsonObject *object, gboolean flag, GError **error);

void ac_api_get_async (AcApi *self,
                       const char *path,
                       AcApiReadFunc read,
                       gboolean flag,
                       GDestroyNotify free_result,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data);
gpointer ac_api_get_finish (AcApi *self, GAsyncResult *result, GError **error);

G_END_DECLS
