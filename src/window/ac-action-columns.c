/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "window/ac-accessible.h"
#include "window/ac-action-cells.h"
#include "window/ac-action-columns.h"
#include "window/ac-badge.h"
#include "window/ac-between-frames.h"
#include "window/ac-choice-sorter.h"
#include "window/ac-column-room.h"
#include "window/ac-compat.h"
#include "window/ac-row-slots.h"
#include "window/ac-text-width.h"

#define CHECK_WIDTH 48
#define SCROLLBAR_WIDTH 8

/* In a list that is narrower than this, only what there is room for is shown; elsewhere one can
 * scroll. */
#define NARROW 500

/* So many characters wide, a list has twice the room that all its columns need. */
#define ROOMY 320

/* The columns of this rank and of those behind it do not take the room that the words in the others
 * want, where there is so much. */
#define LESS_IMPORTANT 9

/* What there is room for; kept with the view. */
#define ROOM "ac-room"

/* So many characters the details give up before the status goes. */
#define DETAILS_SLACK 9

static const AcCell *
get_column (gpointer column)
{
  return g_object_get_data (G_OBJECT (column), "ac-column");
}

/**
 * ac_action_columns_describe:
 *
 * Returns: (transfer full): what a screen reader says of a whole row.
 */
char *
ac_action_columns_describe (AcAction *action)
{
  g_autofree char *details = ac_action_cell_get (AC_SORT_DETAILS)->text (action);

  /* Translators: a row read aloud: action type, details, verdict, status */
  return g_strdup_printf (
      _ ("%1$s, %2$s, %3$s, %4$s"),
      ac_vocabulary_label (AC_VOCABULARY_ACTION_TYPE, ac_action_get_action_type (action)), details,
      ac_vocabulary_label (AC_VOCABULARY_VERDICT, ac_action_get_verdict (action)),
      ac_vocabulary_label (AC_VOCABULARY_STATUS, ac_action_get_status (action)));
}

static void
describe_row (GtkWidget *child, AcAction *action)
{
  g_autofree char *description =
      action != NULL ? ac_action_columns_describe (action) : g_strdup (_ ("Loading"));

  ac_accessible_name_row (child, description);
}

/* Of a path the folder and the name tell more than what lies between; of all else the beginning. */
static GtkInscriptionOverflow
get_overflow (const AcCell *column, AcAction *action)
{
  const char *type;

  if (column->sort != AC_SORT_DETAILS || action == NULL)
    return GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END;
  type = ac_entity_get_entity_type (ac_action_get_entity (action));
  return ac_entity_type_parse (type) == AC_ENTITY_TYPE_FILE
             ? GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_MIDDLE
             : GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END;
}

/* @view: (nullable) */
static AcColumnRoom
get_room (gpointer view)
{
  return view != NULL ? (AcColumnRoom)GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (view), ROOM))
                      : AC_COLUMN_ROOM_LITTLE;
}

static void
set_chars (GtkWidget *child, const AcCell *column, AcColumnRoom room)
{
  guint chars = ac_column_room_get_chars (room, column, child);

  if (column->kind != AC_CELL_TEXT)
    {
      ac_badge_set_width_chars (AC_BADGE (child), chars);
      return;
    }
  /* Details have what the others leave. */
  gtk_inscription_set_min_chars (GTK_INSCRIPTION (child),
                                 column->sort == AC_SORT_DETAILS ? 8 : chars);
  gtk_inscription_set_nat_chars (GTK_INSCRIPTION (child), chars);
}

