/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One place of an AcRowSlots: which action stands there now, and who shows it. It has a signal,
 * changed: there is something else to show. */
#pragma once

#include <glib-object.h>

#include "client/ac-action-item.h"

G_BEGIN_DECLS

#define AC_TYPE_ROW_SLOT (ac_row_slot_get_type ())
G_DECLARE_FINAL_TYPE (AcRowSlot, ac_row_slot, AC, ROW_SLOT, GObject)

typedef void (*AcRowSlotFunc) (AcRowSlot *slot, gpointer data);

AcActionItem *ac_row_slot_get_item (AcRowSlot *self);
AcAction *ac_row_slot_get_action (AcRowSlot *self);
gboolean ac_row_slot_is_late (AcRowSlot *self);
void ac_row_slot_defer (AcRowSlot *self);
void ac_row_slot_watch (AcRowSlot *self, AcRowSlotFunc changed, gpointer data);
void ac_row_slot_unwatch (AcRowSlot *self, gpointer data);

/* For AcRowSlots only. */
struct _AcRowSlot
{
  GObject parent_instance;

  struct _AcRowSlots *slots; /* not owned; NULL: it stands nowhere any more */
  guint position;
  AcActionItem *item; /* nullable */
  GArray *watchers;   /* of Watcher */
  gboolean late;      /* what it shows is to be written when there is time */
};

void ac_row_slot_set_item (AcRowSlot *self, AcActionItem *item);
void ac_row_slot_write (AcRowSlot *self);
void ac_row_slot_put_off (AcRowSlot *self);
void ac_row_slot_leave (AcRowSlot *self);

G_END_DECLS
