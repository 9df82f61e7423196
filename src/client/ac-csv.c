/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "client/ac-csv.h"

/**
 * ac_csv_append_field:
 * @value: (nullable): as it is; %NULL is empty
 * @first: whether it begins a line
 *
 * Appends a field (RFC 4180 §2), quoted where it must be. What a spreadsheet would take for a formula,
 * for it begins with =, +, -, @, a tab or a carriage return, gets an apostrophe in front: subjects
 * and names are a stranger's text.
 */
void
ac_csv_append_field (GString *text, const char *value, gboolean first)
{
  gboolean guarded = value != NULL && *value != '\0' && strchr ("=+-@\t\r", *value) != NULL;

  if (!first)
    g_string_append_c (text, ',');
  if (value == NULL || *value == '\0')
    return;
  if (!guarded && strpbrk (value, ",\"\r\n") == NULL)
    {
      g_string_append (text, value);
      return;
    }
  g_string_append (text, guarded ? "\"'" : "\"");
  for (; *value != '\0'; value++)
    {
      if (*value == '"')
        g_string_append_c (text, '"');
      g_string_append_c (text, *value);
    }
  g_string_append_c (text, '"');
}

/**
 * ac_csv_append_row:
 * @cells: NULL stands for an empty one
 *
 * Appends one line, ended by CR LF. See ac_csv_append_field().
 */
void
ac_csv_append_row (GString *text, const char *const *cells, gsize n_cells)
{
  for (gsize i = 0; i < n_cells; i++)
    ac_csv_append_field (text, cells[i], i == 0);
  g_string_append (text, "\r\n");
}
