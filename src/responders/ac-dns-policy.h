/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A response policy zone (draft-vixie-dnsop-dns-rpz): names that DNS answers as if they did not
 * exist. Changes it by dynamic updates (RFC 2136) that are signed (TSIG, RFC 8945), and sees by a
 * lookup, as any client makes it, whether a name is blocked. Knows nothing of actions. */
#pragma once

#include "responders/ac-url-config.h"

G_BEGIN_DECLS

#define AC_DNS_ERROR (ac_dns_error_quark ())
typedef enum
{
  AC_DNS_ERROR_UNREACHABLE, /* no answer, or one that may be another one later */
  AC_DNS_ERROR_REFUSED,     /* key, rights or zone: somebody has to change something */
  AC_DNS_ERROR_OTHER_RULE,  /* the zone says something else about one of the names */
  AC_DNS_ERROR_NO_NAME,     /* DNS cannot hold such a name */
} AcDnsError;

GQuark ac_dns_error_quark (void);

gboolean ac_dns_policy_can_hold (const char *name, const char *zone);
gboolean ac_dns_policy_add (const AcUrlConfig *config,
                            const char *const *names,
                            GCancellable *cancellable,
                            GError **error);
gboolean ac_dns_policy_remove (const AcUrlConfig *config,
                               const char *const *names,
                               GCancellable *cancellable,
                               GError **error);
gboolean ac_dns_policy_look_up (const AcUrlConfig *config,
                                const char *name,
                                gboolean *is_blocked,
                                GCancellable *cancellable,
                                GError **error);

G_END_DECLS
