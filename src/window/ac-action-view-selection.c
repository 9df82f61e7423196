/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which rows of an AcActionView are selected, by position and by key. */
#include "config.h"

#include "window/ac-action-view-private.h"
#include "window/ac-compat.h"

/**
 * ac_action_view_set_selected_positions:
 *
 * Selects these rows and no others.
 */
void
ac_action_view_set_selected_positions (AcActionView *self, GtkBitset *positions)
{
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->list));
  g_autoptr (GtkBitset) mask = gtk_bitset_new_range (0, n_items);

  if (!gtk_bitset_is_empty (positions) &&
      gtk_bitset_get_maximum (positions) >= g_list_model_get_n_items (G_LIST_MODEL (self->slots)))
    ac_row_slots_show_all (self->slots);
  gtk_selection_model_set_selection (GTK_SELECTION_MODEL (self->slots), positions, mask);
}

/**
 * ac_action_view_find_positions:
 *
 * Returns: (transfer full): where the actions with these keys stand, as far as they are in the
 * list.
 */
GtkBitset *
ac_action_view_find_positions (AcActionView *self, const guint64 *keys, gsize n_keys)
{
  GtkBitset *bitset = gtk_bitset_new_empty ();
  g_autoptr (GArray) positions = ac_action_list_get_positions_for_keys (self->list, keys, n_keys);

  /* Mostly they follow one on the other, and a range costs no more than one. */
  for (guint i = 0; i < positions->len;)
    {
      guint first = g_array_index (positions, guint, i);
      guint n = 1;

      while (i + n < positions->len && g_array_index (positions, guint, i + n) == first + n)
        n++;
      gtk_bitset_add_range (bitset, first, n);
      i += n;
    }
  return bitset;
}

guint64
ac_action_view_get_n_selected (AcActionView *self)
{
  g_autoptr (GtkBitset) selected = NULL;

  g_return_val_if_fail (AC_IS_ACTION_VIEW (self), 0);

  if (self->slots == NULL)
    return 0;
  selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->slots));
  return gtk_bitset_get_size (selected);
}

/**
 * ac_action_view_get_selected_keys:
 *
 * Returns: (transfer full): of guint64, in the order of the list.
 */
GArray *
ac_action_view_get_selected_keys (AcActionView *self)
{
  g_autoptr (GtkBitset) selected = NULL;
  GArray *keys = g_array_new (FALSE, FALSE, sizeof (guint64));
  GtkBitsetIter iter;
  guint position;
  guint size;
  guint n = 0;

  g_return_val_if_fail (AC_IS_ACTION_VIEW (self), keys);

  if (self->slots == NULL)
    return keys;
  selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->slots));
  size = (guint)gtk_bitset_get_size (selected);
  g_array_set_size (keys, size);
  /* Mostly they follow one on the other. */
  if (size > 0 && gtk_bitset_get_maximum (selected) - gtk_bitset_get_minimum (selected) + 1 == size)
    {
      ac_action_list_copy_keys (self->list, gtk_bitset_get_minimum (selected), size,
                                (guint64 *)(gpointer)keys->data);
      return keys;
    }
  for (gboolean more = gtk_bitset_iter_init_first (&iter, selected, &position); more;
       more = gtk_bitset_iter_next (&iter, &position))
    g_array_index (keys, guint64, n++) = ac_action_list_get_key (self->list, position);
  return keys;
}

/**
 * ac_action_view_get_position:
 *
 * Returns: of the first selected row, or GTK_INVALID_LIST_POSITION.
 */
guint
ac_action_view_get_position (AcActionView *self)
{
  g_autoptr (GtkBitset) selected = NULL;

  g_return_val_if_fail (AC_IS_ACTION_VIEW (self), GTK_INVALID_LIST_POSITION);

  if (self->slots == NULL)
    return GTK_INVALID_LIST_POSITION;
  selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->slots));
  return gtk_bitset_is_empty (selected) ? GTK_INVALID_LIST_POSITION
                                        : gtk_bitset_get_minimum (selected);
}

/**
 * ac_action_view_select_keys:
 *
 * Selects the rows with these keys, as far as they are in the list, and no others.
 */
