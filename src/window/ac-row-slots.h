/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a list view is given instead of an AcActionList: one object for each place, which stays when
 * another action comes to stand there, and which of the places are selected, as a
 * GtkSelectionModel. A view makes some two hundred rows of widgets, whatever the screen shows, and
 * throws them away with the items that they showed, which takes a fifth of a second; a place that
 * stays only gets other texts.
 *
 * Places that are new are told a few at a time for the same reason, until the view has its rows;
 * ac_row_slots_show_all() ends that. Those that go at the end are empty until they are told, a few
 * at a time as well. What is near to be seen is written, and what is not seen is marked as
 * selected, in the turns of the main loop that have nothing else to do; what is far is not written
 * at all until it comes near.
 *
 * The selection is a set of bits. GtkMultiSelection holds an object for each row that is selected,
 * and so takes seconds to select a million. An action that moves away leaves the selection; whoever
 * wants it to stay selected selects it again where it has come to stand.
 *
 * Beside selection-changed, which tells the rows of a view, there is a signal selected, once for
 * each change; and behind, when rows in sight are about to be written: a view that is connected to
 * it has ac_row_slots_catch_up() called between frames, and no frame has to paint a whole screen
 * that has changed. */
#pragma once

#include <gtk/gtk.h>

#include "client/ac-action-list.h"
#include "window/ac-row-slot.h"

G_BEGIN_DECLS

#define AC_TYPE_ROW_SLOTS (ac_row_slots_get_type ())
G_DECLARE_FINAL_TYPE (AcRowSlots, ac_row_slots, AC, ROW_SLOTS, GObject)

/* Property: list (read-only). */
AcRowSlots *ac_row_slots_new (AcActionList *list);
void ac_row_slots_set_seen (AcRowSlots *self, guint first, guint n);
gboolean ac_row_slots_begin_range (AcRowSlots *self, GtkWidget *list, guint otherwise);
void ac_row_slots_show_all (AcRowSlots *self);
gboolean ac_row_slots_catch_up (AcRowSlots *self);
void ac_row_slots_hold (AcRowSlots *self);
void ac_row_slots_release (AcRowSlots *self);

/* For AcRowSlot only. */
void ac_row_slots_tell_changed (AcRowSlots *self, AcRowSlot *slot);
void ac_row_slots_defer (AcRowSlots *self, AcRowSlot *slot);
void ac_row_slots_count_late (AcRowSlots *self, int by);
void ac_row_slots_forget (AcRowSlots *self, AcRowSlot *slot);

G_END_DECLS
