/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a Sieve script: the lexer, the parser, and what takes redirects out of it. */
#include "config.h"

#include <string.h>

#include "responders/ac-sieve-redirects.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static const char *const domains[] = { "example.test", "*.example.test", NULL };

/* Each token has bytes of its own, in the order of the script. */
static void
check_tokens (const AcSieveScript *script)
{
  gsize at = 0;

  for (guint i = 0; i < script->tokens->len; i++)
    {
      const AcSieveToken *token = ac_sieve_script_get_token (script, i);
      g_autofree char *text = ac_sieve_token_dup_text (token, script->text);

      g_assert_nonnull (text);
      g_assert_cmpuint (token->from, >=, at);
      g_assert_cmpuint (token->to, >=, token->from);
      at = token->to;
    }
  g_assert_cmpuint (at, <=, script->length);
}

/* What is left is what was there, in its order, and a keep here and there. */
static void
check_rest (const char *before, gsize length, const AcSieveRedirects *after)
{
  gsize k = 0;

  for (gsize i = 0; i < after->length; i++)
    {
      while (k < length && before[k] != after->text[i])
        k++;
      if (k < length)
        k++;
      else
        {
          gboolean keeps = FALSE;

          for (guint n = 0; n < after->removed->len; n++)
            keeps |= ((const AcSieveTarget *)after->removed->pdata[n])->keeps;
          g_assert_true (keeps);
          return;
        }
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const char *text = (const char *)data;
  g_autoptr (AcSieveScript) script = ac_sieve_script_parse (text, size, NULL);
  g_autoptr (AcSieveRedirects) redirects = ac_sieve_redirects_new (text, size, domains, NULL);
  g_autoptr (AcSieveRedirects) again = NULL;
  g_autofree char *words = NULL;

  g_assert_true ((script != NULL) == (redirects != NULL));
  if (script == NULL)
    return 0;
  check_tokens (script);
  words = ac_sieve_redirects_list (redirects);
  g_assert_true (g_utf8_validate (words, -1, NULL));
  check_rest (text, size, redirects);
  if (redirects->removed->len == 0)
    g_assert_cmpmem (redirects->text, redirects->length, text, size);
  again = ac_sieve_redirects_new (redirects->text, redirects->length, domains, NULL);
  g_assert_nonnull (again);
  g_assert_cmpuint (again->removed->len, ==, 0);
  g_assert_cmpmem (again->text, again->length, redirects->text, redirects->length);
  return 0;
}
