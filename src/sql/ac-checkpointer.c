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
  AcSql *sql;
  GThread *thread;
  GMutex lock;
  GCond told;
  gboolean wanted;
  gboolean stopping;
};

/* Returns: a result code of SQLite. What readers still need is left for the next time. */
static int
bring_over (sqlite3 *db)
{
  int code = sqlite3_wal_checkpoint_v2 (db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);

  return code == SQLITE_BUSY || code == SQLITE_LOCKED ? SQLITE_OK : code;
}

/* In the thread that has just committed. */
static int
committed_cb (void *data, sqlite3 *db, const char *name, int n_pages)
{
  AcCheckpointer *self = data;

  if (n_pages < SOME)
    return SQLITE_OK;
  g_mutex_lock (&self->lock);
  self->wanted = TRUE;
  g_cond_signal (&self->told);
  g_mutex_unlock (&self->lock);
  /* It is committed, whatever comes of this; the thread will say what is wrong. */
  if (n_pages >= MANY)
    (void)bring_over (db);
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

static gpointer
checkpointer_thread (gpointer data)
{
  AcCheckpointer *self = data;
  sqlite3 *db = ac_sql_get_handle (self->sql);
  int before = SQLITE_OK;

  while (wait_for_work (self))
    {
      int code = bring_over (db);

      /* Nothing is lost: it stays in the log. A disk that is full is said once and not each time.
       */
      if (code != SQLITE_OK && code != before)
        g_warning ("What was committed could not be brought from the log into the database yet: %s",
                   sqlite3_errmsg (db));
      before = code;
    }
  return NULL;
}

/**
 * ac_checkpointer_new:
 * @writer: the only connection that writes, to live longer than this; it does not do it itself from
 * now on
 * @sql: (transfer full): another one to the same database, which may write
 *
 * Returns: (transfer full): to be freed before @writer is closed.
 */
AcCheckpointer *
ac_checkpointer_new (AcSql *writer, AcSql *sql)
{
  AcCheckpointer *self = g_new0 (AcCheckpointer, 1);

  self->writer = writer;
  self->sql = sql;
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
  ac_sql_close (self->sql);
  g_cond_clear (&self->told);
  g_mutex_clear (&self->lock);
  g_free (self);
}
