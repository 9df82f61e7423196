/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "responders/ac-sieve-lexer.h"

G_DEFINE_QUARK (ac - sieve - script - error - quark, ac_sieve_script_error)

typedef struct
{
  const char *script;
  gsize length;
  gsize at;
  guint line;
  GArray *tokens;
} Lexer;

static gboolean
fail (const Lexer *lexer, guint line, const char *what, GError **error)
{
  g_set_error (error, AC_SIEVE_SCRIPT_ERROR, AC_SIEVE_SCRIPT_ERROR_SYNTAX, "Line %u: %s.", line,
               what);
  return FALSE;
}

/* The byte at so many bytes from here; '\0', which no script holds, behind the end. */
static char
peek (const Lexer *lexer, gsize ahead)
{
  return ahead < lexer->length - lexer->at ? lexer->script[lexer->at + ahead] : '\0';
}

static void
step (Lexer *lexer)
{
  if (lexer->script[lexer->at] == '\n')
    lexer->line++;
  lexer->at++;
}

static gboolean
at_end (const Lexer *lexer)
{
  return lexer->at >= lexer->length;
}

static gboolean
begins_identifier (char c)
{
  return g_ascii_isalpha (c) || c == '_';
}

static gboolean
continues_identifier (char c)
{
  return g_ascii_isalnum (c) || c == '_';
}

/* A hash comment: up to the end of the line, or of the script. */
static void
skip_line (Lexer *lexer)
{
  while (!at_end (lexer) && peek (lexer, 0) != '\n')
    step (lexer);
}

/* A bracket comment ends at the first closing mark: they do not nest. */
static gboolean
skip_bracket_comment (Lexer *lexer, GError **error)
{
  guint line = lexer->line;

  step (lexer);
  step (lexer);
  while (!at_end (lexer))
    {
      if (peek (lexer, 0) == '*' && peek (lexer, 1) == '/')
        {
          step (lexer);
          step (lexer);
          return TRUE;
        }
      step (lexer);
    }
  return fail (lexer, line, "a comment that begins here does not end", error);
}

static gboolean
skip_white (Lexer *lexer, GError **error)
{
  while (!at_end (lexer))
    {
      char c = peek (lexer, 0);

      if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
        step (lexer);
      else if (c == '#')
        skip_line (lexer);
      else if (c == '/' && peek (lexer, 1) == '*')
        {
          if (!skip_bracket_comment (lexer, error))
            return FALSE;
        }
      else
        break;
    }
  return TRUE;
}

static void
add (Lexer *lexer, AcSieveTokenKind kind, gsize from, guint line)
{
  AcSieveToken token = { kind, from, lexer->at, line };

  g_array_append_val (lexer->tokens, token);
}

static gboolean
lex_quoted (Lexer *lexer, GError **error)
{
  gsize from = lexer->at;
  guint line = lexer->line;

  for (step (lexer); !at_end (lexer) && peek (lexer, 0) != '"'; step (lexer))
    if (peek (lexer, 0) == '\\')
      {
        step (lexer);
        if (at_end (lexer))
          break;
      }
  if (at_end (lexer))
    return fail (lexer, line, "a string that begins here does not end", error);
  step (lexer);
  add (lexer, AC_SIEVE_TOKEN_STRING, from, line);
  return TRUE;
}

static gboolean
at_line_end (const Lexer *lexer)
{
  return peek (lexer, 0) == '\n' || (peek (lexer, 0) == '\r' && peek (lexer, 1) == '\n');
}

/* Section 2.4.2: the keyword, blanks, perhaps a hash comment, the end of the line; then lines up to
 * one that holds nothing but a dot. The token ends behind the dot, before its line's end. */
static gboolean
lex_multi_line (Lexer *lexer, gsize from, guint line, GError **error)
{
  while (peek (lexer, 0) == ' ' || peek (lexer, 0) == '\t')
    step (lexer);
  if (peek (lexer, 0) == '#')
    skip_line (lexer);
  else if (peek (lexer, 0) == '\r' && peek (lexer, 1) == '\n')
    step (lexer);
  if (peek (lexer, 0) != '\n')
    return fail (lexer, line, "“text:” is not followed by the end of the line", error);
  step (lexer);
  while (!at_end (lexer))
    {
      if (peek (lexer, 0) == '.')
        {
          step (lexer);
          if (at_line_end (lexer))
            {
              add (lexer, AC_SIEVE_TOKEN_MULTI_LINE, from, line);
              return TRUE;
            }
        }
      skip_line (lexer);
      if (!at_end (lexer))
        step (lexer);
    }
  return fail (lexer, line, "a text that begins here does not end with a line of one dot", error);
}

static gboolean
lex_word (Lexer *lexer, GError **error)
{
  gsize from = lexer->at;

  while (continues_identifier (peek (lexer, 0)))
    step (lexer);
  if (lexer->at - from == 4 && g_ascii_strncasecmp (lexer->script + from, "text", 4) == 0 &&
      peek (lexer, 0) == ':')
    {
      step (lexer);
      return lex_multi_line (lexer, from, lexer->line, error);
    }
  add (lexer, AC_SIEVE_TOKEN_IDENTIFIER, from, lexer->line);
  return TRUE;
}

