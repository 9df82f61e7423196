/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mirror kept equal to a service, over HTTP, whatever goes wrong in between. */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "client/ac-api-private.h"
#include "mirror-fixture.h"
#include "model/ac-time.h"

/* Ten pages, the last of which is not full. */
#define N_ACTIONS 92
#define PAGE 10
/* For the test of a silent stream. */
#define BUFFERED 2
#define QUIET 1

/* A service of synthetic actions with a log of what changed. */
typedef struct
{
  FakeService *service;
  AcApi *api;
  char *folder;
  AcMirror *mirror;
  AcMirrorSync *sync;
  AcMirrorActionSource *source;

  guint n;                   /* actions 0 to n - 1, newest first */
  GHashTable *status;        /* number → char *: other than at first; "" is gone */
  GArray *log;               /* guint: numbers of actions that changed, in order */
  guint first;               /* of the log that is still there */
  gboolean streaming;        /* has the route */
  SoupServerMessage *stream; /* nullable: open */
  guint stream_at;           /* how much of the log it has been told */
  guint n_streams;
  guint n_lists;
  guint n_polls;
  guint page;
  guint fail; /* status to answer with, or 0 */
  guint fail_times;
  const char *retry_after;
  gboolean cut;     /* a list ends in the middle of an answer */
  gboolean empty;   /* or has none */
  gboolean mute;    /* streams say nothing */
  gboolean spoil;   /* the next page of a stream has an action that cannot be used */
  guint n_received; /* answers and events */
  guint hold_from;  /* lists beyond so many are not answered; 0: all are */
  GArray *changed;  /* guint64: told */
  guint n_resets;
  gboolean looked; /* at what was told last: it was not the service yet */
} Fixture;

static char *
action_text (Fixture *fixture, guint number)
{
  const char *status = g_hash_table_lookup (fixture->status, GUINT_TO_POINTER (number + 1));
  g_autofree char *text = synthetic_action (number, fixture->n);
  g_autoptr (GRegex) regex = NULL;
  g_autofree char *with = NULL;
  g_autofree char *half = NULL;

  if (status == NULL)
    return g_steal_pointer (&text);
  if (*status == '\0')
    return NULL;
  regex = g_regex_new ("\"status\":\"[a-zA-Z]+\"", 0, 0, NULL);
  with = g_strdup_printf ("\"status\":\"%s\"", status);
  half = g_regex_replace_literal (regex, text, -1, 0, with, 0, NULL);
  g_regex_unref (g_steal_pointer (&regex));
  regex = g_regex_new ("\"version\":[0-9]+", 0, 0, NULL);
  return g_regex_replace_literal (regex, half, -1, 0, "\"version\":9", 0, NULL);
}

static char *
id_in (const char *text)
{
  return g_strndup (strstr (text, "\"id\":\"") + 6, 36);
}

static char *
change_page (Fixture *fixture, guint from)
{
  g_autoptr (GString) page = g_string_new ("{\"items\":[");

  for (guint i = from; i < fixture->log->len; i++)
    {
      guint number = g_array_index (fixture->log, guint, i);
      g_autofree char *first = synthetic_action (number, fixture->n);
      g_autofree char *text = action_text (fixture, number);
      g_autofree char *id = id_in (first);

      g_string_append_printf (
          page,
          "%s{\"token\":\"t%u\",\"kind\":\"action\",\"id\":\"%s\",\"version\":9,"
          "\"at\":\"2026-01-01T00:00:00Z\"%s%s}",
          i > from ? "," : "", i + 1, id, text != NULL ? ",\"action\":" : "",
          text != NULL ? text : "");
    }
  g_string_append_printf (page, "],\"next\":\"t%u\",\"more\":false}", fixture->log->len);
  return g_strdup (page->str);
}

static void
tell_stream (Fixture *fixture)
{
  g_autofree char *page = NULL;
  g_autofree char *event = NULL;

  if (fixture->stream == NULL || fixture->mute)
    return;
  page = change_page (fixture, fixture->stream_at);
  if (fixture->spoil)
    {
      g_autofree char *good = g_steal_pointer (&page);
      g_autoptr (GRegex) regex = g_regex_new ("\"version\":9,\"type\"", 0, 0, NULL);

      page = g_regex_replace_literal (regex, good, -1, 0, "\"version\":\"9\",\"type\"", 0, NULL);
      g_assert_cmpstr (page, !=, good);
      fixture->spoil = FALSE;
    }
  fixture->stream_at = fixture->log->len;
  event = g_strdup_printf ("event: changes\nid: t%u\ndata: %s\n\n", fixture->stream_at, page);
  fake_stream_send (fixture->stream, event);
}

