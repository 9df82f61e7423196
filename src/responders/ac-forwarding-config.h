/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The group [forwarding] of the service's configuration, read and checked once: which ManageSieve
 * server, and which domains are the organisation's. */
#pragma once

#include "responders/ac-server-account.h"
#include "responders/ac-sieve-connection.h"

G_BEGIN_DECLS

typedef struct
{
  AcServerAccount account;
  GStrv domains;     /* normalized; “*.” before those whose subdomains count */
  guint64 retry;     /* seconds after the decision for which what may pass is tried again */
  char *script_name; /* what the script without forwarding is called */
} AcForwardingConfig;

AcForwardingConfig *ac_forwarding_config_new (GKeyFile *key_file, GError **error);
void ac_forwarding_config_free (AcForwardingConfig *config);
AcSieveConnection *ac_forwarding_config_connect (const AcForwardingConfig *config,
                                                 const char *mailbox,
                                                 GCancellable *cancellable,
                                                 GError **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcForwardingConfig, ac_forwarding_config_free)

G_END_DECLS
