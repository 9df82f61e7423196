/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a change costs does not depend on how many listen. The streams end in memory here; over
 * sockets they are tested in tests/service/test_stream.py. */
#include "config.h"

#include <string.h>

#include "model/ac-time.h"
#include "service/ac-change-broadcaster.h"
#include "service/ac-http-head.h"
#include "store-fixture.h"

#define N_STREAMS 1000
#define N_CHANGES 100

typedef struct
{
  Fixture store;
  AcServiceConfig config;
  AcTokenFile *tokens;
  AcChangeBroadcaster *broadcaster;
  GPtrArray *listeners; /* of Listener */
} Broadcast;

typedef struct
{
  guint status;
  AcEventStream *stream; /* nullable */
  GOutputStream *memory;
} Listener;

static void
listener_free (gpointer data)
{
  Listener *listener = data;

  if (listener->stream != NULL)
    ac_event_stream_close (listener->stream);
  g_clear_object (&listener->stream);
  g_object_unref (listener->memory);
  g_free (listener);
}

static void
changed_cb (AcStore *store, gpointer user_data)
{
  ac_change_broadcaster_wake (user_data);
}

static void
set_up (Broadcast *broadcast, gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  fixture_set_up (&broadcast->store, NULL);
  path = g_build_filename (broadcast->store.folder, "tokens", NULL);
  broadcast->config.streams = 2 * N_STREAMS;
  broadcast->config.streams_per_token = 2 * N_STREAMS;
  broadcast->config.heartbeat_seconds = 3600;
  broadcast->tokens = ac_token_file_new (path);
  broadcast->broadcaster =
      ac_change_broadcaster_new (broadcast->store.store, broadcast->tokens, &broadcast->config);
  broadcast->listeners = g_ptr_array_new_with_free_func (listener_free);
  g_assert_true (ac_change_broadcaster_start (broadcast->broadcaster, &error));
  g_assert_no_error (error);
  ac_store_set_changed_func (broadcast->store.store, changed_cb, broadcast->broadcaster, NULL);
}

static void
tear_down (Broadcast *broadcast, gconstpointer data)
{
  ac_store_set_changed_func (broadcast->store.store, NULL, NULL, NULL);
  ac_change_broadcaster_stop (broadcast->broadcaster);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_ptr_array_unref (broadcast->listeners);
  g_assert_finalize_object (broadcast->broadcaster);
  g_assert_finalize_object (broadcast->tokens);
  fixture_tear_down (&broadcast->store, NULL);
}

static void
answered_cb (AcResponse *response, gpointer user_data)
{
  Listener *listener = user_data;

  listener->status = response->status;
  listener->stream = g_steal_pointer (&response->events);
  if (listener->stream != NULL)
    ac_event_stream_open (listener->stream, listener->memory, 30, NULL, NULL);
  ac_response_free (response);
}

/* A request as the connection hands it on. */
static AcRequest *
make_request (const char *since)
{
  g_autofree char *text =
      g_strdup_printf ("GET /api/v1/changes/stream%s%s HTTP/1.1\r\nHost: x\r\n"
                       "Authorization: Bearer t\r\n\r\n",
                       since != NULL ? "?since=" : "", since != NULL ? since : "");
  AcProblem *problem = NULL;
  AcHttpHead *head = ac_http_head_parse (text, strlen (text), &problem);
  AcRequest *request;

  g_assert_nonnull (head);
  request = ac_request_new (head, "127.0.0.1", &problem);
  g_assert_nonnull (request);
  request->actor_name = g_strdup ("alice");
  request->role = AC_ROLE_READER;
  return request;
}

static void
listen (Broadcast *broadcast, const char *since, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      Listener *listener = g_new0 (Listener, 1);

      listener->memory = g_memory_output_stream_new_resizable ();
      g_ptr_array_add (broadcast->listeners, listener);
      ac_change_broadcaster_open (broadcast->broadcaster, make_request (since), answered_cb,
                                  listener);
    }
}

