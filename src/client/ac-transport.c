/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include <gio/gunixsocketaddress.h>
#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>

#include "client/ac-token.h"
#include "client/ac-transport.h"
#include "model/ac-number.h"

#define BASE_PATH "/api/v1"
#define READ_SIZE (64 * 1024)
#define JSON_TYPE "application/json"
#define PROBLEM_TYPE "application/problem+json"
#define STREAM_TYPE "text/event-stream"

/* How many requests of a session may be under way at once; libsoup's own limit of two is for
 * browsers. */
#define MOST_CONNECTIONS 8

static const AcPatience default_patience = {
  .attempts = 5,
  .first_delay = 500,
  .longest_delay = 30 * 1000,
  .silence = 30 * 1000,
  .whole = 120 * 1000,
  .largest_answer = 64 * 1024 * 1024,
  .first_event = 5000,
  .quiet_stream = 37500,
  .interval = 2000,
  .without_stream = 5 * 60 * 1000,
};

struct _AcTransport
{
  GObject parent_instance;

  AcServiceAddress *address;
  SoupSession *session;
  SoupSession *write_session;  /* nullable until something is decided, posted or taken away */
  SoupSession *stream_session; /* nullable until a stream is opened */
  GTlsDatabase *database;      /* nullable: the system's */
  GSocketAddress *socket;      /* nullable: the address says where */
  char *authorization;         /* the header's value; goes nowhere else */
  AcPatience patience;
};

enum
{
  RECEIVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AcTransport, ac_transport, G_TYPE_OBJECT)

/* One call with all its attempts; the task data. */
typedef struct
{
  const char *method; /* static */
  char *uri;
  GBytes *body;          /* nullable */
  char *idempotency_key; /* nullable */
  guint attempts;        /* allowed */
  char *last_event_id;   /* nullable */
  gboolean streaming;    /* the answer is handed out as it comes */

  /* Of the attempt under way. */
  guint attempt;
  SoupMessage *message;
  GInputStream *stream;
  GByteArray *answer;
  GCancellable *cancellable; /* the caller's cancellation and the time limit both end here */
  GSource *deadline;
  GSource *cancelled; /* nullable: the caller's cancellation is watched */
  gboolean too_late;
  gboolean garbled; /* not HTTP, or cut off before the headers ended: one cannot tell which */

  gboolean maybe_delivered; /* by this or an earlier attempt */
  gboolean lost_an_answer;  /* an earlier attempt may have had its effect */
  GSource *pause;           /* between two attempts */
} Call;

static void attempt_start (GTask *task);

