/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/ac-row-slots.h"

/* A view that has so many rows makes no more, however long the list is. */
#define ENOUGH 220
/* Rows that fill a screen; those made before the first frame that shows any, for one frame has no
 * time for all; and so many as are made at a time after it, without anybody noticing. */
#define SCREEN 24
#define FIRST 6
#define STEP 5
/* Rows out of sight that go, are written or are marked as selected in one turn. */
#define STEP_GONE 8
#define STEP_LATE 8
#define STEP_MARKED 16
/* Rows in sight that are written for one frame: what has changed is painted, and a frame has no
 * time for a whole screen. */
#define STEP_SEEN 8
/* Rows around those in sight that are kept as they are, for an estimate is not exact. */
#define MARGIN 6

struct _AcRowSlots
{
  GObject parent_instance;

  AcActionList *list;
  guint n_items;     /* of the list */
  guint n_shown;     /* of these, told so far */
  GHashTable *slots; /* position → AcRowSlot that somebody holds, not owned */
  guint end;         /* none of them stands here or beyond */
  GtkBitset *selected;
  guint64 picked;   /* the key of what was picked by itself last; 0: nothing was */
  gboolean telling; /* the view is told where that stands now */
  guint idle;
  gboolean held; /* places stay where they are, whatever the list tells */

  guint first_seen; /* the first place in sight */
  guint seen_first; /* the places in sight, and some around them */
  guint seen_end;
  guint n_written;    /* in sight, since the last frame */
  guint next_seen;    /* the next one to be written */
  gboolean is_behind; /* there are more */
  guint n_late;       /* slots that are late */
  guint late_idle;
  guint seen_idle;
  GtkBitset *marked; /* places that are selected or not, which a row has not been told */
  guint marked_idle;
};

enum
{
  BEHIND,
  SELECTED,
  N_SLOTS_SIGNALS
};

static guint slots_signals[N_SLOTS_SIGNALS];

enum
{
  PROP_0,
  PROP_LIST,
  N_PROPERTIES
};

static void ac_row_slots_iface_init (GListModelInterface *iface);
static void ac_row_slots_selection_init (GtkSelectionModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AcRowSlots,
                               ac_row_slots,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, ac_row_slots_iface_init)
                                   G_IMPLEMENT_INTERFACE (GTK_TYPE_SELECTION_MODEL,
                                                          ac_row_slots_selection_init))

/* --- what is written, and when --- */

static gboolean
is_seen (AcRowSlots *self, guint position)
{
  return position >= self->seen_first && position < self->seen_end;
}

/* One screen above and below those in sight. */
static void
get_near (AcRowSlots *self, guint *first, guint *end)
{
  guint n = self->seen_end - self->seen_first;

  *first = self->seen_first > n ? self->seen_first - n : 0;
  *end = self->seen_end + n;
}

/* Writes up to @most of those that are late from @first to @end. Returns whether there are more;
 * @next: (out) (optional): the first of them. */
static gboolean
write_late (AcRowSlots *self, guint first, guint end, guint most, guint *next)
{
  for (guint i = first; i < MIN (end, self->end) && self->n_late > 0; i++)
    {
      AcRowSlot *slot = g_hash_table_lookup (self->slots, GUINT_TO_POINTER (i));

      if (slot == NULL || !slot->late)
        continue;
      if (most-- == 0)
        {
          if (next != NULL)
            *next = i;
          return TRUE;
        }
      g_object_ref (slot);
      ac_row_slot_write (slot);
      g_object_unref (slot);
    }
  return FALSE;
}

static gboolean
late_cb (gpointer data)
{
  AcRowSlots *self = data;
  guint first, end;

  get_near (self, &first, &end);
  /* Those in sight are written between frames. */
  if (write_late (self, first, self->seen_first, STEP_LATE, NULL) ||
      write_late (self, self->seen_end, end, STEP_LATE, NULL))
    return G_SOURCE_CONTINUE;
  self->late_idle = 0;
  return G_SOURCE_REMOVE;
}

static void
write_later (AcRowSlots *self, AcRowSlot *slot)
{
  guint first, end;

  ac_row_slot_put_off (slot);
  get_near (self, &first, &end);
  /* After what is in sight has been painted. */
  if (self->late_idle == 0 && slot->position >= first && slot->position < end)
    self->late_idle = g_idle_add (late_cb, self);
}

/* There is something else to show: at once where it is seen, as far as there is time for it in a
 * frame; and not before it comes near where nobody sees it, for what is written is painted with
 * every frame, in sight or not. */
