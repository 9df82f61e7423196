/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keeps a mirror equal to a service, as a window does, until it is killed:
 *
 *   sync-mirror FOLDER ADDRESS [impatient] < TOKEN
 *
 * It says how far it is: "synced N TOTAL", and "following" each time it knows the state of the
 * service. To "dump" on its input it answers with every action as JSON, one a line, and "end"; to
 * "hash" with "hash SHA256 ROWS OTHERS", over the id, the version and the JSON of each row in the
 * order of ids, as they lie in the file; OTHERS counts what the file holds besides its rows and
 * should not. At the end of its input it ends. The impatient one gives a silent service up after
 * seconds, for heartbeats of one second. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include <gio/gunixinputstream.h>
#include <unistd.h>

#include "client/ac-known-account.h"
#include "client/ac-mirror-action-source.h"
#include "client/ac-mirror-row.h"
#include "harness.h"
#include "model/ac-memory.h"

static const AcPatience impatience = {
  .attempts = 3,
  .first_delay = 20,
  .longest_delay = 1000,
  .silence = 4000,
  .whole = 30000,
  .largest_answer = 64 * 1024 * 1024,
  .first_event = 4000,
  .quiet_stream = 4000,
  .interval = 200,
  .without_stream = 5000,
};

static AcActionSource *source;

static void
progress_cb (AcMirrorSync *sync)
{
  guint64 n, total;
  gboolean syncing;

  g_object_get (sync, "syncing", &syncing, "n-synced", &n, "n-total", &total, NULL);
  if (syncing)
    printf ("synced %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT "\n", n, total);
  fflush (stdout);
}

static void
refreshed_cb (AcMirrorSync *sync)
{
  gboolean syncing;

  g_object_get (sync, "syncing", &syncing, NULL);
  if (!syncing)
    printf ("following\n");
  fflush (stdout);
}

static void
dump (void)
{
  g_autoptr (AcActionQuery) all = ac_action_query_new (AC_TAB_ALL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GAsyncResult) rows_result = NULL;
  g_autoptr (GArray) keys = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GError) error = NULL;

  ac_action_source_load_keys_async (source, all, NULL, NULL, NULL, store_result_cb, &result);
  keys = ac_action_source_load_keys_finish (source, await (&result), &error);
  g_assert_no_error (error);
  ac_action_source_load_rows_async (source, (const guint64 *)(gpointer)keys->data, keys->len, NULL,
                                    store_result_cb, &rows_result);
  rows = ac_action_source_load_rows_finish (source, await (&rows_result), &error);
  g_assert_no_error (error);
  for (guint i = 0; i < rows->len; i++)
    {
      g_autoptr (JsonObject) object = NULL;
      g_autoptr (GBytes) bytes = NULL;

      if (rows->pdata[i] == NULL)
        continue;
      object = ac_action_to_json (rows->pdata[i]);
      bytes = ac_json_object_to_bytes (object);
      fwrite (g_bytes_get_data (bytes, NULL), 1, g_bytes_get_size (bytes), stdout);
      putchar ('\n');
    }
  printf ("end\n");
  fflush (stdout);
}

static gpointer
hash_file (AcSql *sql, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (AcSqlReset) query = NULL;
  AcSqlStep step = AC_SQL_ERROR;
  gint64 others;
  guint n = 0;

  /* One look at the file for both questions. */
  if (!ac_sql_exec (sql, "BEGIN", error))
    return NULL;
  query = ac_sql_query (sql, error,
                        "SELECT id, version, json FROM actions JOIN bodies USING (key) ORDER BY id",
                        "");
  while (query != NULL && (step = ac_sql_step (sql, query, error)) == AC_SQL_ROW)
    {
      g_autofree char *id = sqlite3_column_type (query, 0) == SQLITE_BLOB
                                ? ac_mirror_id_format (sqlite3_column_blob (query, 0))
                                : g_strdup (ac_sql_text (query, 0));
      g_autofree char *line = g_strdup_printf ("%s %" G_GINT64_FORMAT " %s\n", id,
                                               (gint64)sqlite3_column_int64 (query, 1),
                                               ac_sql_text (query, 2));

      g_checksum_update (checksum, (const guchar *)line, (gssize)strlen (line));
      n++;
    }
  if (step != AC_SQL_DONE ||
      !ac_sql_get_integer (sql, &others, 0, error,
                           "SELECT (SELECT count (*) FROM bodies) - (SELECT count (*) FROM actions)"
                           " + abs ((SELECT sum (n) FROM kinds) - (SELECT count (*) FROM actions))"
                           " + (SELECT count (*) FROM kinds WHERE n <> (SELECT count (*)"
                           "    FROM actions WHERE actions.kind = kinds.kind))",
                           ""))
    return NULL;
  return g_strdup_printf ("hash %s %u %" G_GINT64_FORMAT, g_checksum_get_string (checksum), n,
                          others);
}

static void
print_hash (AcMirror *mirror)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *line = NULL;

  ac_mirror_read_async (mirror, AC_MIRROR_LANE_KEYS, hash_file, NULL, NULL, g_free, NULL,
                        store_result_cb, &result);
  line = ac_mirror_finish (mirror, await (&result), NULL);
  printf ("%s\n", line != NULL ? line : "hash none 0 0");
  fflush (stdout);
}

int
main (int argc, char **argv)
{
  g_autoptr (GInputStream) input = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  g_autoptr (GDataInputStream) lines = g_data_input_stream_new (input);
  g_autofree char *token = g_data_input_stream_read_line (lines, NULL, NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (AcApi) api =
      ac_api_new_with_patience (argv[2], token, NULL, argc > 3 ? &impatience : NULL, &error);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (AcMirror) mirror = NULL;
  g_autoptr (AcMirrorSync) sync = NULL;

  ac_memory_keep (32 * 1024 * 1024, 64 * 1024 * 1024);
  g_assert_no_error (error);
  ac_mirror_open_async (argv[1], argv[2], "the.reader", NULL, store_result_cb, &result);
  mirror = ac_mirror_open_finish (await (&result), &error);
  g_assert_no_error (error);
  sync = ac_mirror_sync_new (mirror, api);
  source = AC_ACTION_SOURCE (ac_mirror_action_source_new (mirror, sync));
  g_signal_connect (sync, "notify::n-synced", G_CALLBACK (progress_cb), NULL);
  g_signal_connect (sync, "notify::last-refreshed", G_CALLBACK (refreshed_cb), NULL);
  ac_mirror_sync_start (sync);
  for (;;)
    {
      g_autoptr (GAsyncResult) line_result = NULL;
      g_autofree char *line = NULL;

      g_data_input_stream_read_line_async (lines, G_PRIORITY_DEFAULT, NULL, store_result_cb,
                                           &line_result);
      while (line_result == NULL)
        g_main_context_iteration (NULL, TRUE);
      line = g_data_input_stream_read_line_finish (lines, line_result, NULL, NULL);
      if (line == NULL)
        break;
      if (g_str_equal (line, "dump"))
        dump ();
      else if (g_str_equal (line, "hash"))
        print_hash (mirror);
    }
  g_clear_object (&source);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  return 0;
}
