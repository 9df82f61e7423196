/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "window/ac-accessible.h"
#include "window/ac-action-columns.h"
#include "window/ac-action-view-private.h"
#include "window/ac-choice-sorter.h"
#include "window/ac-compat.h"
#include "window/ac-keys.h"
#include "window/ac-row-press.h"
#include "window/ac-scroll-start.h"
#include "window/ac-ui.h"

G_DEFINE_FINAL_TYPE (AcActionView, ac_action_view, GTK_TYPE_WIDGET)

enum
{
  SELECTION_CHANGED,
  SORT_CHANGED,
  ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
emit_selection_changed (AcActionView *self, gboolean by_list)
{
  g_signal_emit (self, signals[SELECTION_CHANGED], 0, by_list);
}

static void
selection_changed_cb (AcActionView *self)
{
  if (self->kept != NULL || self->restoring)
    return;
  self->ticking =
      g_object_get_data (G_OBJECT (self->column_view), AC_ACTION_COLUMNS_PICKED) != NULL;
  self->picking = self->ticking || ac_action_view_get_n_selected (self) > 1;
  g_object_set_data (G_OBJECT (self->column_view), AC_ACTION_COLUMNS_PICKED, NULL);
  if (ac_action_view_get_position (self) != GTK_INVALID_LIST_POSITION)
    self->last_position = ac_action_view_get_position (self);
  emit_selection_changed (self, FALSE);
}

/* What was put aside, or picked, is looked at again. */
static void
pressed_cb (GObject *object, guint position)
{
  AcActionView *self = AC_ACTION_VIEW (object);

  if (!self->ticking || ac_action_view_get_n_selected (self) != 1 ||
      ac_action_view_get_position (self) != position)
    return;
  self->ticking = FALSE;
  self->picking = FALSE;
  emit_selection_changed (self, FALSE);
}

static guint
get_focus_position (AcActionView *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  GtkListItem *list_item = NULL;

  if (focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->column_view)))
    list_item = ac_action_columns_get_list_item (focus);
  return list_item != NULL ? gtk_list_item_get_position (list_item) : GTK_INVALID_LIST_POSITION;
}

/* Nobody is to act on what they have not read: the row still tells of the action that stood there
 * before. It comes into sight, and is written, if it is not there; the next key acts on it. Returns
 * whether it is so. */
static gboolean
refuse_late (AcActionView *self, guint position)
{
  g_autoptr (AcRowSlot) slot = NULL;

  if (self->slots != NULL && position != GTK_INVALID_LIST_POSITION)
    slot = g_list_model_get_item (G_LIST_MODEL (self->slots), position);
  if (slot == NULL || !ac_row_slot_is_late (slot))
    return FALSE;
  gtk_widget_error_bell (GTK_WIDGET (self));
  ac_compat_column_view_scroll_to (self->column_view, position);
  return TRUE;
}

/* All rows are of the same height. */
static double
get_row_height (AcActionView *self)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->column_view));
  guint n = self->slots != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->slots)) : 0;

  return n > 0 ? gtk_adjustment_get_upper (adjustment) / n : 0;
}

/* Whoever sees the first row goes on seeing the first row, unless the keyboard has gone down from
 * it. Elsewhere the rows that are looked at stay on the screen. */
static gboolean
stays_at_top (AcActionView *self)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->column_view));
  GtkWidget *row = gtk_widget_get_first_child (ac_accessible_get_rows (self->column_view));
  guint focus = get_focus_position (self);

  return (row == NULL ||
          gtk_adjustment_get_value (adjustment) < MAX (1, gtk_widget_get_height (row))) &&
         (focus == 0 || focus == GTK_INVALID_LIST_POSITION);
}

/* Another query is read from its beginning. Returns whether it is one. */
static gboolean
start_at_top (AcActionView *self)
{
  AcActionQuery *query = ac_action_list_get_query (self->list);
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->column_view));

  if (self->shown_query != NULL && ac_action_query_equal (self->shown_query, query))
    return FALSE;
  g_set_object (&self->shown_query, query);
  gtk_adjustment_set_value (adjustment, 0);
  return TRUE;
}

/* A row that is far away is only made when the list has been laid out. */
static gboolean
focus_tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  AcActionView *self = AC_ACTION_VIEW (widget);
  GtkWidget *row = ac_action_columns_find_row (self->column_view, self->focus_wanted);

  if (row != NULL)
    gtk_widget_grab_focus (row);
  if (row == NULL && self->focus_patience-- > 0)
    return G_SOURCE_CONTINUE;
  self->focus_tick = 0;
  return G_SOURCE_REMOVE;
}

