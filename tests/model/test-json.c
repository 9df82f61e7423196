/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "builders.h"

static const AcJsonMember members[] = {
  { "name", AC_JSON_TEXT, TRUE },
  { "note", AC_JSON_STRING, FALSE },
  { "count", AC_JSON_INTEGER, FALSE },
  { "open", AC_JSON_BOOLEAN, FALSE },
  { "at", AC_JSON_TIME, FALSE },
  { "verdict", AC_JSON_ENUM, FALSE, AC_VOCABULARY_VERDICT },
  { "inner", AC_JSON_OBJECT, FALSE },
  { "list", AC_JSON_ARRAY, FALSE },
  { "words", AC_JSON_STRING_ARRAY, FALSE },
};

static void
test_text_that_is_not_json_is_refused (void)
{
  static const struct
  {
    const char *text;
    const char *cause;
  } table[] = {
    { "", "empty" },
    { "   ", "unexpected end" },
    { "{", "unexpected end" },
    { "{\"a\":1", "unexpected end" },
    { "{\"a\"}", "not JSON" },
    { "{\"a\":}", "not JSON" },
    { "{\"a\":1,}", "not JSON" },
    { "[1,2,]", "not JSON" },
    { "{\"a\":\"\\e\"}", "not JSON" },
    { "{\"a\":\"\\ud800\"}", "half of a surrogate pair" },
    { "{\"a\":\"\\ud800\\u0041\"}", "half of a surrogate pair" },
    { "{\"a\":\"\\udc00\\ud800\"}", "half of a surrogate pair" },
    { "{\"item\\ud800s\":1}", "half of a surrogate pair" },
    { "{\"a\\'\":1}", "not JSON" },
    { "{\"a\":1} {\"b\":2}", "more text behind the end" },
    { "}", "closing bracket" },
    { "1", "something else than" },
    { "\"text\"", "something else than" },
    { "null", "something else than" },
    { "var x = {\"a\":1}", "unexpected character" },
    { "{'a':1}", "unexpected character" },
    { "{\"a\":/* c */1}", "unexpected character" },
    { "{\"a\":1 # c\n}", "unexpected character" },
    { "{\"a\":0x10}", "unexpected character" },
    { "{\"a\":99999999999999999999}", "number too large" },
    { "{\"a\":\"x\\u0000y\"}", "U+0000" },
    { "{\"a\":\"x\ny\"}", "control character" },
    { "{\"a\":\"x\xff\"}", "not valid UTF-8" },
    { "{\"a\":\"x\xc3", "not valid UTF-8" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (table[i].text, strlen (table[i].text));
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) root = ac_json_parse (bytes, &error);

      g_test_message ("row %" G_GSIZE_FORMAT, i);
      g_assert_null (root);
      g_assert_error (error, AC_MODEL_ERROR, AC_MODEL_ERROR_SYNTAX);
      g_assert_nonnull (strstr (error->message, table[i].cause));
    }
}

static void
test_a_bomb_of_brackets_is_refused (void)
{
  gsize length = 10 * 1000 * 1000;
  char *text = g_malloc (length);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  memset (text, '[', length);
  bytes = g_bytes_new_take (text, length);
  g_assert_null (ac_json_parse (bytes, &error));
  g_assert_error (error, AC_MODEL_ERROR, AC_MODEL_ERROR_SYNTAX);
  g_assert_nonnull (strstr (error->message, "nesting"));
}

static void
test_brackets_in_strings_do_not_count (void)
{
  g_autoptr (JsonObject) object =
      object_from_text ("{'a':'[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[ \\\\ {{{ /* # ',"
                        "'b':'\\u00e9 0x1 99999999999999999999'}");

  g_assert_cmpstr (ac_json_get_string (object, "b"), ==, "é 0x1 99999999999999999999");
}

