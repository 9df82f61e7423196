/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gunixsocketaddress.h>
#include <string.h>

#include "harness.h"

const AcPatience quick_patience = {
  .attempts = 5,
  .first_delay = 2,
  .longest_delay = 3000,
  .silence = 20000,
  .whole = 20000,
  .largest_answer = 4 * 1024 * 1024,
  .first_event = 20000,
  .quiet_stream = 20000,
  .interval = 20,
  .without_stream = 60 * 1000,
};

/* The loop has to come round for the time limit to be seen. */
gboolean
wait_tick_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* Under valgrind all is slower. */
gint64
patience_factor (void)
{
  const char *text = g_getenv ("MESON_TEST_TIMEOUT_FACTOR");
  const char *preload = g_getenv ("LD_PRELOAD");

  if (text != NULL)
    return MAX (1, g_ascii_strtoll (text, NULL, 10));
  return preload != NULL && strstr (preload, "vgpreload") != NULL ? 12 : 3;
}

void
store_result_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **place = user_data;

  g_assert_null (*place);
  *place = g_object_ref (result);
}

/* Waits for a call started with store_result_cb; returns its result, still owned by @result. */
GAsyncResult *
await (GAsyncResult **result)
{
  wait_until (*result != NULL);
  return *result;
}

struct _FakeService
{
  SoupServer *server;
  FakeHandler handler;
  gpointer user_data;
  GPtrArray *requests; /* of FakeRequest */
  char *address;
  GTlsCertificate *certificate; /* nullable */
  char *socket_path;            /* nullable */
  guint port;
  GSocketService *listener; /* nullable: takes connections for a service with a certificate */
  GCancellable *stopping;   /* with listener */
  guint handshakes;         /* begun and not yet over */
};

static void
fake_request_free (gpointer data)
{
  FakeRequest *request = data;

  g_free (request->method);
  g_free (request->path);
  g_free (request->query);
  g_free (request->idempotency_key);
  g_free (request->authorization);
  g_free (request->accept_encoding);
  g_free (request->body);
  g_free (request);
}

static void
handle_cb (SoupServer *server,
           SoupServerMessage *message,
           const char *path,
           GHashTable *query,
           gpointer user_data)
{
  FakeService *service = user_data;
  FakeRequest *request = g_new0 (FakeRequest, 1);
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  SoupMessageBody *body = soup_server_message_get_request_body (message);

  g_assert_true (g_str_has_prefix (path, "/api/v1/"));
  request->method = g_strdup (soup_server_message_get_method (message));
  request->path = g_strdup (path + strlen ("/api/v1"));
  request->query = g_strdup (g_uri_get_query (soup_server_message_get_uri (message)));
  request->idempotency_key = g_strdup (soup_message_headers_get_one (headers, "Idempotency-Key"));
  request->authorization = g_strdup (soup_message_headers_get_one (headers, "Authorization"));
  request->accept_encoding = g_strdup (soup_message_headers_get_one (headers, "Accept-Encoding"));
  request->body = g_strndup (body->data != NULL ? body->data : "", (gsize)body->length);
  g_ptr_array_add (service->requests, request);
  service->handler (service, message, request, service->requests->len, service->user_data);
}

static void
handshake_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  FakeService *service = user_data;
  g_autoptr (GTlsConnection) connection = G_TLS_CONNECTION (object);
  g_autoptr (GSocketConnection) plain = NULL;
  g_autoptr (GSocketAddress) here = NULL;
  g_autoptr (GSocketAddress) there = NULL;
  g_autoptr (GError) error = NULL;

  service->handshakes--;
  /* A client that refuses the certificate is what some tests are about. */
  if (!g_tls_connection_handshake_finish (connection, result, NULL))
    return;
  g_object_get (connection, "base-io-stream", &plain, NULL);
  here = g_socket_connection_get_local_address (plain, NULL);
  there = g_socket_connection_get_remote_address (plain, NULL);
  soup_server_accept_iostream (service->server, G_IO_STREAM (connection), here, there, &error);
  g_assert_no_error (error);
}

static gboolean
incoming_cb (GSocketService *listener,
             GSocketConnection *connection,
             GObject *source,
             gpointer user_data)
{
  FakeService *service = user_data;
  g_autoptr (GError) error = NULL;
  GIOStream *secure =
      g_tls_server_connection_new (G_IO_STREAM (connection), service->certificate, &error);

  g_assert_no_error (error);
  service->handshakes++;
  g_tls_connection_handshake_async (G_TLS_CONNECTION (secure), G_PRIORITY_DEFAULT,
                                    service->stopping, handshake_cb, service);
  return TRUE;
}

/* The handshakes are done here, because libsoup up to 3.6 forgets one that is still going on when
 * its server is told to disconnect, and its end then meets freed memory. */
