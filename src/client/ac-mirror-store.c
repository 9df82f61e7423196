/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "client/ac-mirror-schema.h"
#include "client/ac-mirror-store.h"

typedef struct
{
  gint64 number;
  gint64 delta; /* actions that it has got in this transaction */
} Kind;

/* What the tables hold of an action already. */
typedef struct
{
  gint64 key;
  gint64 version;
  gint64 generation;
  gint64 kind;
  gint64 updated_at;
  gint64 n_assets;
} Known;

static char *
kind_name (const char *status,
           const char *type,
           const char *verdict,
           const char *source,
           const char *entity_type,
           gboolean undoable,
           const char *decision)
{
  return g_strjoin ("\n", status, type, verdict, source, entity_type, undoable ? "1" : "0",
                    decision != NULL ? decision : "", NULL);
}

static void
add_kind (AcMirrorStore *store, char *name, gint64 number)
{
  Kind *kind = g_new0 (Kind, 1);

  kind->number = number;
  g_hash_table_replace (store->kinds, name, kind);
  g_hash_table_replace (store->kinds_by_number, &kind->number, kind);
}

static gboolean
load_kinds (AcMirrorStore *store, GError **error)
{
  g_autoptr (AcSqlReset) query = ac_sql_query (
      store->sql, error,
      "SELECT kind, status, type, verdict, source, entity_type, undoable, decision FROM kinds", "");
  AcSqlStep step = AC_SQL_ERROR;

  while (query != NULL && (step = ac_sql_step (store->sql, query, error)) == AC_SQL_ROW)
    add_kind (store,
              kind_name (ac_sql_text (query, 1), ac_sql_text (query, 2), ac_sql_text (query, 3),
                         ac_sql_text (query, 4), ac_sql_text (query, 5),
                         sqlite3_column_int (query, 6), ac_sql_text (query, 7)),
              sqlite3_column_int64 (query, 0));
  return step == AC_SQL_DONE;
}

/**
 * ac_mirror_store_init:
 * @store: (out caller-allocates): to be flushed before the transaction is committed
 * @changed: (element-type guint64): keys of what is new, changed or gone are appended to it
 */
gboolean
ac_mirror_store_init (AcMirrorStore *store,
                      AcSql *sql,
                      gint64 generation,
                      GArray *changed,
                      GError **error)
{
  *store = (AcMirrorStore){ .sql = sql, .generation = generation, .changed = changed };
  store->kinds = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  store->kinds_by_number = g_hash_table_new (g_int64_hash, g_int64_equal);
  return load_kinds (store, error) &&
         ac_mirror_get_number (sql, AC_MIRROR_FIRST_KEY, 1, &store->next_key, error) &&
         ac_mirror_get_number (sql, AC_MIRROR_INDEXED, 0, &store->indexed, error);
}

void
ac_mirror_store_clear (AcMirrorStore *store)
{
  g_clear_pointer (&store->kinds_by_number, g_hash_table_unref);
  g_clear_pointer (&store->kinds, g_hash_table_unref);
}

static gboolean
run (AcMirrorStore *store, sqlite3_stmt *statement, GError **error)
{
  gboolean done = ac_sql_step (store->sql, statement, error) == AC_SQL_DONE;

  ac_sql_reset (statement);
  return done;
}

static void
bind_id (sqlite3_stmt *statement, int column, const AcMirrorId *id)
{
  if (id->is_uuid)
    sqlite3_bind_blob (statement, column, id->bytes, sizeof id->bytes, SQLITE_STATIC);
  else
    sqlite3_bind_text (statement, column, id->text, -1, SQLITE_STATIC);
}