static void
test_every_error_names_its_member (void)
{
  static const struct
  {
    const char *text;
    int code;
    const char *message;
  } table[] = {
    { "{}", AC_MODEL_ERROR_MISSING_MEMBER, "top.name: is missing" },
    { "{'name':1}", AC_MODEL_ERROR_WRONG_TYPE,
      "top.name: expected a string that is not empty, found a whole number" },
    { "{'name':null}", AC_MODEL_ERROR_WRONG_TYPE,
      "top.name: expected a string that is not empty, found null" },
    { "{'name':''}", AC_MODEL_ERROR_INVALID_VALUE, "top.name: must not be empty" },
    { "{'name':'x','count':1.5}", AC_MODEL_ERROR_WRONG_TYPE,
      "top.count: expected a whole number, found a number" },
    { "{'name':'x','open':'yes'}", AC_MODEL_ERROR_WRONG_TYPE,
      "top.open: expected true or false, found a string" },
    { "{'name':'x','inner':[]}", AC_MODEL_ERROR_WRONG_TYPE,
      "top.inner: expected an object, found an array" },
    { "{'name':'x','list':{}}", AC_MODEL_ERROR_WRONG_TYPE,
      "top.list: expected an array, found an object" },
    { "{'name':'x','words':['a',1]}", AC_MODEL_ERROR_WRONG_TYPE,
      "top.words: expected an array of strings, found an array" },
    { "{'name':'x','note':true}", AC_MODEL_ERROR_WRONG_TYPE,
      "top.note: expected a string, found a boolean" },
    { "{'name':'x','at':'soon'}", AC_MODEL_ERROR_INVALID_VALUE,
      "top.at: “soon” is not a time as in RFC 3339, such as 2026-01-31T12:00:00Z" },
    { "{'name':'x','verdict':'bad'}", AC_MODEL_ERROR_INVALID_VALUE,
      "top.verdict: “bad” is not one of malicious, suspicious, noThreatsFound, unknown" },
    { "{'name':'x','colour':'red'}", AC_MODEL_ERROR_UNKNOWN_MEMBER,
      "top.colour: this member is not known" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (JsonObject) object = object_from_text (table[i].text);
      g_autoptr (GError) error = NULL;
      g_autofree char *member = NULL;

      g_assert_false (
          ac_json_check (object, members, G_N_ELEMENTS (members), AC_JSON_STRICT, "top", &error));
      g_assert_error (error, AC_MODEL_ERROR, table[i].code);
      g_assert_cmpstr (error->message, ==, table[i].message);
      member = ac_model_error_member (error);
      g_assert_true (g_str_has_prefix (table[i].message, member));
      g_assert_true (g_str_has_prefix (member, "top."));
    }
}

static void
test_answers_may_hold_what_we_do_not_know (void)
{
  g_autoptr (JsonObject) object =
      object_from_text ("{'name':'x','verdict':'bad','colour':'red','note':null,'deep':{'a':[1]}}");
  g_autoptr (JsonObject) unknown = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (
      ac_json_check (object, members, G_N_ELEMENTS (members), AC_JSON_LENIENT, NULL, &error));
  g_assert_no_error (error);
  unknown = ac_json_unknown_members (object, members, G_N_ELEMENTS (members));
  g_assert_cmpuint (json_object_get_size (unknown), ==, 2);
  g_assert_cmpstr (ac_json_get_string (unknown, "colour"), ==, "red");
}

static void
test_a_wrong_type_in_an_answer_is_an_error (void)
{
  g_autoptr (JsonObject) object = object_from_text ("{'name':['x']}");
  g_autoptr (GError) error = NULL;

  g_assert_false (
      ac_json_check (object, members, G_N_ELEMENTS (members), AC_JSON_LENIENT, NULL, &error));
  g_assert_error (error, AC_MODEL_ERROR, AC_MODEL_ERROR_WRONG_TYPE);
}

static void
test_getters_never_trust_the_kind (void)
{
  g_autoptr (JsonObject) object = object_from_text ("{'a':1,'b':'x','c':[1],'d':{}}");
  g_auto (GStrv) strings = ac_json_get_strings (object, "c");

  g_assert_null (ac_json_get_string (object, "a"));
  g_assert_cmpint (ac_json_get_integer (object, "b", 7), ==, 7);
  g_assert_true (ac_json_get_boolean (object, "b", TRUE));
  g_assert_null (ac_json_get_array (object, "d"));
  g_assert_null (ac_json_get_object (object, "c"));
  g_assert_cmpuint (g_strv_length (strings), ==, 0);
}

static char *
canonical (const char *text)
{
  g_autoptr (JsonObject) object = object_from_text (text);
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);

  return ac_json_canonical (node);
}

static void
test_canonical_text_ignores_order_and_space (void)
{
  g_autofree char *a = canonical ("{ 'b': [1, {'y':2,'x':'é'}], 'a': null }");
  g_autofree char *b = canonical ("{'a':null,'b':[1,{'x':'\\u00e9','y':2}]}");
  g_autofree char *c = canonical ("{'a':null,'b':[{'x':'é','y':2},1]}");

  g_assert_cmpstr (a, ==, b);
  g_assert_cmpstr (a, !=, c);
}

/* Whatever bytes come, the parser gives a value or an error, never both and never neither. */
/* Every character but U+0000 comes back as it went out, and none stands in the text unescaped. */
static void
test_control_characters_are_escaped (void)
{
  for (gunichar c = 1; c < 0x80; c++)
    {
      g_autoptr (JsonObject) object = json_object_new ();
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (JsonNode) root = NULL;
      const char value[] = { 'a', (char)c, 'b', '\0' };
      const char *text;
      gsize length;

      json_object_set_string_member (object, "x", value);
      bytes = ac_json_object_to_bytes (object);
      text = g_bytes_get_data (bytes, &length);
      for (gsize i = 0; i < length; i++)
        g_assert_cmpint (text[i], >=, 0x20);
      root = ac_json_parse (bytes, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (ac_json_get_string (ac_json_root_object (root, NULL), "x"), ==, value);
    }
}

static void
test_random_bytes_never_crash (void)
{
  static const char alphabet[] = "{}[]\",:\\u0019.-eEtruefalsn \n/'\xc3\xa9\xff";

  for (guint i = 0; i < 20000; i++)
    {
      gsize length = (gsize)g_test_rand_int_range (0, 40);
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (JsonNode) root = NULL;
      char *text = g_malloc (length + 1);

      for (gsize k = 0; k < length; k++)
        text[k] = alphabet[g_test_rand_int_range (0, sizeof alphabet - 1)];
      bytes = g_bytes_new_take (text, length);
      root = ac_json_parse (bytes, &error);
      g_assert_true ((root == NULL) == (error != NULL));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/json/not-json", test_text_that_is_not_json_is_refused);
  g_test_add_func ("/model/json/bomb", test_a_bomb_of_brackets_is_refused);
  g_test_add_func ("/model/json/brackets-in-strings", test_brackets_in_strings_do_not_count);
  g_test_add_func ("/model/json/errors-name-members", test_every_error_names_its_member);
  g_test_add_func ("/model/json/unknown-in-answers", test_answers_may_hold_what_we_do_not_know);
  g_test_add_func ("/model/json/wrong-type-in-answers", test_a_wrong_type_in_an_answer_is_an_error);
  g_test_add_func ("/model/json/getters", test_getters_never_trust_the_kind);
  g_test_add_func ("/model/json/canonical", test_canonical_text_ignores_order_and_space);
  g_test_add_func ("/model/json/control-characters", test_control_characters_are_escaped);
  g_test_add_func ("/model/json/random-bytes", test_random_bytes_never_crash);
  return g_test_run ();
}