void
ac_row_slots_tell_changed (AcRowSlots *self, AcRowSlot *slot)
{
  if (!is_seen (self, slot->position))
    {
      write_later (self, slot);
      return;
    }
  /* Nobody but a view knows of frames. */
  if (g_signal_has_handler_pending (self, slots_signals[BEHIND], 0, FALSE))
    {
      if (self->n_written == 0)
        g_signal_emit (self, slots_signals[BEHIND], 0);
      if (self->n_written >= STEP_SEEN || self->is_behind)
        {
          self->is_behind = TRUE;
          ac_row_slot_put_off (slot);
          return;
        }
      self->n_written++;
    }
  ac_row_slot_write (slot);
}

/**
 * ac_row_slots_catch_up:
 *
 * Writes some more of the rows in sight. To be called between frames, after the signal behind.
 *
 * Returns: whether to call it again after the next frame.
 */
gboolean
ac_row_slots_catch_up (AcRowSlots *self)
{
  guint from;
  guint n_late;

  g_return_val_if_fail (AC_IS_ROW_SLOTS (self), FALSE);

  /* On from the last one, for those above may change with every frame; then round again, and those
   * above the screen at last. */
  from = CLAMP (self->next_seen, self->first_seen, self->seen_end);
  n_late = self->n_late;
  self->next_seen = self->seen_end;
  if (!write_late (self, from, self->seen_end, STEP_SEEN, &self->next_seen))
    write_late (self, self->first_seen, from, STEP_SEEN - (n_late - self->n_late),
                &self->next_seen);
  if (n_late - self->n_late < STEP_SEEN)
    write_late (self, self->seen_first, self->first_seen, STEP_SEEN - (n_late - self->n_late),
                NULL);
  self->n_written = n_late - self->n_late;
  self->is_behind = self->n_written == STEP_SEEN;
  return self->n_written > 0;
}

/* Whoever has come to show it wants to be told again. */
void
ac_row_slots_defer (AcRowSlots *self, AcRowSlot *slot)
{
  if (!is_seen (self, slot->position))
    write_later (self, slot);
}

void
ac_row_slots_count_late (AcRowSlots *self, int by)
{
  self->n_late += (guint)by;
}

/* Nobody holds @slot any more. */
void
ac_row_slots_forget (AcRowSlots *self, AcRowSlot *slot)
{
  g_hash_table_remove (self->slots, GUINT_TO_POINTER (slot->position));
}

static gboolean
seen_cb (gpointer data)
{
  AcRowSlots *self = data;

  self->seen_idle = 0;
  /* Another query is shown from its top, and written over frames; whoever scrolls sees rows at
   * once. */
  if (!self->is_behind || self->first_seen > 0)
    write_late (self, self->seen_first, self->seen_end, G_MAXUINT, NULL);
  if (self->n_late > 0 && self->late_idle == 0)
    self->late_idle = g_idle_add (late_cb, self);
  return G_SOURCE_REMOVE;
}

/**
 * ac_row_slots_set_seen:
 * @first: the first place in sight
 * @n: how many there are
 *
 * What comes into sight is written before the next frame, what changes there as far as a frame has
 * time for it, and what is near it a few rows at a time.
 */
void
ac_row_slots_set_seen (AcRowSlots *self, guint first, guint n)
{
  g_return_if_fail (AC_IS_ROW_SLOTS (self));

  n = MAX (n, SCREEN - MARGIN);
  if (first == self->first_seen && first + n + MARGIN == self->seen_end)
    return;
  self->first_seen = first;
  self->seen_first = first > MARGIN ? first - MARGIN : 0;
  self->seen_end = first + n + MARGIN;
  /* Not now: sizes may just be given out, and rows must not ask for others then. It still comes
   * before the next frame. */
  if (self->seen_idle == 0 && self->n_late > 0)
    self->seen_idle = g_idle_add_full (G_PRIORITY_HIGH_IDLE, seen_cb, self, NULL);
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
  ac_row_slot_set_item (slot, g_list_model_get_item (G_LIST_MODEL (self->list), position));
  if (!is_seen (self, position))
    write_later (self, slot);
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

static void
move_slots (AcRowSlots *self, guint position, guint replaced, guint removed, guint added);

/* Tells of @n more places, which all stand at the end. */
static void
show_more (AcRowSlots *self, guint n)
{
  guint position = self->n_shown;

  self->n_shown += n;
  if (n > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), position, 0, n);
}

