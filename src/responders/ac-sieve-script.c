/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "responders/ac-sieve-script.h"

/* Servers allow 15 to 32 (RFC 5228 section 2.10.5); more would only cost stack. */
#define MAX_DEPTH 100

typedef struct
{
  AcSieveScript *script;
  guint at; /* the next token */
  guint depth;
} Parser;

static GPtrArray *parse_commands (Parser *parser, AcSieveCommand *parent, GError **error);
static gboolean parse_arguments (Parser *parser, GError **error);

static void
command_free (AcSieveCommand *command)
{
  g_free (command->name);
  g_clear_pointer (&command->block, g_ptr_array_unref);
  g_free (command);
}

void
ac_sieve_script_free (AcSieveScript *script)
{
  g_free (script->text);
  g_clear_pointer (&script->tokens, g_array_unref);
  g_clear_pointer (&script->commands, g_ptr_array_unref);
  g_free (script);
}

const AcSieveToken *
ac_sieve_script_get_token (const AcSieveScript *script, guint index)
{
  return &g_array_index (script->tokens, AcSieveToken, index);
}

static const AcSieveToken *
next (const Parser *parser)
{
  return ac_sieve_script_get_token (parser->script, parser->at);
}

static gboolean
next_is (const Parser *parser, char character)
{
  return ac_sieve_token_is_character (next (parser), parser->script->text, character);
}

static gboolean
next_is_string (const Parser *parser)
{
  return next (parser)->kind == AC_SIEVE_TOKEN_STRING ||
         next (parser)->kind == AC_SIEVE_TOKEN_MULTI_LINE;
}

static gboolean
fail (const Parser *parser, const char *what, GError **error)
{
  g_set_error (error, AC_SIEVE_SCRIPT_ERROR, AC_SIEVE_SCRIPT_ERROR_SYNTAX, "Line %u: %s.",
               next (parser)->line, what);
  return FALSE;
}

static gboolean
enter (Parser *parser, GError **error)
{
  if (++parser->depth > MAX_DEPTH)
    return fail (parser, "blocks and tests are nested too deeply", error);
  return TRUE;
}

/* "[" string *("," string) "]" */
static gboolean
parse_string_list (Parser *parser, GError **error)
{
  do
    {
      parser->at++;
      if (!next_is_string (parser))
        return fail (parser, "a string is missing in a list", error);
      parser->at++;
    }
  while (next_is (parser, ','));
  if (!next_is (parser, ']'))
    return fail (parser, "a list of strings does not end with “]”", error);
  parser->at++;
  return TRUE;
}

/* test = identifier arguments */
static gboolean
parse_test (Parser *parser, GError **error)
{
  if (next (parser)->kind != AC_SIEVE_TOKEN_IDENTIFIER)
    return fail (parser, "a test is missing", error);
  if (!enter (parser, error))
    return FALSE;
  parser->at++;
  if (!parse_arguments (parser, error))
    return FALSE;
  parser->depth--;
  return TRUE;
}

/* "(" test *("," test) ")" */
static gboolean
parse_test_list (Parser *parser, GError **error)
{
  do
    {
      parser->at++;
      if (!parse_test (parser, error))
        return FALSE;
    }
  while (next_is (parser, ','));
  if (!next_is (parser, ')'))
    return fail (parser, "a list of tests does not end with “)”", error);
  parser->at++;
  return TRUE;
}

/* arguments = *argument [ test / test-list ] */
static gboolean
parse_arguments (Parser *parser, GError **error)
{
  for (;;)
    {
      if (next_is_string (parser) || next (parser)->kind == AC_SIEVE_TOKEN_NUMBER ||
          next (parser)->kind == AC_SIEVE_TOKEN_TAG)
        parser->at++;
      else if (next_is (parser, '['))
        {
          if (!parse_string_list (parser, error))
            return FALSE;
        }
      else
        break;
    }
  if (next (parser)->kind == AC_SIEVE_TOKEN_IDENTIFIER)
    return parse_test (parser, error);
  if (next_is (parser, '('))
    return parse_test_list (parser, error);
  return TRUE;
}

