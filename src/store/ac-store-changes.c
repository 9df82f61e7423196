/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The change log: everything that changed, in the order of the commits. */
#include "config.h"

#include "model/ac-json-text.h"
#include "model/ac-time.h"
#include "store/ac-store-private.h"

/* Rows that are forgotten in one transaction, so that decisions do not wait for long. */
#define PRUNE_CHUNK 5000

/**
 * ac_write_change:
 * @kind: "action", "investigation", "operation" or "submission"
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

/* An action that has changed several times stands in each of its changes as it is now, and is
 * written once. An action that is gone has no text, which tells whoever follows the log. */
static gboolean
add_action (AcSql *sql, gint64 seq, GHashTable *actions, GString *text, GError **error)
{
  const char *known = g_hash_table_lookup (actions, &seq);

  if (known == NULL)
    {
      g_autoptr (GString) action = g_string_new (NULL);
      gboolean found;

      if (!ac_store_add_action (sql, seq, FALSE, action, &found, error))
        return FALSE;
      known = action->str;
      g_hash_table_insert (actions, g_memdup2 (&seq, sizeof seq),
                           g_string_free (g_steal_pointer (&action), FALSE));
    }
  ac_json_text_add_json (text, "action", *known != '\0' ? known : NULL);
  return TRUE;
}

static gboolean
add_change (AcStore *self,
            AcSql *sql,
            sqlite3_stmt *query,
            const AcChangePlace *place,
            GHashTable *actions,
            GString *text,
            GError **error)
{
  g_autofree char *token = ac_store_format_token (self, place);
  const char *kind = ac_sql_text (query, 1);

  ac_json_text_open (text, '{');
  ac_json_text_add_string (text, "token", token);
  ac_json_text_add_string (text, "kind", kind);
  ac_json_text_add_string (text, "id", ac_sql_text (query, 5));
  ac_json_text_add_integer (text, "version", sqlite3_column_int64 (query, 3));
  ac_json_text_add_time (text, "at", place->at);
  if (g_str_equal (kind, "action") &&
      !add_action (sql, sqlite3_column_int64 (query, 2), actions, text, error))
    return FALSE;
  ac_json_text_close (text, '}');
  return TRUE;
}

/* @at: (out): AC_TIME_NONE where the change is not kept any more, or there was none. */
static gboolean
get_time (AcSql *sql, gint64 seq, gint64 *at, GError **error)
{
  return ac_sql_get_integer (sql, at, AC_TIME_NONE, error, "SELECT at FROM changes WHERE seq = ?",
                             "i", seq);
}

/* Where to begin to read, and where to stop. */
static gboolean
find_places (AcSql *sql, AcChangePlace *after, gint64 *up_to, GError **error)
{
  AcChangePlace found;
  gint64 first;
  gint64 last;

  if (!get_range (sql, &first, &last, error))
    return FALSE;
  if (after->seq == AC_CHANGES_NOW)
    *after = (AcChangePlace){ last, AC_TIME_NONE };
  found.seq = after->seq;
  if (!get_time (sql, found.seq, &found.at, error))
    return FALSE;
  /* A number beyond the last one, or of another change, was given out by a database that has since
   * been brought back from a backup. */
  if (after->seq < first - 1 || after->seq > last || !ac_change_place_equal (after, &found))
    {
      g_set_error_literal (error, AC_STORE_ERROR, AC_STORE_ERROR_TOKEN_GONE,
                           "The changes since this token are not kept any more. Read everything "
                           "anew.");
      return FALSE;
    }
  if (found.at != AC_TIME_NONE)
    after->at = found.at;
  *up_to = MIN (*up_to, last);
  return TRUE;
}

static gboolean
add_changes (AcStore *self,
             AcSql *sql,
             AcLogPage *page,
             gint64 up_to,
             guint limit,
             gsize most_bytes,
             GString *text,
             GError **error)
{
  g_autoptr (GHashTable) actions =
      g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  g_autoptr (AcSqlReset) query = ac_sql_query (
      sql, error,
      "SELECT c.seq, c.kind, c.target, c.version, c.at, "
      "  CASE c.kind"
      "    WHEN 'action' THEN coalesce ((SELECT id FROM actions WHERE seq = c.target),"
      "      (SELECT id FROM removed_actions WHERE seq = c.target))"
      "    WHEN 'operation' THEN (SELECT id FROM operations WHERE seq = c.target)"
      "    WHEN 'submission' THEN (SELECT id FROM submissions WHERE seq = c.target)"
      "    ELSE (SELECT id FROM investigations WHERE seq = c.target)"
      "  END "
      "FROM changes AS c WHERE c.seq > ? AND c.seq <= ? ORDER BY c.seq LIMIT ?",
      "iii", page->after.seq, up_to, (gint64)limit);
  AcSqlStep step = AC_SQL_ERROR;

  while (query != NULL && (step = ac_sql_step (sql, query, error)) == AC_SQL_ROW)
    {
      AcChangePlace place = { sqlite3_column_int64 (query, 0), ac_sql_time (query, 4) };
      gsize before = text->len;

      if (!add_change (self, sql, query, &place, actions, text, error))
        return FALSE;
      if (page->n_items > 0 && text->len > most_bytes)
        {
          g_string_truncate (text, before);
          return TRUE;
        }
      page->next = place;
      page->n_items++;
    }
  return step == AC_SQL_DONE;
}

