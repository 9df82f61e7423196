/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/ac-row-slots.h"

/* A view that has so many rows makes no more, however long the list is. */
#define ENOUGH 220
/* Rows that fill a screen, and so many as are made without anybody noticing. */
#define FIRST 24
#define STEP 5

struct _AcRowSlot
{
  GObject parent_instance;

  AcRowSlots *slots; /* not owned; NULL: it stands nowhere any more */
  guint position;
  AcActionItem *item; /* nullable */
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

struct _AcRowSlots
{
  GObject parent_instance;

  AcActionList *list;
  guint n_items;     /* of the list */
  guint n_shown;     /* of these, told so far */
  GHashTable *slots; /* position → AcRowSlot that somebody holds, not owned */
  guint end;         /* none of them stands here or beyond */
  GtkBitset *selected;
  guint idle;
  gboolean held; /* places stay where they are, whatever the list tells */
};

enum
{
  PROP_0,
  PROP_LIST,
  N_PROPERTIES
};

static void ac_row_slots_iface_init (GListModelInterface *iface);
static void ac_row_slots_selection_init (GtkSelectionModelInterface *iface);

G_DEFINE_FINAL_TYPE (AcRowSlot, ac_row_slot, G_TYPE_OBJECT)
G_DEFINE_FINAL_TYPE_WITH_CODE (AcRowSlots,
                               ac_row_slots,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, ac_row_slots_iface_init)
                                   G_IMPLEMENT_INTERFACE (GTK_TYPE_SELECTION_MODEL,
                                                          ac_row_slots_selection_init))

/* --- one place --- */

