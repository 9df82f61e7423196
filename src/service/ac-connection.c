/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#include "service/ac-chunk-decoder.h"
#include "service/ac-connection.h"
#include "service/ac-problems.h"

#define BLOCK_SIZE 8192
#define HANDSHAKE_SECONDS 10
#define LINGER_SECONDS 3
/* A client that takes an answer more slowly than this, in bytes a second, is not served to the end.
 */
#define LEAST_RATE 16384
/* How long an answer may be on its way before its connection may be given up for another client's.
 */
#define WRITING_GRACE (5 * G_TIME_SPAN_SECOND)
/* How often half a TLS greeting is looked at again. */
#define HELLO_INTERVAL 50
#define STREAM_BUFFER (128 * 1024)
#define TLS_RECORD_HEADER 5
#define TLS_HANDSHAKE_RECORD 22
#define MAX_HELLO 16384

struct _AcConnection
{
  GObject parent_instance;

  GSocketConnection *socket;
  GIOStream *stream;            /* what HTTP is spoken on: the socket, or TLS over it */
  GTlsCertificate *certificate; /* nullable */
  GCancellable *cancellable;    /* cancelled when it is closed */
  char *address;
  AcRouter *router;              /* not owned; outlives the connection */
  const AcServiceConfig *config; /* not owned */
  AcConnectionWatch watch;
  gpointer watch_data;

  AcConnectionState state;
  gint64 since;    /* when it came to be, or began to wait for this request; monotonic */
  gint64 deadline; /* monotonic; G_MAXINT64: none */
  GSource *hello_source;
  guint pending;      /* operations under way */
  gboolean reading;   /* one of them reads */
  gboolean last;      /* no further request is taken */
  gboolean head_only; /* the request being answered is a HEAD */

  guint8 block[BLOCK_SIZE]; /* what is being read */
  GByteArray *input;        /* read, and not yet used */
  gsize scanned;            /* of input, in search of the end of the head */
  AcRequest *request;       /* whose body is coming */
  GByteArray *body;
  AcChunkDecoder chunks;
  GBytes *output;        /* being written */
  AcEventStream *events; /* nullable: what the answer goes on with */
};

G_DEFINE_FINAL_TYPE (AcConnection, ac_connection, G_TYPE_OBJECT)

static void process (AcConnection *self);
static void read_more (AcConnection *self);

static void
ac_connection_finalize (GObject *object)
{
  AcConnection *self = AC_CONNECTION (object);

  g_clear_object (&self->stream);
  g_clear_object (&self->socket);
  g_clear_object (&self->certificate);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->input, g_byte_array_unref);
  g_clear_pointer (&self->body, g_byte_array_unref);
  g_clear_pointer (&self->request, ac_request_free);
  g_clear_pointer (&self->output, g_bytes_unref);
  g_clear_object (&self->events);
  g_free (self->address);
  G_OBJECT_CLASS (ac_connection_parent_class)->finalize (object);
}

static void
ac_connection_class_init (AcConnectionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ac_connection_finalize;
}

static void
ac_connection_init (AcConnection *self)
{
  self->cancellable = g_cancellable_new ();
  self->input = g_byte_array_new ();
  self->body = g_byte_array_new ();
}

/**
 * ac_connection_new:
 * @socket: accepted
 * @address: the client's, for limits and the audit log
 * @certificate: (nullable): for TLS
 *
 * Returns: (transfer full): a connection that does nothing yet.
 */
AcConnection *
ac_connection_new (GSocketConnection *socket,
                   const char *address,
                   GTlsCertificate *certificate,
                   AcRouter *router,
                   const AcServiceConfig *config,
                   const AcConnectionWatch *watch,
                   gpointer watch_data)
{
  AcConnection *self = g_object_new (AC_TYPE_CONNECTION, NULL);

  self->socket = g_object_ref (socket);
  self->address = g_strdup (address);
  g_set_object (&self->certificate, certificate);
  self->router = router;
  self->config = config;
  self->watch = *watch;
  self->watch_data = watch_data;
  return self;
}