/* The last @n places go. */
static void
show_less (AcRowSlots *self, guint n)
{
  if (n == 0)
    return;
  self->n_shown -= n;
  move_slots (self, self->n_shown, 0, n, 0);
  gtk_bitset_remove_range_closed (self->selected, self->n_shown, G_MAXUINT);
  g_list_model_items_changed (G_LIST_MODEL (self), self->n_shown, n, 0);
}

static gboolean
idle_cb (gpointer data)
{
  AcRowSlots *self = data;

  if (self->n_shown > self->n_items)
    show_less (self, MIN (STEP_GONE, self->n_shown - self->n_items));
  else if (self->n_shown < ENOUGH)
    show_more (self, MIN (STEP, self->n_items - self->n_shown));
  else
    show_more (self, self->n_items - self->n_shown);
  if (self->n_shown != self->n_items)
    return G_SOURCE_CONTINUE;
  self->idle = 0;
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
tell_rest_soon (AcRowSlots *self)
{
  /* After what there is has been painted. */
  if (self->n_shown != self->n_items && self->idle == 0)
    self->idle = g_idle_add (idle_cb, self);
}

/* Takes away the places at the end that the list has no more actions for: those that no row shows
 * at once, and the others, which are empty until then, a few at a time. */
static void
shrink (AcRowSlots *self)
{
  guint least = MAX (self->n_items, MIN (self->n_shown, ENOUGH));

  gtk_bitset_remove_range_closed (self->selected, self->n_items, G_MAXUINT);
  if (self->n_shown > least)
    show_less (self, self->n_shown - least);
}

/* --- the selection --- */

/* Tells a view of up to @most places, from the first that it has not heard of. */
static void
tell_marked (AcRowSlots *self, guint most)
{
  guint first = gtk_bitset_get_minimum (self->marked);

  gtk_bitset_remove_range (self->marked, first, most);
  if (first < self->n_shown)
    gtk_selection_model_selection_changed (GTK_SELECTION_MODEL (self), first,
                                           MIN (most, self->n_shown - first));
}

static gboolean
marked_cb (gpointer data)
{
  AcRowSlots *self = data;

  tell_marked (self, STEP_MARKED);
  if (!gtk_bitset_is_empty (self->marked))
    return G_SOURCE_CONTINUE;
  self->marked_idle = 0;
  return G_SOURCE_REMOVE;
}

/* Before places move. */
static void
tell_marked_now (AcRowSlots *self)
{
  g_clear_handle_id (&self->marked_idle, g_source_remove);
  while (!gtk_bitset_is_empty (self->marked))
    tell_marked (self, STEP_MARKED);
}

/* @changes are selected that were not, or not that were. A view hears at once of those in sight,
 * and then of the other places that it has rows for, a few at a time; where it has none it will
 * ask. */
static void
tell_selected (AcRowSlots *self, GtkBitset *changes)
{
  g_autoptr (GtkBitset) seen =
      gtk_bitset_new_range (self->seen_first, self->seen_end - self->seen_first);
  GHashTableIter iter;
  gpointer position;

  gtk_bitset_intersect (seen, changes);
  if (!gtk_bitset_is_empty (seen))
    {
      guint first = gtk_bitset_get_minimum (seen);

      gtk_selection_model_selection_changed (GTK_SELECTION_MODEL (self), first,
                                             gtk_bitset_get_maximum (seen) - first + 1);
    }
  g_hash_table_iter_init (&iter, self->slots);
  while (g_hash_table_iter_next (&iter, &position, NULL))
    if (gtk_bitset_contains (changes, GPOINTER_TO_UINT (position)) &&
        !is_seen (self, GPOINTER_TO_UINT (position)))
      gtk_bitset_add (self->marked, GPOINTER_TO_UINT (position));
  if (gtk_bitset_get_size (self->marked) <= STEP_MARKED)
    tell_marked_now (self);
  else if (self->marked_idle == 0)
    self->marked_idle = g_idle_add (marked_cb, self);
  g_signal_emit (self, slots_signals[SELECTED], 0);
}

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

  gtk_bitset_intersect (wanted, mask);
  gtk_bitset_remove_range_closed (wanted, MIN (self->n_shown, self->n_items), G_MAXUINT);
  gtk_bitset_subtract (after, mask);
  gtk_bitset_union (after, wanted);
  gtk_bitset_difference (changes, after);
  if (gtk_bitset_is_empty (changes))
    return TRUE;
  gtk_bitset_unref (self->selected);
  self->selected = g_steal_pointer (&after);
  tell_selected (self, changes);
  return TRUE;
}

