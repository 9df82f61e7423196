/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "responders/ac-url-host.h"
#include "responders/ac-url.h"

/* Longer than any proxy and any browser takes. */
#define MAX_URL (256 * 1024)

/* What needs no percent-encoding (RFC 3986 §2.2, §2.3), in a path and in a query. */
#define UNRESERVED "-._~"
#define PLAIN_IN_PATH UNRESERVED "!$&'()*+,;=:@"
#define PLAIN_IN_QUERY UNRESERVED "!$'()*,:@/?"
/* In a query these part it when they are plain, and do not when they are encoded. */
#define DELIMITERS_IN_QUERY "&=+;"

typedef struct
{
  const char *scheme;
  guint16 port;
} Scheme;

static const Scheme schemes[] = {
  { "http", 80 }, { "https", 443 }, { "ws", 80 }, { "wss", 443 }, { "ftp", 21 },
};

G_DEFINE_QUARK (ac - url - error - quark, ac_url_error)

static gboolean
invalid (GError **error, const char *what)
{
  g_set_error (error, AC_URL_ERROR, AC_URL_ERROR_INVALID, "This is not a URL: %s.", what);
  return FALSE;
}

/* What browsers take away before they look: spaces and control characters at both ends, tabs and
 * line ends anywhere. */
static GString *
clean (const char *text, gsize length)
{
  GString *cleaned = g_string_sized_new (length);

  while (length > 0 && (guchar)text[0] <= ' ')
    {
      text++;
      length--;
    }
  while (length > 0 && (guchar)text[length - 1] <= ' ')
    length--;
  for (gsize i = 0; i < length; i++)
    if (text[i] != '\t' && text[i] != '\n' && text[i] != '\r')
      g_string_append_c (cleaned, text[i]);
  return cleaned;
}

static gboolean
is_slash (char c)
{
  return c == '/' || c == '\\';
}

/* The end of what stands before the first of these characters; the text may hold zero bytes. */
static const char *
find_any (const char *at, const char *end, const char *wanted)
{
  while (at < end && (*at == '\0' || strchr (wanted, *at) == NULL))
    at++;
  return at;
}

/* Reads "http:" and gives the scheme; NULL: there is none of the web. */
static const Scheme *
read_scheme (const char **at, const char *end, GError **error)
{
  const char *colon = *at;

  if (colon < end && g_ascii_isalpha (*colon))
    while (colon < end &&
           (g_ascii_isalnum (*colon) || *colon == '+' || *colon == '-' || *colon == '.'))
      colon++;
  if (colon == *at || colon == end || *colon != ':')
    {
      invalid (error, "it does not begin with http: or https:");
      return NULL;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (schemes); i++)
    if (strlen (schemes[i].scheme) == (gsize)(colon - *at) &&
        g_ascii_strncasecmp (schemes[i].scheme, *at, (gsize)(colon - *at)) == 0)
      {
        *at = colon + 1;
        return &schemes[i];
      }
  g_set_error (error, AC_URL_ERROR, AC_URL_ERROR_OTHER_SCHEME,
               "Addresses that begin with “%.*s:” are not opened through a web proxy or by a name.",
               (int)MIN (colon - *at, 32), *at);
  return NULL;
}

/* Host and port, without user and password. */
static gboolean
read_host_and_port (AcUrl *url, const char *at, const char *end, guint default_port, GError **error)
{
  const char *colon = at;
  gboolean in_brackets = FALSE;
  guint port = 0;

  while (colon < end && (*colon != ':' || in_brackets))
    {
      in_brackets = *colon == '[' ? TRUE : *colon == ']' ? FALSE : in_brackets;
      colon++;
    }
  url->host = ac_url_host_parse (at, (gsize)(colon - at), &url->is_address);
  if (url->host == NULL)
    return invalid (error, "its host is neither a name nor an address");
  for (const char *digit = colon + 1; digit < end; digit++)
    {
      if (!g_ascii_isdigit (*digit) || port > G_MAXUINT16)
        return invalid (error, "its port is not a number up to 65535");
      port = port * 10 + (guint)(*digit - '0');
    }
  if (port > G_MAXUINT16 || (colon + 1 < end && port == 0))
    return invalid (error, "its port is not a number from 1 to 65535");
  url->port = port == default_port ? 0 : (guint16)port;
  return TRUE;
}

static gboolean
read_percent (const char *at, const char *end, char *byte)
{
  if (end - at < 3 || at[0] != '%' || !g_ascii_isxdigit (at[1]) || !g_ascii_isxdigit (at[2]))
    return FALSE;
  *byte = (char)(g_ascii_xdigit_value (at[1]) << 4 | g_ascii_xdigit_value (at[2]));
  return TRUE;
}

/* Writes text with no more percent-encoding than needed, all of it in capital letters. */
static void
append_plain (GString *out,
              const char *at,
              const char *end,
              const char *plain,
              const char *only_raw)
{
  while (at < end)
    {
      char byte = *at;
      gboolean was_encoded = read_percent (at, end, &byte);

      at += was_encoded ? 3 : 1;
      if (byte != '\0' && (g_ascii_isalnum (byte) || strchr (plain, byte) != NULL ||
                           (!was_encoded && strchr (only_raw, byte) != NULL)))
        g_string_append_c (out, byte);
      else
        g_string_append_printf (out, "%%%02X", (guchar)byte);
    }
}

/* How many dots a segment of a path is, when it is nothing but “.” or “..”, encoded or not. */
static guint
count_dots (const char *at, const char *end)
{
  guint n = 0;

  while (at < end)
    {
      char byte = *at;

      at += read_percent (at, end, &byte) ? 3 : 1;
      if (byte != '.' || ++n > 2)
        return 0;
    }
  return n;
}

