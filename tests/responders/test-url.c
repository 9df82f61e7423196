/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A blocked URL is known in all its disguises, and nothing else is taken for it. */
#include "config.h"

#include <string.h>

#include "responders/ac-url-pattern.h"

/* A pattern, and a URL as it may arrive. */
typedef struct
{
  AcUrlScope scope;
  const char *blocked;
  const char *clicked;
} Pair;

#define URL AC_URL_SCOPE_URL
#define ANY AC_URL_SCOPE_ANY_QUERY
#define HOST AC_URL_SCOPE_HOST
#define DOMAIN AC_URL_SCOPE_DOMAIN

static const Pair disguises[] = {
  /* Scheme, port and path that go without saying. */
  { URL, "http://evil.test/", "http://evil.test" },
  { URL, "http://evil.test", "HTTP://EVIL.test:80/" },
  { URL, "https://evil.test/a", "https://evil.test:443/a" },
  { URL, "https://evil.test/a", "http://evil.test/a" },
  { URL, "http://evil.test/a", "wss://evil.test/a" },
  { URL, "http://evil.test:8080/a", "http://evil.test:08080/a" },
  { URL, "http://evil.test/a", "http://evil.test:/a" },
  { URL, "ftp://evil.test/a", "ftp://evil.test:21/a" },
  { URL, "evil.test/a", "http://evil.test/a" },
  { URL, "evil.test:8080/a", "http://evil.test:8080/a" },
  { URL, "//evil.test/a", "http://evil.test/a" },
  { URL, "[2001:db8::1]/a", "http://[2001:db8::1]/a" },
  { URL, "  http://evil.test/a\n", "http://evil.test/a" },
  /* Slashes, and the lack of them. */
  { URL, "http://evil.test/a", "http:evil.test/a" },
  { URL, "http://evil.test/a", "http:/evil.test/a" },
  { URL, "http://evil.test/a", "http:////evil.test/a" },
  { URL, "http://evil.test/a/b", "http:\\\\evil.test\\a\\b" },
  { URL, "http://evil.test/a/b", "http://evil.test//a///b" },
  /* Tabs, line ends, blanks around. */
  { URL, "http://evil.test/ab", "ht\ttp://ev\nil.te\rst/a\tb" },
  { URL, "http://evil.test/a", " \001 http://evil.test/a \037" },
  /* User and password. */
  { URL, "http://evil.test/a", "http://bank.example@evil.test/a" },
  { URL, "http://evil.test/a", "http://www.bank.example:80@x:y@evil.test/a" },
  { URL, "http://evil.test/a", "http://@evil.test/a" },
  /* Fragment and empty query. */
  { URL, "http://evil.test/a", "http://evil.test/a#top?x" },
  { URL, "http://evil.test/a", "http://evil.test/a?" },
  { URL, "http://evil.test/a", "http://evil.test/a?#" },
  { URL, "http://evil.test/#/login", "http://evil.test/" },
  /* Dot segments. */
  { URL, "http://evil.test/a/b", "http://evil.test/x/../a/./b" },
  { URL, "http://evil.test/a/b", "http://evil.test/../../a/%2e/b" },
  { URL, "http://evil.test/a/b", "http://evil.test/a/c/%2E%2e/b" },
  { URL, "http://evil.test/a/b", "http://evil.test/a/c/.%2e/b" },
  { URL, "http://evil.test/a/", "http://evil.test/a/b/.." },
  { URL, "http://evil.test/a/", "http://evil.test/a/." },
  { URL, "http://evil.test/", "http://evil.test/.." },
  { URL, "http://evil.test/a/b", "http://evil.test/a//../b" },
  { URL, "http://evil.test/b", "http://evil.test\\a\\..\\b" },
  /* Percent-encoding. */
  { URL, "http://evil.test/login", "http://evil.test/%6C%6fgin" },
  { URL, "http://evil.test/a%20b", "http://evil.test/a b" },
  { URL, "http://evil.test/a%2fb", "http://evil.test/a%2Fb" },
  { URL, "http://evil.test/a!b(c)", "http://evil.test/a%21b%28c%29" },
  { URL, "http://evil.test/\303\274", "http://evil.test/%c3%bc" },
  { URL, "http://evil.test/50%", "http://evil.test/50%25" },
  { URL, "http://evil.test/%zz", "http://evil.test/%25zz" },
  { URL, "http://evil.test/a?b=c", "http://evil.test/a?%62=%63" },
  { URL, "http://evil.test/a?u=/x?y", "http://evil.test/a?u=%2Fx%3fy" },
  { URL, "http://evil.test/a?b=\"<>'", "http://evil.test/a?b=%22%3C%3E%27" },
  { URL, "http://evil.test/a[1]^{}|~", "http://evil.test/a%5B1%5D%5E%7B%7D%7C%7E" },
  /* The host. */
  { URL, "http://evil.test/a", "http://EvIl.TeSt/a" },
  { URL, "http://evil.test/a", "http://evil.test./a" },
  { URL, "http://evil.test:8080/a", "http://evil.test.:8080/a" },
  { URL, "http://evil.test/a", "http://evil.test../a" },
  { URL, "http://evil.test/a", "http://ev%69l%2etest/a" },
  { URL, "http://evil.test/a", "http://e\302\255vil.test/a" },
  { URL, "http://evil.test/a", "http://\357\275\205vil\343\200\202test/a" },
  { URL, "http://m\303\274nchen.test/", "http://xn--mnchen-3ya.test/" },
  { URL, "http://m\303\274nchen.test/", "http://M\303\234NCHEN.test/" },
  { URL, "http://m\303\274nchen.test/", "http://mu\314\210nchen.test/" },
  { URL, "http://m\303\274nchen.test/", "http://XN--MNCHEN-3YA.test/" },
  { URL, "http://m\303\274nchen.test/", "http://m%c3%bcnchen.test/" },
  { URL, "http://fa\303\237.test/", "http://xn--fa-hia.test/" },
  { URL, "http://i\342\235\244.test/", "http://xn--i-7iq.test/" },
  { URL, "http://r3---sn-x.test/", "http://R3---SN-X.test/" },
  { URL, "http://a_b.test/", "http://A_B.test/" },
  /* Addresses. */
  { URL, "http://192.0.2.1/", "http://3221225985/" },
  { URL, "http://192.0.2.1/", "http://0xC0000201/" },
  { URL, "http://192.0.2.1/", "http://0300.0.2.1/" },
  { URL, "http://192.0.2.1/", "http://0xc0.0x0.0x2.0x1/" },
  { URL, "http://192.0.2.1/", "http://192.513/" },
  { URL, "http://192.0.2.1/", "http://192.0.513/" },
  { URL, "http://192.0.2.1/", "http://192.0.2.1./" },
  { URL, "http://192.0.2.1/", "http://\357\274\221\357\274\231\357\274\222.0.2.1/" },
  { URL, "http://192.0.2.1/", "http://192%2e0.2.1/" },
  { URL, "http://192.0.2.1/", "http://[::ffff:192.0.2.1]/" },
  { URL, "http://192.0.2.1/", "http://[::FFFF:c000:201]/" },
  { URL, "http://[2001:db8::1]/", "http://[2001:DB8:0:0:0:0:0:1]/" },
  { URL, "http://[2001:db8::1]/", "http://[2001:0db8::0.0.0.1]:80/" },
  /* More than one URL. */
  { ANY, "http://evil.test/a?x=1", "http://evil.test/a" },
  { ANY, "http://evil.test/a", "http://evil.test/a?y=2#z" },
  { HOST, "http://evil.test/a", "http://evil.test:8443/b?c" },
  { HOST, "evil.test", "https://EVIL.test./" },
  { HOST, "http://192.0.2.1/", "http://0xC0000201:81/x" },
  { DOMAIN, "evil.test", "http://evil.test/" },
  { DOMAIN, "evil.test", "http://login.www.evil.test:8080/x" },
  { DOMAIN, "*.evil.test", "http://evil.test/" },
  { DOMAIN, "http://evil.test/a", "http://a.evil.test./" },
  { DOMAIN, "http://192.0.2.1/", "http://192.0.2.1/x" },
};