static void
action_cb (AcRowSlot *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

/* @item: (transfer full) (nullable) */
static void
set_item (AcRowSlot *self, AcActionItem *item)
{
  if (self->item != NULL)
    g_signal_handlers_disconnect_by_data (self->item, self);
  g_clear_object (&self->item);
  self->item = item;
  if (item != NULL)
    g_signal_connect_swapped (item, "notify::action", G_CALLBACK (action_cb), self);
}

static void
ac_row_slot_dispose (GObject *object)
{
  AcRowSlot *self = AC_ROW_SLOT (object);

  if (self->slots != NULL)
    g_hash_table_remove (self->slots->slots, GUINT_TO_POINTER (self->position));
  self->slots = NULL;
  set_item (self, NULL);
  G_OBJECT_CLASS (ac_row_slot_parent_class)->dispose (object);
}

static void
ac_row_slot_class_init (AcRowSlotClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ac_row_slot_dispose;

  signals[CHANGED] = g_signal_new ("changed", AC_TYPE_ROW_SLOT, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
ac_row_slot_init (AcRowSlot *self)
{
}

/**
 * ac_row_slot_get_item:
 *
 * Returns: (transfer none) (nullable): what stands there now.
 */
AcActionItem *
ac_row_slot_get_item (AcRowSlot *self)
{
  g_return_val_if_fail (AC_IS_ROW_SLOT (self), NULL);

  return self->item;
}

/**
 * ac_row_slot_get_action:
 *
 * Returns: (transfer none) (nullable): what stands there now, once it is loaded.
 */
AcAction *
ac_row_slot_get_action (AcRowSlot *self)
{
  g_return_val_if_fail (AC_IS_ROW_SLOT (self), NULL);

  return self->item != NULL ? ac_action_item_get_action (self->item) : NULL;
}

/* --- all places --- */

static GType
get_item_type (GListModel *model)
{
  return AC_TYPE_ROW_SLOT;
}

static guint
get_n_items (GListModel *model)
{
  return AC_ROW_SLOTS (model)->n_shown;
}

static gpointer
get_item (GListModel *model, guint position)
{
  AcRowSlots *self = AC_ROW_SLOTS (model);
  AcRowSlot *slot;

  if (position >= self->n_shown)
    return NULL;
  slot = g_hash_table_lookup (self->slots, GUINT_TO_POINTER (position));
  if (slot != NULL)
    return g_object_ref (slot);
  slot = g_object_new (AC_TYPE_ROW_SLOT, NULL);
  slot->slots = self;
  slot->position = position;
  g_hash_table_insert (self->slots, GUINT_TO_POINTER (position), slot);
  self->end = MAX (self->end, position + 1);
  set_item (slot, g_list_model_get_item (G_LIST_MODEL (self->list), position));
  return slot;
}

static void
ac_row_slots_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

/* --- places that are told later --- */

/* Tells of @n more places, which all stand at the end. */
static void
show_more (AcRowSlots *self, guint n)
{
  guint position = self->n_shown;

  self->n_shown += n;
  if (n > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), position, 0, n);
}

static gboolean
idle_cb (gpointer data)
{
  AcRowSlots *self = data;
  guint left = self->n_items - self->n_shown;

  if (self->n_shown < ENOUGH && left > STEP)
    {
      show_more (self, STEP);
      return G_SOURCE_CONTINUE;
    }
  self->idle = 0;
  show_more (self, left);
  return G_SOURCE_REMOVE;
}

/* How many of @n places after @n_before that are shown are told at once. */
static guint
first_of (guint n_before, guint n)
{
  guint some = n_before < FIRST ? FIRST - n_before : STEP;

  return n_before >= ENOUGH ? n : MIN (n, some);
}

static void
show_rest_soon (AcRowSlots *self)
{
  /* After what there is has been painted. */
  if (self->n_shown < self->n_items && self->idle == 0)
    self->idle = g_idle_add (idle_cb, self);
}

/* --- the selection --- */

static gboolean
is_selected (GtkSelectionModel *model, guint position)
{
  return gtk_bitset_contains (AC_ROW_SLOTS (model)->selected, position);
}

static GtkBitset *
get_selection_in_range (GtkSelectionModel *model, guint position, guint n_items)
{
  return gtk_bitset_ref (AC_ROW_SLOTS (model)->selected);
}

static gboolean
set_selection (GtkSelectionModel *model, GtkBitset *selected, GtkBitset *mask)
{
  AcRowSlots *self = AC_ROW_SLOTS (model);
  g_autoptr (GtkBitset) after = gtk_bitset_copy (self->selected);
  g_autoptr (GtkBitset) changes = gtk_bitset_copy (self->selected);
  g_autoptr (GtkBitset) wanted = gtk_bitset_copy (selected);
  guint first;

  gtk_bitset_intersect (wanted, mask);
  gtk_bitset_remove_range_closed (wanted, self->n_shown, G_MAXUINT);
  gtk_bitset_subtract (after, mask);
  gtk_bitset_union (after, wanted);
  gtk_bitset_difference (changes, after);
  if (gtk_bitset_is_empty (changes))
    return TRUE;
  gtk_bitset_unref (self->selected);
  self->selected = g_steal_pointer (&after);
  first = gtk_bitset_get_minimum (changes);
  gtk_selection_model_selection_changed (model, first,
                                         gtk_bitset_get_maximum (changes) - first + 1);
  return TRUE;
}

static gboolean
select_all (GtkSelectionModel *model)
{
  AcRowSlots *self = AC_ROW_SLOTS (model);
  g_autoptr (GtkBitset) all = NULL;

  /* Of those that are not told yet, too. */
  ac_row_slots_show_all (self);
  all = gtk_bitset_new_range (0, self->n_shown);
  return set_selection (model, all, all);
}

static void
ac_row_slots_selection_init (GtkSelectionModelInterface *iface)
{
  iface->is_selected = is_selected;
  iface->get_selection_in_range = get_selection_in_range;
  iface->set_selection = set_selection;
  iface->select_all = select_all;
}

/* Other actions stand at these places now. */
static void
unselect_replaced (AcRowSlots *self, guint position, guint n)
{
  g_autoptr (GtkBitset) replaced = NULL;

  if (n == 0)
    return;
  replaced = gtk_bitset_new_range (position, n);
  gtk_bitset_intersect (replaced, self->selected);
  if (gtk_bitset_is_empty (replaced))
    return;
  gtk_bitset_subtract (self->selected, replaced);
  gtk_selection_model_selection_changed (GTK_SELECTION_MODEL (self), position, n);
}

/* --- changes of the list --- */

/* Gives the slots their new places: those from @position on whose actions have changed get others,
 * @removed places go, and @added come. */
static void
move_slots (AcRowSlots *self, guint position, guint replaced, guint removed, guint added)
{
  g_autoptr (GHashTable) before = NULL;
  g_autoptr (GPtrArray) changed = NULL;
  GHashTableIter iter;
  gpointer value;

  /* As almost always, when thousands of actions move at once. */
  if (position >= self->end)
    return;
  before = g_steal_pointer (&self->slots);
  changed = g_ptr_array_new_with_free_func (g_object_unref);
  self->end = 0;
  self->slots = g_hash_table_new (g_direct_hash, g_direct_equal);
  g_hash_table_iter_init (&iter, before);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      AcRowSlot *slot = value;

      if (slot->position >= position + replaced && slot->position < position + replaced + removed)
        {
          slot->slots = NULL;
          continue;
        }
      if (slot->position >= position + replaced + removed)
        slot->position += added - removed;
      else if (slot->position >= position)
        g_ptr_array_add (changed, g_object_ref (slot));
      g_hash_table_insert (self->slots, GUINT_TO_POINTER (slot->position), slot);
      self->end = MAX (self->end, slot->position + 1);
    }
  for (guint i = 0; i < changed->len; i++)
    {
      AcRowSlot *slot = changed->pdata[i];

      set_item (slot, g_list_model_get_item (G_LIST_MODEL (self->list), slot->position));
      g_signal_emit (slot, signals[CHANGED], 0);
    }
}

static void
items_changed_cb (AcRowSlots *self, guint position, guint removed, guint added)
{
  guint same = MIN (removed, added);
  guint n_before = self->n_shown;
  guint n_new;

  self->n_items += added - removed;
  if (self->held)
    return;
  if (self->idle != 0)
    {
      /* Not all are told yet: whatever stands at the places that are may be another action. */
      self->n_shown = MIN (n_before, self->n_items);
      position = MIN (position, self->n_shown);
      move_slots (self, position, self->n_shown - position, n_before - self->n_shown, 0);
      gtk_bitset_splice (self->selected, self->n_shown, n_before - self->n_shown, 0);
      if (self->n_shown < n_before)
        g_list_model_items_changed (G_LIST_MODEL (self), self->n_shown, n_before - self->n_shown,
                                    0);
      unselect_replaced (self, position, self->n_shown - position);
      return;
    }
  n_new = added - same;
  if (position + removed == n_before)
    n_new = first_of (position + same, n_new);
  self->n_shown += n_new - (removed - same);
  move_slots (self, position, same, removed - same, n_new);
  gtk_bitset_splice (self->selected, position + same, removed - same, n_new);
  if (removed > same || n_new > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), position + same, removed - same, n_new);
  unselect_replaced (self, position, same);
  show_rest_soon (self);
}

