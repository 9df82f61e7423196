/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

#include "generate-search.h"
#include "sql/ac-sql.h"
#include "store/ac-store-private.h"

#define BATCH 2000
#define MOST_BATCHES 16 /* that wait */

/* So much (bytes) is gathered in memory before it is written. Pieces of one megabyte each, as a
 * service writes them, take long to merge; and beyond what a processor's cache holds, to find the
 * place of a word in what was gathered takes longer than all the rest. */
#define GATHER "16777216"

/* As the store's own migration makes it. */
#define MAKE_TABLE                                                                                 \
  "CREATE VIRTUAL TABLE action_search USING fts5 (text, content = '', tokenize = 'trigram')"

typedef struct
{
  gint64 row;
  char *text;
} Entry;

struct _GenerateSearch
{
  char *target;
  char *path;
  GArray *batch; /* of Entry */
  GThread *thread;
  GError *error; /* of the thread */
  GMutex lock;   /* guards the two below */
  GCond changed;
  GQueue batches; /* of GArray; an empty one is the last */
};

static void
entry_clear (gpointer data)
{
  g_free (((Entry *)data)->text);
}

static GArray *
batch_new (void)
{
  GArray *batch = g_array_sized_new (FALSE, FALSE, sizeof (Entry), BATCH);

  g_array_set_clear_func (batch, entry_clear);
  return batch;
}

static GArray *
take_batch (GenerateSearch *self)
{
  GArray *batch;

  g_mutex_lock (&self->lock);
  while (g_queue_is_empty (&self->batches))
    g_cond_wait (&self->changed, &self->lock);
  batch = g_queue_pop_head (&self->batches);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  return batch;
}

static gboolean
add_batch (AcSql *sql, GArray *batch, GError **error)
{
  for (guint i = 0; i < batch->len; i++)
    {
      const Entry *entry = &g_array_index (batch, Entry, i);

      if (!ac_sql_run (sql, error, "INSERT INTO action_search (rowid, text) VALUES (?, ?)", "is",
                       entry->row, entry->text))
        return FALSE;
    }
  return TRUE;
}

static gpointer
run (gpointer data)
{
  GenerateSearch *self = data;
  g_autoptr (AcSql) sql = ac_store_open_sql (self->path, AC_SQL_CREATE, &self->error);
  gboolean good =
      sql != NULL && ac_sql_exec (sql,
                                  "PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY;"
                                  "PRAGMA cache_size = -100000; BEGIN;" MAKE_TABLE ";"
                                  "INSERT INTO action_search (action_search, rank) "
                                  "VALUES ('hashsize', " GATHER ")",
                                  &self->error);
  gboolean last = FALSE;

  while (!last)
    {
      g_autoptr (GArray) batch = take_batch (self);

      last = batch->len == 0;
      good = good && add_batch (sql, batch, &self->error);
    }
  if (good)
    ac_sql_exec (sql, "COMMIT", &self->error);
  return NULL;
}

GenerateSearch *
generate_search_new (const char *path)
{
  GenerateSearch *self = g_new0 (GenerateSearch, 1);

  self->target = g_strdup (path);
  self->path = g_strconcat (path, ".search", NULL);
  g_unlink (self->path);
  self->batch = batch_new ();
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  g_queue_init (&self->batches);
  self->thread = g_thread_new ("search", run, self);
  return self;
}

static void
hand_over (GenerateSearch *self)
{
  g_mutex_lock (&self->lock);
  while (g_queue_get_length (&self->batches) >= MOST_BATCHES)
    g_cond_wait (&self->changed, &self->lock);
  g_queue_push_tail (&self->batches, self->batch);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  self->batch = batch_new ();
}

/**
 * generate_search_add:
 * @text: (transfer full): folded
 */
void
generate_search_add (GenerateSearch *self, gint64 row, char *text)
{
  Entry entry = { row, text };

  g_array_append_val (self->batch, entry);
  if (self->batch->len >= BATCH)
    hand_over (self);
}

gboolean
generate_search_finish (GenerateSearch *self, GError **error)
{
  if (self->thread == NULL)
    return TRUE;
  if (self->batch->len > 0)
    hand_over (self);
  hand_over (self);
  g_clear_pointer (&self->thread, g_thread_join);
  if (self->error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&self->error));
  return FALSE;
}

/* A connection of the store refuses to write the tables that an index consists of; this one does
 * not. */
gboolean
generate_search_move (GenerateSearch *self, GError **error)
{
  static const char copy[] =
      "PRAGMA synchronous = OFF;"
      "BEGIN;"
      "DELETE FROM main.action_search_data; DELETE FROM main.action_search_idx;"
      "DELETE FROM main.action_search_docsize; DELETE FROM main.action_search_config;"
      "INSERT INTO main.action_search_data SELECT * FROM made.action_search_data;"
      "INSERT INTO main.action_search_idx SELECT * FROM made.action_search_idx;"
      "INSERT INTO main.action_search_docsize SELECT * FROM made.action_search_docsize;"
      "INSERT INTO main.action_search_config SELECT * FROM made.action_search_config"
      "  WHERE k <> 'hashsize';"
      "COMMIT;";
  g_autofree char *attach =
      g_strdup_printf ("PRAGMA journal_mode = MEMORY; ATTACH '%s' AS made;", self->path);
  sqlite3 *db = NULL;
  int code = sqlite3_open (self->target, &db);

  if (code == SQLITE_OK)
    code = sqlite3_exec (db, attach, NULL, NULL, NULL);
  if (code == SQLITE_OK)
    code = sqlite3_exec (db, copy, NULL, NULL, NULL);
  if (code == SQLITE_OK)
    code = sqlite3_exec (db, "DETACH made; PRAGMA journal_mode = WAL", NULL, NULL, NULL);
  if (code != SQLITE_OK)
    g_set_error (error, AC_STORE_ERROR, AC_STORE_ERROR_FAILED,
                 "The search index could not be put into place: %s", sqlite3_errmsg (db));
  sqlite3_close (db);
  return code == SQLITE_OK;
}

void
generate_search_free (GenerateSearch *self)
{
  if (self == NULL)
    return;
  generate_search_finish (self, NULL);
  g_unlink (self->path);
  g_free (self->path);
  g_free (self->target);
  g_array_unref (self->batch);
  g_queue_clear_full (&self->batches, (GDestroyNotify)g_array_unref);
  g_clear_error (&self->error);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_free (self);
}