static GtkWidget *
make_child (GtkListItem *list_item, const AcCell *column)
{
  GtkWidget *child;

  if (column->kind == AC_CELL_TEXT)
    {
      child = gtk_inscription_new (NULL);
      gtk_inscription_set_text_overflow (GTK_INSCRIPTION (child),
                                         GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
      gtk_inscription_set_nat_lines (GTK_INSCRIPTION (child), 1);
      gtk_widget_set_valign (child, GTK_ALIGN_CENTER);
      ac_compat_align_inscription (GTK_INSCRIPTION (child));
      if (column->sort == AC_SORT_INVESTIGATION)
        gtk_widget_add_css_class (child, "cell-link");
    }
  else
    child = ac_badge_new ();
  set_chars (child, column, get_room (g_object_get_data (G_OBJECT (list_item), "ac-view")));
  g_object_set_data (G_OBJECT (child), "ac-list-item", list_item);
  gtk_list_item_set_child (list_item, child);
  return child;
}

static void
show_action (GtkListItem *list_item, const AcCell *column, AcAction *action)
{
  GtkWidget *child = gtk_list_item_get_child (list_item);
  g_autofree char *text = NULL;

  if (child == NULL)
    child = make_child (list_item, column);
  switch (column->kind)
    {
    case AC_CELL_STATUS:
      ac_badge_set_status (AC_BADGE (child), action ? ac_action_get_status (action) : NULL);
      break;
    case AC_CELL_VERDICT:
      ac_badge_set_verdict (AC_BADGE (child), action ? ac_action_get_verdict (action) : NULL);
      break;
    case AC_CELL_TEXT:
    default:
      text = action != NULL ? column->text (action) : NULL;
      gtk_inscription_set_text_overflow (GTK_INSCRIPTION (child), get_overflow (column, action));
      gtk_inscription_set_text (GTK_INSCRIPTION (child), text);
      break;
    }
  if (column->sort == AC_SORT_DETAILS)
    describe_row (child, action);
}

static void
slot_changed_cb (AcRowSlot *slot, gpointer list_item)
{
  show_action (list_item, get_column (list_item), ac_row_slot_get_action (slot));
}

/* Whether the column has no room for all of @text. */
static gboolean
is_cut_off (GtkWidget *child, const char *text)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (child, text);
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);
  return width > gtk_widget_get_width (child);
}

/* What the factory made of the cell at a place of @view; @cell: (out) (optional) */
static GtkListItem *
find_cell (GtkWidget *view, double x, double y, GtkWidget **cell)
{
  GtkWidget *child = gtk_widget_pick (view, x, y, GTK_PICK_DEFAULT);
  GtkListItem *list_item = NULL;

  /* A cell's own padding lies around what the factory made. */
  if (child != NULL && g_strcmp0 (gtk_widget_get_css_name (child), "cell") == 0)
    child = gtk_widget_get_first_child (child);
  for (; child != NULL && child != view && list_item == NULL; child = gtk_widget_get_parent (child))
    {
      list_item = g_object_get_data (G_OBJECT (child), "ac-list-item");
      if (cell != NULL)
        *cell = child;
    }
  return list_item != NULL && get_column (list_item) != NULL ? list_item : NULL;
}

/* What the tooltip tells is more than what is cut off. */
static gboolean
always_has_tooltip (AcSort sort)
{
  return sort == AC_SORT_UPDATED_AT || sort == AC_SORT_CREATED_AT || sort == AC_SORT_EXPIRES_AT ||
         sort == AC_SORT_INVESTIGATION || sort == AC_SORT_UNDO_STATE;
}

static gboolean
query_tooltip_cb (GtkWidget *view,
                  int x,
                  int y,
                  gboolean keyboard_mode,
                  GtkTooltip *tooltip,
                  gpointer user_data)
{
  GtkWidget *child = NULL;
  GtkListItem *list_item = keyboard_mode ? NULL : find_cell (view, x, y, &child);
  AcRowSlot *slot = list_item != NULL ? gtk_list_item_get_item (list_item) : NULL;
  AcAction *action = slot != NULL ? ac_row_slot_get_action (slot) : NULL;
  const AcCell *column = list_item != NULL ? get_column (list_item) : NULL;
  g_autofree char *text = NULL;
  graphene_rect_t bounds;

  if (action == NULL || !gtk_widget_compute_bounds (child, view, &bounds))
    return FALSE;
  if (!always_has_tooltip (column->sort))
    {
      g_autofree char *shown = column->text (action);

      if (shown == NULL || !is_cut_off (child, shown))
        return FALSE;
    }
  text = column->tooltip != NULL ? column->tooltip (action) : column->text (action);
  if (text == NULL || *text == '\0')
    return FALSE;
  gtk_tooltip_set_text (tooltip, text);
  gtk_tooltip_set_tip_area (tooltip,
                            &(GdkRectangle){ (int)bounds.origin.x, (int)bounds.origin.y,
                                             (int)bounds.size.width, (int)bounds.size.height });
  return TRUE;
}

