/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The change log: everything that changed, in the order of the commits. */
#include "config.h"

#include "model/ac-time.h"
#include "store/ac-store-private.h"

/* Rows that are forgotten in one transaction, so that decisions do not wait for long. */
#define PRUNE_CHUNK 5000

/**
 * ac_write_change:
 * @kind: "action", "investigation" or "operation"
 * @target: the row in the table of its kind
 */
gboolean
ac_write_change (AcWrite *write, const char *kind, gint64 target, gint64 version, GError **error)
{
  write->changed = TRUE;
  return ac_sql_run (write->sql, error,
                     "INSERT INTO changes (kind, target, version, at) VALUES (?, ?, ?, ?)", "siii",
                     kind, target, version, write->now);
}

/* The numbers between which the log is whole: a reader that has seen `first - 1` has missed
 * nothing. */
static gboolean
get_range (AcSql *sql, gint64 *first, gint64 *last, GError **error)
{
  return ac_sql_get_integer (sql, last, 0, error,
                             "SELECT seq FROM sqlite_sequence WHERE name = 'changes'", "") &&
         ac_sql_get_integer (sql, first, *last + 1, error, "SELECT min (seq) FROM changes", "");
}

static JsonObject *
change_to_json (AcStore *self, AcSql *sql, sqlite3_stmt *query, GHashTable *actions, GError **error)
{
  g_autoptr (JsonObject) change = json_object_new ();
  g_autofree char *token = ac_store_format_token (self, sqlite3_column_int64 (query, 0));
  const char *kind = ac_sql_text (query, 1);
  gint64 target = sqlite3_column_int64 (query, 2);

  ac_json_set_string (change, "token", token);
  ac_json_set_string (change, "kind", kind);
  ac_json_set_string (change, "id", ac_sql_text (query, 5));
  json_object_set_int_member (change, "version", sqlite3_column_int64 (query, 3));
  ac_json_set_time (change, "at", ac_sql_time (query, 4));
  if (g_str_equal (kind, "action"))
    {
      JsonObject *action = g_hash_table_lookup (actions, &target);

      if (action == NULL)
        {
          action = ac_store_load_action (sql, target, FALSE, error);
          if (action == NULL)
            return NULL;
          g_hash_table_insert (actions, g_memdup2 (&target, sizeof target), action);
        }
      json_object_set_object_member (change, "action", json_object_ref (action));
    }
  return g_steal_pointer (&change);
}

static JsonObject *
list_changes (AcStore *self, AcSql *sql, const char *since, guint limit, GError **error)
{
  g_autoptr (JsonObject) page = json_object_new ();
  g_autoptr (GHashTable) actions = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free,
                                                          (GDestroyNotify)json_object_unref);
  g_autoptr (AcSqlReset) query = NULL;
  g_autofree char *next = NULL;
  JsonArray *items = json_array_new ();
  gint64 first;
  gint64 last;
  gint64 seen;
  AcSqlStep step;

  json_object_set_array_member (page, "items", items);
  if (!get_range (sql, &first, &last, error))
    return NULL;
  seen = last;
  if (since != NULL && !ac_store_parse_token (self, since, &seen, error))
    return NULL;
  /* A number beyond the last one was given out by a database that has since been brought back from
   * a backup. */
  if (seen < first - 1 || seen > last)
    {
      g_set_error_literal (error, AC_STORE_ERROR, AC_STORE_ERROR_TOKEN_GONE,
                           "The changes since this token are not kept any more. Read everything "
                           "anew.");
      return NULL;
    }

  limit = limit == 0 ? AC_STORE_PAGE_DEFAULT : MIN (limit, AC_STORE_PAGE_MAX);
  query = ac_sql_query (sql, error,
                        "SELECT c.seq, c.kind, c.target, c.version, c.at, "
                        "  CASE c.kind"
                        "    WHEN 'action' THEN (SELECT id FROM actions WHERE seq = c.target)"
                        "    WHEN 'operation' THEN (SELECT id FROM operations WHERE seq = c.target)"
                        "    ELSE (SELECT id FROM investigations WHERE seq = c.target)"
                        "  END "
                        "FROM changes AS c WHERE c.seq > ? ORDER BY c.seq LIMIT ?",
                        "ii", seen, (gint64)limit);
  if (query == NULL)
    return NULL;
  while ((step = ac_sql_step (sql, query, error)) == AC_SQL_ROW)
    {
      JsonObject *change = change_to_json (self, sql, query, actions, error);

      if (change == NULL)
        return NULL;
      json_array_add_object_element (items, change);
      seen = sqlite3_column_int64 (query, 0);
    }
  if (step == AC_SQL_ERROR)
    return NULL;
  next = ac_store_format_token (self, seen);
  ac_json_set_string (page, "next", next);
  json_object_set_boolean_member (page, "more", seen < last);
  return g_steal_pointer (&page);
}

/**
 * ac_store_list_changes:
 * @since: (nullable): a token; %NULL for no items and the token of now
 * @limit: at most this many items; 0 for the default
 *
 * Returns: (transfer full): the answer of GET /changes; or %NULL with AC_STORE_ERROR_TOKEN_GONE,
 * AC_STORE_ERROR_BAD_CURSOR or AC_STORE_ERROR_FAILED.
 */
JsonObject *
ac_store_list_changes (AcStore *self, const char *since, guint limit, GError **error)
{
  JsonObject *page;
  AcSql *sql;

  g_return_val_if_fail (AC_IS_STORE (self), NULL);

  sql = ac_store_begin_read (self, error);
  if (sql == NULL)
    return NULL;
  page = list_changes (self, sql, since, limit, error);
  ac_store_end_read (self, sql);
  return page;
}

/* TRUE with *n < PRUNE_CHUNK: that was all. */
static gboolean
prune_chunk (AcStore *self, gint64 older_than, gint64 *n, GError **error)
{
  static const AcActor service = { "service", NULL };
  g_auto (AcWrite) write = { 0 };

  if (!ac_store_begin_write (self, &write, &service, error))
    return FALSE;
  /* The log has no index over time: it stops at the first row that is young enough, which keeps it
   * whole from there on even where the clock was set back. */
  if (!ac_sql_run (
          write.sql, error,
          "DELETE FROM changes WHERE seq < ("
          "  SELECT coalesce ((SELECT seq FROM changes WHERE at >= ?1 ORDER BY seq LIMIT 1),"
          "                   (SELECT max (seq) + 1 FROM changes)))"
          " AND seq < (SELECT min (seq) FROM changes) + ?2",
          "ii", older_than, (gint64)PRUNE_CHUNK))
    return FALSE;
  *n = ac_sql_n_changed (write.sql);
  if (*n < PRUNE_CHUNK &&
      !ac_sql_run (write.sql, error, "DELETE FROM idempotency WHERE created_at < ?", "i",
                   older_than))
    return FALSE;
  return ac_write_commit (&write, error);
}

/**
 * ac_store_prune_changes:
 * @older_than: microseconds since 1970 in UTC
 * @n_pruned: (out) (optional): how many rows of the change log went
 */
gboolean
ac_store_prune_changes (AcStore *self, gint64 older_than, guint64 *n_pruned, GError **error)
{
  guint64 sum = 0;
  gint64 n;

  g_return_val_if_fail (AC_IS_STORE (self), FALSE);

  do
    {
      if (!prune_chunk (self, older_than, &n, error))
        return FALSE;
      sum += (guint64)n;
    }
  while (n == PRUNE_CHUNK);
  if (n_pruned != NULL)
    *n_pruned = sum;
  return TRUE;
}
