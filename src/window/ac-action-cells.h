/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the columns of a list of actions are: what each is called, says of an action, and how much
 * room that takes. A column has the name of the member that it sorts by. Plain functions and a
 * table; the widgets are those of ac-action-columns.c. */
#pragma once

#include "client/ac-action-query.h"

G_BEGIN_DECLS

typedef enum
{
  AC_CELL_TEXT,
  AC_CELL_STATUS,
  AC_CELL_VERDICT,
} AcCellKind;

typedef struct
{
  const char *title; /* untranslated */
  AcSort sort;
  AcCellKind kind;
  guint chars;         /* room for so many characters, so that it grows with the text size */
  guint rank;          /* the columns with the lowest ranks stay longest */
  gboolean in_pending; /* whether it is shown where nobody has chosen */
  gboolean in_history;
  char *(*text) (AcAction *action);    /* transfer full; nullable */
  char *(*tooltip) (AcAction *action); /* the same; NULL: the text, where it is cut off */
} AcCell;

#define AC_N_CELLS AC_N_SORTS

/* In the order in which they stand where nobody has moved them. */
extern const AcCell ac_action_cells[AC_N_CELLS];

const AcCell *ac_action_cell_get (AcSort sort);
const char *ac_action_cell_get_title (AcSort sort);
gboolean ac_action_cell_is_default (const AcCell *cell, AcTab tab);

G_END_DECLS
