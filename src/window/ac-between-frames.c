/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/ac-between-frames.h"

struct _AcBetweenFrames
{
  GtkWidget *widget; /* which holds it */
  AcBetweenFramesStep step;
  guint tick;
  guint idle;
};

static gboolean
idle_cb (gpointer data)
{
  AcBetweenFrames *self = data;

  self->idle = 0;
  if (!self->step (self->widget))
    ac_between_frames_stop (self);
  return G_SOURCE_REMOVE;
}

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  AcBetweenFrames *self = data;

  /* GTK paints before this; whatever else has time comes after it. */
  if (self->idle == 0)
    self->idle = g_idle_add_full (GDK_PRIORITY_REDRAW + 1, idle_cb, self, NULL);
  return G_SOURCE_CONTINUE;
}

/**
 * ac_between_frames_new:
 * @widget: (transfer none): whose frames they are; it frees this before it goes
 * @step: called with @widget; it may start and stop what calls it, and not free it
 */
AcBetweenFrames *
ac_between_frames_new (GtkWidget *widget, AcBetweenFramesStep step)
{
  AcBetweenFrames *self = g_new0 (AcBetweenFrames, 1);

  self->widget = widget;
  self->step = step;
  return self;
}

/**
 * ac_between_frames_start:
 *
 * Has the steps done, the first one after the next frame, until one says that it was the last. Does
 * nothing while they are being done.
 */
void
ac_between_frames_start (AcBetweenFrames *self)
{
  /* A widget that goes has no frames to come. */
  if (self->tick == 0 && !gtk_widget_in_destruction (self->widget))
    self->tick = gtk_widget_add_tick_callback (self->widget, tick_cb, self, NULL);
}

void
ac_between_frames_stop (AcBetweenFrames *self)
{
  g_clear_handle_id (&self->idle, g_source_remove);
  if (self->tick != 0)
    gtk_widget_remove_tick_callback (self->widget, self->tick);
  self->tick = 0;
}

gboolean
ac_between_frames_is_running (AcBetweenFrames *self)
{
  return self->tick != 0;
}

/**
 * ac_between_frames_free:
 * @self: (nullable):
 */
void
ac_between_frames_free (AcBetweenFrames *self)
{
  if (self == NULL)
    return;
  ac_between_frames_stop (self);
  g_free (self);
}
