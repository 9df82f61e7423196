/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "responders/ac-squid-answer.h"

/* A page has room for so much of a reason. */
#define LONGEST_REASON 300

typedef struct
{
  const char *at;
  gsize length;
} Word;

static Word
next_word (const char **at, const char *end)
{
  Word word;

  while (*at < end && **at == ' ')
    (*at)++;
  word.at = *at;
  while (*at < end && **at != ' ')
    (*at)++;
  word.length = (gsize)(*at - word.at);
  return word;
}

static gboolean
is_number (Word word)
{
  for (gsize i = 0; i < word.length; i++)
    if (!g_ascii_isdigit (word.at[i]))
      return FALSE;
  return word.length > 0;
}

/* Squid has percent-encoded the whole field once (“%#” in its format). */
static GString *
decode_field (Word word)
{
  GString *decoded = g_string_sized_new (word.length);

  for (gsize i = 0; i < word.length; i++)
    if (word.at[i] == '%' && i + 2 < word.length && g_ascii_isxdigit (word.at[i + 1]) &&
        g_ascii_isxdigit (word.at[i + 2]))
      {
        g_string_append_c (decoded, (char)(g_ascii_xdigit_value (word.at[i + 1]) << 4 |
                                           g_ascii_xdigit_value (word.at[i + 2])));
        i += 2;
      }
    else
      g_string_append_c (decoded, word.at[i]);
  return decoded;
}

/* Squid writes a message into its page byte by byte, and its log is one of lines: so plain ASCII.
 */
static void
append_quoted (GString *out, const char *text)
{
  g_autofree char *ascii = g_str_to_ascii (text, "C");
  gsize n = 0;

  g_string_append_c (out, '"');
  for (const char *at = ascii; *at != '\0' && n < LONGEST_REASON; at++, n++)
    {
      if (*at == '"' || *at == '\\')
        g_string_append_c (out, '\\');
      g_string_append_c (out, g_ascii_isprint (*at) ? *at : ' ');
    }
  g_string_append_c (out, '"');
}

static char *
finish (Word channel, const char *verdict, const char *message, const char *tag)
{
  GString *out = g_string_new (NULL);

  if (channel.length > 0)
    {
      g_string_append_len (out, channel.at, (gssize)channel.length);
      g_string_append_c (out, ' ');
    }
  g_string_append (out, verdict);
  if (message != NULL)
    {
      g_string_append (out, " message=");
      append_quoted (out, message);
    }
  if (tag != NULL)
    {
      g_string_append (out, " tag=");
      append_quoted (out, tag);
    }
  g_string_append_c (out, '\n');
  return g_string_free (out, FALSE);
}

static char *
refuse (Word channel, const AcBlockEntry *entry)
{
  g_autofree char *message = g_strdup_printf ("Blocked by the action %s%s%s.", entry->action_id,
                                              entry->reason != NULL ? ": " : "",
                                              entry->reason != NULL ? entry->reason : "");

  return finish (channel, "OK", message, entry->action_id);
}

/**
 * ac_squid_answer:
 * @list: (nullable): what is blocked
 * @trouble: (nullable): why there is no @list, in a sentence
 * @fail_open: whether a click is let through where there is no @list
 * @line: “[CHANNEL] METHOD URI [more]”, the URI percent-encoded once, without the end of the line
 * @now: microseconds since 1970
 *
 * A request for a tunnel (CONNECT) names a host and a port and no more, so only blocks of whole
 * hosts and domains count there. What is for the web but is no URL by the standard is refused: no
 * browser asks for it, and it could be a blocked URL in a disguise that only a server understands.
 *
 * Returns: (transfer full): the answer with the end of its line: “OK” for a click that is to be
 * refused, “ERR” for any other.
 */
char *
ac_squid_answer (AcBlockList *list,
                 const char *trouble,
                 gboolean fail_open,
                 const char *line,
                 gsize length,
                 gint64 now)
{
  const char *at = line;
  const char *end = line + length;
  Word channel = { at, 0 };
  Word method = next_word (&at, end);
  const AcBlockEntry *entry = NULL;
  g_autoptr (GString) target = NULL;
  g_autoptr (GError) error = NULL;

  if (is_number (method))
    {
      channel = method;
      method = next_word (&at, end);
    }
  target = decode_field (next_word (&at, end));
  if (list == NULL)
    return finish (channel, fail_open ? "ERR" : "OK", trouble, NULL);
  if (method.length == strlen ("CONNECT") && strncmp (method.at, "CONNECT", method.length) == 0)
    {
      g_autofree char *host = ac_url_parse_authority (target->str, (gssize)target->len, &error);

      if (host != NULL)
        entry = ac_block_list_match_host (list, host, now);
    }
  else
    {
      g_autoptr (AcUrl) url = ac_url_parse (target->str, (gssize)target->len, &error);

      if (url != NULL)
        entry = ac_block_list_match (list, url, now);
    }
  if (entry != NULL)
    return refuse (channel, entry);
  if (g_error_matches (error, AC_URL_ERROR, AC_URL_ERROR_INVALID))
    return finish (channel, "OK", error->message, NULL);
  return finish (channel, "ERR", NULL, NULL);
}
