/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "client/ac-client-error.h"
#include "client/ac-csv.h"
#include "client/ac-export.h"
#include "client/ac-query-text.h"
#include "harness.h"
#include "memory-source.h"
#include "model/ac-json.h"

typedef struct
{
  char *folder;
  MemorySource *source;
  AcActionQuery *query;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  guint64 keys[] = { 1, 2, 3, 4, 5, 6, 7 };

  fixture->folder = g_dir_make_tmp ("ac-export-XXXXXX", NULL);
  fixture->source = memory_source_new ();
  memory_source_set_keys (fixture->source, keys, G_N_ELEMENTS (keys));
  fixture->query = ac_action_query_new (AC_TAB_ALL);
}

static GStrv
list_folder (Fixture *fixture)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_add (names, NULL);
  return (GStrv)g_ptr_array_free (g_steal_pointer (&names), FALSE);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_auto (GStrv) names = list_folder (fixture);

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *path = g_build_filename (fixture->folder, names[i], NULL);

      g_unlink (path);
    }
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
  g_object_unref (fixture->source);
  g_object_unref (fixture->query);
}

static GStrv
run (Fixture *fixture, AcExportFormat format, guint most_rows, GArray *keys, guint64 *n)
{
  g_autoptr (AcExport) export =
      ac_export_new (AC_ACTION_SOURCE (fixture->source), format, fixture->folder, "some/actions");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GStrv paths;

  ac_export_set_most_rows (export, most_rows);
  ac_export_run_async (export, keys == NULL ? fixture->query : NULL, keys, NULL, store_result_cb,
                       &result);
  paths = ac_export_run_finish (export, await (&result), n, &error);
  g_assert_no_error (error);
  g_assert_nonnull (paths);
  return paths;
}

static guint
count_lines (const char *path)
{
  g_autofree char *text = NULL;
  guint n = 0;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  for (const char *at = text; *at != '\0'; at++)
    n += *at == '\n' ? 1 : 0;
  return n;
}

static void
test_a_file_holds_all_that_was_found (Fixture *fixture, gconstpointer data)
{
  g_auto (GStrv) csv = NULL;
  g_auto (GStrv) json = NULL;
  g_auto (GStrv) ocsf = NULL;
  guint64 n = 0;

  csv = run (fixture, AC_EXPORT_CSV, 100, NULL, &n);
  g_assert_cmpuint (n, ==, 7);
  g_assert_cmpuint (g_strv_length (csv), ==, 1);
  g_assert_true (g_str_has_suffix (csv[0], "/some-actions.csv"));
  g_assert_cmpuint (count_lines (csv[0]), ==, 8);
  json = run (fixture, AC_EXPORT_JSON_LINES, 100, NULL, &n);
  g_assert_cmpuint (count_lines (json[0]), ==, 7);
  ocsf = run (fixture, AC_EXPORT_OCSF, 100, NULL, &n);
  g_assert_true (g_str_has_suffix (ocsf[0], "/some-actions.ocsf.jsonl"));
  g_assert_cmpuint (count_lines (ocsf[0]), ==, 7);
}

static void
test_only_what_is_selected (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, sizeof (guint64));
  guint64 some[] = { 3, 6 };
  g_auto (GStrv) paths = NULL;
  guint64 n = 0;

  g_array_append_vals (keys, some, 2);
  paths = run (fixture, AC_EXPORT_JSON_LINES, 100, keys, &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpuint (count_lines (paths[0]), ==, 2);
}