/* GTK 4.8 toggles a row twice for a click with Ctrl: as the row, and as the cell in it. This takes
 * such a click first. */
static void
pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, GtkWidget *view)
{
  GdkModifierType state =
      gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture)) &
      (GDK_CONTROL_MASK | GDK_SHIFT_MASK);
  GtkListItem *list_item = state == GDK_CONTROL_MASK ? find_cell (view, x, y, NULL) : NULL;
  guint position;

  if (list_item == NULL)
    return;
  position = gtk_list_item_get_position (list_item);
  if (position == GTK_INVALID_LIST_POSITION)
    return;
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  ac_action_columns_toggle (GTK_COLUMN_VIEW (view), position);
}

/**
 * ac_action_columns_toggle:
 *
 * Selects one row more, or one less. The list does it by itself where the row is there, for it then
 * knows where the next range begins.
 */
void
ac_action_columns_toggle (GtkColumnView *view, guint position)
{
  GtkSelectionModel *selection = gtk_column_view_get_model (view);
  GtkWidget *row = ac_action_columns_find_row (view, position);

  if (row != NULL &&
      gtk_widget_activate_action (row, "list.select-item", "(ubb)", position, TRUE, FALSE))
    return;
  if (gtk_selection_model_is_selected (selection, position))
    gtk_selection_model_unselect_item (selection, position);
  else
    gtk_selection_model_select_item (selection, position, FALSE);
}

/**
 * ac_action_columns_begin_range:
 * @otherwise: where a range begins if nothing was picked before; or GTK_INVALID_LIST_POSITION
 *
 * To be called before the list selects a range.
 *
 * Returns: whether it begins at what was picked before.
 */
gboolean
ac_action_columns_begin_range (GtkColumnView *view, guint otherwise)
{
  GtkSelectionModel *selection = gtk_column_view_get_model (view);

  return AC_IS_ROW_SLOTS (selection) &&
         ac_row_slots_begin_range (AC_ROW_SLOTS (selection), ac_accessible_get_rows (view),
                                   otherwise);
}

/* An investigation's id leads to the investigation, without selecting the row. */
static gboolean
follow_link (GtkWidget *view, GtkListItem *list_item)
{
  AcRowSlot *slot = gtk_list_item_get_item (list_item);
  AcAction *action = slot != NULL ? ac_row_slot_get_action (slot) : NULL;
  const char *id = action != NULL ? ac_action_get_investigation_id (action) : NULL;

  return id != NULL && gtk_widget_activate_action (view, "win.open-investigation", "s", id);
}

static void
link_pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, GtkWidget *view)
{
  GdkModifierType state =
      gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture)) &
      (GDK_CONTROL_MASK | GDK_SHIFT_MASK);
  GtkListItem *list_item = state == 0 ? find_cell (view, x, y, NULL) : NULL;

  if (list_item != NULL && get_column (list_item)->sort == AC_SORT_INVESTIGATION &&
      follow_link (view, list_item))
    gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
}

/* For the view as a whole: with two thousand cells, each controller and signal of a cell counts. */
static void
watch_pointer (GtkWidget *view)
{
  GtkGesture *gesture = gtk_gesture_click_new ();

  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (gesture), GTK_PHASE_CAPTURE);
  g_signal_connect (gesture, "pressed", G_CALLBACK (pressed_cb), view);
  gtk_widget_add_controller (view, GTK_EVENT_CONTROLLER (gesture));
  gesture = gtk_gesture_click_new ();
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (gesture), GTK_PHASE_CAPTURE);
  g_signal_connect (gesture, "pressed", G_CALLBACK (link_pressed_cb), view);
  gtk_widget_add_controller (view, GTK_EVENT_CONTROLLER (gesture));
  gtk_widget_set_has_tooltip (view, TRUE);
  g_signal_connect (view, "query-tooltip", G_CALLBACK (query_tooltip_cb), NULL);
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, const AcCell *column)
{
  g_object_set_data (G_OBJECT (list_item), "ac-column", (gpointer)column);
  g_object_set_data (G_OBJECT (list_item), "ac-view",
                     g_object_get_data (G_OBJECT (factory), "ac-view"));
  /* The details give a row its height. What else is in it is made when it is first written, for
   * most of the rows that a view has are never seen. */
  if (column->sort == AC_SORT_DETAILS)
    make_child (list_item, column);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, const AcCell *column)
{
  AcRowSlot *slot = gtk_list_item_get_item (list_item);

  ac_row_slot_watch (slot, slot_changed_cb, list_item);
  if (gtk_list_item_get_child (list_item) == NULL)
    ac_row_slot_defer (slot);
  if (!ac_row_slot_is_late (slot))
    show_action (list_item, column, ac_row_slot_get_action (slot));
}

