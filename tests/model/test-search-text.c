/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/ac-search-text.h"

static void
test_fold (void)
{
  static const struct
  {
    const char *text;
    const char *folded;
  } rows[] = {
    { "", "" },
    { "Invoice 12", "invoice 12" },
    { "STRASSE", "strasse" },
    { "Straße", "strasse" },
    { "Ärger", "a\xcc\x88rger" },
    { "A\xcc\x88rger", "a\xcc\x88rger" },
    { "ﬁle", "file" },
    { "Σίσυφος", "σι\xcc\x81συφοσ" },
    { "not \xff UTF-8", "" },
    { "One\nZwö\n\n not \xff\nLAST\n", "one\nzwo\xcc\x88\n\n\nlast\n" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *folded = ac_search_text_fold (rows[i].text);

      g_assert_cmpstr (folded, ==, rows[i].folded);
    }
}

static void
test_split (void)
{
  static const char *const expected[] = { "pay", "now", "\"x\"", NULL };
  g_auto (GStrv) words = ac_search_text_split ("  Pay\tNOW\r\n \"X\" ");
  g_auto (GStrv) none = ac_search_text_split (" \t ");
  g_auto (GStrv) nothing = ac_search_text_split (NULL);

  g_assert_cmpstrv (words, expected);
  g_assert_cmpuint (g_strv_length (none), ==, 0);
  g_assert_cmpuint (g_strv_length (nothing), ==, 0);
}

/* Every letter of a word is in one run at least; what FTS5 would read as its own is quoted. */
static void
test_question (void)
{
  static const struct
  {
    const char *words[3];
    const char *question;
  } rows[] = {
    { { "pay" }, "\"pay\"" },
    { { "pays" }, "\"pay\" AND \"ays\"" },
    { { "payer" }, "\"pay\" AND \"yer\"" },
    { { "paying" }, "\"pay\" AND \"ing\"" },
    { { "payable" }, "\"pay\" AND \"abl\" AND \"ble\"" },
    { { "of", "pay" }, "\"pay\"" },
    { { "pay", "now" }, "\"pay\" AND \"now\"" },
    { { "a\"b" }, "\"a\"\"b\"" },
    { { "καλή" }, "\"καλ\" AND \"αλή\"" },
    { { "of", "to" }, NULL },
    { { NULL }, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *question = ac_search_text_question (rows[i].words);

      g_assert_cmpstr (question, ==, rows[i].question);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/search-text/fold", test_fold);
  g_test_add_func ("/search-text/split", test_split);
  g_test_add_func ("/search-text/question", test_question);
  return g_test_run ();
}