static void
enter (AcConnection *self, AcConnectionState state, gint64 seconds)
{
  self->state = state;
  self->deadline =
      seconds > 0 ? g_get_monotonic_time () + seconds * G_TIME_SPAN_SECOND : G_MAXINT64;
}

/* The descriptor is closed, and the listener told, when nothing is under way any more that could
 * touch it. */
static void
close_when_quiet (AcConnection *self)
{
  if (self->pending > 0)
    return;
  g_socket_close (g_socket_connection_get_socket (self->socket), NULL);
  self->watch.closed (self, self->watch_data);
}

/* Every asynchronous operation ends here. Returns FALSE when the connection is closed meanwhile. */
static gboolean
operation_ended (AcConnection *self)
{
  self->pending--;
  if (self->state != AC_CONNECTION_CLOSED)
    return TRUE;
  close_when_quiet (self);
  return FALSE;
}

/**
 * ac_connection_close:
 *
 * Ends it at once. A request that a route works on is worked on to its end; only the answer goes
 * nowhere.
 */
void
ac_connection_close (AcConnection *self)
{
  gboolean in_handshake = self->state == AC_CONNECTION_HANDSHAKE;

  if (self->state == AC_CONNECTION_CLOSED)
    return;
  g_object_ref (self);
  self->state = AC_CONNECTION_CLOSED;
  if (self->hello_source != NULL)
    {
      g_source_destroy (self->hello_source);
      g_clear_pointer (&self->hello_source, g_source_unref);
    }
  g_cancellable_cancel (self->cancellable);
  if (self->events != NULL)
    ac_event_stream_close (self->events);
  if (in_handshake)
    self->watch.handshake_done (self, self->watch_data);
  close_when_quiet (self);
  g_object_unref (self);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcConnection) self = user_data;
  gssize n = g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);

  self->reading = FALSE;
  if (!operation_ended (self))
    return;
  switch (self->state)
    {
    case AC_CONNECTION_IDLE:
    case AC_CONNECTION_HEAD:
    case AC_CONNECTION_BODY:
      if (n <= 0)
        {
          ac_connection_close (self);
          return;
        }
      g_byte_array_append (self->input, self->block, (guint)n);
      process (self);
      break;
    case AC_CONNECTION_LINGERING:
      if (n <= 0)
        ac_connection_close (self);
      else
        read_more (self);
      break;
    case AC_CONNECTION_STREAMING:
      /* The client is gone, or speaks on a connection that has no more questions to ask. */
      ac_connection_close (self);
      break;
    case AC_CONNECTION_HELLO:
    case AC_CONNECTION_HANDSHAKE:
    case AC_CONNECTION_PROCESSING:
    case AC_CONNECTION_WRITING: /* it was refused while it was still sending */
    case AC_CONNECTION_CLOSED:
    default:
      break;
    }
}

static void
read_more (AcConnection *self)
{
  if (self->reading)
    return;
  self->reading = TRUE;
  self->pending++;
  g_input_stream_read_async (g_io_stream_get_input_stream (self->stream), self->block, BLOCK_SIZE,
                             G_PRIORITY_DEFAULT, self->cancellable, read_cb, g_object_ref (self));
}

/* Closing while the client still sends would make its system throw our answer away unread, so we
 * only say that we are done, and read on until it is done too (RFC 9112 §9.6). */
static void
linger (AcConnection *self)
{
  enter (self, AC_CONNECTION_LINGERING, LINGER_SECONDS);
  g_byte_array_set_size (self->input, 0);
  if (g_socket_shutdown (g_socket_connection_get_socket (self->socket), FALSE, TRUE, NULL))
    read_more (self);
  else
    ac_connection_close (self);
}

static void
events_finished_cb (AcEventStream *events, gpointer user_data)
{
  ac_connection_close (user_data);
}

