/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "client/ac-change-stream.h"
#include "client/ac-event-parser.h"
#include "harness.h"

/* --- the parser --- */

static void
note_event_cb (const char *type, const char *id, GBytes *data, gpointer user_data)
{
  g_string_append_printf (user_data, "[%s|%s|%.*s]", type, id != NULL ? id : "-",
                          (int)g_bytes_get_size (data),
                          (const char *)g_bytes_get_data (data, NULL));
}

/* Fed in pieces of each size, what comes out is the same. */
static void
assert_events (const char *stream, const char *expected)
{
  gsize length = strlen (stream);

  for (gsize piece = 1; piece <= length; piece++)
    {
      g_autoptr (GString) seen = g_string_new (NULL);
      g_autoptr (AcEventParser) parser = ac_event_parser_new (1000, note_event_cb, seen);

      for (gsize at = 0; at < length; at += piece)
        g_assert_true (ac_event_parser_feed (parser, stream + at, MIN (piece, length - at)));
      g_assert_cmpstr (seen->str, ==, expected);
    }
}

static void
test_events (void)
{
  assert_events ("event: changes\nid: t1\ndata: {}\n\n", "[changes|t1|{}]");
  assert_events ("event:changes\r\nid:t1\r\ndata:{}\r\n\r\n", "[changes|t1|{}]");
  assert_events ("event: changes\rdata: a\rdata: b\r\r", "[changes|-|a\nb]");
  assert_events ("\xef\xbb\xbf"
                 "data: x\n\n",
                 "[message|-|x]");
  assert_events (": \n\n: heartbeat\n\ndata: x\n\n: \n", "[message|-|x]");
  assert_events ("id: 7\ndata: a\n\ndata: b\n\n", "[message|7|a][message|7|b]");
  assert_events ("event: lonely\n\ndata: x\n\n", "[message|-|x]");
  assert_events ("retry: 10\nunknown: y\ndata\n\n", "[message|-|]");
  assert_events ("data: not ended\n", "");
}

static void
test_too_large (void)
{
  g_autoptr (GString) seen = g_string_new (NULL);
  g_autoptr (AcEventParser) parser = ac_event_parser_new (10, note_event_cb, seen);

  g_assert_true (ac_event_parser_feed (parser, "data: 1", 7));
  g_assert_false (ac_event_parser_feed (parser, "2345678901", 10));
}

/* --- the stream --- */

typedef struct
{
  FakeService *service;
  AcApi *api;
  AcChangeStream *stream;
  SoupServerMessage *message; /* of the stream that is open */
  guint status;               /* 200: a stream */
  const char *retry_after;    /* nullable */
  gboolean gone;              /* the client let go of it */
  char *last_event_id;
  guint n_heard;
  GPtrArray *pages; /* of char * */
  GError *error;
} Fixture;

static void
message_gone_cb (Fixture *fixture)
{
  fixture->gone = TRUE;
  g_clear_object (&fixture->message);
}

static void
handler (FakeService *service,
         SoupServerMessage *message,
         const FakeRequest *request,
         guint number,
         gpointer user_data)
{
  Fixture *fixture = user_data;
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);

  g_assert_cmpstr (request->path, ==, "/changes/stream");
  g_assert_cmpstr (soup_message_headers_get_one (headers, "Accept-Encoding"), ==, "identity");
  g_free (fixture->last_event_id);
  fixture->last_event_id = g_strdup (soup_message_headers_get_one (headers, "Last-Event-ID"));
  if (fixture->retry_after != NULL)
    soup_message_headers_replace (soup_server_message_get_response_headers (message), "Retry-After",
                                  fixture->retry_after);
  if (fixture->status != 200)
    {
      fake_problem (message, fixture->status, "some-problem", "It says no.");
      return;
    }
  fixture->message = g_object_ref (message);
  g_signal_connect_swapped (message, "finished", G_CALLBACK (message_gone_cb), fixture);
  fake_stream_begin (message);
}

static void
heard_cb (Fixture *fixture)
{
  fixture->n_heard++;
}

static void
page_cb (Fixture *fixture, GBytes *page)
{
  g_ptr_array_add (fixture->pages,
                   g_strndup (g_bytes_get_data (page, NULL), g_bytes_get_size (page)));
}