static const Pair others[] = {
  { URL, "http://evil.test/a", "http://evil.test/" },
  { URL, "http://evil.test/a", "http://evil.test/a/" },
  { URL, "http://evil.test/a", "http://evil.test/A" },
  { URL, "http://evil.test/a", "http://evil.test/ab" },
  { URL, "http://evil.test/a", "http://evil.test/a?b" },
  { URL, "http://evil.test/a?b", "http://evil.test/a" },
  { URL, "http://evil.test/a?b=1&c=2", "http://evil.test/a?c=2&b=1" },
  { URL, "http://evil.test/a?b&c", "http://evil.test/a?b%26c" },
  { URL, "http://evil.test/a?b=c", "http://evil.test/a?b%3Dc" },
  { URL, "http://evil.test/a?B", "http://evil.test/a?b" },
  { URL, "http://evil.test/a/b", "http://evil.test/a%2Fb" },
  { URL, "http://evil.test/a?b", "http://evil.test/a%3Fb" },
  { URL, "http://evil.test/a%41", "http://evil.test/a%2541" },
  { URL, "http://evil.test/a", "http://evil.test:8080/a" },
  { URL, "http://evil.test:8080/a", "http://evil.test/a" },
  { URL, "http://evil.test/a", "http://www.evil.test/a" },
  { URL, "http://evil.test/a", "http://evil.test@good.test/a" },
  { URL, "http://evil.test/a", "http://good.test/evil.test/a" },
  { URL, "http://evil.test/a", "http://good.test\\@evil.test/a" },
  { URL, "http://evil.test/a", "http://evil.test.good.test/a" },
  { URL, "http://fa\303\237.test/", "http://fass.test/" },
  { URL, "http://192.0.2.1/", "http://192.0.2.10/" },
  { URL, "http://192.0.2.1/", "http://1.2.0.192/" },
  { URL, "http://[2001:db8::1]/", "http://[2001:db8::10]/" },
  { ANY, "http://evil.test/a", "http://evil.test/b" },
  { ANY, "http://evil.test/a", "http://evil.test/a%3Fx" },
  { HOST, "evil.test", "http://www.evil.test/" },
  { HOST, "evil.test", "http://evil.test.good.test/" },
  { HOST, "www.evil.test", "http://evil.test/" },
  { DOMAIN, "evil.test", "http://notevil.test/" },
  { DOMAIN, "evil.test", "http://evil.test.good.test/" },
  { DOMAIN, "www.evil.test", "http://evil.test/" },
  { DOMAIN, "http://192.0.2.1/", "http://9.192.0.2.1.test/" },
};