static void
test_nothing_is_overwritten (Fixture *fixture, gconstpointer data)
{
  g_auto (GStrv) first = run (fixture, AC_EXPORT_CSV, 100, NULL, NULL);
  g_auto (GStrv) second = NULL;
  g_auto (GStrv) third = NULL;
  g_autofree char *text = NULL;

  g_assert_true (g_file_set_contents (first[0], "mine", -1, NULL));
  second = run (fixture, AC_EXPORT_CSV, 100, NULL, NULL);
  third = run (fixture, AC_EXPORT_CSV, 100, NULL, NULL);
  g_assert_true (g_str_has_suffix (second[0], "/some-actions (1).csv"));
  g_assert_true (g_str_has_suffix (third[0], "/some-actions (2).csv"));
  g_assert_true (g_file_get_contents (first[0], &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "mine");
}

static void
test_too_many_for_a_file_go_into_several (Fixture *fixture, gconstpointer data)
{
  guint64 n = 0;
  g_auto (GStrv) paths = run (fixture, AC_EXPORT_CSV, 3, NULL, &n);

  g_assert_cmpuint (n, ==, 7);
  g_assert_cmpuint (g_strv_length (paths), ==, 3);
  g_assert_true (g_str_has_suffix (paths[1], "/some-actions part 2.csv"));
  g_assert_cmpuint (count_lines (paths[0]), ==, 4);
  g_assert_cmpuint (count_lines (paths[1]), ==, 4);
  g_assert_cmpuint (count_lines (paths[2]), ==, 2);
}

static void
test_nothing_found_is_an_empty_table (Fixture *fixture, gconstpointer data)
{
  g_auto (GStrv) paths = NULL;
  guint64 n = 1;

  memory_source_set_keys (fixture->source, NULL, 0);
  paths = run (fixture, AC_EXPORT_CSV, 100, NULL, &n);
  g_assert_cmpuint (n, ==, 0);
  g_assert_cmpuint (count_lines (paths[0]), ==, 1);
}

static void
cancel_cb (guint64 done, guint64 total, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

static void
test_cancelled_leaves_nothing_behind (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AcExport) export =
      ac_export_new (AC_ACTION_SOURCE (fixture->source), AC_EXPORT_CSV, fixture->folder, "x");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) names = NULL;

  ac_export_set_progress (export, cancel_cb, cancellable);
  ac_export_run_async (export, fixture->query, NULL, cancellable, store_result_cb, &result);
  g_assert_null (ac_export_run_finish (export, await (&result), NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  names = list_folder (fixture);
  g_assert_cmpuint (g_strv_length (names), ==, 0);
}

static void
test_a_source_that_fails_leaves_nothing_behind (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AcExport) export =
      ac_export_new (AC_ACTION_SOURCE (fixture->source), AC_EXPORT_CSV, fixture->folder, "x");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) names = NULL;

  memory_source_fail (fixture->source, "The service is away.");
  ac_export_run_async (export, fixture->query, NULL, NULL, store_result_cb, &result);
  g_assert_null (ac_export_run_finish (export, await (&result), NULL, &error));
  g_assert_cmpstr (error->message, ==, "The service is away.");
  names = list_folder (fixture);
  g_assert_cmpuint (g_strv_length (names), ==, 0);
}

static void
test_a_folder_that_is_not_there_is_named (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AcExport) export =
      ac_export_new (AC_ACTION_SOURCE (fixture->source), AC_EXPORT_CSV, "/no/such/folder", "x");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  ac_export_run_async (export, fixture->query, NULL, NULL, store_result_cb, &result);
  g_assert_null (ac_export_run_finish (export, await (&result), NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "/no/such/folder"));
}

static void
test_fields_are_guarded (void)
{
  static const struct
  {
    const char *value;
    const char *field;
  } fields[] = {
    { "plain", "plain" },
    { "a,b", "\"a,b\"" },
    { "say \"no\"", "\"say \"\"no\"\"\"" },
    { "two\nlines", "\"two\nlines\"" },
    { "=1+1", "\"'=1+1\"" },
    { "+49", "\"'+49\"" },
    { "-x", "\"'-x\"" },
    { "@SUM(A1)", "\"'@SUM(A1)\"" },
    { "\tx", "\"'\tx\"" },
    { "a=b", "a=b" },
    { NULL, "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);

      ac_csv_append_field (text, fields[i].value, TRUE);
      g_assert_cmpstr (text->str, ==, fields[i].field);
    }
}

static AcAction *
action_from (const char *json)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (json, strlen (json));
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = ac_json_parse (bytes, &error);
  AcAction *action =
      ac_action_new_from_json (ac_json_root_object (root, &error), AC_JSON_LENIENT, NULL, &error);

  g_assert_no_error (error);
  return action;
}