static void
clear_source (GSource **source)
{
  if (*source == NULL)
    return;
  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
call_end_attempt (Call *call)
{
  clear_source (&call->deadline);
  clear_source (&call->cancelled);
  g_clear_object (&call->cancellable);
  /* A stream that was not read to its end would hold its connection for ever. */
  if (call->stream != NULL)
    g_input_stream_close_async (call->stream, G_PRIORITY_DEFAULT, NULL, NULL, NULL);
  g_clear_object (&call->stream);
  if (call->message != NULL)
    g_signal_handlers_disconnect_by_data (call->message, call);
  g_clear_object (&call->message);
  g_clear_pointer (&call->answer, g_byte_array_unref);
}

static void
call_free (gpointer data)
{
  Call *call = data;

  call_end_attempt (call);
  clear_source (&call->pause);
  g_clear_pointer (&call->body, g_bytes_unref);
  g_free (call->uri);
  g_free (call->last_event_id);
  g_free (call->idempotency_key);
  g_free (call);
}

static void
ac_transport_finalize (GObject *object)
{
  AcTransport *self = AC_TRANSPORT (object);

  g_clear_object (&self->session);
  g_clear_object (&self->write_session);
  g_clear_object (&self->stream_session);
  g_clear_object (&self->database);
  g_clear_object (&self->socket);
  g_clear_pointer (&self->address, ac_service_address_free);
  g_clear_pointer (&self->authorization, g_free);
  G_OBJECT_CLASS (ac_transport_parent_class)->finalize (object);
}

static void
ac_transport_class_init (AcTransportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ac_transport_finalize;

  signals[RECEIVED] = g_signal_new ("received", AC_TYPE_TRANSPORT, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                    NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_BYTES);
}

static void
ac_transport_init (AcTransport *self)
{
}

/* Takes over @error and says in words what to do about it. */
static GError *
translate_transport_error (AcTransport *self, Call *call, GError *error)
{
  const char *where = self->address->text;
  gboolean maybe = call->maybe_delivered;
  g_autofree char *message = NULL;
  AcClientError code;

  if (call->too_late || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    {
      code = AC_CLIENT_ERROR_TIMEOUT;
      message = g_strdup_printf (_ ("The service at %s does not answer in time."), where);
    }
  else if (g_error_matches (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE))
    {
      code = AC_CLIENT_ERROR_TLS;
      message =
          g_strdup_printf (_ ("The certificate of %s is not trusted, so nothing was sent. If the "
                              "service has a certificate of your organisation, name its CA file "
                              "in the settings."),
                           where);
    }
  else if (error->domain == G_TLS_ERROR && error->code != G_TLS_ERROR_EOF)
    {
      code = AC_CLIENT_ERROR_TLS;
      message = g_strdup_printf (_ ("No secure connection to %s: %s"), where, error->message);
    }
  else if (error->domain == SOUP_SESSION_ERROR)
    {
      code = AC_CLIENT_ERROR_PROTOCOL;
      call->garbled = TRUE;
      message = g_strdup_printf (_ ("What answers at %s does not speak HTTP as it should: %s"),
                                 where, error->message);
    }
  else if (maybe)
    {
      code = AC_CLIENT_ERROR_OFFLINE;
      message = g_strdup_printf (_ ("The connection to %s was lost: %s"), where, error->message);
    }
  else
    {
      code = AC_CLIENT_ERROR_OFFLINE;
      message =
          g_strdup_printf (_ ("The service at %s cannot be reached: %s"), where, error->message);
    }
  g_error_free (error);
  return ac_client_error_new_undelivered (code, maybe, message);
}

static gboolean
is_worth_another_attempt (const Call *call, const GError *error, guint status)
{
  if (status != 0)
    return status == 408 || status == 429 || (status >= 502 && status <= 504);
  return call->garbled || g_error_matches (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_OFFLINE) ||
         g_error_matches (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_TIMEOUT);
}

/* RFC 9110 §10.2.3: seconds, or a date. -1: not given. */
static gint64
retry_after_milliseconds (SoupMessage *message)
{
  const char *text;
  g_autoptr (GDateTime) date = NULL;
  g_autoptr (GDateTime) now = NULL;
  guint64 seconds;

  if (message == NULL)
    return -1;
  text = soup_message_headers_get_one (soup_message_get_response_headers (message), "Retry-After");
  if (text == NULL)
    return -1;
  if (ac_number_parse (text, 0, G_MAXINT32, &seconds))
    return (gint64)seconds * 1000;
  date = soup_date_time_new_from_http_string (text);
  if (date == NULL)
    return -1;
  /* By the clock of the service, for ours may be wrong. */
  text = soup_message_headers_get_one (soup_message_get_response_headers (message), "Date");
  now = text != NULL ? soup_date_time_new_from_http_string (text) : NULL;
  if (now == NULL)
    now = g_date_time_new_now_utc ();
  return MAX (0, g_date_time_difference (date, now) / 1000);
}

static gboolean
pause_over_cb (gpointer data)
{
  GTask *task = data;
  Call *call = g_task_get_task_data (task);

  g_clear_pointer (&call->pause, g_source_unref);
  attempt_start (task);
  return G_SOURCE_REMOVE;
}

/* Waits before the next attempt; cancelling ends the wait at once. */
static void
pause_start (GTask *task, guint milliseconds)
{
  Call *call = g_task_get_task_data (task);

  call->pause = g_timeout_source_new (milliseconds);
  g_source_set_callback (call->pause, pause_over_cb, g_object_ref (task), g_object_unref);
  if (g_task_get_cancellable (task) != NULL)
    {
      g_autoptr (GSource) cancelled = g_cancellable_source_new (g_task_get_cancellable (task));

      /* A child that fires makes its parent fire. */
      g_source_set_dummy_callback (cancelled);
      g_source_add_child_source (call->pause, cancelled);
    }
  g_source_attach (call->pause, g_task_get_context (task));
}

/* Ends the attempt: tries again when that may help, or gives @error to the caller.
 * @error: (transfer full) */
static void
attempt_failed (GTask *task, GError *error, guint status)
{
  AcTransport *self = g_task_get_source_object (task);
  Call *call = g_task_get_task_data (task);
  gint64 wanted = retry_after_milliseconds (status != 0 ? call->message : NULL);
  gint64 delay;

  call_end_attempt (call);
  if (g_task_return_error_if_cancelled (task))
    {
      g_error_free (error);
      return;
    }
  delay = (gint64)self->patience.first_delay << MIN (call->attempt - 1, 16);
  delay = MIN (delay, self->patience.longest_delay);
  /* Many windows lose one service at the same moment; they must not come back together. */
  delay = delay / 2 + g_random_int_range (0, (gint32)(delay / 2 + 1));
  if (wanted > delay)
    delay = wanted;
  if (call->attempt >= call->attempts || !is_worth_another_attempt (call, error, status) ||
      delay > self->patience.longest_delay)
    {
      g_task_return_error (task, error);
      return;
    }
  call->lost_an_answer = call->lost_an_answer || ac_client_error_maybe_delivered (error);
  g_error_free (error);
  pause_start (task, (guint)delay);
}

static void
attempt_failed_in_transport (GTask *task, GError *error)
{
  AcTransport *self = g_task_get_source_object (task);
  Call *call = g_task_get_task_data (task);

  if (g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    {
      attempt_failed (task, error, 0);
      return;
    }
  attempt_failed (task, translate_transport_error (self, call, error), 0);
}

/* RFC 9457 where the service has written one; what stands in between (a proxy) says only a number.
 */
static GError *
read_error (AcTransport *self, Call *call, GBytes *body, const char *content_type)
{
  guint status = soup_message_get_status (call->message);
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *detail = NULL;
  const char *phrase;

  if (g_strcmp0 (content_type, PROBLEM_TYPE) == 0 || g_strcmp0 (content_type, JSON_TYPE) == 0)
    root = ac_json_parse (body, NULL);
  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    return ac_client_error_new_from_problem (
        ac_problem_new_from_json (json_node_get_object (root), status));
  phrase = soup_status_get_phrase (status);
  detail = g_strdup_printf (_ ("What answers at %s gave %u (%s) without saying why."),
                            self->address->text, status, phrase);
  return ac_client_error_new_from_problem (ac_problem_new (status, "about:blank", phrase, detail));
}

static GError *
error_of_answer (AcTransport *self, Call *call, GBytes *body, const char *content_type)
{
  GError *error = read_error (self, call, body, content_type);

  if (call->lost_an_answer && !ac_client_error_settles (error))
    ac_client_error_set_maybe_delivered (error);
  return error;
}

/* libsoup 3.2 takes a connection that closes early for the end of the answer, whatever length was
 * announced; so the bytes are counted as they came, before unpacking. HTTP/2 frames its end. */
static gboolean
is_cut_off (Call *call)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (call->message);
  SoupMessageMetrics *metrics = soup_message_get_metrics (call->message);

  return soup_message_get_http_version (call->message) < SOUP_HTTP_2_0 &&
         soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH &&
         soup_message_headers_get_content_length (headers) !=
             (goffset)soup_message_metrics_get_response_body_bytes_received (metrics);
}

static void
answer_complete (GTask *task)
{
  AcTransport *self = g_task_get_source_object (task);
  Call *call = g_task_get_task_data (task);
  SoupMessageHeaders *headers = soup_message_get_response_headers (call->message);
  const char *content_type = soup_message_headers_get_content_type (headers, NULL);
  guint status = soup_message_get_status (call->message);
  g_autoptr (GBytes) body = g_byte_array_free_to_bytes (g_steal_pointer (&call->answer));
  GError *error;

  if (is_cut_off (call))
    {
      error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT,
                                   _ ("It closed in the middle of an answer."));
      attempt_failed_in_transport (task, error);
      return;
    }
  if (!SOUP_STATUS_IS_SUCCESSFUL (status))
    {
      error = error_of_answer (self, call, body, content_type);
      ac_client_error_set_retry_after (error, retry_after_milliseconds (call->message));
      attempt_failed (task, error, status);
      return;
    }
  if (call->streaming || g_strcmp0 (content_type, JSON_TYPE) != 0)
    {
      g_autofree char *message = g_strdup_printf (
          _ ("What answers at %s sent %s instead of JSON. Is this the address of an Action Center "
             "service?"),
          self->address->text, content_type != NULL ? content_type : "something without a type");

      error = ac_client_error_new_undelivered (AC_CLIENT_ERROR_PROTOCOL, TRUE, message);
      attempt_failed (task, error, status);
      return;
    }
  call_end_attempt (call);
  if (strcmp (call->method, SOUP_METHOD_GET) == 0)
    ac_transport_emit_received (
        self, call->uri + strlen (self->address->base_uri) + strlen (BASE_PATH), body);
  g_task_return_pointer (task, g_steal_pointer (&body), (GDestroyNotify)g_bytes_unref);
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  AcTransport *self = g_task_get_source_object (task);
  Call *call = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;
  gsize size;

  bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (object), result, &error);
  if (bytes == NULL)
    {
      attempt_failed_in_transport (task, g_steal_pointer (&error));
      return;
    }
  size = g_bytes_get_size (bytes);
  if (size == 0)
    {
      answer_complete (task);
      return;
    }
  if (size > self->patience.largest_answer - call->answer->len)
    {
      g_autofree char *limit = g_format_size (self->patience.largest_answer);
      g_autofree char *message =
          g_strdup_printf (_ ("What answers at %s sent more than %s at once, more than any answer "
                              "of the service has."),
                           self->address->text, limit);

      attempt_failed (task,
                      ac_client_error_new_undelivered (AC_CLIENT_ERROR_PROTOCOL, TRUE, message), 0);
      return;
    }
  g_byte_array_append (call->answer, g_bytes_get_data (bytes, NULL), (guint)size);
  g_input_stream_read_bytes_async (call->stream, READ_SIZE, G_PRIORITY_DEFAULT, call->cancellable,
                                   read_cb, g_steal_pointer (&task));
}

