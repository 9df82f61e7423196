/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "responders/ac-server-reader.h"

#define BUFFER_SIZE 65536

G_DEFINE_QUARK (ac - stream - error - quark, ac_stream_error)

struct _AcServerReader
{
  GInputStream *stream;
  const AcServerProtocol *protocol;
  gsize from; /* what has been read and not been taken: buffer[from..to) */
  gsize to;
  char buffer[BUFFER_SIZE];
};

/**
 * ac_server_reader_new:
 * @stream: not to be read by anybody else from now on
 * @protocol: stays where it is
 */
AcServerReader *
ac_server_reader_new (GInputStream *stream, const AcServerProtocol *protocol)
{
  AcServerReader *reader = g_new0 (AcServerReader, 1);

  reader->stream = g_object_ref (stream);
  reader->protocol = protocol;
  return reader;
}

void
ac_server_reader_free (AcServerReader *reader)
{
  g_object_unref (reader->stream);
  g_free (reader);
}

/**
 * ac_server_reader_is_empty:
 *
 * Returns: whether the server has said nothing that was not read yet.
 */
gboolean
ac_server_reader_is_empty (AcServerReader *reader)
{
  return reader->from == reader->to;
}

static gboolean
fill (AcServerReader *reader, GCancellable *cancellable, GError **error)
{
  gssize n;

  if (reader->from < reader->to)
    return TRUE;
  n = g_input_stream_read (reader->stream, reader->buffer, BUFFER_SIZE, cancellable, error);
  if (n < 0)
    return FALSE;
  if (n == 0)
    {
      g_set_error (error, AC_STREAM_ERROR, AC_STREAM_ERROR_CLOSED,
                   "The mail server has closed the connection.");
      return FALSE;
    }
  reader->from = 0;
  reader->to = (gsize)n;
  return TRUE;
}

static gboolean
read_line (AcServerReader *reader, GByteArray *bytes, GCancellable *cancellable, GError **error)
{
  guint start = bytes->len;

  for (;;)
    {
      const char *from;
      const char *newline;
      gsize n;

      if (!fill (reader, cancellable, error))
        return FALSE;
      from = reader->buffer + reader->from;
      newline = memchr (from, '\n', reader->to - reader->from);
      n = newline != NULL ? (gsize)(newline - from) + 1 : reader->to - reader->from;
      g_byte_array_append (bytes, (const guint8 *)from, (guint)n);
      reader->from += n;
      if (bytes->len > AC_SERVER_MAX_RESPONSE)
        {
          g_set_error (error, AC_STREAM_ERROR, AC_STREAM_ERROR_PROTOCOL,
                       "The mail server's answer is longer than %d bytes.", AC_SERVER_MAX_RESPONSE);
          return FALSE;
        }
      if (newline == NULL)
        continue;
      /* The CR is this line's own, and not the last byte of a literal before it. */
      if (bytes->len - start < 2 || bytes->data[bytes->len - 2] != '\r')
        {
          g_set_error (error, AC_STREAM_ERROR, AC_STREAM_ERROR_PROTOCOL,
                       "The mail server's answer is no %s: a line does not end in CRLF.",
                       reader->protocol->name);
          return FALSE;
        }
      return TRUE;
    }
}

static gboolean
read_literal (AcServerReader *reader,
              GByteArray *bytes,
              guint64 length,
              GCancellable *cancellable,
              GError **error)
{
  if (length > reader->protocol->max_literal || bytes->len + length > AC_SERVER_MAX_RESPONSE)
    {
      g_set_error (error, AC_STREAM_ERROR, AC_STREAM_ERROR_PROTOCOL,
                   "The mail server wants to send %" G_GUINT64_FORMAT
                   " bytes where a few were asked for.",
                   length);
      return FALSE;
    }
  while (length > 0)
    {
      gsize n;

      if (!fill (reader, cancellable, error))
        return FALSE;
      n = MIN (reader->to - reader->from, (gsize)length);
      g_byte_array_append (bytes, (const guint8 *)reader->buffer + reader->from, (guint)n);
      reader->from += n;
      length -= n;
    }
  return TRUE;
}

/**
 * ac_server_reader_read:
 *
 * Returns: (transfer full): the bytes of one response with its literals, without the CRLF at its
 *   end; %NULL with AC_STREAM_ERROR_CLOSED, AC_STREAM_ERROR_PROTOCOL or an error of the stream.
 */
GByteArray *
ac_server_reader_read (AcServerReader *reader, GCancellable *cancellable, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  gsize line = 0;

  for (;;)
    {
      guint64 literal;

      if (!read_line (reader, bytes, cancellable, error))
        return NULL;
      if (!reader->protocol->announces_literal ((const char *)bytes->data + line,
                                                bytes->len - line - 2, line == 0, &literal))
        break;
      if (!read_literal (reader, bytes, literal, cancellable, error))
        return NULL;
      line = bytes->len;
    }
  g_byte_array_set_size (bytes, bytes->len - 2);
  return g_steal_pointer (&bytes);
}
