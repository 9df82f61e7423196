/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bar over a list of actions: what it is filtered by, which time it is of, which columns it
 * has, which views of it are saved, and how it gets out of the window. It acts on one tab, the one
 * that is looked at. */
#pragma once

#include "window/ac-action-tab.h"
#include "window/ac-session.h"

G_BEGIN_DECLS

#define AC_TYPE_LIST_BAR (ac_list_bar_get_type ())
G_DECLARE_FINAL_TYPE (AcListBar, ac_list_bar, AC, LIST_BAR, GtkWidget)

void ac_list_bar_set_tab (AcListBar *self, AcActionTab *tab);
void ac_list_bar_set_settings (AcListBar *self, GSettings *settings);
void ac_list_bar_set_session (AcListBar *self, AcSession *session);
void ac_list_bar_export (AcListBar *self);
void ac_list_bar_refresh_texts (AcListBar *self);
void ac_list_bar_set_narrow (AcListBar *self, gboolean narrow);

G_END_DECLS
