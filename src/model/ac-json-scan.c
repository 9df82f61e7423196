/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "model/ac-json-scan.h"
#include "model/ac-number.h"

/* The same bounds as in ac-json.c, so that what passes here can be read there: deeper than any
 * answer of the service, and digits that fit in a gint64. */
#define DEEPEST 32
#define MOST_DIGITS 18

static const char *scan_value (const char *at, const char *end, guint depth);

static const char *
skip_space (const char *at, const char *end)
{
  while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
    at++;
  return at;
}

static gboolean
are_hex (const char *at, const char *end)
{
  if (end - at < 4)
    return FALSE;
  for (guint i = 0; i < 4; i++)
    if (!g_ascii_isxdigit (at[i]))
      return FALSE;
  return TRUE;
}

/* Each function returns where the thing ends, or NULL when it is not one. */
static const char *
scan_string (const char *at, const char *end)
{
  if (at >= end || *at != '"')
    return NULL;
  for (at++; at < end; at++)
    {
      if (*at == '"')
        return at + 1;
      if ((guchar)*at < 0x20)
        return NULL;
      if (*at != '\\')
        continue;
      if (++at >= end || strchr ("\"\\/bfnrtu", *at) == NULL || *at == '\0')
        return NULL;
      if (*at == 'u' && (!are_hex (at + 1, end) || memcmp (at + 1, "0000", 4) == 0))
        return NULL;
    }
  return NULL;
}

static const char *
scan_digits (const char *at, const char *end)
{
  const char *start = at;

  while (at < end && g_ascii_isdigit (*at))
    at++;
  return at > start && at - start <= MOST_DIGITS ? at : NULL;
}

static const char *
scan_number (const char *at, const char *end)
{
  if (at < end && *at == '-')
    at++;
  if (at < end && *at == '0')
    at++;
  else
    at = scan_digits (at, end);
  if (at != NULL && at < end && *at == '.')
    at = scan_digits (at + 1, end);
  if (at != NULL && at < end && (*at == 'e' || *at == 'E'))
    {
      at++;
      if (at < end && (*at == '+' || *at == '-'))
        at++;
      at = scan_digits (at, end);
    }
  return at;
}

static const char *
scan_word (const char *at, const char *end, const char *word)
{
  gsize length = strlen (word);

  return (gsize)(end - at) >= length && memcmp (at, word, length) == 0 ? at + length : NULL;
}

static const char *
scan_list (const char *at, const char *end, guint depth)
{
  char closing = *at == '{' ? '}' : ']';

  if (depth >= DEEPEST)
    return NULL;
  at = skip_space (at + 1, end);
  if (at < end && *at == closing)
    return at + 1;
  for (;;)
    {
      if (closing == '}')
        {
          at = scan_string (at, end);
          if (at == NULL)
            return NULL;
          at = skip_space (at, end);
          if (at >= end || *at != ':')
            return NULL;
          at = skip_space (at + 1, end);
        }
      at = scan_value (at, end, depth + 1);
      if (at == NULL)
        return NULL;
      at = skip_space (at, end);
      if (at >= end)
        return NULL;
      if (*at == closing)
        return at + 1;
      if (*at != ',')
        return NULL;
      at = skip_space (at + 1, end);
    }
}

static const char *
scan_value (const char *at, const char *end, guint depth)
{
  if (at >= end)
    return NULL;
  switch (*at)
    {
    case '{':
    case '[':
      return scan_list (at, end, depth);
    case '"':
      return scan_string (at, end);
    case 't':
      return scan_word (at, end, "true");
    case 'f':
      return scan_word (at, end, "false");
    case 'n':
      return scan_word (at, end, "null");
    default:
      return scan_number (at, end);
    }
}

/**
 * ac_json_scan_value:
 * @text: a whole document, valid UTF-8
 * @value: (out): its value
 *
 * Returns: whether @text is one JSON value from end to end.
 */
gboolean
ac_json_scan_value (const char *text, gsize length, AcJsonSlice *value)
{
  const char *end = text + length;
  const char *start = skip_space (text, end);
  const char *stop = scan_value (start, end, 0);

  if (stop == NULL || skip_space (stop, end) != end)
    return FALSE;
  *value = (AcJsonSlice){ start, (gsize)(stop - start) };
  return TRUE;
}

static gboolean
begin (AcJsonWalk *walk, const AcJsonSlice *list, char opening, char closing)
{
  *walk = (AcJsonWalk){ .closing = closing, .first = TRUE };
  if (list->length < 2 || list->text[0] != opening)
    {
      walk->broken = TRUE;
      return FALSE;
    }
  walk->at = list->text + 1;
  walk->end = list->text + list->length;
  return TRUE;
}

/**
 * ac_json_walk_object:
 * @walk: (out caller-allocates): to be asked with ac_json_walk_member()
 * @object: a value that was found by these functions
 *
 * Returns: whether it is an object.
 */
gboolean
ac_json_walk_object (AcJsonWalk *walk, const AcJsonSlice *object)
{
  return begin (walk, object, '{', '}');
}

/**
 * ac_json_walk_array:
 * @walk: (out caller-allocates): to be asked with ac_json_walk_element()
 * @array: a value that was found by these functions
 *
 * Returns: whether it is an array.
 */
gboolean
ac_json_walk_array (AcJsonWalk *walk, const AcJsonSlice *array)
{
  return begin (walk, array, '[', ']');
}

