/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cuts the bytes of a mail server into whole responses, literals by count. It knows nothing of what
 * they mean, and holds no more than the limits allow. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The answer to a search in a mailbox of a million messages fits. */
#define AC_SERVER_MAX_RESPONSE (16 * 1024 * 1024)

#define AC_STREAM_ERROR (ac_stream_error_quark ())
typedef enum
{
  AC_STREAM_ERROR_UNREACHABLE, /* no connection could be made */
  AC_STREAM_ERROR_TLS,         /* no TLS, or a certificate that is not trusted */
  AC_STREAM_ERROR_CLOSED,      /* the connection was lost */
  AC_STREAM_ERROR_TIMED_OUT,   /* the same, and nobody said so */
  AC_STREAM_ERROR_PROTOCOL,    /* the server said what no such server may say */
} AcStreamError;

GQuark ac_stream_error_quark (void);

/* What the protocols with literals (RFC 3501, RFC 5804) have not in common. */
typedef struct
{
  const char *name; /* for messages: “IMAP” */
  /* Nothing that is asked for comes as a longer literal. */
  gsize max_literal;
  /* Whether a line, given without its CRLF, is followed by a literal of so many bytes. What stands
   * between two literals counts as a line. */
  gboolean (*announces_literal) (const char *line,
                                 gsize length,
                                 gboolean is_first_line,
                                 guint64 *literal_length);
} AcServerProtocol;

typedef struct _AcServerReader AcServerReader;

AcServerReader *ac_server_reader_new (GInputStream *stream, const AcServerProtocol *protocol);
void ac_server_reader_free (AcServerReader *reader);
GByteArray *
ac_server_reader_read (AcServerReader *reader, GCancellable *cancellable, GError **error);
gboolean ac_server_reader_is_empty (AcServerReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcServerReader, ac_server_reader_free)

G_END_DECLS
