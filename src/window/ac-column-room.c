/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/ac-column-room.h"
#include "window/ac-text-width.h"

/* So many characters a word is longer in some languages. */
#define LONGER_WORDS 4

/* So many characters the details are to have before other columns get more than they need. */
#define DETAILS_WANTED 22

/* So many characters wide the longest name of a type of action is, in the language of the person.
 * It is looked at once: larger text makes both wider. */
static guint
get_longest_type (GtkWidget *widget)
{
  static guint longest = 0;
  guint chars = 0;

  for (guint i = 1; longest == 0 && i < ac_vocabulary_size (AC_VOCABULARY_ACTION_TYPE); i++)
    {
      const char *wire = ac_vocabulary_wire (AC_VOCABULARY_ACTION_TYPE, (int)i);
      const char *name = ac_vocabulary_label (AC_VOCABULARY_ACTION_TYPE, wire);

      chars = MAX (chars, ac_text_width_in_chars (widget, name));
    }
  longest = MAX (longest, chars);
  return longest;
}

/**
 * ac_column_room_get_chars:
 * @widget: has the font
 *
 * Returns: how many characters @column shows where there is so much room.
 */
guint
ac_column_room_get_chars (AcColumnRoom room, const AcCell *column, GtkWidget *widget)
{
  if (room >= AC_COLUMN_ROOM_FOR_TYPES && column->sort == AC_SORT_TYPE)
    return MAX (column->chars, get_longest_type (widget));
  if (room >= AC_COLUMN_ROOM_FOR_WORDS &&
      (column->kind != AC_CELL_TEXT || column->sort == AC_SORT_UPDATED_AT ||
       column->sort == AC_SORT_CREATED_AT))
    return column->chars + LONGER_WORDS;
  return column->chars;
}

static int
get_width (const AcColumnLayout *layout, GtkWidget *widget, AcColumnRoom room, guint below)
{
  int all = 0;

  for (guint i = 0; i < AC_N_SORTS; i++)
    {
      const AcColumnPlace *place = &layout->places[i];
      const AcCell *column = ac_action_cell_get (place->sort);
      guint chars = column->sort == AC_SORT_DETAILS
                        ? DETAILS_WANTED
                        : ac_column_room_get_chars (room, column, widget);
      int width = ac_text_width_of_chars (widget, chars) + AC_COLUMN_PADDING +
                  (column->kind == AC_CELL_TEXT ? 0 : AC_COLUMN_ICON);

      if (place->shown && column->rank < below)
        all += place->width > 0 ? place->width : width;
    }
  return all;
}

/**
 * ac_column_room_find:
 * @width: in pixels, for all columns
 * @below: the columns with ranks below this are there
 *
 * Returns: how much room they have.
 */
AcColumnRoom
ac_column_room_find (const AcColumnLayout *layout, GtkWidget *widget, int width, guint below)
{
  AcColumnRoom room = AC_COLUMN_ROOM_FOR_WORDS;

  while (room > AC_COLUMN_ROOM_LITTLE && width < get_width (layout, widget, room, below))
    room--;
  return room;
}

/**
 * ac_column_room_left:
 *
 * Returns: what of @width those with ranks below @below leave to others: all of it when what they
 * want is not there anyway.
 */
int
ac_column_room_left (const AcColumnLayout *layout, GtkWidget *widget, int width, guint below)
{
  AcColumnRoom room = ac_column_room_find (layout, widget, width, below);

  return room > AC_COLUMN_ROOM_LITTLE ? width - get_width (layout, widget, room, below) : width;
}
