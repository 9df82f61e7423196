/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HTTP to one service: TLS, token, time limits, retries. It knows requests and JSON bodies, and
 * nothing of what they mean. Private to this room.
 *
 * Signal: received (const char *path, GBytes *answer): what a GET has brought, or an event of a
 * stream, for those who look at what others have asked for; before whoever has asked gets it. */
#pragma once

#include "client/ac-client-error.h"
#include "client/ac-service-address.h"

G_BEGIN_DECLS

/* How patient a transport is. Times are in milliseconds. */
typedef struct
{
  guint attempts;       /* of one call, at least 1 */
  guint first_delay;    /* before the second attempt; it doubles from there */
  guint longest_delay;  /* between two attempts; a longer Retry-After ends the call */
  guint silence;        /* how long the service may send nothing */
  guint whole;          /* how long one attempt may take */
  gsize largest_answer; /* bytes, after decompression */
  guint first_event;    /* how long a stream may take to its first event, which comes at once */
  guint quiet_stream;   /* how long a stream of events may be silent: 2.5 heartbeats */
  guint interval;       /* between two questions for changes where there is no stream */
  guint without_stream; /* before the stream is tried again where there was none */
} AcPatience;

#define AC_TYPE_TRANSPORT (ac_transport_get_type ())
G_DECLARE_FINAL_TYPE (AcTransport, ac_transport, AC, TRANSPORT, GObject)

AcTransport *ac_transport_new (const char *address,
                               const char *token,
                               const char *ca_file,
                               const AcPatience *patience,
                               GError **error);
const char *ac_transport_get_address (AcTransport *self);
void ac_transport_get_async (AcTransport *self,
                             const char *path,
                             gboolean once,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
void ac_transport_post_async (AcTransport *self,
                              const char *path,
                              GBytes *body,
                              const char *idempotency_key,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
void ac_transport_delete_async (AcTransport *self,
                                const char *path,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
void ac_transport_stream_async (AcTransport *self,
                                const char *path,
                                const char *last_event_id,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
GInputStream *
ac_transport_stream_finish (AcTransport *self, GAsyncResult *result, GError **error);
GError *ac_transport_new_lost (AcTransport *self, GError *cause);
char *ac_transport_dup_identity (AcTransport *self);
const AcPatience *ac_transport_get_patience (AcTransport *self);
GBytes *ac_transport_finish (AcTransport *self, GAsyncResult *result, GError **error);
void ac_transport_emit_received (AcTransport *self, const char *path, GBytes *answer);

G_END_DECLS