static gboolean
is_stream (SoupMessage *message)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);

  return soup_message_get_status (message) == SOUP_STATUS_OK &&
         g_strcmp0 (soup_message_headers_get_content_type (headers, NULL), STREAM_TYPE) == 0;
}

static void
send_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Call *call = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  call->stream = soup_session_send_finish (SOUP_SESSION (object), result, &error);
  if (call->stream == NULL)
    {
      attempt_failed_in_transport (task, g_steal_pointer (&error));
      return;
    }
  if (call->streaming && is_stream (call->message))
    {
      g_autoptr (GInputStream) stream = g_steal_pointer (&call->stream);

      call_end_attempt (call);
      g_task_return_pointer (task, g_steal_pointer (&stream), g_object_unref);
      return;
    }
  call->answer = g_byte_array_new ();
  g_input_stream_read_bytes_async (call->stream, READ_SIZE, G_PRIORITY_DEFAULT, call->cancellable,
                                   read_cb, g_steal_pointer (&task));
}

static void
wrote_headers_cb (SoupMessage *message, gpointer data)
{
  Call *call = data;

  call->maybe_delivered = TRUE;
}

static gboolean
deadline_cb (gpointer data)
{
  Call *call = data;

  call->too_late = TRUE;
  g_cancellable_cancel (call->cancellable);
  return G_SOURCE_REMOVE;
}