/* Comes to the next thing in the list: FALSE at its end, and when it is broken. */
static gboolean
next (AcJsonWalk *walk)
{
  if (walk->broken || walk->at == NULL)
    return FALSE;
  walk->at = skip_space (walk->at, walk->end);
  if (walk->at < walk->end && *walk->at == walk->closing)
    {
      walk->at = NULL;
      return FALSE;
    }
  if (!walk->first)
    {
      if (walk->at >= walk->end || *walk->at != ',')
        walk->broken = TRUE;
      else
        walk->at = skip_space (walk->at + 1, walk->end);
    }
  walk->first = FALSE;
  return !walk->broken;
}

static gboolean
take_value (AcJsonWalk *walk, AcJsonSlice *value)
{
  const char *stop = scan_value (walk->at, walk->end, 0);

  if (stop == NULL)
    {
      walk->broken = TRUE;
      return FALSE;
    }
  *value = (AcJsonSlice){ walk->at, (gsize)(stop - walk->at) };
  walk->at = stop;
  return TRUE;
}

/**
 * ac_json_walk_member:
 * @name: (out): the name, with its quotes
 * @value: (out): the value
 *
 * Returns: whether there was another; if not, @walk says whether it was broken.
 */
gboolean
ac_json_walk_member (AcJsonWalk *walk, AcJsonSlice *name, AcJsonSlice *value)
{
  const char *stop;

  if (!next (walk))
    return FALSE;
  stop = scan_string (walk->at, walk->end);
  if (stop != NULL)
    {
      *name = (AcJsonSlice){ walk->at, (gsize)(stop - walk->at) };
      walk->at = skip_space (stop, walk->end);
    }
  if (stop == NULL || walk->at >= walk->end || *walk->at != ':')
    {
      walk->broken = TRUE;
      return FALSE;
    }
  walk->at = skip_space (walk->at + 1, walk->end);
  return take_value (walk, value);
}

/**
 * ac_json_walk_element:
 * @value: (out): the element
 *
 * Returns: whether there was another; if not, @walk says whether it was broken.
 */
gboolean
ac_json_walk_element (AcJsonWalk *walk, AcJsonSlice *value)
{
  return next (walk) && take_value (walk, value);
}

/**
 * ac_json_slice_is:
 * @plain: without anything that would be escaped
 *
 * Returns: whether the string @name says @plain. One that is spelled with escapes where none are
 * needed is not recognised; no service writes names that way.
 */
gboolean
ac_json_slice_is (const AcJsonSlice *name, const char *plain)
{
  gsize length = strlen (plain);

  return name->length == length + 2 && name->text[0] == '"' &&
         memcmp (name->text + 1, plain, length) == 0;
}

gboolean
ac_json_slice_is_string (const AcJsonSlice *value)
{
  return value->length >= 2 && value->text[0] == '"';
}

static guint
hex4 (const char *at)
{
  guint value = 0;

  for (guint i = 0; i < 4; i++)
    value = value << 4 | (guint)g_ascii_xdigit_value (at[i]);
  return value;
}

/* @at: behind the “u”; returns behind the escape. */
static const char *
append_unicode (const char *at, const char *end, GString *text)
{
  guint value = hex4 (at);

  at += 4;
  if (value >= 0xd800 && value < 0xdc00 && end - at >= 6 && at[0] == '\\' && at[1] == 'u')
    {
      guint low = hex4 (at + 2);

      if (low >= 0xdc00 && low < 0xe000)
        {
          g_string_append_unichar (text, 0x10000 + ((value - 0xd800) << 10) + (low - 0xdc00));
          return at + 6;
        }
    }
  /* Half a pair stands for nothing. */
  if (value >= 0xd800 && value < 0xe000)
    value = 0xfffd;
  g_string_append_unichar (text, value);
  return at;
}

/**
 * ac_json_slice_append_string:
 * @value: a string
 *
 * Appends what the string says to @text.
 */
void
ac_json_slice_append_string (const AcJsonSlice *value, GString *text)
{
  const char *at = value->text + 1;
  const char *end = value->text + value->length - 1;

  g_return_if_fail (ac_json_slice_is_string (value));

  while (at < end)
    {
      const char *escape = memchr (at, '\\', (gsize)(end - at));

      if (escape == NULL)
        escape = end;
      g_string_append_len (text, at, escape - at);
      if (escape == end)
        return;
      at = escape + 2;
      switch (escape[1])
        {
        case 'b':
          g_string_append_c (text, '\b');
          break;
        case 'f':
          g_string_append_c (text, '\f');
          break;
        case 'n':
          g_string_append_c (text, '\n');
          break;
        case 'r':
          g_string_append_c (text, '\r');
          break;
        case 't':
          g_string_append_c (text, '\t');
          break;
        case 'u':
          at = append_unicode (at, end, text);
          break;
        default:
          g_string_append_c (text, escape[1]);
          break;
        }
    }
}

/**
 * ac_json_slice_dup_string:
 *
 * Returns: (transfer full) (nullable): what the string says; %NULL when @value is no string.
 */
char *
ac_json_slice_dup_string (const AcJsonSlice *value)
{
  GString *text;

  if (!ac_json_slice_is_string (value))
    return NULL;
  text = g_string_sized_new (value->length);
  ac_json_slice_append_string (value, text);
  return g_string_free (text, FALSE);
}

/**
 * ac_json_slice_get_integer:
 *
 * Returns: whether @value is a whole number that fits.
 */
gboolean
ac_json_slice_get_integer (const AcJsonSlice *value, gint64 *number)
{
  char buffer[32];

  if (value->length == 0 || value->length >= sizeof buffer)
    return FALSE;
  memcpy (buffer, value->text, value->length);
  buffer[value->length] = '\0';
  return ac_number_parse_signed (buffer, G_MININT64, G_MAXINT64, number);
}
