/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stands on a column to make its header clickable, and sorts nothing: the service sorts. Asking a
 * column view's own sorter through ac_choice_sorter_read() tells which column was chosen and which
 * way, on every version of GTK 4. */
#pragma once

#include <gtk/gtk.h>

#include "client/ac-action-query.h"

G_BEGIN_DECLS

#define AC_TYPE_CHOICE_SORTER (ac_choice_sorter_get_type ())
G_DECLARE_FINAL_TYPE (AcChoiceSorter, ac_choice_sorter, AC, CHOICE_SORTER, GtkSorter)

GtkSorter *ac_choice_sorter_new (AcSort sort);
gboolean ac_choice_sorter_read (GtkSorter *view_sorter, AcSort *sort, gboolean *descending);

G_END_DECLS
