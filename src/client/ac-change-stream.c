/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/ac-change-stream.h"
#include "client/ac-event-parser.h"

#define PATH "/changes/stream"
#define READ_SIZE (64 * 1024)

struct _AcChangeStream
{
  GObject parent_instance;

  AcTransport *transport;
  GCancellable *cancellable; /* cancelled when it has ended */
  GInputStream *stream;      /* nullable */
  AcEventParser *parser;
  GSource *silence; /* nullable */
  gboolean reading;
  gboolean held; /* reads nothing: the one who listens has enough to do */
  gboolean ended;
};

enum
{
  HEARD,
  PAGE,
  ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AcChangeStream, ac_change_stream, G_TYPE_OBJECT)

static void read_more (AcChangeStream *self);

static void
stop_silence (AcChangeStream *self)
{
  if (self->silence != NULL)
    g_source_destroy (self->silence);
  g_clear_pointer (&self->silence, g_source_unref);
}

/* A stream that was not read to its end would hold its connection for ever; it cannot be closed in the
 * middle of a read; and closing reads what is still to come, unless that is cancelled. */
static void
let_go (AcChangeStream *self)
{
  if (self->reading || self->stream == NULL)
    return;
  g_input_stream_close_async (self->stream, G_PRIORITY_DEFAULT, self->cancellable, NULL, NULL);
  g_clear_object (&self->stream);
}

static void
ac_change_stream_dispose (GObject *object)
{
  ac_change_stream_close (AC_CHANGE_STREAM (object));
  G_OBJECT_CLASS (ac_change_stream_parent_class)->dispose (object);
}

static void
ac_change_stream_finalize (GObject *object)
{
  AcChangeStream *self = AC_CHANGE_STREAM (object);

  g_clear_object (&self->transport);
  g_clear_object (&self->cancellable);
  ac_event_parser_free (self->parser);
  G_OBJECT_CLASS (ac_change_stream_parent_class)->finalize (object);
}

