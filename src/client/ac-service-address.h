/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The address of a service, as a person types it: https://host[:port], http:// on loopback only, or
 * unix:/path of a socket. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  char *text;        /* canonical; the key under which the token is stored */
  char *base_uri;    /* without a slash at the end; http://localhost for a socket */
  char *socket_path; /* nullable: of a Unix socket */
  gboolean is_local; /* nothing that is said to it leaves the machine */
} AcServiceAddress;

AcServiceAddress *ac_service_address_parse (const char *text, GError **error);
void ac_service_address_free (AcServiceAddress *address);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcServiceAddress, ac_service_address_free)

G_END_DECLS