/* Reads anew what stands at each place. */
static void
reread (AcRowSlots *self)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->slots);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    g_ptr_array_add (all, g_object_ref (value));
  for (guint i = 0; i < all->len; i++)
    {
      AcRowSlot *slot = all->pdata[i];
      g_autoptr (AcActionItem) item =
          g_list_model_get_item (G_LIST_MODEL (self->list), slot->position);

      if (item == slot->item)
        continue;
      set_item (slot, g_steal_pointer (&item));
      g_signal_emit (slot, signals[CHANGED], 0);
    }
}

static void
ac_row_slots_dispose (GObject *object)
{
  AcRowSlots *self = AC_ROW_SLOTS (object);
  GHashTableIter iter;
  gpointer value;

  g_clear_handle_id (&self->idle, g_source_remove);
  if (self->list != NULL)
    g_signal_handlers_disconnect_by_data (self->list, self);
  g_hash_table_iter_init (&iter, self->slots);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    ((AcRowSlot *)value)->slots = NULL;
  g_hash_table_remove_all (self->slots);
  g_clear_object (&self->list);
  G_OBJECT_CLASS (ac_row_slots_parent_class)->dispose (object);
}

static void
ac_row_slots_finalize (GObject *object)
{
  g_hash_table_unref (AC_ROW_SLOTS (object)->slots);
  gtk_bitset_unref (AC_ROW_SLOTS (object)->selected);
  G_OBJECT_CLASS (ac_row_slots_parent_class)->finalize (object);
}

