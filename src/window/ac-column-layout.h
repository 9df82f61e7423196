/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which columns a list shows, in which order and how wide: what a person has chosen, and what is
 * kept of it. Plain structs. */
#pragma once

#include "client/ac-action-query.h"

G_BEGIN_DECLS

typedef struct
{
  AcSort sort;
  gboolean shown;
  int width; /* in pixels; -1: as wide as it likes */
} AcColumnPlace;

typedef struct
{
  AcTab tab;
  AcColumnPlace places[AC_N_SORTS]; /* all of them, in order */
} AcColumnLayout;

AcColumnLayout *ac_column_layout_new (AcTab tab);
AcColumnLayout *ac_column_layout_new_from_text (AcTab tab, const char *text);
AcColumnLayout *ac_column_layout_copy (const AcColumnLayout *layout);
void ac_column_layout_free (AcColumnLayout *layout);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcColumnLayout, ac_column_layout_free)
char *ac_column_layout_to_text (const AcColumnLayout *layout);
gboolean ac_column_layout_equal (const AcColumnLayout *a, const AcColumnLayout *b);
gboolean ac_column_layout_is_chosen (const AcColumnLayout *layout);
guint ac_column_layout_find (const AcColumnLayout *layout, AcSort sort);
guint ac_column_layout_get_n_shown (const AcColumnLayout *layout);
gboolean ac_column_layout_move (AcColumnLayout *layout, AcSort sort, int by);

G_END_DECLS
