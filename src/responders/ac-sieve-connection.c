/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "responders/ac-sieve-connection.h"

/* One command may take so many times the patience for one answer. */
#define MAX_ANSWERS_PATIENCE 4
/* More than any command of ours is answered with: a line a script. */
#define MAX_RESPONSES 20000
/* Longer scripts than any server takes by default. */
#define MAX_LITERAL (4 * 1024 * 1024)

static const AcServerProtocol protocol = {
  .name = "ManageSieve",
  .max_literal = MAX_LITERAL,
  .announces_literal = ac_sieve_line_announces_literal,
};

struct _AcSieveConnection
{
  AcServerStream *stream;
  GHashTable *capabilities; /* in capitals → value, "" where there is none */
  guint n_tags;
};

/* --- saying and hearing --- */

/* Turns an error of the stream into one of ours; a cancellation stays what it is. */
static gboolean
translate_stream_error (AcSieveConnection *self, GError **error, GError *from)
{
  static const AcSieveError codes[] = {
    [AC_STREAM_ERROR_UNREACHABLE] = AC_SIEVE_ERROR_UNREACHABLE,
    [AC_STREAM_ERROR_TLS] = AC_SIEVE_ERROR_TLS,
    [AC_STREAM_ERROR_CLOSED] = AC_SIEVE_ERROR_CLOSED,
    [AC_STREAM_ERROR_TIMED_OUT] = AC_SIEVE_ERROR_TIMED_OUT,
    [AC_STREAM_ERROR_PROTOCOL] = AC_SIEVE_ERROR_PROTOCOL,
  };

  if (from->domain != AC_STREAM_ERROR)
    {
      g_propagate_error (error, from);
      return FALSE;
    }
  g_set_error_literal (error, AC_SIEVE_ERROR, (int)codes[from->code], from->message);
  g_error_free (from);
  return FALSE;
}

static gboolean
out_of_step (AcSieveConnection *self, GError **error, const char *what)
{
  ac_server_stream_lose (self->stream);
  g_set_error (error, AC_SIEVE_ERROR, AC_SIEVE_ERROR_PROTOCOL,
               "The mail server's answer is no ManageSieve: %s.", what);
  return FALSE;
}

static AcSieveResponse *
read_response (AcSieveConnection *self, GError **error)
{
  GError *problem = NULL;
  g_autoptr (GByteArray) bytes = ac_server_stream_read (self->stream, &problem);
  AcSieveResponse *response;

  if (bytes == NULL)
    {
      translate_stream_error (self, error, problem);
      return NULL;
    }
  response = ac_sieve_response_parse ((const char *)bytes->data, bytes->len, error);
  if (response == NULL)
    ac_server_stream_lose (self->stream);
  return response;
}

static gboolean
write_text (AcSieveConnection *self, const GString *text, GError **error)
{
  GError *problem = NULL;

  if (ac_server_stream_is_lost (self->stream))
    {
      g_set_error (error, AC_SIEVE_ERROR, AC_SIEVE_ERROR_CLOSED,
                   "The connection to the mail server was lost.");
      return FALSE;
    }
  return ac_server_stream_write (self->stream, text->str, text->len, &problem) ||
         translate_stream_error (self, error, problem);
}

/* RFC 5804 section 1.3. */
static AcSieveError
code_of_refusal (const AcSieveResponse *response)
{
  static const struct
  {
    const char *code;
    AcSieveError error;
  } codes[] = {
    { "NONEXISTENT", AC_SIEVE_ERROR_NO_SCRIPT },
    { "QUOTA", AC_SIEVE_ERROR_OVER_QUOTA },
    { "QUOTA/MAXSCRIPTS", AC_SIEVE_ERROR_OVER_QUOTA },
    { "QUOTA/MAXSIZE", AC_SIEVE_ERROR_OVER_QUOTA },
    { "TRYLATER", AC_SIEVE_ERROR_UNAVAILABLE },
    { "AUTH-TOO-WEAK", AC_SIEVE_ERROR_AUTHENTICATION },
    { "ENCRYPT-NEEDED", AC_SIEVE_ERROR_AUTHENTICATION },
    { "TRANSITION-NEEDED", AC_SIEVE_ERROR_AUTHENTICATION },
  };

  for (gsize i = 0; response->code != NULL && i < G_N_ELEMENTS (codes); i++)
    if (strcmp (response->code, codes[i].code) == 0)
      return codes[i].error;
  return AC_SIEVE_ERROR_REFUSED;
}

