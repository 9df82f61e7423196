/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tells addresses of the organisation from all others. In doubt an address is not one of the
 * organisation's. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *ac_sieve_domain_normalize (const char *domain);
gboolean ac_sieve_address_is_inside (const char *address, const char *const *domains);

G_END_DECLS