static void
unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, const AcCell *column)
{
  ac_row_slot_unwatch (gtk_list_item_get_item (list_item), list_item);
}

/* A check button does not tell with which keys it was clicked. */
static gboolean
is_shift_down (GtkWidget *widget)
{
  GdkSeat *seat = gdk_display_get_default_seat (gtk_widget_get_display (widget));
  GdkDevice *keyboard = seat != NULL ? gdk_seat_get_keyboard (seat) : NULL;

  return keyboard != NULL && (gdk_device_get_modifier_state (keyboard) & GDK_SHIFT_MASK) != 0;
}

/* The column of checks. Rows are selected with Ctrl and Shift, too; this shows it and needs no key
 * held down. With Shift it does with all rows from the last one on what was done with that. The
 * list selects by itself, for it then knows where the next range begins. */
static void
check_toggled_cb (GtkCheckButton *button, GtkListItem *list_item)
{
  GtkWidget *view = gtk_widget_get_ancestor (GTK_WIDGET (button), GTK_TYPE_COLUMN_VIEW);
  guint position = gtk_list_item_get_position (list_item);
  gboolean shift = is_shift_down (GTK_WIDGET (button));

  if (view == NULL || position == GTK_INVALID_LIST_POSITION ||
      gtk_check_button_get_active (button) == gtk_list_item_get_selected (list_item))
    return;
  g_object_set_data (G_OBJECT (view), AC_ACTION_COLUMNS_PICKED, GINT_TO_POINTER (TRUE));
  /* Without one it is ticked by itself. */
  shift =
      shift && ac_action_columns_begin_range (GTK_COLUMN_VIEW (view), GTK_INVALID_LIST_POSITION);
  gtk_widget_activate_action (GTK_WIDGET (button), "list.select-item", "(ubb)", position, TRUE,
                              shift);
  /* The end of a range may have been selected before. */
  gtk_check_button_set_active (button, gtk_list_item_get_selected (list_item));
}

static void
selected_cb (GtkListItem *list_item, GParamSpec *pspec, GtkCheckButton *button)
{
  gtk_check_button_set_active (button, gtk_list_item_get_selected (list_item));
}

static void
check_setup_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer user_data)
{
  GtkWidget *button = gtk_check_button_new ();

  /* The row has the focus; Ctrl+Space toggles it. A check button that is merely not focusable would
   * still stop the focus on its way into the row, without taking it. */
  gtk_widget_set_can_focus (button, FALSE);
  gtk_widget_set_focusable (button, FALSE);
  gtk_widget_set_focus_on_click (button, FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Select"), -1);
  g_object_set_data (G_OBJECT (button), "ac-list-item", list_item);
  g_signal_connect_object (button, "toggled", G_CALLBACK (check_toggled_cb), list_item, 0);
  g_signal_connect_object (list_item, "notify::selected", G_CALLBACK (selected_cb), button, 0);
  gtk_list_item_set_child (list_item, button);
}

static void
check_bind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer user_data)
{
  gtk_check_button_set_active (GTK_CHECK_BUTTON (gtk_list_item_get_child (list_item)),
                               gtk_list_item_get_selected (list_item));
}

static void
add_check_column (GtkColumnView *view)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkColumnViewColumn *column;

  g_signal_connect (factory, "setup", G_CALLBACK (check_setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (check_bind_cb), NULL);
  column = gtk_column_view_column_new (NULL, factory);
  gtk_column_view_append_column (view, column);
  g_object_unref (column);
}

