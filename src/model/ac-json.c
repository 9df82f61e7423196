/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "model/ac-json-scan.h"
#include "model/ac-json.h"
#include "model/ac-time.h"

/* json-glib 1.6 parses nested values by recursion without a bound, so deep input is refused before
 * it gets there. Nothing of the API nests deeper than 8. */
#define MAX_DEPTH 32

/* The one control character that json-glib 1.6 forgets to escape (RFC 8259 §7). */
#define UNESCAPED '\x1f'

/* Any run of this many digits fits in a gint64. */
#define MAX_DIGITS 18

G_DEFINE_QUARK (ac - model - error - quark, ac_model_error)

static gboolean
syntax_error (GError **error, const char *what, gsize at)
{
  g_set_error (error, AC_MODEL_ERROR, AC_MODEL_ERROR_SYNTAX,
               "The text is not usable JSON: %s at byte %" G_GSIZE_FORMAT, what, at);
  return FALSE;
}

/* The code unit of “\\uXXXX” at this place, or -1. */
static int
code_unit (const char *text, gsize length)
{
  int unit = 0;

  if (length < 6 || text[0] != '\\' || text[1] != 'u')
    return -1;
  for (gsize i = 2; i < 6; i++)
    {
      if (!g_ascii_isxdigit (text[i]))
        return -1;
      unit = unit * 16 + g_ascii_xdigit_value (text[i]);
    }
  return unit;
}

/* Half of a surrogate pair is no character, and json-glib makes bytes of it that are no UTF-8. */
static gboolean
is_half_a_pair (const char *text, gsize length, gboolean *is_pair)
{
  int first = code_unit (text, length);
  int second;

  *is_pair = FALSE;
  if (first < 0xd800 || first > 0xdfff)
    return FALSE;
  second = length > 6 ? code_unit (text + 6, length - 6) : -1;
  *is_pair = first < 0xdc00 && second >= 0xdc00 && second <= 0xdfff;
  return !*is_pair;
}

/* json-glib reads more than JSON: comments, single quotes, “var x =”, hexadecimal numbers, a second
 * value behind the first. It cuts a string at U+0000 and turns a number that does not fit into -1,
 * both without a word. Whatever would so be read as something else than was sent is refused here.
 */
static gboolean
check_strictly (const char *text, gsize length, GError **error)
{
  guint depth = 0;
  guint digits = 0;
  gboolean in_string = FALSE;
  gboolean ended = FALSE;
  gboolean is_pair;

  for (gsize i = 0; i < length; i++)
    {
      char c = text[i];

      if (in_string)
        {
          if (c == '\\')
            {
              if (length - i > 5 && strncmp (text + i, "\\u0000", 6) == 0)
                return syntax_error (error, "the character U+0000", i);
              if (is_half_a_pair (text + i, length - i, &is_pair))
                return syntax_error (error, "half of a surrogate pair", i);
              i += is_pair ? 11 : 1;
            }
          else if (c == '"')
            in_string = FALSE;
          else if ((guchar)c < 0x20)
            return syntax_error (error, "a control character that is not escaped", i);
          continue;
        }
      if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
        continue;
      if (ended)
        return syntax_error (error, "more text behind the end", i);

      digits = g_ascii_isdigit (c) ? digits + 1 : 0;
      if (digits > MAX_DIGITS)
        return syntax_error (error, "a number too large", i);
      if (c == '"')
        in_string = TRUE;
      else if (c == '[' || c == '{')
        {
          if (++depth > MAX_DEPTH)
            return syntax_error (error, "nesting too deep", i);
        }
      else if (c == ']' || c == '}')
        {
          if (depth == 0)
            return syntax_error (error, "a closing bracket without an opening one", i);
          ended = --depth == 0;
        }
      else if (c == '\0' || strchr (",:0123456789+-.eEtrufalsn", c) == NULL)
        return syntax_error (error, "an unexpected character", i);
      if (depth == 0 && !ended)
        return syntax_error (error, "something else than an object or an array", i);
    }
  if (!ended)
    return syntax_error (error, "an unexpected end", length);
  return TRUE;
}

/**
 * ac_json_parse:
 * @bytes: UTF-8 text (RFC 8259)
 *
 * Returns: (transfer full): the root, or %NULL with AC_MODEL_ERROR_SYNTAX.
 */
