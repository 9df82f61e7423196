/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "responders/ac-block-list-file.h"

/* Ten million entries; more is not a list but a mistake. */
#define MAX_FILE (G_GINT64_CONSTANT (1) << 30)

static gboolean
set_error (GError **error, int number, const char *what, const char *path)
{
  AcBlockListError code = AC_BLOCK_LIST_ERROR_DISK;
  const char *advice = "It is tried again.";

  if (number == EACCES || number == EPERM || number == EROFS || number == ENOENT ||
      number == ENOTDIR || number == EISDIR || number == ELOOP || number == ENAMETOOLONG)
    {
      code = AC_BLOCK_LIST_ERROR_ACCESS;
      advice = "Let the service write in that folder, then try again.";
    }
  else if (number == ENOSPC || number == EDQUOT || number == EFBIG)
    advice = "Make room on its disk; it is tried again.";
  g_set_error (error, AC_BLOCK_LIST_ERROR, code, "The block list “%s” cannot be %s: %s. %s", path,
               what, g_strerror (number), advice);
  return FALSE;
}

static char *
read_whole (int fd, gsize size, gsize *length)
{
  g_autoptr (GString) text = g_string_sized_new (size + 1);
  char buffer[65536];
  gssize n;

  while ((n = read (fd, buffer, sizeof buffer)) > 0 || (n < 0 && errno == EINTR))
    g_string_append_len (text, buffer, MAX (n, 0));
  if (n < 0)
    return NULL;
  *length = text->len;
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * ac_block_list_load:
 * @status: (out) (optional): of the file that was read
 *
 * Returns: (transfer full): the list, or %NULL with an AC_BLOCK_LIST_ERROR; MISSING when there is
 * no such file.
 */
AcBlockList *
ac_block_list_load (const char *path, struct stat *status, GError **error)
{
  g_autofree char *text = NULL;
  struct stat found;
  gsize length = 0;
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

  if (fd < 0 && errno == ENOENT)
    {
      g_set_error (error, AC_BLOCK_LIST_ERROR, AC_BLOCK_LIST_ERROR_MISSING,
                   "There is no block list “%s”.", path);
      return NULL;
    }
  if (fd < 0 || fstat (fd, &found) != 0)
    {
      set_error (error, errno, "read", path);
      if (fd >= 0)
        close (fd);
      return NULL;
    }
  if (!S_ISREG (found.st_mode) || found.st_size > MAX_FILE)
    {
      close (fd);
      g_set_error (error, AC_BLOCK_LIST_ERROR, AC_BLOCK_LIST_ERROR_UNREADABLE,
                   "The block list “%s” cannot be read: it is no file, or far too large.", path);
      return NULL;
    }
  text = read_whole (fd, (gsize)found.st_size, &length);
  if (text == NULL)
    set_error (error, errno, "read", path);
  close (fd);
  if (status != NULL)
    *status = found;
  return text != NULL ? ac_block_list_new_from_text (text, length, error) : NULL;
}

static gboolean
write_whole (int fd, const char *text, gsize length)
{
  while (length > 0)
    {
      gssize n = write (fd, text, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return FALSE;
      text += n;
      length -= (gsize)n;
    }
  /* Whatever the umask says, the proxies must be able to read it. */
  return fchmod (fd, 0644) == 0 && fsync (fd) == 0;
}

/* The new name is in the folder for good only once the folder itself is on disk. */
static gboolean
sync_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean synced = fd >= 0 && fsync (fd) == 0;
  int number = errno;

  if (fd >= 0)
    close (fd);
  errno = number;
  return synced;
}

/**
 * ac_block_list_save:
 *
 * Puts @list in the place of the one that is there. To be called with the lock held.
 *
 * Returns: %TRUE when it is on disk; otherwise the old list stands, or when even that is not sure,
 * the next one who reads it sees which.
 */
gboolean
ac_block_list_save (AcBlockList *list, const char *path, GError **error)
{
  g_autofree char *new_path = g_strconcat (path, ".new", NULL);
  gsize length;
  g_autofree char *text = ac_block_list_to_text (list, &length);
  int fd = open (new_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
  gboolean written;
  int number;

  if (fd < 0)
    return set_error (error, errno, "written", path);
  written = write_whole (fd, text, length);
  number = errno;
  close (fd);
  if (written && (g_rename (new_path, path) != 0 || !sync_folder (path)))
    {
      written = FALSE;
      number = errno;
    }
  if (written)
    return TRUE;
  g_unlink (new_path);
  return set_error (error, number, "written", path);
}

/**
 * ac_block_list_lock:
 * @suffix: what the lock's file has after the name of the list
 *
 * Waits until nobody else, in this or another process, holds the same lock.
 *
 * Returns: a file descriptor that gives the lock back when it is closed, or -1 with an
 * AC_BLOCK_LIST_ERROR.
 */
int
ac_block_list_lock (const char *path, const char *suffix, GError **error)
{
  g_autofree char *lock_path = g_strconcat (path, suffix, NULL);
  int fd = open (lock_path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  int result = -1;

  if (fd < 0)
    {
      set_error (error, errno, "written", path);
      return -1;
    }
  do
    result = flock (fd, LOCK_EX);
  while (result != 0 && errno == EINTR);
  if (result == 0)
    return fd;
  set_error (error, errno, "locked", path);
  close (fd);
  return -1;
}