/* A stream is idle for as long as nothing changes, so only the network can tell that its client is
 * gone: heartbeats that nobody acknowledges end the connection. The system's buffer is kept small,
 * for there may be thousands of them, and it would hide that a client takes nothing. */
static void
set_stream_options (AcConnection *self)
{
  GSocket *socket = g_socket_connection_get_socket (self->socket);

  g_socket_set_option (socket, SOL_SOCKET, SO_SNDBUF, STREAM_BUFFER, NULL);
  if (g_socket_get_family (socket) == G_SOCKET_FAMILY_UNIX)
    return;
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, 1, NULL);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_USER_TIMEOUT,
                       (gint)self->config->body_seconds * 1000, NULL);
}

/* The head of the answer has gone out. */
static void
begin_streaming (AcConnection *self)
{
  enter (self, AC_CONNECTION_STREAMING, 0);
  set_stream_options (self);
  self->watch.streaming (self, g_socket_connection_get_socket (self->socket), self->watch_data);
  ac_event_stream_open (self->events, g_io_stream_get_output_stream (self->stream),
                        self->config->body_seconds, events_finished_cb, self);
}

static void
write_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcConnection) self = user_data;
  gboolean written =
      g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL);

  g_clear_pointer (&self->output, g_bytes_unref);
  if (!operation_ended (self))
    return;
  if (!written)
    {
      ac_connection_close (self);
      return;
    }
  if (self->state == AC_CONNECTION_BODY) /* it was “100 Continue” */
    {
      process (self);
      return;
    }
  if (self->events != NULL)
    {
      begin_streaming (self);
      return;
    }
  if (self->last)
    {
      linger (self);
      return;
    }
  self->since = g_get_monotonic_time ();
  enter (self, AC_CONNECTION_IDLE, self->config->idle_seconds);
  process (self);
}

/* Takes @bytes. */
static void
write_bytes (AcConnection *self, GBytes *bytes)
{
  self->pending++;
  self->output = bytes;
  g_output_stream_write_all_async (g_io_stream_get_output_stream (self->stream),
                                   g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                                   G_PRIORITY_DEFAULT, self->cancellable, write_cb,
                                   g_object_ref (self));
}

/* Takes @response. */
static void
answer (AcConnection *self, AcResponse *response)
{
  GBytes *bytes;

  self->events = g_steal_pointer (&response->events);
  if (self->events != NULL)
    self->last = TRUE;
  bytes = ac_response_to_bytes (response, self->head_only, !self->last);
  ac_response_free (response);
  self->since = g_get_monotonic_time ();
  enter (self, AC_CONNECTION_WRITING,
         self->config->body_seconds + (gint64)(g_bytes_get_size (bytes) / LEAST_RATE));
  write_bytes (self, bytes);
}

/* Answers for the last time: where the next request would begin is not known any more. */
static void
refuse (AcConnection *self, AcProblem *problem)
{
  self->last = TRUE;
  g_clear_pointer (&self->request, ac_request_free);
  answer (self, ac_response_new_problem (problem));
}

static void
dispatched_cb (AcResponse *response, gpointer user_data)
{
  g_autoptr (AcConnection) self = user_data;

  self->pending--;
  if (self->state == AC_CONNECTION_CLOSED)
    {
      ac_response_free (response);
      close_when_quiet (self);
      return;
    }
  answer (self, response);
}

static void
dispatch (AcConnection *self)
{
  AcRequest *request = g_steal_pointer (&self->request);

  g_bytes_unref (request->body);
  request->body = g_byte_array_free_to_bytes (self->body);
  self->body = g_byte_array_new ();
  enter (self, AC_CONNECTION_PROCESSING, 0);
  self->pending++;
  ac_router_dispatch (self->router, request, dispatched_cb, g_object_ref (self));
}

static void
refuse_large_body (AcConnection *self)
{
  refuse (self, ac_problem_new_for_key (413, AC_PROBLEM_TOO_LARGE, NULL,
                                        "The body may hold %" G_GSIZE_FORMAT " bytes at most.",
                                        self->config->max_body_bytes));
}