/* Moves the focus and leaves the selection as it is. A row that is there gets it at once: a key
 * that comes before the next frame goes on from it. */
static void
focus_position (AcActionView *self, guint position)
{
  GtkWidget *row = ac_action_columns_find_row (self->column_view, position);

  ac_compat_column_view_scroll_to (self->column_view, position);
  if (row != NULL)
    {
      if (self->focus_tick != 0)
        gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->focus_tick);
      self->focus_tick = 0;
      gtk_widget_grab_focus (row);
      return;
    }
  self->focus_wanted = position;
  self->focus_patience = 10;
  if (self->focus_tick == 0)
    self->focus_tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), focus_tick_cb, NULL, NULL);
}

static void
about_to_change_cb (AcActionView *self)
{
  gboolean fresh = start_at_top (self);
  guint focus = get_focus_position (self);

  g_clear_pointer (&self->kept, g_array_unref);
  self->kept = ac_action_view_get_selected_keys (self);
  self->focused = 0;
  if (!fresh && !stays_at_top (self))
    return;
  ac_row_slots_hold (self->slots);
  if (!fresh && focus != GTK_INVALID_LIST_POSITION)
    self->focused = ac_action_list_get_key (self->list, focus);
}

/* A list that was held has left the focus at its place. It goes on with the action, as far as that
 * is still on the screen: the next key is meant for it, and not for one that has just come. */
static void
follow_focus (AcActionView *self)
{
  guint focus = get_focus_position (self);
  double page = gtk_adjustment_get_page_size (
      gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->column_view)));
  double height = get_row_height (self);

  if (self->focused == 0 || focus == GTK_INVALID_LIST_POSITION || height < 1)
    return;
  for (guint i = 0; i < (guint)(page / height); i++)
    if (ac_action_list_get_key (self->list, i) == self->focused && i != focus)
      {
        focus_position (self, i);
        return;
      }
}

static void
has_changed_cb (AcActionView *self)
{
  g_autoptr (GArray) kept = g_steal_pointer (&self->kept);
  g_autoptr (GtkBitset) positions = NULL;
  g_autoptr (GtkBitset) now = NULL;

  if (kept == NULL)
    return;
  self->restoring = TRUE;
  ac_row_slots_release (self->slots);
  self->restoring = FALSE;
  positions =
      ac_action_view_find_positions (self, (const guint64 *)(gpointer)kept->data, kept->len);
  now = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->slots));
  if (!gtk_bitset_equals (now, positions))
    {
      self->restoring = TRUE;
      ac_action_view_set_selected_positions (self, positions);
      self->restoring = FALSE;
    }
  follow_focus (self);
  if (gtk_bitset_get_size (positions) != kept->len)
    emit_selection_changed (self, TRUE);
}

static void
sorter_changed_cb (AcActionView *self)
{
  if (!self->setting_sort)
    g_signal_emit (self, signals[SORT_CHANGED], 0);
}

static void
activate_cb (AcActionView *self, guint position)
{
  if (refuse_late (self, position))
    return;
  if (!gtk_selection_model_is_selected (GTK_SELECTION_MODEL (self->slots), position))
    ac_action_view_select_position (self, position);
  g_signal_emit (self, signals[ACTIVATED], 0);
}

static void
scrolled_cb (AcActionView *self)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->column_view));
  double row = get_row_height (self);

  if (row >= 1)
    ac_row_slots_set_seen (self->slots, (guint)(gtk_adjustment_get_value (adjustment) / row),
                           (guint)(gtk_adjustment_get_page_size (adjustment) / row) + 1);
}

static gboolean
write_step (GtkWidget *widget)
{
  AcActionView *self = AC_ACTION_VIEW (widget);

  return self->slots != NULL && ac_row_slots_catch_up (self->slots);
}

/* A list that is in no window gets no frames to write its rows between: it has them written at
 * once.
 */
static void
pace (AcActionView *self)
{
  if (self->slots != NULL && gtk_widget_get_realized (GTK_WIDGET (self)))
    g_signal_connect_swapped (self->slots, "behind", G_CALLBACK (ac_between_frames_start),
                              self->writing);
}

static void
stop_pacing (AcActionView *self)
{
  if (self->slots == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->slots, self->writing);
  ac_between_frames_stop (self->writing);
}

static void
ac_action_view_realize (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (ac_action_view_parent_class)->realize (widget);
  pace (AC_ACTION_VIEW (widget));
}

