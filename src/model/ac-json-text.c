/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "model/ac-json-text.h"
#include "model/ac-time.h"

/* A comma, unless it is the first thing in its brackets. */
static void
separate (GString *text)
{
  char last = text->len > 0 ? text->str[text->len - 1] : '{';

  if (last != '{' && last != '[' && last != ':')
    g_string_append_c (text, ',');
}

/* RFC 8259 §7: what must not stand in a string as it is. U+007F may, but some readers stumble. */
static gboolean
is_plain (guchar c)
{
  return c >= 0x20 && c != '"' && c != '\\' && c != 0x7f;
}

static void
append_escape (GString *text, guchar c)
{
  static const char digits[] = "0123456789abcdef";
  char escape[] = "\\u00XX";

  switch (c)
    {
    case '"':
    case '\\':
      g_string_append_c (text, '\\');
      g_string_append_c (text, (char)c);
      break;
    case '\n':
      g_string_append (text, "\\n");
      break;
    case '\t':
      g_string_append (text, "\\t");
      break;
    default:
      escape[4] = digits[c >> 4];
      escape[5] = digits[c & 0xf];
      g_string_append_len (text, escape, sizeof escape - 1);
      break;
    }
}

static void
append_quoted (GString *text, const char *value)
{
  const char *start = value;

  g_string_append_c (text, '"');
  for (const char *c = value;; c++)
    if (!is_plain ((guchar)*c))
      {
        g_string_append_len (text, start, c - start);
        if (*c == '\0')
          break;
        append_escape (text, (guchar)*c);
        start = c + 1;
      }
  g_string_append_c (text, '"');
}

/**
 * ac_json_text_open:
 * @bracket: '{' or '['
 *
 * Begins an object or an array: the root, an element, or the value of the name before.
 */
void
ac_json_text_open (GString *text, char bracket)
{
  separate (text);
  g_string_append_c (text, bracket);
}

/**
 * ac_json_text_close:
 * @bracket: '}' or ']'
 */
void
ac_json_text_close (GString *text, char bracket)
{
  g_string_append_c (text, bracket);
}

/**
 * ac_json_text_add_name:
 * @name: of a member; needs no escape. Its value follows.
 */
void
ac_json_text_add_name (GString *text, const char *name)
{
  separate (text);
  g_string_append_c (text, '"');
  g_string_append (text, name);
  g_string_append_len (text, "\":", 2);
}

void
ac_json_text_add_element (GString *text, const char *value)
{
  separate (text);
  append_quoted (text, value);
}

/**
 * ac_json_text_add_string:
 * @value: (nullable): UTF-8
 */
void
ac_json_text_add_string (GString *text, const char *name, const char *value)
{
  if (value == NULL)
    return;
  ac_json_text_add_name (text, name);
  append_quoted (text, value);
}

/**
 * ac_json_text_add_time:
 * @time: microseconds since 1970 in UTC, or AC_TIME_NONE
 */
void
ac_json_text_add_time (GString *text, const char *name, gint64 time)
{
  char buffer[AC_TIME_SIZE];

  if (time == AC_TIME_NONE)
    return;
  ac_time_print (time, buffer);
  ac_json_text_add_name (text, name);
  g_string_append_c (text, '"');
  g_string_append (text, buffer);
  g_string_append_c (text, '"');
}

void
ac_json_text_add_integer (GString *text, const char *name, gint64 value)
{
  char buffer[32];

  g_snprintf (buffer, sizeof buffer, "%" G_GINT64_FORMAT, value);
  ac_json_text_add_name (text, name);
  g_string_append (text, buffer);
}

void
ac_json_text_add_boolean (GString *text, const char *name, gboolean value)
{
  ac_json_text_add_name (text, name);
  g_string_append (text, value ? "true" : "false");
}

/**
 * ac_json_text_add_json:
 * @json: (nullable): a value as compact JSON text
 */
void
ac_json_text_add_json (GString *text, const char *name, const char *json)
{
  if (json == NULL)
    return;
  ac_json_text_add_name (text, name);
  g_string_append (text, json);
}