/* Something happens in the service. */
static void
set_status (Fixture *fixture, guint number, const char *status)
{
  g_hash_table_insert (fixture->status, GUINT_TO_POINTER (number + 1), g_strdup (status));
  g_array_append_val (fixture->log, number);
  tell_stream (fixture);
}

static void
answer_list (Fixture *fixture, SoupServerMessage *message, GHashTable *query)
{
  const char *cursor = g_hash_table_lookup (query, "cursor");
  const char *before = g_hash_table_lookup (query, "createdBefore");
  guint number = cursor != NULL ? (guint)atoi (cursor) : fixture->n;
  g_autoptr (GString) page = g_string_new ("{\"items\":[");
  guint n = 0;

  g_assert_cmpstr (g_hash_table_lookup (query, "sort"), ==, "-createdAt");
  if (cursor == NULL && before != NULL)
    {
      gint64 bound;

      g_assert_true (ac_time_parse (before, TRUE, &bound));
      number = (guint)((bound - 1 - G_GINT64_CONSTANT (1767225600000000)) / 15000000 + 1);
    }
  while (n < fixture->page && number > 0)
    {
      g_autofree char *text = action_text (fixture, --number);

      if (text != NULL)
        g_string_append_printf (page, "%s%s", n++ > 0 ? "," : "", text);
    }
  g_string_append (page, "]");
  if (number > 0)
    g_string_append_printf (page, ",\"nextCursor\":\"%u\"", number);
  g_string_append_printf (page, ",\"total\":%u}", fixture->n);
  if ((fixture->cut || fixture->empty) && fixture->n_lists == 3)
    {
      g_string_truncate (page, fixture->cut ? page->len / 2 : 0);
      fixture->cut = fixture->empty = FALSE;
    }
  fake_answer (message, 200, page->str);
}

static void
answer_changes (Fixture *fixture, SoupServerMessage *message, const char *since)
{
  g_autofree char *page = NULL;

  if (since != NULL && (guint)atoi (since + 1) < fixture->first)
    {
      fake_problem (message, 410, "changes-gone", "Read everything anew.");
      return;
    }
  page = change_page (fixture, since != NULL ? (guint)atoi (since + 1) : fixture->log->len);
  fake_answer (message, 200, page);
}

static void
stream_gone_cb (SoupServerMessage *message, Fixture *fixture)
{
  if (fixture->stream == message)
    g_clear_object (&fixture->stream);
}

static void
answer_stream (Fixture *fixture, SoupServerMessage *message)
{
  const char *since = soup_message_headers_get_one (
      soup_server_message_get_request_headers (message), "Last-Event-ID");

  if (!fixture->streaming)
    {
      fake_problem (message, 404, "not-found", "There is no such thing.");
      return;
    }
  if ((guint)atoi (since + 1) < fixture->first)
    {
      fake_problem (message, 410, "changes-gone", "Read everything anew.");
      return;
    }
  fixture->n_streams++;
  g_set_object (&fixture->stream, message);
  fixture->stream_at = (guint)atoi (since + 1);
  g_signal_connect (message, "finished", G_CALLBACK (stream_gone_cb), fixture);
  fake_stream_begin (message);
  tell_stream (fixture);
}

static void
handler (FakeService *service,
         SoupServerMessage *message,
         const FakeRequest *request,
         guint number,
         gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (GHashTable) query = request->query != NULL
                                     ? soup_form_decode (request->query)
                                     : g_hash_table_new (g_str_hash, g_str_equal);

  if (fixture->fail != 0 && fixture->fail_times > 0)
    {
      fixture->fail_times--;
      if (fixture->retry_after != NULL)
        soup_message_headers_replace (soup_server_message_get_response_headers (message),
                                      "Retry-After", fixture->retry_after);
      fake_problem (message, fixture->fail, "some-problem", "It says no.");
      return;
    }
  if (g_str_equal (request->path, "/actions"))
    {
      fixture->n_lists++;
      if (fixture->hold_from > 0 && fixture->n_lists > fixture->hold_from)
        soup_server_message_pause (message);
      else
        answer_list (fixture, message, query);
    }
  else if (g_str_equal (request->path, "/changes"))
    {
      fixture->n_polls++;
      answer_changes (fixture, message, g_hash_table_lookup (query, "since"));
    }
  else
    answer_stream (fixture, message);
}

