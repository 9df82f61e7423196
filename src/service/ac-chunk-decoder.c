/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/ac-chunk-decoder.h"

/* Extensions and trailers mean nothing to us; together they may be this long in one body. */
#define MAX_LINES_LENGTH 4096
#define MAX_SIZE_DIGITS 8

typedef enum
{
  STATE_SIZE,
  STATE_EXTENSION,
  STATE_SIZE_LF,
  STATE_DATA,
  STATE_DATA_CR,
  STATE_DATA_LF,
  STATE_TRAILER,
  STATE_TRAILER_LF,
} State;

void
ac_chunk_decoder_init (AcChunkDecoder *decoder)
{
  *decoder = (AcChunkDecoder){ .state = STATE_SIZE, .line_left = MAX_LINES_LENGTH };
}

/* Reads one byte of the framing; FALSE: it must not stand there. */
static gboolean
feed_framing (AcChunkDecoder *decoder, char c, gboolean *done)
{
  switch ((State)decoder->state)
    {
    case STATE_SIZE:
      if (g_ascii_isxdigit (c))
        {
          decoder->left = decoder->left * 16 + (guint64)g_ascii_xdigit_value (c);
          return ++decoder->digits <= MAX_SIZE_DIGITS;
        }
      if (decoder->digits == 0)
        return FALSE;
      decoder->state = c == '\r' ? STATE_SIZE_LF : STATE_EXTENSION;
      return c == '\r' || c == ';' || c == ' ' || c == '\t';
    case STATE_EXTENSION:
      if (c == '\r')
        decoder->state = STATE_SIZE_LF;
      else if (decoder->line_left-- == 0 || (c != '\t' && !g_ascii_isprint (c)))
        return FALSE;
      return TRUE;
    case STATE_SIZE_LF:
      decoder->state = decoder->left > 0 ? STATE_DATA : STATE_TRAILER;
      decoder->line_is_empty = TRUE;
      return c == '\n';
    case STATE_DATA_CR:
      decoder->state = STATE_DATA_LF;
      return c == '\r';
    case STATE_DATA_LF:
      decoder->state = STATE_SIZE;
      decoder->digits = 0;
      return c == '\n';
    case STATE_TRAILER:
      if (c == '\r')
        {
          decoder->state = STATE_TRAILER_LF;
          return TRUE;
        }
      decoder->line_is_empty = FALSE;
      return decoder->line_left-- > 0 && (c == '\t' || g_ascii_isprint (c));
    case STATE_TRAILER_LF:
      *done = decoder->line_is_empty;
      decoder->state = STATE_TRAILER;
      decoder->line_is_empty = TRUE;
      return c == '\n';
    case STATE_DATA:
    default:
      g_assert_not_reached ();
    }
}

/**
 * ac_chunk_decoder_feed:
 * @used: (out): how many bytes of @data belong to this body
 * @body: what was in the chunks is added here; it grows by no more than @length
 *
 * Returns: how it stands.
 */
AcChunkStatus
ac_chunk_decoder_feed (AcChunkDecoder *decoder,
                       const guint8 *data,
                       gsize length,
                       gsize *used,
                       GByteArray *body)
{
  gsize i = 0;

  while (i < length)
    {
      gboolean done = FALSE;

      if (decoder->state == STATE_DATA)
        {
          gsize n = (gsize)MIN (decoder->left, length - i);

          g_byte_array_append (body, data + i, (guint)n);
          i += n;
          decoder->left -= n;
          if (decoder->left == 0)
            decoder->state = STATE_DATA_CR;
          continue;
        }
      if (!feed_framing (decoder, (char)data[i++], &done))
        {
          *used = i;
          return AC_CHUNK_ERROR;
        }
      if (done)
        {
          *used = i;
          return AC_CHUNK_DONE;
        }
    }
  *used = i;
  return AC_CHUNK_MORE;
}
