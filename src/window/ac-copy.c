/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "client/ac-export-format.h"
#include "model/ac-json.h"
#include "model/ac-time.h"
#include "window/ac-action-cells.h"
#include "window/ac-copy.h"
#include "window/ac-link.h"

static const char *const names[] = {
  [AC_COPY_TABLE] = "table",       [AC_COPY_CSV] = "csv", [AC_COPY_JSON] = "json",
  [AC_COPY_MARKDOWN] = "markdown", [AC_COPY_IDS] = "ids", [AC_COPY_LINKS] = "links",
};

/**
 * ac_copy_format_parse:
 * @name: “table”, “csv”, “json”, “markdown”, “ids” or “links”
 *
 * Returns: whether it is one of them.
 */
gboolean
ac_copy_format_parse (const char *name, AcCopyFormat *format)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_strcmp0 (name, names[i]) == 0)
      {
        *format = (AcCopyFormat)i;
        return TRUE;
      }
  return FALSE;
}

/* Times in full: what is pasted is read on another day. */
static char *
cell_text (AcSort sort, AcAction *action)
{
  switch (sort)
    {
    case AC_SORT_UPDATED_AT:
      return ac_time_format (ac_action_get_updated_at (action));
    case AC_SORT_CREATED_AT:
      return ac_time_format (ac_action_get_created_at (action));
    case AC_SORT_EXPIRES_AT:
      return ac_action_get_expires_at (action) != AC_TIME_NONE
                 ? ac_time_format (ac_action_get_expires_at (action))
                 : g_strdup ("");
    case AC_SORT_ASSET:
      return g_strjoinv ("; ", (GStrv)ac_action_get_assets (action));
    default:
      return ac_action_cell_get (sort)->text (action);
    }
}

/* A cell stays in its cell. */
static void
append_cell (GString *text, AcCopyFormat format, const char *value)
{
  for (; value != NULL && *value != '\0'; value++)
    if (strchr ("\t\r\n", *value) != NULL)
      g_string_append_c (text, ' ');
    else if (format == AC_COPY_MARKDOWN && strchr ("|\\`*_<>[]", *value) != NULL)
      g_string_append_printf (text, "\\%c", *value);
    else
      g_string_append_c (text, *value);
}

static void
append_line (GString *text, AcCopyFormat format, AcAction *action, const AcColumnLayout *layout)
{
  gboolean first = TRUE;

  if (format == AC_COPY_MARKDOWN)
    g_string_append (text, "| ");
  for (guint i = 0; i < AC_N_SORTS; i++)
    {
      g_autofree char *value = NULL;

      if (!layout->places[i].shown)
        continue;
      value = action != NULL ? cell_text (layout->places[i].sort, action)
                             : g_strdup (ac_action_cell_get_title (layout->places[i].sort));
      if (!first)
        g_string_append (text, format == AC_COPY_MARKDOWN ? " | " : "\t");
      append_cell (text, format, value);
      first = FALSE;
    }
  g_string_append (text, format == AC_COPY_MARKDOWN ? " |\n" : "\n");
}

static char *
copy_table (AcCopyFormat format, GPtrArray *rows, const AcColumnLayout *layout)
{
  GString *text = g_string_new (NULL);

  append_line (text, format, NULL, layout);
  if (format == AC_COPY_MARKDOWN)
    {
      for (guint i = 0; i < ac_column_layout_get_n_shown (layout); i++)
        g_string_append (text, "|---");
      g_string_append (text, "|\n");
    }
  for (guint i = 0; i < rows->len; i++)
    append_line (text, format, rows->pdata[i], layout);
  return g_string_free (text, FALSE);
}

static char *
copy_json (GPtrArray *rows)
{
  GString *text = g_string_new ("[");

  for (guint i = 0; i < rows->len; i++)
    {
      g_string_append (text, i > 0 ? ",\n" : "\n");
      ac_export_format_append (AC_EXPORT_JSON_LINES, rows->pdata[i], text);
      g_string_truncate (text, text->len - 1);
    }
  g_string_append (text, "\n]\n");
  return g_string_free (text, FALSE);
}

/**
 * ac_copy_rows:
 * @rows: (element-type AcAction): none of them %NULL
 * @layout: of the list
 *
 * Returns: (transfer full): the text for the clipboard.
 */
char *
ac_copy_rows (AcCopyFormat format, GPtrArray *rows, const AcColumnLayout *layout)
{
  g_autoptr (GString) text = g_string_new (NULL);

  switch (format)
    {
    case AC_COPY_JSON:
      return copy_json (rows);
    case AC_COPY_CSV:
      ac_export_format_begin (AC_EXPORT_CSV, text);
      for (guint i = 0; i < rows->len; i++)
        ac_export_format_append (AC_EXPORT_CSV, rows->pdata[i], text);
      break;
    case AC_COPY_IDS:
      for (guint i = 0; i < rows->len; i++)
        g_string_append_printf (text, "%s\n", ac_action_get_id (rows->pdata[i]));
      break;
    case AC_COPY_LINKS:
      for (guint i = 0; i < rows->len; i++)
        {
          g_autofree char *link = ac_link_format_action (ac_action_get_id (rows->pdata[i]));

          g_string_append_printf (text, "%s\n", link);
        }
      break;
    case AC_COPY_TABLE:
    case AC_COPY_MARKDOWN:
    default:
      return copy_table (format, rows, layout);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
