/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes to the terminal. Subjects and names come from attackers, so nothing reaches a terminal
 * that it would obey, or that would show a name other than it is. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>

#include "actionctl/ac-ctl.h"
#include "model/ac-time.h"

/* A cell that is longer makes a table nobody can read. */
#define LONGEST_CELL 60
#define GAP 2

struct _AcCtlTable
{
  guint n_columns;
  GPtrArray *cells; /* of char *, row by row, the titles first */
};

/* Escape sequences begin with a control character (ECMA-48); the directional formatting characters
 * of UAX #9 reorder what is read. */
static gboolean
is_dangerous (gunichar c)
{
  return g_unichar_iscntrl (c) || g_unichar_type (c) == G_UNICODE_FORMAT ||
         g_unichar_type (c) == G_UNICODE_LINE_SEPARATOR ||
         g_unichar_type (c) == G_UNICODE_PARAGRAPH_SEPARATOR;
}

/**
 * ac_ctl_safe_text:
 * @text: (nullable): text from outside
 *
 * Returns: (transfer full): the same on one line, with U+FFFD for what a terminal would obey.
 */
char *
ac_ctl_safe_text (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);
  GString *safe = g_string_new (NULL);

  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (c == '\n' || c == '\t')
        c = ' ';
      g_string_append_unichar (safe, is_dangerous (c) ? 0xfffd : c);
    }
  return g_string_free (safe, FALSE);
}

/**
 * ac_ctl_time_text:
 *
 * Returns: (transfer full): the time in the local zone with its offset, or "" for none.
 */
char *
ac_ctl_time_text (gint64 time)
{
  g_autoptr (GDateTime) utc = NULL;
  g_autoptr (GDateTime) local = NULL;

  if (time == AC_TIME_NONE)
    return g_strdup ("");
  utc = g_date_time_new_from_unix_utc (time / G_TIME_SPAN_SECOND);
  local = utc != NULL ? g_date_time_to_local (utc) : NULL;
  return local != NULL ? g_date_time_format (local, "%Y-%m-%d %H:%M:%S%:z") : g_strdup ("");
}

/**
 * ac_ctl_print_json:
 *
 * Prints the object on one line.
 */
void
ac_ctl_print_json (JsonObject *object)
{
  g_autoptr (GBytes) bytes = ac_json_object_to_bytes (object);

  fwrite (g_bytes_get_data (bytes, NULL), 1, g_bytes_get_size (bytes), stdout);
  putchar ('\n');
  fflush (stdout);
}

/**
 * ac_ctl_complain:
 * @format: a sentence for a person
 */
void
ac_ctl_complain (const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_printerr ("actionctl: %s\n", text);
}

static guint
cell_width (const char *cell)
{
  guint width = 0;

  for (; *cell != '\0'; cell = g_utf8_next_char (cell))
    {
      gunichar c = g_utf8_get_char (cell);

      width += g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;
    }
  return width;
}

/* At most LONGEST_CELL columns wide. */
static char *
shorten (char *cell)
{
  guint width = 0;

  if (cell_width (cell) <= LONGEST_CELL)
    return cell;
  for (char *at = cell; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      width += g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;
      if (width > LONGEST_CELL - 1)
        {
          char *shorter;

          *at = '\0';
          shorter = g_strconcat (cell, "…", NULL);
          g_free (cell);
          return shorter;
        }
    }
  return cell;
}

/**
 * ac_ctl_table_new:
 * @titles: of the columns
 *
 * Returns: (transfer full): a table without rows.
 */
AcCtlTable *
ac_ctl_table_new (const char *const *titles)
{
  AcCtlTable *table = g_new0 (AcCtlTable, 1);

  table->n_columns = g_strv_length ((GStrv)titles);
  table->cells = g_ptr_array_new_with_free_func (g_free);
  ac_ctl_table_add (table, titles);
  return table;
}

/**
 * ac_ctl_table_add:
 * @cells: one for each column; each is made safe and shortened
 */
void
ac_ctl_table_add (AcCtlTable *table, const char *const *cells)
{
  for (guint i = 0; i < table->n_columns; i++)
    g_ptr_array_add (table->cells, shorten (ac_ctl_safe_text (cells[i])));
}

/**
 * ac_ctl_table_print:
 *
 * Prints it with its columns under each other.
 */
void
ac_ctl_table_print (AcCtlTable *table)
{
  g_autofree guint *widths = g_new0 (guint, table->n_columns);

  for (guint i = 0; i < table->cells->len; i++)
    {
      guint *width = &widths[i % table->n_columns];

      *width = MAX (*width, cell_width (table->cells->pdata[i]));
    }
  for (guint i = 0; i < table->cells->len; i++)
    {
      guint column = i % table->n_columns;
      const char *cell = table->cells->pdata[i];
      gboolean is_last = column + 1 == table->n_columns;

      printf ("%s%*s%s", cell, is_last ? 0 : (int)(widths[column] - cell_width (cell) + GAP), "",
              is_last ? "\n" : "");
    }
  fflush (stdout);
}

void
ac_ctl_table_free (AcCtlTable *table)
{
  if (table == NULL)
    return;
  g_ptr_array_unref (table->cells);
  g_free (table);
}