static void
process_body (AcConnection *self)
{
  const AcHttpHead *head = self->request->head;
  AcChunkStatus status;
  gsize used;

  if (head->chunked)
    status = ac_chunk_decoder_feed (&self->chunks, self->input->data, self->input->len, &used,
                                    self->body);
  else
    {
      used = MIN ((gsize)head->content_length - self->body->len, self->input->len);
      g_byte_array_append (self->body, self->input->data, (guint)used);
      status = self->body->len == (gsize)head->content_length ? AC_CHUNK_DONE : AC_CHUNK_MORE;
    }
  if (used > 0)
    g_byte_array_remove_range (self->input, 0, (guint)used);

  if (status == AC_CHUNK_ERROR)
    refuse (self, ac_problem_new_bad_request ("Transfer-Encoding",
                                              "The body is not in the chunked coding."));
  else if (self->body->len > self->config->max_body_bytes)
    refuse_large_body (self);
  else if (status == AC_CHUNK_DONE)
    dispatch (self);
  else
    read_more (self);
}

/* The head is whole. */
static void
begin_request (AcConnection *self, AcHttpHead *head)
{
  AcProblem *problem = NULL;
  AcResponse *response;
  gboolean has_body = head->chunked || head->content_length > 0;

  self->head_only = strcmp (head->method, "HEAD") == 0;
  if (!head->keep_alive)
    self->last = TRUE;
  self->request = ac_request_new (head, self->address, &problem);
  if (self->request == NULL)
    {
      refuse (self, problem);
      return;
    }
  response = ac_router_check_head (self->router, self->request);
  if (response != NULL)
    {
      g_clear_pointer (&self->request, ac_request_free);
      if (has_body)
        self->last = TRUE;
      answer (self, response);
      return;
    }

  ac_chunk_decoder_init (&self->chunks);
  g_byte_array_set_size (self->body, 0);
  enter (self, AC_CONNECTION_BODY, self->config->body_seconds);
  if (has_body && head->expect_continue && self->input->len == 0)
    write_bytes (self, g_bytes_new_static ("HTTP/1.1 100 Continue\r\n\r\n", 25));
  else
    process_body (self);
}

static void
process_head (AcConnection *self)
{
  const char *text;
  AcProblem *problem = NULL;
  AcHttpHead *head;
  gsize length;

  /* RFC 9112 §2.2: an empty line in front of a request is let pass. */
  while (self->input->len >= 2 && memcmp (self->input->data, "\r\n", 2) == 0)
    g_byte_array_remove_range (self->input, 0, 2);
  if (self->input->len == 0)
    {
      read_more (self);
      return;
    }
  if (self->state == AC_CONNECTION_IDLE)
    {
      self->scanned = 0;
      self->head_only = FALSE;
      enter (self, AC_CONNECTION_HEAD, self->config->header_seconds);
    }

  text = (const char *)self->input->data;
  length = ac_http_head_find_end (text, self->input->len, self->scanned);
  self->scanned = self->input->len;
  if (length > AC_HTTP_HEAD_MAX_LENGTH ||
      (length == 0 && self->input->len > AC_HTTP_HEAD_MAX_LENGTH))
    {
      refuse (self, ac_problem_new_for_key (431, AC_PROBLEM_TOO_LARGE, NULL,
                                            "The head of a request may hold %d bytes at most.",
                                            AC_HTTP_HEAD_MAX_LENGTH));
      return;
    }
  if (length == 0)
    {
      read_more (self);
      return;
    }
  head = ac_http_head_parse (text, length, &problem);
  g_byte_array_remove_range (self->input, 0, (guint)length);
  if (head == NULL)
    refuse (self, problem);
  else
    begin_request (self, head);
}

