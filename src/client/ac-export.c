/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <gio/gunixoutputstream.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "client/ac-export.h"

/* So many rows are read and written at a time. */
#define CHUNK 500
#define MOST_NAMES 10000

struct _AcExport
{
  GObject parent_instance;

  AcActionSource *source;
  AcExportFormat format;
  char *folder;
  char *name; /* without extension */
  guint most_rows;
  AcExportProgress progress; /* nullable */
  gpointer progress_data;

  GArray *keys; /* of what is exported; nullable until it is known */
  guint next;   /* the first key that is not written */
  guint64 n_written;
  GPtrArray *paths; /* of the files that are whole */

  char *temporary; /* of the file that is being written; nullable */
  GOutputStream *stream;
  guint n_in_file;
  GString *text; /* what is being written */
};

G_DEFINE_FINAL_TYPE (AcExport, ac_export, G_TYPE_OBJECT)

static void next_chunk (GTask *task);

/* What is not whole is not left behind. */
static void
drop_file (AcExport *self)
{
  if (self->stream != NULL)
    g_output_stream_close (self->stream, NULL, NULL);
  g_clear_object (&self->stream);
  if (self->temporary != NULL)
    g_unlink (self->temporary);
  g_clear_pointer (&self->temporary, g_free);
}

static void
ac_export_finalize (GObject *object)
{
  AcExport *self = AC_EXPORT (object);

  drop_file (self);
  g_clear_object (&self->source);
  g_free (self->folder);
  g_free (self->name);
  g_clear_pointer (&self->keys, g_array_unref);
  g_ptr_array_unref (self->paths);
  g_string_free (self->text, TRUE);
  G_OBJECT_CLASS (ac_export_parent_class)->finalize (object);
}

static void
ac_export_class_init (AcExportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ac_export_finalize;
}

static void
ac_export_init (AcExport *self)
{
  self->most_rows = AC_EXPORT_MOST_ROWS;
  self->paths = g_ptr_array_new_with_free_func (g_free);
  self->text = g_string_new (NULL);
}

/**
 * ac_export_new:
 * @folder: where the files go; it exists
 * @name: of the first file, without extension; what cannot stand in a name is replaced
 *
 * Returns: (transfer full): an export, to be run once.
 */
AcExport *
ac_export_new (AcActionSource *source, AcExportFormat format, const char *folder, const char *name)
{
  AcExport *self;

  g_return_val_if_fail (AC_IS_ACTION_SOURCE (source), NULL);
  g_return_val_if_fail (folder != NULL && name != NULL, NULL);

  self = g_object_new (AC_TYPE_EXPORT, NULL);
  self->source = g_object_ref (source);
  self->format = format;
  self->folder = g_strdup (folder);
  self->name = g_strdelimit (g_strdup (*name != '\0' ? name : "actions"), "/", '-');
  return self;
}

/**
 * ac_export_set_progress:
 * @progress: (nullable): told how many actions are written
 */
void
ac_export_set_progress (AcExport *self, AcExportProgress progress, gpointer user_data)
{
  g_return_if_fail (AC_IS_EXPORT (self));

  self->progress = progress;
  self->progress_data = user_data;
}

/**
 * ac_export_set_most_rows:
 * @most_rows: of a file, instead of AC_EXPORT_MOST_ROWS
 */
void
ac_export_set_most_rows (AcExport *self, guint most_rows)
{
  g_return_if_fail (AC_IS_EXPORT (self));
  g_return_if_fail (most_rows > 0);

  self->most_rows = most_rows;
}

/* --- files --- */

static void
set_file_error (GError **error, const char *path, int code)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), _ ("“%s” cannot be written: %s."),
               path, g_strerror (code));
}

static gboolean
open_file (AcExport *self, GError **error)
{
  char *path = g_build_filename (self->folder, ".action-center-export-XXXXXX", NULL);
  int fd = g_mkstemp_full (path, O_RDWR | O_CLOEXEC, 0600);

  if (fd < 0)
    {
      set_file_error (error, self->folder, errno);
      g_free (path);
      return FALSE;
    }
  self->temporary = path;
  self->stream = g_unix_output_stream_new (fd, TRUE);
  self->n_in_file = 0;
  ac_export_format_begin (self->format, self->text);
  return TRUE;
}

static char *
path_of (AcExport *self, guint part, guint number)
{
  g_autofree char *of_part =
      /* Translators: the name of a file, and which of several it is */
      part > 0 ? g_strdup_printf (_ ("%s part %u"), self->name, part + 1) : g_strdup (self->name);
  g_autofree char *numbered =
      number > 0 ? g_strdup_printf ("%s (%u)", of_part, number) : g_strdup (of_part);
  g_autofree char *file = g_strconcat (numbered, ac_export_format_extension (self->format), NULL);

  return g_build_filename (self->folder, file, NULL);
}

/* Gives the file its name, unless there is one with it. Not every file system can do both at once;
 * where it cannot, the name is first taken by an empty file, which nobody else can have. */
