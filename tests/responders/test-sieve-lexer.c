/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tokens of a Sieve script and the tree of its commands. */
#include "config.h"

#include <string.h>

#include "responders/ac-sieve-script.h"

/* The tokens as text: the kind as a letter, and what it says. */
static char *
tokens_of (const char *script, GError **error)
{
  static const char letters[] = "EITNSMC";
  g_autoptr (GArray) tokens = ac_sieve_lex (script, strlen (script), error);
  GString *text = g_string_new (NULL);

  for (guint i = 0; tokens != NULL && i < tokens->len; i++)
    {
      const AcSieveToken *token = &g_array_index (tokens, AcSieveToken, i);
      g_autofree char *says = ac_sieve_token_dup_text (token, script);

      if (token->kind != AC_SIEVE_TOKEN_END)
        g_string_append_printf (text, "%c%s|", letters[token->kind], says);
    }
  if (tokens == NULL)
    g_string_assign (text, "");
  return g_string_free (text, FALSE);
}

static void
test_tokens (void)
{
  static const struct
  {
    const char *script;
    const char *tokens;
  } cases[] = {
    { "", "" },
    { " \t\r\n# redirect \"x\";\n/* redirect \"y\"; */", "" },
    { "/***/keep/**/;/* a * / b */", "Ikeep|C;|" },
    { "# no line end", "" },
    { "Redirect :COPY \"A@b\";", "Iredirect|Tcopy|SA@b|C;|" },
    { "redirect:copy\"a\";", "Iredirect|Tcopy|Sa|C;|" },
    { "\"a\\\"b\\\\c\\d\"", "Sa\"b\\cd|" },
    { "\"two\nlines # /* \"", "Stwo\nlines # /* |" },
    { "size 10K 5 7g", "Isize|N10K|N5|N7g|" },
    { "[\"a\",\"b\"](){}", "C[|Sa|C,|Sb|C]|C(|C)|C{|C}|" },
    { "text:\r\na\r\n..b\r\n.c\r\n.\r\n;", "Ma\r\n.b\r\n.c\r\n|C;|" },
    { "TEXT: \t# comment \"\nredirect \"x\";\n.\n;", "Mredirect \"x\";\n|C;|" },
    { "text:\n.\n;", "M|C;|" },
    { "text:\n..\n. \n.\n;", "M.\n. \n|C;|" },
    { "text \"a\"", "Itext|Sa|" },
    { "_a1 b_c", "I_a1|Ib_c|" },
    { "\"\xc3\xa4\xff\"", "S\xc3\xa4\xff|" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *tokens = tokens_of (cases[i].script, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (tokens, ==, cases[i].tokens);
    }
}

static void
test_no_tokens (void)
{
  static const struct
  {
    const char *script;
    const char *message; /* a part of it */
  } cases[] = {
    { "keep;\n\"abc", "Line 2: a string that begins here does not end" },
    { "\"abc\\", "Line 1: a string" },
    { "\"abc\\\"", "Line 1: a string" },
    { "\n\n/* abc *", "Line 3: a comment" },
    { "/*/", "Line 1: a comment" },
    { "text:\nabc\n", "Line 1: a text that begins here does not end" },
    { "text:\nabc\n.", "does not end with a line of one dot" },
    { "text: abc\n.\n", "is not followed by the end of the line" },
    { "text:", "is not followed by the end of the line" },
    { "a : b", "a “:” is not followed by a name" },
    { "10Kb", "a number goes on with letters" },
    { "keep / 2;", "a character stands where" },
    { "\\", "a character stands where" },
    { "\xc3\xa4", "a character stands where" },
    { "keep.", "a character stands where" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *tokens = tokens_of (cases[i].script, &error);

      g_assert_cmpstr (tokens, ==, "");
      g_assert_error (error, AC_SIEVE_SCRIPT_ERROR, AC_SIEVE_SCRIPT_ERROR_SYNTAX);
      g_assert_nonnull (strstr (error->message, cases[i].message));
    }
}

static void
test_a_zero_byte (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (ac_sieve_lex ("keep;\0redirect \"x\";", 19, &error));
  g_assert_error (error, AC_SIEVE_SCRIPT_ERROR, AC_SIEVE_SCRIPT_ERROR_SYNTAX);
}

static void
append_command (GString *text, const AcSieveCommand *command)
{
  g_string_append (text, command->name);
  if (command->block == NULL)
    return;
  g_string_append_c (text, '{');
  for (guint i = 0; i < command->block->len; i++)
    {
      const AcSieveCommand *inner = command->block->pdata[i];

      g_assert_true (inner->parent == command);
      g_assert_cmpuint (inner->index, ==, i);
      g_string_append (text, i > 0 ? " " : "");
      append_command (text, inner);
    }
  g_string_append_c (text, '}');
}

static void
test_tree (void)
{
  static const struct
  {
    const char *script;
    const char *tree;
  } cases[] = {
    { "keep;", "keep" },
    { "require [\"a\", text:\nb\n.\n]; stop;", "require stop" },
    { "if header :is [\"a\"] \"b\" { keep; if true {} } elsif not anyof (true, exists \"c\", "
      "allof (false)) { stop; } else { discard; }",
      "if{keep if{}} elsif{stop} else{discard}" },
    { "FOREVERYPART :name \"x\" { if size :over 100K { break; } }", "foreverypart{if{break}}" },
    { "redirect :notify \"x\" :ret \"FULL\" \"a\";", "redirect" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (AcSieveScript) script =
          ac_sieve_script_parse (cases[i].script, strlen (cases[i].script), &error);
      g_autoptr (GString) tree = g_string_new (NULL);

      g_assert_no_error (error);
      for (guint k = 0; k < script->commands->len; k++)
        {
          g_string_append (tree, k > 0 ? " " : "");
          append_command (tree, script->commands->pdata[k]);
        }
      g_assert_cmpstr (tree->str, ==, cases[i].tree);
    }
}

static void
test_no_tree (void)
{
  static const struct
  {
    const char *script;
    const char *message;
  } cases[] = {
    { "keep", "Line 1: a command does not end with" },
    { "keep;\nif true { keep;", "Line 2: a block does not end" },
    { "}", "a command is missing" },
    { "\"x\";", "a command is missing" },
    { "require [\"a\" \"b\"];", "a list of strings does not end" },
    { "require [];", "a string is missing in a list" },
    { "require [\"a\",];", "a string is missing in a list" },
    { "if anyof (true, ) {}", "a test is missing" },
    { "if anyof (true {}", "a list of tests does not end" },
    { "if true { keep; ; }", "a block does not end" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      AcSieveScript *script =
          ac_sieve_script_parse (cases[i].script, strlen (cases[i].script), &error);

      g_assert_null (script);
      g_assert_error (error, AC_SIEVE_SCRIPT_ERROR, AC_SIEVE_SCRIPT_ERROR_SYNTAX);
      g_assert_nonnull (strstr (error->message, cases[i].message));
    }
}

/* Nesting costs stack, and who writes the script decides on it. */
static void
test_nesting_has_an_end (void)
{
  static const char *const openings[] = { "if true {", "if not not not ", "if anyof (" };

  for (gsize i = 0; i < G_N_ELEMENTS (openings); i++)
    {
      g_autoptr (GString) script = g_string_new (NULL);
      g_autoptr (GError) error = NULL;
      AcSieveScript *tree;

      if (i > 0)
        g_string_append (script, "if ");
      for (guint k = 0; k < 100000; k++)
        g_string_append (script, i > 0 ? openings[i] + 3 : openings[i]);
      tree = ac_sieve_script_parse (script->str, script->len, &error);
      g_assert_null (tree);
      g_assert_error (error, AC_SIEVE_SCRIPT_ERROR, AC_SIEVE_SCRIPT_ERROR_SYNTAX);
      g_assert_nonnull (strstr (error->message, "nested too deeply"));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/responders/sieve-lexer/tokens", test_tokens);
  g_test_add_func ("/responders/sieve-lexer/no-tokens", test_no_tokens);
  g_test_add_func ("/responders/sieve-lexer/a-zero-byte", test_a_zero_byte);
  g_test_add_func ("/responders/sieve-script/tree", test_tree);
  g_test_add_func ("/responders/sieve-script/no-tree", test_no_tree);
  g_test_add_func ("/responders/sieve-script/nesting-has-an-end", test_nesting_has_an_end);
  return g_test_run ();
}