static gboolean
lex_tag (Lexer *lexer, GError **error)
{
  gsize from = lexer->at;

  step (lexer);
  if (!begins_identifier (peek (lexer, 0)))
    return fail (lexer, lexer->line, "a “:” is not followed by a name", error);
  while (continues_identifier (peek (lexer, 0)))
    step (lexer);
  add (lexer, AC_SIEVE_TOKEN_TAG, from, lexer->line);
  return TRUE;
}

static gboolean
lex_number (Lexer *lexer, GError **error)
{
  gsize from = lexer->at;

  while (g_ascii_isdigit (peek (lexer, 0)))
    step (lexer);
  if (peek (lexer, 0) != '\0' && strchr ("KMGkmg", peek (lexer, 0)) != NULL)
    step (lexer);
  if (continues_identifier (peek (lexer, 0)))
    return fail (lexer, lexer->line, "a number goes on with letters", error);
  add (lexer, AC_SIEVE_TOKEN_NUMBER, from, lexer->line);
  return TRUE;
}

static gboolean
lex_token (Lexer *lexer, GError **error)
{
  char c = peek (lexer, 0);

  if (c == '"')
    return lex_quoted (lexer, error);
  if (begins_identifier (c))
    return lex_word (lexer, error);
  if (c == ':')
    return lex_tag (lexer, error);
  if (g_ascii_isdigit (c))
    return lex_number (lexer, error);
  if (strchr ("[](){},;", c) != NULL)
    {
      step (lexer);
      add (lexer, AC_SIEVE_TOKEN_CHARACTER, lexer->at - 1, lexer->line);
      return TRUE;
    }
  return fail (lexer, lexer->line, "a character stands where no word, string or number begins",
               error);
}

/**
 * ac_sieve_lex:
 * @script: (array length=length): a whole script, of any bytes
 *
 * Returns: (transfer full) (element-type AcSieveToken): the tokens, the last one
 * AC_SIEVE_TOKEN_END; or %NULL with AC_SIEVE_SCRIPT_ERROR_SYNTAX.
 */
GArray *
ac_sieve_lex (const char *script, gsize length, GError **error)
{
  g_autoptr (GArray) tokens = g_array_new (FALSE, FALSE, sizeof (AcSieveToken));
  Lexer lexer = { .script = script, .length = length, .line = 1, .tokens = tokens };

  if (length > 0 && memchr (script, '\0', length) != NULL)
    {
      g_set_error (error, AC_SIEVE_SCRIPT_ERROR, AC_SIEVE_SCRIPT_ERROR_SYNTAX,
                   "Line 1: the script holds a byte of value 0.");
      return NULL;
    }
  for (;;)
    {
      if (!skip_white (&lexer, error))
        return NULL;
      if (at_end (&lexer))
        break;
      if (!lex_token (&lexer, error))
        return NULL;
    }
  add (&lexer, AC_SIEVE_TOKEN_END, lexer.at, lexer.line);
  return g_steal_pointer (&tokens);
}

/**
 * ac_sieve_token_is_character:
 *
 * Returns: whether the token is this one of the characters that stand by themselves.
 */
gboolean
ac_sieve_token_is_character (const AcSieveToken *token, const char *script, char character)
{
  return token->kind == AC_SIEVE_TOKEN_CHARACTER && script[token->from] == character;
}

static char *
unquote (const char *text, gsize length)
{
  GString *plain = g_string_sized_new (length);

  for (gsize i = 0; i < length; i++)
    {
      if (text[i] == '\\' && i + 1 < length)
        i++;
      g_string_append_c (plain, text[i]);
    }
  return g_string_free (plain, FALSE);
}

/* The lines between the first and the dot. Of two dots at the beginning of a line one is stuffing;
 * one alone is the line's own (RFC 5228 section 2.4.2). */
static char *
unstuff (const char *text, gsize length)
{
  const char *end = text + length - 1; /* the last dot */
  const char *at = (const char *)memchr (text, '\n', length) + 1;
  GString *plain = g_string_sized_new (length);

  while (at < end)
    {
      const char *newline = memchr (at, '\n', (gsize)(end - at));
      const char *next = newline != NULL ? newline + 1 : end;

      if (at[0] == '.' && at[1] == '.')
        at++;
      g_string_append_len (plain, at, next - at);
      at = next;
    }
  return g_string_free (plain, FALSE);
}

/**
 * ac_sieve_token_dup_text:
 *
 * Returns: (transfer full): what the token says: the value of a string, without quotes and
 *   escapes; an identifier or a tag in small letters, the latter without its colon; of anything
 *   else its characters.
 */
char *
ac_sieve_token_dup_text (const AcSieveToken *token, const char *script)
{
  const char *text = script + token->from;
  gsize length = token->to - token->from;

  switch (token->kind)
    {
    case AC_SIEVE_TOKEN_STRING:
      return unquote (text + 1, length - 2);
    case AC_SIEVE_TOKEN_MULTI_LINE:
      return unstuff (text, length);
    case AC_SIEVE_TOKEN_IDENTIFIER:
      return g_ascii_strdown (text, (gssize)length);
    case AC_SIEVE_TOKEN_TAG:
      return g_ascii_strdown (text + 1, (gssize)length - 1);
    case AC_SIEVE_TOKEN_NUMBER:
    case AC_SIEVE_TOKEN_CHARACTER:
    case AC_SIEVE_TOKEN_END:
    default:
      return g_strndup (text, length);
    }
}
