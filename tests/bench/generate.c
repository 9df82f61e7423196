/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ac-generate: data for tests and benchmarks, as much as is wanted, and always the same.
 *
 *   ac-generate --store FILE --actions N --seed S     a new database for action-centerd
 *   ac-generate --json --actions N --seed S           one action a line, as GET /actions shows them
 *   ac-generate --mirror FOLDER --actions N --seed S  the cache folder of a desk after its first
 * sync
 *
 * --now TIME is when the last of them were proposed, the beginning of this day without it. */
#include "config.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#include "generate-mirror.h"
#include "generate-store.h"
#include "model/ac-time.h"

static int
complain (const char *message)
{
  g_printerr ("ac-generate: %s\n", message);
  return EXIT_FAILURE;
}

static int
print_json (GenerateActions *actions)
{
  g_autoptr (GString) line = g_string_new (NULL);

  for (guint64 i = 0; i < generate_actions_get_n (actions); i++)
    {
      g_string_truncate (line, 0);
      generate_actions_add_json (actions, i, line);
      g_string_append_c (line, '\n');
      if (fwrite (line->str, 1, line->len, stdout) != line->len)
        return complain ("The text could not be written");
    }
  return fflush (stdout) == 0 ? EXIT_SUCCESS : complain ("The text could not be written");
}

int
main (int argc, char **argv)
{
  g_autofree char *store = NULL;
  g_autofree char *mirror = NULL;
  g_autofree char *now_text = NULL;
  gboolean json = FALSE;
  gint64 n_actions = 1000;
  gint64 seed = 1;
  gint64 now = ac_time_now () / G_TIME_SPAN_DAY * G_TIME_SPAN_DAY;
  const GOptionEntry entries[] = {
    { "store", 0, 0, G_OPTION_ARG_FILENAME, &store, "Make this database", "FILE" },
    { "mirror", 0, 0, G_OPTION_ARG_FILENAME, &mirror, "Fill this cache folder", "FOLDER" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "Print the actions, one a line", NULL },
    { "actions", 0, 0, G_OPTION_ARG_INT64, &n_actions, "How many (1000)", "N" },
    { "seed", 0, 0, G_OPTION_ARG_INT64, &seed, "Another number makes other actions (1)", "S" },
    { "now", 0, 0, G_OPTION_ARG_STRING, &now_text, "When the last were proposed (today)", "TIME" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GenerateActions) actions = NULL;
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return complain (error->message);
  if (argc > 1 || n_actions < 0 || (store != NULL) + (mirror != NULL) + json != 1)
    return complain ("Say what to make, --store FILE, --mirror FOLDER or --json, and how many "
                     "--actions");
  if (now_text != NULL && !ac_time_parse (now_text, TRUE, &now))
    return complain ("--now is a time such as 2026-01-31T12:00:00Z");
  actions = generate_actions_new ((guint64)n_actions, (guint64)seed, now);
  if (json)
    return print_json (actions);
  if (mirror != NULL ? !generate_mirror_fill (actions, mirror, &error)
                     : !generate_store_fill (actions, store, (guint64)seed, now, &error))
    return complain (error->message);
  return EXIT_SUCCESS;
}
