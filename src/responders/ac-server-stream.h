/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stream to a mail server, whichever protocol is spoken on it: the connection, TLS with a
 * verified certificate, whole responses in and bytes out. It knows nothing of what is said, and
 * after the first error nothing more can be said on it.
 *
 * Its calls block, and belong into a worker thread. */
#pragma once

#include "responders/ac-server-reader.h"

G_BEGIN_DECLS

/* Where a server is and how it is trusted. */
typedef struct
{
  const char *host;
  guint16 port;
  gboolean starttls;      /* TLS after STARTTLS instead of from the first byte */
  GTlsDatabase *database; /* nullable: the authorities that are trusted instead of the system's */
  guint timeout;          /* seconds for each answer */
} AcServerEndpoint;

typedef struct _AcServerStream AcServerStream;

AcServerStream *ac_server_stream_open (const AcServerEndpoint *endpoint,
                                       const AcServerProtocol *protocol,
                                       GCancellable *cancellable,
                                       GError **error);
void ac_server_stream_free (AcServerStream *self);
gboolean ac_server_stream_start_tls (AcServerStream *self, GError **error);
GByteArray *ac_server_stream_read (AcServerStream *self, GError **error);
gboolean
ac_server_stream_write (AcServerStream *self, const char *text, gsize length, GError **error);
guint ac_server_stream_get_timeout (AcServerStream *self);
void ac_server_stream_set_timeout (AcServerStream *self, guint seconds);
gboolean ac_server_stream_is_secure (AcServerStream *self);
gboolean ac_server_stream_is_lost (AcServerStream *self);
void ac_server_stream_lose (AcServerStream *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcServerStream, ac_server_stream_free)

G_END_DECLS
