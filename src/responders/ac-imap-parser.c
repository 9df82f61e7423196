/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "model/ac-number.h"
#include "responders/ac-imap-parser.h"

/* No response of IMAP nests deeper than a body structure, and that is not asked for. */
#define MAX_DEPTH 16
/* As many as an answer to a search in a very large mailbox may hold. */
#define MAX_VALUES 2000000
/* What a server says to a person is shown no longer than this. */
#define MAX_TEXT 400

typedef struct
{
  const char *at;
  const char *end;
  guint depth;
  guint n_values;
} Scanner;

static void
ac_imap_value_free (AcImapValue *value)
{
  g_free (value->text);
  g_clear_pointer (&value->items, g_ptr_array_unref);
  g_free (value);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcImapValue, ac_imap_value_free)

static gboolean
wrong (GError **error, const char *what)
{
  g_set_error (error, AC_IMAP_ERROR, AC_IMAP_ERROR_PROTOCOL,
               "The mail server's answer is no IMAP: %s.", what);
  return FALSE;
}

static AcImapValue *
value_new (AcImapValueKind kind, const char *text, gsize length)
{
  AcImapValue *value = g_new0 (AcImapValue, 1);

  value->kind = kind;
  if (text != NULL)
    {
      value->text = g_malloc (length + 1);
      memcpy (value->text, text, length);
      value->text[length] = '\0';
      value->length = length;
    }
  return value;
}

static gboolean
skip (Scanner *scanner, char c)
{
  if (scanner->at == scanner->end || *scanner->at != c)
    return FALSE;
  scanner->at++;
  return TRUE;
}

static gboolean
is_control (char c)
{
  return (guchar)c < 0x20 || c == 0x7f;
}

/* More than the grammar's ATOM-CHAR: flags have backslashes and asterisks, and servers are liberal.
 */
static gboolean
is_atom_char (char c)
{
  return !is_control (c) && c != ' ' && c != '(' && c != ')' && c != '"' && c != '{';
}

/* An atom; what stands in square brackets belongs to it, blanks and all: BODY[HEADER.FIELDS (X)].
 */
static AcImapValue *
scan_atom (Scanner *scanner, GError **error)
{
  const char *from = scanner->at;
  gboolean in_brackets = FALSE;
  gsize length;

  for (; scanner->at < scanner->end; scanner->at++)
    {
      char c = *scanner->at;

      if (is_control (c))
        break;
      if (in_brackets)
        in_brackets = c != ']';
      else if (!is_atom_char (c))
        break;
      else
        in_brackets = c == '[';
    }
  length = (gsize)(scanner->at - from);
  if (length == 0 || in_brackets)
    {
      wrong (error, in_brackets ? "a bracket is not closed" : "a value is missing");
      return NULL;
    }
  if (length == 3 && g_ascii_strncasecmp (from, "NIL", 3) == 0)
    return value_new (AC_IMAP_VALUE_NIL, NULL, 0);
  return value_new (AC_IMAP_VALUE_ATOM, from, length);
}

static AcImapValue *
scan_quoted (Scanner *scanner, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  scanner->at++;
  while (scanner->at < scanner->end)
    {
      char c = *scanner->at++;

      if (c == '"')
        return value_new (AC_IMAP_VALUE_STRING, text->str, text->len);
      if (c == '\\')
        {
          if (scanner->at == scanner->end)
            break;
          c = *scanner->at++;
        }
      if (c == '\r' || c == '\n' || c == '\0')
        break;
      g_string_append_c (text, c);
    }
  wrong (error, "a quotation is not closed");
  return NULL;
}

/* “{3}\r\nabc”: the reader has fetched as many bytes as are announced, and no fewer will do. */
static AcImapValue *
scan_literal (Scanner *scanner, GError **error)
{
  guint64 length = 0;
  const char *from;

  scanner->at++;
  from = scanner->at;
  while (scanner->at < scanner->end && g_ascii_isdigit (*scanner->at) && length <= G_MAXUINT32)
    length = length * 10 + (guint64)g_ascii_digit_value (*scanner->at++);
  if (scanner->at == from || length > G_MAXUINT32 || !skip (scanner, '}') ||
      !skip (scanner, '\r') || !skip (scanner, '\n') ||
      length > (guint64)(scanner->end - scanner->at))
    {
      wrong (error, "a literal is not as long as it says");
      return NULL;
    }
  from = scanner->at;
  scanner->at += length;
  return value_new (AC_IMAP_VALUE_STRING, from, (gsize)length);
}

static AcImapValue *scan_value (Scanner *scanner, GError **error);

static AcImapValue *
scan_list (Scanner *scanner, GError **error)
{
  g_autoptr (AcImapValue) list = value_new (AC_IMAP_VALUE_LIST, NULL, 0);

  list->items = g_ptr_array_new_with_free_func ((GDestroyNotify)ac_imap_value_free);
  if (++scanner->depth > MAX_DEPTH)
    {
      wrong (error, "lists are nested too deep");
      return NULL;
    }
  scanner->at++;
  while (!skip (scanner, ')'))
    {
      AcImapValue *item;

      /* Servers write lists of lists with and without blanks between them. */
      if (list->items->len > 0)
        skip (scanner, ' ');
      if (scanner->at == scanner->end)
        {
          wrong (error, "a list is not closed");
          return NULL;
        }
      item = scan_value (scanner, error);
      if (item == NULL)
        return NULL;
      g_ptr_array_add (list->items, item);
    }
  scanner->depth--;
  return g_steal_pointer (&list);
}