static AcLogPage *
read_changes (AcStore *self,
              AcSql *sql,
              const AcChangePlace *since,
              gint64 up_to,
              guint limit,
              gsize most_bytes,
              GError **error)
{
  g_autoptr (AcLogPage) page = g_new0 (AcLogPage, 1);
  g_autoptr (GString) text = g_string_new (NULL);
  AcChangePlace after = *since;

  if (!find_places (sql, &after, &up_to, error))
    return NULL;
  page->after = after;
  page->next = after;
  limit = limit == 0 ? AC_STORE_PAGE_DEFAULT : MIN (limit, AC_STORE_PAGE_MAX);
  ac_json_text_open (text, '{');
  ac_json_text_add_name (text, "items");
  ac_json_text_open (text, '[');
  if (after.seq < up_to && !add_changes (self, sql, page, up_to, limit, most_bytes, text, error))
    return NULL;
  ac_json_text_close (text, ']');
  page->token = ac_store_format_token (self, &page->next);
  page->more = page->next.seq < up_to;
  ac_json_text_add_string (text, "next", page->token);
  ac_json_text_add_boolean (text, "more", page->more);
  ac_json_text_close (text, '}');
  page->text = g_string_free_to_bytes (g_steal_pointer (&text));
  return g_steal_pointer (&page);
}

void
ac_log_page_free (AcLogPage *page)
{
  if (page == NULL)
    return;
  g_clear_pointer (&page->text, g_bytes_unref);
  g_free (page->token);
  g_free (page);
}

/**
 * ac_store_get_last_change:
 * @place: (out): behind the last change
 */
gboolean
ac_store_get_last_change (AcStore *self, AcChangePlace *place, GError **error)
{
  gboolean good;
  gint64 first;
  AcSql *sql;

  g_return_val_if_fail (AC_IS_STORE (self), FALSE);

  sql = ac_store_begin_read (self, error);
  if (sql == NULL)
    return FALSE;
  good =
      get_range (sql, &first, &place->seq, error) && get_time (sql, place->seq, &place->at, error);
  ac_store_end_read (self, sql);
  return good;
}

/**
 * ac_store_read_changes:
 * @after: a place, or one at AC_CHANGES_NOW for no items
 * @up_to: a place at which to stop
 * @limit: at most this many items; 0 for the default
 * @most_bytes: about so long the text may be, unless its first item alone is longer
 *
 * Returns: (transfer full): the page; or %NULL with AC_STORE_ERROR_TOKEN_GONE or
 * AC_STORE_ERROR_FAILED.
 */
AcLogPage *
ac_store_read_changes (AcStore *self,
                       const AcChangePlace *after,
                       gint64 up_to,
                       guint limit,
                       gsize most_bytes,
                       GError **error)
{
  AcLogPage *page;
  AcSql *sql;

  g_return_val_if_fail (AC_IS_STORE (self), NULL);

  sql = ac_store_begin_read (self, error);
  if (sql == NULL)
    return NULL;
  page = read_changes (self, sql, after, up_to, limit, most_bytes, error);
  ac_store_end_read (self, sql);
  return page;
}

/**
 * ac_store_list_changes:
 * @since: (nullable): a token; %NULL for no items and the token of now
 * @limit: at most this many items; 0 for the default
 *
 * Returns: (transfer full): the answer of GET /changes; or %NULL with AC_STORE_ERROR_TOKEN_GONE,
 * AC_STORE_ERROR_BAD_CURSOR or AC_STORE_ERROR_FAILED.
 */
GBytes *
ac_store_list_changes (AcStore *self, const char *since, guint limit, GError **error)
{
  g_autoptr (AcLogPage) page = NULL;
  AcChangePlace after = { AC_CHANGES_NOW, AC_TIME_NONE };

  g_return_val_if_fail (AC_IS_STORE (self), NULL);

  if (since != NULL && !ac_store_parse_token (self, since, &after, error))
    return NULL;
  page = ac_store_read_changes (self, &after, G_MAXINT64, limit, AC_STORE_PAGE_MAX_BYTES, error);
  return page != NULL ? g_steal_pointer (&page->text) : NULL;
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
      (!ac_sql_run (write.sql, error, "DELETE FROM idempotency WHERE created_at < ?", "i",
                    older_than) ||
       !ac_sql_run (write.sql, error, "DELETE FROM proposals WHERE created_at < ?", "i",
                    older_than)))
    return FALSE;
  return ac_write_commit (&write, error);
}

/**
 * ac_store_prune_changes:
 * @older_than: microseconds since 1970 in UTC
 * @cancellable: (nullable): asked between the small transactions; the rest is for the next time
 * @n_pruned: (out) (optional): how many rows of the change log went
 */
gboolean
ac_store_prune_changes (AcStore *self,
                        gint64 older_than,
                        GCancellable *cancellable,
                        guint64 *n_pruned,
                        GError **error)
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
  while (n == PRUNE_CHUNK && !g_cancellable_is_cancelled (cancellable));
  if (n_pruned != NULL)
    *n_pruned = sum;
  return TRUE;
}
