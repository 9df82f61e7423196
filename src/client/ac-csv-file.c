/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "client/ac-csv-file.h"

/* How many files of one name are looked past before giving up. */
#define MAX_NUMBER 9999

/* A spreadsheet takes what begins so for a formula, and mail is full of what others have written;
 * an apostrophe in front makes text of it. */
static gboolean
is_formula (const char *cell)
{
  return *cell != '\0' && strchr ("=+-@\t\r", *cell) != NULL;
}

/**
 * ac_csv_append_row:
 * @cells: NULL stands for an empty one
 *
 * Appends one line (RFC 4180 §2): quoted where it must be, ended by CR LF.
 */
void
ac_csv_append_row (GString *text, const char *const *cells, gsize n_cells)
{
  for (gsize i = 0; i < n_cells; i++)
    {
      const char *cell = cells[i] != NULL ? cells[i] : "";
      gboolean formula = is_formula (cell);

      if (i > 0)
        g_string_append_c (text, ',');
      if (!formula && strpbrk (cell, ",\"\r\n") == NULL)
        {
          g_string_append (text, cell);
          continue;
        }
      g_string_append (text, formula ? "\"'" : "\"");
      for (const char *c = cell; *c != '\0'; c++)
        {
          if (*c == '"')
            g_string_append_c (text, '"');
          g_string_append_c (text, *c);
        }
      g_string_append_c (text, '"');
    }
  g_string_append (text, "\r\n");
}

static gboolean
write_all (int fd, const char *data, gsize length)
{
  while (length > 0)
    {
      gssize written = write (fd, data, length);

      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        return FALSE;
      data += written;
      length -= (gsize)written;
    }
  return fsync (fd) == 0;
}

/**
 * ac_csv_file_write:
 * @folder: made where there is none
 * @name: without “.csv”
 *
 * Writes @text to NAME.csv, or to “NAME (1).csv” and so on where there is one already.
 *
 * Returns: (transfer full): the path of the file, or %NULL with a G_FILE_ERROR.
 */
char *
ac_csv_file_write (const char *folder, const char *name, const GString *text, GError **error)
{
  g_autofree char *path = NULL;
  int code;
  int fd = -1;

  if (g_mkdir_with_parents (folder, 0755) != 0)
    {
      code = errno;
      g_set_error (error, G_FILE_ERROR, (int)g_file_error_from_errno (code),
                   _ ("The folder “%s” could not be made: %s"), folder, g_strerror (code));
      return NULL;
    }
  for (guint n = 0; n <= MAX_NUMBER && fd < 0; n++)
    {
      g_autofree char *file_name =
          n == 0 ? g_strdup_printf ("%s.csv", name) : g_strdup_printf ("%s (%u).csv", name, n);

      g_free (path);
      path = g_build_filename (folder, file_name, NULL);
      fd = g_open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
      if (fd < 0 && errno != EEXIST)
        break;
    }
  code = errno;
  if (fd >= 0)
    {
      gboolean written = write_all (fd, text->str, text->len);

      code = errno;
      if (close (fd) == 0 && written)
        return g_steal_pointer (&path);
      if (written)
        code = errno;
      g_unlink (path); /* half a file would be taken for a whole one */
    }
  g_set_error (error, G_FILE_ERROR, (int)g_file_error_from_errno (code),
               _ ("“%s” could not be written: %s"), path, g_strerror (code));
  return NULL;
}