/* What no URL is: as a block, and as a click. */
static const char *const not_urls[] = {
  "",
  " ",
  "evil",
  "/a/b",
  "?a",
  "http:",
  "http://",
  "http:///",
  "http://?",
  "http://:80/",
  "http://user@/",
  "http://./",
  "http://evil.test:65536/",
  "http://evil.test:999999999999999999999/",
  "http://evil.test:0/",
  "http://evil.test:80a/",
  "http://evil.test:-1/",
  "http://a:b:80/",
  "http://ev il.test/",
  "http://ev%20il.test/",
  "http://ev%00il.test/",
  "http://ev%25il.test/",
  "http://ev<il.test/",
  "http://ev|il.test/",
  "http://ev^il.test/",
  "http://%ff.test/",
  "http://\377.test/",
  "http://\302\255/",
  "http://xn--a.test/",
  "http://xn--/",
  "http://1.2.3.256/",
  "http://1.2.3.4.5/",
  "http://1..2/",
  "http://0x1.08/",
  "http://evil.0x1/",
  "http://evil.1/",
  "http://4294967296/",
  "http://[::1/",
  "http://[::1]x/",
  "http://[]/",
  "http://[1:2]/",
  "http://[::1%25lo]/",
  "http://[192.0.2.1]/",
  "mailto:somebody@evil.test",
  "javascript:alert(1)",
  "data:text/html,evil.test/",
  "tel:123",
  "file:///etc/passwd",
  "evil.test:",
};

static AcUrlPattern *
make (AcUrlScope scope, const char *url)
{
  g_autoptr (GError) error = NULL;
  AcUrlPattern *pattern = ac_url_pattern_new (scope, url, &error);

  g_assert_no_error (error);
  return pattern;
}

static AcUrl *
parse (const char *url)
{
  g_autoptr (GError) error = NULL;
  AcUrl *parsed = ac_url_parse (url, -1, &error);

  if (error != NULL)
    g_error ("%s: %s", url, error->message);
  return parsed;
}

static void
test_disguises (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (disguises); i++)
    {
      g_autoptr (AcUrlPattern) pattern = make (disguises[i].scope, disguises[i].blocked);
      g_autoptr (AcUrl) url = parse (disguises[i].clicked);
      g_autofree char *key = ac_url_to_key (url, TRUE);

      g_test_message ("%s: %s, %s: %s", disguises[i].blocked, pattern->key, disguises[i].clicked,
                      key);
      g_assert_true (ac_url_pattern_matches (pattern, url));
    }
}

static void
test_others (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autoptr (AcUrlPattern) pattern = make (others[i].scope, others[i].blocked);
      g_autoptr (AcUrl) url = parse (others[i].clicked);

      g_test_message ("%s, %s", pattern->key, others[i].clicked);
      g_assert_false (ac_url_pattern_matches (pattern, url));
    }
}