/* @known: key 0 when there is no such action. */
static gboolean
find (AcMirrorStore *store, const AcMirrorId *id, Known *known, GError **error)
{
  g_autoptr (AcSqlReset) query = ac_sql_query (
      store->sql, error,
      "SELECT key, version, generation, kind, updated_at, n_assets FROM actions WHERE id = ?", "n");

  *known = (Known){ 0 };
  if (query == NULL)
    return FALSE;
  bind_id (query, 1, id);
  switch (ac_sql_step (store->sql, query, error))
    {
    case AC_SQL_ROW:
      *known = (Known){ sqlite3_column_int64 (query, 0), sqlite3_column_int64 (query, 1),
                        sqlite3_column_int64 (query, 2), sqlite3_column_int64 (query, 3),
                        sqlite3_column_int64 (query, 4), sqlite3_column_int64 (query, 5) };
      return TRUE;
    case AC_SQL_DONE:
      return TRUE;
    case AC_SQL_ERROR:
    default:
      return FALSE;
    }
}

static Kind *
get_kind (AcMirrorStore *store, const AcMirrorRow *row, GError **error)
{
  char *name = kind_name (row->status, row->type, row->verdict, row->source, row->entity_type,
                          row->undoable, row->decision);
  Kind *kind = g_hash_table_lookup (store->kinds, name);

  if (kind != NULL)
    {
      g_free (name);
      return kind;
    }
  if (!ac_sql_run (store->sql, error,
                   "INSERT INTO kinds (status, type, verdict, source, entity_type, undoable, "
                   "  decision) VALUES (?, ?, ?, ?, ?, ?, ?)",
                   "sssssis", row->status, row->type, row->verdict, row->source, row->entity_type,
                   (gint64)row->undoable, row->decision != NULL ? row->decision : ""))
    {
      g_free (name);
      return NULL;
    }
  add_kind (store, name, ac_sql_last_id (store->sql));
  return g_hash_table_lookup (store->kinds, name);
}

/* A kind that is not known stands in no table of a whole mirror; there is nothing to count then. */
static void
subtract_kind (AcMirrorStore *store, gint64 number)
{
  Kind *kind = g_hash_table_lookup (store->kinds_by_number, &number);

  if (kind != NULL)
    kind->delta--;
}

/* --- the search --- */

static gboolean
unindex (AcMirrorStore *store, gint64 key, const char *text, GError **error)
{
  return key > store->indexed ||
         ac_sql_run (store->sql, error,
                     "INSERT INTO search (search, rowid, text) VALUES ('delete', ?, ?)", "is", key,
                     text);
}

static gboolean
index_text (AcMirrorStore *store, gint64 key, const char *text, GError **error)
{
  return key > store->indexed ||
         ac_sql_run (store->sql, error, "INSERT INTO search (rowid, text) VALUES (?, ?)", "is", key,
                     text);
}

/* @text: (out) (transfer full) (nullable) */
static gboolean
dup_text (AcMirrorStore *store, gint64 key, char **text, GError **error)
{
  g_autoptr (AcSqlReset) query =
      ac_sql_query (store->sql, error, "SELECT text FROM texts WHERE key = ?", "i", key);
  AcSqlStep step = query != NULL ? ac_sql_step (store->sql, query, error) : AC_SQL_ERROR;

  *text = step == AC_SQL_ROW ? g_strdup (ac_sql_text (query, 0)) : NULL;
  return step != AC_SQL_ERROR;
}

/* What is searched of an action almost never changes, and to put it in anew costs the most. */
static gboolean
put_text (AcMirrorStore *store, gint64 key, gboolean known, const char *text, GError **error)
{
  g_autofree char *before = NULL;

  if (known && !dup_text (store, key, &before, error))
    return FALSE;
  if (g_strcmp0 (before, text) == 0)
    return TRUE;
  return (before == NULL || unindex (store, key, before, error)) &&
         ac_sql_run (store->sql, error, "INSERT OR REPLACE INTO texts VALUES (?, ?)", "is", key,
                     text) &&
         index_text (store, key, text, error);
}

/* --- actions --- */

