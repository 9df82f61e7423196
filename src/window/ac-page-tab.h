/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The button of a tab at the top of a page, with how many things stand under it.
 *
 * Property: title (string): what stands on it. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define AC_TYPE_PAGE_TAB (ac_page_tab_get_type ())
G_DECLARE_FINAL_TYPE (AcPageTab, ac_page_tab, AC, PAGE_TAB, GtkToggleButton)

void ac_page_tab_set_count (AcPageTab *self, gint64 count);

G_END_DECLS
