/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fills a mirror with synthetic actions and times what a window asks of it:
 *
 *   fill-mirror FOLDER N [index]      fills, with "index" also the index for searches
 *   fill-mirror FOLDER 0              only asks a mirror that is there */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "client/ac-action-list.h"
#include "mirror-fixture.h"

static gint64 started;

static void
say (const char *what, guint64 n)
{
  gint64 took = g_get_monotonic_time () - started;

  g_print ("%-44s %9.1f ms  %" G_GUINT64_FORMAT "\n", what, (double)took / 1000, n);
  started = g_get_monotonic_time ();
}

static void
first_cb (GArray *keys, guint64 total, gpointer user_data)
{
  const char *what = user_data;
  gint64 took = g_get_monotonic_time () - started;

  g_print ("  first %u of %s: %.1f ms\n", keys->len, what, (double)took / 1000);
}

static GArray *
ask (MirrorFixture *fixture, const char *what, AcActionQuery *query)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GArray *keys;

  started = g_get_monotonic_time ();
  ac_action_source_load_keys_async (AC_ACTION_SOURCE (fixture->source), query, first_cb,
                                    (gpointer)what, NULL, store_result_cb, &result);
  keys = ac_action_source_load_keys_finish (AC_ACTION_SOURCE (fixture->source), await (&result),
                                            &error);
  g_assert_no_error (error);
  say (what, keys->len);
  return keys;
}

static void
ask_search (MirrorFixture *fixture, const char *text)
{
  g_autoptr (AcActionQuery) all = ac_action_query_new (AC_TAB_ALL);
  g_autoptr (AcActionQuery) query = ac_action_query_with_search (all, text);
  g_autofree char *what = g_strdup_printf ("search “%s”", text);

  g_array_unref (ask (fixture, what, query));
}

static void
print_memory (const char *when)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents ("/proc/self/status", &text, NULL, NULL))
    return;
  lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    if (g_str_has_prefix (*line, "VmRSS") || g_str_has_prefix (*line, "VmHWM"))
      g_print ("%s: %s\n", when, *line);
}

int
main (int argc, char **argv)
{
  MirrorFixture fixture = { 0 };
  guint n = argc > 2 ? (guint)atoi (argv[2]) : 0;
  g_autoptr (AcActionQuery) history = ac_action_query_new (AC_TAB_HISTORY);
  g_autoptr (AcActionQuery) all = ac_action_query_new (AC_TAB_ALL);
  g_autoptr (GArray) keys = NULL;

  fixture.folder = g_strdup (argv[1]);
  started = g_get_monotonic_time ();
  mirror_fixture_open (&fixture);
  say ("open", 0);
  if (n > 0)
    {
      mirror_fixture_fill (&fixture, n);
      say ("fill", n);
      if (argc > 3)
        {
          mirror_fixture_index (&fixture);
          say ("index for searches", n);
        }
    }
  print_memory ("before the questions");
  for (guint sort = 0; sort < AC_N_SORTS; sort++)
    {
      g_autoptr (AcActionQuery) query = ac_action_query_with_sort (history, (AcSort)sort, TRUE);

      g_array_unref (ask (&fixture, ac_sort_wire ((AcSort)sort), query));
    }
  {
    const char *const verdicts[] = { "unknown", NULL };
    const char *const assets[] = { "user17@corp.example", NULL };
    g_autoptr (AcActionQuery) verdict =
        ac_action_query_with_filter (all, AC_FILTER_VERDICT, verdicts);
    g_autoptr (AcActionQuery) asset = ac_action_query_with_filter (all, AC_FILTER_ASSET, assets);
    g_autoptr (AcActionQuery) pending = ac_action_query_new (AC_TAB_PENDING);

    g_array_unref (ask (&fixture, "pending", pending));
    g_array_unref (ask (&fixture, "verdict unknown", verdict));
    g_array_unref (ask (&fixture, "one mailbox", asset));
  }
  ask_search (&fixture, "invoice");
  ask_search (&fixture, "user1234@corp");
  ask_search (&fixture, "parcel-123");
  ask_search (&fixture, "corp.example");
  ask_search (&fixture, "in");
  ask_search (&fixture, "nothing like that");
  keys = ask (&fixture, "all", all);
  {
    g_autoptr (GAsyncResult) result = NULL;
    g_autoptr (GError) error = NULL;
    g_autoptr (AcActionSummary) summary = NULL;

    started = g_get_monotonic_time ();
    ac_action_source_summarize_async (AC_ACTION_SOURCE (fixture.source),
                                      (const guint64 *)(gpointer)keys->data, keys->len, NULL,
                                      store_result_cb, &result);
    summary = ac_action_source_summarize_finish (AC_ACTION_SOURCE (fixture.source), await (&result),
                                                 &error);
    g_assert_no_error (error);
    say ("what all share", g_hash_table_size (summary->assets));
  }
  {
    g_autoptr (GAsyncResult) result = NULL;
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) rows = NULL;

    started = g_get_monotonic_time ();
    ac_action_source_load_rows_async (AC_ACTION_SOURCE (fixture.source),
                                      (const guint64 *)(gpointer)keys->data, MIN (keys->len, 100),
                                      NULL, store_result_cb, &result);
    rows = ac_action_source_load_rows_finish (AC_ACTION_SOURCE (fixture.source), await (&result),
                                              &error);
    g_assert_no_error (error);
    say ("a page of rows", rows->len);
  }
  print_memory ("after the questions");
  mirror_fixture_close (&fixture);
  g_free (fixture.folder);
  return 0;
}