static void
listen_with_certificate (FakeService *service)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) wanted = g_inet_socket_address_new (loopback, (guint16)service->port);
  g_autoptr (GSocketAddress) effective = NULL;

  service->stopping = g_cancellable_new ();
  service->listener = g_socket_service_new ();
  g_socket_listener_add_address (G_SOCKET_LISTENER (service->listener), wanted,
                                 G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, &effective,
                                 &error);
  g_assert_no_error (error);
  g_signal_connect (service->listener, "incoming", G_CALLBACK (incoming_cb), service);
  service->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective));
  g_free (service->address);
  service->address = g_strdup_printf ("https://127.0.0.1:%u", service->port);
}

void
fake_service_start (FakeService *service)
{
  g_autoptr (GError) error = NULL;
  GSList *uris;

  g_assert_null (service->server);
  service->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (service->server, NULL, handle_cb, service, NULL);
  if (service->certificate != NULL)
    {
      listen_with_certificate (service);
      return;
    }
  if (service->socket_path != NULL)
    {
      g_autoptr (GSocketAddress) address = g_unix_socket_address_new (service->socket_path);

      soup_server_listen (service->server, address, 0, &error);
      g_assert_no_error (error);
      g_free (service->address);
      service->address = g_strconcat ("unix:", service->socket_path, NULL);
      return;
    }
  soup_server_listen_local (service->server, service->port, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (service->server);
  service->port = (guint)g_uri_get_port (uris->data);
  g_free (service->address);
  service->address = g_strdup_printf ("http://127.0.0.1:%u", service->port);
  g_slist_free_full (uris, (GDestroyNotify)g_uri_unref);
}

void
fake_service_stop (FakeService *service)
{
  if (service->listener != NULL)
    {
      g_socket_service_stop (service->listener);
      g_socket_listener_close (G_SOCKET_LISTENER (service->listener));
      g_cancellable_cancel (service->stopping);
      wait_until (service->handshakes == 0);
      g_clear_object (&service->listener);
      g_clear_object (&service->stopping);
    }
  soup_server_disconnect (service->server);
  g_clear_object (&service->server);
  /* Its connections close in the loop. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static FakeService *
fake_service_new_full (FakeHandler handler,
                       gpointer user_data,
                       GTlsCertificate *certificate,
                       const char *socket_path)
{
  FakeService *service = g_new0 (FakeService, 1);

  service->handler = handler;
  service->user_data = user_data;
  service->requests = g_ptr_array_new_with_free_func (fake_request_free);
  service->certificate = certificate != NULL ? g_object_ref (certificate) : NULL;
  service->socket_path = g_strdup (socket_path);
  fake_service_start (service);
  return service;
}

FakeService *
fake_service_new (FakeHandler handler, gpointer user_data)
{
  return fake_service_new_full (handler, user_data, NULL, NULL);
}

FakeService *
fake_service_new_tls (FakeHandler handler, gpointer user_data, GTlsCertificate *certificate)
{
  return fake_service_new_full (handler, user_data, certificate, NULL);
}

FakeService *
fake_service_new_unix (FakeHandler handler, gpointer user_data, const char *path)
{
  return fake_service_new_full (handler, user_data, NULL, path);
}

const char *
fake_service_get_address (FakeService *service)
{
  return service->address;
}

GPtrArray *
fake_service_get_requests (FakeService *service)
{
  return service->requests;
}

/* How many requests of that kind have come. */
guint
fake_service_count (FakeService *service, const char *method, const char *path)
{
  guint count = 0;

  for (guint i = 0; i < service->requests->len; i++)
    {
      const FakeRequest *request = service->requests->pdata[i];

      if (g_str_equal (request->method, method) && g_str_equal (request->path, path))
        count++;
    }
  return count;
}

void
fake_service_free (FakeService *service)
{
  if (service->server != NULL)
    fake_service_stop (service);
  g_clear_object (&service->certificate);
  g_ptr_array_unref (service->requests);
  g_free (service->address);
  g_free (service->socket_path);
  g_free (service);
}

static void
answer_as (SoupServerMessage *message, guint status, const char *type, const char *body)
{
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, type, SOUP_MEMORY_COPY, body, strlen (body));
}

void
fake_answer (SoupServerMessage *message, guint status, const char *json)
{
  answer_as (message, status, "application/json", json);
}

void
fake_problem (SoupServerMessage *message, guint status, const char *key, const char *detail)
{
  g_autofree char *body =
      g_strdup_printf ("{\"type\":\"urn:action-center:problem:%s\",\"title\":\"%s\",\"status\":%u,"
                       "\"detail\":\"%s\"}",
                       key, key, status, detail);

  answer_as (message, status, "application/problem+json", body);
}

void
fake_stream_begin (SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  soup_server_message_set_status (message, 200, NULL);
  soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
  soup_message_headers_set_content_type (headers, "text/event-stream", NULL);
  soup_message_body_set_accumulate (soup_server_message_get_response_body (message), FALSE);
}

void
fake_stream_send (SoupServerMessage *message, const char *text)
{
  soup_message_body_append (soup_server_message_get_response_body (message), SOUP_MEMORY_COPY, text,
                            strlen (text));
  soup_server_message_unpause (message);
}

void
fake_stream_end (SoupServerMessage *message)
{
  soup_message_body_complete (soup_server_message_get_response_body (message));
  soup_server_message_unpause (message);
}

struct _RawService
{
  GSocketService *service;
  char *bytes;
  char *address;
  guint connections;
};

typedef struct
{
  RawService *service;
  GSocketConnection *connection;
  char buffer[65536];
} RawConnection;

static void
raw_closed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  RawConnection *raw = user_data;

  g_io_stream_close_finish (G_IO_STREAM (object), result, NULL);
  g_object_unref (raw->connection);
  g_free (raw);
}