/* “Path state”; then runs of slashes are taken for one. */
static char *
read_path (const char *at, const char *end)
{
  g_autoptr (GString) path = g_string_new ("/");

  while (at < end)
    {
      const char *stop = find_any (at, end, "/\\");
      guint n_dots = count_dots (at, stop);

      if (n_dots == 2)
        {
          /* The path ends in "/"; take the segment before it away. */
          g_string_truncate (path, path->len > 1 ? path->len - 1 : path->len);
          while (path->str[path->len - 1] != '/')
            g_string_truncate (path, path->len - 1);
        }
      else if (n_dots == 0)
        {
          append_plain (path, at, stop, PLAIN_IN_PATH, "");
          if (stop < end)
            g_string_append_c (path, '/');
        }
      at = stop < end ? stop + 1 : end;
    }
  for (gsize i = path->len - 1; i > 0; i--)
    if (path->str[i] == '/' && path->str[i - 1] == '/')
      g_string_erase (path, (gssize)i, 1);
  return g_string_free (g_steal_pointer (&path), FALSE);
}

static char *
read_query (const char *at, const char *end)
{
  g_autoptr (GString) query = NULL;

  if (at >= end)
    return NULL;
  query = g_string_new (NULL);
  append_plain (query, at, end, PLAIN_IN_QUERY, DELIMITERS_IN_QUERY);
  return g_string_free (g_steal_pointer (&query), FALSE);
}

/**
 * ac_url_parse:
 * @text: anything
 * @length: in bytes, or -1 when it is terminated
 *
 * Returns: (transfer full): the URL, or %NULL with an AC_URL_ERROR.
 */
AcUrl *
ac_url_parse (const char *text, gssize length, GError **error)
{
  g_autoptr (AcUrl) url = g_new0 (AcUrl, 1);
  g_autoptr (GString) cleaned = NULL;
  const Scheme *scheme;
  const char *at, *end, *stop, *host;

  g_return_val_if_fail (text != NULL, NULL);

  if (length < 0)
    length = (gssize)strlen (text);
  if (length > MAX_URL)
    {
      invalid (error, "it is too long");
      return NULL;
    }
  cleaned = clean (text, (gsize)length);
  at = cleaned->str;
  end = at + cleaned->len;
  scheme = read_scheme (&at, end, error);
  if (scheme == NULL)
    return NULL;
  while (at < end && is_slash (*at))
    at++;
  stop = find_any (at, end, "/\\?#");
  host = at;
  for (const char *sign = at; sign < stop; sign++)
    if (*sign == '@')
      host = sign + 1;
  if (!read_host_and_port (url, host, stop, scheme->port, error))
    return NULL;
  at = stop;
  stop = find_any (at, end, "?#");
  url->path = read_path (at < stop ? at + 1 : at, stop);
  if (stop < end && *stop == '?')
    url->query = read_query (stop + 1, find_any (stop, end, "#"));
  return g_steal_pointer (&url);
}

/* Whether it is “host/…” or “host:port/…” rather than “scheme:…”. */
static gboolean
has_no_scheme (const char *text)
{
  gsize before = strcspn (text, ":/?#\\");
  gsize digits;

  if (text[0] == '[' || g_str_has_prefix (text, "//"))
    return TRUE;
  if (memchr (text, '.', before) == NULL)
    return FALSE;
  if (text[before] != ':')
    return TRUE;
  digits = strspn (text + before + 1, "0123456789");
  return digits > 0 && strchr ("/?#\\", text[before + 1 + digits]) != NULL;
}

/**
 * ac_url_parse_typed:
 * @text: a URL as a person or a program wrote it down; “http://” may be missing
 *
 * Returns: (transfer full): the URL, or %NULL with an AC_URL_ERROR.
 */
AcUrl *
ac_url_parse_typed (const char *text, GError **error)
{
  g_autofree char *stripped = NULL;
  g_autofree char *whole = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  stripped = g_strstrip (g_strdup (text));
  if (!has_no_scheme (stripped))
    return ac_url_parse (text, -1, error);
  whole = g_strconcat ("http://", stripped, NULL);
  return ac_url_parse (whole, -1, error);
}

/**
 * ac_url_parse_authority:
 * @text: “host:port”, as a request for a tunnel names it (RFC 9110 §9.3.6)
 *
 * Returns: (transfer full): the host in its one spelling, or %NULL with AC_URL_ERROR_INVALID.
 */
char *
ac_url_parse_authority (const char *text, gssize length, GError **error)
{
  AcUrl url = { NULL };

  g_return_val_if_fail (text != NULL, NULL);

  if (length < 0)
    length = (gssize)strlen (text);
  if (!read_host_and_port (&url, text, text + length, 0, error))
    g_clear_pointer (&url.host, g_free);
  return url.host;
}

/**
 * ac_url_to_key:
 * @with_query: whether the query is part of it
 *
 * Returns: (transfer full): text that is equal for URLs that are the same, such as
 * “evil.test:8080/a?b”.
 */
char *
ac_url_to_key (const AcUrl *url, gboolean with_query)
{
  GString *key = g_string_new (url->host);

  if (url->port != 0)
    g_string_append_printf (key, ":%u", url->port);
  g_string_append (key, url->path);
  if (with_query && url->query != NULL)
    g_string_append_printf (key, "?%s", url->query);
  return g_string_free (key, FALSE);
}

void
ac_url_free (AcUrl *url)
{
  if (url == NULL)
    return;
  g_free (url->host);
  g_free (url->path);
  g_free (url->query);
  g_free (url);
}