static int
give_name (const char *from, const char *to)
{
  int fd;

  if (renameat2 (AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
    return 0;
  if (errno != EINVAL && errno != ENOSYS)
    return errno;
  fd = g_open (to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0)
    return errno;
  g_close (fd, NULL);
  return g_rename (from, to) == 0 ? 0 : errno;
}

/* In a thread: what is written goes to the disk. */
static void
close_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  AcExport *self = AC_EXPORT (source);
  GError *error = NULL;
  int code = 0;

  if (fsync (g_unix_output_stream_get_fd (G_UNIX_OUTPUT_STREAM (self->stream))) != 0)
    code = errno;
  if (code == 0 && !g_output_stream_close (self->stream, NULL, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  for (guint number = 0; code == 0 && number < MOST_NAMES; number++)
    {
      char *path = path_of (self, self->paths->len, number);
      int taken = give_name (self->temporary, path);

      if (taken == 0)
        {
          g_task_return_pointer (task, path, g_free);
          return;
        }
      g_free (path);
      if (taken != EEXIST)
        code = taken;
    }
  set_file_error (&error, self->folder, code != 0 ? code : EEXIST);
  g_task_return_error (task, error);
}

static void
closed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  AcExport *self = AC_EXPORT (object);
  GError *error = NULL;
  char *path = g_task_propagate_pointer (G_TASK (result), &error);

  if (path == NULL)
    {
      drop_file (self);
      g_task_return_error (task, error);
      return;
    }
  g_clear_object (&self->stream);
  g_clear_pointer (&self->temporary, g_free);
  g_ptr_array_add (self->paths, path);
  next_chunk (task);
}

static void
close_file (GTask *task)
{
  GTask *closing =
      g_task_new (g_task_get_source_object (task), NULL, closed_cb, g_object_ref (task));

  g_task_run_in_thread (closing, close_in_thread);
  g_object_unref (closing);
}

/* --- rows --- */

static void
fail (GTask *task, GError *error)
{
  drop_file (g_task_get_source_object (task));
  g_task_return_error (task, error);
}

static void
written_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  AcExport *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (object), result, NULL, &error))
    {
      fail (task, error);
      return;
    }
  g_string_truncate (self->text, 0);
  if (self->progress != NULL)
    self->progress (self->next, self->keys->len, self->progress_data);
  next_chunk (task);
}

static void
write_text (GTask *task)
{
  AcExport *self = g_task_get_source_object (task);

  g_output_stream_write_all_async (self->stream, self->text->str, self->text->len,
                                   G_PRIORITY_DEFAULT, g_task_get_cancellable (task), written_cb,
                                   g_object_ref (task));
}

static void
rows_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  AcExport *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) rows =
      ac_action_source_load_rows_finish (AC_ACTION_SOURCE (object), result, &error);

  if (rows == NULL)
    {
      fail (task, error);
      return;
    }
  self->next += rows->len;
  self->n_in_file += rows->len;
  /* What has left the service meanwhile is not there. */
  for (guint i = 0; i < rows->len; i++)
    if (rows->pdata[i] != NULL)
      {
        ac_export_format_append (self->format, rows->pdata[i], self->text);
        self->n_written++;
      }
  write_text (task);
}

static void
next_chunk (GTask *task)
{
  AcExport *self = g_task_get_source_object (task);
  gboolean at_end = self->next >= self->keys->len;
  GError *error = NULL;
  guint n;

  if (g_cancellable_set_error_if_cancelled (g_task_get_cancellable (task), &error))
    {
      fail (task, error);
      return;
    }
  if (self->stream != NULL && (at_end || self->n_in_file >= self->most_rows))
    {
      close_file (task);
      return;
    }
  /* Nothing found is a file, too: it says so. */
  if (at_end && self->paths->len > 0)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  if (self->stream == NULL && !open_file (self, &error))
    {
      fail (task, error);
      return;
    }
  if (at_end)
    {
      write_text (task);
      return;
    }
  n = MIN (MIN (CHUNK, self->most_rows - self->n_in_file), self->keys->len - self->next);
  ac_action_source_load_rows_async (self->source, &g_array_index (self->keys, guint64, self->next),
                                    n, g_task_get_cancellable (task), rows_cb, g_object_ref (task));
}

static void
keys_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  AcExport *self = g_task_get_source_object (task);
  GError *error = NULL;

  self->keys = ac_action_source_load_keys_finish (AC_ACTION_SOURCE (object), result, &error);
  if (self->keys == NULL)
    g_task_return_error (task, error);
  else
    next_chunk (task);
}

/**
 * ac_export_run_async:
 * @query: (nullable): all that it finds, in its order
 * @keys: (nullable) (element-type guint64): instead of @query, these actions of the source
 */
void
ac_export_run_async (AcExport *self,
                     AcActionQuery *query,
                     GArray *keys,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (AC_IS_EXPORT (self));
  g_return_if_fail ((query != NULL) != (keys != NULL));
  g_return_if_fail (self->keys == NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  /* A file that has its name is there, cancelled or not. */
  g_task_set_check_cancellable (task, FALSE);
  if (keys != NULL)
    {
      self->keys = g_array_ref (keys);
      next_chunk (task);
    }
  else
    ac_action_source_load_keys_async (self->source, query, NULL, NULL, cancellable, keys_cb,
                                      g_object_ref (task));
}

/**
 * ac_export_run_finish:
 * @n: (out) (optional): how many actions were written
 *
 * Returns: (transfer full): the paths of the files, or %NULL with an error; then those that were
 * whole before are there all the same.
 */
GStrv
ac_export_run_finish (AcExport *self, GAsyncResult *result, guint64 *n, GError **error)
{
  GStrv paths;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;
  if (n != NULL)
    *n = self->n_written;
  paths = g_new0 (char *, self->paths->len + 1);
  for (guint i = 0; i < self->paths->len; i++)
    paths[i] = g_strdup (self->paths->pdata[i]);
  return paths;
}
