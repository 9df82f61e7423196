/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One connection to a ManageSieve server (RFC 5804): STARTTLS, login, and one command at a time.
 *
 * Its calls block, and belong into a worker thread, as those of the IMAP connection do. */
#pragma once

#include "responders/ac-server-stream.h"
#include "responders/ac-sieve-response.h"

G_BEGIN_DECLS

typedef struct _AcSieveConnection AcSieveConnection;

/* A script of the mailbox. */
typedef struct
{
  char *name;
  gboolean is_active;
} AcSieveListed;

AcSieveConnection *ac_sieve_connection_open (const AcServerEndpoint *endpoint,
                                             GCancellable *cancellable,
                                             GError **error);
void ac_sieve_connection_free (AcSieveConnection *self);
gboolean ac_sieve_connection_login (AcSieveConnection *self,
                                    const char *acting_for,
                                    const char *user,
                                    const char *password,
                                    GError **error);
GPtrArray *ac_sieve_connection_list (AcSieveConnection *self, GError **error);
GBytes *ac_sieve_connection_get (AcSieveConnection *self, const char *name, GError **error);
gboolean ac_sieve_connection_check (AcSieveConnection *self, GBytes *script, GError **error);
gboolean
ac_sieve_connection_put (AcSieveConnection *self, const char *name, GBytes *script, GError **error);
gboolean ac_sieve_connection_activate (AcSieveConnection *self, const char *name, GError **error);
gboolean ac_sieve_connection_delete (AcSieveConnection *self, const char *name, GError **error);
gboolean ac_sieve_connection_synchronize (AcSieveConnection *self, GError **error);
gboolean ac_sieve_connection_is_lost (AcSieveConnection *self);
void ac_sieve_connection_log_out (AcSieveConnection *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcSieveConnection, ac_sieve_connection_free)

G_END_DECLS