static gboolean
cancelled_cb (GCancellable *outer, gpointer data)
{
  Call *call = data;

  g_cancellable_cancel (call->cancellable);
  return G_SOURCE_REMOVE;
}

/* Calls @callback with @call in the context of @task. libsoup 3.6 frees a message twice when it is
 * cancelled after its answer has come and before that is reported, which waits in the main loop at
 * the priority of the call: what cancels comes after that. */
static void
watch (GTask *task, GSource *source, GSourceFunc callback, Call *call)
{
  g_source_set_priority (source, G_PRIORITY_DEFAULT + 1);
  g_source_set_callback (source, callback, call, NULL);
  g_source_attach (source, g_task_get_context (task));
}

/* @silence: in milliseconds; 0: for ever */
static SoupSession *
session_new (AcTransport *self, guint silence)
{
  SoupSession *session = g_object_new (
      SOUP_TYPE_SESSION, "remote-connectable", self->socket, "timeout", (silence + 999) / 1000,
      "user-agent", "action-center/" AC_VERSION, "max-conns-per-host", MOST_CONNECTIONS, NULL);

  if (self->database != NULL)
    soup_session_set_tls_database (session, self->database);
  /* Plain HTTP stays on this machine; a proxy from the environment would carry the token off it. */
  if (g_str_has_prefix (self->address->base_uri, "http:"))
    soup_session_set_proxy_resolver (session, NULL);
  soup_session_remove_feature_by_type (session, SOUP_TYPE_AUTH_MANAGER);
  return session;
}

