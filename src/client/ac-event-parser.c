/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "client/ac-event-parser.h"

struct _AcEventParser
{
  gsize largest;
  AcEventFunc func;
  gpointer user_data;

  GString *line; /* so far */
  gboolean after_return;
  gboolean begun; /* past a byte order mark */
  GString *data;
  gboolean has_data;
  char *type; /* nullable */
  char *id;   /* nullable */
};

/**
 * ac_event_parser_new:
 * @largest: how many bytes an event may have
 * @func: called for each event
 *
 * Returns: (transfer full): a parser before the first byte.
 */
AcEventParser *
ac_event_parser_new (gsize largest, AcEventFunc func, gpointer user_data)
{
  AcEventParser *parser = g_new0 (AcEventParser, 1);

  parser->largest = largest;
  parser->func = func;
  parser->user_data = user_data;
  parser->line = g_string_new (NULL);
  parser->data = g_string_new (NULL);
  return parser;
}

void
ac_event_parser_free (AcEventParser *parser)
{
  if (parser == NULL)
    return;
  g_string_free (parser->line, TRUE);
  g_string_free (parser->data, TRUE);
  g_free (parser->type);
  g_free (parser->id);
  g_free (parser);
}

static void
dispatch (AcEventParser *parser)
{
  g_autofree char *type = g_steal_pointer (&parser->type);
  g_autoptr (GBytes) data = NULL;

  if (!parser->has_data)
    return;
  parser->has_data = FALSE;
  data = g_string_free_to_bytes (g_steal_pointer (&parser->data));
  parser->data = g_string_new (NULL);
  parser->func (type != NULL ? type : "message", parser->id, data, parser->user_data);
}

static void
take_field (AcEventParser *parser,
            const char *name,
            gsize name_length,
            const char *value,
            gsize length)
{
  if (name_length == 4 && memcmp (name, "data", 4) == 0)
    {
      if (parser->has_data)
        g_string_append_c (parser->data, '\n');
      g_string_append_len (parser->data, value, (gssize)length);
      parser->has_data = TRUE;
    }
  else if (name_length == 5 && memcmp (name, "event", 5) == 0)
    {
      g_free (parser->type);
      parser->type = length > 0 ? g_strndup (value, length) : NULL;
    }
  else if (name_length == 2 && memcmp (name, "id", 2) == 0 && memchr (value, '\0', length) == NULL)
    {
      g_free (parser->id);
      parser->id = g_strndup (value, length);
    }
}

static void
take_line (AcEventParser *parser)
{
  const char *line = parser->line->str;
  gsize length = parser->line->len;
  const char *colon;
  const char *value;

  if (!parser->begun && length >= 3 && memcmp (line, "\xef\xbb\xbf", 3) == 0)
    {
      line += 3;
      length -= 3;
    }
  parser->begun = TRUE;
  if (length == 0)
    {
      dispatch (parser);
      return;
    }
  if (*line == ':')
    return;
  colon = memchr (line, ':', length);
  if (colon == NULL)
    {
      take_field (parser, line, length, "", 0);
      return;
    }
  value = colon + 1;
  if (value < line + length && *value == ' ')
    value++;
  take_field (parser, line, (gsize)(colon - line), value, (gsize)(line + length - value));
}

/**
 * ac_event_parser_feed:
 * @bytes: (array length=length): what has come
 *
 * Returns: whether that can be part of a stream; %FALSE when an event is larger than any may be.
 */
gboolean
ac_event_parser_feed (AcEventParser *parser, const char *bytes, gsize length)
{
  const char *end = bytes + length;

  while (bytes < end)
    {
      const char *stop = bytes;

      if (parser->after_return && *bytes == '\n')
        {
          parser->after_return = FALSE;
          bytes++;
          continue;
        }
      parser->after_return = FALSE;
      while (stop < end && *stop != '\n' && *stop != '\r')
        stop++;
      g_string_append_len (parser->line, bytes, stop - bytes);
      if (parser->line->len + parser->data->len > parser->largest)
        return FALSE;
      if (stop == end)
        return TRUE;
      parser->after_return = *stop == '\r';
      take_line (parser);
      g_string_truncate (parser->line, 0);
      bytes = stop + 1;
    }
  return TRUE;
}
