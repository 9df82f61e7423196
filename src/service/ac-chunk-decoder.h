/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Takes the chunked transfer coding (RFC 9112 §7.1) off a body as it comes in, piece by piece. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  AC_CHUNK_MORE,  /* more is to come */
  AC_CHUNK_DONE,  /* the body is whole */
  AC_CHUNK_ERROR, /* this is not the chunked coding */
} AcChunkStatus;

typedef struct
{
  guint state;
  guint64 left;    /* bytes of the chunk that are still to come */
  guint digits;    /* of the size that is being read */
  gsize line_left; /* how long extensions and trailers may still be */
  gboolean line_is_empty;
} AcChunkDecoder;

void ac_chunk_decoder_init (AcChunkDecoder *decoder);
AcChunkStatus ac_chunk_decoder_feed (AcChunkDecoder *decoder,
                                     const guint8 *data,
                                     gsize length,
                                     gsize *used,
                                     GByteArray *body);

G_END_DECLS
