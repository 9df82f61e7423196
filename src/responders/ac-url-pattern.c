/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libpsl.h>
#include <string.h>

#include "responders/ac-url-pattern.h"

/* A name below which everybody registers names of their own must not be blocked with all of them.
 */
static gboolean
check_domain (const char *host, GError **error)
{
  const psl_ctx_t *list = psl_builtin ();

  if (strchr (host, '.') != NULL &&
      (list == NULL || !psl_is_public_suffix2 (list, host, PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE)))
    return TRUE;
  g_set_error (error, AC_URL_ERROR, AC_URL_ERROR_INVALID,
               "“%s” is not a domain of somebody's own: everybody's names below it would be "
               "blocked. Block the host instead.",
               host);
  return FALSE;
}

static AcUrlPattern *
take_key (AcUrlScope scope, char *key)
{
  AcUrlPattern *pattern = g_new (AcUrlPattern, 1);

  pattern->scope = scope;
  pattern->key = key;
  return pattern;
}

/* “*.evil.test” is how people write a domain with all names below it. */
static const char *
skip_star (AcUrlScope scope, const char *url)
{
  if (scope == AC_URL_SCOPE_DOMAIN && g_str_has_prefix (url, "*."))
    return url + strlen ("*.");
  return url;
}

/**
 * ac_url_pattern_new:
 * @url: a URL as somebody wrote it; for a host or a domain its name is enough
 *
 * Returns: (transfer full): what is to be blocked, or %NULL with an AC_URL_ERROR that says why
 * there is no such thing.
 */
AcUrlPattern *
ac_url_pattern_new (AcUrlScope scope, const char *url, GError **error)
{
  g_autoptr (AcUrl) parsed = ac_url_parse_typed (skip_star (scope, url), error);

  if (parsed == NULL)
    return NULL;
  switch (scope)
    {
    case AC_URL_SCOPE_URL:
      return take_key (scope, ac_url_to_key (parsed, TRUE));
    case AC_URL_SCOPE_ANY_QUERY:
      return take_key (scope, ac_url_to_key (parsed, FALSE));
    case AC_URL_SCOPE_HOST:
      return take_key (scope, g_strdup (parsed->host));
    case AC_URL_SCOPE_DOMAIN:
      /* Nothing is below an address. */
      if (parsed->is_address)
        return take_key (AC_URL_SCOPE_HOST, g_strdup (parsed->host));
      if (!check_domain (parsed->host, error))
        return NULL;
      return take_key (scope, g_strdup (parsed->host));
    case AC_URL_SCOPE_UNKNOWN:
    default:
      g_set_error (error, AC_URL_ERROR, AC_URL_ERROR_INVALID,
                   "This service does not know the scope of the block.");
      return NULL;
    }
}

/* The host at the beginning of a key: its end, or NULL when there is none. */
static const char *
find_host_end (const char *key)
{
  const char *end = key[0] == '[' ? strchr (key, ']') : key + strcspn (key, ":/?");

  if (end == NULL || end == key)
    return NULL;
  return key[0] == '[' ? end + 1 : end;
}

/**
 * ac_url_pattern_new_from_key:
 * @key: as a pattern held it before
 *
 * Looks only whether @key has the parts of one. It is not read anew, because another version of the
 * tables of international names may not take a name any more that is blocked.
 *
 * Returns: (transfer full) (nullable): the same pattern, or %NULL when @key is none.
 */
AcUrlPattern *
ac_url_pattern_new_from_key (AcUrlScope scope, const char *key)
{
  gboolean is_host_wide = scope == AC_URL_SCOPE_HOST || scope == AC_URL_SCOPE_DOMAIN;
  const char *end = find_host_end (key);

  for (const char *at = key; *at != '\0'; at++)
    if (!g_ascii_isgraph (*at))
      return NULL;
  if (end == NULL || (is_host_wide ? *end != '\0' : strchr (end, '/') == NULL))
    return NULL;
  return take_key (scope, g_strdup (key));
}

AcUrlPattern *
ac_url_pattern_copy (const AcUrlPattern *pattern)
{
  return take_key (pattern->scope, g_strdup (pattern->key));
}

void
ac_url_pattern_free (AcUrlPattern *pattern)
{
  if (pattern == NULL)
    return;
  g_free (pattern->key);
  g_free (pattern);
}

/**
 * ac_url_host_parent:
 *
 * Returns: (nullable): the name above @host, within @host.
 */
const char *
ac_url_host_parent (const char *host)
{
  const char *dot = host[0] != '[' ? strchr (host, '.') : NULL;

  return dot != NULL ? dot + 1 : NULL;
}

/**
 * ac_url_pattern_matches_host:
 * @host: in its one spelling
 *
 * Returns: whether everything on @host is blocked by it.
 */
gboolean
ac_url_pattern_matches_host (const AcUrlPattern *pattern, const char *host)
{
  if (!ac_url_pattern_is_host_wide (pattern))
    return FALSE;
  if (strcmp (pattern->key, host) == 0)
    return TRUE;
  if (pattern->scope == AC_URL_SCOPE_DOMAIN)
    for (; host != NULL; host = ac_url_host_parent (host))
      if (strcmp (pattern->key, host) == 0)
        return TRUE;
  return FALSE;
}

/**
 * ac_url_pattern_matches:
 *
 * Returns: whether @url is blocked by it.
 */
gboolean
ac_url_pattern_matches (const AcUrlPattern *pattern, const AcUrl *url)
{
  g_autofree char *key = NULL;

  if (ac_url_pattern_is_host_wide (pattern))
    return ac_url_pattern_matches_host (pattern, url->host);
  key = ac_url_to_key (url, pattern->scope == AC_URL_SCOPE_URL);
  return strcmp (pattern->key, key) == 0;
}

/**
 * ac_url_pattern_get_host:
 *
 * Returns: (transfer full): the host that it is about.
 */
char *
ac_url_pattern_get_host (const AcUrlPattern *pattern)
{
  return g_strndup (pattern->key, (gsize)(find_host_end (pattern->key) - pattern->key));
}

/**
 * ac_url_pattern_covers:
 *
 * Returns: whether everything that @other blocks is blocked by @pattern too.
 */
gboolean
ac_url_pattern_covers (const AcUrlPattern *pattern, const AcUrlPattern *other)
{
  g_autofree char *host = NULL;

  if (pattern->scope == other->scope && strcmp (pattern->key, other->key) == 0)
    return TRUE;
  if (pattern->scope == AC_URL_SCOPE_URL)
    return FALSE;
  if (pattern->scope == AC_URL_SCOPE_ANY_QUERY)
    {
      gsize length = strlen (pattern->key);

      return other->scope == AC_URL_SCOPE_URL && strncmp (pattern->key, other->key, length) == 0 &&
             (other->key[length] == '\0' || other->key[length] == '?');
    }
  if (pattern->scope == AC_URL_SCOPE_HOST && other->scope == AC_URL_SCOPE_DOMAIN)
    return FALSE;
  host = ac_url_pattern_get_host (other);
  return ac_url_pattern_matches_host (pattern, host);
}

/**
 * ac_url_pattern_is_host_wide:
 *
 * Returns: whether it blocks whole hosts, so that a tunnel or a lookup of the name is enough to
 * tell.
 */
gboolean
ac_url_pattern_is_host_wide (const AcUrlPattern *pattern)
{
  return pattern->scope == AC_URL_SCOPE_HOST || pattern->scope == AC_URL_SCOPE_DOMAIN;
}
