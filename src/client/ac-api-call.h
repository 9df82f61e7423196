/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One call of AcApi: what it asks, how its answer is read, and who is told. */
#pragma once

#include "client/ac-api.h"

G_BEGIN_DECLS

/* Makes the result of a call out of the answer's object. May run in a thread. */
typedef gpointer (*AcApiReadFunc) (JsonObject *object, GError **error);

GTask *ac_api_call_new (AcApi *api,
                        AcApiReadFunc read,
                        GDestroyNotify free_result,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);
void ac_api_call_get (GTask *call, const char *path);
void ac_api_call_get_once (GTask *call, const char *path);
void ac_api_call_post (GTask *call, const char *path, JsonObject *request, const char *key);
void ac_api_call_delete (GTask *call, const char *path);
gpointer ac_api_call_finish (AcApi *api, GAsyncResult *result, GError **error);

char *ac_api_call_path (const char *collection, const char *id);
void ac_api_call_add (GString *path, const char *name, const char *value);

G_END_DECLS