/* A decision waits behind no question that hangs: each kind has connections of its own, and a
 * stream would take one away for ever. */
static SoupSession *
session_for (AcTransport *self, const Call *call)
{
  if (call->streaming)
    return self->stream_session;
  if (g_str_equal (call->method, SOUP_METHOD_GET))
    return self->session;
  if (self->write_session == NULL)
    self->write_session = session_new (self, self->patience.silence);
  return self->write_session;
}

static void
attempt_start (GTask *task)
{
  AcTransport *self = g_task_get_source_object (task);
  Call *call = g_task_get_task_data (task);
  GCancellable *outer = g_task_get_cancellable (task);
  SoupMessageHeaders *headers;

  if (g_task_return_error_if_cancelled (task))
    return;

  call->attempt++;
  call->maybe_delivered = call->lost_an_answer;
  call->too_late = FALSE;
  call->garbled = FALSE;
  call->message = soup_message_new (call->method, call->uri);
  g_assert (call->message != NULL);
  /* The token must not follow a redirect to somewhere else. */
  soup_message_add_flags (call->message, SOUP_MESSAGE_NO_REDIRECT | SOUP_MESSAGE_COLLECT_METRICS);
  headers = soup_message_get_request_headers (call->message);
  soup_message_headers_replace (headers, "Authorization", self->authorization);
  soup_message_headers_replace (headers, "Accept",
                                call->streaming ? STREAM_TYPE ", " PROBLEM_TYPE
                                                : JSON_TYPE ", " PROBLEM_TYPE);
  /* What waits in a compressor to be worth sending is not heard at once; and on this machine there
   * is no wire that it would be worth the time. */
  if (call->streaming || self->address->is_local)
    soup_message_headers_replace (headers, "Accept-Encoding", "identity");
  if (call->last_event_id != NULL)
    soup_message_headers_replace (headers, "Last-Event-ID", call->last_event_id);
  if (call->idempotency_key != NULL)
    soup_message_headers_replace (headers, "Idempotency-Key", call->idempotency_key);
  if (call->body != NULL)
    soup_message_set_request_body_from_bytes (call->message, JSON_TYPE, call->body);
  g_signal_connect (call->message, "wrote-headers", G_CALLBACK (wrote_headers_cb), call);

  call->cancellable = g_cancellable_new ();
  if (outer != NULL)
    {
      call->cancelled = g_cancellable_source_new (outer);
      watch (task, call->cancelled, G_SOURCE_FUNC (cancelled_cb), call);
    }
  call->deadline = g_timeout_source_new (self->patience.whole);
  watch (task, call->deadline, deadline_cb, call);

  soup_session_send_async (session_for (self, call), call->message, G_PRIORITY_DEFAULT,
                           call->cancellable, send_cb, g_object_ref (task));
}