void
ac_action_view_select_keys (AcActionView *self, const guint64 *keys, gsize n_keys)
{
  g_autoptr (GtkBitset) positions = NULL;

  g_return_if_fail (AC_IS_ACTION_VIEW (self));

  if (self->slots == NULL)
    return;
  positions = ac_action_view_find_positions (self, keys, n_keys);
  ac_action_view_set_selected_positions (self, positions);
}

/**
 * ac_action_view_select_position:
 *
 * Selects one row only and brings it into sight.
 *
 * Returns: whether there is such a row.
 */
gboolean
ac_action_view_select_position (AcActionView *self, guint position)
{
  g_return_val_if_fail (AC_IS_ACTION_VIEW (self), FALSE);

  if (self->slots == NULL || position >= g_list_model_get_n_items (G_LIST_MODEL (self->list)))
    return FALSE;
  if (position >= g_list_model_get_n_items (G_LIST_MODEL (self->slots)))
    ac_row_slots_show_all (self->slots);
  gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->slots), position, TRUE);
  ac_compat_column_view_scroll_to (self->column_view, position);
  return TRUE;
}

void
ac_action_view_unselect_all (AcActionView *self)
{
  g_return_if_fail (AC_IS_ACTION_VIEW (self));

  if (self->slots != NULL)
    gtk_selection_model_unselect_all (GTK_SELECTION_MODEL (self->slots));
}

/**
 * ac_action_view_step:
 * @by: 1 or -1
 *
 * Selects the row after or before the one that is selected; when that one has left the list, the
 * row that stands where it stood, or the one before.
 *
 * Returns: whether there is one.
 */
gboolean
ac_action_view_step (AcActionView *self, int by)
{
  guint position = ac_action_view_get_position (self);

  if (!ac_action_view_can_step (self, by))
    return FALSE;
  if (position != GTK_INVALID_LIST_POSITION)
    return ac_action_view_select_position (self, by < 0 ? position - 1 : position + 1);
  position = MIN (self->last_position, g_list_model_get_n_items (G_LIST_MODEL (self->list)));
  return ac_action_view_select_position (self, by < 0 ? position - 1 : position);
}

/**
 * ac_action_view_can_step:
 * @by: 1 or -1
 *
 * Returns: whether there is a row after or before the one that is selected, or that was selected
 * until it left the list.
 */
gboolean
ac_action_view_can_step (AcActionView *self, int by)
{
  guint position = ac_action_view_get_position (self);
  guint n_items;

  g_return_val_if_fail (AC_IS_ACTION_VIEW (self), FALSE);

  if (self->list == NULL)
    return FALSE;
  n_items = g_list_model_get_n_items (G_LIST_MODEL (self->list));
  if (position != GTK_INVALID_LIST_POSITION)
    return by < 0 ? position > 0 : position + 1 < n_items;
  return by < 0 ? self->last_position > 0 && n_items > 0 : self->last_position < n_items;
}

/**
 * ac_action_view_select_all:
 *
 * Selects everything that the list holds, seen or not.
 */
void
ac_action_view_select_all (AcActionView *self)
{
  g_autoptr (GtkBitset) all = NULL;

  g_return_if_fail (AC_IS_ACTION_VIEW (self));

  if (self->slots == NULL)
    return;
  all = gtk_bitset_new_range (0, g_list_model_get_n_items (G_LIST_MODEL (self->list)));
  ac_action_view_set_selected_positions (self, all);
}

/**
 * ac_action_view_invert_selection:
 *
 * Selects the rows that are not selected and no others; of everything that the list holds, seen or
 * not.
 */
void
ac_action_view_invert_selection (AcActionView *self)
{
  g_autoptr (GtkBitset) selected = NULL;
  g_autoptr (GtkBitset) others = NULL;

  g_return_if_fail (AC_IS_ACTION_VIEW (self));

  if (self->slots == NULL)
    return;
  selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->slots));
  others = gtk_bitset_new_range (0, g_list_model_get_n_items (G_LIST_MODEL (self->list)));
  gtk_bitset_subtract (others, selected);
  ac_action_view_set_selected_positions (self, others);
}