/* What has come, and how often a word stands in it. */
static guint
count_words (Listener *listener, const char *word)
{
  GMemoryOutputStream *memory = G_MEMORY_OUTPUT_STREAM (listener->memory);
  const char *text = g_memory_output_stream_get_data (memory);
  const char *end = text + g_memory_output_stream_get_data_size (memory);
  guint n = 0;

  while (text != NULL && (text = memmem (text, (gsize)(end - text), word, strlen (word))) != NULL)
    {
      text += strlen (word);
      n++;
    }
  return n;
}

static gboolean
all_have (Broadcast *broadcast, const char *word, guint n)
{
  for (guint i = 0; i < broadcast->listeners->len; i++)
    if (count_words (broadcast->listeners->pdata[i], word) < n)
      return FALSE;
  return TRUE;
}

static void
wait_for (Broadcast *broadcast, const char *word, guint n)
{
  while (!all_have (broadcast, word, n))
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < broadcast->listeners->len; i++)
    g_assert_cmpuint (count_words (broadcast->listeners->pdata[i], word), ==, n);
}

static void
change (Broadcast *broadcast, guint n)
{
  static guint counter;

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("case-%u", counter++);
      g_autofree char *id = propose (broadcast->store.store, name, 1, "m@example.test");

      g_assert_nonnull (id);
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
}

/* Until the broadcaster has seen the first changes too, though there was nobody to tell: before
 * that, who comes with the token of the beginning is current. */
static void
wait_for_head (Broadcast *broadcast)
{
  AcChangeBroadcasterCounts counts;

  do
    {
      g_main_context_iteration (NULL, FALSE);
      ac_change_broadcaster_get_counts (broadcast->broadcaster, &counts);
    }
  while (counts.n_blocks == 0);
}

#define ACTION_CHANGE "\"kind\":\"action\""

static void
test_reads_do_not_depend_on_streams (Broadcast *broadcast, gconstpointer data)
{
  const guint n_streams = scaled (N_STREAMS);
  const guint n_changes = scaled (N_CHANGES);
  AcChangeBroadcasterCounts counts;

  listen (broadcast, NULL, n_streams);
  wait_for (broadcast, "\"more\":false", 1);
  ac_change_broadcaster_get_counts (broadcast->broadcaster, &counts);
  g_assert_cmpuint (counts.n_streams, ==, n_streams);
  g_assert_cmpuint (counts.n_reads, ==, 0);
  g_assert_cmpuint (counts.n_catch_up_reads, ==, 0);

  change (broadcast, n_changes);
  wait_for (broadcast, ACTION_CHANGE, n_changes);
  ac_change_broadcaster_get_counts (broadcast->broadcaster, &counts);
  g_test_message ("%u streams, %u changes: %" G_GUINT64_FORMAT " reads, %" G_GUINT64_FORMAT
                  " blocks, %" G_GUINT64_FORMAT " reads for who was behind",
                  n_streams, n_changes, counts.n_reads, counts.n_blocks, counts.n_catch_up_reads);
  g_assert_cmpuint (counts.n_reads, <=, n_changes + 1);
  g_assert_cmpuint (counts.n_blocks, <=, n_changes);
  g_assert_cmpuint (counts.n_catch_up_reads, ==, 0);
}

static void
test_what_comes_meanwhile_goes_out_together (Broadcast *broadcast, gconstpointer data)
{
  const guint n_changes = scaled (N_CHANGES);
  AcChangeBroadcasterCounts counts;

  listen (broadcast, NULL, 3);
  /* Nobody runs the main loop: one block waits to be handed out, and all else makes the next. */
  for (guint i = 0; i < n_changes; i++)
    {
      g_autofree char *name = g_strdup_printf ("together-%u", i);
      g_autofree char *id = propose (broadcast->store.store, name, 1, "m@example.test");
    }
  wait_for (broadcast, ACTION_CHANGE, n_changes);
  ac_change_broadcaster_get_counts (broadcast->broadcaster, &counts);
  /* The first one after a rest is short. */
  g_assert_cmpuint (counts.n_blocks, <=, 3);
  g_assert_cmpuint (counts.n_reads, <=, 5);
}

