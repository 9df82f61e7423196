/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys that the groups [mail] and [forwarding] of the service's configuration have in common,
 * read and checked once: where the server is, whose certificate it has, and how to log in for a
 * mailbox. */
#pragma once

#include "responders/ac-server-stream.h"

G_BEGIN_DECLS

#define AC_SERVER_ACCOUNT_ERROR (ac_server_account_error_quark ())
typedef enum
{
  AC_SERVER_ACCOUNT_ERROR_INVALID, /* the message names the key */
} AcServerAccountError;

GQuark ac_server_account_error_quark (void);

/* What “server” may say. */
typedef struct
{
  const char *tls_scheme; /* nullable: none with TLS from the first byte */
  const char *starttls_scheme;
  guint16 tls_port; /* where none is named */
  guint16 starttls_port;
  const char *example; /* for people */
} AcServerSchemes;

typedef struct
{
  const char *group; /* not owned */
  char *host;
  guint16 port;
  gboolean starttls;
  guint timeout;          /* seconds */
  GTlsDatabase *database; /* nullable: the system's authorities */

  char *master_user;     /* nullable: each mailbox has a password of its own */
  char *master_password; /* nullable; secret */
  GHashTable *passwords; /* nullable; mailbox → password; secret */
} AcServerAccount;

/* How to log in for a mailbox; of the account. */
typedef struct
{
  const char *acting_for; /* nullable: the user's own mailbox */
  const char *user;
  const char *password;
} AcServerLogin;

gboolean ac_server_account_read (AcServerAccount *account,
                                 GKeyFile *key_file,
                                 const char *group,
                                 const AcServerSchemes *schemes,
                                 GError **error);
void ac_server_account_clear (AcServerAccount *account);
void ac_server_account_get_endpoint (const AcServerAccount *account, AcServerEndpoint *endpoint);
gboolean ac_server_account_get_login (const AcServerAccount *account,
                                      const char *mailbox,
                                      AcServerLogin *login);

gboolean ac_server_account_read_text (GKeyFile *key_file,
                                      const char *group,
                                      const char *key,
                                      gboolean required,
                                      char **value,
                                      GError **error);
gboolean ac_server_account_invalid (GError **error,
                                    const char *group,
                                    const char *key,
                                    const char *format,
                                    ...) G_GNUC_PRINTF (4, 5);

G_END_DECLS