static void
changed_cb (Fixture *fixture, GArray *keys)
{
  fixture->looked = FALSE;
  if (keys == NULL)
    fixture->n_resets++;
  else
    g_array_append_vals (fixture->changed, keys->data, keys->len);
}

static void
open_mirror (Fixture *fixture)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  ac_mirror_open_async (fixture->folder, "https://example.test", "j.doe", NULL, store_result_cb,
                        &result);
  fixture->mirror = ac_mirror_open_finish (await (&result), &error);
  g_assert_no_error (error);
  fixture->sync = ac_mirror_sync_new (fixture->mirror, fixture->api);
  fixture->source = ac_mirror_action_source_new (fixture->mirror, fixture->sync);
  g_signal_connect_swapped (fixture->source, "changed", G_CALLBACK (changed_cb), fixture);
  fixture->looked = FALSE;
  ac_mirror_sync_start (fixture->sync);
}

static void
close_mirror (Fixture *fixture)
{
  gpointer sync = fixture->sync;

  g_clear_object (&fixture->source);
  /* Nothing keeps it but what it has asked for, which is still answered. */
  g_object_add_weak_pointer (G_OBJECT (fixture->sync), &sync);
  ac_mirror_sync_stop (fixture->sync);
  g_clear_object (&fixture->sync);
  wait_until (sync == NULL);
  g_clear_object (&fixture->mirror);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  AcPatience patience = quick_patience;
  g_autoptr (GError) error = NULL;
  g_autofree char *parent = g_dir_make_tmp ("ac-sync-XXXXXX", &error);

  g_assert_no_error (error);
  patience.quiet_stream = GPOINTER_TO_UINT (data) == QUIET ? 300 : 20000;
  if (GPOINTER_TO_UINT (data) == BUFFERED)
    {
      patience.first_event = 200;
      patience.without_stream = 500;
    }
  fixture->folder = g_build_filename (parent, "action-center", NULL);
  fixture->n = N_ACTIONS;
  fixture->page = PAGE;
  fixture->streaming = TRUE;
  fixture->status = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  fixture->log = g_array_new (FALSE, FALSE, sizeof (guint));
  fixture->changed = g_array_new (FALSE, FALSE, sizeof (guint64));
  fixture->service = fake_service_new (handler, fixture);
  fixture->api = ac_api_new_with_patience (fake_service_get_address (fixture->service), TEST_TOKEN,
                                           NULL, &patience, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autofree char *parent = g_path_get_dirname (fixture->folder);

  if (fixture->sync != NULL)
    {
      ac_mirror_sync_stop (fixture->sync);
      while (g_main_context_iteration (NULL, FALSE))
        ;
      g_clear_object (&fixture->source);
      g_clear_object (&fixture->sync);
      g_clear_object (&fixture->mirror);
    }
  g_clear_object (&fixture->stream);
  g_clear_object (&fixture->api);
  fake_service_free (fixture->service);
  g_hash_table_unref (fixture->status);
  g_array_unref (fixture->log);
  g_array_unref (fixture->changed);
  remove_folder (fixture->folder);
  g_rmdir (parent);
  g_free (fixture->folder);
}

/* Row by row, and byte by byte, the mirror is the service. */
static gboolean
is_equal (Fixture *fixture)
{
  MirrorFixture other = { .mirror = fixture->mirror, .source = fixture->source };
  g_autoptr (AcActionQuery) all = ac_action_query_new (AC_TAB_ALL);
  g_autoptr (AcActionQuery) sorted = ac_action_query_with_sort (all, AC_SORT_CREATED_AT, TRUE);
  g_autoptr (GArray) keys = keys_of (&other, sorted);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GError) error = NULL;
  guint at = 0;

  ac_action_source_load_rows_async (AC_ACTION_SOURCE (fixture->source),
                                    (const guint64 *)(gpointer)keys->data, keys->len, NULL,
                                    store_result_cb, &result);
  rows = ac_action_source_load_rows_finish (AC_ACTION_SOURCE (fixture->source), await (&result),
                                            &error);
  g_assert_no_error (error);
  for (guint number = fixture->n; number-- > 0;)
    {
      g_autofree char *text = action_text (fixture, number);
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (JsonNode) root = NULL;
      g_autoptr (JsonObject) mirrored = NULL;

      if (text == NULL)
        continue;
      if (at >= rows->len || rows->pdata[at] == NULL)
        return FALSE;
      bytes = g_bytes_new (text, strlen (text));
      root = ac_json_parse (bytes, &error);
      g_assert_no_error (error);
      mirrored = ac_action_to_json (rows->pdata[at++]);
      {
        g_autoptr (JsonNode) node = json_node_alloc ();

        json_node_init_object (node, mirrored);
        if (!json_node_equal (root, node))
          return FALSE;
      }
    }
  return at == rows->len;
}

