/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/ac-mirror-schema.h"
#include "client/ac-mirror-store.h"
#include "client/ac-mirror-write.h"
#include "model/ac-time.h"

/* Rows that go in one transaction when they are no more in the service. */
#define CHUNK 1000
/* Rows put into the index for searches in one transaction; so long a change may have to wait. */
#define INDEX_CHUNK 500

void
ac_mirror_state_free (AcMirrorState *state)
{
  if (state == NULL)
    return;
  g_free (state->token);
  g_free (state);
}

void
ac_mirror_outcome_free (AcMirrorOutcome *outcome)
{
  if (outcome == NULL)
    return;
  g_array_unref (outcome->keys);
  g_free (outcome->token);
  g_free (outcome);
}

struct _AcMirrorChain
{
  guint n_given;   /* of the thread that gives pages */
  guint n_written; /* of the thread that writes */
};

/**
 * ac_mirror_chain_new:
 *
 * Returns: (transfer full): without a page.
 */
AcMirrorChain *
ac_mirror_chain_new (void)
{
  return g_atomic_rc_box_new0 (AcMirrorChain);
}

void
ac_mirror_chain_unref (AcMirrorChain *chain)
{
  g_atomic_rc_box_release (chain);
}

static AcMirrorOutcome *
outcome_new (void)
{
  AcMirrorOutcome *outcome = g_new0 (AcMirrorOutcome, 1);

  outcome->keys = g_array_new (FALSE, FALSE, sizeof (guint64));
  return outcome;
}

static gpointer
finish (AcMirror *mirror, GAsyncResult *result, GError **error)
{
  return ac_mirror_finish (mirror, result, error);
}

/* --- the state --- */

static gpointer
load_state (AcSql *sql, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (AcMirrorState) state = g_new0 (AcMirrorState, 1);
  gint64 loading;

  if (!ac_mirror_get_number (sql, AC_MIRROR_GENERATION, 0, &state->generation, error) ||
      !ac_mirror_get_number (sql, AC_MIRROR_LOADING, 0, &loading, error) ||
      !ac_mirror_get_number (sql, AC_MIRROR_POSITION, AC_TIME_NONE, &state->position, error) ||
      !ac_mirror_get_number (sql, AC_MIRROR_N_SYNCED, 0, &state->n_synced, error) ||
      !ac_mirror_get_number (sql, AC_MIRROR_N_TOTAL, 0, &state->n_total, error) ||
      !ac_mirror_get_number (sql, AC_MIRROR_LAST_REFRESHED, AC_TIME_NONE, &state->last_refreshed,
                             error) ||
      !ac_mirror_dup_text (sql, AC_MIRROR_TOKEN, &state->token, error))
    return NULL;
  state->loading = loading != 0;
  return g_steal_pointer (&state);
}

void
ac_mirror_load_state_async (AcMirror *mirror,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  ac_mirror_write_async (mirror, load_state, NULL, NULL, (GDestroyNotify)ac_mirror_state_free,
                         cancellable, callback, user_data);
}

/**
 * ac_mirror_load_state_finish:
 *
 * Returns: (transfer full): how far the mirror is, or %NULL with an error.
 */
AcMirrorState *
ac_mirror_load_state_finish (AcMirror *mirror, GAsyncResult *result, GError **error)
{
  return finish (mirror, result, error);
}