/* command = identifier arguments (";" / block) */
static gboolean
parse_command (Parser *parser, AcSieveCommand *command, GError **error)
{
  command->first = parser->at;
  command->name = ac_sieve_token_dup_text (next (parser), parser->script->text);
  parser->at++;
  if (!parse_arguments (parser, error))
    return FALSE;
  command->arguments_end = parser->at;
  command->last = parser->at;
  if (next_is (parser, ';'))
    {
      parser->at++;
      return TRUE;
    }
  if (!next_is (parser, '{'))
    return fail (parser, "a command does not end with “;” or a block", error);
  if (!enter (parser, error))
    return FALSE;
  parser->at++;
  command->block = parse_commands (parser, command, error);
  if (command->block == NULL)
    return FALSE;
  if (!next_is (parser, '}'))
    return fail (parser, "a block does not end with “}”", error);
  command->last = parser->at;
  parser->at++;
  parser->depth--;
  return TRUE;
}

/* Up to what is no command. */
static GPtrArray *
parse_commands (Parser *parser, AcSieveCommand *parent, GError **error)
{
  g_autoptr (GPtrArray) commands = g_ptr_array_new_with_free_func ((GDestroyNotify)command_free);

  while (next (parser)->kind == AC_SIEVE_TOKEN_IDENTIFIER)
    {
      AcSieveCommand *command = g_new0 (AcSieveCommand, 1);

      command->parent = parent;
      command->index = commands->len;
      g_ptr_array_add (commands, command);
      if (!parse_command (parser, command, error))
        return NULL;
    }
  return g_steal_pointer (&commands);
}

/**
 * ac_sieve_script_parse:
 * @text: (array length=length): a whole script
 *
 * Returns: (transfer full): its tree, or %NULL with AC_SIEVE_SCRIPT_ERROR_SYNTAX.
 */
AcSieveScript *
ac_sieve_script_parse (const char *text, gsize length, GError **error)
{
  g_autoptr (AcSieveScript) script = g_new0 (AcSieveScript, 1);
  Parser parser = { .script = script };

  script->tokens = ac_sieve_lex (text, length, error);
  if (script->tokens == NULL)
    return NULL;
  script->text = g_strndup (length > 0 ? text : "", length);
  script->length = length;
  script->commands = parse_commands (&parser, NULL, error);
  if (script->commands == NULL)
    return NULL;
  if (next (&parser)->kind != AC_SIEVE_TOKEN_END)
    {
      fail (&parser, "a command is missing", error);
      return NULL;
    }
  return g_steal_pointer (&script);
}

/**
 * ac_sieve_command_has_tag:
 * @tag: in small letters, without its colon
 *
 * Returns: whether the tag stands among the arguments.
 */
gboolean
ac_sieve_command_has_tag (const AcSieveScript *script,
                          const AcSieveCommand *command,
                          const char *tag)
{
  for (guint i = command->first + 1; i < command->arguments_end; i++)
    {
      const AcSieveToken *token = ac_sieve_script_get_token (script, i);

      if (token->kind == AC_SIEVE_TOKEN_TAG)
        {
          g_autofree char *name = ac_sieve_token_dup_text (token, script->text);

          if (g_str_equal (name, tag))
            return TRUE;
        }
    }
  return FALSE;
}

/**
 * ac_sieve_command_dup_last_string:
 *
 * Returns: (transfer full) (nullable): the value of the last argument when that is one string.
 *   Positional arguments stand behind the tags and what belongs to these (RFC 5228 section 2.6).
 */
char *
ac_sieve_command_dup_last_string (const AcSieveScript *script, const AcSieveCommand *command)
{
  const AcSieveToken *token = ac_sieve_script_get_token (script, command->arguments_end - 1);

  if (token->kind != AC_SIEVE_TOKEN_STRING && token->kind != AC_SIEVE_TOKEN_MULTI_LINE)
    return NULL;
  return ac_sieve_token_dup_text (token, script->text);
}

static void
visit (GPtrArray *commands, AcSieveVisitor visitor, gpointer user_data)
{
  for (guint i = 0; i < commands->len; i++)
    {
      const AcSieveCommand *command = commands->pdata[i];

      visitor (command, user_data);
      if (command->block != NULL)
        visit (command->block, visitor, user_data);
    }
}

void
ac_sieve_script_visit (const AcSieveScript *script, AcSieveVisitor visitor, gpointer user_data)
{
  visit (script->commands, visitor, user_data);
}