JsonNode *
ac_json_parse (GBytes *bytes, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GError) local_error = NULL;
  const char *end = NULL;
  AcJsonSlice whole;
  const char *text;
  JsonNode *root;
  gsize length;

  g_return_val_if_fail (bytes != NULL, NULL);

  text = g_bytes_get_data (bytes, &length);
  if (length == 0)
    {
      g_set_error_literal (error, AC_MODEL_ERROR, AC_MODEL_ERROR_SYNTAX,
                           "The text is empty; a JSON object was expected");
      return NULL;
    }
  if (!g_utf8_validate_len (text, length, &end))
    {
      g_set_error (error, AC_MODEL_ERROR, AC_MODEL_ERROR_SYNTAX,
                   "The text is not valid UTF-8 at byte %" G_GSIZE_FORMAT, (gsize)(end - text));
      return NULL;
    }
  if (!check_strictly (text, length, error))
    return NULL;
  if (!json_parser_load_from_data (parser, text, (gssize)length, &local_error))
    {
      g_set_error (error, AC_MODEL_ERROR, AC_MODEL_ERROR_SYNTAX, "The text is not JSON: %s",
                   local_error->message);
      return NULL;
    }
  /* json-glib also takes escapes that JSON has not, “\e” for one. */
  if (!ac_json_scan_value (text, length, &whole))
    {
      g_set_error_literal (error, AC_MODEL_ERROR, AC_MODEL_ERROR_SYNTAX, "The text is not JSON");
      return NULL;
    }
  root = json_parser_steal_root (parser);
  if (root == NULL)
    g_set_error_literal (error, AC_MODEL_ERROR, AC_MODEL_ERROR_SYNTAX,
                         "The text holds no JSON value");
  return root;
}

/* Takes @text. */
static char *
escape_the_unescaped (char *text, gsize *length)
{
  GString *escaped = g_string_sized_new (*length + 64);

  for (gsize i = 0; i < *length; i++)
    if (text[i] == UNESCAPED)
      g_string_append (escaped, "\\u001f");
    else
      g_string_append_c (escaped, text[i]);
  g_free (text);
  *length = escaped->len;
  return g_string_free (escaped, FALSE);
}

/**
 * ac_json_to_bytes:
 *
 * Returns: (transfer full): compact JSON text, without a trailing zero or newline.
 */
GBytes *
ac_json_to_bytes (JsonNode *node)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  gsize length;
  char *text;

  json_generator_set_root (generator, node);
  text = json_generator_to_data (generator, &length);
  if (memchr (text, UNESCAPED, length) != NULL)
    text = escape_the_unescaped (text, &length);
  return g_bytes_new_take (text, length);
}

/**
 * ac_json_object_to_bytes:
 *
 * Returns: (transfer full): as ac_json_to_bytes().
 */
GBytes *
ac_json_object_to_bytes (JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  json_node_set_object (node, object);
  return ac_json_to_bytes (node);
}

static const char *
kind_name (AcJsonKind kind)
{
  switch (kind)
    {
    case AC_JSON_STRING:
    case AC_JSON_ENUM:
      return "a string";
    case AC_JSON_TEXT:
      return "a string that is not empty";
    case AC_JSON_INTEGER:
      return "a whole number";
    case AC_JSON_BOOLEAN:
      return "true or false";
    case AC_JSON_TIME:
      return "a time as in RFC 3339";
    case AC_JSON_OBJECT:
      return "an object";
    case AC_JSON_ARRAY:
      return "an array";
    case AC_JSON_STRING_ARRAY:
    default:
      return "an array of strings";
    }
}

static const char *
node_name (JsonNode *node)
{
  switch (json_node_get_node_type (node))
    {
    case JSON_NODE_OBJECT:
      return "an object";
    case JSON_NODE_ARRAY:
      return "an array";
    case JSON_NODE_NULL:
      return "null";
    case JSON_NODE_VALUE:
    default:
      break;
    }
  switch (json_node_get_value_type (node))
    {
    case G_TYPE_STRING:
      return "a string";
    case G_TYPE_BOOLEAN:
      return "a boolean";
    case G_TYPE_INT64:
      return "a whole number";
    default:
      return "a number";
    }
}

static char *
member_path (const char *path, const char *name)
{
  return path == NULL || *path == '\0' ? g_strdup (name) : g_strdup_printf ("%s.%s", path, name);
}