static gboolean
set_refusal (AcSieveConnection *self, const AcSieveResponse *response, GError **error)
{
  AcSieveError code = code_of_refusal (response);
  const char *text = *response->text != '\0' ? response->text : "No.";

  if (response->status == AC_SIEVE_STATUS_BYE)
    {
      ac_server_stream_lose (self->stream);
      g_set_error (error, AC_SIEVE_ERROR,
                   code == AC_SIEVE_ERROR_UNAVAILABLE ? AC_SIEVE_ERROR_UNAVAILABLE
                                                      : AC_SIEVE_ERROR_CLOSED,
                   "The mail server has closed the connection and says: %s", text);
    }
  else
    g_set_error (error, AC_SIEVE_ERROR, (int)code, "The mail server says: %s", text);
  return FALSE;
}

/* Reads up to the end of an answer, which is appended to responses; these may be NULL. FALSE as
 * well when the server refuses. */
static gboolean
read_answer (AcSieveConnection *self, GPtrArray *responses, GError **error)
{
  guint patience = ac_server_stream_get_timeout (self->stream) * MAX_ANSWERS_PATIENCE;
  gint64 deadline = g_get_monotonic_time () + (gint64)patience * G_USEC_PER_SEC;

  for (guint n = 0; n < MAX_RESPONSES; n++)
    {
      g_autoptr (AcSieveResponse) response = read_response (self, error);
      AcSieveStatus status;

      if (response == NULL)
        return FALSE;
      status = response->status;
      if (status == AC_SIEVE_STATUS_NO || status == AC_SIEVE_STATUS_BYE)
        return set_refusal (self, response, error);
      if (responses != NULL)
        g_ptr_array_add (responses, g_steal_pointer (&response));
      if (status == AC_SIEVE_STATUS_OK)
        return TRUE;
      if (g_get_monotonic_time () > deadline)
        {
          ac_server_stream_lose (self->stream);
          g_set_error (error, AC_SIEVE_ERROR, AC_SIEVE_ERROR_TIMED_OUT,
                       "The mail server has not come to the end of an answer for %u seconds.",
                       patience);
          return FALSE;
        }
    }
  return out_of_step (self, error, "it does not end");
}

static GPtrArray *
new_responses (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)ac_sieve_response_free);
}

/* A string of whatever bytes, without waiting (section 4: “{” number “+}”). */
static void
append_string (GString *command, const char *text, gsize length)
{
  g_string_append_printf (command, " {%" G_GSIZE_FORMAT "+}\r\n", length);
  g_string_append_len (command, text, (gssize)length);
}

/* Sends a command with a name and a script, where there are any, and reads the answer. */
static gboolean
run (AcSieveConnection *self,
     const char *word,
     const char *name,
     GBytes *script,
     GPtrArray *responses,
     GError **error)
{
  g_autoptr (GString) command = g_string_new (word);

  if (name != NULL)
    append_string (command, name, strlen (name));
  if (script != NULL)
    {
      gsize length;
      const char *text = g_bytes_get_data (script, &length);

      append_string (command, text, length);
    }
  g_string_append (command, "\r\n");
  return write_text (self, command, error) && read_answer (self, responses, error);
}

/* --- the beginning --- */

/* Section 1.7: the greeting, and the same again once there is TLS. */
static gboolean
read_capabilities (AcSieveConnection *self, GError **error)
{
  g_autoptr (GPtrArray) lines = new_responses ();

  g_hash_table_remove_all (self->capabilities);
  if (!read_answer (self, lines, error))
    return FALSE;
  for (guint i = 0; i + 1 < lines->len; i++)
    {
      g_autofree char *name = ac_sieve_response_dup_string (lines->pdata[i], 0);
      char *value = ac_sieve_response_dup_string (lines->pdata[i], 1);

      if (name != NULL)
        g_hash_table_insert (self->capabilities, g_ascii_strup (name, -1),
                             value != NULL ? value : g_strdup (""));
      else
        g_free (value);
    }
  return TRUE;
}

static gboolean
offers_plain (AcSieveConnection *self)
{
  const char *sasl = g_hash_table_lookup (self->capabilities, "SASL");
  g_auto (GStrv) mechanisms = g_strsplit (sasl != NULL ? sasl : "", " ", -1);

  for (guint i = 0; mechanisms[i] != NULL; i++)
    if (g_ascii_strcasecmp (mechanisms[i], "PLAIN") == 0)
      return TRUE;
  return FALSE;
}

static gboolean
negotiate_tls (AcSieveConnection *self, GError **error)
{
  GError *problem = NULL;

  if (!g_hash_table_contains (self->capabilities, "STARTTLS"))
    {
      g_set_error (error, AC_SIEVE_ERROR, AC_SIEVE_ERROR_TLS,
                   "The mail server does not offer STARTTLS, and without TLS nothing is sent to "
                   "it.");
      return FALSE;
    }
  if (!run (self, "STARTTLS", NULL, NULL, NULL, error))
    return FALSE;
  if (!ac_server_stream_start_tls (self->stream, &problem))
    return translate_stream_error (self, error, problem);
  /* What was offered in the clear may have been said by anybody (section 2.2). */
  return read_capabilities (self, error);
}

