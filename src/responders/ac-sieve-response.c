/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "responders/ac-imap-parser.h"
#include "responders/ac-sieve-response.h"

/* More than any line that is asked for has. */
#define MAX_STRINGS 64
/* What a server says to a person is shown no longer than this. */
#define MAX_TEXT 400

G_DEFINE_QUARK (ac - sieve - error - quark, ac_sieve_error)

typedef struct
{
  const char *at;
  const char *end;
} Scanner;

/**
 * ac_sieve_error_is_transient:
 *
 * Returns: whether the same may succeed later without anybody changing anything.
 */
gboolean
ac_sieve_error_is_transient (const GError *error)
{
  return g_error_matches (error, AC_SIEVE_ERROR, AC_SIEVE_ERROR_UNREACHABLE) ||
         g_error_matches (error, AC_SIEVE_ERROR, AC_SIEVE_ERROR_UNAVAILABLE) ||
         ac_sieve_error_is_lost_connection (error);
}

/**
 * ac_sieve_error_is_lost_connection:
 *
 * Returns: whether the connection broke, so that nobody knows whether the last command was carried
 *   out.
 */
gboolean
ac_sieve_error_is_lost_connection (const GError *error)
{
  return g_error_matches (error, AC_SIEVE_ERROR, AC_SIEVE_ERROR_CLOSED) ||
         g_error_matches (error, AC_SIEVE_ERROR, AC_SIEVE_ERROR_TIMED_OUT);
}

/**
 * ac_sieve_line_announces_literal:
 *
 * As in IMAP, but no line is free text: what a server says to a person is a string.
 */
gboolean
ac_sieve_line_announces_literal (const char *line,
                                 gsize length,
                                 gboolean is_first_line,
                                 guint64 *literal_length)
{
  return ac_imap_line_announces_literal (line, length, FALSE, literal_length);
}

static gboolean
fail (GError **error, const char *what)
{
  g_set_error (error, AC_SIEVE_ERROR, AC_SIEVE_ERROR_PROTOCOL,
               "The mail server's answer is no ManageSieve: %s.", what);
  return FALSE;
}

static void
skip_blanks (Scanner *scanner)
{
  while (scanner->at < scanner->end && *scanner->at == ' ')
    scanner->at++;
}

static gboolean
next_is (const Scanner *scanner, char character)
{
  return scanner->at < scanner->end && *scanner->at == character;
}

static gboolean
next_is_string (const Scanner *scanner)
{
  return next_is (scanner, '"') || next_is (scanner, '{');
}

/* OK, ACTIVE, QUOTA/MAXSCRIPTS. In capitals; NULL: there is none. */
static char *
scan_word (Scanner *scanner)
{
  const char *from = scanner->at;

  while (scanner->at < scanner->end &&
         (g_ascii_isalnum (*scanner->at) || strchr ("-/_.", *scanner->at) != NULL) &&
         *scanner->at != '\0')
    scanner->at++;
  return scanner->at > from ? g_ascii_strup (from, scanner->at - from) : NULL;
}

static GBytes *
scan_quoted (Scanner *scanner, GError **error)
{
  g_autoptr (GByteArray) text = g_byte_array_new ();

  for (scanner->at++; scanner->at < scanner->end && *scanner->at != '"'; scanner->at++)
    {
      if (*scanner->at == '\\' && ++scanner->at == scanner->end)
        break;
      g_byte_array_append (text, (const guint8 *)scanner->at, 1);
    }
  if (scanner->at == scanner->end)
    {
      fail (error, "a string does not end");
      return NULL;
    }
  scanner->at++;
  return g_byte_array_free_to_bytes (g_steal_pointer (&text));
}

/* "{" number "}" CRLF and so many bytes. */
static GBytes *
scan_literal (Scanner *scanner, GError **error)
{
  guint64 length = 0;
  GBytes *text;

  for (scanner->at++; scanner->at < scanner->end && g_ascii_isdigit (*scanner->at); scanner->at++)
    {
      length = length * 10 + (guint64)g_ascii_digit_value (*scanner->at);
      if (length > G_MAXUINT32)
        break;
    }
  if (scanner->end - scanner->at < 3 || strncmp (scanner->at, "}\r\n", 3) != 0 ||
      (guint64)(scanner->end - scanner->at - 3) < length)
    {
      fail (error, "a literal is cut off");
      return NULL;
    }
  text = g_bytes_new (scanner->at + 3, (gsize)length);
  scanner->at += 3 + length;
  return text;
}

static GBytes *
scan_string (Scanner *scanner, GError **error)
{
  return next_is (scanner, '"') ? scan_quoted (scanner, error) : scan_literal (scanner, error);
}

