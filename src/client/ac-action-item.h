/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One row of an AcActionList. The same key gives the same object for as long as somebody holds it,
 * wherever the row moves.
 *
 * Properties (read-only): key (guint64), action (AcAction, nullable until loaded), loaded
 * (boolean). A change of the action is notified; so a row binds to item.action. */
#pragma once

#include "model/ac-action.h"

G_BEGIN_DECLS

#define AC_TYPE_ACTION_ITEM (ac_action_item_get_type ())
G_DECLARE_FINAL_TYPE (AcActionItem, ac_action_item, AC, ACTION_ITEM, GObject)

guint64 ac_action_item_get_key (AcActionItem *self);
AcAction *ac_action_item_get_action (AcActionItem *self);
gboolean ac_action_item_get_loaded (AcActionItem *self);

/* For AcActionList. */
AcActionItem *ac_action_item_new (guint64 key);
gboolean ac_action_item_set_action (AcActionItem *self, AcAction *action);
void ac_action_item_distrust (AcActionItem *self);

G_END_DECLS