static void
ended_cb (Fixture *fixture, const GError *error)
{
  g_assert_no_error (fixture->error);
  fixture->error = g_error_copy (error);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  AcPatience patience = quick_patience;
  g_autoptr (GError) error = NULL;

  patience.quiet_stream = data != NULL ? 100 : 20000;
  fixture->status = 200;
  fixture->pages = g_ptr_array_new_with_free_func (g_free);
  fixture->service = fake_service_new (handler, fixture);
  fixture->api = ac_api_new_with_patience (fake_service_get_address (fixture->service), TEST_TOKEN,
                                           NULL, &patience, &error);
  g_assert_no_error (error);
  fixture->stream = ac_change_stream_new (ac_api_get_transport (fixture->api));
  g_signal_connect_swapped (fixture->stream, "heard", G_CALLBACK (heard_cb), fixture);
  g_signal_connect_swapped (fixture->stream, "page", G_CALLBACK (page_cb), fixture);
  g_signal_connect_swapped (fixture->stream, "ended", G_CALLBACK (ended_cb), fixture);
}

/* A server that has nothing to say does not look whether anybody listens. */
static gboolean
has_let_go (Fixture *fixture)
{
  if (!fixture->gone)
    fake_stream_send (fixture->message, ": \n\n");
  return fixture->gone;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->stream != NULL)
    ac_change_stream_close (fixture->stream);
  g_clear_object (&fixture->stream);
  if (fixture->message != NULL)
    wait_until (has_let_go (fixture));
  g_clear_object (&fixture->api);
  fake_service_free (fixture->service);
  g_ptr_array_unref (fixture->pages);
  g_clear_error (&fixture->error);
  g_free (fixture->last_event_id);
}

static void
test_pages_come (Fixture *fixture, gconstpointer data)
{
  ac_change_stream_open (fixture->stream, "t1");
  wait_until (fixture->message != NULL);
  g_assert_cmpstr (fixture->last_event_id, ==, "t1");
  fake_stream_send (fixture->message, "event: changes\nid: t1\ndata: {\"items\":[]}\n\n");
  wait_until (fixture->pages->len == 1);
  g_assert_cmpstr (fixture->pages->pdata[0], ==, "{\"items\":[]}");
  fake_stream_send (fixture->message, ": \n\n");
  wait_until (fixture->n_heard == 2);
  fake_stream_send (fixture->message, "event: other\ndata: 1\n\nevent: changes\nda");
  fake_stream_send (fixture->message, "ta: 2\n\n");
  wait_until (fixture->pages->len == 2);
  g_assert_cmpstr (fixture->pages->pdata[1], ==, "2");
  /* The connection is let go of. */
  ac_change_stream_close (fixture->stream);
  wait_until (has_let_go (fixture));
  g_assert_no_error (fixture->error);
}

static void
test_end (Fixture *fixture, gconstpointer data)
{
  ac_change_stream_open (fixture->stream, "t1");
  wait_until (fixture->message != NULL);
  fake_stream_send (fixture->message, "event: changes\ndata: 1\n\n");
  wait_until (fixture->pages->len == 1);
  fake_stream_end (fixture->message);
  wait_until (fixture->error != NULL);
  g_assert_error (fixture->error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_OFFLINE);
}

static void
test_silence (Fixture *fixture, gconstpointer data)
{
  ac_change_stream_open (fixture->stream, "t1");
  wait_until (fixture->message != NULL);
  fake_stream_send (fixture->message, ": \n\n");
  wait_until (fixture->error != NULL);
  g_assert_error (fixture->error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_TIMEOUT);
  wait_until (has_let_go (fixture));
}

static void
test_problems (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    guint status;
    const char *retry_after;
    AcClientError code;
    gint64 milliseconds;
  } cases[] = {
    { 401, NULL, AC_CLIENT_ERROR_UNAUTHORIZED, -1 }, { 404, NULL, AC_CLIENT_ERROR_NOT_FOUND, -1 },
    { 410, NULL, AC_CLIENT_ERROR_GONE, -1 },         { 429, "7", AC_CLIENT_ERROR_THROTTLED, 7000 },
    { 503, "0", AC_CLIENT_ERROR_SERVICE, 0 },        { 503, NULL, AC_CLIENT_ERROR_SERVICE, -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AcChangeStream) stream =
          ac_change_stream_new (ac_api_get_transport (fixture->api));

      g_signal_connect_swapped (stream, "ended", G_CALLBACK (ended_cb), fixture);
      fixture->status = cases[i].status;
      fixture->retry_after = cases[i].retry_after;
      ac_change_stream_open (stream, "t1");
      wait_until (fixture->error != NULL);
      g_assert_error (fixture->error, AC_CLIENT_ERROR, (int)cases[i].code);
      g_assert_cmpint (ac_client_error_get_retry_after (fixture->error), ==, cases[i].milliseconds);
      g_clear_error (&fixture->error);
    }
}

