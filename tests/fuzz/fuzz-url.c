/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a URL: what can be read has one spelling, which is read as itself, and blocks itself
 * in every scope that it may be blocked in. */
#include "config.h"

#include <string.h>

#include "responders/ac-url-pattern.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
check_spelling (const AcUrl *url)
{
  g_autofree char *key = ac_url_to_key (url, TRUE);
  g_autofree char *spelled = g_strconcat ("http://", key, NULL);
  g_autofree char *second = NULL;
  g_autoptr (AcUrl) again = ac_url_parse (spelled, -1, NULL);

  g_assert (again != NULL);
  second = ac_url_to_key (again, TRUE);
  /* Port 80 of another scheme than http is the one thing that the key cannot say by itself. */
  g_assert (strcmp (key, second) == 0 || url->port == 80);
  for (const char *at = key; *at != '\0'; at++)
    g_assert (*at > ' ' && *at < 0x7f);
}

static void
check_scopes (const char *text, const AcUrl *url)
{
  g_autoptr (AcUrlPattern) one = NULL;

  for (AcUrlScope scope = AC_URL_SCOPE_URL; scope <= AC_URL_SCOPE_DOMAIN; scope++)
    {
      g_autoptr (AcUrlPattern) pattern = ac_url_pattern_new (scope, text, NULL);
      g_autoptr (AcUrlPattern) again = NULL;
      g_autofree char *host = NULL;

      if (pattern == NULL)
        {
          /* A star before a domain, or the name of a public suffix. */
          g_assert (scope == AC_URL_SCOPE_DOMAIN);
          continue;
        }
      again = ac_url_pattern_new_from_key (pattern->scope, pattern->key);
      g_assert (again != NULL);
      host = ac_url_pattern_get_host (pattern);
      g_assert (strcmp (host, url->host) == 0 || scope == AC_URL_SCOPE_DOMAIN);
      if (strcmp (host, url->host) == 0)
        g_assert (ac_url_pattern_matches (pattern, url));
      if (one == NULL)
        one = ac_url_pattern_copy (pattern);
      g_assert (ac_url_pattern_covers (pattern, pattern));
      g_assert (scope == AC_URL_SCOPE_DOMAIN || ac_url_pattern_covers (pattern, one));
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (AcUrl) url = ac_url_parse ((const char *)data, (gssize)size, NULL);
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_autofree char *host = ac_url_parse_authority (text, -1, NULL);
  g_autoptr (AcUrl) typed = ac_url_parse_typed (text, NULL);

  if (url != NULL)
    check_spelling (url);
  if (typed != NULL)
    {
      check_spelling (typed);
      check_scopes (text, typed);
    }
  return 0;
}