static gboolean
remove_other_assets (AcMirrorStore *store, gint64 key, GError **error)
{
  return ac_sql_run (store->sql, error, "DELETE FROM other_assets WHERE key = ?", "i", key);
}

static gboolean
put_other_assets (AcMirrorStore *store, gint64 key, const AcMirrorRow *row, GError **error)
{
  for (guint i = 1; i < row->assets->len; i++)
    if (!ac_sql_run (store->sql, error, "INSERT OR IGNORE INTO other_assets VALUES (?, ?)", "is",
                     key, row->assets->pdata[i]))
      return FALSE;
  return TRUE;
}

static gboolean
put_body (AcMirrorStore *store, gint64 key, const AcMirrorRow *row, GError **error)
{
  sqlite3_stmt *statement =
      ac_sql_query (store->sql, error, "INSERT OR REPLACE INTO bodies VALUES (?, ?)", "in", key);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_text64 (statement, 2, row->body.text, row->body.length, SQLITE_STATIC, SQLITE_UTF8);
  return run (store, statement, error);
}

/* @same: (out): whether the action is in the mirror just as it is. */
static gboolean
is_body (AcMirrorStore *store, gint64 key, const AcMirrorRow *row, gboolean *same, GError **error)
{
  g_autoptr (AcSqlReset) query =
      ac_sql_query (store->sql, error, "SELECT json FROM bodies WHERE key = ?", "i", key);
  AcSqlStep step = query != NULL ? ac_sql_step (store->sql, query, error) : AC_SQL_ERROR;

  *same = step == AC_SQL_ROW && (gsize)sqlite3_column_bytes (query, 0) == row->body.length &&
          memcmp (sqlite3_column_blob (query, 0), row->body.text, row->body.length) == 0;
  return step != AC_SQL_ERROR;
}

static gboolean
put_columns (AcMirrorStore *store,
             const Known *known,
             const AcMirrorId *id,
             const AcMirrorRow *row,
             gint64 kind,
             GError **error)
{
  const char *asset = row->assets->len > 0 ? row->assets->pdata[0] : "";
  gint64 pending = g_str_equal (row->status, "pending");
  AcMirrorId investigation;
  AcMirrorId operation;
  sqlite3_stmt *statement;

  /* Not INSERT OR REPLACE, which would take the row out of every index and put it in again; and the
   * id is what it was found by. */
  if (known->key != 0)
    statement = ac_sql_query (
        store->sql, error,
        "UPDATE actions SET version = ?2, generation = ?3, kind = ?4, pending = ?5, n_assets = ?6, "
        "  created_at = ?7, updated_at = ?8, details = ?9, asset = ?10, decided_by = ?11, "
        "  investigation = ?12, operation = ?13, expires_at = ?14 WHERE key = ?1",
        "iiiiiiiisssnni", known->key, row->version, store->generation, kind, pending,
        (gint64)row->assets->len, row->created_at, row->updated_at, row->details, asset,
        row->decided_by != NULL ? row->decided_by : "", row->expires_at);
  else
    statement = ac_sql_query (
        store->sql, error,
        "INSERT INTO actions (key, version, generation, kind, pending, n_assets, created_at, "
        "  updated_at, details, asset, decided_by, investigation, operation, expires_at, id) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        "iiiiiiiisssnnin", store->next_key, row->version, store->generation, kind, pending,
        (gint64)row->assets->len, row->created_at, row->updated_at, row->details, asset,
        row->decided_by != NULL ? row->decided_by : "", row->expires_at);
  if (statement == NULL)
    return FALSE;
  if (row->investigation_id != NULL)
    {
      ac_mirror_id_init (&investigation, row->investigation_id);
      bind_id (statement, 12, &investigation);
    }
  if (row->operation_id != NULL)
    {
      ac_mirror_id_init (&operation, row->operation_id);
      bind_id (statement, 13, &operation);
    }
  if (known->key == 0)
    bind_id (statement, 15, id);
  return run (store, statement, error);
}