static gpointer
begin_sync (AcSql *sql, gpointer data, GCancellable *cancellable, GError **error)
{
  gint64 generation;
  gint64 n;

  if (!ac_sql_exec (sql, "BEGIN IMMEDIATE", error) ||
      !ac_mirror_get_number (sql, AC_MIRROR_GENERATION, 0, &generation, error))
    return NULL;
  /* Never one that a sync of an earlier file had, whose last pages may still be on their way. */
  generation = MAX (generation + 1, g_get_real_time ());
  if (!ac_mirror_set_number (sql, AC_MIRROR_GENERATION, generation, error) ||
      !ac_mirror_set_number (sql, AC_MIRROR_LOADING, 1, error) ||
      !ac_mirror_set_text (sql, AC_MIRROR_TOKEN, data, error) ||
      !ac_mirror_set_number (sql, AC_MIRROR_N_SYNCED, 0, error) ||
      !ac_mirror_set_number (sql, AC_MIRROR_N_TOTAL, 0, error) ||
      !ac_sql_run (sql, error, "DELETE FROM meta WHERE name = ?", "s", AC_MIRROR_POSITION) ||
      !ac_sql_get_integer (sql, &n, 0, error,
                           "SELECT count (*) FROM (SELECT 1 FROM actions LIMIT 1)", ""))
    return NULL;
  /* Rows are put into the index for searches when all are there. */
  if (n == 0 && !ac_mirror_set_number (sql, AC_MIRROR_INDEXED, 0, error))
    return NULL;
  if (!ac_sql_exec (sql, "COMMIT", error))
    return NULL;
  if (n == 0)
    ac_sql_exec (sql, "PRAGMA cache_size = -64000; PRAGMA wal_autocheckpoint = 4000", NULL);
  return load_state (sql, NULL, cancellable, error);
}

/**
 * ac_mirror_begin_sync_async:
 * @token: of now: changes from here on are to come when everything is read
 *
 * Begins to read everything; what is in the mirror stays until then.
 */
void
ac_mirror_begin_sync_async (AcMirror *mirror,
                            const char *token,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  ac_mirror_write_async (mirror, begin_sync, g_strdup (token), g_free,
                         (GDestroyNotify)ac_mirror_state_free, cancellable, callback, user_data);
}

AcMirrorState *
ac_mirror_begin_sync_finish (AcMirror *mirror, GAsyncResult *result, GError **error)
{
  return finish (mirror, result, error);
}

/* --- rows --- */

typedef struct
{
  gint64 generation;
  GPtrArray *batches; /* nullable: of AcMirrorBatch, of a list */
  GBytes *page;       /* nullable: of changes */
  gint64 refreshed;
  AcMirrorChain *chain; /* nullable: of changes */
  guint number;         /* of the page in it */
} Write;

static void
write_free (gpointer data)
{
  Write *write = data;

  g_clear_pointer (&write->batches, g_ptr_array_unref);
  g_clear_pointer (&write->page, g_bytes_unref);
  g_clear_pointer (&write->chain, ac_mirror_chain_unref);
  g_free (write);
}

static Write *
write_new (gint64 generation, GPtrArray *batches)
{
  Write *write = g_new0 (Write, 1);

  write->generation = generation;
  write->batches = batches;
  return write;
}

static void
supersede (GError **error)
{
  g_set_error_literal (error, AC_MIRROR_ERROR, AC_MIRROR_ERROR_SUPERSEDED,
                       _ ("The copy of the actions on this computer is being made anew."));
}

/* Opens a transaction for the sync of that generation and no other. */
static gboolean
begin (AcSql *sql, gint64 generation, gboolean loading, GError **error)
{
  gint64 current;
  gint64 is_loading;

  if (!ac_sql_exec (sql, "BEGIN IMMEDIATE", error) ||
      !ac_mirror_get_number (sql, AC_MIRROR_GENERATION, 0, &current, error) ||
      !ac_mirror_get_number (sql, AC_MIRROR_LOADING, 0, &is_loading, error))
    return FALSE;
  if (current == generation && (is_loading != 0) == loading)
    return TRUE;
  supersede (error);
  return FALSE;
}

static gboolean
add_page (AcSql *sql, AcMirrorStore *store, const AcMirrorBatch *batch, GError **error)
{
  const GPtrArray *items = batch->items;

  for (guint i = 0; i < items->len; i++)
    {
      const AcMirrorItem *item = items->pdata[i];

      if (!ac_mirror_store_put (store, item->row, TRUE, error))
        return FALSE;
    }
  if (items->len > 0)
    {
      const AcMirrorItem *last = items->pdata[items->len - 1];

      return ac_mirror_set_number (sql, AC_MIRROR_POSITION, last->row->created_at, error);
    }
  return TRUE;
}

