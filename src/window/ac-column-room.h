/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much room the columns of actions have: what they need in any case, what the words in the
 * important ones want, and which of that there is. Knows nothing of the view but its font. */
#pragma once

#include <gtk/gtk.h>

#include "window/ac-action-cells.h"
#include "window/ac-column-layout.h"

G_BEGIN_DECLS

/* In pixels, what a cell's padding and a badge's icon take. */
#define AC_COLUMN_PADDING 18
#define AC_COLUMN_ICON 22

typedef enum
{
  AC_COLUMN_ROOM_LITTLE,    /* what the columns need */
  AC_COLUMN_ROOM_FOR_TYPES, /* no name of a type of action is cut */
  AC_COLUMN_ROOM_FOR_WORDS, /* nor a day or a verdict in a language with longer words for it */
} AcColumnRoom;

guint ac_column_room_get_chars (AcColumnRoom room, const AcCell *column, GtkWidget *widget);
AcColumnRoom
ac_column_room_find (const AcColumnLayout *layout, GtkWidget *widget, int width, guint below);
int ac_column_room_left (const AcColumnLayout *layout, GtkWidget *widget, int width, guint below);

G_END_DECLS
