/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "responders/ac-imap-connection.h"
#include "responders/ac-imap-reader.h"

/* The LITERAL- extension (RFC 7888) lets short literals go without waiting. */
#define MAX_SHORT_LITERAL 4096
/* One command may take so many times the patience for one answer: a server that moves a great deal
 * of mail says so every now and then. */
#define MAX_ANSWERS_PATIENCE 10
/* More than any command of ours is answered with. */
#define MAX_RESPONSES 500000

struct _AcImapConnection
{
  GSocketConnection *socket;
  GIOStream *stream; /* the socket, or TLS over it */
  AcImapReader *reader;
  GCancellable *cancellable; /* nullable */
  GHashTable *capabilities;  /* in capitals; empty: not known */
  char *bye;                 /* nullable: why the server hangs up */
  guint timeout;             /* seconds, at this moment */
  guint n_commands;
  gboolean is_secure;
  gboolean is_lost; /* out of step: nothing more can be said on it */
};

/* Turns an error of the stream into one of ours; a cancellation stays what it is. */
static void
translate_stream_error (AcImapConnection *self, GError **error, GError *from)
{
  self->is_lost = TRUE;
  if (g_error_matches (from, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, from);
      return;
    }
  if (from->domain != AC_IMAP_ERROR)
    {
      if (g_error_matches (from, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
        g_set_error (error, AC_IMAP_ERROR, AC_IMAP_ERROR_TIMED_OUT,
                     "The mail server has not answered for %u seconds.", self->timeout);
      else
        g_set_error (error, AC_IMAP_ERROR, AC_IMAP_ERROR_CLOSED,
                     "The connection to the mail server was lost: %s", from->message);
      g_error_free (from);
      return;
    }
  if (from->code == AC_IMAP_ERROR_CLOSED && self->bye != NULL)
    g_set_error (error, AC_IMAP_ERROR, AC_IMAP_ERROR_CLOSED,
                 "The mail server has closed the connection and says: %s", self->bye);
  else
    {
      g_propagate_error (error, from);
      return;
    }
  g_error_free (from);
}

static void
take_capabilities (AcImapConnection *self, const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  g_hash_table_remove_all (self->capabilities);
  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0')
      g_hash_table_add (self->capabilities, g_ascii_strup (words[i], -1));
}

/* What any response may carry on the side. */
static void
notice (AcImapConnection *self, AcImapResponse *response)
{
  if (g_strcmp0 (response->code, "CAPABILITY") == 0 && response->code_text != NULL)
    take_capabilities (self, response->code_text);
  if (g_strcmp0 (response->name, "CAPABILITY") == 0)
    {
      g_autoptr (GString) text = g_string_new (NULL);

      for (guint i = 0; i < response->values->len; i++)
        {
          const char *word = ac_imap_value_get_text (response->values->pdata[i]);

          if (word != NULL)
            g_string_append_printf (text, "%s ", word);
        }
      take_capabilities (self, text->str);
    }
  if (response->status == AC_IMAP_STATUS_BYE)
    {
      g_free (self->bye);
      self->bye = g_strdup (response->text);
    }
}

static AcImapResponse *
read_response (AcImapConnection *self, GError **error)
{
  g_autoptr (GByteArray) bytes = NULL;
  g_autoptr (AcImapResponse) response = NULL;
  GError *problem = NULL;

  bytes = ac_imap_reader_read (self->reader, self->cancellable, &problem);
  if (bytes != NULL)
    response = ac_imap_response_parse ((const char *)bytes->data, bytes->len, &problem);
  if (response == NULL)
    {
      translate_stream_error (self, error, problem);
      return NULL;
    }
  notice (self, response);
  return g_steal_pointer (&response);
}

static gboolean
write_text (AcImapConnection *self, const char *text, gsize length, GError **error)
{
  GError *problem = NULL;

  if (g_output_stream_write_all (g_io_stream_get_output_stream (self->stream), text, length, NULL,
                                 self->cancellable, &problem))
    return TRUE;
  translate_stream_error (self, error, problem);
  return FALSE;
}

static gboolean
out_of_step (AcImapConnection *self, GError **error, const char *what)
{
  self->is_lost = TRUE;
  g_set_error (error, AC_IMAP_ERROR, AC_IMAP_ERROR_PROTOCOL,
               "The mail server's answer is no IMAP: %s.", what);
  return FALSE;
}

static AcImapError
code_of_refusal (const AcImapResponse *response)
{
  static const struct
  {
    const char *code; /* RFC 5530, RFC 9051 section 7.1 */
    AcImapError error;
  } codes[] = {
    { "NONEXISTENT", AC_IMAP_ERROR_NO_FOLDER },
    { "TRYCREATE", AC_IMAP_ERROR_NO_FOLDER },
    { "EXPUNGEISSUED", AC_IMAP_ERROR_CHANGED },
    { "OVERQUOTA", AC_IMAP_ERROR_OVER_QUOTA },
    { "UNAVAILABLE", AC_IMAP_ERROR_UNAVAILABLE },
    { "INUSE", AC_IMAP_ERROR_UNAVAILABLE },
    { "LIMIT", AC_IMAP_ERROR_UNAVAILABLE },
    /* Dovecot says so of whatever went wrong inside it, a full disk for one. */
    { "SERVERBUG", AC_IMAP_ERROR_UNAVAILABLE },
    { "AUTHENTICATIONFAILED", AC_IMAP_ERROR_AUTHENTICATION },
    { "AUTHORIZATIONFAILED", AC_IMAP_ERROR_AUTHENTICATION },
    { "EXPIRED", AC_IMAP_ERROR_AUTHENTICATION },
  };

  for (gsize i = 0; response->code != NULL && i < G_N_ELEMENTS (codes); i++)
    if (strcmp (response->code, codes[i].code) == 0)
      return codes[i].error;
  return AC_IMAP_ERROR_REFUSED;
}

static gboolean
set_refusal (const AcImapResponse *response, GError **error)
{
  g_set_error (error, AC_IMAP_ERROR, (int)code_of_refusal (response), "The mail server says: %s",
               *response->text != '\0' ? response->text : "No.");
  return FALSE;
}

/* Reads up to the end of the command with this tag, or, where that is asked for, up to a “+”.
 * Appends what came to responses, which may be NULL. FALSE as well when the server refuses. */
static gboolean
read_answer (AcImapConnection *self,
             const char *tag,
             gboolean until_continuation,
             GPtrArray *responses,
             GError **error)
{
  gint64 deadline =
      g_get_monotonic_time () + (gint64)self->timeout * MAX_ANSWERS_PATIENCE * G_USEC_PER_SEC;

  for (guint n = 0; n < MAX_RESPONSES; n++)
    {
      g_autoptr (AcImapResponse) response = read_response (self, error);

      if (response == NULL)
        return FALSE;
      if (response->is_continuation)
        return until_continuation || out_of_step (self, error, "a “+” was not asked for");
      if (response->tag != NULL)
        {
          AcImapStatus status = response->status;

          if (strcmp (response->tag, tag) != 0)
            return out_of_step (self, error, "a command was answered that was not given");
          if (status == AC_IMAP_STATUS_NO || status == AC_IMAP_STATUS_BAD)
            return set_refusal (response, error);
          if (status != AC_IMAP_STATUS_OK || until_continuation)
            return out_of_step (self, error, "a command ended before it was given");
          if (responses != NULL)
            g_ptr_array_add (responses, g_steal_pointer (&response));
          return TRUE;
        }
      if (responses != NULL)
        g_ptr_array_add (responses, g_steal_pointer (&response));
      if (g_get_monotonic_time () > deadline)
        {
          self->is_lost = TRUE;
          g_set_error (error, AC_IMAP_ERROR, AC_IMAP_ERROR_TIMED_OUT,
                       "The mail server has not come to the end of an answer for %u seconds.",
                       self->timeout * MAX_ANSWERS_PATIENCE);
          return FALSE;
        }
    }
  return out_of_step (self, error, "it does not end");
}

static char *
next_tag (AcImapConnection *self)
{
  return g_strdup_printf ("a%u", ++self->n_commands);
}

/* Sends a line of our own and reads the answer. */
static gboolean
run_line (AcImapConnection *self, const char *line, GError **error)
{
  g_autofree char *tag = next_tag (self);
  g_autofree char *text = g_strdup_printf ("%s %s\r\n", tag, line);

  return write_text (self, text, strlen (text), error) &&
         read_answer (self, tag, FALSE, NULL, error);
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

static gboolean
start_tls (AcImapConnection *self, const AcImapEndpoint *endpoint, GError **error)
{
  g_autoptr (GSocketConnectable) identity = g_network_address_new (endpoint->host, endpoint->port);
  g_autoptr (GIOStream) tls = NULL;
  GError *problem = NULL;

  tls = g_tls_client_connection_new (self->stream, identity, &problem);
  if (tls == NULL)
    {
      g_set_error (error, AC_IMAP_ERROR, AC_IMAP_ERROR_TLS, "There is no TLS on this machine: %s",
                   problem->message);
      g_error_free (problem);
      return FALSE;
    }
  if (endpoint->database != NULL)
    g_tls_connection_set_database (G_TLS_CONNECTION (tls), endpoint->database);
  if (!g_tls_connection_handshake (G_TLS_CONNECTION (tls), self->cancellable, &problem))
    {
      GTlsCertificateFlags flags =
          g_tls_connection_get_peer_certificate_errors (G_TLS_CONNECTION (tls));

      self->is_lost = TRUE;
      if (g_error_matches (problem, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE))
        g_set_error (error, AC_IMAP_ERROR, AC_IMAP_ERROR_TLS,
                     "The mail server's certificate is not trusted: %s.",
                     words_for_certificate (flags));
      else if (problem->domain == G_TLS_ERROR && problem->code != G_TLS_ERROR_EOF)
        /* Also when the server ends in the middle of it, so it is worth another try. */
        g_set_error (error, AC_IMAP_ERROR, AC_IMAP_ERROR_UNAVAILABLE,
                     "No TLS session with the mail server came about: %s", problem->message);
      else
        {
          translate_stream_error (self, error, problem);
          return FALSE;
        }
      g_error_free (problem);
      return FALSE;
    }
  g_set_object (&self->stream, tls);
  ac_imap_reader_free (self->reader);
  self->reader = ac_imap_reader_new (g_io_stream_get_input_stream (tls));
  self->is_secure = TRUE;
  return TRUE;
}

static gboolean
read_greeting (AcImapConnection *self, GError **error)
{
  g_autoptr (AcImapResponse) greeting = read_response (self, error);

  if (greeting == NULL)
    return FALSE;
  if (greeting->tag == NULL && greeting->status == AC_IMAP_STATUS_BYE)
    {
      self->is_lost = TRUE;
      g_set_error (error, AC_IMAP_ERROR, AC_IMAP_ERROR_UNAVAILABLE,
                   "The mail server takes no connections now and says: %s", greeting->text);
      return FALSE;
    }
  /* PREAUTH would be somebody's session, but not one that this service has asked for; and before
   * STARTTLS it is how an attacker keeps a client from it. */
  if (greeting->tag != NULL || greeting->status != AC_IMAP_STATUS_OK)
    return out_of_step (self, error, "it does not greet");
  return TRUE;
}

static gboolean
negotiate_starttls (AcImapConnection *self, const AcImapEndpoint *endpoint, GError **error)
{
  GError *refusal = NULL;

  if (!run_line (self, "STARTTLS", &refusal))
    {
      if (self->is_lost)
        g_propagate_error (error, refusal);
      else
        {
          g_set_error (error, AC_IMAP_ERROR, AC_IMAP_ERROR_TLS,
                       "The mail server does not offer STARTTLS, and without TLS nothing is sent "
                       "to it. %s",
                       refusal->message);
          g_error_free (refusal);
        }
      return FALSE;
    }
  /* Whatever was said in the clear after the answer was not said by the server: believing it later
   * as if it had come by TLS is what CVE-2011-0411 and its relatives live on. */
  if (!ac_imap_reader_is_empty (self->reader))
    return out_of_step (self, error, "something was said between STARTTLS and TLS");
  return start_tls (self, endpoint, error);
}

/**
 * ac_imap_connection_open:
 * @cancellable: (nullable): for everything that is done with the connection
 *
 * Connects, sets up TLS and reads the greeting. Nothing but STARTTLS is ever sent without TLS.
 *
 * Returns: (transfer full): the connection, not logged in, or %NULL with AC_IMAP_ERROR or
 *   %G_IO_ERROR_CANCELLED.
 */
AcImapConnection *
ac_imap_connection_open (const AcImapEndpoint *endpoint, GCancellable *cancellable, GError **error)
{
  g_autoptr (AcImapConnection) self = g_new0 (AcImapConnection, 1);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  GError *problem = NULL;
  gboolean good;

  self->capabilities = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->timeout = endpoint->timeout;
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
      g_set_error (error, AC_IMAP_ERROR, AC_IMAP_ERROR_UNREACHABLE,
                   "The mail server %s:%u cannot be reached: %s. Check that it is running and that "
                   "nothing stands between it and this service, then try again.",
                   endpoint->host, endpoint->port, problem->message);
      g_error_free (problem);
      return NULL;
    }
  g_socket_set_timeout (g_socket_connection_get_socket (self->socket), endpoint->timeout);
  self->stream = g_object_ref (G_IO_STREAM (self->socket));
  self->reader = ac_imap_reader_new (g_io_stream_get_input_stream (self->stream));
  if (endpoint->starttls)
    good = read_greeting (self, error) && negotiate_starttls (self, endpoint, error);
  else
    good = start_tls (self, endpoint, error) && read_greeting (self, error);
  if (!good)
    return NULL;
  if (endpoint->starttls)
    g_hash_table_remove_all (self->capabilities);
  return g_steal_pointer (&self);
}

void
ac_imap_connection_free (AcImapConnection *self)
{
  if (self->stream != NULL)
    {
      /* Without the cancellable and without waiting: the socket is to be closed in any case. */
      g_socket_set_timeout (g_socket_connection_get_socket (self->socket), 1);
      g_io_stream_close (self->stream, NULL, NULL);
    }
  g_clear_object (&self->stream);
  g_clear_object (&self->socket);
  g_clear_pointer (&self->reader, ac_imap_reader_free);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->capabilities, g_hash_table_unref);
  g_free (self->bye);
  g_free (self);
}

static gboolean
learn_capabilities (AcImapConnection *self, GError **error)
{
  return g_hash_table_size (self->capabilities) > 0 || run_line (self, "CAPABILITY", error);
}

/**
 * ac_imap_connection_offers:
 * @capability: in capitals
 *
 * Returns: whether the server has named this extension in this state of the session.
 */
gboolean
ac_imap_connection_offers (AcImapConnection *self, const char *capability)
{
  return g_hash_table_contains (self->capabilities, capability);
}

static gboolean
authenticate_plain (AcImapConnection *self, const char *message, GError **error)
{
  gboolean at_once = ac_imap_connection_offers (self, "SASL-IR");
  g_autofree char *tag = next_tag (self);
  g_autofree char *first = g_strdup_printf ("%s AUTHENTICATE PLAIN%s%s\r\n", tag,
                                            at_once ? " " : "", at_once ? message : "");
  g_autofree char *second = NULL;

  if (!write_text (self, first, strlen (first), error))
    return FALSE;
  if (at_once)
    return read_answer (self, tag, FALSE, NULL, error);
  second = g_strdup_printf ("%s\r\n", message);
  return read_answer (self, tag, TRUE, NULL, error) &&
         write_text (self, second, strlen (second), error) &&
         read_answer (self, tag, FALSE, NULL, error);
}

/**
 * ac_imap_connection_login:
 * @acting_for: (nullable): the mailbox to open with the rights of @user; %NULL: the user's own
 *
 * Logs in with SASL PLAIN (RFC 4616).
 *
 * Returns: whether it did; AC_IMAP_ERROR_AUTHENTICATION: the server does not accept the login.
 */
gboolean
ac_imap_connection_login (AcImapConnection *self,
                          const char *acting_for,
                          const char *user,
                          const char *password,
                          GError **error)
{
  g_autoptr (GByteArray) plain = g_byte_array_new ();
  g_autofree char *message = NULL;
  GError *refusal = NULL;

  g_return_val_if_fail (self->is_secure, FALSE);

  if (!learn_capabilities (self, error))
    return FALSE;
  if (!ac_imap_connection_offers (self, "AUTH=PLAIN"))
    {
      g_set_error (error, AC_IMAP_ERROR, AC_IMAP_ERROR_UNSUPPORTED,
                   "The mail server does not offer to log in with SASL PLAIN.");
      return FALSE;
    }
  if (acting_for != NULL)
    g_byte_array_append (plain, (const guint8 *)acting_for, (guint)strlen (acting_for));
  g_byte_array_append (plain, (const guint8 *)"", 1);
  g_byte_array_append (plain, (const guint8 *)user, (guint)strlen (user));
  g_byte_array_append (plain, (const guint8 *)"", 1);
  g_byte_array_append (plain, (const guint8 *)password, (guint)strlen (password));
  message = g_base64_encode (plain->data, plain->len);
  /* What the server offers to whom it knows is something else. */
  g_hash_table_remove_all (self->capabilities);
  if (!authenticate_plain (self, message, &refusal))
    {
      /* A plain NO without a reason is a refusal too. */
      if (g_error_matches (refusal, AC_IMAP_ERROR, AC_IMAP_ERROR_REFUSED))
        refusal->code = AC_IMAP_ERROR_AUTHENTICATION;
      g_propagate_error (error, refusal);
      return FALSE;
    }
  return learn_capabilities (self, error);
}

/* Whether a literal of this length need not wait for the server's “+”. */
static gboolean
needs_no_wait (AcImapConnection *self, gsize length)
{
  return ac_imap_connection_offers (self, "LITERAL+") ||
         (ac_imap_connection_offers (self, "LITERAL-") && length <= MAX_SHORT_LITERAL);
}

/**
 * ac_imap_connection_run:
 *
 * Sends a command and waits for its end.
 *
 * Returns: (transfer full) (element-type AcImapResponse): what the server said to it, in order; the
 *   last one is the command's OK. %NULL with AC_IMAP_ERROR: after a refusal the connection can
 * still be used, see ac_imap_connection_is_lost().
 */
GPtrArray *
ac_imap_connection_run (AcImapConnection *self, AcImapCommand *command, GError **error)
{
  g_autoptr (GPtrArray) responses =
      g_ptr_array_new_with_free_func ((GDestroyNotify)ac_imap_response_free);
  g_autofree char *tag = NULL;
  g_autoptr (GString) out = NULL;
  GPtrArray *parts = ac_imap_command_get_parts (command, error);

  if (parts == NULL)
    return NULL;
  if (self->is_lost)
    {
      g_set_error (error, AC_IMAP_ERROR, AC_IMAP_ERROR_CLOSED,
                   "The connection to the mail server was lost.");
      return NULL;
    }
  tag = next_tag (self);
  out = g_string_new (tag);
  g_string_append_c (out, ' ');
  for (guint i = 0; i < parts->len; i++)
    {
      const AcImapPart *part = parts->pdata[i];
      gboolean no_wait = part->is_literal && needs_no_wait (self, part->length);

      if (part->is_literal)
        {
          g_string_append_printf (out, "{%" G_GSIZE_FORMAT "%s}\r\n", part->length,
                                  no_wait ? "+" : "");
          if (!no_wait)
            {
              if (!write_text (self, out->str, out->len, error) ||
                  !read_answer (self, tag, TRUE, responses, error))
                return NULL;
              g_string_truncate (out, 0);
            }
        }
      g_string_append_len (out, part->text, (gssize)part->length);
    }
  g_string_append (out, "\r\n");
  if (!write_text (self, out->str, out->len, error) ||
      !read_answer (self, tag, FALSE, responses, error))
    return NULL;
  return g_steal_pointer (&responses);
}

/**
 * ac_imap_connection_run_patiently:
 *
 * The same as ac_imap_connection_run(), for what must not be asked for a second time while it may
 * still be under way: waits many times as long for an answer.
 */
GPtrArray *
ac_imap_connection_run_patiently (AcImapConnection *self, AcImapCommand *command, GError **error)
{
  guint timeout = self->timeout;
  GPtrArray *responses;

  self->timeout *= MAX_ANSWERS_PATIENCE;
  g_socket_set_timeout (g_socket_connection_get_socket (self->socket), self->timeout);
  responses = ac_imap_connection_run (self, command, error);
  self->timeout = timeout;
  g_socket_set_timeout (g_socket_connection_get_socket (self->socket), self->timeout);
  return responses;
}

/**
 * ac_imap_connection_is_lost:
 *
 * Returns: whether nothing more can be said on this connection.
 */
gboolean
ac_imap_connection_is_lost (AcImapConnection *self)
{
  return self->is_lost;
}

/**
 * ac_imap_connection_log_out:
 *
 * Says good-bye, as far as the server still listens.
 */
void
ac_imap_connection_log_out (AcImapConnection *self)
{
  if (!self->is_lost)
    run_line (self, "LOGOUT", NULL);
  self->is_lost = TRUE;
}
