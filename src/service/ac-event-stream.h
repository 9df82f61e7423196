/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes out over one connection that is a stream of events: blocks of bytes, in order, each of
 * which many streams may share. Between who makes the blocks and the connection that they leave by;
 * knows nothing of changes. Main thread only, and it never blocks. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define AC_TYPE_EVENT_STREAM (ac_event_stream_get_type ())
G_DECLARE_FINAL_TYPE (AcEventStream, ac_event_stream, AC, EVENT_STREAM, GObject)

/* What the side that makes the blocks wants to know. */
typedef struct
{
  void (*drained) (AcEventStream *stream, gpointer user_data); /* everything has gone out */
  void (*closed) (AcEventStream *stream, gpointer user_data);  /* nothing will go out any more */
} AcEventStreamWatch;

/* Called once, when the connection is to be closed: all is said, or it cannot be said. */
typedef void (*AcEventStreamFinished) (AcEventStream *stream, gpointer user_data);

/* --- for who makes the blocks --- */

AcEventStream *ac_event_stream_new (const AcEventStreamWatch *watch, gpointer watch_data);
void ac_event_stream_push (AcEventStream *self, GBytes *block);
gboolean ac_event_stream_is_full (AcEventStream *self);
gboolean ac_event_stream_is_drained (AcEventStream *self);
void ac_event_stream_end (AcEventStream *self);

/* --- for the connection --- */

void ac_event_stream_open (AcEventStream *self,
                           GOutputStream *output,
                           guint patience,
                           AcEventStreamFinished finished,
                           gpointer user_data);
gint64 ac_event_stream_get_deadline (AcEventStream *self);
void ac_event_stream_close (AcEventStream *self);

G_END_DECLS