/* Something has come in, or what came in before may be looked at now. */
static void
process (AcConnection *self)
{
  switch (self->state)
    {
    case AC_CONNECTION_IDLE:
    case AC_CONNECTION_HEAD:
      process_head (self);
      break;
    case AC_CONNECTION_BODY:
      process_body (self);
      break;
    case AC_CONNECTION_HELLO:
    case AC_CONNECTION_HANDSHAKE:
    case AC_CONNECTION_PROCESSING:
    case AC_CONNECTION_WRITING:
    case AC_CONNECTION_STREAMING:
    case AC_CONNECTION_LINGERING:
    case AC_CONNECTION_CLOSED:
    default:
      g_assert_not_reached ();
    }
}

/* A new connection owes a head at once: it has no idle time. */
static void
expect_first_request (AcConnection *self)
{
  enter (self, AC_CONNECTION_IDLE, self->config->header_seconds);
  read_more (self);
}

/* --- TLS --- */

static void
handshake_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcConnection) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean shaken = g_tls_connection_handshake_finish (G_TLS_CONNECTION (source), result, &error);

  if (!operation_ended (self))
    return;
  if (!shaken)
    {
      g_debug ("No TLS with %s: %s", self->address, error->message);
      ac_connection_close (self);
      return;
    }
  expect_first_request (self);
  self->watch.handshake_done (self, self->watch_data);
}

/**
 * ac_connection_start_handshake:
 *
 * The listener says when, for each handshake under way holds a thread of GLib's until it is done.
 */
void
ac_connection_start_handshake (AcConnection *self)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (self->state == AC_CONNECTION_HANDSHAKE);

  self->stream = G_IO_STREAM (
      g_tls_server_connection_new (G_IO_STREAM (self->socket), self->certificate, &error));
  if (self->stream == NULL)
    {
      g_warning ("TLS cannot be spoken: %s", error->message);
      ac_connection_close (self);
      return;
    }
  g_tls_connection_set_require_close_notify (G_TLS_CONNECTION (self->stream), FALSE);
  self->pending++;
  g_tls_connection_handshake_async (G_TLS_CONNECTION (self->stream), G_PRIORITY_DEFAULT,
                                    self->cancellable, handshake_cb, g_object_ref (self));
}

static gboolean hello_cb (GSocket *socket, GIOCondition condition, gpointer user_data);

static void
watch_hello (AcConnection *self)
{
  self->hello_source =
      g_socket_create_source (g_socket_connection_get_socket (self->socket), G_IO_IN, NULL);
  g_source_set_callback (self->hello_source, G_SOURCE_FUNC (hello_cb), self, NULL);
  g_source_attach (self->hello_source, NULL);
}

static gboolean
hello_again_cb (gpointer user_data)
{
  AcConnection *self = user_data;

  g_clear_pointer (&self->hello_source, g_source_unref);
  watch_hello (self);
  return G_SOURCE_REMOVE;
}

/* Looks at what has come, without taking it. A handshake begins only when the client's greeting is
 * there in full, so that a client who sends nothing costs no thread. */
static gboolean
hello_cb (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  g_autoptr (AcConnection) self = g_object_ref (user_data);
  guint8 hello[TLS_RECORD_HEADER + MAX_HELLO];
  GInputVector vector = { hello, sizeof hello };
  int flags = G_SOCKET_MSG_PEEK;
  gssize n;

  n = g_socket_receive_message (socket, NULL, &vector, 1, NULL, NULL, &flags, NULL, NULL);
  g_clear_pointer (&self->hello_source, g_source_unref);
  if (n <= 0)
    ac_connection_close (self);
  else if (hello[0] != TLS_HANDSHAKE_RECORD)
    {
      self->stream = g_object_ref (G_IO_STREAM (self->socket));
      refuse (self, ac_problem_new_bad_request (
                        NULL, "This address speaks HTTPS only; begin the address with https://."));
    }
  else if (n < TLS_RECORD_HEADER ||
           n < MIN (TLS_RECORD_HEADER + hello[3] * 256 + hello[4], (gssize)sizeof hello))
    {
      self->hello_source = g_timeout_source_new (HELLO_INTERVAL);
      g_source_set_callback (self->hello_source, hello_again_cb, self, NULL);
      g_source_attach (self->hello_source, NULL);
    }
  else
    {
      enter (self, AC_CONNECTION_HANDSHAKE, HANDSHAKE_SECONDS);
      self->watch.handshake_ready (self, self->watch_data);
    }
  return G_SOURCE_REMOVE;
}

