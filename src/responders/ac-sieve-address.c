/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "responders/ac-sieve-address.h"

/* RFC 5322 atext, and what RFC 6531 adds: no blanks, quotes, comments or anything else that two
 * programs may read in two ways. */
static gboolean
is_plain_local_part (const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (text[i]) && (guchar)text[i] < 0x80 &&
        strchr (".!#$%&'*+-/=?^_`{|}~", text[i]) == NULL)
      return FALSE;
  return length > 0;
}

/**
 * ac_sieve_domain_normalize:
 * @domain: a domain as somebody has written it
 *
 * Returns: (transfer full) (nullable): the domain in small letters, in its form for the DNS,
 * without a dot at its end; %NULL: this is no domain.
 */
char *
ac_sieve_domain_normalize (const char *domain)
{
  g_autofree char *bare = g_strdup (domain);
  g_autofree char *ascii = NULL;
  gsize length = strlen (bare);

  if (length > 0 && bare[length - 1] == '.')
    bare[--length] = '\0';
  if (length == 0 || !g_utf8_validate (bare, -1, NULL))
    return NULL;
  ascii = g_hostname_to_ascii (bare);
  if (ascii == NULL || *ascii == '\0' || *ascii == '.' || strstr (ascii, "..") != NULL)
    return NULL;
  for (char *at = ascii; *at != '\0'; at++)
    {
      if (!g_ascii_isalnum (*at) && *at != '-' && *at != '.')
        return NULL;
      *at = g_ascii_tolower (*at);
    }
  return g_steal_pointer (&ascii);
}

/* Whether what stands before “<” is a name, with or without quotes, and surely nothing else. */
static gboolean
is_plain_name (const char *text, gsize length)
{
  g_autofree char *name = g_strstrip (g_strndup (text, length));
  gsize n = strlen (name);
  gboolean quoted = n >= 2 && name[0] == '"' && name[n - 1] == '"';

  for (gsize i = quoted; i < n - quoted; i++)
    if (!g_ascii_isalnum (name[i]) && (guchar)name[i] < 0x80 &&
        strchr (quoted ? " .,;:'()-_&/+!" : " .'-_", name[i]) == NULL)
      return FALSE;
  return TRUE;
}

/* The address itself in “Name <address>” and between blanks; NULL: there may be two. */
static char *
strip_name (const char *text)
{
  g_autofree char *address = g_strstrip (g_strdup (text));
  gsize length = strlen (address);
  char *open = strchr (address, '<');

  if (open == NULL)
    return g_steal_pointer (&address);
  if (address[length - 1] != '>' || strchr (address, '>') != address + length - 1 ||
      !is_plain_name (address, (gsize)(open - address)))
    return NULL;
  address[length - 1] = '\0';
  return g_strdup (open + 1);
}

/**
 * ac_sieve_address_is_inside:
 * @address: as it stands in a script
 * @domains: (array zero-terminated=1): normalized domains, “*.” before those whose subdomains count
 *
 * Returns: whether the address is one of the organisation's beyond doubt.
 */
gboolean
ac_sieve_address_is_inside (const char *address, const char *const *domains)
{
  g_autofree char *bare = strip_name (address);
  g_autofree char *domain = NULL;
  const char *at = bare != NULL ? strchr (bare, '@') : NULL;

  if (at == NULL || !is_plain_local_part (bare, (gsize)(at - bare)))
    return FALSE;
  domain = ac_sieve_domain_normalize (at + 1);
  if (domain == NULL)
    return FALSE;
  for (guint i = 0; domains[i] != NULL; i++)
    {
      if (g_str_has_prefix (domains[i], "*."))
        {
          if (strlen (domain) > strlen (domains[i]) - 1 &&
              g_str_has_suffix (domain, domains[i] + 1))
            return TRUE;
        }
      else if (g_str_equal (domain, domains[i]))
        return TRUE;
    }
  return FALSE;
}
