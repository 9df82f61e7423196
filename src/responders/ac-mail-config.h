/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The group [mail] of the service's configuration, read and checked once: which server, whose
 * certificate, whose password. */
#pragma once

#include "responders/ac-imap-connection.h"
#include "responders/ac-server-account.h"

G_BEGIN_DECLS

typedef struct
{
  AcServerAccount account;
  char *mailboxes_file;  /* nullable: lists all mailboxes; read anew each time */
  char *quarantine_user; /* nullable: the account for what is in quarantine */
  char *recoverable;     /* the folder for what was soft-deleted, as on the wire */
} AcMailConfig;

AcMailConfig *ac_mail_config_new (GKeyFile *key_file, GError **error);
GStrv ac_mail_config_list_mailboxes (const AcMailConfig *config, GError **error);
void ac_mail_config_free (AcMailConfig *config);
AcImapConnection *ac_mail_config_connect (const AcMailConfig *config,
                                          const char *mailbox,
                                          GCancellable *cancellable,
                                          GError **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcMailConfig, ac_mail_config_free)

G_END_DECLS