static AcImapValue *
scan_value (Scanner *scanner, GError **error)
{
  if (scanner->at == scanner->end)
    {
      wrong (error, "a value is missing");
      return NULL;
    }
  if (++scanner->n_values > MAX_VALUES)
    {
      wrong (error, "it has too many values");
      return NULL;
    }
  switch (*scanner->at)
    {
    case '(':
      return scan_list (scanner, error);
    case '"':
      return scan_quoted (scanner, error);
    case '{':
      return scan_literal (scanner, error);
    case '~':
      /* literal8 (RFC 3516) */
      if (scanner->end - scanner->at > 1 && scanner->at[1] == '{')
        {
          scanner->at++;
          return scan_literal (scanner, error);
        }
      return scan_atom (scanner, error);
    default:
      return scan_atom (scanner, error);
    }
}

/* A word up to the next blank; %NULL when there is none. */
static char *
scan_word (Scanner *scanner)
{
  const char *from = scanner->at;

  while (scanner->at < scanner->end && is_atom_char (*scanner->at))
    scanner->at++;
  return scanner->at > from ? g_strndup (from, (gsize)(scanner->at - from)) : NULL;
}

static AcImapStatus
status_of (const char *word)
{
  static const struct
  {
    const char *word;
    AcImapStatus status;
  } statuses[] = {
    { "OK", AC_IMAP_STATUS_OK },           { "NO", AC_IMAP_STATUS_NO },
    { "BAD", AC_IMAP_STATUS_BAD },         { "BYE", AC_IMAP_STATUS_BYE },
    { "PREAUTH", AC_IMAP_STATUS_PREAUTH },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    if (g_ascii_strcasecmp (word, statuses[i].word) == 0)
      return statuses[i].status;
  return AC_IMAP_STATUS_NONE;
}

/* What the server says to a person, fit to be shown: one line, valid, not too long. */
static char *
presentable (const char *from, gsize length)
{
  g_autofree char *valid = g_utf8_make_valid (from, (gssize)MIN (length, MAX_TEXT));

  for (char *c = valid; *c != '\0'; c++)
    if (is_control (*c))
      *c = ' ';
  return g_strdup (g_strstrip (valid));
}

/* “[COPYUID 7 1:2 8:9] Moved.” A quoted text inside may hold a bracket. */
static gboolean
scan_status_text (Scanner *scanner, AcImapResponse *response, GError **error)
{
  skip (scanner, ' ');
  if (skip (scanner, '['))
    {
      const char *from = scanner->at;
      gboolean quoted = FALSE;
      g_autofree char *code = NULL;
      char *blank;

      while (scanner->at < scanner->end && (quoted || *scanner->at != ']'))
        {
          if (quoted && *scanner->at == '\\' && scanner->end - scanner->at > 1)
            scanner->at++;
          else if (*scanner->at == '"')
            quoted = !quoted;
          scanner->at++;
        }
      code = g_strndup (from, (gsize)(scanner->at - from));
      if (!skip (scanner, ']'))
        return wrong (error, "a response code is not closed");
      skip (scanner, ' ');
      blank = strchr (code, ' ');
      if (blank != NULL)
        {
          *blank = '\0';
          response->code_text = g_strdup (blank + 1);
        }
      response->code = g_ascii_strup (code, -1);
    }
  response->text = presentable (scanner->at, (gsize)(scanner->end - scanner->at));
  return TRUE;
}

/* “3 FETCH (…)”, “SEARCH 1 2”, “LIST (…) "/" INBOX” */
static gboolean
scan_data (Scanner *scanner, AcImapResponse *response, char *word, GError **error)
{
  g_autofree char *name = word;

  if (g_ascii_isdigit (*name))
    {
      guint64 number;

      if (!ac_number_parse (name, 0, G_MAXUINT32, &number))
        return wrong (error, "a number is none");
      response->has_number = TRUE;
      response->number = (guint32)number;
      g_free (name);
      name = skip (scanner, ' ') ? scan_word (scanner) : NULL;
      if (name == NULL)
        return wrong (error, "a number stands alone");
    }
  response->name = g_ascii_strup (name, -1);
  response->text = g_strdup ("");
  while (scanner->at < scanner->end)
    {
      AcImapValue *value;

      if (!skip (scanner, ' '))
        return wrong (error, "two values are not apart");
      /* Some servers leave a blank at the end of an empty “SEARCH ”. */
      if (scanner->at == scanner->end)
        break;
      value = scan_value (scanner, error);
      if (value == NULL)
        return FALSE;
      g_ptr_array_add (response->values, value);
    }
  return TRUE;
}

static gboolean
scan_response (Scanner *scanner, AcImapResponse *response, GError **error)
{
  g_autofree char *first = NULL;
  g_autofree char *word = NULL;

  if (scanner->at < scanner->end && *scanner->at == '+')
    {
      scanner->at++;
      response->is_continuation = TRUE;
      return scan_status_text (scanner, response, error);
    }
  first = scan_word (scanner);
  if (first == NULL || !skip (scanner, ' '))
    return wrong (error, "a line has no tag");
  if (strcmp (first, "*") != 0)
    response->tag = g_strdup (first);
  word = scan_word (scanner);
  if (word == NULL)
    return wrong (error, "a line says nothing");
  response->status = status_of (word);
  if (response->status != AC_IMAP_STATUS_NONE)
    return scan_status_text (scanner, response, error);
  if (response->tag != NULL)
    return wrong (error, "a command's end has no status");
  return scan_data (scanner, response, g_steal_pointer (&word), error);
}

/**
 * ac_imap_response_parse:
 * @data: (array length=length): one whole response with its literals, without the CRLF at its end
 *
 * Returns: (transfer full): the response, or %NULL with AC_IMAP_ERROR_PROTOCOL.
 */
AcImapResponse *
ac_imap_response_parse (const char *data, gsize length, GError **error)
{
  g_autoptr (AcImapResponse) response = g_new0 (AcImapResponse, 1);
  Scanner scanner = { data, data + length, 0, 0 };

  response->values = g_ptr_array_new_with_free_func ((GDestroyNotify)ac_imap_value_free);
  if (!scan_response (&scanner, response, error))
    return NULL;
  return g_steal_pointer (&response);
}

void
ac_imap_response_free (AcImapResponse *response)
{
  g_free (response->tag);
  g_free (response->code);
  g_free (response->code_text);
  g_free (response->text);
  g_free (response->name);
  g_ptr_array_unref (response->values);
  g_free (response);
}

/* Whether the first line of a response is a status or a “+”: text for people, in which “{3}” at the
 * end means nothing. */
static gboolean
is_free_text (const char *line, gsize length)
{
  Scanner scanner = { line, line + length, 0, 0 };
  g_autofree char *first = NULL;
  g_autofree char *word = NULL;

  if (length > 0 && *line == '+')
    return TRUE;
  first = scan_word (&scanner);
  if (first == NULL || !skip (&scanner, ' '))
    return TRUE;
  word = scan_word (&scanner);
  return word == NULL || strcmp (first, "*") != 0 || status_of (word) != AC_IMAP_STATUS_NONE;
}

/**
 * ac_imap_line_announces_literal:
 * @line: (array length=length): a line of a response without its CRLF; the text between two
 *   literals counts as a line
 * @is_first_line: whether the response begins with it
 * @literal_length: (out): how many bytes come next
 *
 * Returns: whether the response goes on with a literal after this line. A quoted string never goes
 *   over the end of a line, so the line by itself tells whether its “{3}” is quoted.
 */
gboolean
ac_imap_line_announces_literal (const char *line,
                                gsize length,
                                gboolean is_first_line,
                                guint64 *literal_length)
{
  const char *end = line + length;
  const char *brace = NULL;
  gboolean quoted = FALSE;
  guint64 value = 0;

  if (length < 3 || end[-1] != '}' || (is_first_line && is_free_text (line, length)))
    return FALSE;
  for (const char *at = line; at < end; at++)
    {
      if (quoted && *at == '\\')
        at++;
      else if (*at == '"')
        quoted = !quoted;
      else if (!quoted && *at == '{')
        brace = at;
    }
  if (quoted || brace == NULL || brace + 2 > end - 1)
    return FALSE;
  for (const char *at = brace + 1; at < end - 1; at++)
    {
      if (!g_ascii_isdigit (*at) || value > G_MAXUINT32)
        return FALSE;
      value = value * 10 + (guint64)g_ascii_digit_value (*at);
    }
  *literal_length = value;
  return TRUE;
}

/**
 * ac_imap_value_is_atom:
 *
 * Returns: whether the value is this atom, in whatever case.
 */
gboolean
ac_imap_value_is_atom (const AcImapValue *value, const char *atom)
{
  return value->kind == AC_IMAP_VALUE_ATOM && g_ascii_strcasecmp (value->text, atom) == 0;
}

/**
 * ac_imap_value_get_number:
 *
 * Returns: whether the value is a number of 32 bits.
 */
gboolean
ac_imap_value_get_number (const AcImapValue *value, guint32 *number)
{
  guint64 wide;

  if (value->kind != AC_IMAP_VALUE_ATOM ||
      !ac_number_parse (value->text, 0, G_MAXUINT32, &wide))
    return FALSE;
  *number = (guint32)wide;
  return TRUE;
}

/**
 * ac_imap_value_get_text:
 *
 * Returns: (nullable): the text of an atom or a string, or %NULL when it is something else or holds
 *   a NUL.
 */
const char *
ac_imap_value_get_text (const AcImapValue *value)
{
  if (value->text == NULL || strlen (value->text) != value->length)
    return NULL;
  return value->text;
}
