/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The columns of a list of actions: what each is called, shows and sorts by, how wide it is, and
 * which go first when there is no room. */
#pragma once

#include <gtk/gtk.h>

#include "window/ac-column-layout.h"

G_BEGIN_DECLS

/* Data of the column view: the selection is being changed by a check. */
#define AC_ACTION_COLUMNS_PICKED "ac-picked"

void ac_action_columns_add (GtkColumnView *view);
void ac_action_columns_set_layout (GtkColumnView *view, const AcColumnLayout *layout);
AcColumnLayout *ac_action_columns_get_layout (GtkColumnView *view);
void ac_action_columns_fit (GtkColumnView *view, int width);
GtkColumnViewColumn *ac_action_columns_find (GtkColumnView *view, AcSort sort);
GtkListItem *ac_action_columns_get_list_item (GtkWidget *row);
GtkWidget *ac_action_columns_find_row (GtkColumnView *view, guint position);
void ac_action_columns_toggle (GtkColumnView *view, guint position);
gboolean ac_action_columns_begin_range (GtkColumnView *view, guint otherwise);
char *ac_action_columns_describe (AcAction *action);

G_END_DECLS