static gboolean
pick (AcRowSlots *self, guint position, GtkBitset *selected, GtkBitset *mask)
{
  if (self->telling)
    return TRUE;
  self->picked = ac_action_list_get_key (self->list, position);
  return set_selection (GTK_SELECTION_MODEL (self), selected, mask);
}

static gboolean
select_item (GtkSelectionModel *model, guint position, gboolean unselect_rest)
{
  AcRowSlots *self = AC_ROW_SLOTS (model);
  g_autoptr (GtkBitset) one = gtk_bitset_new_range (position, 1);
  g_autoptr (GtkBitset) all = gtk_bitset_new_range (0, self->n_shown);

  return pick (self, position, one, unselect_rest ? all : one);
}

static gboolean
unselect_item (GtkSelectionModel *model, guint position)
{
  g_autoptr (GtkBitset) none = gtk_bitset_new_empty ();
  g_autoptr (GtkBitset) one = gtk_bitset_new_range (position, 1);

  return pick (AC_ROW_SLOTS (model), position, none, one);
}

static gboolean
select_all (GtkSelectionModel *model)
{
  AcRowSlots *self = AC_ROW_SLOTS (model);
  g_autoptr (GtkBitset) all = NULL;

  /* Of those that are not told yet, too. */
  show_more (self, self->n_items - MIN (self->n_shown, self->n_items));
  all = gtk_bitset_new_range (0, self->n_items);
  return set_selection (model, all, all);
}

static void
ac_row_slots_selection_init (GtkSelectionModelInterface *iface)
{
  iface->is_selected = is_selected;
  iface->get_selection_in_range = get_selection_in_range;
  iface->set_selection = set_selection;
  iface->select_item = select_item;
  iface->unselect_item = unselect_item;
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
  tell_selected (self, replaced);
}

/* --- changes of the list --- */

/* Rows are written from the top of the screen down. */
static int
compare_slots (gconstpointer one, gconstpointer other, gpointer data)
{
  guint first = ((AcRowSlots *)data)->first_seen;
  guint a = (*(AcRowSlot *const *)one)->position - first;
  guint b = (*(AcRowSlot *const *)other)->position - first;

  /* Those above, which are not seen, are the greatest. */
  return a < b ? -1 : a > b;
}

static void
tell_all_changed (AcRowSlots *self, GPtrArray *slots)
{
  g_ptr_array_sort_with_data (slots, compare_slots, self);
  for (guint i = 0; i < slots->len; i++)
    ac_row_slots_tell_changed (self, slots->pdata[i]);
}

/* Gives the slots their new places: those from @position on whose actions have changed get others,
 * @removed places go, and @added come. */
static void
move_slots (AcRowSlots *self, guint position, guint replaced, guint removed, guint added)
{
  g_autoptr (GHashTable) before = NULL;
  g_autoptr (GPtrArray) changed = NULL;
  g_autoptr (GPtrArray) come = NULL; /* into sight, and are not written yet */
  GHashTableIter iter;
  gpointer value;

  /* As almost always, when thousands of actions move at once. */
  if (position >= self->end)
    return;
  before = g_steal_pointer (&self->slots);
  changed = g_ptr_array_new_with_free_func (g_object_unref);
  come = g_ptr_array_new_with_free_func (g_object_unref);
  self->end = 0;
  self->slots = g_hash_table_new (g_direct_hash, g_direct_equal);
  g_hash_table_iter_init (&iter, before);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      AcRowSlot *slot = value;

      if (slot->position >= position + replaced && slot->position < position + replaced + removed)
        {
          ac_row_slot_leave (slot);
          continue;
        }
      if (slot->position >= position + replaced + removed)
        slot->position += added - removed;
      else if (slot->position >= position)
        g_ptr_array_add (changed, g_object_ref (slot));
      if (slot->late && slot->position >= position + replaced && is_seen (self, slot->position))
        g_ptr_array_add (come, g_object_ref (slot));
      g_hash_table_insert (self->slots, GUINT_TO_POINTER (slot->position), slot);
      self->end = MAX (self->end, slot->position + 1);
    }
  for (guint i = 0; i < changed->len; i++)
    {
      AcRowSlot *slot = changed->pdata[i];

      ac_row_slot_set_item (slot,
                            g_list_model_get_item (G_LIST_MODEL (self->list), slot->position));
    }
  tell_all_changed (self, changed);
  tell_all_changed (self, come);
}

