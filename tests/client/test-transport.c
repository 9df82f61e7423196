/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "../scaled.h"
#include "client/ac-service-address.h"
#include "harness.h"

#define ME "{\"name\":\"j.doe\",\"role\":\"responder\",\"permissions\":[\"read\",\"decide\"]}"
#define OPERATION                                                                                  \
  "{\"id\":\"op-1\",\"decision\":\"approve\",\"decidedBy\":\"j.doe\","                             \
  "\"createdAt\":\"2026-01-01T00:00:00Z\",\"status\":\"running\","                                 \
  "\"counts\":{\"total\":1,\"waiting\":1,\"done\":0,\"failed\":0,\"skipped\":0}}"

static void
get_me_with (AcApi *api, GCancellable *cancellable, AcMe **me, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  ac_api_get_me_async (api, cancellable, store_result_cb, &result);
  *me = ac_api_get_me_finish (api, await (&result), error);
  g_assert_true ((*me == NULL) == (*error != NULL));
}

static void
get_me (const char *address, AcMe **me, GError **error)
{
  g_autoptr (AcApi) api = api_for (address);

  get_me_with (api, NULL, me, error);
}

static AcOperation *
submit (AcApi *api, GCancellable *cancellable, GError **error)
{
  const char *const ids[] = { "a-1", NULL };
  AcOperationRequest *request = ac_operation_request_new (AC_DECISION_APPROVE, ids, NULL);
  g_autoptr (GAsyncResult) result = NULL;

  ac_api_submit_operation_async (api, request, NULL, cancellable, store_result_cb, &result);
  ac_operation_request_free (request);
  return ac_api_submit_operation_finish (api, await (&result), error);
}

/* A number of answers one after the other, the last again and again. */
typedef struct
{
  guint status;
  const char *header; /* nullable: "Name: value" */
} Step;

static void
play_steps (FakeService *service,
            SoupServerMessage *message,
            const FakeRequest *request,
            guint number,
            gpointer user_data)
{
  const Step *step = user_data;

  for (guint i = 1; i < number && step->status != 200; i++)
    step++;
  if (step->header != NULL)
    {
      g_auto (GStrv) parts = g_strsplit (step->header, ": ", 2);

      soup_message_headers_append (soup_server_message_get_response_headers (message), parts[0],
                                   parts[1]);
    }
  if (step->status == 200 && g_str_equal (request->method, "POST"))
    fake_answer (message, 202, OPERATION);
  else if (step->status == 200)
    fake_answer (message, 200, ME);
  else if (step->status == 0)
    {
      /* Takes the request and hangs up. */
      g_autoptr (GIOStream) stream = soup_server_message_steal_connection (message);

      g_io_stream_close (stream, NULL, NULL);
    }
  else
    fake_problem (message, step->status, "service-error", "The database is being moved.");
}

