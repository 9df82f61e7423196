/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "responders/ac-imap-connection.h"

/* The LITERAL- extension (RFC 7888) lets short literals go without waiting. */
#define MAX_SHORT_LITERAL 4096
/* One command may take so many times the patience for one answer: a server that moves a great deal
 * of mail says so every now and then. */
#define MAX_ANSWERS_PATIENCE 10
/* More than any command of ours is answered with. */
#define MAX_RESPONSES 500000
/* Nothing that is asked for comes as a longer literal: a Message-ID, the name of a folder, or a
 * piece of a message. */
#define MAX_LITERAL (1024 * 1024)

static const AcServerProtocol protocol = {
  .name = "IMAP",
  .max_literal = MAX_LITERAL,
  .announces_literal = ac_imap_line_announces_literal,
};

struct _AcImapConnection
{
  AcServerStream *stream;
  GHashTable *capabilities; /* in capitals; empty: not known */
  char *bye;                /* nullable: why the server hangs up */
  guint n_commands;
};

/* Turns an error of the stream into one of ours; a cancellation stays what it is. */
static void
translate_stream_error (AcImapConnection *self, GError **error, GError *from)
{
  static const AcImapError codes[] = {
    [AC_STREAM_ERROR_UNREACHABLE] = AC_IMAP_ERROR_UNREACHABLE,
    [AC_STREAM_ERROR_TLS] = AC_IMAP_ERROR_TLS,
    [AC_STREAM_ERROR_CLOSED] = AC_IMAP_ERROR_CLOSED,
    [AC_STREAM_ERROR_TIMED_OUT] = AC_IMAP_ERROR_TIMED_OUT,
    [AC_STREAM_ERROR_PROTOCOL] = AC_IMAP_ERROR_PROTOCOL,
  };

  if (from->domain != AC_STREAM_ERROR)
    {
      g_propagate_error (error, from);
      return;
    }
  if (from->code == AC_STREAM_ERROR_CLOSED && self->bye != NULL)
    g_set_error (error, AC_IMAP_ERROR, AC_IMAP_ERROR_CLOSED,
                 "The mail server has closed the connection and says: %s", self->bye);
  else
    g_set_error_literal (error, AC_IMAP_ERROR, (int)codes[from->code], from->message);
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

  bytes = ac_server_stream_read (self->stream, &problem);
  if (bytes == NULL)
    {
      translate_stream_error (self, error, problem);
      return NULL;
    }
  response = ac_imap_response_parse ((const char *)bytes->data, bytes->len, error);
  if (response == NULL)
    {
      ac_server_stream_lose (self->stream);
      return NULL;
    }
  notice (self, response);
  return g_steal_pointer (&response);
}

static gboolean
write_text (AcImapConnection *self, const char *text, gsize length, GError **error)
{
  GError *problem = NULL;

  if (ac_server_stream_write (self->stream, text, length, &problem))
    return TRUE;
  translate_stream_error (self, error, problem);
  return FALSE;
}