/* Reads anew what stands at each place from @position on. */
static void
reread (AcRowSlots *self, guint position)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) changed = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->slots);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (((AcRowSlot *)value)->position >= position)
      g_ptr_array_add (all, g_object_ref (value));
  for (guint i = 0; i < all->len; i++)
    {
      AcRowSlot *slot = all->pdata[i];
      g_autoptr (AcActionItem) item =
          g_list_model_get_item (G_LIST_MODEL (self->list), slot->position);

      if (item == slot->item)
        continue;
      ac_row_slot_set_item (slot, g_steal_pointer (&item));
      g_ptr_array_add (changed, slot);
    }
  tell_all_changed (self, changed);
}

static void
items_changed_cb (AcRowSlots *self, guint position, guint removed, guint added)
{
  guint same = MIN (removed, added);
  guint n_before = self->n_shown;
  guint n_new;

  tell_marked_now (self);
  self->n_items += added - removed;
  if (self->held)
    return;
  if (self->idle != 0)
    {
      /* Not all are told yet: whatever stands at the places that are may be another action. */
      shrink (self);
      unselect_replaced (self, position, self->n_shown - MIN (position, self->n_shown));
      reread (self, position);
      tell_rest_soon (self);
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
  tell_rest_soon (self);
}

static void
ac_row_slots_dispose (GObject *object)
{
  AcRowSlots *self = AC_ROW_SLOTS (object);
  GHashTableIter iter;
  gpointer value;

  g_clear_handle_id (&self->idle, g_source_remove);
  g_clear_handle_id (&self->late_idle, g_source_remove);
  g_clear_handle_id (&self->seen_idle, g_source_remove);
  g_clear_handle_id (&self->marked_idle, g_source_remove);
  if (self->list != NULL)
    g_signal_handlers_disconnect_by_data (self->list, self);
  g_hash_table_iter_init (&iter, self->slots);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    ac_row_slot_leave (value);
  g_hash_table_remove_all (self->slots);
  g_clear_object (&self->list);
  G_OBJECT_CLASS (ac_row_slots_parent_class)->dispose (object);
}

static void
ac_row_slots_finalize (GObject *object)
{
  g_hash_table_unref (AC_ROW_SLOTS (object)->slots);
  gtk_bitset_unref (AC_ROW_SLOTS (object)->selected);
  gtk_bitset_unref (AC_ROW_SLOTS (object)->marked);
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
  slots_signals[BEHIND] = g_signal_new ("behind", AC_TYPE_ROW_SLOTS, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);
  slots_signals[SELECTED] = g_signal_new ("selected", AC_TYPE_ROW_SLOTS, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
}

static void
ac_row_slots_init (AcRowSlots *self)
{
  self->slots = g_hash_table_new (g_direct_hash, g_direct_equal);
  self->seen_end = SCREEN + MARGIN;
  self->selected = gtk_bitset_new_empty ();
  self->marked = gtk_bitset_new_empty ();
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
  tell_rest_soon (self);
  return self;
}

/**
 * ac_row_slots_begin_range:
 * @list: the list of rows that shows the places, a GtkListView
 * @otherwise: where the range begins if nothing was picked, or has left the list; or
 * GTK_INVALID_LIST_POSITION
 *
 * To be called before a range is selected. A view remembers the place that was picked last, and
 * does not hear of actions that come to stand at other places: it is told where the picked one
 * stands now.
 */
gboolean
ac_row_slots_begin_range (AcRowSlots *self, GtkWidget *list, guint otherwise)
{
  gboolean was_picked;
  guint position;

  g_return_val_if_fail (AC_IS_ROW_SLOTS (self), FALSE);
  g_return_val_if_fail (GTK_IS_WIDGET (list), FALSE);

  was_picked =
      self->picked != 0 && ac_action_list_position_of_key (self->list, self->picked, &position);
  if (!was_picked)
    position = otherwise;
  if (position >= self->n_items)
    return FALSE;
  self->picked = ac_action_list_get_key (self->list, position);
  if (position >= self->n_shown)
    ac_row_slots_show_all (self);
  self->telling = TRUE;
  gtk_widget_activate_action (list, "list.select-item", "(ubb)", position, TRUE, FALSE);
  self->telling = FALSE;
  return was_picked;
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
  if (self->n_shown > self->n_items)
    show_less (self, self->n_shown - self->n_items);
  else
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
  g_return_if_fail (AC_IS_ROW_SLOTS (self));

  if (!self->held)
    return;
  self->held = FALSE;
  tell_marked_now (self);
  shrink (self);
  unselect_replaced (self, 0, self->n_shown);
  reread (self, 0);
  if (self->idle == 0 && self->n_items > self->n_shown)
    show_more (self, first_of (self->n_shown, self->n_items - self->n_shown));
  tell_rest_soon (self);
}