static void
test_times_carry_their_zone (void)
{
  g_autoptr (AcAction) action = action_from (
      "{\"id\":\"a\",\"version\":3,\"type\":\"quarantineFile\",\"status\":\"partlyCompleted\","
      "\"verdict\":\"malicious\",\"source\":\"api\",\"details\":\"/home/kim/x\",\"entity\":{"
      "\"type\":\"file\",\"path\":\"/home/kim/x\",\"sha256\":"
      "\"22fe72a34f006ea67d26bb7004e2b6941b5c3953d43ae7ec24d41b1a928a6973\"},"
      "\"assets\":[\"fin-ws-07\"],\"createdAt\":\"2026-03-01T10:00:00.5Z\","
      "\"updatedAt\":\"2026-03-01T10:00:01.1234567Z\",\"decision\":\"approve\","
      "\"decidedBy\":\"j.doe\",\"decidedAt\":\"2026-03-01T11:00:00\",\"undoable\":true,"
      "\"results\":[]}");
  g_autoptr (GString) text = g_string_new (NULL);

  ac_export_format_append (AC_EXPORT_CSV, action, text);
  g_assert_nonnull (
      strstr (text->str, ",2026-03-01T10:00:01.123456Z,2026-03-01T10:00:00.500000Z,"));
  g_assert_nonnull (strstr (text->str, ",j.doe,2026-03-01T11:00:00.000000Z,"));
  g_assert_true (g_str_has_suffix (text->str, "\r\n"));
}

static void
test_an_action_is_an_event_of_ocsf (void)
{
  g_autoptr (AcAction) action = action_from (
      "{\"id\":\"a\",\"version\":3,\"type\":\"quarantineFile\",\"status\":\"partlyCompleted\","
      "\"verdict\":\"malicious\",\"source\":\"api\",\"details\":\"/home/kim/x\",\"entity\":{"
      "\"type\":\"file\",\"path\":\"/home/kim/x\",\"sha256\":\"22fe\"},"
      "\"assets\":[\"fin-ws-07\"],\"createdAt\":\"2026-03-01T10:00:00.5Z\","
      "\"updatedAt\":\"2026-03-01T10:00:01.5Z\",\"decision\":\"approve\","
      "\"decidedBy\":\"j.doe\",\"undoable\":true,\"results\":[]}");
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (JsonNode) root = NULL;
  static const struct
  {
    const char *member;
    gint64 value;
  } numbers[] = {
    { "category_uid", 7 },     { "class_uid", 7002 },   { "activity_id", 1 },
    { "type_uid", 700201 },    { "status_id", 4 },      { "severity_id", 4 },
    { "time", 1772359201500 }, { "disposition_id", 3 },
  };
  JsonObject *event;

  ac_export_format_append (AC_EXPORT_OCSF, action, text);
  bytes = g_bytes_new (text->str, text->len);
  root = ac_json_parse (bytes, NULL);
  event = json_node_get_object (root);
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    g_assert_cmpint (ac_json_get_integer (event, numbers[i].member, -1), ==, numbers[i].value);
  g_assert_cmpstr (ac_json_get_string (ac_json_get_object (event, "metadata"), "version"), ==,
                   "1.8.0");
  g_assert_cmpstr (ac_json_get_string (ac_json_get_object (event, "file"), "name"), ==, "x");
  g_assert_cmpstr (ac_json_get_string (event, "command_uid"), ==, "action/a");
}

