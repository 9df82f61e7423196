/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a ManageSieve server says: cut into responses by the reader, and each taken apart. */
#include "config.h"

#include <string.h>

#include "responders/ac-server-reader.h"
#include "responders/ac-sieve-response.h"

static const AcServerProtocol protocol = { "ManageSieve", 1000, ac_sieve_line_announces_literal };

static AcServerReader *
reader_of (const char *bytes, gsize length)
{
  g_autoptr (GInputStream) stream =
      g_memory_input_stream_new_from_data (bytes, (gssize)length, NULL);

  return ac_server_reader_new (stream, &protocol);
}

/* A response as text: status, code, strings, what it says, and whether it is active. */
static char *
words_of (const AcSieveResponse *response)
{
  static const char *const statuses[] = { "-", "OK", "NO", "BYE" };
  GString *text = g_string_new (statuses[response->status]);

  if (response->code != NULL)
    g_string_append_printf (text, " (%s)", response->code);
  for (guint i = 0; i < response->strings->len; i++)
    {
      g_autofree char *string = ac_sieve_response_dup_string (response, i);

      g_string_append_printf (text, " [%s]", string != NULL ? string : "?");
    }
  if (*response->text != '\0')
    g_string_append_printf (text, " “%s”", response->text);
  if (response->is_active)
    g_string_append (text, " active");
  return g_string_free (text, FALSE);
}

static void
test_responses (void)
{
  static const struct
  {
    const char *bytes;
    const char *words;
  } cases[] = {
    { "OK", "OK" },
    { "ok", "OK" },
    { "NO \"no\"", "NO “no”" },
    { "BYE (TRYLATER) \"a  \\\"b\\\"\"", "BYE (TRYLATER) “a \"b\"”" },
    { "OK (TAG {3}\r\na1\"\") \"Done\"", NULL },
    { "OK (TAG {2}\r\na1) \"Done\"", "OK (TAG) [a1] “Done”" },
    { "OK (WARNINGS) {13}\r\nline 1: bad\r\n", "OK (WARNINGS) “line 1: bad”" },
    { "NO (QUOTA/MAXSCRIPTS)", "NO (QUOTA/MAXSCRIPTS)" },
    { "NO (quota/maxsize) {0}\r\n", "NO (QUOTA/MAXSIZE)" },
    { "OK \"x\xff\x01y\"", "OK “x\xef\xbf\xbd y”" },
    { "\"main\" ACTIVE", "- [main] active" },
    { "\"main\"   active ", "- [main] active" },
    { "\"OK\"", "- [OK]" },
    { "\"\"", "- []" },
    { "{4}\r\nOK\r\n", "- [OK\r\n]" },
    { "{5}\r\n{3}\r\n ACTIVE", "- [{3}\r\n] active" },
    { "\"SASL\" \"PLAIN LOGIN\"", "- [SASL] [PLAIN LOGIN]" },
    { "\"\xff\" ACTIVE", "- [?] active" },
    { "{3}\r\na\0b", NULL },
    { "", NULL },
    { "YES", NULL },
    { "OK (", NULL },
    { "OK ()", NULL },
    { "OK (TAG \"a\"", NULL },
    { "OK \"a\" \"b\"", NULL },
    { "OK \"a", NULL },
    { "OK \"a\\", NULL },
    { "{4}\r\nabc", NULL },
    { "{4}abcd", NULL },
    { "{99999999999999999999}\r\n", NULL },
    { "{-1}\r\n", NULL },
    { "{", NULL },
    { "\"a\" SOMETHING ELSE", NULL },
    { "* OK", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (AcSieveResponse) response =
          ac_sieve_response_parse (cases[i].bytes, strlen (cases[i].bytes), &error);
      g_autofree char *words = response != NULL ? words_of (response) : NULL;

      g_assert_cmpstr (words, ==, cases[i].words);
      if (cases[i].words == NULL)
        g_assert_error (error, AC_SIEVE_ERROR, AC_SIEVE_ERROR_PROTOCOL);
    }
}

static void
test_what_a_server_says_is_cut (void)
{
  g_autoptr (GString) bytes = g_string_new ("NO \"");
  g_autoptr (AcSieveResponse) response = NULL;

  for (guint i = 0; i < 1000; i++)
    g_string_append (bytes, "ä");
  g_string_append_c (bytes, '"');
  response = ac_sieve_response_parse (bytes->str, bytes->len, NULL);
  g_assert_cmpint (g_utf8_strlen (response->text, -1), ==, 401);
  g_assert_true (g_str_has_suffix (response->text, "ä…"));
}

static void
test_reader_reads_literals_by_count (void)
{
  static const char bytes[] = "\"name {3}\"\r\n{19}\r\nOK \"not a status\"\r\n\r\n\r\nOK {5}\r\n"
                              "{9}\r\n\r\n\"x\" {2}\r\n\"{ ACTIVE\r\nOK\r\nrest";
  static const char *const words[] = {
    "- [name {3}]", "- [OK \"not a status\"\r\n]", "-", "OK “{9}”", "- [x] [\"{] active", "OK",
  };
  g_autoptr (AcServerReader) reader = reader_of (bytes, sizeof bytes - 1);
  g_autoptr (GByteArray) rest = NULL;
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autoptr (GByteArray) response = ac_server_reader_read (reader, NULL, &error);
      g_autoptr (AcSieveResponse) parsed = NULL;
      g_autofree char *said = NULL;

      g_assert_no_error (error);
      if (g_str_equal (words[i], "-"))
        {
          g_assert_cmpuint (response->len, ==, 0);
          continue;
        }
      parsed = ac_sieve_response_parse ((const char *)response->data, response->len, &error);
      g_assert_no_error (error);
      said = words_of (parsed);
      g_assert_cmpstr (said, ==, words[i]);
    }
  g_assert_false (ac_server_reader_is_empty (reader));
  rest = ac_server_reader_read (reader, NULL, &error);
  g_assert_null (rest);
  g_assert_error (error, AC_STREAM_ERROR, AC_STREAM_ERROR_CLOSED);
}

static void
test_reader_has_limits (void)
{
  static const char *const cases[] = { "{1001}\r\n", "{99999999}\r\n", "\"a\"\n", "\n",
                                       "{3}\r\nab\r\n" };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AcServerReader) reader = reader_of (cases[i], strlen (cases[i]));
      g_autoptr (GError) error = NULL;

      g_assert_null (ac_server_reader_read (reader, NULL, &error));
      g_assert_error (error, AC_STREAM_ERROR, AC_STREAM_ERROR_PROTOCOL);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/responders/sieve-response/responses", test_responses);
  g_test_add_func ("/responders/sieve-response/what-a-server-says-is-cut",
                   test_what_a_server_says_is_cut);
  g_test_add_func ("/responders/sieve-response/reader-reads-literals-by-count",
                   test_reader_reads_literals_by_count);
  g_test_add_func ("/responders/sieve-response/reader-has-limits", test_reader_has_limits);
  return g_test_run ();
}