static GtkColumnViewColumn *
new_column (GtkColumnView *view, const AcCell *description)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkColumnViewColumn *column;
  g_autoptr (GtkSorter) sorter = ac_choice_sorter_new (description->sort);

  /* Which has the column, and with it the factory. */
  g_object_set_data (G_OBJECT (factory), "ac-view", view);
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), (gpointer)description);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), (gpointer)description);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), (gpointer)description);
  column = gtk_column_view_column_new (_ (description->title), factory);
  gtk_column_view_column_set_sorter (column, sorter);
  gtk_column_view_column_set_expand (column, description->sort == AC_SORT_DETAILS);
  gtk_column_view_column_set_resizable (column, TRUE);
  g_object_set_data (G_OBJECT (column), "ac-column", (gpointer)description);
  return column;
}

#define LAYOUT "ac-layout"

static AcColumnLayout *
peek_layout (GtkColumnView *view)
{
  return g_object_get_data (G_OBJECT (view), LAYOUT);
}

/* Columns that are not shown are not there: they cost nothing. Those that stay keep their rows'
 * widgets; the check stands before all. */
static void
arrange (GtkColumnView *view)
{
  const AcColumnLayout *layout = peek_layout (view);
  GListModel *all = gtk_column_view_get_columns (view);
  guint position = 1;

  for (guint i = g_list_model_get_n_items (all); i > 1; i--)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (all, i - 1);

      if (!layout->places[ac_column_layout_find (layout, get_column (column)->sort)].shown)
        gtk_column_view_remove_column (view, column);
    }
  for (guint i = 0; i < AC_N_SORTS; i++)
    {
      const AcColumnPlace *place = &layout->places[i];
      g_autoptr (GtkColumnViewColumn) column = NULL;
      g_autoptr (GtkColumnViewColumn) there = NULL;

      if (!place->shown)
        continue;
      g_set_object (&column, ac_action_columns_find (view, place->sort));
      there = g_list_model_get_item (all, position);
      if (column == NULL)
        column = new_column (view, ac_action_cell_get (place->sort));
      if (column != there)
        gtk_column_view_insert_column (view, position, column);
      gtk_column_view_column_set_fixed_width (column, place->width);
      position++;
    }
}

/* The columns that are to be shown have ranks below what is kept here. */
#define SHOWN_BELOW "ac-shown-below"
#define FITTING "ac-fitting" /* an AcBetweenFrames */
#define N_FRAMES "ac-fitting-frames"
/* Before that the frames are for what has changed the width, and for what is shown in its place. */
#define FRAMES_BEFORE_FIT 10

/* A column that is shown and should not be, else one that is not and should be. */
static GtkColumnViewColumn *
find_misfit (GtkColumnView *view)
{
  GListModel *all = gtk_column_view_get_columns (view);
  guint shown_below = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (view), SHOWN_BELOW));
  GtkColumnViewColumn *missing = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (all); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (all, i);
      const AcCell *description = get_column (column);
      gboolean visible = gtk_column_view_column_get_visible (column);

      if (description == NULL || (description->rank < shown_below) == visible)
        continue;
      if (visible)
        return column; /* the view holds it */
      if (missing == NULL)
        missing = column;
    }
  return missing;
}

static gboolean
fit_next (GtkColumnView *view)
{
  GtkColumnViewColumn *column = find_misfit (view);

  if (column != NULL)
    gtk_column_view_column_set_visible (column, !gtk_column_view_column_get_visible (column));
  return column != NULL;
}

/* How many frames ago the fitting began. */
static gboolean
fit_next_cb (GtkWidget *view)
{
  guint n_frames = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (view), N_FRAMES));

  g_object_set_data (G_OBJECT (view), N_FRAMES, GUINT_TO_POINTER (n_frames + 1));
  return n_frames < FRAMES_BEFORE_FIT || fit_next (GTK_COLUMN_VIEW (view));
}

/**
 * ac_action_columns_add:
 *
 * Gives @view its columns, as they are under Pending where nobody has chosen.
 */