static void
ac_action_view_unrealize (GtkWidget *widget)
{
  AcActionView *self = AC_ACTION_VIEW (widget);

  stop_pacing (self);
  while (self->slots != NULL && ac_row_slots_catch_up (self->slots))
    ;
  GTK_WIDGET_CLASS (ac_action_view_parent_class)->unrealize (widget);
}

static void
width_cb (AcActionView *self)
{
  ac_action_columns_fit (self->column_view, gtk_widget_get_width (GTK_WIDGET (self->bin)));
}

static void
toggle_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcActionView *self = AC_ACTION_VIEW (widget);
  guint position = get_focus_position (self);

  if (self->slots == NULL || position == GTK_INVALID_LIST_POSITION)
    return;
  if (refuse_late (self, position))
    return;
  g_object_set_data (G_OBJECT (self->column_view), AC_ACTION_COLUMNS_PICKED,
                     GINT_TO_POINTER (TRUE));
  ac_action_columns_toggle (self->column_view, position);
}

/* j and k: as the arrow keys. (gtk_widget_child_focus moves between rows in GTK 4.8 only.) Keys may
 * come faster than frames, so the row that is to have the focus counts as having it. */
static void
step_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcActionView *self = AC_ACTION_VIEW (widget);
  guint position = self->focus_tick != 0 ? self->focus_wanted : get_focus_position (self);

  if (self->slots == NULL)
    return;
  if (position == GTK_INVALID_LIST_POSITION)
    {
      gtk_widget_grab_focus (widget);
      return;
    }
  position = g_variant_get_int32 (parameter) > 0 ? position + 1 : position - 1;
  if (ac_action_view_select_position (self, position))
    focus_position (self, position);
}

/* n and p: from one selected row to the next, and round at the end. */
static void
step_selected_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcActionView *self = AC_ACTION_VIEW (widget);
  gboolean forward = g_variant_get_int32 (parameter) > 0;
  guint focus = get_focus_position (self);
  g_autoptr (GtkBitset) selected = NULL;
  GtkBitsetIter iter;
  guint position;
  gboolean found;

  if (self->slots == NULL || ac_action_view_get_n_selected (self) == 0)
    {
      gtk_widget_error_bell (widget);
      return;
    }
  selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->slots));
  if (focus == GTK_INVALID_LIST_POSITION)
    focus = forward ? gtk_bitset_get_maximum (selected) : gtk_bitset_get_minimum (selected);
  found = gtk_bitset_iter_init_at (&iter, selected, focus, &position);
  if (forward && found && position == focus)
    found = gtk_bitset_iter_next (&iter, &position);
  else if (!forward)
    found = found ? gtk_bitset_iter_previous (&iter, &position)
                  : gtk_bitset_iter_init_last (&iter, selected, &position);
  if (!found)
    position = forward ? gtk_bitset_get_minimum (selected) : gtk_bitset_get_maximum (selected);
  focus_position (self, position);
}

static void
invert_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ac_action_view_invert_selection (AC_ACTION_VIEW (widget));
}

static gboolean
key_cb (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  AcActionView *self = AC_ACTION_VIEW (widget);
  const char *detailed;
  gboolean letter;
  g_autofree char *name = NULL;
  g_autoptr (GVariant) target = NULL;

  g_variant_get (arguments, "(&sb)", &detailed, &letter);
  if ((letter && !self->single_letter_keys) || self->slots == NULL ||
      !g_action_parse_detailed_name (detailed, &name, &target, NULL))
    return FALSE;
  return gtk_widget_activate_action_variant (widget, name, target);
}

/* The end of a list that is still being filled is its own, and not that of the rows made so far. A
 * range that is made by the arrows begins at the row that was picked last. */
static gboolean
key_pressed_cb (GtkEventControllerKey *controller,
                guint keyval,
                guint keycode,
                GdkModifierType state,
                AcActionView *self)
{
  if ((keyval == GDK_KEY_End || keyval == GDK_KEY_KP_End) && self->slots != NULL)
    ac_row_slots_show_all (self->slots);
  if ((state & GDK_SHIFT_MASK) != 0 && self->slots != NULL)
    ac_action_columns_begin_range (self->column_view, (state & GDK_CONTROL_MASK) != 0
                                                          ? GTK_INVALID_LIST_POSITION
                                                          : get_focus_position (self));
  if ((keyval == GDK_KEY_space || keyval == GDK_KEY_KP_Space) &&
      refuse_late (self, get_focus_position (self)))
    return GDK_EVENT_STOP;
  return GDK_EVENT_PROPAGATE;
}

