/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/ac-action-columns.h"
#include "window/ac-row-press.h"
#include "window/ac-row-slot.h"

typedef struct
{
  AcRowPressFunc callback;
  GObject *object; /* not owned: it holds the list */
} Watch;

static gboolean
is_control (GtkWidget *widget)
{
  for (; widget != NULL && !GTK_IS_COLUMN_VIEW (widget); widget = gtk_widget_get_parent (widget))
    if (GTK_IS_CHECK_BUTTON (widget) || GTK_IS_BUTTON (widget))
      return TRUE;
  return FALSE;
}

static void
pressed_cb (GtkGesture *gesture, int n_press, double x, double y, gpointer user_data)
{
  const Watch *watch = user_data;
  GtkWidget *view = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture));
  GtkWidget *target = gtk_widget_pick (view, x, y, GTK_PICK_DEFAULT);
  GtkListItem *row = ac_action_columns_get_list_item (target);
  GdkModifierType keys =
      gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));

  /* Nobody is to act on what they have not read: the row still tells of the action before. */
  if (row != NULL && AC_IS_ROW_SLOT (gtk_list_item_get_item (row)) &&
      ac_row_slot_is_late (gtk_list_item_get_item (row)))
    {
      gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
      return;
    }
  if (row != NULL && n_press == 1 && (keys & (GDK_SHIFT_MASK | GDK_CONTROL_MASK)) == 0 &&
      !is_control (target))
    watch->callback (watch->object, gtk_list_item_get_position (row));
}

/* GTK selects a range when the button is let go. */
static void
released_cb (GtkGesture *gesture, int n_press, double x, double y, gpointer user_data)
{
  GtkWidget *view = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture));
  GtkWidget *target = gtk_widget_pick (view, x, y, GTK_PICK_DEFAULT);
  GtkListItem *row = ac_action_columns_get_list_item (target);
  GdkModifierType keys =
      gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));

  /* A check sees to it by itself. */
  if (row == NULL || (keys & GDK_SHIFT_MASK) == 0 || is_control (target))
    return;
  /* With Ctrl the range is selected or not as its beginning is, so that must have been picked. */
  ac_action_columns_begin_range (GTK_COLUMN_VIEW (view), (keys & GDK_CONTROL_MASK) != 0
                                                             ? GTK_INVALID_LIST_POSITION
                                                             : gtk_list_item_get_position (row));
}

static void
watch_free (gpointer data, GClosure *closure)
{
  g_free (data);
}

/**
 * ac_row_press_watch:
 * @callback: is called before GTK selects the row
 * @object: holds @view, and is given to @callback
 */
void
ac_row_press_watch (GtkColumnView *view, AcRowPressFunc callback, GObject *object)
{
  GtkGesture *gesture = gtk_gesture_click_new ();
  Watch *watch = g_new0 (Watch, 1);

  watch->callback = callback;
  watch->object = object;
  /* A row takes the press for itself. */
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (gesture), GTK_PHASE_CAPTURE);
  g_signal_connect_data (gesture, "pressed", G_CALLBACK (pressed_cb), watch, watch_free, 0);
  g_signal_connect (gesture, "released", G_CALLBACK (released_cb), NULL);
  gtk_widget_add_controller (GTK_WIDGET (view), GTK_EVENT_CONTROLLER (gesture));
}
