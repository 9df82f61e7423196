/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>

#include "client/ac-csv.h"

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

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/client/csv/cells-are-quoted-where-they-must-be",
                   test_cells_are_quoted_where_they_must_be);
  return g_test_run ();
}
