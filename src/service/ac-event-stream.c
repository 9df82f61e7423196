/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/ac-event-stream.h"

/* With more than this waiting nothing is taken any more, until all of it has gone out. */
#define MOST_WAITING (1024 * 1024)
/* A client that takes a block more slowly than this, in bytes a second, is given up. */
#define LEAST_RATE 16384

/* RFC 9112 §7.1: the chunk that ends the body. */
#define LAST_CHUNK "0\r\n\r\n"

struct _AcEventStream
{
  GObject parent_instance;

  AcEventStreamWatch watch;
  gpointer watch_data;
  AcEventStreamFinished finished; /* NULL: not opened yet, or told already */
  gpointer finished_data;

  GPollableOutputStream *output; /* nullable: while it is not opened */
  guint patience;                /* seconds that a block may take besides its length */
  GQueue blocks;                 /* of GBytes */
  gsize waiting;                 /* bytes of them, with those of the first that have gone out */
  gsize offset;                  /* of the first block: so much has gone out */
  GSource *source;               /* nullable: waits until the socket takes more */
  gint64 deadline;               /* of the first block; monotonic; G_MAXINT64: none is waiting */
  gboolean ending;               /* the last block is the last chunk */
  gboolean closed;
};

G_DEFINE_FINAL_TYPE (AcEventStream, ac_event_stream, G_TYPE_OBJECT)

static void
clear_source (AcEventStream *self)
{
  if (self->source == NULL)
    return;
  g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
}

static void
ac_event_stream_finalize (GObject *object)
{
  AcEventStream *self = AC_EVENT_STREAM (object);

  clear_source (self);
  g_queue_clear_full (&self->blocks, (GDestroyNotify)g_bytes_unref);
  g_clear_object (&self->output);
  G_OBJECT_CLASS (ac_event_stream_parent_class)->finalize (object);
}

static void
ac_event_stream_class_init (AcEventStreamClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ac_event_stream_finalize;
}

static void
ac_event_stream_init (AcEventStream *self)
{
  g_queue_init (&self->blocks);
  self->deadline = G_MAXINT64;
}

/**
 * ac_event_stream_new:
 *
 * Returns: (transfer full): a stream that keeps what it is given until it is opened.
 */
AcEventStream *
ac_event_stream_new (const AcEventStreamWatch *watch, gpointer watch_data)
{
  AcEventStream *self = g_object_new (AC_TYPE_EVENT_STREAM, NULL);

  self->watch = *watch;
  self->watch_data = watch_data;
  return self;
}

/* The connection closes in its turn, which calls ac_event_stream_close(). */
static void
finish (AcEventStream *self)
{
  AcEventStreamFinished finished = self->finished;

  self->finished = NULL;
  if (finished != NULL)
    finished (self, self->finished_data);
}

static void
begin_block (AcEventStream *self)
{
  const GBytes *block = g_queue_peek_head (&self->blocks);

  self->offset = 0;
  self->deadline =
      block == NULL
          ? G_MAXINT64
          : g_get_monotonic_time () +
                G_TIME_SPAN_SECOND *
                    (gint64)(self->patience + g_bytes_get_size ((GBytes *)block) / LEAST_RATE);
}

static void flush (AcEventStream *self);

static gboolean
writable_cb (GObject *output, gpointer user_data)
{
  g_autoptr (AcEventStream) self = g_object_ref (user_data);

  clear_source (self);
  flush (self);
  return G_SOURCE_REMOVE;
}

static void
wait_for_room (AcEventStream *self)
{
  self->source = g_pollable_output_stream_create_source (self->output, NULL);
  g_source_set_callback (self->source, G_SOURCE_FUNC (writable_cb), self, NULL);
  g_source_attach (self->source, NULL);
}

/* Writes what the socket takes. This is a plain write and not an asynchronous one, because there is
 * one for each stream at each change. */
