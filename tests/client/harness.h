/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the client's tests share: waiting for a condition, awaiting an asynchronous call, and a
 * service that makes the mistakes no good service makes. */
#pragma once

#include <libsoup/soup.h>

#include "client/ac-action-source.h"
#include "client/ac-api-private.h"

G_BEGIN_DECLS

#define TEST_TOKEN "tok_3yVvN0hTzY8kq-secret"

/* Runs the main loop until @condition holds; a test that waits longer than 20 seconds has failed.
 */
#define wait_until(condition)                                                                      \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gint64 wait_end_ = g_get_monotonic_time () + 20 * G_USEC_PER_SEC * patience_factor ();         \
    guint wait_tick_ = g_timeout_add (50, wait_tick_cb, NULL);                                     \
    while (!(condition))                                                                           \
      {                                                                                            \
        if (g_get_monotonic_time () > wait_end_)                                                   \
          g_error ("%s:%d: waited too long for %s", __FILE__, __LINE__, #condition);               \
        g_main_context_iteration (NULL, TRUE);                                                     \
      }                                                                                            \
    g_source_remove (wait_tick_);                                                                  \
  }                                                                                                \
  G_STMT_END

gboolean wait_tick_cb (gpointer data);
gint64 patience_factor (void);

/* For a GAsyncReadyCallback: stores the result in a GAsyncResult *. */
void store_result_cb (GObject *object, GAsyncResult *result, gpointer user_data);
GAsyncResult *await (GAsyncResult **result);

/* Retries without the pauses a person has time for. */
extern const AcPatience quick_patience;

/* A service of which each answer is scripted. */
typedef struct _FakeService FakeService;

typedef struct
{
  char *method;
  char *path;            /* without /api/v1 */
  char *query;           /* nullable, still escaped */
  char *idempotency_key; /* nullable */
  char *authorization;   /* nullable */
  char *accept_encoding; /* nullable */
  char *body;
} FakeRequest;

/* Answers one request; with soup_server_message_pause() also later. */
typedef void (*FakeHandler) (FakeService *service,
                             SoupServerMessage *message,
                             const FakeRequest *request,
                             guint number,
                             gpointer user_data);

FakeService *fake_service_new (FakeHandler handler, gpointer user_data);
FakeService *
fake_service_new_tls (FakeHandler handler, gpointer user_data, GTlsCertificate *certificate);
FakeService *fake_service_new_unix (FakeHandler handler, gpointer user_data, const char *path);
const char *fake_service_get_address (FakeService *service);
GPtrArray *fake_service_get_requests (FakeService *service);
guint fake_service_count (FakeService *service, const char *method, const char *path);
void fake_service_stop (FakeService *service);
void fake_service_start (FakeService *service);
void fake_service_free (FakeService *service);
void fake_answer (SoupServerMessage *message, guint status, const char *json);
void fake_problem (SoupServerMessage *message, guint status, const char *key, const char *detail);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FakeService, fake_service_free)

/* A stream of events: begun by a handler, gone on with later. The message is the stream's as long
 * as the client holds the connection. */
void fake_stream_begin (SoupServerMessage *message);
void fake_stream_send (SoupServerMessage *message, const char *text);
void fake_stream_end (SoupServerMessage *message);

/* A socket that says exactly @bytes to whoever connects, and closes; for what a library's server
 * cannot be brought to send. */
typedef struct _RawService RawService;

RawService *raw_service_new (const char *bytes);
const char *raw_service_get_address (RawService *service);
guint raw_service_get_connections (RawService *service);
void raw_service_free (RawService *service);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RawService, raw_service_free)

AcApi *api_for (const char *address);
char *action_json (const char *id, gint64 version, const char *status);
char *id_of (guint number);
char *dup_id_of_key (AcActionSource *source, guint64 key);
guint64 key_of_id (AcActionSource *source, const char *id);

G_END_DECLS