/* Puts the focus on the row that was looked at last, else on the first that there is. The list
 * itself would answer that it has taken the focus when it has only just been shown, and not do it.
 */
static gboolean
ac_action_view_grab_focus (GtkWidget *widget)
{
  AcActionView *self = AC_ACTION_VIEW (widget);
  GtkWidget *row = ac_action_columns_find_row (self->column_view, self->last_position);

  for (GtkWidget *other = gtk_widget_get_first_child (ac_accessible_get_rows (self->column_view));
       row == NULL && other != NULL; other = gtk_widget_get_next_sibling (other))
    if (ac_action_columns_get_list_item (other) != NULL)
      row = other;
  return row != NULL && gtk_widget_grab_focus (row);
}

static void
ac_action_view_dispose (GObject *object)
{
  AcActionView *self = AC_ACTION_VIEW (object);

  if (self->focus_tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->focus_tick);
  self->focus_tick = 0;
  ac_action_view_set_list (self, NULL);
  g_clear_pointer (&self->writing, ac_between_frames_free);
  g_clear_pointer ((GtkWidget **)&self->bin, gtk_widget_unparent);
  G_OBJECT_CLASS (ac_action_view_parent_class)->dispose (object);
}

static void
ac_action_view_class_init (AcActionViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_action_view_dispose;
  widget_class->realize = ac_action_view_realize;
  widget_class->unrealize = ac_action_view_unrealize;
  widget_class->grab_focus = ac_action_view_grab_focus;

  signals[SELECTION_CHANGED] =
      g_signal_new ("selection-changed", AC_TYPE_ACTION_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
  signals[SORT_CHANGED] = g_signal_new ("sort-changed", AC_TYPE_ACTION_VIEW, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[ACTIVATED] = g_signal_new ("activated", AC_TYPE_ACTION_VIEW, G_SIGNAL_RUN_LAST, 0, NULL,
                                     NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               AC_UI_RESOURCE_PATH "/ac-action-view.ui");
  gtk_widget_class_bind_template_child (widget_class, AcActionView, bin);
  gtk_widget_class_bind_template_child (widget_class, AcActionView, column_view);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, width_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "actionview");

  gtk_widget_class_install_action (widget_class, "action-view.step", "i", step_action);
  gtk_widget_class_install_action (widget_class, "action-view.toggle", NULL, toggle_action);
  gtk_widget_class_install_action (widget_class, "action-view.step-selected", "i",
                                   step_selected_action);
  gtk_widget_class_install_action (widget_class, "action-view.invert", NULL, invert_action);
  ac_keys_add_list_bindings (widget_class, key_cb);
}

static void
ac_action_view_init (AcActionView *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  g_type_ensure (AC_TYPE_ADAPTIVE_BIN);
  gtk_widget_init_template (GTK_WIDGET (self));
  ac_scroll_start_show (GTK_WIDGET (self->column_view));
  gtk_widget_add_css_class (GTK_WIDGET (self), "pane");
  self->single_letter_keys = TRUE;
  self->writing = ac_between_frames_new (GTK_WIDGET (self), write_step);
  ac_action_columns_add (self->column_view);
  ac_row_press_watch (self->column_view, pressed_cb, G_OBJECT (self));
  ac_accessible_name_view (self->column_view, _ ("Actions"));
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->column_view), keys);
  for (guint i = 0; i < 2; i++)
    g_signal_connect_object (gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->column_view)),
                             i == 0 ? "value-changed" : "changed", G_CALLBACK (scrolled_cb), self,
                             G_CONNECT_SWAPPED);
  g_signal_connect_object (gtk_column_view_get_sorter (self->column_view), "changed",
                           G_CALLBACK (sorter_changed_cb), self, G_CONNECT_SWAPPED);
}

/**
 * ac_action_view_set_list:
 * @list: (nullable): what to show
 */
void
ac_action_view_set_list (AcActionView *self, AcActionList *list)
{
  g_return_if_fail (AC_IS_ACTION_VIEW (self));

  if (self->list == list)
    return;
  if (self->list != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->list, self);
      g_signal_handlers_disconnect_by_data (self->slots, self);
      stop_pacing (self);
      if (self->column_view != NULL)
        gtk_column_view_set_model (self->column_view, NULL);
    }
  g_clear_pointer (&self->kept, g_array_unref);
  g_clear_object (&self->slots);
  g_clear_object (&self->shown_query);
  g_set_object (&self->list, list);
  if (list == NULL)
    return;
  /* Before the selection connects to it, so that keys are read while positions still hold. */
  g_signal_connect_swapped (list, "about-to-change", G_CALLBACK (about_to_change_cb), self);
  self->slots = ac_row_slots_new (list);
  g_signal_connect_swapped (list, "has-changed", G_CALLBACK (has_changed_cb), self);
  pace (self);
  g_signal_connect_swapped (self->slots, "selected", G_CALLBACK (selection_changed_cb), self);
  gtk_column_view_set_model (self->column_view, GTK_SELECTION_MODEL (self->slots));
}