/* What was done last is told, and not again what was done before. */
static void
test_an_undo_for_some_is_a_restore (void)
{
  g_autoptr (AcAction) action = action_from (
      "{\"id\":\"a\",\"version\":6,\"type\":\"quarantineFile\",\"status\":\"completed\","
      "\"verdict\":\"malicious\",\"source\":\"api\",\"details\":\"/home/kim/x\",\"entity\":{"
      "\"type\":\"file\",\"path\":\"/home/kim/x\",\"sha256\":\"22fe\"},"
      "\"assets\":[\"fin-ws-07\",\"fin-ws-08\"],\"createdAt\":\"2026-03-01T10:00:00.5Z\","
      "\"updatedAt\":\"2026-03-01T10:00:01.5Z\",\"decision\":\"undo\","
      "\"decidedBy\":\"j.doe\",\"undoable\":true,\"results\":[]}");
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (JsonNode) root = NULL;
  JsonObject *event;

  ac_export_format_append (AC_EXPORT_OCSF, action, text);
  bytes = g_bytes_new (text->str, text->len);
  root = ac_json_parse (bytes, NULL);
  event = json_node_get_object (root);
  g_assert_cmpint (ac_json_get_integer (event, "activity_id", -1), ==, 3);
  g_assert_cmpint (ac_json_get_integer (event, "status_id", -1), ==, 4);
  g_assert_cmpint (ac_json_get_integer (event, "disposition_id", -1), ==, 9);
}

static void
test_filters_are_text_and_back (void)
{
  static const char *const bad[] = { "", "[]", "{\"shoeSize\":[\"44\"]}", "{\"status\":\"failed\"}",
                                     "{\"status\":[1]}" };
  g_autoptr (AcActionQuery) plain = ac_action_query_new (AC_TAB_HISTORY);
  g_autoptr (AcActionQuery) query = ac_query_text_parse (
      plain, "{\"bulkId\":[\"x\"],\"actionType\":[\"blockUrl\",\"new\"],\"q\":[\"a b\"]}", NULL);
  g_autoptr (AcActionQuery) again = NULL;
  g_autofree char *text = NULL;

  g_assert_nonnull (query);
  g_assert_cmpstr (ac_action_query_get_filter (query, AC_FILTER_OPERATION)[0], ==, "x");
  g_assert_cmpstr (ac_action_query_get_filter (query, AC_FILTER_TYPE)[1], ==, "new");
  text = ac_query_text_format (query);
  again = ac_query_text_parse (plain, text, NULL);
  g_assert_true (ac_action_query_equal (query, again));
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (ac_query_text_parse (plain, bad[i], &error));
      g_assert_error (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_INVALID);
    }
}

#define ADD(name, function) g_test_add (name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/client/export/a-file-holds-all-that-was-found", test_a_file_holds_all_that_was_found);
  ADD ("/client/export/only-what-is-selected", test_only_what_is_selected);
  ADD ("/client/export/nothing-is-overwritten", test_nothing_is_overwritten);
  ADD ("/client/export/too-many-for-a-file-go-into-several",
       test_too_many_for_a_file_go_into_several);
  ADD ("/client/export/nothing-found-is-an-empty-table", test_nothing_found_is_an_empty_table);
  ADD ("/client/export/cancelled-leaves-nothing-behind", test_cancelled_leaves_nothing_behind);
  ADD ("/client/export/a-source-that-fails-leaves-nothing-behind",
       test_a_source_that_fails_leaves_nothing_behind);
  ADD ("/client/export/a-folder-that-is-not-there-is-named",
       test_a_folder_that_is_not_there_is_named);
  g_test_add_func ("/client/export/fields-are-guarded", test_fields_are_guarded);
  g_test_add_func ("/client/export/times-carry-their-zone", test_times_carry_their_zone);
  g_test_add_func ("/client/export/an-action-is-an-event-of-ocsf",
                   test_an_action_is_an_event_of_ocsf);
  g_test_add_func ("/client/export/an-undo-for-some-is-a-restore", test_an_undo_for_some_is_a_restore);
  g_test_add_func ("/client/query-text/filters-are-text-and-back", test_filters_are_text_and_back);
  return g_test_run ();
}
