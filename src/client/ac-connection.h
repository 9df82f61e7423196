/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which service to speak to, and the token for it. Address, name and CA file are plain properties
 * that the window binds to its settings; the token lives in the Secret Service, or, where there is
 * none, in this object for as long as the program runs, and token-storage says which. The token is
 * never a property: nothing can bind, print or save it by accident. */
#pragma once

#include "client/ac-api.h"

G_BEGIN_DECLS

#define AC_TYPE_TOKEN_STORAGE (ac_token_storage_get_type ())
typedef enum
{
  AC_TOKEN_STORAGE_NONE,           /* no token is known */
  AC_TOKEN_STORAGE_THIS_RUN,       /* kept until the program ends: no Secret Service is there */
  AC_TOKEN_STORAGE_SECRET_SERVICE, /* kept in the person's keyring */
} AcTokenStorage;

GType ac_token_storage_get_type (void);

/* Properties: address, name, ca-file (strings, nullable, writable), token-storage (read-only). */
#define AC_TYPE_CONNECTION (ac_connection_get_type ())
G_DECLARE_FINAL_TYPE (AcConnection, ac_connection, AC, CONNECTION, GObject)

AcConnection *ac_connection_new (void);
const char *ac_connection_get_address (AcConnection *self);
void ac_connection_set_address (AcConnection *self, const char *address);
const char *ac_connection_get_name (AcConnection *self);
void ac_connection_set_name (AcConnection *self, const char *name);
const char *ac_connection_get_ca_file (AcConnection *self);
void ac_connection_set_ca_file (AcConnection *self, const char *path);
AcTokenStorage ac_connection_get_token_storage (AcConnection *self);

void ac_connection_set_token_for_this_run (AcConnection *self, const char *token);

void ac_connection_store_token_async (AcConnection *self,
                                      const char *token,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
gboolean
ac_connection_store_token_finish (AcConnection *self, GAsyncResult *result, GError **error);

void ac_connection_lookup_token_async (AcConnection *self,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
char *ac_connection_lookup_token_finish (AcConnection *self, GAsyncResult *result, GError **error);

void ac_connection_clear_token_async (AcConnection *self,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
gboolean
ac_connection_clear_token_finish (AcConnection *self, GAsyncResult *result, GError **error);

AcApi *ac_connection_prepare_now (AcConnection *self);
void ac_connection_prepare_async (AcConnection *self,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
AcApi *ac_connection_prepare_finish (AcConnection *self, GAsyncResult *result, GError **error);

void ac_connection_open_async (AcConnection *self,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
AcApi *
ac_connection_open_finish (AcConnection *self, GAsyncResult *result, AcMe **me, GError **error);

G_END_DECLS