static void
test_get_retries (void)
{
  static const Step steps[] = { { 503 }, { 502 }, { 0 }, { 504 }, { 200 } };
  g_autoptr (FakeService) service = fake_service_new (play_steps, (gpointer)steps);
  g_autoptr (AcMe) me = NULL;
  g_autoptr (GError) error = NULL;

  get_me (fake_service_get_address (service), &me, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (me->name, ==, "j.doe");
  g_assert_true (ac_me_may (me, AC_PERMISSION_DECIDE));
  g_assert_false (ac_me_may (me, AC_PERMISSION_READ_AUDIT));
  g_assert_cmpuint (fake_service_get_requests (service)->len, ==, 5);
}

/* However often it is sent, it is one intention. */
static void
test_post_keeps_key (void)
{
  static const Step steps[] = { { 503 }, { 0 }, { 429 }, { 0 }, { 200 } };
  g_autoptr (FakeService) service = fake_service_new (play_steps, (gpointer)steps);
  g_autoptr (AcApi) api = api_for (fake_service_get_address (service));
  g_autoptr (AcOperation) operation = NULL;
  g_autoptr (AcOperation) other = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *requests = fake_service_get_requests (service);
  const FakeRequest *first, *next;

  operation = submit (api, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (ac_operation_get_id (operation), ==, "op-1");
  g_assert_cmpuint (requests->len, ==, 5);
  first = requests->pdata[0];
  g_assert_cmpstr (first->body, ==, "{\"decision\":\"approve\",\"actionIds\":[\"a-1\"]}");
  g_assert_true (g_uuid_string_is_valid (first->idempotency_key));
  for (guint i = 1; i < 5; i++)
    {
      next = requests->pdata[i];
      g_assert_cmpstr (next->idempotency_key, ==, first->idempotency_key);
      g_assert_cmpstr (next->body, ==, first->body);
    }

  other = submit (api, NULL, &error);
  g_assert_no_error (error);
  next = requests->pdata[5];
  g_assert_cmpstr (next->idempotency_key, !=, first->idempotency_key);
}

static void
test_attempts_are_bounded (void)
{
  static const Step steps[] = { { 503 }, { 503 }, { 503 }, { 503 }, { 503 }, { 503 }, { 200 } };
  g_autoptr (FakeService) service = fake_service_new (play_steps, (gpointer)steps);
  g_autoptr (AcMe) me = NULL;
  g_autoptr (GError) error = NULL;

  get_me (fake_service_get_address (service), &me, &error);
  g_assert_error (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_SERVICE);
  g_assert_cmpstr (error->message, ==, "The database is being moved.");
  g_assert_true (ac_client_error_is_offline (error));
  g_assert_cmpuint (fake_service_get_requests (service)->len, ==, 5);
}

static void
test_refusals_are_final (void)
{
  static const struct
  {
    guint status;
    AcClientError code;
  } cases[] = {
    { 400, AC_CLIENT_ERROR_INVALID },   { 401, AC_CLIENT_ERROR_UNAUTHORIZED },
    { 403, AC_CLIENT_ERROR_FORBIDDEN }, { 404, AC_CLIENT_ERROR_NOT_FOUND },
    { 409, AC_CLIENT_ERROR_CONFLICT },  { 410, AC_CLIENT_ERROR_GONE },
    { 413, AC_CLIENT_ERROR_INVALID },   { 422, AC_CLIENT_ERROR_INVALID },
    { 500, AC_CLIENT_ERROR_SERVICE },   { 302, AC_CLIENT_ERROR_PROTOCOL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Step steps[] = { { cases[i].status, "Location: http://127.0.0.1:1/" }, { 200 } };
      g_autoptr (FakeService) service = fake_service_new (play_steps, (gpointer)steps);
      g_autoptr (AcMe) me = NULL;
      g_autoptr (GError) error = NULL;

      get_me (fake_service_get_address (service), &me, &error);
      g_assert_error (error, AC_CLIENT_ERROR, (int)cases[i].code);
      g_assert_cmpstr (error->message, ==, "The database is being moved.");
      g_assert_cmpuint (fake_service_get_requests (service)->len, ==, 1);
    }
}

static void
test_retry_after_is_honoured (void)
{
  static const Step steps[] = { { 429, "Retry-After: 1" }, { 200 } };
  g_autoptr (FakeService) service = fake_service_new (play_steps, (gpointer)steps);
  g_autoptr (AcMe) me = NULL;
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();

  get_me (fake_service_get_address (service), &me, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_get_monotonic_time () - start, >=, G_USEC_PER_SEC);
}

/* RFC 9110 allows a date as well; one long gone means now. */
static void
test_retry_after_as_date (void)
{
  static const Step steps[] = { { 503, "Retry-After: Wed, 21 Oct 2015 07:28:00 GMT" }, { 200 } };
  g_autoptr (FakeService) service = fake_service_new (play_steps, (gpointer)steps);
  g_autoptr (AcMe) me = NULL;
  g_autoptr (GError) error = NULL;

  get_me (fake_service_get_address (service), &me, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fake_service_get_requests (service)->len, ==, 2);
}

static void
test_long_retry_after_ends_the_call (void)
{
  static const Step steps[] = { { 429, "Retry-After: 3600" }, { 200 } };
  g_autoptr (FakeService) service = fake_service_new (play_steps, (gpointer)steps);
  g_autoptr (AcMe) me = NULL;
  g_autoptr (GError) error = NULL;

  get_me (fake_service_get_address (service), &me, &error);
  g_assert_error (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_THROTTLED);
  g_assert_cmpuint (fake_service_get_requests (service)->len, ==, 1);
}

static void
test_nobody_listens (void)
{
  g_autoptr (FakeService) service = fake_service_new (play_steps, NULL);
  g_autoptr (AcApi) api = api_for (fake_service_get_address (service));
  g_autoptr (AcOperation) operation = NULL;
  g_autoptr (GError) error = NULL;

  fake_service_stop (service);
  operation = submit (api, NULL, &error);
  g_assert_error (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_OFFLINE);
  g_assert_nonnull (strstr (error->message, fake_service_get_address (service)));
  g_assert_true (ac_client_error_is_offline (error));
  g_assert_false (ac_client_error_maybe_delivered (error));
}

/* A refusal that was given before the service could know it again says nothing of it. */
static void
test_lost_answer_is_told_whatever_comes_then (void)
{
  static const struct
  {
    Step steps[3];
    gboolean maybe_delivered;
  } cases[] = {
    { { { 0 }, { 401 } }, TRUE },
    { { { 0 }, { 404 } }, TRUE },
    { { { 0 }, { 429, "Retry-After: 3600" } }, TRUE },
    { { { 0 }, { 409 } }, FALSE },
    { { { 401 } }, FALSE },
    { { { 408 }, { 403 } }, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (FakeService) service = fake_service_new (play_steps, (gpointer)cases[i].steps);
      g_autoptr (AcApi) api = api_for (fake_service_get_address (service));
      g_autoptr (AcOperation) operation = NULL;
      g_autoptr (GError) error = NULL;

      g_test_message ("case %u", i);
      operation = submit (api, NULL, &error);
      g_assert_null (operation);
      g_assert_cmpint (ac_client_error_maybe_delivered (error), ==, cases[i].maybe_delivered);
    }
}

/* What was sent and never answered may have been done; the window must not say it was not. */
static void
test_lost_answer_is_told (void)
{
  static const Step steps[] = { { 0 }, { 0 }, { 0 }, { 0 }, { 0 }, { 200 } };
  g_autoptr (FakeService) service = fake_service_new (play_steps, (gpointer)steps);
  g_autoptr (AcApi) api = api_for (fake_service_get_address (service));
  g_autoptr (AcOperation) operation = NULL;
  g_autoptr (GError) error = NULL;

  operation = submit (api, NULL, &error);
  g_assert_error (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_OFFLINE);
  g_assert_true (ac_client_error_maybe_delivered (error));
}

static void
never_answer (FakeService *service,
              SoupServerMessage *message,
              const FakeRequest *request,
              guint number,
              gpointer user_data)
{
  soup_server_message_pause (message);
}

static void
test_silence_is_a_timeout (void)
{
  g_autoptr (FakeService) service = fake_service_new (never_answer, NULL);
  AcPatience patience = quick_patience;
  g_autoptr (AcApi) api = NULL;
  g_autoptr (AcMe) me = NULL;
  g_autoptr (GError) error = NULL;

  patience.attempts = 2;
  /* Enough for a question to arrive. */
  patience.whole = 1000 * checker_slowness ();
  api = ac_api_new_with_patience (fake_service_get_address (service), TEST_TOKEN, NULL, &patience,
                                  &error);
  g_assert_no_error (error);
  get_me_with (api, NULL, &me, &error);
  g_assert_error (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_TIMEOUT);
  g_assert_cmpuint (fake_service_get_requests (service)->len, ==, 2);
}

static void
answer_decisions_only (FakeService *service,
                       SoupServerMessage *message,
                       const FakeRequest *request,
                       guint number,
                       gpointer user_data)
{
  if (g_str_equal (request->method, "POST"))
    fake_answer (message, 202, OPERATION);
  else
    soup_server_message_pause (message);
}

static void
test_a_decision_does_not_wait_behind_questions_that_hang (void)
{
  g_autoptr (FakeService) service = fake_service_new (answer_decisions_only, NULL);
  g_autoptr (AcApi) api = api_for (fake_service_get_address (service));
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (AcOperation) operation = NULL;
  g_autoptr (GError) error = NULL;
  /* More than there may be under way at once. */
  GAsyncResult *results[20] = { NULL };

  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    ac_api_get_me_async (api, cancellable, store_result_cb, &results[i]);
  wait_until (fake_service_get_requests (service)->len >= 8);
  operation = submit (api, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    g_assert_null (results[i]);
  g_cancellable_cancel (cancellable);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      await (&results[i]);
      g_object_unref (results[i]);
    }
}

static gboolean
cancel_cb (gpointer data)
{
  g_cancellable_cancel (data);
  return G_SOURCE_REMOVE;
}

static void
test_cancel_under_way (void)
{
  g_autoptr (FakeService) service = fake_service_new (never_answer, NULL);
  g_autoptr (AcApi) api = api_for (fake_service_get_address (service));
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  ac_api_get_me_async (api, cancellable, store_result_cb, &result);
  wait_until (fake_service_get_requests (service)->len == 1);
  g_cancellable_cancel (cancellable);
  g_assert_null (ac_api_get_me_finish (api, await (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_cancel_between_attempts (void)
{
  static const Step steps[] = { { 503, "Retry-After: 600" }, { 200 } };
  g_autoptr (FakeService) service = fake_service_new (play_steps, (gpointer)steps);
  AcPatience patience = quick_patience;
  g_autoptr (AcApi) api = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();

  patience.longest_delay = 600 * 1000;
  api = ac_api_new_with_patience (fake_service_get_address (service), TEST_TOKEN, NULL, &patience,
                                  &error);
  g_assert_no_error (error);
  ac_api_get_me_async (api, cancellable, store_result_cb, &result);
  wait_until (fake_service_get_requests (service)->len == 1);
  g_timeout_add (100, cancel_cb, cancellable);
  g_assert_null (ac_api_get_me_finish (api, await (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 300 * G_USEC_PER_SEC);
  g_assert_cmpuint (fake_service_get_requests (service)->len, ==, 1);
}

/* Answers before it is asked, so that the answer is there when it is looked for first; @user_data:
 * and is so long, in bytes. */
static gboolean
answer_first_cb (GThreadedSocketService *service,
                 GSocketConnection *connection,
                 GObject *source_object,
                 gpointer user_data)
{
  gsize length = MAX (GPOINTER_TO_SIZE (user_data), strlen (ME));
  g_autofree char *blanks = g_strnfill (length - strlen (ME), ' ');
  g_autofree char *answer = g_strdup_printf ("HTTP/1.1 200 OK\r\n"
                                             "Content-Type: application/json\r\n"
                                             "Content-Length: %zu\r\n\r\n%s%s",
                                             length, ME, blanks);
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  char asked[512];

  if (!g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), answer,
                                  strlen (answer), NULL, NULL, NULL))
    return TRUE;
  while (g_input_stream_read (input, asked, sizeof asked, NULL, NULL) > 0)
    ;
  return TRUE;
}

/* Cancels after so many turns of the main loop, then there is no answer. Returns whether it came to
 * that.
 */
static gboolean
is_cancelled_after (const char *address, guint turns)
{
  g_autoptr (AcApi) api = api_for (address);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (AcMe) me = NULL;

  ac_api_get_me_async (api, cancellable, store_result_cb, &result);
  for (guint i = 0; i < turns && result == NULL; i++)
    g_main_context_iteration (NULL, TRUE);
  if (result != NULL)
    {
      me = ac_api_get_me_finish (api, result, &error);
      g_assert_no_error (error);
      return FALSE;
    }
  g_cancellable_cancel (cancellable);
  me = ac_api_get_me_finish (api, await (&result), &error);
  g_assert_null (me);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  return TRUE;
}

/* However far it has come; @length: of the answer, in bytes. */
static void
test_cancel_at_any_turn (gconstpointer length)
{
  g_autoptr (GSocketService) service = g_threaded_socket_service_new (8);
  g_autoptr (GError) error = NULL;
  guint16 port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (service), NULL, &error);
  g_autofree char *address = g_strdup_printf ("http://127.0.0.1:%u", port);

  g_assert_no_error (error);
  g_signal_connect (service, "run", G_CALLBACK (answer_first_cb), (gpointer)length);
  for (guint times = 0; times < 50; times++)
    {
      guint turns = 0;

      while (is_cancelled_after (address, turns))
        turns++;
      g_assert_cmpuint (turns, >, 0);
    }
  g_socket_service_stop (service);
  g_socket_listener_close (G_SOCKET_LISTENER (service));
}

static void
test_cancelled_before (void)
{
  g_autoptr (FakeService) service = fake_service_new (never_answer, NULL);
  g_autoptr (AcApi) api = api_for (fake_service_get_address (service));
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (AcMe) me = NULL;
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  get_me_with (api, cancellable, &me, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (fake_service_get_requests (service)->len, ==, 0);
}

static void
assert_raw_answer (const char *answer, AcClientError code, const char *words, guint connections)
{
  g_autoptr (RawService) service = raw_service_new (answer);
  g_autoptr (AcMe) me = NULL;
  g_autoptr (GError) error = NULL;

  get_me (raw_service_get_address (service), &me, &error);
  g_assert_error (error, AC_CLIENT_ERROR, (int)code);
  if (strstr (error->message, words) == NULL)
    g_error ("“%s” does not say “%s”", error->message, words);
  g_assert_cmpuint (raw_service_get_connections (service), ==, connections);
}

#define HEAD "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"

static void
test_truncated_answers (void)
{
  assert_raw_answer (HEAD "Content-Length: 100\r\n\r\n{\"name\":", AC_CLIENT_ERROR_OFFLINE, "lost",
                     5);
  assert_raw_answer (HEAD "Transfer-Encoding: chunked\r\n\r\n20\r\n{\"name\":",
                     AC_CLIENT_ERROR_OFFLINE, "lost", 5);
  assert_raw_answer ("HTTP/1.1 200 OK\r\nContent-Ty", AC_CLIENT_ERROR_PROTOCOL, "HTTP", 5);
  assert_raw_answer ("", AC_CLIENT_ERROR_OFFLINE, "lost", 5);
  assert_raw_answer (HEAD
                     "Content-Encoding: deflate\r\nContent-Length: 100\r\n\r\n\x78\x9c\xab\x56",
                     AC_CLIENT_ERROR_OFFLINE, "lost", 5);
  assert_raw_answer (HEAD "Content-Encoding: deflate\r\nTransfer-Encoding: chunked\r\n\r\n"
                          "20\r\n\x78\x9c\xab\x56",
                     AC_CLIENT_ERROR_OFFLINE, "lost", 5);
  /* Closed in the middle without a length: only the JSON shows it. */
  assert_raw_answer (HEAD "\r\n{\"name\":\"j.d", AC_CLIENT_ERROR_PROTOCOL, "JSON", 1);
}

static void
test_what_is_not_the_service (void)
{
  assert_raw_answer (
      "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>",
      AC_CLIENT_ERROR_PROTOCOL, "text/html", 1);
  assert_raw_answer ("HTTP/1.1 204 No Content\r\n\r\n", AC_CLIENT_ERROR_PROTOCOL, "without a type",
                     1);
  assert_raw_answer ("220 mail.example.test ESMTP\r\n", AC_CLIENT_ERROR_PROTOCOL, "HTTP", 5);
  assert_raw_answer ("HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\n"
                     "Content-Length: 6\r\n\r\n<html>",
                     AC_CLIENT_ERROR_FORBIDDEN, "403", 1);
  assert_raw_answer (HEAD "Content-Length: 2\r\n\r\n[]", AC_CLIENT_ERROR_PROTOCOL, "array", 1);
  assert_raw_answer (HEAD "Content-Length: 3\r\n\r\n{\"\377", AC_CLIENT_ERROR_PROTOCOL, "UTF-8", 1);
  assert_raw_answer (HEAD "Content-Length: 12\r\n\r\n{\"name\":\"j\"}", AC_CLIENT_ERROR_PROTOCOL,
                     "role: is missing", 1);
}

static void
answer_hugely (FakeService *service,
               SoupServerMessage *message,
               const FakeRequest *request,
               guint number,
               gpointer user_data)
{
  g_autofree char *body = g_strnfill (*(gsize *)user_data, ' ');

  fake_answer (message, 200, body);
}

static void
test_huge_answer (void)
{
  gsize size = quick_patience.largest_answer + 1;
  g_autoptr (FakeService) service = fake_service_new (answer_hugely, &size);
  g_autoptr (AcMe) me = NULL;
  g_autoptr (GError) error = NULL;

  get_me (fake_service_get_address (service), &me, &error);
  g_assert_error (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_PROTOCOL);
  g_assert_nonnull (strstr (error->message, "more than"));
  g_assert_cmpuint (fake_service_get_requests (service)->len, ==, 1);
}

/* A small answer that unpacks to a huge one is stopped just the same. */
static void
answer_with_a_bomb (FakeService *service,
                    SoupServerMessage *message,
                    const FakeRequest *request,
                    guint number,
                    gpointer user_data)
{
  g_autoptr (GZlibCompressor) compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9);
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GOutputStream) stream =
      g_converter_output_stream_new (memory, G_CONVERTER (compressor));
  g_autofree char *blanks = g_strnfill (1024 * 1024, ' ');
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 64; i++)
    g_output_stream_write_all (stream, blanks, 1024 * 1024, NULL, NULL, &error);
  g_output_stream_close (stream, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (memory)), <,
                    1024 * 1024);
  soup_message_headers_append (soup_server_message_get_response_headers (message),
                               "Content-Encoding", "gzip");
  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (
      message, "application/json", SOUP_MEMORY_COPY,
      g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (memory)),
      g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (memory)));
}

static void
test_bomb (void)
{
  g_autoptr (FakeService) service = fake_service_new (answer_with_a_bomb, NULL);
  g_autoptr (AcMe) me = NULL;
  g_autoptr (GError) error = NULL;

  get_me (fake_service_get_address (service), &me, &error);
  g_assert_error (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_PROTOCOL);
  g_assert_nonnull (strstr (error->message, "more than"));
}

/* Everything the program logs, whatever the level. */
static GString *logged;

static GLogWriterOutput
keep_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  for (gsize i = 0; i < n_fields; i++)
    if (fields[i].length < 0)
      g_string_append_printf (logged, "%s=%s\n", fields[i].key, (const char *)fields[i].value);
  return G_LOG_WRITER_HANDLED;
}

/* Runs in a process of its own, for a log writer can be set only once. */
static void
test_token_stays_in_its_header (void)
{
  static const Step steps[] = { { 0 }, { 401 }, { 200 } };
  g_autoptr (FakeService) service = NULL;
  g_autoptr (AcApi) api = NULL;
  g_autoptr (AcMe) me = NULL;
  g_autoptr (GError) error = NULL;
  const FakeRequest *request;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
      g_test_trap_assert_passed ();
      g_test_trap_assert_stdout_unmatched ("*" TEST_TOKEN "*");
      g_test_trap_assert_stderr_unmatched ("*" TEST_TOKEN "*");
      return;
    }
  logged = g_string_new (NULL);
  g_setenv ("G_MESSAGES_DEBUG", "all", TRUE);
  g_log_set_writer_func (keep_log, NULL, NULL);
  service = fake_service_new (play_steps, (gpointer)steps);
  api = api_for (fake_service_get_address (service));
  get_me_with (api, NULL, &me, &error);
  g_assert_error (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_UNAUTHORIZED);
  g_assert_null (strstr (error->message, TEST_TOKEN));
  g_assert_null (strstr (logged->str, TEST_TOKEN));
  request = fake_service_get_requests (service)->pdata[0];
  g_assert_cmpstr (request->authorization, ==, "Bearer " TEST_TOKEN);
  g_assert_null (request->query);
  g_string_free (logged, TRUE);
}