static gboolean
is_string (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING;
}

static gboolean
holds_kind (JsonNode *node, AcJsonKind kind)
{
  switch (kind)
    {
    case AC_JSON_STRING:
    case AC_JSON_TEXT:
    case AC_JSON_ENUM:
    case AC_JSON_TIME:
      return is_string (node);
    case AC_JSON_INTEGER:
      return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64;
    case AC_JSON_BOOLEAN:
      return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_BOOLEAN;
    case AC_JSON_OBJECT:
      return JSON_NODE_HOLDS_OBJECT (node);
    case AC_JSON_ARRAY:
      return JSON_NODE_HOLDS_ARRAY (node);
    case AC_JSON_STRING_ARRAY:
    default:
      {
        JsonArray *array;

        if (!JSON_NODE_HOLDS_ARRAY (node))
          return FALSE;
        array = json_node_get_array (node);
        for (guint i = 0; i < json_array_get_length (array); i++)
          if (!is_string (json_array_get_element (array, i)))
            return FALSE;
        return TRUE;
      }
    }
}

static gboolean
check_value (JsonNode *node,
             const AcJsonMember *member,
             AcJsonMode mode,
             const char *where,
             GError **error)
{
  if (!holds_kind (node, member->kind))
    {
      g_set_error (error, AC_MODEL_ERROR, AC_MODEL_ERROR_WRONG_TYPE, "%s: expected %s, found %s",
                   where, kind_name (member->kind), node_name (node));
      return FALSE;
    }

  if (member->kind == AC_JSON_TEXT && *json_node_get_string (node) == '\0')
    {
      g_set_error (error, AC_MODEL_ERROR, AC_MODEL_ERROR_INVALID_VALUE, "%s: must not be empty",
                   where);
      return FALSE;
    }
  if (member->kind == AC_JSON_TIME)
    {
      gint64 ignored;

      if (!ac_time_parse (json_node_get_string (node), mode == AC_JSON_STRICT, &ignored))
        {
          g_set_error (error, AC_MODEL_ERROR, AC_MODEL_ERROR_INVALID_VALUE,
                       "%s: “%s” is not a time as in RFC 3339, such as 2026-01-31T12:00:00Z", where,
                       json_node_get_string (node));
          return FALSE;
        }
    }
  if (member->kind == AC_JSON_ENUM && mode == AC_JSON_STRICT &&
      ac_vocabulary_parse (member->vocabulary, json_node_get_string (node)) == 0)
    {
      g_autofree char *known = ac_vocabulary_list (member->vocabulary);

      g_set_error (error, AC_MODEL_ERROR, AC_MODEL_ERROR_INVALID_VALUE, "%s: “%s” is not one of %s",
                   where, json_node_get_string (node), known);
      return FALSE;
    }
  return TRUE;
}

static const AcJsonMember *
find_member (const AcJsonMember *members, gsize n_members, const char *name)
{
  for (gsize i = 0; i < n_members; i++)
    if (strcmp (members[i].name, name) == 0)
      return &members[i];
  return NULL;
}

/**
 * ac_json_check:
 * @object: what came in
 * @members: (array length=n_members): what it should look like
 * @mode: how to treat what @members does not name
 * @path: (nullable): where @object stands in the whole text, for the message
 *
 * A member that is null counts as absent in lenient mode.
 *
 * Returns: %TRUE, or %FALSE with an AC_MODEL_ERROR whose message begins with the member's path.
 */
gboolean
ac_json_check (JsonObject *object,
               const AcJsonMember *members,
               gsize n_members,
               AcJsonMode mode,
               const char *path,
               GError **error)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  g_return_val_if_fail (object != NULL, FALSE);

  for (gsize i = 0; i < n_members; i++)
    {
      g_autofree char *where = NULL;

      node = json_object_get_member (object, members[i].name);
      if (node != NULL && mode == AC_JSON_LENIENT && JSON_NODE_HOLDS_NULL (node))
        node = NULL;
      if (node == NULL && !members[i].required)
        continue;

      where = member_path (path, members[i].name);
      if (node == NULL)
        {
          g_set_error (error, AC_MODEL_ERROR, AC_MODEL_ERROR_MISSING_MEMBER, "%s: is missing",
                       where);
          return FALSE;
        }
      if (!check_value (node, &members[i], mode, where, error))
        return FALSE;
    }

  if (mode == AC_JSON_LENIENT)
    return TRUE;
  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, &node))
    if (find_member (members, n_members, name) == NULL)
      {
        g_autofree char *where = member_path (path, name);

        g_set_error (error, AC_MODEL_ERROR, AC_MODEL_ERROR_UNKNOWN_MEMBER,
                     "%s: this member is not known", where);
        return FALSE;
      }
  return TRUE;
}

