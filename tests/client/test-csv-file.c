/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>

#include "client/ac-csv-file.h"

static void
test_cells_are_quoted_where_they_must_be (void)
{
  static const char *const cells[] = { "plain", "a,b",  "say \"x\"", "two\r\nlines",
                                       NULL,    "=1+1", "-1" };
  g_autoptr (GString) text = g_string_new (NULL);

  ac_csv_append_row (text, cells, G_N_ELEMENTS (cells));
  g_assert_cmpstr (text->str, ==,
                   "plain,\"a,b\",\"say \"\"x\"\"\",\"two\r\nlines\",,\"'=1+1\",\"'-1\"\r\n");
}

static void
test_a_file_that_is_there_stays (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("ac-csv-XXXXXX", &error);
  g_autoptr (GString) one = g_string_new ("one\r\n");
  g_autoptr (GString) other = g_string_new ("other\r\n");
  g_autofree char *deep = g_build_filename (folder, "not", "there", NULL);
  g_autofree char *middle = g_build_filename (folder, "not", NULL);
  g_autofree char *first = ac_csv_file_write (deep, "Log", one, &error);
  g_autofree char *second = NULL;
  g_autofree char *contents = NULL;

  g_assert_no_error (error);
  second = ac_csv_file_write (deep, "Log", other, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_suffix (first, "/Log.csv"));
  g_assert_true (g_str_has_suffix (second, "/Log (1).csv"));
  g_assert_true (g_file_get_contents (first, &contents, NULL, &error));
  g_assert_cmpstr (contents, ==, "one\r\n");
  g_assert_cmpint (g_unlink (first) + g_unlink (second) + g_rmdir (deep) + g_rmdir (middle) +
                       g_rmdir (folder),
                   ==, 0);
}

static void
test_what_cannot_be_written_is_said (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) text = g_string_new ("x\r\n");

  g_assert_null (ac_csv_file_write ("/proc/self", "Log", text, &error));
  g_assert_nonnull (error);
  g_assert_true (error->domain == G_FILE_ERROR);
  g_assert_true (g_str_has_prefix (error->message, "“/proc/self/Log.csv” could not be written: "));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/client/csv-file/cells-are-quoted-where-they-must-be",
                   test_cells_are_quoted_where_they_must_be);
  g_test_add_func ("/client/csv-file/a-file-that-is-there-stays", test_a_file_that_is_there_stays);
  g_test_add_func ("/client/csv-file/what-cannot-be-written-is-said",
                   test_what_cannot_be_written_is_said);
  return g_test_run ();
}
