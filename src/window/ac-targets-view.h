/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The messages of a cluster: how many there were at analysis and are now, where nobody could look,
 * and each message with what came of it, page by page. It asks for pages by a signal and never
 * loads them itself.
 *
 * Signals: load (strings outcomes, string cursor): a page is wanted; outcomes is nullable: whatever
 * came of them; cursor is nullable: the first. look (): the messages are to be counted anew. export
 * (): those of the chosen outcomes are to be saved, see ac_targets_view_export(). */
#pragma once

#include <gtk/gtk.h>

#include "client/ac-api.h"

G_BEGIN_DECLS

#define AC_TYPE_TARGETS_VIEW (ac_targets_view_get_type ())
G_DECLARE_FINAL_TYPE (AcTargetsView, ac_targets_view, AC, TARGETS_VIEW, GtkWidget)

void ac_targets_view_set_action (AcTargetsView *self, AcAction *action);
void ac_targets_view_add_page (AcTargetsView *self, const AcTargetPage *page, gboolean is_first);
void ac_targets_view_set_error (AcTargetsView *self, const char *message);
void ac_targets_view_export (AcTargetsView *self, AcApi *api);

G_END_DECLS
