/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of AcActionView share: ac-action-view.c shows, ac-action-view-selection.c selects.
 */
#pragma once

#include "window/ac-action-view.h"
#include "window/ac-adaptive-bin.h"
#include "window/ac-between-frames.h"
#include "window/ac-row-slots.h"

G_BEGIN_DECLS

struct _AcActionView
{
  GtkWidget parent_instance;

  AcAdaptiveBin *bin;
  GtkColumnView *column_view;

  AcActionList *list;         /* nullable */
  AcRowSlots *slots;          /* its places, and which are selected; nullable */
  AcActionQuery *shown_query; /* of the rows that stood there last; nullable */

  GArray *kept;          /* of guint64: selected when the list began to change; nullable */
  guint64 focused;       /* the key of the row that had the focus then; 0: none had */
  gboolean restoring;    /* the selection is being put back */
  gboolean setting_sort; /* the sort comes from outside */
  gboolean single_letter_keys;
  gboolean picking;    /* rows are being picked one by one */
  gboolean ticking;    /* by their checks */
  guint last_position; /* of the row that was selected last */

  AcBetweenFrames *writing; /* the rows in sight that have changed */

  guint focus_tick;     /* looks for the row that is to have the focus; 0: none */
  guint focus_wanted;   /* its position */
  guint focus_patience; /* for how many frames it is looked for */
};

void ac_action_view_set_selected_positions (AcActionView *self, GtkBitset *positions);
GtkBitset *ac_action_view_find_positions (AcActionView *self, const guint64 *keys, gsize n_keys);

G_END_DECLS
