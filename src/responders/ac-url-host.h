/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The host of a URL in its one spelling, as the URL standard has it (url.spec.whatwg.org, “host
 * parsing”): names in lower case and ASCII (UTS #46), IPv4 in four decimal parts, IPv6 compressed
 * and in brackets. Beyond the standard, for a host means the same without it: no dot at the end,
 * and an IPv4 address for one that is mapped into IPv6. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *ac_url_host_parse (const char *text, gsize length, gboolean *is_address);

G_END_DECLS