static void
test_who_stands_at_one_place_reads_once (Broadcast *broadcast, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *old = NULL;
  AcChangeBroadcasterCounts counts;
  AcChangePlace place;

  g_assert_true (ac_store_get_last_change (broadcast->store.store, &place, &error));
  old = ac_store_format_token (broadcast->store.store, &place);
  change (broadcast, 5);
  wait_for_head (broadcast);
  listen (broadcast, old, scaled (N_STREAMS));
  wait_for (broadcast, ACTION_CHANGE, 5);
  ac_change_broadcaster_get_counts (broadcast->broadcaster, &counts);
  g_assert_cmpuint (counts.n_catch_up_reads, <=, 4);
}

/* What it stands behind is not the change that has this number now: at the head, at the beginning
 * of a block that is still at hand, and before. */
static void
test_a_token_of_another_change_is_gone (Broadcast *broadcast, gconstpointer data)
{
  AcChangePlace places[3];

  change (broadcast, 1);
  wait_for_head (broadcast);
  listen (broadcast, NULL, 1);
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      change (broadcast, 1);
      wait_for (broadcast, ACTION_CHANGE, i + 1);
      g_assert_true (ac_store_get_last_change (broadcast->store.store, &places[i], NULL));
    }
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    for (guint is_other = 0; is_other < 2; is_other++)
      {
        AcChangePlace place = { places[i].seq, places[i].at - is_other };
        g_autofree char *token = ac_store_format_token (broadcast->store.store, &place);
        const Listener *listener;

        listen (broadcast, token, 1);
        listener = broadcast->listeners->pdata[broadcast->listeners->len - 1];
        while (listener->status == 0)
          g_main_context_iteration (NULL, TRUE);
        g_assert_cmpuint (listener->status, ==, is_other ? 410 : 200);
      }
}

static void
test_nobody_listens_nothing_is_read (Broadcast *broadcast, gconstpointer data)
{
  AcChangeBroadcasterCounts counts;

  change (broadcast, 10);
  listen (broadcast, NULL, 1);
  change (broadcast, 1);
  while (!all_have (broadcast, ACTION_CHANGE, 1))
    g_main_context_iteration (NULL, TRUE);
  ac_change_broadcaster_get_counts (broadcast->broadcaster, &counts);
  g_assert_cmpuint (counts.n_streams, ==, 1);
  g_ptr_array_set_size (broadcast->listeners, 0);
  ac_change_broadcaster_get_counts (broadcast->broadcaster, &counts);
  g_assert_cmpuint (counts.n_streams, ==, 0);
}

static void
test_a_stop_answers_whoever_waits (Broadcast *broadcast, gconstpointer data)
{
  g_autofree char *old =
      ac_store_format_token (broadcast->store.store, &(AcChangePlace){ 0, AC_TIME_NONE });
  const Listener *first;
  const Listener *second;

  change (broadcast, 3);
  wait_for_head (broadcast);
  listen (broadcast, NULL, 1);
  listen (broadcast, old, 1);
  ac_change_broadcaster_end_streams (broadcast->broadcaster);
  listen (broadcast, NULL, 1);
  first = broadcast->listeners->pdata[0];
  second = broadcast->listeners->pdata[1];
  g_assert_cmpuint (count_words (broadcast->listeners->pdata[0], "0\r\n\r\n"), ==, 1);
  while (second->status == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (first->status, ==, 200);
  g_assert_cmpuint (second->status, ==, 503);
  g_assert_cmpuint (((const Listener *)broadcast->listeners->pdata[2])->status, ==, 503);
}

/* --- a connection that breaks while its stream catches up --- */

#define LAST_WORD "Message 0 of small"

/* Takes nothing until it is opened, and breaks when it is given the last word. */
typedef struct
{
  GOutputStream parent_instance;
  gboolean open;
  gboolean broken;
  GSource *source; /* nullable: waits until it is open */
} FragileStream;

typedef GOutputStreamClass FragileStreamClass;

static GType fragile_stream_get_type (void);
static void fragile_stream_iface_init (GPollableOutputStreamInterface *iface);

G_DEFINE_TYPE_WITH_CODE (FragileStream,
                         fragile_stream,
                         G_TYPE_OUTPUT_STREAM,
                         G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_OUTPUT_STREAM,
                                                fragile_stream_iface_init))