static gboolean
is_following (Fixture *fixture)
{
  gboolean syncing;

  g_object_get (fixture->sync, "syncing", &syncing, NULL);
  return !syncing &&
         ac_action_source_get_last_refreshed (AC_ACTION_SOURCE (fixture->source)) != AC_TIME_NONE;
}

/* To compare everything takes long: only after it was told that something has changed. */
static gboolean
is_equal_now (Fixture *fixture)
{
  if (!is_following (fixture) || fixture->looked)
    return FALSE;
  /* What is told while this looks is looked at once more. */
  fixture->looked = TRUE;
  if (!is_equal (fixture))
    return FALSE;
  fixture->looked = FALSE;
  return TRUE;
}

#define wait_equal(fixture) wait_until (is_equal_now (fixture))

static void
test_first_sync (Fixture *fixture, gconstpointer data)
{
  guint64 n, total;

  fixture->streaming = data == NULL;
  open_mirror (fixture);
  wait_equal (fixture);
  g_assert_cmpuint (fixture->n_lists, ==, 10);
  g_object_get (fixture->source, "n-synced", &n, "n-total", &total, NULL);
  g_assert_cmpuint (n, ==, N_ACTIONS);
  g_assert_cmpuint (total, ==, N_ACTIONS);
  g_assert_cmpint (ac_action_source_get_offline_since (AC_ACTION_SOURCE (fixture->source)), ==,
                   AC_TIME_NONE);

  /* And then what others do. */
  g_array_set_size (fixture->changed, 0);
  set_status (fixture, 17, "queued");
  wait_until (fixture->changed->len == 1);
  set_status (fixture, 18, "");
  set_status (fixture, 17, "completed");
  wait_equal (fixture);
  g_assert_cmpuint (fixture->n_lists, ==, 10);
  g_assert_cmpuint (fixture->n_resets, ==, 0);
  if (fixture->streaming)
    g_assert_cmpuint (fixture->n_polls, ==, 1);
}

/* A window that is opened again goes on from where it was. */
static void
test_goes_on (Fixture *fixture, gconstpointer data)
{
  gint64 refreshed;

  open_mirror (fixture);
  wait_equal (fixture);
  close_mirror (fixture);
  refreshed = g_get_real_time ();

  /* While nobody looks, and then while the service is away. */
  set_status (fixture, 3, "");
  fake_service_stop (fixture->service);
  g_clear_object (&fixture->stream);
  open_mirror (fixture);
  wait_until (ac_action_source_get_offline_since (AC_ACTION_SOURCE (fixture->source)) !=
              AC_TIME_NONE);
  {
    MirrorFixture other = { .source = fixture->source };
    g_autoptr (AcActionQuery) all = ac_action_query_new (AC_TAB_ALL);
    g_autoptr (GArray) keys = keys_of (&other, all);
    g_autofree char *reason =
        ac_action_source_dup_offline_reason (AC_ACTION_SOURCE (fixture->source));

    g_assert_cmpuint (keys->len, ==, N_ACTIONS);
    g_assert_nonnull (reason);
  }
  /* Their true age. */
  g_assert_cmpint (ac_action_source_get_last_refreshed (AC_ACTION_SOURCE (fixture->source)), <=,
                   refreshed);
  g_assert_cmpint (ac_action_source_get_last_refreshed (AC_ACTION_SOURCE (fixture->source)), >,
                   refreshed - 60 * G_USEC_PER_SEC);
  fake_service_start (fixture->service);
  wait_equal (fixture);
  wait_until (ac_action_source_get_offline_since (AC_ACTION_SOURCE (fixture->source)) ==
              AC_TIME_NONE);
  g_assert_cmpuint (fixture->n_lists, ==, 10);
}

