/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of actions with its columns, its selection and its keys. What is selected stays selected
 * by key while rows come, go and move; a row that leaves the list leaves the selection, so that
 * nothing is ever decided about a row that one cannot see.
 *
 * Signals: selection-changed (boolean by_list: the list took rows away, the person did not),
 * sort-changed (), activated (). */
#pragma once

#include <gtk/gtk.h>

#include "client/ac-action-list.h"
#include "window/ac-column-layout.h"

G_BEGIN_DECLS

#define AC_TYPE_ACTION_VIEW (ac_action_view_get_type ())
G_DECLARE_FINAL_TYPE (AcActionView, ac_action_view, AC, ACTION_VIEW, GtkWidget)

void ac_action_view_set_list (AcActionView *self, AcActionList *list);
AcActionList *ac_action_view_get_list (AcActionView *self);

void ac_action_view_set_sort (AcActionView *self, AcSort sort, gboolean descending);
void ac_action_view_set_layout (AcActionView *self, const AcColumnLayout *layout);
AcColumnLayout *ac_action_view_get_layout (AcActionView *self);
gboolean ac_action_view_get_sort (AcActionView *self, AcSort *sort, gboolean *descending);

gboolean ac_action_view_is_picking (AcActionView *self);
gboolean ac_action_view_is_ticking (AcActionView *self);
void ac_action_view_put_aside (AcActionView *self);
guint64 ac_action_view_get_n_selected (AcActionView *self);
GArray *ac_action_view_get_selected_keys (AcActionView *self);
guint ac_action_view_get_position (AcActionView *self);
void ac_action_view_select_keys (AcActionView *self, const guint64 *keys, gsize n_keys);
gboolean ac_action_view_select_position (AcActionView *self, guint position);
void ac_action_view_unselect_all (AcActionView *self);
gboolean ac_action_view_can_step (AcActionView *self, int by);
void ac_action_view_select_all (AcActionView *self);
void ac_action_view_invert_selection (AcActionView *self);
gboolean ac_action_view_step (AcActionView *self, int by);
void ac_action_view_set_single_letter_keys (AcActionView *self, gboolean enabled);
void ac_action_view_refresh_texts (AcActionView *self);

G_END_DECLS