/**
 * ac_mirror_store_put:
 * @whole_list: whether @row comes from the list of everything; else it is a change
 *
 * Puts an action in, or in the place of what is known of it.
 */
gboolean
ac_mirror_store_put (AcMirrorStore *store,
                     const AcMirrorRow *row,
                     gboolean whole_list,
                     GError **error)
{
  AcMirrorId id;
  Known known;
  Kind *kind;
  gint64 key;

  ac_mirror_id_init (&id, row->id);
  if (!find (store, &id, &known, error))
    return FALSE;
  if (known.generation != store->generation)
    store->n_met++;
  if (known.key != 0)
    {
      gboolean same = known.version == row->version && known.updated_at == row->updated_at;

      if (same && !is_body (store, known.key, row, &same, error))
        return FALSE;
      /* Within one generation versions only grow; a new one may begin again, from a backup. */
      if (known.generation == store->generation && (same || row->version < known.version))
        return TRUE;
      if (same && whole_list)
        return ac_sql_run (store->sql, error, "UPDATE actions SET generation = ? WHERE key = ?",
                           "ii", store->generation, known.key);
      store->went_back = store->went_back || row->version < known.version;
    }
  kind = get_kind (store, row, error);
  if (kind == NULL || !put_columns (store, &known, &id, row, kind->number, error))
    return FALSE;
  if (known.key != 0)
    subtract_kind (store, known.kind);
  kind->delta++;
  key = known.key;
  if (key == 0)
    {
      key = store->next_key++;
      store->added = TRUE;
    }
  if ((known.n_assets > 1 && !remove_other_assets (store, key, error)) ||
      !put_other_assets (store, key, row, error) || !put_body (store, key, row, error) ||
      !put_text (store, key, known.key != 0, row->text->str, error))
    return FALSE;
  g_array_append_val (store->changed, key);
  return TRUE;
}

/**
 * ac_mirror_store_remove:
 *
 * Takes an action out.
 */
gboolean
ac_mirror_store_remove (AcMirrorStore *store, gint64 key, GError **error)
{
  g_autofree char *text = NULL;
  gint64 kind;

  if (!ac_sql_get_integer (store->sql, &kind, 0, error, "SELECT kind FROM actions WHERE key = ?",
                           "i", key) ||
      !dup_text (store, key, &text, error) ||
      (text != NULL && !unindex (store, key, text, error)) ||
      !remove_other_assets (store, key, error) ||
      !ac_sql_run (store->sql, error, "DELETE FROM actions WHERE key = ?", "i", key) ||
      !ac_sql_run (store->sql, error, "DELETE FROM bodies WHERE key = ?", "i", key) ||
      !ac_sql_run (store->sql, error, "DELETE FROM texts WHERE key = ?", "i", key))
    return FALSE;
  subtract_kind (store, kind);
  g_array_append_val (store->changed, key);
  return TRUE;
}

gboolean
ac_mirror_store_remove_id (AcMirrorStore *store, const char *id, GError **error)
{
  AcMirrorId stored;
  Known known;

  ac_mirror_id_init (&stored, id);
  if (!find (store, &stored, &known, error))
    return FALSE;
  return known.key == 0 || ac_mirror_store_remove (store, known.key, error);
}

/**
 * ac_mirror_store_flush:
 *
 * Writes what is written once for all rows; to be called before the transaction is committed.
 */
gboolean
ac_mirror_store_flush (AcMirrorStore *store, GError **error)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, store->kinds);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Kind *kind = value;

      if (kind->delta != 0 &&
          !ac_sql_run (store->sql, error, "UPDATE kinds SET n = n + ? WHERE kind = ?", "ii",
                       kind->delta, kind->number))
        return FALSE;
      kind->delta = 0;
    }
  return !store->added ||
         ac_mirror_set_number (store->sql, AC_MIRROR_FIRST_KEY, store->next_key, error);
}
