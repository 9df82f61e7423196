/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/ac-row-slots.h"

/* Who shows a place. */
typedef struct
{
  AcRowSlotFunc changed;
  gpointer data;
} Watcher;

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AcRowSlot, ac_row_slot, G_TYPE_OBJECT)

static void
set_late (AcRowSlot *self, gboolean late)
{
  if (self->late == late)
    return;
  self->late = late;
  if (self->slots != NULL)
    ac_row_slots_count_late (self->slots, late ? 1 : -1);
}

/* Whoever shows it writes it anew. */
void
ac_row_slot_write (AcRowSlot *self)
{
  set_late (self, FALSE);
  for (guint i = 0; i < self->watchers->len; i++)
    {
      const Watcher *watcher = &g_array_index (self->watchers, Watcher, i);

      watcher->changed (self, watcher->data);
    }
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
action_cb (AcRowSlot *self)
{
  if (self->slots == NULL)
    ac_row_slot_write (self);
  else
    ac_row_slots_tell_changed (self->slots, self);
}

/* It is written when there is time. */
void
ac_row_slot_put_off (AcRowSlot *self)
{
  set_late (self, TRUE);
}

/* @item: (transfer full) (nullable) */
void
ac_row_slot_set_item (AcRowSlot *self, AcActionItem *item)
{
  if (self->item != NULL)
    g_signal_handlers_disconnect_by_data (self->item, self);
  g_clear_object (&self->item);
  self->item = item;
  if (item != NULL)
    g_signal_connect_swapped (item, "notify::action", G_CALLBACK (action_cb), self);
}

/* It stands nowhere any more. */
void
ac_row_slot_leave (AcRowSlot *self)
{
  set_late (self, FALSE);
  self->slots = NULL;
}

static void
ac_row_slot_dispose (GObject *object)
{
  AcRowSlot *self = AC_ROW_SLOT (object);

  if (self->slots != NULL)
    ac_row_slots_forget (self->slots, self);
  ac_row_slot_leave (self);
  ac_row_slot_set_item (self, NULL);
  G_OBJECT_CLASS (ac_row_slot_parent_class)->dispose (object);
}

static void
ac_row_slot_finalize (GObject *object)
{
  g_array_unref (AC_ROW_SLOT (object)->watchers);
  G_OBJECT_CLASS (ac_row_slot_parent_class)->finalize (object);
}

static void
ac_row_slot_class_init (AcRowSlotClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ac_row_slot_dispose;
  G_OBJECT_CLASS (klass)->finalize = ac_row_slot_finalize;

  signals[CHANGED] = g_signal_new ("changed", AC_TYPE_ROW_SLOT, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
ac_row_slot_init (AcRowSlot *self)
{
  self->watchers = g_array_new (FALSE, FALSE, sizeof (Watcher));
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

/**
 * ac_row_slot_is_late:
 *
 * Returns: whether what stands there will be written when there is time, so that whoever comes to
 * show it need not do it now.
 */
gboolean
ac_row_slot_is_late (AcRowSlot *self)
{
  g_return_val_if_fail (AC_IS_ROW_SLOT (self), FALSE);

  return self->late;
}

/**
 * ac_row_slot_watch:
 * @changed: called when there is something else to show, with @data
 * @data: to be given to ac_row_slot_unwatch() before it goes
 *
 * As a signal, for the two thousand cells of a view, which come and go as it is scrolled.
 */
void
ac_row_slot_watch (AcRowSlot *self, AcRowSlotFunc changed, gpointer data)
{
  Watcher watcher = { changed, data };

  g_return_if_fail (AC_IS_ROW_SLOT (self));

  g_array_append_val (self->watchers, watcher);
}

void
ac_row_slot_unwatch (AcRowSlot *self, gpointer data)
{
  g_return_if_fail (AC_IS_ROW_SLOT (self));

  for (guint i = self->watchers->len; i > 0; i--)
    if (g_array_index (self->watchers, Watcher, i - 1).data == data)
      {
        g_array_remove_index (self->watchers, i - 1);
        return;
      }
}

/**
 * ac_row_slot_defer:
 *
 * Whoever comes to show it wants to be told again what stands there; when there is time, unless it
 * is seen.
 */
void
ac_row_slot_defer (AcRowSlot *self)
{
  g_return_if_fail (AC_IS_ROW_SLOT (self));

  if (self->slots != NULL)
    ac_row_slots_defer (self->slots, self);
}