static gpointer
add_pages (AcSql *sql, gpointer data, GCancellable *cancellable, GError **error)
{
  Write *write = data;
  g_autoptr (AcMirrorOutcome) outcome = outcome_new ();
  g_auto (AcMirrorStore) store = { 0 };
  gint64 total = 0;

  if (!begin (sql, write->generation, TRUE, error) ||
      !ac_mirror_store_init (&store, sql, write->generation, outcome->keys, error) ||
      !ac_mirror_get_number (sql, AC_MIRROR_N_SYNCED, 0, &outcome->n_synced, error))
    return NULL;
  for (guint i = 0; i < write->batches->len; i++)
    {
      const AcMirrorBatch *batch = write->batches->pdata[i];

      if (!add_page (sql, &store, batch, error))
        return NULL;
      total = batch->total;
    }
  outcome->n_synced += store.n_met;
  outcome->went_back = store.went_back;
  if (!ac_mirror_store_flush (&store, error) ||
      !ac_mirror_set_number (sql, AC_MIRROR_N_SYNCED, outcome->n_synced, error) ||
      !ac_mirror_set_number (sql, AC_MIRROR_N_TOTAL, MAX (total, outcome->n_synced), error) ||
      !ac_sql_exec (sql, "COMMIT", error))
    return NULL;
  return g_steal_pointer (&outcome);
}

/**
 * ac_mirror_add_page_async:
 * @batch: (transfer full): of a list
 *
 * Writes a page of the sync of everything.
 */
void
ac_mirror_add_page_async (AcMirror *mirror,
                          gint64 generation,
                          AcMirrorBatch *batch,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  GPtrArray *batches = g_ptr_array_new_with_free_func ((GDestroyNotify)ac_mirror_batch_free);

  g_ptr_array_add (batches, batch);
  ac_mirror_add_pages_async (mirror, generation, batches, cancellable, callback, user_data);
}

/**
 * ac_mirror_add_pages_async:
 * @batches: (transfer full) (element-type AcMirrorBatch): of a list, one after the other
 *
 * Writes some pages of the sync of everything in one transaction. Ids are no order, so that each
 * transaction writes most pages of their index.
 */
void
ac_mirror_add_pages_async (AcMirror *mirror,
                           gint64 generation,
                           GPtrArray *batches,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  ac_mirror_write_async (mirror, add_pages, write_new (generation, batches), write_free,
                         (GDestroyNotify)ac_mirror_outcome_free, cancellable, callback, user_data);
}

/* The rows that the sync has not met; FALSE with no error and *n < CHUNK when they are all gone. */
static gboolean
remove_chunk (AcSql *sql, Write *write, gint64 *after, gboolean *more, GArray *keys, GError **error)
{
  g_auto (AcMirrorStore) store = { 0 };
  g_autoptr (GArray) gone = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (AcSqlReset) query = NULL;
  AcSqlStep step = AC_SQL_ERROR;

  if (!begin (sql, write->generation, TRUE, error) ||
      !ac_mirror_store_init (&store, sql, write->generation, keys, error))
    return FALSE;
  query = ac_sql_query (sql, error,
                        "SELECT key FROM actions WHERE key > ? AND generation <> ? "
                        "ORDER BY key LIMIT ?",
                        "iii", *after, write->generation, (gint64)CHUNK);
  while (query != NULL && (step = ac_sql_step (sql, query, error)) == AC_SQL_ROW)
    {
      *after = sqlite3_column_int64 (query, 0);
      g_array_append_val (gone, *after);
    }
  if (step != AC_SQL_DONE)
    return FALSE;
  for (guint i = 0; i < gone->len; i++)
    if (!ac_mirror_store_remove (&store, g_array_index (gone, gint64, i), error))
      return FALSE;
  *more = gone->len == CHUNK;
  return ac_mirror_store_flush (&store, error) && ac_sql_exec (sql, "COMMIT", error);
}

