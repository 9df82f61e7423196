/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "model/ac-json-text.h"
#include "model/ac-json.h"
#include "model/ac-time.h"

static JsonObject *
parse (const GString *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text->str, text->len);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = ac_json_parse (bytes, &error);

  g_assert_no_error (error);
  return json_node_dup_object (root);
}

static void
test_any_string_is_read_back (void)
{
  static const char *const values[] = {
    "",
    "plain",
    "\"quoted\" and \\backslash\\",
    "lines\nand\ttabs\r\b\f",
    "\x01\x02\x1f\x7f",
    "Grüße, 你好, مرحبا, 🎣",
    "</script>",
    "ends with \\",
    "{[:,",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (JsonObject) object = NULL;

      ac_json_text_open (text, '{');
      ac_json_text_add_string (text, "value", values[i]);
      ac_json_text_add_name (text, "list");
      ac_json_text_open (text, '[');
      ac_json_text_add_element (text, values[i]);
      ac_json_text_add_element (text, values[i]);
      ac_json_text_close (text, ']');
      ac_json_text_close (text, '}');
      g_assert_null (strpbrk (text->str, "\r\n"));
      object = parse (text);
      g_assert_cmpstr (ac_json_get_string (object, "value"), ==, values[i]);
      g_assert_cmpstr (json_array_get_string_element (ac_json_get_array (object, "list"), 1), ==,
                       values[i]);
    }
}

static void
test_the_text_is_compact (void)
{
  g_autoptr (GString) text = g_string_new (NULL);

  ac_json_text_open (text, '{');
  ac_json_text_add_string (text, "missing", NULL);
  ac_json_text_add_integer (text, "number", G_MININT64);
  ac_json_text_add_boolean (text, "yes", TRUE);
  ac_json_text_add_boolean (text, "no", FALSE);
  ac_json_text_add_time (text, "never", AC_TIME_NONE);
  ac_json_text_add_time (text, "at", 0);
  ac_json_text_add_json (text, "json", "[1,{}]");
  ac_json_text_add_json (text, "none", NULL);
  ac_json_text_add_name (text, "objects");
  ac_json_text_open (text, '[');
  ac_json_text_open (text, '{');
  ac_json_text_close (text, '}');
  ac_json_text_open (text, '{');
  ac_json_text_close (text, '}');
  ac_json_text_close (text, ']');
  ac_json_text_close (text, '}');
  g_assert_cmpstr (text->str, ==,
                   "{\"number\":-9223372036854775808,\"yes\":true,\"no\":false,"
                   "\"at\":\"1970-01-01T00:00:00.000000Z\",\"json\":[1,{}],\"objects\":[{},{}]}");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/json-text/round-trip", test_any_string_is_read_back);
  g_test_add_func ("/model/json-text/compact", test_the_text_is_compact);
  return g_test_run ();
}
