/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "client/ac-new-file.h"

/* After so many of one name nobody wants another. */
#define MOST_NUMBERS 10000

/* Opens a file that was not there before; @path is its own. Returns -1 with errno. */
static int
open_new (const char *folder, const char *stem, const char *extension, char **path)
{
  for (guint number = 0; number < MOST_NUMBERS; number++)
    {
      g_autofree char *name = number == 0 ? g_strdup_printf ("%s.%s", stem, extension)
                                          : g_strdup_printf ("%s (%u).%s", stem, number, extension);
      g_autofree char *own = g_build_filename (folder, name, NULL);
      int file = open (own, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

      if (file >= 0)
        {
          *path = g_steal_pointer (&own);
          return file;
        }
      if (errno != EEXIST)
        return -1;
    }
  errno = EEXIST;
  return -1;
}

static gboolean
write_all (int file, const char *text, gsize length)
{
  while (length > 0)
    {
      gssize written = write (file, text, length);

      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        return FALSE;
      text += written;
      length -= (gsize)written;
    }
  return fsync (file) == 0;
}

/**
 * ac_new_file_write:
 * @folder: where it is to lie; made when it is not there
 * @stem: its name; what a file name cannot hold is replaced
 * @extension: without the dot
 * @text: (array length=length): what it is to hold
 *
 * Writes a file that was not there before, readable by its owner alone: when the name is taken, a
 * number goes behind it. A file that could not be written to its end is taken away again. Blocks.
 *
 * Returns: (transfer full): its path, or %NULL with a G_FILE_ERROR that says what to do.
 */
char *
ac_new_file_write (const char *folder,
                   const char *stem,
                   const char *extension,
                   const char *text,
                   gsize length,
                   GError **error)
{
  g_autofree char *safe = g_strdelimit (g_strdup (stem), "/\\:\n\r\t", '_');
  g_autofree char *path = NULL;
  int code = 0;
  int file;

  g_return_val_if_fail (folder != NULL && stem != NULL && extension != NULL, NULL);

  file = g_mkdir_with_parents (folder, 0700) == 0 ? open_new (folder, safe, extension, &path) : -1;
  if (file < 0 || !write_all (file, text, length))
    code = errno;
  if (file >= 0 && close (file) != 0 && code == 0)
    code = errno;
  if (code == 0)
    return g_steal_pointer (&path);
  if (path != NULL)
    g_unlink (path);
  g_set_error (error, G_FILE_ERROR, (int)g_file_error_from_errno (code),
               _ ("Nothing was saved in “%s”: %s. Make room there or change its permissions, and "
                  "try again."),
               folder, g_strerror (code));
  return NULL;
}

typedef struct
{
  char *folder;
  char *stem;
  char *extension;
  GBytes *text;
} Writing;

static void
writing_free (gpointer data)
{
  Writing *writing = data;

  g_free (writing->folder);
  g_free (writing->stem);
  g_free (writing->extension);
  g_bytes_unref (writing->text);
  g_free (writing);
}

static void
write_thread (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  Writing *writing = task_data;
  g_autoptr (GError) error = NULL;
  gsize length;
  const char *text = g_bytes_get_data (writing->text, &length);
  char *path =
      ac_new_file_write (writing->folder, writing->stem, writing->extension, text, length, &error);

  if (path != NULL)
    g_task_return_pointer (task, path, g_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * ac_new_file_write_async:
 *
 * As ac_new_file_write(), in another thread.
 */
void
ac_new_file_write_async (const char *folder,
                         const char *stem,
                         const char *extension,
                         GBytes *text,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Writing *writing = g_new0 (Writing, 1);

  writing->folder = g_strdup (folder);
  writing->stem = g_strdup (stem);
  writing->extension = g_strdup (extension);
  writing->text = g_bytes_ref (text);
  g_task_set_task_data (task, writing, writing_free);
  g_task_run_in_thread (task, write_thread);
}

/**
 * ac_new_file_write_finish:
 *
 * Returns: (transfer full): the path, or %NULL with an error as of ac_new_file_write().
 */
char *
ac_new_file_write_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