/* @task: (transfer full) */
static void
start (GTask *task, Call *call)
{
  /* An answer that has come stands, even when the cancellation comes at the same time: a decision
   * that was acknowledged must not look refused, and a stream wants to be closed by who has it. But
   * who has withdrawn a question gets no answer. */
  g_task_set_check_cancellable (task,
                                !call->streaming && strcmp (call->method, SOUP_METHOD_GET) == 0);
  g_task_set_task_data (task, call, call_free);
  attempt_start (task);
  g_object_unref (task);
}

static void
call_start (AcTransport *self,
            const char *method,
            const char *path,
            GBytes *body,
            const char *idempotency_key,
            guint attempts,
            GCancellable *cancellable,
            GAsyncReadyCallback callback,
            gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Call *call = g_new0 (Call, 1);

  g_task_set_name (task, "ac_transport call");
  call->method = method;
  call->uri = g_strconcat (self->address->base_uri, BASE_PATH, path, NULL);
  call->body = body != NULL ? g_bytes_ref (body) : NULL;
  call->idempotency_key = g_strdup (idempotency_key);
  call->attempts = attempts;
  start (task, call);
}

/**
 * ac_transport_new:
 * @address: see ac-service-address.h
 * @token: the person's bearer token
 * @ca_file: (nullable): PEM file of the only authorities to trust; %NULL: the system's
 * @patience: (nullable): limits; %NULL: those for a person at a desk
 *
 * Returns: (transfer full): the transport, or %NULL with an AC_CLIENT_ERROR: INVALID for an address
 * or token that cannot be used, TLS for a CA file that cannot be read.
 */
AcTransport *
ac_transport_new (const char *address,
                  const char *token,
                  const char *ca_file,
                  const AcPatience *patience,
                  GError **error)
{
  g_autoptr (AcTransport) self = g_object_new (AC_TYPE_TRANSPORT, NULL);
  g_autoptr (GError) local_error = NULL;

  g_return_val_if_fail (address != NULL, NULL);

  self->patience = patience != NULL ? *patience : default_patience;
  self->address = ac_service_address_parse (address, error);
  if (self->address == NULL)
    return NULL;
  if (token == NULL || !ac_token_is_bearer (token))
    {
      g_set_error_literal (
          error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_INVALID,
          _ ("That is not a token. Paste the one line that “action-centerd token add” "
             "has printed."));
      return NULL;
    }
  self->authorization = g_strconcat ("Bearer ", token, NULL);

  if (ca_file != NULL && *ca_file != '\0')
    {
      self->database = g_tls_file_database_new (ca_file, &local_error);
      if (self->database == NULL)
        {
          g_set_error (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_TLS,
                       _ ("The CA file %s cannot be used: %s"), ca_file, local_error->message);
          return NULL;
        }
    }
  if (self->address->socket_path != NULL)
    self->socket = g_unix_socket_address_new (self->address->socket_path);
  self->session = session_new (self, self->patience.silence);
  return g_steal_pointer (&self);
}

const char *
ac_transport_get_address (AcTransport *self)
{
  g_return_val_if_fail (AC_IS_TRANSPORT (self), NULL);

  return self->address->text;
}

/**
 * ac_transport_get_async:
 * @path: below /api/v1, escaped, with its query
 * @once: do not try again; for callers that ask regularly anyway
 */
void
ac_transport_get_async (AcTransport *self,
                        const char *path,
                        gboolean once,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_return_if_fail (AC_IS_TRANSPORT (self));

  call_start (self, SOUP_METHOD_GET, path, NULL, NULL, once ? 1 : self->patience.attempts,
              cancellable, callback, user_data);
}