/* The token is gone: everything is read once more; what is equal is not touched. */
static void
test_token_gone (Fixture *fixture, gconstpointer data)
{
  fixture->streaming = data == NULL;
  open_mirror (fixture);
  wait_equal (fixture);
  ac_mirror_sync_stop (fixture->sync);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  close_mirror (fixture);
  g_array_set_size (fixture->changed, 0);
  set_status (fixture, 5, "");
  set_status (fixture, 6, "queued");
  fixture->n += 3;
  fixture->first = fixture->log->len;
  open_mirror (fixture);
  wait_equal (fixture);
  g_assert_cmpuint (fixture->n_lists, ==, 20);
  /* One gone, one changed, three new. */
  g_assert_cmpuint (fixture->changed->len, ==, 5);
  g_assert_cmpuint (fixture->n_resets, ==, 0);
}

static void
test_interrupted (Fixture *fixture, gconstpointer data)
{
  guint64 n;

  fixture->hold_from = 4;
  open_mirror (fixture);
  g_object_get (fixture->source, "n-synced", &n, NULL);
  while (n < 4 * PAGE)
    {
      g_main_context_iteration (NULL, TRUE);
      g_object_get (fixture->source, "n-synced", &n, NULL);
    }
  close_mirror (fixture);
  set_status (fixture, N_ACTIONS - 20, "queued");
  fixture->hold_from = 0;
  fixture->n_lists = 0;
  open_mirror (fixture);
  wait_equal (fixture);
  /* Not from the beginning. */
  g_assert_cmpuint (fixture->n_lists, ==, 6);
}

static void
test_cut_answer (Fixture *fixture, gconstpointer data)
{
  fixture->cut = TRUE;
  open_mirror (fixture);
  wait_equal (fixture);
}

static void
test_empty_answer (Fixture *fixture, gconstpointer data)
{
  fixture->empty = TRUE;
  open_mirror (fixture);
  wait_equal (fixture);
  g_assert_false (fixture->empty);
}

static void
test_failures (Fixture *fixture, gconstpointer data)
{
  gint64 start = g_get_monotonic_time ();

  fixture->fail = GPOINTER_TO_UINT (data);
  fixture->fail_times = 7;
  open_mirror (fixture);
  wait_until (ac_action_source_get_offline_since (AC_ACTION_SOURCE (fixture->source)) !=
              AC_TIME_NONE);
  wait_equal (fixture);
  wait_until (ac_action_source_get_offline_since (AC_ACTION_SOURCE (fixture->source)) ==
              AC_TIME_NONE);

  /* When it says how long to wait, that is how long. */
  fixture->fail_times = 1;
  fixture->retry_after = "1";
  start = g_get_monotonic_time ();
  if (fixture->stream != NULL)
    fake_stream_end (fixture->stream);
  wait_until (ac_action_source_get_offline_since (AC_ACTION_SOURCE (fixture->source)) !=
              AC_TIME_NONE);
  wait_until (fixture->fail_times == 0 && ac_action_source_get_offline_since (
                                              AC_ACTION_SOURCE (fixture->source)) == AC_TIME_NONE);
  g_assert_cmpint (g_get_monotonic_time () - start, >=, G_USEC_PER_SEC);
}

static void
test_silent_stream (Fixture *fixture, gconstpointer data)
{
  guint before;

  open_mirror (fixture);
  wait_equal (fixture);
  fixture->mute = TRUE;
  before = fixture->n_streams;
  set_status (fixture, 40, "queued");
  wait_until (fixture->n_streams > before);
  fixture->mute = FALSE;
  wait_equal (fixture);
}

/* A proxy that wants to see the end of an answer first hands nothing of a stream on: the service is asked
 * again and again instead. The stream is tried now and then, and followed when it comes through. */
