/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows behind the keys of an AcActionList: it makes row objects, remembers those that are
 * alive, and loads what they need from the source, a page at a time. It knows nothing of positions
 * beyond what it is told. Private to this room. */
#pragma once

#include "client/ac-action-item.h"
#include "client/ac-action-source.h"

G_BEGIN_DECLS

/* A page: as many rows are loaded together with one that is asked for. */
#define AC_ACTION_ROWS_PAGE 100

#define AC_TYPE_ACTION_ROWS (ac_action_rows_get_type ())
G_DECLARE_FINAL_TYPE (AcActionRows, ac_action_rows, AC, ACTION_ROWS, GObject)

/* Gives the keys that stand around a key; appended to @keys (guint64). */
typedef void (*AcNeighboursFunc) (guint page, GArray *keys, gpointer user_data);

AcActionRows *
ac_action_rows_new (AcActionSource *source, AcNeighboursFunc neighbours, gpointer user_data);
void ac_action_rows_close (AcActionRows *self);
AcActionItem *ac_action_rows_get_item (AcActionRows *self, guint64 key, guint page);
void ac_action_rows_put (AcActionRows *self, guint64 key, AcAction *action);
void ac_action_rows_reload (AcActionRows *self, GArray *keys);
void ac_action_rows_retry (AcActionRows *self);
guint ac_action_rows_get_n_alive (AcActionRows *self);
guint ac_action_rows_get_n_cached (AcActionRows *self);

G_END_DECLS