static gssize
fragile_stream_write (GPollableOutputStream *output, const void *data, gsize size, GError **error)
{
  FragileStream *self = (FragileStream *)output;

  if (!self->open)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK, "full");
      return -1;
    }
  if (memmem (data, size, LAST_WORD, strlen (LAST_WORD)) != NULL)
    {
      self->broken = TRUE;
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE, "broken");
      return -1;
    }
  return (gssize)size;
}

static GSource *
fragile_stream_create_source (GPollableOutputStream *output, GCancellable *cancellable)
{
  FragileStream *self = (FragileStream *)output;

  g_clear_pointer (&self->source, g_source_unref);
  self->source = g_pollable_source_new (G_OBJECT (output));
  return g_source_ref (self->source);
}

static void
fragile_stream_iface_init (GPollableOutputStreamInterface *iface)
{
  iface->write_nonblocking = fragile_stream_write;
  iface->create_source = fragile_stream_create_source;
}

static void
fragile_stream_finalize (GObject *object)
{
  FragileStream *self = (FragileStream *)object;

  g_clear_pointer (&self->source, g_source_unref);
  G_OBJECT_CLASS (fragile_stream_parent_class)->finalize (object);
}

static void
fragile_stream_class_init (FragileStreamClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fragile_stream_finalize;
}

static void
fragile_stream_init (FragileStream *self)
{
}

static void
broken_cb (AcEventStream *stream, gpointer user_data)
{
  ac_event_stream_close (stream);
}

static void
fragile_answered_cb (AcResponse *response, gpointer user_data)
{
  Listener *listener = user_data;

  listener->status = response->status;
  listener->stream = g_steal_pointer (&response->events);
  ac_event_stream_open (listener->stream, listener->memory, 30, broken_cb, NULL);
  ac_response_free (response);
}

static void
test_a_stream_breaks_while_it_catches_up (Broadcast *broadcast, gconstpointer data)
{
  FragileStream *fragile = g_object_new (fragile_stream_get_type (), NULL);
  Listener *listener = g_new0 (Listener, 1);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  AcChangeBroadcasterCounts counts;

  /* Another one, that takes everything, shows how far the broadcaster is. */
  listen (broadcast, NULL, 1);
  listener->memory = G_OUTPUT_STREAM (fragile);
  g_ptr_array_add (broadcast->listeners, listener);
  ac_change_broadcaster_open (broadcast->broadcaster, make_request (NULL), fragile_answered_cb,
                              listener);
  while (listener->status == 0)
    g_main_context_iteration (NULL, TRUE);

  /* More than a stream lets wait, so that what comes then stays with the broadcaster. */
  first = propose (broadcast->store.store, "large", 3000, "m@example.test");
  second = propose (broadcast->store.store, "small", 1, "m@example.test");
  while (count_words (broadcast->listeners->pdata[0], LAST_WORD) == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (ac_event_stream_is_full (listener->stream));

  fragile->open = TRUE;
  g_source_set_ready_time (fragile->source, 0);
  do
    {
      g_main_context_iteration (NULL, TRUE);
      ac_change_broadcaster_get_counts (broadcast->broadcaster, &counts);
    }
  while (counts.n_streams > 1);
  g_assert_true (fragile->broken);
}

#define broadcast_test(name, function)                                                             \
  g_test_add ("/service/change-broadcaster/" name, Broadcast, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  broadcast_test ("reads-do-not-depend-on-streams", test_reads_do_not_depend_on_streams);
  broadcast_test ("what-comes-meanwhile-goes-out-together",
                  test_what_comes_meanwhile_goes_out_together);
  broadcast_test ("who-stands-at-one-place-reads-once", test_who_stands_at_one_place_reads_once);
  broadcast_test ("a-token-of-another-change-is-gone", test_a_token_of_another_change_is_gone);
  broadcast_test ("nobody-listens-nothing-is-read", test_nobody_listens_nothing_is_read);
  broadcast_test ("a-stop-answers-whoever-waits", test_a_stop_answers_whoever_waits);
  broadcast_test ("a-stream-breaks-while-it-catches-up", test_a_stream_breaks_while_it_catches_up);
  return g_test_run ();
}
