/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "client/ac-mirror-files.h"
#include "client/ac-mirror-schema.h"
#include "client/ac-mirror.h"

/* What the threads share. Lives until the last of them has ended. */
typedef struct
{
  gatomicrefcount count;
  char *folder;
  char *path;
  int lock; /* held as long as the file may be in use; the writer's */

  GMutex mutex;
  guint epoch;       /* of the file: connections of an earlier one are of no use */
  gboolean broken;   /* to be made anew by the writer */
  char *reason;      /* nullable: why it was, or is to be, made anew */
  guint64 first_key; /* of the next file */
  GWeakRef mirror;   /* AcMirror */
  GMainContext *context;
} Shared;

/* A connection's file, looked at before each job. One for each thread. */
typedef struct
{
  Shared *shared;
  gboolean writer;
  guint epoch; /* of the connection */
  dev_t device;
  ino_t inode;
} Desk;

struct _AcMirror
{
  GObject parent_instance;

  Shared *shared;
  char *notice;
  AcMirrorWorker *writer;
  AcMirrorWorker *readers[AC_MIRROR_N_LANES];

  gpointer first; /* nullable: what was read as it was opened */
  GDestroyNotify free_first;
};

enum
{
  PROP_0,
  PROP_NOTICE,
  N_PROPERTIES
};

enum
{
  REBUILT,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

G_DEFINE_QUARK (ac - mirror - error - quark, ac_mirror_error)
G_DEFINE_FINAL_TYPE (AcMirror, ac_mirror, G_TYPE_OBJECT)

static void
shared_unref (Shared *shared)
{
  if (!g_atomic_ref_count_dec (&shared->count))
    return;
  if (shared->lock >= 0)
    close (shared->lock);
  g_weak_ref_clear (&shared->mirror);
  g_main_context_unref (shared->context);
  g_mutex_clear (&shared->mutex);
  g_free (shared->reason);
  g_free (shared->folder);
  g_free (shared->path);
  g_free (shared);
}

static void
desk_free (gpointer data)
{
  Desk *desk = data;

  shared_unref (desk->shared);
  g_free (desk);
}

/* May run in a thread of ours: the last reference can be that of a job. */
static void
ac_mirror_finalize (GObject *object)
{
  AcMirror *self = AC_MIRROR (object);

  ac_mirror_worker_free (self->writer);
  for (guint i = 0; i < AC_MIRROR_N_LANES; i++)
    ac_mirror_worker_free (self->readers[i]);
  if (self->shared != NULL)
    shared_unref (self->shared);
  if (self->first != NULL)
    self->free_first (self->first);
  g_free (self->notice);
  G_OBJECT_CLASS (ac_mirror_parent_class)->finalize (object);
}

static void
ac_mirror_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  AcMirror *self = AC_MIRROR (object);