static void
ac_change_stream_class_init (AcChangeStreamClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = ac_change_stream_dispose;
  object_class->finalize = ac_change_stream_finalize;

  signals[HEARD] = g_signal_new ("heard", AC_TYPE_CHANGE_STREAM, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
  signals[PAGE] = g_signal_new ("page", AC_TYPE_CHANGE_STREAM, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, G_TYPE_BYTES);
  signals[ENDED] = g_signal_new ("ended", AC_TYPE_CHANGE_STREAM, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
event_cb (const char *type, const char *id, GBytes *data, gpointer user_data)
{
  AcChangeStream *self = user_data;

  /* A later service may send events of other types. */
  if (self->ended || !g_str_equal (type, "changes"))
    return;
  ac_transport_emit_received (self->transport, PATH, data);
  /* Whoever was told may have closed this. */
  if (!self->ended)
    g_signal_emit (self, signals[PAGE], 0, data);
}

static void
ac_change_stream_init (AcChangeStream *self)
{
  self->cancellable = g_cancellable_new ();
}

/* @error: (transfer full) */
static void
end (AcChangeStream *self, GError *error)
{
  g_autoptr (GError) owned = error;

  if (self->ended)
    return;
  ac_change_stream_close (self);
  g_signal_emit (self, signals[ENDED], 0, error);
}

static gboolean
silence_cb (gpointer data)
{
  AcChangeStream *self = data;

  if (self->held)
    return G_SOURCE_CONTINUE;
  end (self, g_error_new (AC_CLIENT_ERROR, AC_CLIENT_ERROR_TIMEOUT,
                          _ ("The service at %s has fallen silent."),
                          ac_transport_get_address (self->transport)));
  return G_SOURCE_REMOVE;
}

/* By the monotonic clock, which nobody sets. */
static void
watch_silence (AcChangeStream *self)
{
  stop_silence (self);
  self->silence = g_timeout_source_new (ac_transport_get_patience (self->transport)->quiet_stream);
  g_source_set_callback (self->silence, silence_cb, self, NULL);
  g_source_attach (self->silence, g_main_context_get_thread_default ());
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcChangeStream) self = user_data;
  GError *error = NULL;
  g_autoptr (GBytes) bytes = NULL;

  bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (object), result, &error);
  self->reading = FALSE;
  if (self->ended)
    {
      g_clear_error (&error);
      let_go (self);
      return;
    }
  if (bytes == NULL)
    {
      end (self, ac_transport_new_lost (self->transport, error));
      return;
    }
  if (g_bytes_get_size (bytes) == 0)
    {
      end (self, g_error_new (AC_CLIENT_ERROR, AC_CLIENT_ERROR_OFFLINE,
                              _ ("The service at %s has closed the connection."),
                              ac_transport_get_address (self->transport)));
      return;
    }
  watch_silence (self);
  g_signal_emit (self, signals[HEARD], 0);
  if (!ac_event_parser_feed (self->parser, g_bytes_get_data (bytes, NULL),
                             g_bytes_get_size (bytes)))
    end (self, g_error_new (AC_CLIENT_ERROR, AC_CLIENT_ERROR_PROTOCOL,
                            _ ("The service at %s sends more at once than any service does."),
                            ac_transport_get_address (self->transport)));
  else
    read_more (self);
}

static void
read_more (AcChangeStream *self)
{
  if (self->ended || self->held || self->reading || self->stream == NULL)
    return;
  self->reading = TRUE;
  g_input_stream_read_bytes_async (self->stream, READ_SIZE, G_PRIORITY_DEFAULT, self->cancellable,
                                   read_cb, g_object_ref (self));
}

static void
opened_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcChangeStream) self = user_data;
  GError *error = NULL;
  g_autoptr (GInputStream) stream =
      ac_transport_stream_finish (AC_TRANSPORT (object), result, &error);

  if (stream == NULL)
    {
      end (self, error);
      return;
    }
  if (self->ended)
    {
      g_input_stream_close_async (stream, G_PRIORITY_DEFAULT, self->cancellable, NULL, NULL);
      return;
    }
  self->stream = g_steal_pointer (&stream);
  watch_silence (self);
  read_more (self);
}

/**
 * ac_change_stream_new:
 *
 * Returns: (transfer full): a stream that is not open yet.
 */
AcChangeStream *
ac_change_stream_new (AcTransport *transport)
{
  AcChangeStream *self;

  g_return_val_if_fail (AC_IS_TRANSPORT (transport), NULL);

  self = g_object_new (AC_TYPE_CHANGE_STREAM, NULL);
  self->transport = g_object_ref (transport);
  self->parser =
      ac_event_parser_new (ac_transport_get_patience (transport)->largest_answer, event_cb, self);
  return self;
}

/**
 * ac_change_stream_open:
 * @token: changes from here on
 *
 * Called once.
 */
void
ac_change_stream_open (AcChangeStream *self, const char *token)
{
  g_return_if_fail (AC_IS_CHANGE_STREAM (self));
  g_return_if_fail (token != NULL);

  ac_transport_stream_async (self->transport, PATH, token, self->cancellable, opened_cb,
                             g_object_ref (self));
}

/**
 * ac_change_stream_close:
 *
 * Lets go of the connection. Nothing is told from here on.
 */
void
ac_change_stream_close (AcChangeStream *self)
{
  g_return_if_fail (AC_IS_CHANGE_STREAM (self));

  self->ended = TRUE;
  stop_silence (self);
  g_cancellable_cancel (self->cancellable);
  let_go (self);
}

/**
 * ac_change_stream_hold:
 * @hold: whether to read nothing for now, so that what is sent waits at the service
 */
void
ac_change_stream_hold (AcChangeStream *self, gboolean hold)
{
  g_return_if_fail (AC_IS_CHANGE_STREAM (self));

  if (self->held == hold)
    return;
  self->held = hold;
  if (!hold && !self->ended && self->stream != NULL)
    {
      watch_silence (self);
      read_more (self);
    }
}
