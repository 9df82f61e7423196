/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keeps a mirror equal to a service, as a window does, until it is killed:
 *
 *   sync-mirror FOLDER ADDRESS < TOKEN
 *
 * It says how far it is: "synced N TOTAL", "following" when it knows the state of the service, and
 * on each later change of that "changed". To "dump" on its input it answers with every action as
 * JSON, one a line, and "end"; at the end of its input it ends. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include <gio/gunixinputstream.h>
#include <unistd.h>

#include "client/ac-known-account.h"
#include "client/ac-mirror-action-source.h"
#include "harness.h"

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

int
main (int argc, char **argv)
{
  g_autoptr (GInputStream) input = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  g_autoptr (GDataInputStream) lines = g_data_input_stream_new (input);
  g_autofree char *token = g_data_input_stream_read_line (lines, NULL, NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (AcApi) api = ac_api_new (argv[2], token, NULL, &error);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (AcMirror) mirror = NULL;
  g_autoptr (AcMirrorSync) sync = NULL;

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
    }
  g_clear_object (&source);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  return 0;
}
