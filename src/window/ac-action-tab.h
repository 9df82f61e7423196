/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One tab of the Action center: its list, or what there is to say instead of a list: loading,
 * nothing found, not connected, an error.
 *
 * Signals: list-changed (): the rows have changed, and what stays selected is selected again, or it is
 * known now that there are none; query-changed (): what it shows has changed; selection-changed
 * (by_list) and activated (): of its view. */
#pragma once

#include <gtk/gtk.h>

#include "window/ac-action-view.h"
#include "window/ac-session.h"
#include "window/ac-time-range.h"

G_BEGIN_DECLS

#define AC_TYPE_ACTION_TAB (ac_action_tab_get_type ())
G_DECLARE_FINAL_TYPE (AcActionTab, ac_action_tab, AC, ACTION_TAB, GtkWidget)

void ac_action_tab_set_tab (AcActionTab *self, AcTab tab);
void ac_action_tab_set_session (AcActionTab *self, AcSession *session);
void ac_action_tab_prepare (AcActionTab *self);
void ac_action_tab_set_active (AcActionTab *self, gboolean active);
void ac_action_tab_set_search (AcActionTab *self, const char *text);
AcTab ac_action_tab_get_tab (AcActionTab *self);
AcActionQuery *ac_action_tab_get_query (AcActionTab *self);
AcActionSource *ac_action_tab_get_source (AcActionTab *self);
void ac_action_tab_set_filter (AcActionTab *self, AcFilter filter, const char *const *values);
void ac_action_tab_set_query (AcActionTab *self, AcActionQuery *query);
void ac_action_tab_clear_filters (AcActionTab *self);
void ac_action_tab_set_range (AcActionTab *self, const AcTimeRange *range);
const AcTimeRange *ac_action_tab_get_range (AcActionTab *self);
void ac_action_tab_set_layout (AcActionTab *self, const AcColumnLayout *layout);
AcColumnLayout *ac_action_tab_dup_layout (AcActionTab *self);
void ac_action_tab_set_sort_key (AcActionTab *self, const char *sort_key);
char *ac_action_tab_dup_sort_key (AcActionTab *self);
void ac_action_tab_set_single_letter_keys (AcActionTab *self, gboolean enabled);
void ac_action_tab_refresh_texts (AcActionTab *self);
gboolean ac_action_tab_awaits (AcActionTab *self, const char *id);
AcActionView *ac_action_tab_get_view (AcActionTab *self);
AcActionList *ac_action_tab_get_list (AcActionTab *self);
gboolean ac_action_tab_is_empty (AcActionTab *self);
void ac_action_tab_select (AcActionTab *self, const char *id);
void ac_action_tab_update_state (AcActionTab *self);

G_END_DECLS
