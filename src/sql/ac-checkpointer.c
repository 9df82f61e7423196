/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "sql/ac-checkpointer.h"

/* Pages in the log from which on it is worth the while; as many as SQLite takes by itself. */
#define SOME 1000
/* With so many, 256 MB, whoever commits has to help: the thread cannot keep up. */
#define MANY 65536

struct _AcCheckpointer
{
  AcSql *writer; /* not owned */
  char *path;
  AcSqlReport report;
  GThread *thread;
  GMutex working; /* one brings over at a time: SQLite would turn the other away */
  GMutex lock;    /* guards the two below */
  GCond told;
  gboolean wanted;
  gboolean stopping;
};

/* Returns: a result code of SQLite. What readers still need is left for the next time. */
static int
bring_over (AcCheckpointer *self, sqlite3 *db)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->working);
  int code = sqlite3_wal_checkpoint_v2 (db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);

  return (code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED ? SQLITE_OK : code;
}

/* In the thread that has just committed. */
static int
committed_cb (void *data, sqlite3 *db, const char *name, int n_pages)
{
  AcCheckpointer *self = data;

  if (n_pages < SOME)
    return SQLITE_OK;
  /* Nobody else commits meanwhile, so that the log begins anew. What is wrong with it is no error
   * of what is committed, and the thread will say it. */
  if (n_pages >= MANY && bring_over (self, db) == SQLITE_OK)
    return SQLITE_OK;
  g_mutex_lock (&self->lock);
  self->wanted = TRUE;
  g_cond_signal (&self->told);
  g_mutex_unlock (&self->lock);
  return SQLITE_OK;
}

/* Returns: whether there is something to do, and not just to end. */
static gboolean
wait_for_work (AcCheckpointer *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  while (!self->wanted && !self->stopping)
    g_cond_wait (&self->told, &self->lock);
  self->wanted = FALSE;
  return !self->stopping;
}

/* Whoever writes little has no other connection beside his own: @sql is opened the first time.
 * Returns what went wrong, or NULL. */
static char *
bring_over_here (AcCheckpointer *self, AcSql **sql)
{
  g_autoptr (GError) error = NULL;

  if (*sql == NULL)
    *sql = ac_sql_open (self->path, AC_SQL_READ_WRITE, self->report, &error);
  if (*sql == NULL)
    return g_strdup (error->message);
  if (bring_over (self, ac_sql_get_handle (*sql)) == SQLITE_OK)
    return NULL;
  return g_strdup (sqlite3_errmsg (ac_sql_get_handle (*sql)));
}

static gpointer
checkpointer_thread (gpointer data)
{
  AcCheckpointer *self = data;
  g_autoptr (AcSql) sql = NULL;
  g_autofree char *before = NULL;

  while (wait_for_work (self))
    {
      g_autofree char *trouble = bring_over_here (self, &sql);

      /* Nothing is lost: it stays in the log. A disk that is full is said once and not each time.
       */
      if (trouble != NULL && g_strcmp0 (trouble, before) != 0)
        g_warning ("What was committed could not be brought from the log into the database yet: %s",
                   trouble);
      g_free (before);
      before = g_steal_pointer (&trouble);
    }
  return NULL;
}

/**
 * ac_checkpointer_new:
 * @writer: the only connection that writes, to live longer than this; it does not do it itself from
 * now on
 * @path: of its database
 * @report: how errors are told
 *
 * Returns: (transfer full): to be freed before @writer is closed.
 */
AcCheckpointer *
ac_checkpointer_new (AcSql *writer, const char *path, AcSqlReport report)
{
  AcCheckpointer *self = g_new0 (AcCheckpointer, 1);

  self->writer = writer;
  self->path = g_strdup (path);
  self->report = report;
  g_mutex_init (&self->working);
  g_mutex_init (&self->lock);
  g_cond_init (&self->told);
  self->thread = g_thread_new ("checkpointer", checkpointer_thread, self);
  /* In place of SQLite's own hook, which does it at once. */
  (void)sqlite3_wal_hook (ac_sql_get_handle (writer), committed_cb, self);
  return self;
}

/**
 * ac_checkpointer_free:
 * @self: (nullable):
 *
 * Waits for the end of what is under way. The last connection that is closed brings over the rest.
 */
void
ac_checkpointer_free (AcCheckpointer *self)
{
  if (self == NULL)
    return;
  (void)sqlite3_wal_hook (ac_sql_get_handle (self->writer), NULL, NULL);
  g_mutex_lock (&self->lock);
  self->stopping = TRUE;
  g_cond_signal (&self->told);
  g_mutex_unlock (&self->lock);
  g_thread_join (self->thread);
  g_free (self->path);
  g_cond_clear (&self->told);
  g_mutex_clear (&self->lock);
  g_mutex_clear (&self->working);
  g_free (self);
}
