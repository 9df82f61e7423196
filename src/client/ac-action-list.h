/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A GListModel of AcActionItem: the actions of a query, in its order. It holds the keys of the
 * query (8 bytes each) and a bounded cache of rows; a row object is made when it is asked for. A
 * change of the query or of the source touches just the rows that differ.
 *
 * Properties: source (AcActionSource, writable), query (AcActionQuery, writable), n-items (guint),
 * total (guint64: of the query, even while its keys are still coming), loading (boolean: keys are
 * being fetched), error (string, nullable: why the last fetch failed; the rows shown before stay),
 * last-refreshed (gint64, AC_TIME_NONE before the first answer).
 *
 * Signals: about-to-change and has-changed stand around each run of items-changed, so that a
 * selection can be kept by key: read the selected keys at the first, select them again at the
 * second. */
#pragma once

#include "client/ac-action-item.h"
#include "client/ac-action-source.h"

G_BEGIN_DECLS

#define AC_TYPE_ACTION_LIST (ac_action_list_get_type ())
G_DECLARE_FINAL_TYPE (AcActionList, ac_action_list, AC, ACTION_LIST, GObject)

AcActionList *ac_action_list_new (AcActionSource *source, AcActionQuery *query);
AcActionSource *ac_action_list_get_source (AcActionList *self);
void ac_action_list_set_source (AcActionList *self, AcActionSource *source);
AcActionQuery *ac_action_list_get_query (AcActionList *self);
void ac_action_list_set_query (AcActionList *self, AcActionQuery *query);
guint64 ac_action_list_get_total (AcActionList *self);
gboolean ac_action_list_get_loading (AcActionList *self);
const char *ac_action_list_get_error (AcActionList *self);
gint64 ac_action_list_get_last_refreshed (AcActionList *self);
void ac_action_list_refresh (AcActionList *self);

/* Selection by key. */
guint64 ac_action_list_get_key (AcActionList *self, guint position);
void ac_action_list_copy_keys (AcActionList *self, guint position, guint n, guint64 *keys);
GArray *ac_action_list_get_keys_for_positions (AcActionList *self,
                                               const guint *positions,
                                               guint n_positions);
gboolean ac_action_list_position_of_key (AcActionList *self, guint64 key, guint *position);
GArray *
ac_action_list_get_positions_for_keys (AcActionList *self, const guint64 *keys, gsize n_keys);

G_END_DECLS