static void
test_buffering_proxy (Fixture *fixture, gconstpointer data)
{
  guint polls, streams;
  gboolean again = FALSE;

  fixture->mute = TRUE;
  open_mirror (fixture);
  wait_equal (fixture);
  g_assert_cmpuint (fixture->n_streams, >=, 1);
  set_status (fixture, 40, "queued");
  wait_equal (fixture);
  wait_until (fixture->n_streams >= 3);
  g_assert_cmpint (ac_action_source_get_offline_since (AC_ACTION_SOURCE (fixture->source)), ==,
                   AC_TIME_NONE);
  polls = fixture->n_polls;
  set_status (fixture, 41, "queued");
  wait_until (fixture->n_polls > polls);
  wait_equal (fixture);
  /* Another proxy stands there now. */
  fixture->mute = FALSE;
  streams = fixture->n_streams;
  /* Until something comes without a question: a stream that is slow once is left for a while. */
  do
    {
      polls = fixture->n_polls;
      set_status (fixture, 42, again ? "running" : "queued");
      again = !again;
      wait_equal (fixture);
      g_assert_cmpuint (fixture->n_streams, <, streams + 50);
    }
  while (fixture->n_polls > polls);
}

/* What happens to the file while the mirror is open. */
static void
test_file (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autofree char *wal = NULL;
  g_autofree char *noise = g_malloc (400000);
  g_autofree char *notice = NULL;
  g_autoptr (GError) error = NULL;

  open_mirror (fixture);
  wait_equal (fixture);
  path = g_strdup (ac_mirror_get_path (fixture->mirror));
  wal = g_strconcat (path, "-wal", NULL);
  fixture->n_lists = 0;
  if (g_str_equal (data, "deleted"))
    g_assert_cmpint (g_unlink (path), ==, 0);
  else
    {
      FILE *file = fopen (path, "r+");

      for (guint i = 0; i < 400000; i++)
        noise[i] = (char)g_random_int ();
      g_assert_nonnull (file);
      g_assert_cmpuint (fwrite (noise, 1, 400000, file), ==, 400000);
      fclose (file);
      file = fopen (wal, "r+");
      g_assert_nonnull (file);
      g_assert_cmpuint (fwrite (noise, 1, 400000, file), ==, 400000);
      fclose (file);
    }
  /* Whoever asks next notices. */
  for (guint i = 0; fixture->n_lists == 0 && i < 3000; i++)
    {
      g_autoptr (AcActionQuery) all = ac_action_query_new (AC_TAB_ALL);
      g_autoptr (AcActionQuery) sorted =
          ac_action_query_with_sort (all, (AcSort)(i % AC_N_SORTS), TRUE);
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GArray) keys = NULL;

      ac_action_source_load_keys_async (AC_ACTION_SOURCE (fixture->source), sorted, NULL, NULL,
                                        NULL, store_result_cb, &result);
      keys = ac_action_source_load_keys_finish (AC_ACTION_SOURCE (fixture->source), await (&result),
                                                NULL);
      if (i == 10)
        set_status (fixture, 77, "queued");
    }
  wait_until (fixture->n_lists > 0);
  wait_equal (fixture);
  g_object_get (fixture->source, "notice", &notice, NULL);
  g_assert_nonnull (notice);
  g_assert_cmpuint (fixture->n_resets, >=, 1);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_found_damaged (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autofree char *notice = NULL;
  g_autoptr (GError) error = NULL;

  open_mirror (fixture);
  wait_equal (fixture);
  path = g_strdup (ac_mirror_get_path (fixture->mirror));
  close_mirror (fixture);
  g_assert_true (g_file_set_contents (path, "This is no database at all.", -1, &error));
  open_mirror (fixture);
  wait_equal (fixture);
  wait_until (ac_mirror_get_notice (fixture->mirror) != NULL);
}

/* Whether the answer that says no has been read. */
static gboolean
was_refused (Fixture *fixture)
{
  g_autofree char *reason =
      ac_action_source_dup_offline_reason (AC_ACTION_SOURCE (fixture->source));

  return reason != NULL && strstr (reason, "It says no.") != NULL;
}