void
ac_action_columns_add (GtkColumnView *view)
{
  AcBetweenFrames *fitting;

  g_return_if_fail (GTK_IS_COLUMN_VIEW (view));

  fitting = ac_between_frames_new (GTK_WIDGET (view), fit_next_cb);
  g_object_set_data_full (G_OBJECT (view), FITTING, fitting,
                          (GDestroyNotify)ac_between_frames_free);
  g_signal_connect_swapped (view, "destroy", G_CALLBACK (ac_between_frames_stop), fitting);
  watch_pointer (GTK_WIDGET (view));
  add_check_column (view);
}

/**
 * ac_action_columns_set_layout:
 *
 * Shows the columns that @layout says, in its order; ac_action_columns_fit() is to follow.
 */
void
ac_action_columns_set_layout (GtkColumnView *view, const AcColumnLayout *layout)
{
  g_return_if_fail (GTK_IS_COLUMN_VIEW (view));
  g_return_if_fail (layout != NULL);

  g_object_set_data_full (G_OBJECT (view), LAYOUT, ac_column_layout_copy (layout),
                          (GDestroyNotify)ac_column_layout_free);
  arrange (view);
}

/**
 * ac_action_columns_get_layout:
 *
 * Returns: (transfer full) (nullable): what was set, with the order and the widths that the person
 * has given the columns since.
 */
AcColumnLayout *
ac_action_columns_get_layout (GtkColumnView *view)
{
  GListModel *all = gtk_column_view_get_columns (view);
  AcColumnLayout *layout;
  guint shown[AC_N_SORTS];
  guint n = 0;

  g_return_val_if_fail (GTK_IS_COLUMN_VIEW (view), NULL);

  if (peek_layout (view) == NULL)
    return NULL;
  layout = ac_column_layout_copy (peek_layout (view));
  for (guint i = 0; i < AC_N_SORTS; i++)
    if (layout->places[i].shown)
      shown[n++] = i;
  /* The places of those that are shown, in the order in which they stand now. */
  for (guint i = 0, at = 0; i < g_list_model_get_n_items (all) && at < n; i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (all, i);

      if (get_column (column) == NULL)
        continue;
      layout->places[shown[at++]] =
          (AcColumnPlace){ .sort = get_column (column)->sort,
                           .shown = TRUE,
                           .width = gtk_column_view_column_get_fixed_width (column) };
    }
  return layout;
}

/* As wide as the person has made it. */
static int
column_width (const AcColumnPlace *place, int char_width)
{
  const AcCell *column = ac_action_cell_get (place->sort);
  int width = (int)column->chars * char_width + AC_COLUMN_PADDING;

  if (place->width > 0)
    return place->width;
  return column->kind == AC_CELL_TEXT ? width : width + AC_COLUMN_ICON;
}

/* A column has a cell in each of the two hundred rows that a view has. Where there are rows, one
 * comes or goes with each frame, so that no frame has to wait for all of them. */
static void
fit_columns (GtkColumnView *view)
{
  GtkSelectionModel *model = gtk_column_view_get_model (view);
  gboolean has_rows = model != NULL && g_list_model_get_n_items (G_LIST_MODEL (model)) > 0;

  if (has_rows && gtk_widget_get_mapped (GTK_WIDGET (view)))
    {
      AcBetweenFrames *fitting = g_object_get_data (G_OBJECT (view), FITTING);

      if (find_misfit (view) == NULL || ac_between_frames_is_running (fitting))
        return;
      g_object_set_data (G_OBJECT (view), N_FRAMES, NULL);
      ac_between_frames_start (fitting);
      return;
    }
  while (fit_next (view))
    ;
}

/* What is left over goes to the details, or to all columns where that would tear a row in two. */
static void
share_out (GtkColumnView *view, gboolean roomy)
{
  GListModel *all = gtk_column_view_get_columns (view);

  for (guint i = 0; i < g_list_model_get_n_items (all); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (all, i);
      const AcCell *description = get_column (column);
      gboolean expand = description != NULL && (roomy || description->sort == AC_SORT_DETAILS);

      if (gtk_column_view_column_get_expand (column) != expand)
        gtk_column_view_column_set_expand (column, expand);
    }
}

