/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The group [mail] of the service's configuration, read and checked once: which server, whose
 * certificate, whose password. */
#pragma once

#include "responders/ac-imap-connection.h"

G_BEGIN_DECLS

#define AC_MAIL_CONFIG_ERROR (ac_mail_config_error_quark ())
typedef enum
{
  AC_MAIL_CONFIG_ERROR_INVALID, /* the message names the key */
} AcMailConfigError;

GQuark ac_mail_config_error_quark (void);

typedef struct
{
  char *host;
  guint16 port;
  gboolean starttls;
  guint timeout;          /* seconds */
  GTlsDatabase *database; /* nullable: the system's authorities */
  char *recoverable;      /* the folder for what was soft-deleted, as on the wire */

  char *master_user;     /* nullable: each mailbox has a password of its own */
  char *master_password; /* nullable; secret */
  GHashTable *passwords; /* nullable; mailbox → password; secret */
} AcMailConfig;

AcMailConfig *ac_mail_config_new (GKeyFile *key_file, GError **error);
void ac_mail_config_free (AcMailConfig *config);
AcImapConnection *ac_mail_config_connect (const AcMailConfig *config,
                                          const char *mailbox,
                                          GCancellable *cancellable,
                                          GError **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcMailConfig, ac_mail_config_free)

G_END_DECLS