/**
 * ac_json_root_object:
 *
 * Returns: (transfer none): the object that @root is, or %NULL with AC_MODEL_ERROR_WRONG_TYPE.
 */
JsonObject *
ac_json_root_object (JsonNode *root, GError **error)
{
  if (JSON_NODE_HOLDS_OBJECT (root))
    return json_node_get_object (root);
  g_set_error (error, AC_MODEL_ERROR, AC_MODEL_ERROR_WRONG_TYPE, "Expected a JSON object, found %s",
               node_name (root));
  return NULL;
}

/**
 * ac_json_element_object:
 * @path: the path of @array
 *
 * Returns: (transfer none): the object at @index, or %NULL with AC_MODEL_ERROR_WRONG_TYPE.
 */
JsonObject *
ac_json_element_object (JsonArray *array, guint index, const char *path, GError **error)
{
  JsonNode *node = json_array_get_element (array, index);

  if (JSON_NODE_HOLDS_OBJECT (node))
    return json_node_get_object (node);
  g_set_error (error, AC_MODEL_ERROR, AC_MODEL_ERROR_WRONG_TYPE,
               "%s[%u]: expected an object, found %s", path, index, node_name (node));
  return NULL;
}

/* The getters below are for objects that ac_json_check() has accepted; still they never crash on
 * others: what is absent or of another kind gives the fallback. */

static JsonNode *
get_kind (JsonObject *object, const char *name, AcJsonKind kind)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && holds_kind (node, kind) ? node : NULL;
}

/**
 * ac_json_get_string:
 *
 * Returns: (nullable): the string, owned by @object.
 */
const char *
ac_json_get_string (JsonObject *object, const char *name)
{
  JsonNode *node = get_kind (object, name, AC_JSON_STRING);

  return node != NULL ? json_node_get_string (node) : NULL;
}

gint64
ac_json_get_integer (JsonObject *object, const char *name, gint64 fallback)
{
  JsonNode *node = get_kind (object, name, AC_JSON_INTEGER);

  return node != NULL ? json_node_get_int (node) : fallback;
}

/**
 * ac_json_get_time:
 *
 * Returns: microseconds since 1970 in UTC, or AC_TIME_NONE.
 */
gint64
ac_json_get_time (JsonObject *object, const char *name)
{
  JsonNode *node = get_kind (object, name, AC_JSON_TIME);
  gint64 time;

  if (node == NULL || !ac_time_parse (json_node_get_string (node), FALSE, &time))
    return AC_TIME_NONE;
  return time;
}

gboolean
ac_json_get_boolean (JsonObject *object, const char *name, gboolean fallback)
{
  JsonNode *node = get_kind (object, name, AC_JSON_BOOLEAN);

  return node != NULL ? json_node_get_boolean (node) : fallback;
}

/**
 * ac_json_get_array:
 *
 * Returns: (nullable) (transfer none): the array.
 */
JsonArray *
ac_json_get_array (JsonObject *object, const char *name)
{
  JsonNode *node = get_kind (object, name, AC_JSON_ARRAY);

  return node != NULL ? json_node_get_array (node) : NULL;
}

/**
 * ac_json_get_object:
 *
 * Returns: (nullable) (transfer none): the object.
 */
JsonObject *
ac_json_get_object (JsonObject *object, const char *name)
{
  JsonNode *node = get_kind (object, name, AC_JSON_OBJECT);

  return node != NULL ? json_node_get_object (node) : NULL;
}

/**
 * ac_json_get_strings:
 *
 * Returns: (transfer full): the strings; empty when there are none.
 */
GStrv
ac_json_get_strings (JsonObject *object, const char *name)
{
  JsonNode *node = get_kind (object, name, AC_JSON_STRING_ARRAY);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  if (node != NULL)
    {
      JsonArray *array = json_node_get_array (node);

      for (guint i = 0; i < json_array_get_length (array); i++)
        g_strv_builder_add (builder, json_array_get_string_element (array, i));
    }
  return g_strv_builder_end (builder);
}

