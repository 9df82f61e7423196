/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "window/ac-action-cells.h"
#include "window/ac-column-layout.h"

/**
 * ac_column_layout_new:
 *
 * Returns: (transfer full): the columns of @tab as they are where nobody has chosen.
 */
AcColumnLayout *
ac_column_layout_new (AcTab tab)
{
  AcColumnLayout *layout = g_new0 (AcColumnLayout, 1);

  layout->tab = tab;
  for (guint i = 0; i < AC_N_CELLS; i++)
    layout->places[i] = (AcColumnPlace){
      .sort = ac_action_cells[i].sort,
      .shown = ac_action_cell_is_default (&ac_action_cells[i], tab),
      .width = -1,
    };
  return layout;
}

static gboolean
read_place (const char *text, AcColumnPlace *place)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", 3);
  const char *name;

  if (g_strv_length (parts) != 3)
    return FALSE;
  name = parts[0];
  for (guint i = 0; i < AC_N_SORTS; i++)
    if (strcmp (ac_sort_wire ((AcSort)i), name) == 0)
      {
        gint64 width = g_ascii_strtoll (parts[2], NULL, 10);

        place->sort = (AcSort)i;
        place->shown = strcmp (parts[1], "shown") == 0;
        place->width = width > 0 && width < 10000 ? (int)width : -1;
        return TRUE;
      }
  return FALSE;
}

/**
 * ac_column_layout_new_from_text:
 * @text: as ac_column_layout_to_text() gives it, from whatever version; empty: as it is where
 * nobody has chosen
 *
 * Returns: (transfer full): that layout. Columns that it does not name are there, at the end.
 */
AcColumnLayout *
ac_column_layout_new_from_text (AcTab tab, const char *text)
{
  g_autoptr (AcColumnLayout) usual = ac_column_layout_new (tab);
  g_auto (GStrv) parts = g_strsplit (text != NULL ? text : "", ";", -1);
  AcColumnLayout *layout = g_new0 (AcColumnLayout, 1);
  gboolean met[AC_N_SORTS] = { FALSE };
  guint n = 0;

  layout->tab = tab;
  for (guint i = 0; parts[i] != NULL; i++)
    {
      AcColumnPlace place;

      if (!read_place (parts[i], &place) || met[place.sort])
        continue;
      met[place.sort] = TRUE;
      layout->places[n++] = place;
    }
  for (guint i = 0; i < AC_N_SORTS; i++)
    if (!met[usual->places[i].sort])
      layout->places[n++] = usual->places[i];
  /* A list without columns shows nothing. */
  if (ac_column_layout_get_n_shown (layout) == 0)
    layout->places[ac_column_layout_find (layout, AC_SORT_DETAILS)].shown = TRUE;
  return layout;
}

AcColumnLayout *
ac_column_layout_copy (const AcColumnLayout *layout)
{
  return g_memdup2 (layout, sizeof *layout);
}

void
ac_column_layout_free (AcColumnLayout *layout)
{
  g_free (layout);
}

/**
 * ac_column_layout_to_text:
 *
 * Returns: (transfer full): the layout for settings: “name:shown:width;…”; empty when it is as it
 * is where nobody has chosen.
 */
char *
ac_column_layout_to_text (const AcColumnLayout *layout)
{
  g_autoptr (AcColumnLayout) usual = ac_column_layout_new (layout->tab);
  g_autoptr (GString) text = g_string_new (NULL);

  if (ac_column_layout_equal (layout, usual))
    return g_strdup ("");
  for (guint i = 0; i < AC_N_SORTS; i++)
    g_string_append_printf (text, "%s%s:%s:%d", i > 0 ? ";" : "",
                            ac_sort_wire (layout->places[i].sort),
                            layout->places[i].shown ? "shown" : "hidden", layout->places[i].width);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

gboolean
ac_column_layout_equal (const AcColumnLayout *a, const AcColumnLayout *b)
{
  if (a->tab != b->tab)
    return FALSE;
  for (guint i = 0; i < AC_N_SORTS; i++)
    if (a->places[i].sort != b->places[i].sort || a->places[i].shown != b->places[i].shown ||
        a->places[i].width != b->places[i].width)
      return FALSE;
  return TRUE;
}

/**
 * ac_column_layout_is_chosen:
 *
 * Returns: whether a person has said which columns are shown. Then they are, all of them; else
 * those for which there is room.
 */
gboolean
ac_column_layout_is_chosen (const AcColumnLayout *layout)
{
  for (guint i = 0; i < AC_N_SORTS; i++)
    if (layout->places[i].shown !=
        ac_action_cell_is_default (ac_action_cell_get (layout->places[i].sort), layout->tab))
      return TRUE;
  return FALSE;
}

/**
 * ac_column_layout_find:
 *
 * Returns: the place of the column.
 */
guint
ac_column_layout_find (const AcColumnLayout *layout, AcSort sort)
{
  for (guint i = 0; i < AC_N_SORTS; i++)
    if (layout->places[i].sort == sort)
      return i;
  g_assert_not_reached ();
}

guint
ac_column_layout_get_n_shown (const AcColumnLayout *layout)
{
  guint n = 0;

  for (guint i = 0; i < AC_N_SORTS; i++)
    n += layout->places[i].shown ? 1 : 0;
  return n;
}

/**
 * ac_column_layout_move:
 * @by: -1 or 1
 *
 * Returns: whether the column could be moved so far.
 */
gboolean
ac_column_layout_move (AcColumnLayout *layout, AcSort sort, int by)
{
  int from = (int)ac_column_layout_find (layout, sort);
  int to = from + by;
  AcColumnPlace place = layout->places[from];

  if (to < 0 || to >= AC_N_SORTS)
    return FALSE;
  layout->places[from] = layout->places[to];
  layout->places[to] = place;
  return TRUE;
}
