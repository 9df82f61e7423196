/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a list can be looked at, under a name: the tab, the filters, the time, the order and the
 * columns. Kept as JSON text. A plain struct. */
#pragma once

#include "window/ac-action-tab.h"

G_BEGIN_DECLS

typedef struct
{
  char *name;
  char *tab;     /* “pending” or “history” */
  char *filters; /* as ac-query-text.h */
  char *range;   /* as ac-time-range.h */
  char *sort;    /* as ac_action_query_with_sort_key() */
  char *columns; /* as ac-column-layout.h; nullable: they stay as they are */
} AcSavedView;

AcSavedView *ac_saved_view_new (const char *name, AcActionTab *tab);
AcSavedView *ac_saved_view_new_from_text (const char *text);
char *ac_saved_view_to_text (const AcSavedView *view);
gboolean ac_saved_view_apply (const AcSavedView *view, AcActionTab *tab, GError **error);
void ac_saved_view_free (AcSavedView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcSavedView, ac_saved_view_free)

G_END_DECLS
