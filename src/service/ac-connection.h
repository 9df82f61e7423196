/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One connection of one client: reads a request under deadlines and limits, hands it to the router,
 * writes the answer, reads the next. It lives in the main thread and never blocks.
 *
 * This is our own and not a SoupServer because libsoup says of that one that it is not meant for
 * untrusted clients: it keeps half-sent requests for ever, buffers whole bodies before anybody is
 * asked about them, and stops listening when descriptors run out. */
#pragma once

#include <gio/gio.h>

#include "service/ac-router.h"

G_BEGIN_DECLS

typedef enum
{
  AC_CONNECTION_HELLO,      /* TLS: nothing or half a greeting has come */
  AC_CONNECTION_HANDSHAKE,  /* TLS: waiting for its turn, or talking */
  AC_CONNECTION_IDLE,       /* between two requests */
  AC_CONNECTION_HEAD,       /* the head of a request is coming */
  AC_CONNECTION_BODY,       /* its body is coming */
  AC_CONNECTION_PROCESSING, /* a route works on it */
  AC_CONNECTION_WRITING,    /* the answer goes out */
  AC_CONNECTION_STREAMING,  /* the answer is a stream, and does not end by itself */
  AC_CONNECTION_LINGERING,  /* answered for the last time; waiting for the client to see it */
  AC_CONNECTION_CLOSED,
} AcConnectionState;

#define AC_TYPE_CONNECTION (ac_connection_get_type ())
G_DECLARE_FINAL_TYPE (AcConnection, ac_connection, AC, CONNECTION, GObject)

/* What the listener wants to know. */
typedef struct
{
  void (*handshake_ready) (AcConnection *connection, gpointer user_data);
  void (*handshake_done) (AcConnection *connection, gpointer user_data);
  /* To be told with ac_connection_look() when the socket has something to say. */
  void (*streaming) (AcConnection *connection, GSocket *socket, gpointer user_data);
  void (*closed) (AcConnection *connection, gpointer user_data); /* and its descriptor too */
} AcConnectionWatch;

AcConnection *ac_connection_new (GSocketConnection *socket,
                                 const char *address,
                                 GTlsCertificate *certificate,
                                 AcRouter *router,
                                 const AcServiceConfig *config,
                                 const AcConnectionWatch *watch,
                                 gpointer watch_data);
void ac_connection_start (AcConnection *self);
void ac_connection_start_handshake (AcConnection *self);
void ac_connection_look (AcConnection *self);
void ac_connection_check_deadline (AcConnection *self, gint64 now);
void ac_connection_finish (AcConnection *self);
void ac_connection_close (AcConnection *self);

const char *ac_connection_get_address (AcConnection *self);
AcConnectionState ac_connection_get_state (AcConnection *self);
gint64 ac_connection_get_since (AcConnection *self);
gboolean ac_connection_is_evictable (AcConnection *self, gint64 now);

G_END_DECLS