static gpointer
end_sync (AcSql *sql, gpointer data, GCancellable *cancellable, GError **error)
{
  Write *write = data;
  g_autoptr (AcMirrorOutcome) outcome = outcome_new ();
  gint64 after = 0;
  gboolean more = TRUE;

  while (more)
    if (!remove_chunk (sql, write, &after, &more, outcome->keys, error))
      return NULL;
  if (!ac_mirror_build_indexes (sql, error) || !begin (sql, write->generation, TRUE, error) ||
      !ac_mirror_set_number (sql, AC_MIRROR_LOADING, 0, error) ||
      !ac_mirror_get_number (sql, AC_MIRROR_N_SYNCED, 0, &outcome->n_synced, error) ||
      !ac_sql_exec (sql, "COMMIT", error))
    return NULL;
  ac_mirror_schema_tune (sql, TRUE, NULL);
  sqlite3_db_release_memory (ac_sql_get_handle (sql));
  return g_steal_pointer (&outcome);
}

/**
 * ac_mirror_end_sync_async:
 *
 * Ends the sync of everything: what it has not met is gone, and lists are read by index from now
 * on.
 */
void
ac_mirror_end_sync_async (AcMirror *mirror,
                          gint64 generation,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  ac_mirror_write_async (mirror, end_sync, write_new (generation, NULL), write_free,
                         (GDestroyNotify)ac_mirror_outcome_free, cancellable, callback, user_data);
}

static gpointer
apply_changes (AcSql *sql, gpointer data, GCancellable *cancellable, GError **error)
{
  Write *write = data;
  g_autoptr (AcMirrorOutcome) outcome = outcome_new ();
  g_auto (AcMirrorStore) store = { 0 };
  g_autoptr (AcMirrorBatch) batch = ac_mirror_batch_new_from_changes (write->page, error);
  const GPtrArray *items;

  if (batch == NULL)
    return NULL;
  /* It was on its way already when the page before it could not be written. */
  if (write->chain != NULL && write->number != write->chain->n_written)
    {
      supersede (error);
      return NULL;
    }
  items = batch->items;
  outcome->token = g_strdup (batch->next);
  outcome->more = batch->more;
  outcome->investigations = batch->investigations;
  if (!begin (sql, write->generation, FALSE, error) ||
      !ac_mirror_store_init (&store, sql, write->generation, outcome->keys, error))
    return NULL;
  for (guint i = 0; i < items->len; i++)
    {
      const AcMirrorItem *item = items->pdata[i];

      if (item->row != NULL ? !ac_mirror_store_put (&store, item->row, FALSE, error)
                            : !ac_mirror_store_remove_id (&store, item->id, error))
        return NULL;
    }
  if (!ac_mirror_store_flush (&store, error) ||
      !ac_mirror_set_text (sql, AC_MIRROR_TOKEN, batch->next, error) ||
      (!batch->more &&
       !ac_mirror_set_number (sql, AC_MIRROR_LAST_REFRESHED, write->refreshed, error)) ||
      !ac_sql_exec (sql, "COMMIT", error))
    return NULL;
  if (write->chain != NULL)
    write->chain->n_written++;
  return g_steal_pointer (&outcome);
}

/**
 * ac_mirror_apply_changes_async:
 * @chain: (nullable): what the page stands in, behind those that were given before it
 * @page: the answer of GET /changes
 * @refreshed: when it came: unless there are more, it tells the state of the service then
 *
 * Writes changes, and the token that they lead to.
 */
