/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "client/ac-mirror-files.h"
#include "client/ac-mirror.h"
#include "model/ac-time.h"

/* The mirror that was open before, in this program, may still be ending (milliseconds). */
#define PATIENCE 3000
#define PAUSE 20
/* Of a service or an account that nobody opened for so long, the mirror goes. */
#define UNUSED (90 * G_TIME_SPAN_DAY)

static void
set_folder_error (const char *folder, int code, GError **error)
{
  g_set_error (error, AC_MIRROR_ERROR, AC_MIRROR_ERROR_FAILED,
               _ ("The folder %s cannot be written, so no copy of the actions is kept on this "
                  "computer: %s"),
               folder, g_strerror (code));
}

gboolean
ac_mirror_files_make_folder (const char *folder, GError **error)
{
  if (g_mkdir_with_parents (folder, 0700) == 0 && chmod (folder, 0700) == 0)
    return TRUE;
  set_folder_error (folder, errno, error);
  return FALSE;
}

static char *
lock_path (const char *path)
{
  return g_strconcat (path, ".lock", NULL);
}

/* Who removes a mirror that is not used removes its lock as well; to hold that is to hold nothing. */
static gboolean
is_the_file (int lock, const char *path)
{
  struct stat own, there;

  return fstat (lock, &own) == 0 && stat (path, &there) == 0 && own.st_dev == there.st_dev &&
         own.st_ino == there.st_ino;
}

/* Returns -1 with errno EWOULDBLOCK while another holds it. */
static int
try_lock (const char *path, int flags)
{
  int lock = open (path, O_RDWR | O_CLOEXEC | flags, 0600);

  if (lock < 0)
    return -1;
  if (flock (lock, LOCK_EX | LOCK_NB) == 0)
    {
      if (is_the_file (lock, path))
        return lock;
      errno = EWOULDBLOCK;
    }
  {
    int code = errno;

    close (lock);
    errno = code;
  }
  return -1;
}

/**
 * ac_mirror_files_lock:
 * @path: of a mirror
 *
 * Takes the mirror for as long as the descriptor is open, and notes that it is used.
 *
 * Returns: a descriptor, or -1.
 */
int
ac_mirror_files_lock (const char *path, GError **error)
{
  g_autofree char *name = lock_path (path);
  gint64 end = g_get_monotonic_time () + PATIENCE * G_TIME_SPAN_MILLISECOND;
  int lock;

  while ((lock = try_lock (name, O_CREAT)) < 0)
    {
      if (errno != EWOULDBLOCK)
        {
          g_autofree char *folder = NULL;
          int code = errno;

          folder = g_path_get_dirname (path);
          set_folder_error (folder, code, error);
          return -1;
        }
      if (g_get_monotonic_time () > end)
        {
          g_set_error_literal (error, AC_MIRROR_ERROR, AC_MIRROR_ERROR_BUSY,
                               _ ("Another Action Center holds the copy of the actions on this "
                                  "computer."));
          return -1;
        }
      g_usleep (PAUSE * 1000);
    }
  futimens (lock, NULL);
  return lock;
}

/**
 * ac_mirror_files_remove:
 * @path: of a mirror that the caller holds
 */
void
ac_mirror_files_remove (const char *path)
{
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  g_autofree char *shm = g_strconcat (path, "-shm", NULL);

  g_unlink (path);
  g_unlink (wal);
  g_unlink (shm);
}

static gboolean
is_unused (const char *path, const char *lock, gint64 now)
{
  struct stat info;

  /* The lock is touched by each who opens the mirror; one that is gone says nothing. */
  return (stat (lock, &info) == 0 || stat (path, &info) == 0) &&
         now - (gint64)info.st_mtime * G_USEC_PER_SEC > UNUSED;
}

static gboolean
remove_if_unused (const char *path, gint64 now)
{
  g_autofree char *name = lock_path (path);
  int lock;

  if (!is_unused (path, name, now))
    return FALSE;
  /* A window may have been open for all that time. */
  lock = try_lock (name, O_CREAT);
  if (lock < 0)
    return FALSE;
  ac_mirror_files_remove (path);
  g_unlink (name);
  close (lock);
  return TRUE;
}

/**
 * ac_mirror_files_remove_unused:
 * @folder: of the mirrors
 * @own_path: the mirror that stays in any case
 *
 * Removes the mirrors of services and accounts that nobody opened for 90 days; what else lies in the
 * folder stays.
 *
 * Returns: how many there were.
 */
guint
ac_mirror_files_remove_unused (const char *folder, const char *own_path)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  gint64 now = ac_time_now ();
  const char *name;
  guint n = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_str_has_prefix (name, "mirror-") && g_str_has_suffix (name, ".sqlite") &&
          !g_str_equal (path, own_path))
        n += remove_if_unused (path, now);
    }
  return n;
}