static void
test_not_urls (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (not_urls); i++)
    for (AcUrlScope scope = URL; scope <= DOMAIN; scope++)
      {
        g_autofree char *readable = g_utf8_make_valid (not_urls[i], -1);
        g_autoptr (GError) error = NULL;

        g_test_message ("%s", readable);
        g_assert_null (ac_url_pattern_new (scope, not_urls[i], &error));
        g_assert_true (error->domain == AC_URL_ERROR);
        g_assert_true (g_str_has_suffix (error->message, "."));
      }
}

/* One action must not take away the names of everybody. */
static void
test_public_suffixes (void)
{
  static const char *const suffixes[] = { "com", "http://co.uk/", "*.com.au", "uk", "test" };

  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *url = g_strconcat (suffixes[i], strchr (suffixes[i], '.') ? "" : "./", NULL);
      g_autoptr (GError) error = NULL;

      g_assert_null (ac_url_pattern_new (DOMAIN, url, &error));
      g_assert_error (error, AC_URL_ERROR, AC_URL_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, "everybody's names"));
    }
  for (AcUrlScope scope = URL; scope <= HOST; scope++)
    ac_url_pattern_free (make (scope, "http://github.io/"));
  ac_url_pattern_free (make (DOMAIN, "evil.co.uk"));
}

