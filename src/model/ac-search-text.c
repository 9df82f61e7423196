/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "model/ac-search-text.h"

/* What the index knows: so many letters in a row. */
#define RUN 3

/* Appends one line, which is no more than a part of a text: what letters become depends on no letter
 * of another line. */
static void
fold_line (const char *line, gsize length, GString *folded)
{
  gsize start = folded->len;
  g_autofree char *normal = NULL;
  g_autofree char *plain = NULL;

  g_string_append_len (folded, line, (gssize)length);
  for (gsize i = start; i < folded->len; i++)
    {
      if ((guchar)folded->str[i] >= 0x80)
        {
          normal = g_utf8_normalize (line, (gssize)length, G_NORMALIZE_ALL);
          plain = normal != NULL ? g_utf8_casefold (normal, -1) : NULL;
          g_string_truncate (folded, start);
          g_string_append (folded, plain != NULL ? plain : "");
          return;
        }
      folded->str[i] = g_ascii_tolower (folded->str[i]);
    }
}

/**
 * ac_search_text_fold:
 * @text: lines
 *
 * Returns: (transfer full): @text such that letters that a person takes for the same are the same:
 *   in normalization form KD (Unicode Standard Annex #15) and without case. Of a line that is not
 *   UTF-8 nothing is left.
 */
char *
ac_search_text_fold (const char *text)
{
  g_autoptr (GString) folded = g_string_sized_new (strlen (text) + 1);

  for (;;)
    {
      gsize length = strcspn (text, "\n");

      fold_line (text, length, folded);
      if (text[length] == '\0')
        return g_string_free (g_steal_pointer (&folded), FALSE);
      g_string_append_c (folded, '\n');
      text += length + 1;
    }
}

/**
 * ac_search_text_split:
 * @text: (nullable): what a person has typed
 *
 * Returns: (transfer full): its words, folded; none of them is empty.
 */
GStrv
ac_search_text_split (const char *text)
{
  g_autofree char *folded = ac_search_text_fold (text != NULL ? text : "");
  g_auto (GStrv) pieces = g_strsplit_set (folded, " \t\r\n", -1);
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();

  for (char **piece = pieces; *piece != NULL; piece++)
    if (**piece != '\0')
      g_strv_builder_add (words, *piece);
  return g_strv_builder_end (words);
}

/**
 * ac_search_text_question:
 * @words: folded
 *
 * What an index with tokenize = 'trigram' and detail = none is asked for rows that may have every
 * one of @words: enough runs of three letters of each to cover it. Such an index does not know where
 * in a row a run stands, so whoever asks must look at the rows that it names.
 *
 * Returns: (transfer full) (nullable): the question as FTS5 reads it; %NULL: every word is too short
 *   for the index.
 */
char *
ac_search_text_question (const char *const *words)
{
  g_autoptr (GString) question = g_string_new (NULL);

  for (; *words != NULL; words++)
    {
      glong length = g_utf8_strlen (*words, -1);

      for (glong at = 0; at + RUN <= length;)
        {
          g_autofree char *run = g_utf8_substring (*words, at, at + RUN);
          g_auto (GStrv) parts = g_strsplit (run, "\"", -1);
          g_autofree char *quoted = g_strjoinv ("\"\"", parts);

          g_string_append_printf (question, "%s\"%s\"", question->len > 0 ? " AND " : "", quoted);
          at = at + RUN < length ? MIN (at + RUN, length - RUN) : length;
        }
    }
  return question->len > 0 ? g_strdup (question->str) : NULL;
}