/* Gives the cells that are there already their widths. */
static void
set_room (GtkWidget *widget, AcColumnRoom room)
{
  GtkListItem *list_item = g_object_get_data (G_OBJECT (widget), "ac-list-item");

  if (list_item != NULL && get_column (list_item) != NULL)
    {
      set_chars (widget, get_column (list_item), room);
      return;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    set_room (child, room);
}

/**
 * ac_action_columns_fit:
 * @width: in pixels
 *
 * Shows as many columns as there is room for, the important ones first; all of them, where the
 * person has chosen and the window is not narrow.
 */
void
ac_action_columns_fit (GtkColumnView *view, int width)
{
  const AcColumnLayout *layout = peek_layout (view);
  gboolean all;
  AcColumnRoom found;
  int char_width = ac_text_width_of_chars (GTK_WIDGET (view), 1);
  int full = width - CHECK_WIDTH - SCROLLBAR_WIDTH;
  int room = full;
  guint shown_below = G_MAXUINT; /* ranks below this are shown */
  gboolean first = TRUE;

  if (layout == NULL)
    return;
  all = ac_column_layout_is_chosen (layout) && width >= NARROW;
  share_out (view, width >= ROOMY * char_width);
  for (guint rank = 1; rank <= AC_N_CELLS; rank++)
    {
      gboolean met = FALSE;

      if (rank == LESS_IMPORTANT)
        room = MIN (room, ac_column_room_left (layout, GTK_WIDGET (view), full, rank));
      for (guint i = 0; i < AC_N_SORTS; i++)
        if (layout->places[i].shown && ac_action_cell_get (layout->places[i].sort)->rank == rank)
          {
            room -= column_width (&layout->places[i], char_width);
            met = TRUE;
          }
      /* The one that a row means nothing without always stays. */
      if (!all && met && !first && room + (rank == 2 ? DETAILS_SLACK * char_width : 0) < 0)
        {
          shown_below = rank;
          break;
        }
      first = first && !met;
    }
  g_object_set_data (G_OBJECT (view), SHOWN_BELOW, GUINT_TO_POINTER (shown_below));
  found = ac_column_room_find (layout, GTK_WIDGET (view), full, shown_below);
  if (found != get_room (view))
    {
      g_object_set_data (G_OBJECT (view), ROOM, GUINT_TO_POINTER (found));
      set_room (GTK_WIDGET (view), found);
    }
  fit_columns (view);
}

/**
 * ac_action_columns_find:
 *
 * Returns: (transfer none) (nullable): the column that sorts by @sort.
 */
GtkColumnViewColumn *
ac_action_columns_find (GtkColumnView *view, AcSort sort)
{
  GListModel *all = gtk_column_view_get_columns (view);

  for (guint i = 0; i < g_list_model_get_n_items (all); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (all, i);
      const AcCell *description = get_column (column);

      if (description != NULL && description->sort == sort)
        return column; /* the view holds it */
    }
  return NULL;
}

/**
 * ac_action_columns_get_list_item:
 * @row: (nullable): a widget in a row, or the row
 *
 * Returns: (transfer none) (nullable): the list item of that row.
 */
GtkListItem *
ac_action_columns_get_list_item (GtkWidget *row)
{
  for (; row != NULL && !GTK_IS_COLUMN_VIEW (row); row = gtk_widget_get_parent (row))
    if (g_strcmp0 (gtk_widget_get_css_name (row), "row") == 0)
      {
        GtkWidget *cell = gtk_widget_get_first_child (row);
        GtkWidget *child = cell != NULL ? gtk_widget_get_first_child (cell) : NULL;

        return child != NULL ? g_object_get_data (G_OBJECT (child), "ac-list-item") : NULL;
      }
  return NULL;
}

/**
 * ac_action_columns_find_row:
 * @position: in the list
 *
 * Returns: (transfer none) (nullable): the widget of that row, where it is made and shown.
 */
GtkWidget *
ac_action_columns_find_row (GtkColumnView *view, guint position)
{
  for (GtkWidget *row = gtk_widget_get_first_child (ac_accessible_get_rows (view)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    {
      GtkListItem *list_item = ac_action_columns_get_list_item (row);

      if (list_item != NULL && gtk_widget_get_mapped (row) &&
          gtk_list_item_get_position (list_item) == position)
        return row;
    }
  return NULL;
}
