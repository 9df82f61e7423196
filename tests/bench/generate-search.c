/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

#include "generate-search.h"
#include "store/ac-store.h"

#define BATCH 2000
/* So many may wait that the thread has some left while the rows get their indexes, which is the
 * work of one thread alone; 300 MB at the most. */
#define MOST_BATCHES 300

/* So much (bytes) is gathered in memory before it is written. Pieces of one megabyte each, as a
 * service writes them, take long to merge; and beyond what a processor's cache holds, to find the
 * place of a word in what was gathered takes longer than all the rest. */
#define GATHER "8388608"

typedef struct
{
  gint64 row;
  char *text;
} Entry;

struct _GenerateSearch
{
  const char *table;
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

/* The name of the table is that of the index, wherever it stands in @format. */
static gboolean
exec_for_table (sqlite3 *db, const char *table, const char *format, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (format, "@", -1);
  g_autofree char *script = g_strjoinv (table, parts);

  if (sqlite3_exec (db, script, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;
  g_set_error (error, AC_STORE_ERROR, AC_STORE_ERROR_FAILED,
               "The search index could not be made: %s", sqlite3_errmsg (db));
  return FALSE;
}

static gboolean
add_batch (sqlite3_stmt *insert, GArray *batch)
{
  for (guint i = 0; i < batch->len; i++)
    {
      const Entry *entry = &g_array_index (batch, Entry, i);

      sqlite3_bind_int64 (insert, 1, entry->row);
      sqlite3_bind_text (insert, 2, entry->text, -1, SQLITE_STATIC);
      if (sqlite3_step (insert) != SQLITE_DONE)
        return FALSE;
      sqlite3_reset (insert);
    }
  return TRUE;
}

static gboolean
make (GenerateSearch *self, sqlite3 *db, sqlite3_stmt **insert)
{
  static const char create[] =
      "PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY; PRAGMA cache_size = -100000; BEGIN;"
      "CREATE VIRTUAL TABLE @"
      "  USING fts5 (text, content = '', tokenize = 'trigram', detail = none);"
      "INSERT INTO @ (@, rank) VALUES ('hashsize', " GATHER ")";
  g_autofree char *text =
      g_strdup_printf ("INSERT INTO %s (rowid, text) VALUES (?, ?)", self->table);

  return exec_for_table (db, self->table, create, &self->error) &&
         sqlite3_prepare_v2 (db, text, -1, insert, NULL) == SQLITE_OK;
}

static gpointer
run (gpointer data)
{
  GenerateSearch *self = data;
  sqlite3_stmt *insert = NULL;
  sqlite3 *db = NULL;
  gboolean good = sqlite3_open (self->path, &db) == SQLITE_OK && make (self, db, &insert);
  gboolean last = FALSE;

  while (!last)
    {
      g_autoptr (GArray) batch = take_batch (self);

      last = batch->len == 0;
      good = good && add_batch (insert, batch);
    }
  (void)sqlite3_finalize (insert);
  good = good && sqlite3_exec (db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK;
  if (!good && self->error == NULL)
    g_set_error (&self->error, AC_STORE_ERROR, AC_STORE_ERROR_FAILED,
                 "The search index could not be made: %s", sqlite3_errmsg (db));
  sqlite3_close (db);
  return NULL;
}

/**
 * generate_search_new:
 * @path: of the database that the index is for; it is made beside it
 * @table: (transfer none): the index, which has one column, text, and no content
 */
GenerateSearch *
generate_search_new (const char *path, const char *table)
{
  GenerateSearch *self = g_new0 (GenerateSearch, 1);

  self->table = table;
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

/**
 * generate_search_move:
 *
 * Puts the index into the database, which nobody has open and in which it is empty. A connection of
 * ours would refuse to write the tables that an index consists of; this one does not.
 */
gboolean
generate_search_move (GenerateSearch *self, GError **error)
{
  g_autofree char *attach = g_strdup_printf (
      "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; ATTACH '%s' AS made;", self->path);
  sqlite3 *db = NULL;
  /* Who had it open takes away its log before it lets go. */
  gboolean good = sqlite3_open (self->target, &db) == SQLITE_OK &&
                  sqlite3_busy_timeout (db, 10000) == SQLITE_OK &&
                  exec_for_table (db, "", attach, error) &&
                  exec_for_table (db, self->table,
                                  "BEGIN;"
                                  "DELETE FROM main.@_data; DELETE FROM main.@_idx;"
                                  "DELETE FROM main.@_docsize; DELETE FROM main.@_config;"
                                  "INSERT INTO main.@_data SELECT * FROM made.@_data;"
                                  "INSERT INTO main.@_idx SELECT * FROM made.@_idx;"
                                  "INSERT INTO main.@_docsize SELECT * FROM made.@_docsize;"
                                  "INSERT INTO main.@_config SELECT * FROM made.@_config"
                                  "  WHERE k <> 'hashsize';"
                                  "COMMIT;",
                                  error) &&
                  exec_for_table (db, "", "DETACH made; PRAGMA journal_mode = WAL", error);

  sqlite3_close (db);
  return good;
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