static void
test_covers (void)
{
  static const struct
  {
    AcUrlScope scope;
    const char *url;
    AcUrlScope other_scope;
    const char *other;
    gboolean covers;
  } rows[] = {
    { URL, "evil.test/a", URL, "evil.test/a", TRUE },
    { URL, "evil.test/a", URL, "evil.test/b", FALSE },
    { URL, "evil.test/a", ANY, "evil.test/a", FALSE },
    { ANY, "evil.test/a", URL, "evil.test/a?b", TRUE },
    { ANY, "evil.test/a", URL, "evil.test/a", TRUE },
    { ANY, "evil.test/a", URL, "evil.test/ab", FALSE },
    { ANY, "evil.test/a", ANY, "evil.test/a?b", TRUE },
    { HOST, "evil.test", URL, "evil.test:8080/a", TRUE },
    { HOST, "[2001:db8::1]/", ANY, "http://[2001:db8::1]:80/a", TRUE },
    { HOST, "evil.test", URL, "www.evil.test/a", FALSE },
    { HOST, "evil.test", DOMAIN, "evil.test", FALSE },
    { DOMAIN, "evil.test", HOST, "evil.test", TRUE },
    { DOMAIN, "evil.test", DOMAIN, "www.evil.test", TRUE },
    { DOMAIN, "www.evil.test", DOMAIN, "evil.test", FALSE },
    { DOMAIN, "evil.test", URL, "a.evil.test:81/x?y", TRUE },
    { DOMAIN, "evil.test", URL, "notevil.test/", FALSE },
    { URL, "evil.test/", HOST, "evil.test", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (AcUrlPattern) pattern = make (rows[i].scope, rows[i].url);
      g_autoptr (AcUrlPattern) other = make (rows[i].other_scope, rows[i].other);

      g_test_message ("%s, %s", rows[i].url, rows[i].other);
      g_assert_cmpint (ac_url_pattern_covers (pattern, other), ==, rows[i].covers);
    }
}

static void
test_authorities (void)
{
  static const struct
  {
    const char *authority;
    const char *host;
  } rows[] = {
    { "evil.test:443", "evil.test" },
    { "EVIL.test.:8443", "evil.test" },
    { "xn--mnchen-3ya.test:443", "xn--mnchen-3ya.test" },
    { "[2001:DB8::1]:443", "[2001:db8::1]" },
    { "0xC0000201:443", "192.0.2.1" },
    { "evil.test", "evil.test" },
    { "evil.test:x", NULL },
    { ":443", NULL },
    { "", NULL },
    { "user@evil.test:443", NULL },
    { "a b:443", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *host = ac_url_parse_authority (rows[i].authority, -1, &error);

      g_assert_cmpstr (host, ==, rows[i].host);
      g_assert_cmpint (host == NULL, ==, error != NULL);
    }
}

/* --- properties --- */

static char
pick (const char *from)
{
  return from[g_test_rand_int_range (0, (gint)strlen (from))];
}

static void
append_random (GString *text, const char *from, int least, int most)
{
  for (int n = g_test_rand_int_range (least, most + 1); n > 0; n--)
    g_string_append_c (text, pick (from));
}

/* Writes the same text another way. */
static void
append_disguised (GString *out, const char *text, const char *may_be_encoded)
{
  for (; *text != '\0'; text++)
    {
      if (g_test_rand_int_range (0, 8) == 0)
        g_string_append_c (out, pick ("\t\n\r"));
      if (strchr (may_be_encoded, *text) != NULL && g_test_rand_bit ())
        g_string_append_printf (out, g_test_rand_bit () ? "%%%02x" : "%%%02X", (guchar)*text);
      else
        g_string_append_c (out, *text);
    }
}

#define LETTERS "abcdefghijklmnopqrstuvwxyz0123456789-"
#define PATH "abcXYZ019-._~!$&'()*+,;=:@"

static void
test_every_disguise_is_known (void)
{
  static const char *const before[] = { "", "", "/./", "/x/../", "/%2e/", "//", "/a/b/../.%2E/" };

  for (int round = 0; round < 3000; round++)
    {
      g_autoptr (GString) host = g_string_new ("h");
      g_autoptr (GString) path = g_string_new ("/p");
      g_autoptr (GString) query = g_string_new ("q");
      g_autoptr (GString) disguised = g_string_new (NULL);
      g_autofree char *whole = NULL;
      g_autofree char *upper = NULL;
      g_autoptr (AcUrlPattern) pattern = NULL;
      g_autoptr (AcUrl) url = NULL;

      append_random (host, LETTERS, 0, 8);
      g_string_append (host, ".test");
      append_random (path, PATH, 0, 12);
      append_random (query, PATH "/?", 0, 12);
      whole = g_strdup_printf ("http://%s%s?%s", host->str, path->str, query->str);
      pattern = make (URL, whole);

      g_string_append (disguised, g_test_rand_bit () ? "hTTp:/" : "http:\\\\\\");
      if (g_test_rand_bit ())
        append_disguised (disguised, "user:pass@", "usr:");
      upper = g_ascii_strup (host->str, -1);
      append_disguised (disguised, g_test_rand_bit () ? upper : host->str, LETTERS ".");
      g_string_append (disguised, g_test_rand_bit () ? "." : "");
      g_string_append (disguised, g_test_rand_bit () ? ":80" : "");
      g_string_append (disguised, before[g_test_rand_int_range (0, G_N_ELEMENTS (before))]);
      append_disguised (disguised, path->str, PATH);
      g_string_append_c (disguised, '?');
      append_disguised (disguised, query->str, "abcXYZ019-._~!$'()*,:@/?");
      g_string_append (disguised, g_test_rand_bit () ? "#f" : "");

      url = parse (disguised->str);
      if (!ac_url_pattern_matches (pattern, url))
        g_error ("%s is not known as %s", disguised->str, whole);
    }
}

/* Whatever is read gives a spelling that is read as itself. */
static void
test_one_spelling (void)
{
  guint n_read = 0;

  for (int round = 0; round < 20000; round++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (AcUrl) url = NULL;
      g_autoptr (AcUrl) again = NULL;
      g_autofree char *key = NULL;
      g_autofree char *spelled = NULL;
      g_autofree char *second = NULL;

      append_random (text, "http:/\\", 0, 3);
      g_string_append (text, g_test_rand_bit () ? "http://" : "https:/");
      append_random (text, "ab.%41[]:x0-\303\274@", 1, 10);
      append_random (text, "/\\.%2eE5?#& \303\274ab\t", 0, 20);
      url = ac_url_parse (text->str, (gssize)text->len, NULL);
      if (url == NULL)
        continue;
      n_read++;
      key = ac_url_to_key (url, TRUE);
      spelled = g_strconcat ("http://", key, NULL);
      again = parse (spelled);
      second = ac_url_to_key (again, TRUE);
      /* The port of https says nothing without its scheme; such a key is read as that of http. */
      if (g_strcmp0 (key, second) != 0 && again->port == url->port)
        g_error ("%s: %s, then %s", text->str, key, second);
    }
  g_assert_cmpuint (n_read, >, 100);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/responders/url/disguises-are-known", test_disguises);
  g_test_add_func ("/responders/url/other-urls-are-not-taken-for-it", test_others);
  g_test_add_func ("/responders/url/what-is-no-url-is-refused-in-a-sentence", test_not_urls);
  g_test_add_func ("/responders/url/public-suffixes-are-no-domains", test_public_suffixes);
  g_test_add_func ("/responders/url/a-wider-block-covers-a-narrower-one", test_covers);
  g_test_add_func ("/responders/url/the-host-of-a-tunnel", test_authorities);
  g_test_add_func ("/responders/url/every-random-disguise-is-known", test_every_disguise_is_known);
  g_test_add_func ("/responders/url/there-is-one-spelling", test_one_spelling);
  return g_test_run ();
}