static void
raw_written_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  RawConnection *raw = user_data;

  g_output_stream_write_all_finish (G_OUTPUT_STREAM (object), result, NULL, NULL);
  g_io_stream_close_async (G_IO_STREAM (raw->connection), G_PRIORITY_DEFAULT, NULL, raw_closed_cb,
                           raw);
}

static void
raw_read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  RawConnection *raw = user_data;

  g_input_stream_read_finish (G_INPUT_STREAM (object), result, NULL);
  g_output_stream_write_all_async (g_io_stream_get_output_stream (G_IO_STREAM (raw->connection)),
                                   raw->service->bytes, strlen (raw->service->bytes),
                                   G_PRIORITY_DEFAULT, NULL, raw_written_cb, raw);
}

static gboolean
raw_incoming_cb (GSocketService *socket_service,
                 GSocketConnection *connection,
                 GObject *source,
                 gpointer user_data)
{
  RawConnection *raw = g_new0 (RawConnection, 1);

  raw->service = user_data;
  raw->service->connections++;
  raw->connection = g_object_ref (connection);
  g_input_stream_read_async (g_io_stream_get_input_stream (G_IO_STREAM (connection)), raw->buffer,
                             sizeof raw->buffer, G_PRIORITY_DEFAULT, NULL, raw_read_cb, raw);
  return TRUE;
}

RawService *
raw_service_new (const char *bytes)
{
  RawService *service = g_new0 (RawService, 1);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) wanted = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) got = NULL;
  g_autoptr (GError) error = NULL;

  service->bytes = g_strdup (bytes);
  service->service = g_socket_service_new ();
  g_socket_listener_add_address (G_SOCKET_LISTENER (service->service), wanted, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &got, &error);
  g_assert_no_error (error);
  service->address = g_strdup_printf ("http://127.0.0.1:%u",
                                      g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (got)));
  g_signal_connect (service->service, "incoming", G_CALLBACK (raw_incoming_cb), service);
  g_socket_service_start (service->service);
  return service;
}

const char *
raw_service_get_address (RawService *service)
{
  return service->address;
}

guint
raw_service_get_connections (RawService *service)
{
  return service->connections;
}

void
raw_service_free (RawService *service)
{
  g_socket_service_stop (service->service);
  g_socket_listener_close (G_SOCKET_LISTENER (service->service));
  g_object_unref (service->service);
  g_free (service->bytes);
  g_free (service->address);
  g_free (service);
}

AcApi *
api_for (const char *address)
{
  g_autoptr (GError) error = NULL;
  AcApi *api = ac_api_new_with_patience (address, TEST_TOKEN, NULL, &quick_patience, &error);

  g_assert_no_error (error);
  return api;
}

char *
action_json (const char *id, gint64 version, const char *status)
{
  return g_strdup_printf (
      "{\"id\":\"%s\",\"version\":%" G_GINT64_FORMAT ",\"type\":\"softDeleteEmail\","
      "\"status\":\"%s\",\"verdict\":\"malicious\",\"source\":\"automatedEmail\","
      "\"entity\":{\"type\":\"emailMessage\",\"messageId\":\"<%s@example.test>\"},"
      "\"assets\":[\"alice@example.test\"],\"createdAt\":\"2026-01-01T00:00:00Z\","
      "\"updatedAt\":\"2026-01-01T00:00:00Z\",\"undoable\":%s}",
      id, version, status, id, g_str_equal (status, "completed") ? "true" : "false");
}

char *
id_of (guint number)
{
  return g_strdup_printf ("%08x-0000-4000-8000-000000000000", number);
}

/* The id of one key, or NULL. */
char *
dup_id_of_key (AcActionSource *source, guint64 key)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) ids = NULL;

  ac_action_source_load_ids_async (source, &key, 1, NULL, store_result_cb, &result);
  ids = ac_action_source_load_ids_finish (source, await (&result), &error);
  g_assert_no_error (error);
  return g_strdup (ids[0]);
}

/* The key of an action, or 0. */
guint64
key_of_id (AcActionSource *source, const char *id)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  guint64 key;

  ac_action_source_find_key_async (source, id, NULL, store_result_cb, &result);
  ac_action_source_find_key_finish (source, await (&result), &key, &error);
  g_assert_no_error (error);
  return key;
}