static void
test_odd_tokens (void)
{
  static const char *const odd[] = { "", "two words", "line\nbreak", "a\r\nX-Evil: 1", "ümlaut" };
  g_autoptr (AcApi) none = NULL;
  g_autoptr (GError) none_error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (odd); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (AcApi) api = ac_api_new ("https://a.example.test", odd[i], NULL, &error);

      g_assert_null (api);
      g_assert_error (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_INVALID);
      if (*odd[i] != '\0')
        g_assert_null (strstr (error->message, odd[i]));
    }
  none = ac_api_new ("https://a.example.test", NULL, NULL, &none_error);
  g_assert_error (none_error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_INVALID);
}

static void
test_unix_socket (void)
{
  static const Step steps[] = { { 200 } };
  g_autofree char *folder = g_dir_make_tmp ("ac-client-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "service.socket", NULL);
  g_autofree char *missing = g_strdup_printf ("unix:%s.missing", path);
  g_autoptr (GError) error = NULL;

  {
    g_autoptr (FakeService) service = fake_service_new_unix (play_steps, (gpointer)steps, path);
    g_autoptr (AcMe) me = NULL;

    get_me (fake_service_get_address (service), &me, &error);
    g_assert_no_error (error);
    g_assert_cmpstr (me->role, ==, "responder");
  }
  {
    g_autoptr (AcMe) me = NULL;

    get_me (missing, &me, &error);
    g_assert_error (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_OFFLINE);
    g_assert_nonnull (strstr (error->message, missing));
  }
  g_unlink (path);
  g_rmdir (folder);
}

/* A proxy of the environment would carry the token of plain HTTP off this machine. */
static void
test_no_proxy_for_loopback (void)
{
  static const Step steps[] = { { 200 } };
  g_autoptr (FakeService) service = NULL;
  g_autoptr (FakeService) proxy = NULL;
  g_autoptr (AcMe) me = NULL;
  g_autoptr (GError) error = NULL;
  const FakeRequest *request;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
      g_test_trap_assert_passed ();
      return;
    }
  /* The resolver that a desk has, and not the one that the other tests run with. */
  g_unsetenv ("GIO_USE_PROXY_RESOLVER");
  service = fake_service_new (play_steps, (gpointer)steps);
  proxy = fake_service_new (play_steps, (gpointer)steps);
  g_setenv ("http_proxy", fake_service_get_address (proxy), TRUE);
  g_setenv ("no_proxy", "", TRUE);
  get_me (fake_service_get_address (service), &me, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fake_service_get_requests (proxy)->len, ==, 0);
  g_assert_cmpuint (fake_service_get_requests (service)->len, ==, 1);
  /* Nor is anything compressed that stays on the machine. */
  request = g_ptr_array_index (fake_service_get_requests (service), 0);
  g_assert_cmpstr (request->accept_encoding, ==, "identity");
}

