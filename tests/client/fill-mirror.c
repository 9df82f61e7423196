/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fills a mirror with synthetic actions and times what a window asks of it:
 *
 *   fill-mirror FOLDER N [index]      fills, with "index" also the index for searches
 *   fill-mirror FOLDER 0              only asks a mirror that is there
 *   fill-mirror FOLDER 0 list         shows it in a list, and says how long the main loop stood
 * still fill-mirror FOLDER N rate         how quickly pages go in, and how quickly json-glib parses
 * them */
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

/* --- rate --- */

static void
measure_rate (MirrorFixture *fixture, guint n)
{
  gint64 parse = 0;
  gint64 write = 0;
  gint64 ending;
  gsize size = 0;
  guint number = n;

  mirror_fixture_begin (fixture, "t0");
  while (number > 0)
    {
      g_autoptr (GString) page = g_string_new ("{\"items\":[");
      g_autoptr (JsonParser) parser = json_parser_new ();
      g_autoptr (GError) error = NULL;

      for (guint i = 0; i < 1000 && number > 0; i++)
        {
          g_autofree char *action = synthetic_action (--number, n);

          g_string_append_printf (page, "%s%s", i > 0 ? "," : "", action);
        }
      g_string_append_printf (page, "],\"total\":%u}", n);
      size += page->len;
      started = g_get_monotonic_time ();
      g_assert_true (json_parser_load_from_data (parser, page->str, (gssize)page->len, &error));
      g_clear_object (&parser);
      parse += g_get_monotonic_time () - started;
      started = g_get_monotonic_time ();
      ac_mirror_outcome_free (mirror_fixture_add (fixture, page->str));
      write += g_get_monotonic_time () - started;
    }
  started = g_get_monotonic_time ();
  ac_mirror_outcome_free (mirror_fixture_end (fixture));
  ending = g_get_monotonic_time () - started;
  g_print ("%u actions, %.0f bytes each\n"
           "json-glib, parsing only:             %8.0f actions/s\n"
           "taken apart and written, in turn:    %8.0f actions/s\n"
           "with the indexes of lists at the end: %7.0f actions/s\n"
           "ratio: %.2f\n",
           n, (double)size / n, n * 1e6 / (double)parse, n * 1e6 / (double)write,
           n * 1e6 / (double)(write + ending), (double)parse / (double)(write + ending));
}

/* --- a list --- */

static gint64 longest;
static const char *longest_where;

/* As wait_until(), and notes how long the longest turn of the loop took. */
static void
turn (const char *where)
{
  gint64 before;

  if (!g_main_context_pending (NULL))
    g_usleep (200);
  before = g_get_monotonic_time ();
  g_main_context_iteration (NULL, FALSE);
  before = g_get_monotonic_time () - before;
  if (before > longest)
    {
      longest = before;
      longest_where = where;
    }
}

static void
note_first_cb (GListModel *model, guint position, guint removed, guint added, gpointer user_data)
{
  gint64 *first = user_data;

  if (*first == 0)
    *first = g_get_monotonic_time ();
}

static void
show_list (MirrorFixture *fixture, AcActionList *list, AcActionQuery *query, const char *what)
{
  gint64 first = 0;
  gulong id = g_signal_connect (list, "items-changed", G_CALLBACK (note_first_cb), &first);

  longest = 0;
  started = g_get_monotonic_time ();
  ac_action_list_set_query (list, query);
  longest = g_get_monotonic_time () - started;
  while (ac_action_list_get_loading (list))
    turn (what);
  g_print ("%-24s first rows %6.1f ms, all %u rows %7.1f ms, longest turn of the loop %5.1f ms\n",
           what, (double)(first - started) / 1000, g_list_model_get_n_items (G_LIST_MODEL (list)),
           (double)(g_get_monotonic_time () - started) / 1000, (double)longest / 1000);
  g_signal_handler_disconnect (list, id);
}

static void
measure_list (MirrorFixture *fixture)
{
  g_autoptr (AcActionQuery) history = ac_action_query_new (AC_TAB_HISTORY);
  g_autoptr (AcActionList) list = ac_action_list_new (AC_ACTION_SOURCE (fixture->source), NULL);
  g_autoptr (GPtrArray) screen = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GArray) positions = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) changed = g_array_new (FALSE, FALSE, sizeof (guint64));
  g_autoptr (GArray) keys = NULL;

  show_list (fixture, list, history, "history");
  for (guint i = 0; i < 40; i++)
    g_ptr_array_add (screen, g_list_model_get_item (G_LIST_MODEL (list), i));
  started = g_get_monotonic_time ();
  while (!ac_action_item_get_loaded (screen->pdata[39]))
    turn ("rows");
  say ("a screen of rows", screen->len);
  for (guint sort = 0; sort < AC_N_SORTS; sort++)
    {
      g_autoptr (AcActionQuery) query = ac_action_query_with_sort (history, (AcSort)sort, FALSE);

      show_list (fixture, list, query, ac_sort_wire ((AcSort)sort));
    }
  {
    g_autoptr (AcActionQuery) query = ac_action_query_with_search (history, "parcel");

    show_list (fixture, list, query, "search parcel");
  }
  show_list (fixture, list, history, "history again");
  print_memory ("with the list");
  /* A change of one row. */
  {
    guint64 key = ac_action_list_get_key (list, 500000);

    g_array_append_val (changed, key);
  }
  longest = 0;
  started = g_get_monotonic_time ();
  ac_action_source_emit_changed (AC_ACTION_SOURCE (fixture->source), changed);
  for (gint64 end = started + G_USEC_PER_SEC * 2; g_get_monotonic_time () < end;)
    turn ("changed");
  g_print ("one row changed: longest turn of the loop %.1f ms\n", (double)longest / 1000);
  /* What a selection costs. */
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (list)); i++)
    g_array_append_val (positions, i);
  started = g_get_monotonic_time ();
  keys = ac_action_list_get_keys_for_positions (list, (const guint *)(gpointer)positions->data,
                                                positions->len);
  say ("keys of all positions", keys->len);
  g_array_unref (ac_action_list_get_positions_for_keys (list, (const guint64 *)(gpointer)keys->data,
                                                        keys->len));
  say ("positions of all keys", keys->len);
  g_array_unref (ac_action_list_get_positions_for_keys (
      list, (const guint64 *)(gpointer)keys->data + 500000, 1));
  say ("position of one key", 1);
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
  if (argc > 3 && g_str_equal (argv[3], "list"))
    {
      print_memory ("before the list");
      measure_list (&fixture);
      mirror_fixture_close (&fixture);
      return 0;
    }
  if (argc > 3 && g_str_equal (argv[3], "rate"))
    {
      measure_rate (&fixture, n);
      mirror_fixture_close (&fixture);
      return 0;
    }
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