  switch (id)
    {
    case PROP_NOTICE:
      g_value_set_string (value, self->notice);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ac_mirror_class_init (AcMirrorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = ac_mirror_finalize;
  object_class->get_property = ac_mirror_get_property;
  properties[PROP_NOTICE] =
      g_param_spec_string ("notice", NULL, NULL, NULL,
                           G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  signals[REBUILT] = g_signal_new ("rebuilt", AC_TYPE_MIRROR, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
ac_mirror_init (AcMirror *self)
{
}

/* --- in the threads --- */

typedef struct
{
  Shared *shared;
  gboolean rebuilt; /* else it is to be rebuilt */
} News;

static void
news_free (gpointer data)
{
  News *news = data;

  shared_unref (news->shared);
  g_free (news);
}

static gpointer
nothing (AcSql *sql, gpointer data, GCancellable *cancellable, GError **error)
{
  return NULL;
}

static gboolean
news_cb (gpointer data)
{
  News *news = data;
  g_autoptr (AcMirror) self = g_weak_ref_get (&news->shared->mirror);

  if (self == NULL)
    return G_SOURCE_REMOVE;
  if (!news->rebuilt)
    {
      /* Any job of the writer makes the file anew. */
      ac_mirror_write_async (self, nothing, NULL, NULL, NULL, NULL, NULL, NULL);
      return G_SOURCE_REMOVE;
    }
  g_free (self->notice);
  g_mutex_lock (&news->shared->mutex);
  self->notice = g_strdup (news->shared->reason);
  g_mutex_unlock (&news->shared->mutex);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NOTICE]);
  g_signal_emit (self, signals[REBUILT], 0);
  return G_SOURCE_REMOVE;
}

static void
tell (Shared *shared, gboolean rebuilt)
{
  News *news = g_new0 (News, 1);

  g_atomic_ref_count_inc (&shared->count);
  news->shared = shared;
  news->rebuilt = rebuilt;
  g_main_context_invoke_full (shared->context, G_PRIORITY_DEFAULT, news_cb, news, news_free);
}

/* Says that the file of @epoch is of no use. */
static void
declare_broken (Shared *shared, guint epoch, const char *reason)
{
  gboolean first;

  g_mutex_lock (&shared->mutex);
  first = epoch == shared->epoch && !shared->broken;
  if (first)
    {
      shared->broken = TRUE;
      g_free (shared->reason);
      shared->reason = g_strdup (reason);
    }
  g_mutex_unlock (&shared->mutex);
  if (first)
    tell (shared, FALSE);
}

static gboolean
note_identity (Desk *desk, GError **error)
{
  struct stat info;

  if (stat (desk->shared->path, &info) != 0)
    {
      ac_mirror_report (SQLITE_CANTOPEN, g_strerror (errno), error);
      return FALSE;
    }
  desk->device = info.st_dev;
  desk->inode = info.st_ino;
  return TRUE;
}

/* SQLite goes on in a file that was removed or replaced under it, and never says so. */
static gboolean
is_still_there (const Desk *desk)
{
  struct stat info;

  return stat (desk->shared->path, &info) == 0 && info.st_dev == desk->device &&
         info.st_ino == desk->inode;
}

/* Nor does it look at the file again for what it has in its memory. By its own descriptor, for to
 * close another would let go of its locks. */
static gboolean
is_still_a_database (AcSql *sql)
{
  static const char magic[] = "SQLite format 3";
  char head[sizeof magic] = { 0 };
  sqlite3_file *file = NULL;

  if (sqlite3_file_control (ac_sql_get_handle (sql), "main", SQLITE_FCNTL_FILE_POINTER, &file) !=
          SQLITE_OK ||
      file == NULL || file->pMethods == NULL)
    return TRUE;
  /* A new one is empty until its first checkpoint. */
  return file->pMethods->xRead (file, head, sizeof head, 0) != SQLITE_OK ||
         memcmp (head, magic, sizeof magic) == 0;
}

static AcSql *
open_for_writing (Desk *desk, gboolean *made, GError **error)
{
  Shared *shared = desk->shared;
  g_autoptr (AcSql) sql = ac_sql_open (shared->path, AC_SQL_CREATE_WIDE, ac_mirror_report, error);
  gint64 greatest;
  gint64 first;

  if (sql == NULL || !ac_mirror_schema_prepare (sql, shared->first_key, made, error) ||
      !ac_mirror_schema_tune (sql, TRUE, error) || !note_identity (desk, error) ||
      !ac_sql_get_integer (sql, &greatest, 0, error, "SELECT max (key) FROM actions", "") ||
      !ac_mirror_get_number (sql, AC_MIRROR_FIRST_KEY, 1, &first, error))
    return NULL;
  /* Should this file have to be made anew, its keys begin where no list has seen any. */
  shared->first_key = (guint64)MAX (greatest, first) + (G_GUINT64_CONSTANT (1) << 32);
  return g_steal_pointer (&sql);
}

static AcSql *
connect_writer (Desk *desk, GError **error)
{
  Shared *shared = desk->shared;
  g_autoptr (GError) local_error = NULL;
  gboolean first = shared->lock < 0;
  gboolean made;
  gboolean again;
  AcSql *sql;

  if (first)
    {
      if (!ac_mirror_files_make_folder (shared->folder, error))
        return NULL;
      shared->lock = ac_mirror_files_lock (shared->path, error);
      if (shared->lock < 0)
        return NULL;
      ac_mirror_files_remove_unused (shared->folder, shared->path);
    }
  g_mutex_lock (&shared->mutex);
  again = shared->broken;
  g_mutex_unlock (&shared->mutex);
  if (again)
    ac_mirror_files_remove (shared->path);
  sql = ac_mirror_files_make_folder (shared->folder, error)
            ? open_for_writing (desk, &made, &local_error)
            : NULL;
  if (sql == NULL && g_error_matches (local_error, AC_MIRROR_ERROR, AC_MIRROR_ERROR_DAMAGED) &&
      !again)
    {
      /* As it was found. */
      g_mutex_lock (&shared->mutex);
      g_free (shared->reason);
      shared->reason = g_strdup (local_error->message);
      g_mutex_unlock (&shared->mutex);
      g_clear_error (&local_error);
      ac_mirror_files_remove (shared->path);
      sql = open_for_writing (desk, &made, &local_error);
      again = TRUE;
    }
  if (sql == NULL)
    {
      if (local_error != NULL)
        g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  g_mutex_lock (&shared->mutex);
  if (shared->broken)
    shared->epoch++;
  shared->broken = FALSE;
  desk->epoch = shared->epoch;
  g_mutex_unlock (&shared->mutex);
  if (again)
    tell (shared, TRUE);
  return sql;
}

static AcSql *
connect_reader (Desk *desk, GError **error)
{
  g_autoptr (AcSql) sql =
      ac_sql_open (desk->shared->path, AC_SQL_READ_ONLY, ac_mirror_report, error);

  if (sql == NULL || !ac_mirror_schema_tune (sql, FALSE, error) || !note_identity (desk, error))
    return NULL;
  return g_steal_pointer (&sql);
}

static AcSql *
connect_cb (AcSql *sql, gpointer data, GError **error)
{
  Desk *desk = data;
  Shared *shared = desk->shared;
  gboolean broken;
  guint epoch;

  if (sql != NULL && !is_still_there (desk))
    declare_broken (
        shared, desk->epoch,
        _ ("The copy of the actions on this computer was removed while it was in use."));
  else if (sql != NULL && !is_still_a_database (sql))
    declare_broken (
        shared, desk->epoch,
        _ ("The copy of the actions on this computer was overwritten while it was in use."));
  g_mutex_lock (&shared->mutex);
  broken = shared->broken;
  epoch = shared->epoch;
  g_mutex_unlock (&shared->mutex);
  if (sql != NULL && !broken && desk->epoch == epoch)
    return sql;
  ac_sql_close (sql);
  if (desk->writer)
    return connect_writer (desk, error);
  if (broken)
    {
      g_set_error_literal (error, AC_MIRROR_ERROR, AC_MIRROR_ERROR_SUPERSEDED,
                           _ ("The copy of the actions on this computer is being made anew."));
      return NULL;
    }
  desk->epoch = epoch;
  return connect_reader (desk, error);
}

static void
failed_cb (const GError *error, gpointer data)
{
  Desk *desk = data;

  if (g_error_matches (error, AC_MIRROR_ERROR, AC_MIRROR_ERROR_DAMAGED))
    declare_broken (desk->shared, desk->epoch, error->message);
}

/* --- in the main context --- */

static AcMirrorWorker *
worker_new (Shared *shared, const char *name, gboolean writer)
{
  Desk *desk = g_new0 (Desk, 1);

  g_atomic_ref_count_inc (&shared->count);
  desk->shared = shared;
  desk->writer = writer;
  return ac_mirror_worker_new (name, connect_cb, failed_cb, desk, desk_free);
}

static Shared *
shared_new (const char *folder, const char *address, const char *account)
{
  Shared *shared = g_new0 (Shared, 1);
  g_autofree char *both = g_strconcat (address, "\n", account, NULL);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, both, -1);
  g_autofree char *name = g_strdup_printf ("mirror-%.32s.sqlite", hash);

  g_atomic_ref_count_init (&shared->count);
  shared->folder = g_strdup (folder);
  shared->path = g_build_filename (folder, name, NULL);
  shared->lock = -1;
  shared->first_key = 1;
  g_mutex_init (&shared->mutex);
  g_weak_ref_init (&shared->mirror, NULL);
  shared->context = g_main_context_ref_thread_default ();
  return shared;
}

/**
 * ac_mirror_default_folder:
 *
 * Returns: (transfer full): where mirrors are kept.
 */
char *
ac_mirror_default_folder (void)
{
  return g_build_filename (g_get_user_cache_dir (), "action-center", NULL);
}

/* The first question is answered by the thread that opens the file: another would have to wait for
 * that. */
typedef struct
{
  AcMirrorFunc func; /* nullable */
  gpointer data;
  GDestroyNotify free_data;
} Opening;

static void
opening_free (gpointer data)
{
  Opening *opening = data;

  if (opening->free_data != NULL)
    opening->free_data (opening->data);
  g_free (opening);
}

static gpointer
ask_first (AcSql *sql, gpointer data, GCancellable *cancellable, GError **error)
{
  const Opening *opening = data;

  /* Without an answer it is asked again in the usual way, and what is wrong is told there. */
  return opening->func != NULL ? opening->func (sql, opening->data, cancellable, NULL) : NULL;
}

static void
opened_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  AcMirror *self = AC_MIRROR (object);
  GError *error = NULL;

  self->first = ac_mirror_finish (self, result, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_object_ref (object), g_object_unref);
}

/**
 * ac_mirror_open_async:
 * @folder: made with mode 0700 where there is none
 * @address: of the service
 * @account: the name of the person there
 *
 * Opens the mirror of one service and account, or makes an empty one.
 */
void
ac_mirror_open_async (const char *folder,
                      const char *address,
                      const char *account,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  ac_mirror_open_asking_async (folder, address, account, NULL, NULL, NULL, NULL, cancellable,
                               callback, user_data);
}

/**
 * ac_mirror_open_asking_async:
 * @first: (nullable): run as soon as the file is open; ac_mirror_take_first() has what it returns
 * @data: (transfer full): for @first
 * @free_first: (nullable): frees what @first returns
 *
 * As ac_mirror_open_async(), and asks a first question of the mirror.
 */
void
ac_mirror_open_asking_async (const char *folder,
                             const char *address,
                             const char *account,
                             AcMirrorFunc first,
                             gpointer data,
                             GDestroyNotify free_data,
                             GDestroyNotify free_first,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  static const char *const names[] = { "mirror-keys", "mirror-rows", "mirror-sums" };
  g_autoptr (AcMirror) self = g_object_new (AC_TYPE_MIRROR, NULL);
  Opening *opening;
  GTask *task;

  g_return_if_fail (folder != NULL && address != NULL && account != NULL);

  opening = g_new0 (Opening, 1);
  opening->func = first;
  opening->data = data;
  opening->free_data = free_data;
  self->free_first = free_first;
  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_name (task, "ac_mirror_open");
  self->shared = shared_new (folder, address, account);
  g_weak_ref_set (&self->shared->mirror, self);
  self->writer = worker_new (self->shared, "mirror-writer", TRUE);
  for (guint i = 0; i < AC_MIRROR_N_LANES; i++)
    self->readers[i] = worker_new (self->shared, names[i], FALSE);
  ac_mirror_write_async (self, ask_first, opening, opening_free, free_first, cancellable, opened_cb,
                         task);
}

/**
 * ac_mirror_open_finish:
 *
 * Returns: (transfer full): the mirror, or %NULL with an AC_MIRROR_ERROR when none can be kept.
 */
AcMirror *
ac_mirror_open_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * ac_mirror_take_first:
 *
 * Returns: (transfer full) (nullable): what the first question was answered with, once.
 */
gpointer
ac_mirror_take_first (AcMirror *self)
{
  g_return_val_if_fail (AC_IS_MIRROR (self), NULL);

  return g_steal_pointer (&self->first);
}

const char *
ac_mirror_get_path (AcMirror *self)
{
  g_return_val_if_fail (AC_IS_MIRROR (self), NULL);

  return self->shared->path;
}

/**
 * ac_mirror_get_notice:
 *
 * Returns: (nullable): a sentence that says why the mirror was made anew, if it was.
 */
const char *
ac_mirror_get_notice (AcMirror *self)
{
  g_return_val_if_fail (AC_IS_MIRROR (self), NULL);

  return self->notice;
}

static GTask *
task_new (AcMirror *self,
          gpointer data,
          GDestroyNotify free_data,
          GCancellable *cancellable,
          GAsyncReadyCallback callback,
          gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_name (task, "ac_mirror job");
  g_task_set_task_data (task, data, free_data);
  return task;
}

/**
 * ac_mirror_read_async:
 * @func: run in the thread of @lane over a connection that can only read
 * @data: (transfer full): for @func
 * @free_result: (nullable): frees what @func returns
 */
void
ac_mirror_read_async (AcMirror *self,
                      AcMirrorLane lane,
                      AcMirrorFunc func,
                      gpointer data,
                      GDestroyNotify free_data,
                      GDestroyNotify free_result,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_return_if_fail (AC_IS_MIRROR (self));
  g_return_if_fail ((guint)lane < AC_MIRROR_N_LANES);

  ac_mirror_worker_push (self->readers[lane],
                         task_new (self, data, free_data, cancellable, callback, user_data), func,
                         free_result);
}

/**
 * ac_mirror_write_async:
 * @func: run in the thread that writes; a transaction that it leaves open is rolled back
 * @data: (transfer full): for @func
 * @free_result: (nullable): frees what @func returns
 *
 * What was written is told, even where it was cancelled too late.
 */
void
ac_mirror_write_async (AcMirror *self,
                       AcMirrorFunc func,
                       gpointer data,
                       GDestroyNotify free_data,
                       GDestroyNotify free_result,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  GTask *task;

  g_return_if_fail (AC_IS_MIRROR (self));

  task = task_new (self, data, free_data, cancellable, callback, user_data);
  g_task_set_check_cancellable (task, FALSE);
  ac_mirror_worker_push (self->writer, task, func, free_result);
}

/**
 * ac_mirror_finish:
 *
 * Returns: what the function has returned, or %NULL, with an error if that was one.
 */
gpointer
ac_mirror_finish (AcMirror *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