/**
 * ac_connection_start:
 *
 * Begins to wait for the first request.
 */
void
ac_connection_start (AcConnection *self)
{
  self->since = g_get_monotonic_time ();
  if (self->certificate == NULL)
    {
      self->stream = g_object_ref (G_IO_STREAM (self->socket));
      expect_first_request (self);
      return;
    }
  enter (self, AC_CONNECTION_HELLO, HANDSHAKE_SECONDS);
  watch_hello (self);
}

/* --- limits --- */

/**
 * ac_connection_look:
 *
 * Something has come from the client of a stream, or its end; nothing is read before.
 */
void
ac_connection_look (AcConnection *self)
{
  if (self->state == AC_CONNECTION_STREAMING)
    read_more (self);
}

/**
 * ac_connection_check_deadline:
 * @now: monotonic
 */
void
ac_connection_check_deadline (AcConnection *self, gint64 now)
{
  gint64 deadline = self->state == AC_CONNECTION_STREAMING
                        ? ac_event_stream_get_deadline (self->events)
                        : self->deadline;

  if (now < deadline)
    return;
  if (self->state == AC_CONNECTION_HEAD || self->state == AC_CONNECTION_BODY)
    {
      refuse (self, ac_problem_new_for_key (408, AC_PROBLEM_TIMEOUT, NULL,
                                            "The request did not arrive within %u seconds.",
                                            self->state == AC_CONNECTION_HEAD
                                                ? self->config->header_seconds
                                                : self->config->body_seconds));
      return;
    }
  ac_connection_close (self);
}

/**
 * ac_connection_finish:
 *
 * Lets a request that is under way come to its end and takes no other. Who feeds a stream ends it.
 */
void
ac_connection_finish (AcConnection *self)
{
  self->last = TRUE;
  switch (self->state)
    {
    case AC_CONNECTION_HELLO:
    case AC_CONNECTION_HANDSHAKE:
    case AC_CONNECTION_IDLE:
    case AC_CONNECTION_LINGERING:
      ac_connection_close (self);
      break;
    case AC_CONNECTION_HEAD:
    case AC_CONNECTION_BODY:
    case AC_CONNECTION_PROCESSING:
    case AC_CONNECTION_WRITING:
    case AC_CONNECTION_STREAMING:
    case AC_CONNECTION_CLOSED:
    default:
      break;
    }
}

const char *
ac_connection_get_address (AcConnection *self)
{
  return self->address;
}

AcConnectionState
ac_connection_get_state (AcConnection *self)
{
  return self->state;
}

/**
 * ac_connection_get_since:
 *
 * Returns: since when it has been waiting for its present request; monotonic.
 */
gint64
ac_connection_get_since (AcConnection *self)
{
  return self->since;
}

/**
 * ac_connection_is_evictable:
 *
 * Returns: whether it may be closed to make room: no whole request of it is being worked on.
 */
gboolean
ac_connection_is_evictable (AcConnection *self, gint64 now)
{
  switch (self->state)
    {
    case AC_CONNECTION_PROCESSING:
    case AC_CONNECTION_STREAMING:
    case AC_CONNECTION_CLOSED:
      return FALSE;
    case AC_CONNECTION_WRITING:
      return now - self->since > WRITING_GRACE;
    case AC_CONNECTION_HELLO:
    case AC_CONNECTION_HANDSHAKE:
    case AC_CONNECTION_IDLE:
    case AC_CONNECTION_HEAD:
    case AC_CONNECTION_BODY:
    case AC_CONNECTION_LINGERING:
    default:
      return TRUE;
    }
}
