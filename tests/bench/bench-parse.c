/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reference of bench_read.py: json-glib parses each line of a file, and nothing else. Prints
 * how many seconds of processor time that took. */
#include "config.h"

#include <json-glib/json-glib.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int
main (int argc, char *argv[])
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  gsize length;
  clock_t start;

  if (argc != 2 || !g_file_get_contents (argv[1], &text, &length, &error))
    {
      g_printerr ("Usage: bench-parse FILE\n");
      return EXIT_FAILURE;
    }
  start = clock ();
  for (const char *line = text; line < text + length;)
    {
      const char *end = strchr (line, '\n');

      if (!json_parser_load_from_data (parser, line, end - line, &error))
        {
          g_printerr ("%s\n", error->message);
          return EXIT_FAILURE;
        }
      line = end + 1;
    }
  g_print ("%.6f\n", (double)(clock () - start) / CLOCKS_PER_SEC);
  return EXIT_SUCCESS;
}
