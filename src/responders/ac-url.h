/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A URL of the web in its one spelling, so that two spellings of the same URL become equal text.
 *
 * It is read as the URL standard says (url.spec.whatwg.org, “basic URL parser”, special schemes,
 * no base), because that is what a browser does with a link before it clicks. Beyond that,
 * spellings that servers take for the same are made the same: percent-encoding that is not needed
 * (RFC 3986 §6.2.2.2), slashes that follow each other, an empty query. The scheme, user and
 * password and the fragment do not count: http and https are the same page to whoever clicks. It
 * never decides what is blocked. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define AC_URL_ERROR (ac_url_error_quark ())
typedef enum
{
  AC_URL_ERROR_OTHER_SCHEME, /* an address, but none that a click through proxy or DNS goes to */
  AC_URL_ERROR_INVALID,
} AcUrlError;

GQuark ac_url_error_quark (void);

typedef struct
{
  char *host; /* ASCII, lower case; an IPv6 address in brackets */
  gboolean is_address;
  guint16 port; /* 0: that of the scheme */
  char *path;   /* begins with "/" */
  char *query;  /* nullable, never empty */
} AcUrl;

AcUrl *ac_url_parse (const char *text, gssize length, GError **error);
AcUrl *ac_url_parse_typed (const char *text, GError **error);
char *ac_url_parse_authority (const char *text, gssize length, GError **error);
char *ac_url_to_key (const AcUrl *url, gboolean with_query);
void ac_url_free (AcUrl *url);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcUrl, ac_url_free)

G_END_DECLS