/**
 * ac_action_view_get_list:
 *
 * Returns: (transfer none) (nullable):
 */
AcActionList *
ac_action_view_get_list (AcActionView *self)
{
  g_return_val_if_fail (AC_IS_ACTION_VIEW (self), NULL);

  return self->list;
}

/**
 * ac_action_view_set_sort:
 *
 * Shows in the headers how the list is sorted, without asking for anything.
 */
void
ac_action_view_set_sort (AcActionView *self, AcSort sort, gboolean descending)
{
  GtkColumnViewColumn *column;

  g_return_if_fail (AC_IS_ACTION_VIEW (self));

  column = ac_action_columns_find (self->column_view, sort);
  self->setting_sort = TRUE;
  gtk_column_view_sort_by_column (self->column_view, column,
                                  descending ? GTK_SORT_DESCENDING : GTK_SORT_ASCENDING);
  self->setting_sort = FALSE;
}

/**
 * ac_action_view_set_layout:
 *
 * Says which columns are shown.
 */
void
ac_action_view_set_layout (AcActionView *self, const AcColumnLayout *layout)
{
  g_return_if_fail (AC_IS_ACTION_VIEW (self));

  /* A column that goes takes the mark of the order with it. */
  self->setting_sort = TRUE;
  ac_action_columns_set_layout (self->column_view, layout);
  self->setting_sort = FALSE;
  if (gtk_widget_get_width (GTK_WIDGET (self->bin)) > 0)
    width_cb (self);
}

/**
 * ac_action_view_get_layout:
 *
 * Returns: (transfer full) (nullable): which columns are shown, and how.
 */
AcColumnLayout *
ac_action_view_get_layout (AcActionView *self)
{
  g_return_val_if_fail (AC_IS_ACTION_VIEW (self), NULL);

  return ac_action_columns_get_layout (self->column_view);
}

/**
 * ac_action_view_get_sort:
 * @sort: (out):
 * @descending: (out):
 *
 * Returns: whether the headers say how to sort.
 */
gboolean
ac_action_view_get_sort (AcActionView *self, AcSort *sort, gboolean *descending)
{
  g_return_val_if_fail (AC_IS_ACTION_VIEW (self), FALSE);

  return ac_choice_sorter_read (gtk_column_view_get_sorter (self->column_view), sort, descending);
}

/**
 * ac_action_view_is_picking:
 *
 * Returns: whether the person is putting a selection together, with the checks or with Ctrl and
 * Shift, and does not just look at one row after the other.
 */
gboolean
ac_action_view_is_picking (AcActionView *self)
{
  g_return_val_if_fail (AC_IS_ACTION_VIEW (self), FALSE);

  return self->picking;
}

/**
 * ac_action_view_is_ticking:
 *
 * Returns: whether the selection came about by a check, which says what is meant and not what one
 * wants to read.
 */
gboolean
ac_action_view_is_ticking (AcActionView *self)
{
  g_return_val_if_fail (AC_IS_ACTION_VIEW (self), FALSE);

  return self->ticking;
}

/**
 * ac_action_view_put_aside:
 *
 * Keeps what is selected, as if it had been put together with the checks.
 */
void
ac_action_view_put_aside (AcActionView *self)
{
  g_return_if_fail (AC_IS_ACTION_VIEW (self));

  self->ticking = TRUE;
}

void
ac_action_view_set_single_letter_keys (AcActionView *self, gboolean enabled)
{
  g_return_if_fail (AC_IS_ACTION_VIEW (self));

  self->single_letter_keys = enabled;
}

/**
 * ac_action_view_refresh_texts:
 *
 * Writes all rows anew, after a setting has changed how times are shown.
 */
void
ac_action_view_refresh_texts (AcActionView *self)
{
  g_return_if_fail (AC_IS_ACTION_VIEW (self));

  if (self->slots == NULL)
    return;
  g_object_ref (self->slots);
  gtk_column_view_set_model (self->column_view, NULL);
  gtk_column_view_set_model (self->column_view, GTK_SELECTION_MODEL (self->slots));
  g_object_unref (self->slots);
}