static void
test_addresses (void)
{
  static const struct
  {
    const char *text;
    const char *canonical; /* NULL: refused */
  } cases[] = {
    { "https://actions.example.org", "https://actions.example.org" },
    { "  https://Actions.Example.org/ ", "https://actions.example.org" },
    { "https://a.example.org:8443/center//", "https://a.example.org:8443/center" },
    { "http://127.0.0.1:8080", "http://127.0.0.1:8080" },
    { "http://127.9.9.9", "http://127.9.9.9" },
    { "http://localhost:1/", "http://localhost:1" },
    { "http://[::1]:8443/", "http://[::1]:8443" },
    { "unix:/run/a.socket", "unix:/run/a.socket" },
    { "unix:///run/a.socket", "unix:/run/a.socket" },
    { "unix:a.socket", NULL },
    { "unix:", NULL },
    { "", NULL },
    { "actions.example.org", NULL },
    { "ftp://actions.example.org", NULL },
    { "https://", NULL },
    { "https://user:secret@actions.example.org", NULL },
    { "https://actions.example.org/?token=secret", NULL },
    { "https://actions.example.org/#x", NULL },
    { "http://actions.example.org", NULL },
    { "http://10.0.0.1", NULL },
    { "http://0.0.0.0:80", NULL },
    { "http://127.0.0.1.example.org", NULL },
    { "http://localhost.example.org", NULL },
    { "http://[fe80::1]", NULL },
    { "http://2130706433/", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (AcServiceAddress) address = ac_service_address_parse (cases[i].text, &error);

      g_test_message ("%s", cases[i].text);
      if (cases[i].canonical != NULL)
        {
          g_assert_no_error (error);
          g_assert_cmpstr (address->text, ==, cases[i].canonical);
          g_assert_cmpint (address->is_local, ==, strstr (cases[i].text, "xample.org") == NULL);
          continue;
        }
      g_assert_null (address);
      g_assert_error (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_INVALID);
      g_assert_null (strstr (error->message, "secret"));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/client/transport/get-is-tried-again", test_get_retries);
  g_test_add_func ("/client/transport/post-is-tried-again-with-the-same-key", test_post_keeps_key);
  g_test_add_func ("/client/transport/attempts-are-bounded", test_attempts_are_bounded);
  g_test_add_func ("/client/transport/refusals-and-redirects-are-final", test_refusals_are_final);
  g_test_add_func ("/client/transport/retry-after-is-honoured", test_retry_after_is_honoured);
  g_test_add_func ("/client/transport/retry-after-as-a-date", test_retry_after_as_date);
  g_test_add_func ("/client/transport/long-retry-after-ends-the-call",
                   test_long_retry_after_ends_the_call);
  g_test_add_func ("/client/transport/nobody-listens", test_nobody_listens);
  g_test_add_func ("/client/transport/lost-answer-is-told", test_lost_answer_is_told);
  g_test_add_func ("/client/transport/lost-answer-is-told-whatever-comes-then",
                   test_lost_answer_is_told_whatever_comes_then);
  g_test_add_func ("/client/transport/silence-is-a-timeout", test_silence_is_a_timeout);
  g_test_add_func ("/client/transport/a-decision-does-not-wait-behind-questions-that-hang",
                   test_a_decision_does_not_wait_behind_questions_that_hang);
  g_test_add_func ("/client/transport/cancel-under-way", test_cancel_under_way);
  g_test_add_func ("/client/transport/cancel-between-attempts", test_cancel_between_attempts);
  g_test_add_data_func ("/client/transport/cancel-at-any-turn", NULL, test_cancel_at_any_turn);
  /* Long answers are read in a thread. */
  g_test_add_data_func ("/client/transport/cancel-a-long-answer-at-any-turn",
                        GSIZE_TO_POINTER (1 << 16), test_cancel_at_any_turn);
  g_test_add_func ("/client/transport/cancelled-before-it-began", test_cancelled_before);
  g_test_add_func ("/client/transport/truncated-answers", test_truncated_answers);
  g_test_add_func ("/client/transport/what-is-not-the-service", test_what_is_not_the_service);
  g_test_add_func ("/client/transport/huge-answer", test_huge_answer);
  g_test_add_func ("/client/transport/compressed-bomb", test_bomb);
  g_test_add_func ("/client/transport/token-stays-in-its-header", test_token_stays_in_its_header);
  g_test_add_func ("/client/transport/odd-tokens-are-refused", test_odd_tokens);
  g_test_add_func ("/client/transport/unix-socket", test_unix_socket);
  g_test_add_func ("/client/transport/no-proxy-for-loopback", test_no_proxy_for_loopback);
  g_test_add_func ("/client/service-address/what-is-taken-and-what-is-refused", test_addresses);
  return g_test_run ();
}