/**
 * ac_sieve_connection_open:
 * @cancellable: (nullable): for everything that is done with the connection
 *
 * Connects, reads the greeting and begins TLS. Nothing but STARTTLS is ever sent without it.
 *
 * Returns: (transfer full): the connection, not logged in, or %NULL with AC_SIEVE_ERROR or
 *   %G_IO_ERROR_CANCELLED.
 */
AcSieveConnection *
ac_sieve_connection_open (const AcServerEndpoint *endpoint,
                          GCancellable *cancellable,
                          GError **error)
{
  g_autoptr (AcSieveConnection) self = g_new0 (AcSieveConnection, 1);
  GError *problem = NULL;

  self->capabilities = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->stream = ac_server_stream_open (endpoint, &protocol, cancellable, &problem);
  if (self->stream == NULL)
    {
      translate_stream_error (self, error, problem);
      return NULL;
    }
  if (!read_capabilities (self, error) || !negotiate_tls (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
ac_sieve_connection_free (AcSieveConnection *self)
{
  g_clear_pointer (&self->stream, ac_server_stream_free);
  g_clear_pointer (&self->capabilities, g_hash_table_unref);
  g_free (self);
}

/* NOOP and CHECKSCRIPT came with RFC 5804, and so did this capability. */
static gboolean
is_current (AcSieveConnection *self)
{
  return g_hash_table_contains (self->capabilities, "VERSION");
}

/**
 * ac_sieve_connection_synchronize:
 *
 * Reads whatever the server has said unasked, such as its capabilities after a login, up to the
 * answer to a NOOP with a tag of its own (RFC 5804 section 2.13).
 *
 * Returns: whether server and client are in step; AC_SIEVE_ERROR.
 */
gboolean
ac_sieve_connection_synchronize (AcSieveConnection *self, GError **error)
{
  g_autofree char *tag = g_strdup_printf ("a%u", ++self->n_tags);
  g_autoptr (GPtrArray) lines = new_responses ();

  if (!is_current (self))
    return TRUE;
  if (!run (self, "NOOP", tag, NULL, lines, error))
    return FALSE;
  for (guint answers = 0; answers < 3; answers++)
    {
      const AcSieveResponse *last = lines->pdata[lines->len - 1];
      g_autofree char *said = ac_sieve_response_dup_string (last, 0);

      if (g_strcmp0 (last->code, "TAG") == 0 && g_strcmp0 (said, tag) == 0)
        return TRUE;
      /* What comes unasked has lines; an OK alone is the answer of a server that forgets the tag.
       */
      if (lines->len == 1 && last->code == NULL)
        return TRUE;
      g_ptr_array_set_size (lines, 0);
      if (!read_answer (self, lines, error))
        return FALSE;
    }
  return out_of_step (self, error, "a NOOP is not answered with its tag");
}

/**
 * ac_sieve_connection_login:
 * @acting_for: (nullable): the mailbox whose scripts to open with the rights of @user; %NULL: the
 *   user's own
 *
 * Logs in with SASL PLAIN (RFC 4616).
 *
 * Returns: whether it did; AC_SIEVE_ERROR_AUTHENTICATION: the server does not accept the login.
 */
gboolean
ac_sieve_connection_login (AcSieveConnection *self,
                           const char *acting_for,
                           const char *user,
                           const char *password,
                           GError **error)
{
  g_autoptr (GString) plain = g_string_new (acting_for);
  g_autofree char *message = NULL;
  g_autoptr (GString) command = g_string_new ("AUTHENTICATE \"PLAIN\"");
  GError *refusal = NULL;

  g_return_val_if_fail (ac_server_stream_is_secure (self->stream), FALSE);

  if (!offers_plain (self))
    {
      g_set_error (error, AC_SIEVE_ERROR, AC_SIEVE_ERROR_UNSUPPORTED,
                   "The mail server does not offer to log in with SASL PLAIN.");
      return FALSE;
    }
  g_string_append_c (plain, '\0');
  g_string_append (plain, user);
  g_string_append_c (plain, '\0');
  g_string_append (plain, password);
  message = g_base64_encode ((const guchar *)plain->str, plain->len);
  append_string (command, message, strlen (message));
  g_string_append (command, "\r\n");
  if (!write_text (self, command, error))
    return FALSE;
  if (!read_answer (self, NULL, &refusal))
    {
      /* A plain NO without a reason is a refusal too. */
      if (g_error_matches (refusal, AC_SIEVE_ERROR, AC_SIEVE_ERROR_REFUSED))
        refusal->code = AC_SIEVE_ERROR_AUTHENTICATION;
      g_propagate_error (error, refusal);
      return FALSE;
    }
  return ac_sieve_connection_synchronize (self, error);
}

/* --- scripts --- */

static void
listed_free (AcSieveListed *listed)
{
  g_free (listed->name);
  g_free (listed);
}

/**
 * ac_sieve_connection_list:
 *
 * Returns: (transfer full) (element-type AcSieveListed): the scripts of the mailbox, at most one of
 *   them active; %NULL with AC_SIEVE_ERROR.
 */
GPtrArray *
ac_sieve_connection_list (AcSieveConnection *self, GError **error)
{
  g_autoptr (GPtrArray) lines = new_responses ();
  g_autoptr (GPtrArray) scripts = g_ptr_array_new_with_free_func ((GDestroyNotify)listed_free);
  guint n_active = 0;

  if (!run (self, "LISTSCRIPTS", NULL, NULL, lines, error))
    return NULL;
  for (guint i = 0; i + 1 < lines->len; i++)
    {
      const AcSieveResponse *line = lines->pdata[i];
      AcSieveListed *listed = g_new0 (AcSieveListed, 1);

      g_ptr_array_add (scripts, listed);
      listed->name = ac_sieve_response_dup_string (line, 0);
      listed->is_active = line->is_active;
      n_active += line->is_active;
      if (listed->name == NULL || line->strings->len != 1 || n_active > 1)
        {
          out_of_step (self, error, "the list of scripts is none");
          return NULL;
        }
    }
  return g_steal_pointer (&scripts);
}

/**
 * ac_sieve_connection_get:
 *
 * Returns: (transfer full): the script, byte for byte; %NULL with AC_SIEVE_ERROR, of which
 *   AC_SIEVE_ERROR_NO_SCRIPT says that there is none of this name.
 */
GBytes *
ac_sieve_connection_get (AcSieveConnection *self, const char *name, GError **error)
{
  g_autoptr (GPtrArray) lines = new_responses ();
  const AcSieveResponse *line;

  if (!run (self, "GETSCRIPT", name, NULL, lines, error))
    return NULL;
  line = lines->pdata[0];
  if (lines->len != 2 || line->strings->len != 1)
    {
      out_of_step (self, error, "a script is not one string");
      return NULL;
    }
  return g_bytes_ref (line->strings->pdata[0]);
}

/**
 * ac_sieve_connection_check:
 *
 * Returns: whether the server would take the script; AC_SIEVE_ERROR_REFUSED says why not. A server
 *   that is older than RFC 5804 is not asked: it compiles what is put, too.
 */
gboolean
ac_sieve_connection_check (AcSieveConnection *self, GBytes *script, GError **error)
{
  return !is_current (self) || run (self, "CHECKSCRIPT", NULL, script, NULL, error);
}

/**
 * ac_sieve_connection_put:
 *
 * Stores a script, in the place of the one of this name where there is one.
 *
 * Returns: whether the server has taken it; AC_SIEVE_ERROR.
 */
gboolean
ac_sieve_connection_put (AcSieveConnection *self, const char *name, GBytes *script, GError **error)
{
  return run (self, "PUTSCRIPT", name, script, NULL, error);
}

/**
 * ac_sieve_connection_activate:
 *
 * Makes a script the one that runs, and every other one not.
 *
 * Returns: whether it is; AC_SIEVE_ERROR.
 */
gboolean
ac_sieve_connection_activate (AcSieveConnection *self, const char *name, GError **error)
{
  return run (self, "SETACTIVE", name, NULL, NULL, error);
}

/**
 * ac_sieve_connection_delete:
 *
 * Returns: whether the script is gone; the server refuses when it is the active one.
 */
gboolean
ac_sieve_connection_delete (AcSieveConnection *self, const char *name, GError **error)
{
  return run (self, "DELETESCRIPT", name, NULL, NULL, error);
}

/**
 * ac_sieve_connection_is_lost:
 *
 * Returns: whether nothing more can be said on this connection.
 */
gboolean
ac_sieve_connection_is_lost (AcSieveConnection *self)
{
  return ac_server_stream_is_lost (self->stream);
}

/**
 * ac_sieve_connection_log_out:
 *
 * Says good-bye, as far as the server still listens.
 */
void
ac_sieve_connection_log_out (AcSieveConnection *self)
{
  if (!ac_server_stream_is_lost (self->stream))
    run (self, "LOGOUT", NULL, NULL, NULL, NULL);
  ac_server_stream_lose (self->stream);
}