static void
flush (AcEventStream *self)
{
  while (!self->closed && self->source == NULL && !g_queue_is_empty (&self->blocks))
    {
      GBytes *block = g_queue_peek_head (&self->blocks);
      gsize size;
      const guint8 *data = g_bytes_get_data (block, &size);
      g_autoptr (GError) error = NULL;
      gssize n = g_pollable_output_stream_write_nonblocking (self->output, data + self->offset,
                                                             size - self->offset, NULL, &error);

      if (n < 0 && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        {
          wait_for_room (self);
          return;
        }
      if (n < 0)
        {
          finish (self);
          return;
        }
      self->offset += (gsize)n;
      if (self->offset < size)
        continue;
      self->waiting -= size;
      g_bytes_unref (g_queue_pop_head (&self->blocks));
      begin_block (self);
    }
  if (self->closed || !g_queue_is_empty (&self->blocks))
    return;
  if (self->ending)
    finish (self);
  else
    self->watch.drained (self, self->watch_data);
}

/**
 * ac_event_stream_push:
 * @block: not empty; a chunk of the body (RFC 9112 §7.1)
 *
 * Puts it behind the blocks that wait, however many they are. The watch may be told before this
 * returns that the stream is drained.
 */
void
ac_event_stream_push (AcEventStream *self, GBytes *block)
{
  g_return_if_fail (AC_IS_EVENT_STREAM (self));
  g_return_if_fail (g_bytes_get_size (block) > 0);

  if (self->closed || self->ending)
    return;
  g_queue_push_tail (&self->blocks, g_bytes_ref (block));
  self->waiting += g_bytes_get_size (block);
  if (g_queue_get_length (&self->blocks) == 1)
    begin_block (self);
  if (self->output != NULL && self->source == NULL)
    {
      g_object_ref (self);
      flush (self);
      g_object_unref (self);
    }
}

/**
 * ac_event_stream_is_full:
 *
 * Returns: whether so much is waiting that no more should be pushed until it is drained.
 */
gboolean
ac_event_stream_is_full (AcEventStream *self)
{
  g_return_val_if_fail (AC_IS_EVENT_STREAM (self), TRUE);

  return self->waiting > MOST_WAITING;
}

gboolean
ac_event_stream_is_drained (AcEventStream *self)
{
  g_return_val_if_fail (AC_IS_EVENT_STREAM (self), FALSE);

  return self->output != NULL && g_queue_is_empty (&self->blocks);
}

/**
 * ac_event_stream_end:
 *
 * Says the last word. A client that has not taken what was said before is not waited for.
 */
void
ac_event_stream_end (AcEventStream *self)
{
  static const char last_chunk[] = LAST_CHUNK;
  g_autoptr (GBytes) block = NULL;

  g_return_if_fail (AC_IS_EVENT_STREAM (self));

  if (self->closed || self->ending)
    return;
  if (self->source != NULL)
    {
      self->ending = TRUE;
      finish (self);
      return;
    }
  block = g_bytes_new_static (last_chunk, sizeof last_chunk - 1);
  g_queue_push_tail (&self->blocks, g_bytes_ref (block));
  self->waiting += g_bytes_get_size (block);
  self->ending = TRUE;
  if (self->output != NULL)
    {
      g_object_ref (self);
      flush (self);
      if (self->source != NULL)
        finish (self);
      g_object_unref (self);
    }
}

/**
 * ac_event_stream_open:
 * @output: a pollable stream; what was pushed before goes out now
 * @patience: seconds that a block may take to go out, besides what its length allows
 * @finished: called when the connection is to be closed, maybe before this returns
 */
void
ac_event_stream_open (AcEventStream *self,
                      GOutputStream *output,
                      guint patience,
                      AcEventStreamFinished finished,
                      gpointer user_data)
{
  g_return_if_fail (AC_IS_EVENT_STREAM (self));
  g_return_if_fail (self->output == NULL && G_IS_POLLABLE_OUTPUT_STREAM (output));

  self->finished = finished;
  self->finished_data = user_data;
  self->patience = patience;
  self->output = g_object_ref (G_POLLABLE_OUTPUT_STREAM (output));
  begin_block (self);
  g_object_ref (self);
  flush (self);
  g_object_unref (self);
}

/**
 * ac_event_stream_get_deadline:
 *
 * Returns: when what is waiting must have gone out, monotonic; G_MAXINT64 when nothing is waiting.
 */
gint64
ac_event_stream_get_deadline (AcEventStream *self)
{
  g_return_val_if_fail (AC_IS_EVENT_STREAM (self), 0);

  return self->deadline;
}

/**
 * ac_event_stream_close:
 *
 * The connection is gone.
 */
void
ac_event_stream_close (AcEventStream *self)
{
  g_return_if_fail (AC_IS_EVENT_STREAM (self));

  if (self->closed)
    return;
  self->closed = TRUE;
  self->finished = NULL;
  clear_source (self);
  g_object_ref (self);
  self->watch.closed (self, self->watch_data);
  g_object_unref (self);
}