static void
test_hold (Fixture *fixture, gconstpointer data)
{
  ac_change_stream_open (fixture->stream, "t1");
  wait_until (fixture->message != NULL);
  fake_stream_send (fixture->message, "event: changes\ndata: 1\n\n");
  wait_until (fixture->pages->len == 1);
  ac_change_stream_hold (fixture->stream, TRUE);
  fake_stream_send (fixture->message, "event: changes\ndata: 2\n\n");
  /* The read that was under way may still bring something, but no more than that. */
  fake_stream_send (fixture->message, "event: changes\ndata: 3\n\n");
  ac_change_stream_hold (fixture->stream, FALSE);
  wait_until (fixture->pages->len == 3);
}

#define CHANGE(members) "event: changes\ndata: {\"items\":[{" members "}],\"next\":\"t\"}\n\n"

static void
count_cb (guint *n)
{
  (*n)++;
}

/* Whoever shows submissions hears of them, however the changes come, and of nothing else. */
static void
test_submissions (Fixture *fixture, gconstpointer data)
{
  guint n = 0;

  g_signal_connect_swapped (fixture->api, "submissions-changed", G_CALLBACK (count_cb), &n);
  ac_change_stream_open (fixture->stream, "t1");
  wait_until (fixture->message != NULL);
  fake_stream_send (fixture->message, CHANGE ("\"kind\":\"action\",\"id\":\"submission\""));
  fake_stream_send (fixture->message, CHANGE ("\"kind\":\"weather\",\"id\":\"w\""));
  fake_stream_send (fixture->message,
                    CHANGE ("\"action\":{\"kind\":\"submission\"},\"kind\":\"action\""));
  fake_stream_send (fixture->message, "event: changes\ndata: \"submission\"\n\n");
  fake_stream_send (fixture->message, "event: changes\ndata: {\"items\":[\"submission\"]}\n\n");
  wait_until (fixture->pages->len == 5);
  g_assert_cmpuint (n, ==, 0);
  fake_stream_send (fixture->message,
                    CHANGE ("\"kind\":\"action\"},{\"id\":\"s\",\"kind\":\"submission\""));
  wait_until (fixture->pages->len == 6);
  g_assert_cmpuint (n, ==, 1);
}

/* Of the connection that was closed by the one who was told. */
static void
test_closed_when_told (Fixture *fixture, gconstpointer data)
{
  g_signal_connect_swapped (fixture->api, "submissions-changed",
                            G_CALLBACK (ac_change_stream_close), fixture->stream);
  ac_change_stream_open (fixture->stream, "t1");
  wait_until (fixture->message != NULL);
  fake_stream_send (fixture->message, CHANGE ("\"kind\":\"submission\""));
  wait_until (has_let_go (fixture));
  g_assert_cmpuint (fixture->pages->len, ==, 0);
  g_assert_no_error (fixture->error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/client/event-parser/events", test_events);
  g_test_add_func ("/client/event-parser/too-large", test_too_large);
#define ADD(name, data, func) g_test_add (name, Fixture, data, set_up, func, tear_down)
  ADD ("/client/change-stream/pages-come", NULL, test_pages_come);
  ADD ("/client/change-stream/a-closed-connection-ends-it", NULL, test_end);
  ADD ("/client/change-stream/silence-ends-it", "quick", test_silence);
  ADD ("/client/change-stream/problems-end-it", NULL, test_problems);
  ADD ("/client/change-stream/can-be-held", NULL, test_hold);
  ADD ("/client/change-stream/tells-of-submissions", NULL, test_submissions);
  ADD ("/client/change-stream/can-be-closed-when-it-tells", NULL, test_closed_when_told);
#undef ADD
  return g_test_run ();
}
