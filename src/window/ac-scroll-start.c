/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/ac-scroll-start.h"

typedef struct
{
  GtkAdjustment *adjustment; /* which owns this */
  GtkWidget *child;          /* weak, nullable */
  double behind;             /* how far it is scrolled from the right end */
  guint idle;                /* 0: nothing is to be put right */
} Start;

static void
start_free (Start *start)
{
  g_clear_handle_id (&start->idle, g_source_remove);
  g_clear_weak_pointer (&start->child);
  g_free (start);
}

static double
get_right_end (GtkAdjustment *adjustment)
{
  return gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment);
}

static gboolean
idle_cb (gpointer user_data)
{
  Start *start = user_data;

  start->idle = 0;
  gtk_adjustment_set_value (start->adjustment, get_right_end (start->adjustment) - start->behind);
  /* A view that has become narrower has placed its columns before it knew so. */
  if (start->child != NULL)
    gtk_widget_queue_allocate (start->child);
  return G_SOURCE_REMOVE;
}

/* The widget is being laid out now, and would not be a second time. */
static void
changed_cb (GtkAdjustment *adjustment, Start *start)
{
  if (start->child != NULL && gtk_widget_get_direction (start->child) == GTK_TEXT_DIR_RTL &&
      start->idle == 0)
    start->idle = g_idle_add_full (G_PRIORITY_HIGH_IDLE, idle_cb, start, NULL);
}

static void
value_changed_cb (GtkAdjustment *adjustment, Start *start)
{
  if (start->idle == 0)
    start->behind = get_right_end (adjustment) - gtk_adjustment_get_value (adjustment);
}

/**
 * ac_scroll_start_show:
 * @child: what stands in a GtkScrolledWindow, directly or not
 *
 * Where lines go from right to left, has the right end of @child be in sight at first, and whatever
 * one has scrolled to stay at the same distance from it. (GTK shows the left end in any case.)
 */
void
ac_scroll_start_show (GtkWidget *child)
{
  GtkWidget *scrolled;
  GtkAdjustment *adjustment;
  Start *start;

  g_return_if_fail (GTK_IS_WIDGET (child));

  scrolled = gtk_widget_get_ancestor (child, GTK_TYPE_SCROLLED_WINDOW);
  g_return_if_fail (scrolled != NULL);
  adjustment = gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (scrolled));
  /* One for each: the first one's handlers would outlive it. */
  g_return_if_fail (g_object_get_data (G_OBJECT (adjustment), "ac-scroll-start") == NULL);
  start = g_new0 (Start, 1);
  g_set_weak_pointer (&start->child, child);
  start->adjustment = adjustment;
  g_signal_connect (start->adjustment, "changed", G_CALLBACK (changed_cb), start);
  g_signal_connect (start->adjustment, "value-changed", G_CALLBACK (value_changed_cb), start);
  g_object_set_data_full (G_OBJECT (start->adjustment), "ac-scroll-start", start,
                          (GDestroyNotify)start_free);
}