static gboolean
out_of_step (AcImapConnection *self, GError **error, const char *what)
{
  ac_server_stream_lose (self->stream);
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
    { "ALREADYEXISTS", AC_IMAP_ERROR_FOLDER_EXISTS },
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
  gint64 deadline = g_get_monotonic_time () + (gint64)ac_server_stream_get_timeout (self->stream) *
                                                  MAX_ANSWERS_PATIENCE * G_USEC_PER_SEC;

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
          ac_server_stream_lose (self->stream);
          g_set_error (error, AC_IMAP_ERROR, AC_IMAP_ERROR_TIMED_OUT,
                       "The mail server has not come to the end of an answer for %u seconds.",
                       ac_server_stream_get_timeout (self->stream) * MAX_ANSWERS_PATIENCE);
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

static gboolean
start_tls (AcImapConnection *self, GError **error)
{
  GError *problem = NULL;

  if (ac_server_stream_start_tls (self->stream, &problem))
    return TRUE;
  translate_stream_error (self, error, problem);
  return FALSE;
}

static gboolean
read_greeting (AcImapConnection *self, GError **error)
{
  g_autoptr (AcImapResponse) greeting = read_response (self, error);

  if (greeting == NULL)
    return FALSE;
  if (greeting->tag == NULL && greeting->status == AC_IMAP_STATUS_BYE)
    {
      ac_server_stream_lose (self->stream);
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
negotiate_starttls (AcImapConnection *self, GError **error)
{
  GError *refusal = NULL;

  if (!run_line (self, "STARTTLS", &refusal))
    {
      if (ac_server_stream_is_lost (self->stream))
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
  return start_tls (self, error);
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
ac_imap_connection_open (const AcServerEndpoint *endpoint,
                         GCancellable *cancellable,
                         GError **error)
{
  g_autoptr (AcImapConnection) self = g_new0 (AcImapConnection, 1);
  GError *problem = NULL;
  gboolean good;

  self->capabilities = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->stream = ac_server_stream_open (endpoint, &protocol, cancellable, &problem);
  if (self->stream == NULL)
    {
      translate_stream_error (self, error, problem);
      return NULL;
    }
  if (endpoint->starttls)
    good = read_greeting (self, error) && negotiate_starttls (self, error);
  else
    good = start_tls (self, error) && read_greeting (self, error);
  if (!good)
    return NULL;
  if (endpoint->starttls)
    g_hash_table_remove_all (self->capabilities);
  return g_steal_pointer (&self);
}

void
ac_imap_connection_free (AcImapConnection *self)
{
  g_clear_pointer (&self->stream, ac_server_stream_free);
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

  g_return_val_if_fail (ac_server_stream_is_secure (self->stream), FALSE);

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

/* Sends what a command consists of, with the literals that the server wants to be asked about. What
 * is not sent yet stays in out. */
static gboolean
write_parts (AcImapConnection *self,
             GPtrArray *parts,
             const char *tag,
             GPtrArray *responses,
             GString *out,
             GError **error)
{
  g_string_append_printf (out, "%s ", tag);
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
                return FALSE;
              g_string_truncate (out, 0);
            }
        }
      g_string_append_len (out, part->text, (gssize)part->length);
    }
  return TRUE;
}

static GPtrArray *
get_parts (AcImapConnection *self, AcImapCommand *command, GError **error)
{
  GPtrArray *parts = ac_imap_command_get_parts (command, error);

  if (parts == NULL || !ac_server_stream_is_lost (self->stream))
    return parts;
  g_set_error (error, AC_IMAP_ERROR, AC_IMAP_ERROR_CLOSED,
               "The connection to the mail server was lost.");
  return NULL;
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
  g_autoptr (GString) out = g_string_new (NULL);
  GPtrArray *parts = get_parts (self, command, error);

  if (parts == NULL)
    return NULL;
  tag = next_tag (self);
  if (!write_parts (self, parts, tag, responses, out, error))
    return NULL;
  g_string_append (out, "\r\n");
  if (!write_text (self, out->str, out->len, error) ||
      !read_answer (self, tag, FALSE, responses, error))
    return NULL;
  return g_steal_pointer (&responses);
}

/* Hands on so many bytes, piece by piece. A server that was promised a literal takes whatever comes
 * for it, so when there are not so many the connection is of no use any more. */
static gboolean
write_literal (AcImapConnection *self,
               guint64 length,
               AcImapSource source,
               gpointer user_data,
               GError **error)
{
  while (length > 0)
    {
      g_autoptr (GBytes) piece = source (user_data, error);

      if (piece == NULL)
        {
          ac_server_stream_lose (self->stream);
          return FALSE;
        }
      if (g_bytes_get_size (piece) == 0 || g_bytes_get_size (piece) > length)
        {
          ac_server_stream_lose (self->stream);
          g_set_error (error, AC_IMAP_ERROR, AC_IMAP_ERROR_PROTOCOL,
                       "The mail server says another size of the message than it has.");
          return FALSE;
        }
      if (!write_text (self, g_bytes_get_data (piece, NULL), g_bytes_get_size (piece), error))
        return FALSE;
      length -= g_bytes_get_size (piece);
    }
  return write_text (self, "\r\n", 2, error);
}

/**
 * ac_imap_connection_run_with_literal:
 * @length: of the literal that ends the command, in bytes
 * @source: called for one piece of the literal after the other, once the server wants them
 *
 * The same as ac_imap_connection_run(), for what is too large to be held: no more than one piece is
 * in memory. Waits many times as long for an answer, for what was handed over must not be handed
 * over a second time while the server may still be storing it.
 */
GPtrArray *
ac_imap_connection_run_with_literal (AcImapConnection *self,
                                     AcImapCommand *command,
                                     guint64 length,
                                     AcImapSource source,
                                     gpointer user_data,
                                     GError **error)
{
  g_autoptr (GPtrArray) responses =
      g_ptr_array_new_with_free_func ((GDestroyNotify)ac_imap_response_free);
  g_autofree char *tag = NULL;
  g_autoptr (GString) out = g_string_new (NULL);
  GPtrArray *parts = get_parts (self, command, error);
  guint timeout = ac_server_stream_get_timeout (self->stream);
  gboolean good;

  if (parts == NULL)
    return NULL;
  tag = next_tag (self);
  if (!write_parts (self, parts, tag, responses, out, error))
    return NULL;
  /* Never without waiting: a mailbox that is full says so before it is sent a hundred megabytes. */
  g_string_append_printf (out, "{%" G_GUINT64_FORMAT "}\r\n", length);
  if (!write_text (self, out->str, out->len, error) ||
      !read_answer (self, tag, TRUE, responses, error) ||
      !write_literal (self, length, source, user_data, error))
    return NULL;
  ac_server_stream_set_timeout (self->stream, timeout * MAX_ANSWERS_PATIENCE);
  good = read_answer (self, tag, FALSE, responses, error);
  ac_server_stream_set_timeout (self->stream, timeout);
  return good ? g_steal_pointer (&responses) : NULL;
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
  guint timeout = ac_server_stream_get_timeout (self->stream);
  GPtrArray *responses;

  ac_server_stream_set_timeout (self->stream, timeout * MAX_ANSWERS_PATIENCE);
  responses = ac_imap_connection_run (self, command, error);
  ac_server_stream_set_timeout (self->stream, timeout);
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
  return ac_server_stream_is_lost (self->stream);
}

/**
 * ac_imap_connection_log_out:
 *
 * Says good-bye, as far as the server still listens.
 */
void
ac_imap_connection_log_out (AcImapConnection *self)
{
  if (!ac_server_stream_is_lost (self->stream))
    run_line (self, "LOGOUT", NULL);
  ac_server_stream_lose (self->stream);
}