static gboolean
scan_strings (Scanner *scanner, GPtrArray *strings, GError **error)
{
  for (skip_blanks (scanner); next_is_string (scanner); skip_blanks (scanner))
    {
      GBytes *string = scan_string (scanner, error);

      if (string == NULL)
        return FALSE;
      g_ptr_array_add (strings, string);
      if (strings->len > MAX_STRINGS)
        return fail (error, "a line has too many strings");
    }
  return TRUE;
}

static AcSieveStatus
status_of (const char *word)
{
  if (g_strcmp0 (word, "OK") == 0)
    return AC_SIEVE_STATUS_OK;
  if (g_strcmp0 (word, "NO") == 0)
    return AC_SIEVE_STATUS_NO;
  if (g_strcmp0 (word, "BYE") == 0)
    return AC_SIEVE_STATUS_BYE;
  return AC_SIEVE_STATUS_NONE;
}

/* One line without control characters, cut where it is long. */
static char *
for_people (GBytes *bytes)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);
  g_autofree char *valid = length > 0 ? g_utf8_make_valid (data, (gssize)length) : g_strdup ("");
  GString *text = g_string_new (NULL);
  guint n = 0;

  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (g_unichar_iscntrl (c) || g_unichar_isspace (c))
        {
          if (text->len > 0 && text->str[text->len - 1] != ' ')
            g_string_append_c (text, ' ');
        }
      else if (++n > MAX_TEXT)
        {
          g_string_append (text, "…");
          break;
        }
      else
        g_string_append_unichar (text, c);
    }
  g_strchomp (text->str);
  return g_string_free (text, FALSE);
}

/* [SP "(" code *(SP string) ")"] [SP string] */
static gboolean
scan_status (Scanner *scanner, AcSieveResponse *response, GError **error)
{
  skip_blanks (scanner);
  if (next_is (scanner, '('))
    {
      scanner->at++;
      response->code = scan_word (scanner);
      if (response->code == NULL)
        return fail (error, "a response code is missing");
      if (!scan_strings (scanner, response->strings, error))
        return FALSE;
      if (!next_is (scanner, ')'))
        return fail (error, "a response code does not end");
      scanner->at++;
      skip_blanks (scanner);
    }
  if (next_is_string (scanner))
    {
      g_autoptr (GBytes) text = scan_string (scanner, error);

      if (text == NULL)
        return FALSE;
      g_free (response->text);
      response->text = for_people (text);
    }
  return TRUE;
}

static gboolean
scan_response (Scanner *scanner, AcSieveResponse *response, GError **error)
{
  g_autofree char *word = NULL;

  if (!next_is_string (scanner))
    {
      word = scan_word (scanner);
      response->status = status_of (word);
      if (response->status == AC_SIEVE_STATUS_NONE)
        return fail (error, "a line begins with neither a string nor a status");
      if (!scan_status (scanner, response, error))
        return FALSE;
    }
  else
    {
      if (!scan_strings (scanner, response->strings, error))
        return FALSE;
      word = scan_word (scanner);
      response->is_active = g_strcmp0 (word, "ACTIVE") == 0;
    }
  skip_blanks (scanner);
  return scanner->at == scanner->end || fail (error, "a line goes on where it should end");
}

/**
 * ac_sieve_response_parse:
 * @bytes: (array length=length): a response as it was read, without the CRLF at its end
 *
 * Returns: (transfer full): its parts, or %NULL with AC_SIEVE_ERROR_PROTOCOL.
 */
AcSieveResponse *
ac_sieve_response_parse (const char *bytes, gsize length, GError **error)
{
  g_autoptr (AcSieveResponse) response = g_new0 (AcSieveResponse, 1);
  Scanner scanner = { bytes, bytes + length };

  response->text = g_strdup ("");
  response->strings = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  if (!scan_response (&scanner, response, error))
    return NULL;
  return g_steal_pointer (&response);
}

void
ac_sieve_response_free (AcSieveResponse *response)
{
  g_free (response->code);
  g_free (response->text);
  g_ptr_array_unref (response->strings);
  g_free (response);
}

/**
 * ac_sieve_response_dup_string:
 *
 * Returns: (transfer full) (nullable): a string of the response as text; %NULL: there is none, or
 * it is no UTF-8.
 */
char *
ac_sieve_response_dup_string (const AcSieveResponse *response, guint index)
{
  const char *data;
  gsize length;

  if (index >= response->strings->len)
    return NULL;
  data = g_bytes_get_data (response->strings->pdata[index], &length);
  if (!g_utf8_validate_len (data != NULL ? data : "", length, NULL))
    return NULL;
  return g_strndup (data != NULL ? data : "", length);
}
