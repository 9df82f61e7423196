/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "model/ac-json-scan.h"
#include "model/ac-json.h"

static gboolean
scans (const char *text)
{
  AcJsonSlice value;
  /* A copy of just that size, so that a read beyond it is noticed. */
  g_autofree char *copy = g_memdup2 (text, strlen (text));

  return ac_json_scan_value (copy, strlen (text), &value);
}

static void
test_what_is_json (void)
{
  static const char *const good[] = {
    "{}",
    "[]",
    " [ ] ",
    "null",
    "true",
    "false",
    "0",
    "-0",
    "12",
    "-1.5e+10",
    "0.1",
    "1E2",
    "\"\"",
    "\"a\\\"b\\\\\\/\\b\\f\\n\\r\\t\\u00e4\"",
    "{\"a\":[1,{\"b\":null}]}",
    "\t{ \"a\" : 1 , \"b\" : [ 2 , 3 ] }\r\n",
  };
  static const char *const bad[] = {
    "",
    " ",
    "{",
    "}",
    "[",
    "[1",
    "[1,",
    "[1,]",
    "[,1]",
    "{\"a\"}",
    "{\"a\":}",
    "{\"a\":1,}",
    "{a:1}",
    "{\"a\" 1}",
    "'a'",
    "\"a",
    "\"\\",
    "\"\\x\"",
    "\"\\u12\"",
    "\"\\u12g4\"",
    "\"\n\"",
    "01",
    "-",
    "\"\\u0000\"",
    "1234567890123456789",
    "1.",
    ".5",
    "1e",
    "+1",
    "nul",
    "truex",
    "1 2",
    "[] []",
    "[1 2]",
    "NaN",
    "{\"a\":1 \"b\":2}",
    "[}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_test_message ("%s", good[i]);
      g_assert_true (scans (good[i]));
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_test_message ("%s", bad[i]);
      g_assert_false (scans (bad[i]));
    }
}

static void
test_deep (void)
{
  g_autofree char *open = g_strnfill (100000, '[');
  g_autofree char *closed = g_strnfill (32, '[');
  g_autofree char *end = g_strnfill (32, ']');
  g_autofree char *both = g_strconcat (closed, end, NULL);

  g_assert_false (scans (open));
  g_assert_true (scans (both));
}

static void
test_walk (void)
{
  static const char text[] =
      " {\"n\": 42, \"s\":\"a\\u00e4\\ud83d\\ude00\\n\", \"l\":[1,\"x\",{}] }";
  AcJsonSlice root, name, value, element;
  AcJsonWalk walk, list;
  gint64 number;
  guint n = 0;

  g_assert_true (ac_json_scan_value (text, strlen (text), &root));
  g_assert_true (ac_json_walk_object (&walk, &root));
  g_assert_true (ac_json_walk_member (&walk, &name, &value));
  g_assert_true (ac_json_slice_is (&name, "n"));
  g_assert_false (ac_json_slice_is (&name, "nn"));
  g_assert_true (ac_json_slice_get_integer (&value, &number));
  g_assert_cmpint (number, ==, 42);
  g_assert_null (ac_json_slice_dup_string (&value));
  g_assert_true (ac_json_walk_member (&walk, &name, &value));
  {
    g_autofree char *string = ac_json_slice_dup_string (&value);

    g_assert_cmpstr (string, ==, "aä😀\n");
    g_assert_false (ac_json_slice_get_integer (&value, &number));
  }
  g_assert_true (ac_json_walk_member (&walk, &name, &value));
  g_assert_false (ac_json_walk_object (&list, &value));
  g_assert_true (ac_json_walk_array (&list, &value));
  while (ac_json_walk_element (&list, &element))
    n++;
  g_assert_cmpuint (n, ==, 3);
  g_assert_false (list.broken);
  g_assert_false (ac_json_walk_member (&walk, &name, &value));
  g_assert_false (walk.broken);
}

/* Half a pair is no letter; the text stays whole. */
static void
test_odd_escapes (void)
{
  static const char text[] = "\"a\\ud800b\\udc00\\ud800\\u0041\"";
  AcJsonSlice value;
  g_autofree char *string = NULL;

  g_assert_true (ac_json_scan_value (text, strlen (text), &value));
  string = ac_json_slice_dup_string (&value);
  g_assert_true (g_utf8_validate (string, -1, NULL));
  g_assert_cmpstr (string, ==,
                   "a\xef\xbf\xbd"
                   "b\xef\xbf\xbd\xef\xbf\xbd"
                   "A");
}

static const char alphabet[] = "{}[]\",:\\ 0129.-eE+untrfalsx\t";

/* What it takes for JSON the parser takes too; and it never reads beyond the end. */
static void
test_random_texts (void)
{
  guint n_good = 0;

  for (guint round = 0; round < 200000; round++)
    {
      char text[12];
      int length = g_test_rand_int_range (1, (gint32)sizeof text);
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (JsonNode) root = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *list = NULL;

      for (int i = 0; i < length; i++)
        text[i] = alphabet[g_test_rand_int_range (0, (gint32)strlen (alphabet))];
      text[length] = '\0';
      if (!scans (text))
        continue;
      n_good++;
      /* It reads nothing but lists at the root. */
      list = g_strdup_printf ("[%s]", text);
      bytes = g_bytes_new (list, strlen (list));
      root = ac_json_parse (bytes, &error);
      g_assert_no_error (error);
    }
  g_assert_cmpuint (n_good, >, 100);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/json-scan/what-is-json", test_what_is_json);
  g_test_add_func ("/model/json-scan/depth-is-bounded", test_deep);
  g_test_add_func ("/model/json-scan/walk", test_walk);
  g_test_add_func ("/model/json-scan/odd-escapes", test_odd_escapes);
  g_test_add_func ("/model/json-scan/random-texts", test_random_texts);
  return g_test_run ();
}