static void
ac_row_slots_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_LIST:
      g_value_set_object (value, AC_ROW_SLOTS (object)->list);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ac_row_slots_class_init (AcRowSlotsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ac_row_slots_dispose;
  G_OBJECT_CLASS (klass)->finalize = ac_row_slots_finalize;
  G_OBJECT_CLASS (klass)->get_property = ac_row_slots_get_property;
  g_object_class_install_property (G_OBJECT_CLASS (klass), PROP_LIST,
                                   g_param_spec_object ("list", NULL, NULL, AC_TYPE_ACTION_LIST,
                                                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static void
ac_row_slots_init (AcRowSlots *self)
{
  self->slots = g_hash_table_new (g_direct_hash, g_direct_equal);
  self->selected = gtk_bitset_new_empty ();
}

/**
 * ac_row_slots_new:
 *
 * Returns: (transfer full): the places of @list.
 */
AcRowSlots *
ac_row_slots_new (AcActionList *list)
{
  AcRowSlots *self;

  g_return_val_if_fail (AC_IS_ACTION_LIST (list), NULL);

  self = g_object_new (AC_TYPE_ROW_SLOTS, NULL);
  self->list = g_object_ref (list);
  self->n_items = g_list_model_get_n_items (G_LIST_MODEL (list));
  self->n_shown = first_of (0, self->n_items);
  g_signal_connect_swapped (list, "items-changed", G_CALLBACK (items_changed_cb), self);
  show_rest_soon (self);
  return self;
}

/**
 * ac_row_slots_show_all:
 *
 * Tells at once of all places that there are.
 */
void
ac_row_slots_show_all (AcRowSlots *self)
{
  g_return_if_fail (AC_IS_ROW_SLOTS (self));

  g_clear_handle_id (&self->idle, g_source_remove);
  show_more (self, self->n_items - self->n_shown);
}

/**
 * ac_row_slots_hold:
 *
 * Until ac_row_slots_release() nothing of what the list tells is told on.
 */
void
ac_row_slots_hold (AcRowSlots *self)
{
  g_return_if_fail (AC_IS_ROW_SLOTS (self));

  self->held = TRUE;
}

/**
 * ac_row_slots_release:
 *
 * Tells what the list has become as if rows had come or gone at its end only: what is on the screen
 * stays at its place, with other actions in it, and a thousand rows that have moved cost no more
 * than one. Nothing is selected afterwards.
 */
void
ac_row_slots_release (AcRowSlots *self)
{
  guint n_before;
  guint n_gone;

  g_return_if_fail (AC_IS_ROW_SLOTS (self));

  if (!self->held)
    return;
  self->held = FALSE;
  n_before = self->n_shown;
  self->n_shown = MIN (n_before, self->n_items);
  n_gone = n_before - self->n_shown;
  move_slots (self, self->n_shown, 0, n_gone, 0);
  gtk_bitset_splice (self->selected, self->n_shown, n_gone, 0);
  if (n_gone > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), self->n_shown, n_gone, 0);
  unselect_replaced (self, 0, self->n_shown);
  reread (self);
  if (self->idle == 0)
    show_more (self, first_of (self->n_shown, self->n_items - self->n_shown));
  show_rest_soon (self);
}
