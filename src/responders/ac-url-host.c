/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <arpa/inet.h>
#include <string.h>
#include <unicode/uidna.h>

#include "responders/ac-url-host.h"

/* A name in DNS has 253 bytes at most (RFC 1035 §2.3.4); disguises make it longer, but not by this.
 */
#define MAX_HOST 4096

/* What a domain must not hold (“forbidden domain code point”), besides control characters. */
#define FORBIDDEN " #/:<>?@[\\]^|%\177"

/* The standard calls ToASCII without VerifyDnsLength and without CheckHyphens. */
#define TOLERATED                                                                                  \
  (UIDNA_ERROR_EMPTY_LABEL | UIDNA_ERROR_LABEL_TOO_LONG | UIDNA_ERROR_DOMAIN_NAME_TOO_LONG |       \
   UIDNA_ERROR_LEADING_HYPHEN | UIDNA_ERROR_TRAILING_HYPHEN | UIDNA_ERROR_HYPHEN_3_4)

/* Made once and never changed, so that any thread may use it. */
static const UIDNA *
get_idna (void)
{
  static gsize idna;

  if (g_once_init_enter (&idna))
    {
      UErrorCode status = U_ZERO_ERROR;
      UIDNA *made =
          uidna_openUTS46 (UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ |
                               UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_NONTRANSITIONAL_TO_UNICODE,
                           &status);

      if (U_FAILURE (status))
        g_error ("The tables of international names cannot be used: %s", u_errorName (status));
      g_once_init_leave (&idna, (gsize)made);
    }
  return (const UIDNA *)idna;
}

static GString *
percent_decode (const char *text, gsize length)
{
  GString *decoded = g_string_sized_new (length);

  for (gsize i = 0; i < length; i++)
    {
      if (text[i] == '%' && i + 2 < length && g_ascii_isxdigit (text[i + 1]) &&
          g_ascii_isxdigit (text[i + 2]))
        {
          g_string_append_c (decoded, (char)(g_ascii_xdigit_value (text[i + 1]) << 4 |
                                             g_ascii_xdigit_value (text[i + 2])));
          i += 2;
        }
      else
        g_string_append_c (decoded, text[i]);
    }
  return decoded;
}

/* Whether UTS #46 does nothing to the name but to lower its letters. */
static gboolean
is_plain (const GString *name)
{
  for (gsize i = 0; i < name->len; i++)
    if ((guchar)name->str[i] >= 0x80)
      return FALSE;
  for (const char *label = name->str; label != NULL; label = strchr (label, '.'))
    {
      label += *label == '.';
      if (g_ascii_strncasecmp (label, "xn--", 4) == 0)
        return FALSE;
    }
  return TRUE;
}

static char *
to_ascii (const GString *name)
{
  UIDNAInfo info = UIDNA_INFO_INITIALIZER;
  UErrorCode status = U_ZERO_ERROR;
  char ascii[MAX_HOST];
  int32_t length;

  /* A zero byte would end the check for plain letters early, and is forbidden anyway. */
  if (memchr (name->str, '\0', name->len) != NULL ||
      !g_utf8_validate (name->str, (gssize)name->len, NULL))
    return NULL;
  if (is_plain (name))
    return g_ascii_strdown (name->str, (gssize)name->len);
  length = uidna_nameToASCII_UTF8 (get_idna (), name->str, (int32_t)name->len, ascii, sizeof ascii,
                                   &info, &status);
  if (U_FAILURE (status) || (info.errors & ~(uint32_t)TOLERATED) != 0 || length < 0 ||
      (gsize)length >= sizeof ascii)
    return NULL;
  return g_strndup (ascii, (gsize)length);
}

/* One part of an IPv4 address (“IPv4 number parser”): decimal, 0x hexadecimal, 0 octal. */
static gboolean
parse_ipv4_number (const char *text, guint64 *number)
{
  guint base = 10;

  if (*text == '\0')
    return FALSE;
  if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
    {
      text += 2;
      base = 16;
    }
  else if (text[0] == '0' && text[1] != '\0')
    {
      text++;
      base = 8;
    }
  *number = 0;
  for (; *text != '\0'; text++)
    {
      int digit = g_ascii_xdigit_value (*text);

      if (digit < 0 || (guint)digit >= base)
        return FALSE;
      /* Whatever is larger than an address stays so. */
      *number = MIN (*number * base + (guint64)digit, G_GUINT64_CONSTANT (1) << 40);
    }
  return TRUE;
}

/* “Ends in a number checker”. */
static gboolean
ends_in_number (const char *host)
{
  const char *dot = strrchr (host, '.');
  const char *last = dot != NULL ? dot + 1 : host;
  guint64 number;

  if (*last == '\0')
    return FALSE;
  return strspn (last, "0123456789") == strlen (last) || parse_ipv4_number (last, &number);
}

static char *
parse_ipv4 (const char *host)
{
  g_auto (GStrv) parts = g_strsplit (host, ".", -1);
  guint n = g_strv_length (parts);
  guint64 address = 0;

  if (n == 0 || n > 4)
    return NULL;
  for (guint i = 0; i < n; i++)
    {
      guint64 number;
      guint64 limit = i + 1 < n ? 256 : G_GUINT64_CONSTANT (1) << (8 * (5 - n));

      if (!parse_ipv4_number (parts[i], &number) || number >= limit)
        return NULL;
      address |= i + 1 < n ? number << (8 * (3 - i)) : number;
    }
  return g_strdup_printf ("%u.%u.%u.%u", (guint)(address >> 24) & 255, (guint)(address >> 16) & 255,
                          (guint)(address >> 8) & 255, (guint)address & 255);
}

static char *
parse_ipv6 (const char *text, gsize length)
{
  g_autofree char *inner = g_strndup (text, length);
  struct in6_addr address;
  char spelled[INET6_ADDRSTRLEN];

  if (strlen (inner) != length || inet_pton (AF_INET6, inner, &address) != 1)
    return NULL;
  if (IN6_IS_ADDR_V4MAPPED (&address))
    return g_strdup_printf ("%u.%u.%u.%u", address.s6_addr[12], address.s6_addr[13],
                            address.s6_addr[14], address.s6_addr[15]);
  inet_ntop (AF_INET6, &address, spelled, sizeof spelled);
  return g_strdup_printf ("[%s]", spelled);
}

/**
 * ac_url_host_parse:
 * @text: the host as it stands in a URL, not terminated
 * @is_address: (out): whether it is an IP address and no name
 *
 * Returns: (transfer full) (nullable): the host in its one spelling, or %NULL when it is none.
 */
char *
ac_url_host_parse (const char *text, gsize length, gboolean *is_address)
{
  g_autoptr (GString) decoded = NULL;
  g_autofree char *host = NULL;
  gsize end;

  *is_address = FALSE;
  if (length == 0 || length > MAX_HOST)
    return NULL;
  if (text[0] == '[')
    {
      *is_address = TRUE;
      return length > 2 && text[length - 1] == ']' ? parse_ipv6 (text + 1, length - 2) : NULL;
    }
  decoded = percent_decode (text, length);
  host = to_ascii (decoded);
  if (host == NULL)
    return NULL;
  end = strlen (host);
  while (end > 0 && host[end - 1] == '.')
    host[--end] = '\0';
  if (end == 0)
    return NULL;
  for (const char *at = host; *at != '\0'; at++)
    if ((guchar)*at < 0x20 || strchr (FORBIDDEN, *at) != NULL)
      return NULL;
  if (ends_in_number (host))
    {
      *is_address = TRUE;
      return parse_ipv4 (host);
    }
  return g_steal_pointer (&host);
}