/* Asked for, it does not wait for the end of a pause. */
static void
test_refresh (Fixture *fixture, gconstpointer data)
{
  open_mirror (fixture);
  wait_equal (fixture);
  fixture->fail = 503;
  fixture->fail_times = 1;
  fixture->retry_after = "3600";
  fake_stream_end (fixture->stream);
  wait_until (was_refused (fixture));
  set_status (fixture, 1, "queued");
  ac_action_source_refresh (AC_ACTION_SOURCE (fixture->source));
  wait_equal (fixture);
}

/* A page that cannot be written and one that can come together: what stood in the first is asked
 * for again. */
static void
test_spoilt_page (Fixture *fixture, gconstpointer data)
{
  open_mirror (fixture);
  wait_equal (fixture);
  wait_until (fixture->stream != NULL);
  fixture->spoil = TRUE;
  set_status (fixture, 20, "queued");
  set_status (fixture, 21, "queued");
  wait_equal (fixture);
  g_assert_cmpuint (fixture->n_streams, >, 1);
  g_assert_cmpuint (fixture->n_lists, ==, 10);
}

static void
received_cb (Fixture *fixture)
{
  fixture->n_received++;
}

static gpointer
note_written (AcSql *sql, gpointer data, GCancellable *cancellable, GError **error)
{
  g_atomic_int_set ((int *)data, TRUE);
  return NULL;
}

/* What was written just before the connection was lost is told all the same. */
static void
test_written_at_the_end (Fixture *fixture, gconstpointer data)
{
  int written = FALSE;

  open_mirror (fixture);
  wait_equal (fixture);
  wait_until (fixture->stream != NULL);
  g_array_set_size (fixture->changed, 0);
  g_signal_connect_swapped (ac_api_get_transport (fixture->api), "received",
                            G_CALLBACK (received_cb), fixture);
  set_status (fixture, 17, "queued");
  while (fixture->n_received == 0)
    g_main_context_iteration (NULL, TRUE);
  /* It is in the file, and this thread has not heard of that yet. */
  ac_mirror_write_async (fixture->mirror, note_written, &written, NULL, NULL, NULL, NULL, NULL);
  while (!g_atomic_int_get (&written))
    g_thread_yield ();
  g_assert_cmpuint (fixture->changed->len, ==, 0);
  /* Whatever is under way ends. */
  g_signal_emit_by_name (fixture->mirror, "rebuilt");
  wait_until (fixture->changed->len == 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, data, func) g_test_add (name, Fixture, data, set_up, func, tear_down)
  ADD ("/client/mirror-sync/everything-then-the-stream", NULL, test_first_sync);
  ADD ("/client/mirror-sync/everything-then-questions", "poll", test_first_sync);
  ADD ("/client/mirror-sync/goes-on-after-a-restart", NULL, test_goes_on);
  ADD ("/client/mirror-sync/token-gone", NULL, test_token_gone);
  ADD ("/client/mirror-sync/token-gone-without-a-stream", "poll", test_token_gone);
  ADD ("/client/mirror-sync/first-sync-is-interrupted", NULL, test_interrupted);
  ADD ("/client/mirror-sync/an-answer-is-cut-off", NULL, test_cut_answer);
  ADD ("/client/mirror-sync/an-answer-is-empty", NULL, test_empty_answer);
  ADD ("/client/mirror-sync/429", GUINT_TO_POINTER (429), test_failures);
  ADD ("/client/mirror-sync/503", GUINT_TO_POINTER (503), test_failures);
  ADD ("/client/mirror-sync/a-stream-falls-silent", GUINT_TO_POINTER (QUIET), test_silent_stream);
  ADD ("/client/mirror-sync/a-proxy-that-buffers", GUINT_TO_POINTER (BUFFERED),
       test_buffering_proxy);
  ADD ("/client/mirror-sync/file-deleted-while-open", "deleted", test_file);
  ADD ("/client/mirror-sync/file-overwritten-while-open", "overwritten", test_file);
  ADD ("/client/mirror-sync/file-found-damaged", NULL, test_found_damaged);
  ADD ("/client/mirror-sync/asked-for-it-does-not-wait", NULL, test_refresh);
  ADD ("/client/mirror-sync/a-page-that-cannot-be-written-is-not-skipped", NULL, test_spoilt_page);
  ADD ("/client/mirror-sync/what-was-written-at-the-end-is-told", NULL, test_written_at_the_end);
#undef ADD
  return g_test_run ();
}
