/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include "responders/ac-server-stream.h"

struct _AcServerStream
{
  const AcServerProtocol *protocol;
  char *host;
  GTlsDatabase *database; /* nullable */
  GSocketConnection *socket;
  GIOStream *stream; /* the socket, or TLS over it */
  AcServerReader *reader;
  GCancellable *cancellable; /* nullable */
  guint timeout;             /* seconds, at this moment */
  guint16 port;
  gboolean is_secure;
  gboolean is_lost; /* out of step: nothing more can be said on it */
};

/* Turns an error of GIO into one of ours; a cancellation stays what it is. */
static void
translate_error (AcServerStream *self, GError **error, GError *from)
{
  self->is_lost = TRUE;
  if (from->domain == AC_STREAM_ERROR || g_error_matches (from, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, from);
      return;
    }
  if (g_error_matches (from, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    g_set_error (error, AC_STREAM_ERROR, AC_STREAM_ERROR_TIMED_OUT,
                 "The mail server has not answered for %u seconds.", self->timeout);
  else
    g_set_error (error, AC_STREAM_ERROR, AC_STREAM_ERROR_CLOSED,
                 "The connection to the mail server was lost: %s", from->message);
  g_error_free (from);
}

/**
 * ac_server_stream_open:
 * @protocol: stays where it is
 * @cancellable: (nullable): for everything that is done with the stream
 *
 * Returns: (transfer full): the stream, without TLS yet; or %NULL with AC_STREAM_ERROR_UNREACHABLE
 * or %G_IO_ERROR_CANCELLED.
 */
AcServerStream *
ac_server_stream_open (const AcServerEndpoint *endpoint,
                       const AcServerProtocol *protocol,
                       GCancellable *cancellable,
                       GError **error)
{
  g_autoptr (AcServerStream) self = g_new0 (AcServerStream, 1);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  GError *problem = NULL;

  self->protocol = protocol;
  self->host = g_strdup (endpoint->host);
  self->port = endpoint->port;
  self->timeout = endpoint->timeout;
  g_set_object (&self->database, endpoint->database);
  g_set_object (&self->cancellable, cancellable);
  g_socket_client_set_timeout (client, endpoint->timeout);
  g_socket_client_set_enable_proxy (client, FALSE);
  self->socket = g_socket_client_connect_to_host (client, endpoint->host, endpoint->port,
                                                  cancellable, &problem);
  if (self->socket == NULL)
    {
      if (g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        {
          g_propagate_error (error, problem);
          return NULL;
        }
      g_set_error (error, AC_STREAM_ERROR, AC_STREAM_ERROR_UNREACHABLE,
                   "The mail server %s:%u cannot be reached: %s. Check that it is running and that "
                   "nothing stands between it and this service, then try again.",
                   endpoint->host, endpoint->port, problem->message);
      g_error_free (problem);
      return NULL;
    }
  g_socket_set_timeout (g_socket_connection_get_socket (self->socket), endpoint->timeout);
  /* A command is complete when it is written: held back until the one before is acknowledged
   * (RFC 9293 §3.7.4), it would wait for the server's delayed acknowledgement, 40 ms each. */
  g_socket_set_option (g_socket_connection_get_socket (self->socket), IPPROTO_TCP, TCP_NODELAY, 1,
                       NULL);
  self->stream = g_object_ref (G_IO_STREAM (self->socket));
  self->reader = ac_server_reader_new (g_io_stream_get_input_stream (self->stream), protocol);
  return g_steal_pointer (&self);
}

void
ac_server_stream_free (AcServerStream *self)
{
  if (self->stream != NULL)
    {
      /* Without the cancellable and without waiting: the socket is to be closed in any case. */
      g_socket_set_timeout (g_socket_connection_get_socket (self->socket), 1);
      g_io_stream_close (self->stream, NULL, NULL);
    }
  g_clear_object (&self->stream);
  g_clear_object (&self->socket);
  g_clear_pointer (&self->reader, ac_server_reader_free);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->database);
  g_free (self->host);
  g_free (self);
}

static const char *
words_for_certificate (GTlsCertificateFlags flags)
{
  if (flags & G_TLS_CERTIFICATE_UNKNOWN_CA)
    return "it was not signed by an authority that this service trusts; name the right one in "
           "ca-file";
  if (flags & G_TLS_CERTIFICATE_BAD_IDENTITY)
    return "it belongs to a server of another name";
  if (flags & G_TLS_CERTIFICATE_EXPIRED)
    return "it has expired";
  if (flags & G_TLS_CERTIFICATE_NOT_ACTIVATED)
    return "it is not valid yet";
  if (flags & G_TLS_CERTIFICATE_REVOKED)
    return "it has been revoked";
  return "it is not sound";
}

static void
explain_handshake (AcServerStream *self, GIOStream *tls, GError *problem, GError **error)
{
  GTlsCertificateFlags flags =
      g_tls_connection_get_peer_certificate_errors (G_TLS_CONNECTION (tls));

  self->is_lost = TRUE;
  if (g_error_matches (problem, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE))
    g_set_error (error, AC_STREAM_ERROR, AC_STREAM_ERROR_TLS,
                 "The mail server's certificate is not trusted: %s.",
                 words_for_certificate (flags));
  /* GIO says so too when the server ends in the middle of the handshake, so it is worth another
   * try. */
  else if (problem->domain == G_TLS_ERROR && problem->code != G_TLS_ERROR_EOF)
    g_set_error (error, AC_STREAM_ERROR, AC_STREAM_ERROR_CLOSED,
                 "No TLS session with the mail server came about: %s", problem->message);
  else
    {
      translate_error (self, error, problem);
      return;
    }
  g_error_free (problem);
}

/* The authorities to trust are told at once: a connection without them reads all those of the
 * system first, each time anew, which takes longer than the handshake. */
static GIOStream *
tls_new (AcServerStream *self, GError **error)
{
  g_autoptr (GSocketConnectable) identity = g_network_address_new (self->host, self->port);

  if (self->database == NULL)
    return g_tls_client_connection_new (self->stream, identity, error);
  return g_initable_new (g_tls_backend_get_client_connection_type (g_tls_backend_get_default ()),
                         self->cancellable, error, "base-io-stream", self->stream,
                         "server-identity", identity, "database", self->database, NULL);
}

/**
 * ac_server_stream_start_tls:
 *
 * Begins TLS and checks the certificate. After STARTTLS it is to be called right after the answer
 * was read: whatever the server has said in the clear since is refused.
 *
 * Returns: whether it did; AC_STREAM_ERROR or %G_IO_ERROR_CANCELLED.
 */
gboolean
ac_server_stream_start_tls (AcServerStream *self, GError **error)
{
  g_autoptr (GIOStream) tls = NULL;
  GError *problem = NULL;

  /* Believing it later as if it had come by TLS is what CVE-2011-0411 and its relatives live on. */
  if (!ac_server_reader_is_empty (self->reader))
    {
      self->is_lost = TRUE;
      g_set_error (
          error, AC_STREAM_ERROR, AC_STREAM_ERROR_PROTOCOL,
          "The mail server's answer is no %s: something was said between STARTTLS and TLS.",
          self->protocol->name);
      return FALSE;
    }
  tls = tls_new (self, &problem);
  if (tls == NULL)
    {
      g_set_error (error, AC_STREAM_ERROR, AC_STREAM_ERROR_TLS,
                   "There is no TLS on this machine: %s", problem->message);
      g_error_free (problem);
      return FALSE;
    }
  if (!g_tls_connection_handshake (G_TLS_CONNECTION (tls), self->cancellable, &problem))
    {
      explain_handshake (self, tls, problem, error);
      return FALSE;
    }
  g_set_object (&self->stream, tls);
  ac_server_reader_free (self->reader);
  self->reader = ac_server_reader_new (g_io_stream_get_input_stream (tls), self->protocol);
  self->is_secure = TRUE;
  return TRUE;
}

/**
 * ac_server_stream_read:
 *
 * Returns: (transfer full): the bytes of one response, without the CRLF at its end; or %NULL with
 *   AC_STREAM_ERROR or %G_IO_ERROR_CANCELLED.
 */
GByteArray *
ac_server_stream_read (AcServerStream *self, GError **error)
{
  GError *problem = NULL;
  GByteArray *bytes = ac_server_reader_read (self->reader, self->cancellable, &problem);

  if (bytes == NULL)
    translate_error (self, error, problem);
  return bytes;
}

/**
 * ac_server_stream_write:
 *
 * Returns: whether all of it was written; AC_STREAM_ERROR or %G_IO_ERROR_CANCELLED.
 */
gboolean
ac_server_stream_write (AcServerStream *self, const char *text, gsize length, GError **error)
{
  GError *problem = NULL;

  if (g_output_stream_write_all (g_io_stream_get_output_stream (self->stream), text, length, NULL,
                                 self->cancellable, &problem))
    return TRUE;
  translate_error (self, error, problem);
  return FALSE;
}

/**
 * ac_server_stream_get_timeout:
 *
 * Returns: how many seconds the server has for each answer.
 */
guint
ac_server_stream_get_timeout (AcServerStream *self)
{
  return self->timeout;
}

/**
 * ac_server_stream_set_timeout:
 * @seconds: for each answer from now on
 */
void
ac_server_stream_set_timeout (AcServerStream *self, guint seconds)
{
  self->timeout = seconds;
  g_socket_set_timeout (g_socket_connection_get_socket (self->socket), seconds);
}

gboolean
ac_server_stream_is_secure (AcServerStream *self)
{
  return self->is_secure;
}

gboolean
ac_server_stream_is_lost (AcServerStream *self)
{
  return self->is_lost;
}

/**
 * ac_server_stream_lose:
 *
 * Notes that whoever reads the responses has come out of step with the server.
 */
void
ac_server_stream_lose (AcServerStream *self)
{
  self->is_lost = TRUE;
}
