/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The group [url] of the service's configuration, read and checked. Knows where blocks are
 * enforced, and does not ask whether anybody is there. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define AC_URL_CONFIG_ERROR (ac_url_config_error_quark ())
typedef enum
{
  AC_URL_CONFIG_ERROR_INVALID,
} AcUrlConfigError;

GQuark ac_url_config_error_quark (void);

typedef struct
{
  char *list;        /* path of the block list */
  guint expire_days; /* of a block whose action names no time; 0: never */
  guint retry;       /* seconds after the decision for which what may pass is tried again */
  gboolean has_dns;  /* whether there is a policy zone; the rest only then */
  char *dns_server;  /* address that takes updates, for nsupdate */
  guint16 dns_port;
  char *dns_zone; /* without a dot at its end */
  char *dns_key_file;
  GSocketAddress *dns_resolver; /* that is asked whether a name is blocked */
  guint dns_timeout;            /* seconds */
} AcUrlConfig;

AcUrlConfig *ac_url_config_new (GKeyFile *key_file, GError **error);
void ac_url_config_free (AcUrlConfig *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcUrlConfig, ac_url_config_free)

G_END_DECLS