/**
 * ac_transport_post_async:
 * @idempotency_key: stands for one intention; every attempt carries it
 */
void
ac_transport_post_async (AcTransport *self,
                         const char *path,
                         GBytes *body,
                         const char *idempotency_key,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_return_if_fail (AC_IS_TRANSPORT (self));
  g_return_if_fail (body != NULL && idempotency_key != NULL);

  call_start (self, SOUP_METHOD_POST, path, body, idempotency_key, self->patience.attempts,
              cancellable, callback, user_data);
}

/**
 * ac_transport_delete_async:
 * @path: below /api/v1, escaped
 *
 * To delete twice is to delete once, so it needs no key to be tried again.
 */
void
ac_transport_delete_async (AcTransport *self,
                           const char *path,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_return_if_fail (AC_IS_TRANSPORT (self));

  call_start (self, SOUP_METHOD_DELETE, path, NULL, NULL, self->patience.attempts, cancellable,
              callback, user_data);
}

/**
 * ac_transport_finish:
 *
 * Returns: (transfer full): the JSON text of an answer 2xx, or %NULL with an AC_CLIENT_ERROR or
 * G_IO_ERROR_CANCELLED.
 */
GBytes *
ac_transport_finish (AcTransport *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * ac_transport_emit_received:
 * @path: below /api/v1, escaped, with its query
 *
 * For who reads a stream, of which only its reader knows where an event begins and ends.
 */
void
ac_transport_emit_received (AcTransport *self, const char *path, GBytes *answer)
{
  g_return_if_fail (AC_IS_TRANSPORT (self));

  g_signal_emit (self, signals[RECEIVED], 0, path, answer);
}

/**
 * ac_transport_stream_async:
 * @path: below /api/v1, escaped, with its query
 * @last_event_id: (nullable): goes into the header of that name
 *
 * Asks once for a stream of events. Silence on it is for the caller to notice.
 */
void
ac_transport_stream_async (AcTransport *self,
                           const char *path,
                           const char *last_event_id,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  GTask *task;
  Call *call;

  g_return_if_fail (AC_IS_TRANSPORT (self));

  if (self->stream_session == NULL)
    self->stream_session = session_new (self, 0);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_name (task, "ac_transport stream");
  call = g_new0 (Call, 1);
  call->method = SOUP_METHOD_GET;
  call->uri = g_strconcat (self->address->base_uri, BASE_PATH, path, NULL);
  call->last_event_id = g_strdup (last_event_id);
  call->attempts = 1;
  call->streaming = TRUE;
  start (task, call);
}

/**
 * ac_transport_stream_finish:
 *
 * Returns: (transfer full): the events as they come, to be closed; or %NULL with an AC_CLIENT_ERROR
 * or G_IO_ERROR_CANCELLED.
 */
GInputStream *
ac_transport_stream_finish (AcTransport *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * ac_transport_new_lost:
 * @cause: (transfer full): what the reading of an answer has given
 *
 * Returns: (transfer full): the error of a stream that was lost, in words.
 */
GError *
ac_transport_new_lost (AcTransport *self, GError *cause)
{
  GError *error;

  g_return_val_if_fail (AC_IS_TRANSPORT (self), cause);

  error =
      g_error_new (AC_CLIENT_ERROR, AC_CLIENT_ERROR_OFFLINE,
                   _ ("The connection to %s was lost: %s"), self->address->text, cause->message);
  g_error_free (cause);
  return error;
}

/**
 * ac_transport_dup_identity:
 *
 * Returns: (transfer full): a digest that stands for the address with the token, and gives neither
 * away.
 */
char *
ac_transport_dup_identity (AcTransport *self)
{
  g_autofree char *both = NULL;

  g_return_val_if_fail (AC_IS_TRANSPORT (self), NULL);

  both = g_strconcat (self->address->text, "\n", self->authorization, NULL);
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, both, -1);
}

const AcPatience *
ac_transport_get_patience (AcTransport *self)
{
  return &self->patience;
}