void
ac_mirror_apply_changes_async (AcMirror *mirror,
                               gint64 generation,
                               AcMirrorChain *chain,
                               GBytes *page,
                               gint64 refreshed,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  Write *write = write_new (generation, NULL);

  write->page = g_bytes_ref (page);
  write->refreshed = refreshed;
  if (chain != NULL)
    {
      write->chain = g_atomic_rc_box_acquire (chain);
      write->number = chain->n_given++;
    }
  ac_mirror_write_async (mirror, apply_changes, write, write_free,
                         (GDestroyNotify)ac_mirror_outcome_free, cancellable, callback, user_data);
}

/**
 * ac_mirror_outcome_finish:
 *
 * Returns: (transfer full): what was done, or %NULL with an error; AC_MIRROR_ERROR_SUPERSEDED when
 * the sync it belongs to is over, or a page before it was not written.
 */
AcMirrorOutcome *
ac_mirror_outcome_finish (AcMirror *mirror, GAsyncResult *result, GError **error)
{
  return finish (mirror, result, error);
}

static gpointer
note_refreshed (AcSql *sql, gpointer data, GCancellable *cancellable, GError **error)
{
  ac_mirror_set_number (sql, AC_MIRROR_LAST_REFRESHED, *(gint64 *)data, error);
  return NULL;
}

/**
 * ac_mirror_note_refreshed:
 *
 * Keeps when the state of the service was known last.
 */
void
ac_mirror_note_refreshed (AcMirror *mirror, gint64 time)
{
  ac_mirror_write_async (mirror, note_refreshed, g_memdup2 (&time, sizeof time), g_free, NULL, NULL,
                         NULL, NULL);
}

/* --- the index for searches --- */

static gboolean
index_chunk (AcSql *sql, gint64 *indexed, gint64 *n, GError **error)
{
  g_autoptr (AcSqlReset) query =
      ac_sql_query (sql, error, "SELECT key, text FROM texts WHERE key > ? ORDER BY key LIMIT ?",
                    "ii", *indexed, (gint64)INDEX_CHUNK);
  AcSqlStep step = AC_SQL_ERROR;

  *n = 0;
  while (query != NULL && (step = ac_sql_step (sql, query, error)) == AC_SQL_ROW)
    {
      *indexed = sqlite3_column_int64 (query, 0);
      if (!ac_sql_run (sql, error, "INSERT INTO search (rowid, text) VALUES (?, ?)", "is", *indexed,
                       ac_sql_text (query, 1)))
        return FALSE;
      (*n)++;
    }
  return step == AC_SQL_DONE;
}

static gpointer
index_more (AcSql *sql, gpointer data, GCancellable *cancellable, GError **error)
{
  gint64 indexed;
  gint64 n;

  if (!ac_sql_exec (sql, "BEGIN IMMEDIATE", error) ||
      !ac_mirror_get_number (sql, AC_MIRROR_INDEXED, 0, &indexed, error))
    return NULL;
  if (indexed == G_MAXINT64)
    return NULL;
  if (!index_chunk (sql, &indexed, &n, error))
    return NULL;
  /* From the end on, each row is put in as it comes. */
  if (n < INDEX_CHUNK)
    indexed = G_MAXINT64;
  if (!ac_mirror_set_number (sql, AC_MIRROR_INDEXED, indexed, error) ||
      !ac_sql_exec (sql, "COMMIT", error))
    return NULL;
  return indexed != G_MAXINT64 ? GINT_TO_POINTER (TRUE) : NULL;
}

/**
 * ac_mirror_index_more_async:
 *
 * Puts some more rows into the index for searches. Until all are in, a search reads every text.
 */
void
ac_mirror_index_more_async (AcMirror *mirror,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  ac_mirror_write_async (mirror, index_more, NULL, NULL, NULL, cancellable, callback, user_data);
}

/**
 * ac_mirror_index_more_finish:
 *
 * Returns: whether there are more; %FALSE also with an error.
 */
gboolean
ac_mirror_index_more_finish (AcMirror *mirror, GAsyncResult *result, GError **error)
{
  return finish (mirror, result, error) != NULL;
}
