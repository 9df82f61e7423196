/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "scroll.h"

#define LINES 100
#define JUMPS 40
#define LINES_AT_ONCE 3 /* as a wheel does */
/* A jump rests so many frames, in which what came later is painted, too. */
#define REST 3
/* Frames in which nothing was done (microseconds). */
#define NOTHING 300

typedef struct
{
  GtkAdjustment *adjustment;
  ScrollReady ready;
  gpointer user_data;
  GMainLoop *loop;
  guint step;
  guint rest;
  gint64 started;
  gboolean jumping; /* the frame belongs to a jump */
  GArray *lines;    /* gint64 */
  GArray *jumps;
  GRand *rand;
} Scroll;

static gint
compare (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *)a;
  gint64 y = *(const gint64 *)b;

  return x < y ? -1 : x > y;
}

static double
quantile (GArray *times, double part)
{
  g_array_sort (times, compare);
  return times->len == 0
             ? 0
             : (double)g_array_index (times, gint64, (guint)(part * (times->len - 1) + 0.5)) / 1000;
}

static void
finish (Scroll *self)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (gint64));

  g_array_append_vals (all, self->lines->data, self->lines->len);
  g_array_append_vals (all, self->jumps->data, self->jumps->len);
  g_print ("{\"p99\":%.2f,\"linesP50\":%.2f,\"linesP99\":%.2f,\"jumpsP50\":%.2f,"
           "\"jumpsP99\":%.2f,\"frames\":%u}\n",
           quantile (all, 0.99), quantile (self->lines, 0.5), quantile (self->lines, 0.99),
           quantile (self->jumps, 0.5), quantile (self->jumps, 0.99), all->len);
  g_main_loop_quit (self->loop);
}

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  Scroll *self = user_data;
  double upper = gtk_adjustment_get_upper (self->adjustment);
  double page = gtk_adjustment_get_page_size (self->adjustment);

  self->jumping = self->step >= LINES;
  if (self->rest > 0)
    {
      self->rest--;
      return G_SOURCE_CONTINUE;
    }
  if (!self->ready (self->user_data))
    return G_SOURCE_CONTINUE;
  if (self->step == LINES + JUMPS)
    {
      finish (self);
      return G_SOURCE_REMOVE;
    }
  if (self->step++ < LINES)
    gtk_adjustment_set_value (self->adjustment,
                              gtk_adjustment_get_value (self->adjustment) + LINES_AT_ONCE * 32);
  else
    {
      gtk_adjustment_set_value (self->adjustment,
                                g_rand_double_range (self->rand, 0, upper - page));
      self->rest = REST;
    }
  return G_SOURCE_CONTINUE;
}

static void
before_paint_cb (GdkFrameClock *clock, Scroll *self)
{
  self->started = g_get_monotonic_time ();
}

static void
after_paint_cb (GdkFrameClock *clock, Scroll *self)
{
  gint64 took = g_get_monotonic_time () - self->started;

  if (took >= NOTHING && self->step > 0)
    g_array_append_val (self->jumping ? self->jumps : self->lines, took);
}

void
scroll_run (GtkWidget *window,
            GtkScrollable *list,
            ScrollReady ready,
            gpointer user_data,
            GMainLoop *loop)
{
  Scroll *self = g_new0 (Scroll, 1); /* as long as the program */
  GdkFrameClock *clock = gtk_widget_get_frame_clock (window);

  self->adjustment = gtk_scrollable_get_vadjustment (list);
  self->ready = ready;
  self->user_data = user_data;
  self->loop = loop;
  self->lines = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->jumps = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->rand = g_rand_new_with_seed (1);
  g_signal_connect (clock, "before-paint", G_CALLBACK (before_paint_cb), self);
  g_signal_connect_after (clock, "after-paint", G_CALLBACK (after_paint_cb), self);
  gtk_widget_add_tick_callback (window, tick_cb, self, NULL);
}