/* Setters: what is not there is left out, never written as null. */

void
ac_json_set_string (JsonObject *object, const char *name, const char *value)
{
  if (value != NULL)
    json_object_set_string_member (object, name, value);
}

void
ac_json_set_time (JsonObject *object, const char *name, gint64 time)
{
  g_autofree char *text = NULL;

  if (time == AC_TIME_NONE)
    return;
  text = ac_time_format (time);
  json_object_set_string_member (object, name, text);
}

void
ac_json_set_strings (JsonObject *object, const char *name, const char *const *values)
{
  JsonArray *array = json_array_new ();

  for (gsize i = 0; values != NULL && values[i] != NULL; i++)
    json_array_add_string_element (array, values[i]);
  json_object_set_array_member (object, name, array);
}

/**
 * ac_json_unknown_members:
 *
 * Returns: (transfer full) (nullable): the members of @object that @members does not name.
 */
JsonObject *
ac_json_unknown_members (JsonObject *object, const AcJsonMember *members, gsize n_members)
{
  JsonObject *unknown = NULL;
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, &node))
    if (find_member (members, n_members, name) == NULL)
      {
        if (unknown == NULL)
          unknown = json_object_new ();
        json_object_set_member (unknown, name, json_node_copy (node));
      }
  return unknown;
}

/**
 * ac_json_add_members:
 * @more: (nullable): members to add to @object
 */
void
ac_json_add_members (JsonObject *object, JsonObject *more)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  if (more == NULL)
    return;
  json_object_iter_init (&iter, more);
  while (json_object_iter_next (&iter, &name, &node))
    json_object_set_member (object, name, json_node_copy (node));
}

/**
 * ac_model_error_member:
 *
 * Returns: (transfer full) (nullable): the path of the member that @error is about.
 */
char *
ac_model_error_member (const GError *error)
{
  const char *colon;

  if (error == NULL || error->domain != AC_MODEL_ERROR || error->code == AC_MODEL_ERROR_SYNTAX)
    return NULL;
  colon = strstr (error->message, ": ");
  return colon != NULL ? g_strndup (error->message, (gsize)(colon - error->message)) : NULL;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static void
append_scalar (GString *text, JsonNode *node)
{
  g_autoptr (GBytes) bytes = ac_json_to_bytes (node);

  g_string_append_len (text, g_bytes_get_data (bytes, NULL), (gssize)g_bytes_get_size (bytes));
}

static void
append_canonical (GString *text, JsonNode *node)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObject *object = json_node_get_object (node);
      g_autoptr (GPtrArray) names = g_ptr_array_new ();
      JsonObjectIter iter;
      const char *name;
      JsonNode *value;

      json_object_iter_init (&iter, object);
      while (json_object_iter_next (&iter, &name, &value))
        g_ptr_array_add (names, (gpointer)name);
      g_ptr_array_sort (names, compare_names);

      g_string_append_c (text, '{');
      for (guint i = 0; i < names->len; i++)
        {
          g_autoptr (JsonNode) key = json_node_init_string (json_node_alloc (), names->pdata[i]);

          if (i > 0)
            g_string_append_c (text, ',');
          append_scalar (text, key);
          g_string_append_c (text, ':');
          append_canonical (text, json_object_get_member (object, names->pdata[i]));
        }
      g_string_append_c (text, '}');
    }
  else if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      g_string_append_c (text, '[');
      for (guint i = 0; i < json_array_get_length (array); i++)
        {
          if (i > 0)
            g_string_append_c (text, ',');
          append_canonical (text, json_array_get_element (array, i));
        }
      g_string_append_c (text, ']');
    }
  else
    append_scalar (text, node);
}

/**
 * ac_json_canonical:
 *
 * Members sorted by name, no white space: equal values give equal text, so that it can be hashed.
 * (RFC 8785 in its order of members for ASCII names; numbers are written as json-glib writes them.)
 *
 * Returns: (transfer full): the text.
 */
char *
ac_json_canonical (JsonNode *node)
{
  GString *text = g_string_new (NULL);

  append_canonical (text, node);
  return g_string_free (text, FALSE);
}
