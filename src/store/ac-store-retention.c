/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was settled long ago leaves the database, in small transactions, and says so in the change
 * log. The audit log keeps everything. */
#include "config.h"

#include "model/ac-time.h"
#include "store/ac-store-private.h"

/* Actions that leave in one transaction, so that decisions do not wait for long. */
#define CHUNK 200

static const AcActor service_actor = { "service", NULL };

/* Nothing is done with an action in these by itself. */
static const AcStatus settled[] = {
  AC_STATUS_REJECTED,  AC_STATUS_EXPIRED, AC_STATUS_CANCELLED,   AC_STATUS_UNDONE,
  AC_STATUS_COMPLETED, AC_STATUS_FAILED,  AC_STATUS_UNDO_FAILED, AC_STATUS_PARTLY_COMPLETED,
};

/* The action with the highest row number stays, so that the number is not given out again: audit
 * and change log know actions by it. */
static gboolean
find_settled (AcSql *sql,
              AcStatus status,
              gint64 older_than,
              gint64 undo_older_than,
              GArray *seqs,
              GError **error)
{
  g_autoptr (AcSqlReset) query = ac_sql_query (
      sql, error,
      "SELECT seq FROM actions AS a INDEXED BY actions_by_status_updated_at "
      "WHERE status = ?1 AND updated_at < ?2 AND seq < (SELECT max (seq) FROM actions)"
      " AND (updated_at < ?3 OR (moved = 0 AND NOT EXISTS"
      "      (SELECT 1 FROM receipts AS r WHERE r.action = a.seq AND r.state = 'open')"
      "      AND NOT EXISTS (SELECT 1 FROM cluster_messages AS m"
      "        WHERE m.action = a.seq AND m.receipt_is_open))) "
      "ORDER BY updated_at LIMIT ?4",
      "siii", ac_status_wire (status), older_than, undo_older_than, (gint64)(CHUNK - seqs->len));
  AcSqlStep step = AC_SQL_ERROR;

  while (query != NULL && (step = ac_sql_step (sql, query, error)) == AC_SQL_ROW)
    {
      gint64 seq = sqlite3_column_int64 (query, 0);

      g_array_append_val (seqs, seq);
    }
  return step == AC_SQL_DONE;
}

/* Contentless: the search index must be told what it holds. */
static gboolean
delete_rows (AcSql *sql, gint64 seq, GError **error)
{
  static const char *const statements[] = {
    "INSERT INTO action_search (action_search, rowid, text) "
    "SELECT 'delete', action, search FROM action_texts WHERE action = ?",
    "DELETE FROM receipts WHERE action = ?",
    "DELETE FROM work WHERE action = ?",
    "DELETE FROM cluster_found WHERE action = ?",
    "DELETE FROM cluster_looked WHERE action = ?",
    "DELETE FROM cluster_unreadable WHERE action = ?",
    "DELETE FROM cluster_messages WHERE action = ?",
    "DELETE FROM clusters WHERE action = ?",
    "DELETE FROM operation_items WHERE action = ?",
    "DELETE FROM action_assets WHERE action = ?",
    "DELETE FROM action_texts WHERE action = ?",
    "DELETE FROM actions WHERE seq = ?",
  };

  for (guint i = 0; i < G_N_ELEMENTS (statements); i++)
    if (!ac_sql_run (sql, error, statements[i], "i", seq))
      return FALSE;
  return TRUE;
}

static gboolean
remove_action (AcWrite *write, gint64 seq, GError **error)
{
  g_autoptr (AcActionRow) row = ac_action_row_load (write->sql, seq, error);

  if (row == NULL)
    return FALSE;
  ac_write_count (write, row, -1);
  return ac_sql_run (write->sql, error,
                     "INSERT INTO removed_actions "
                     "SELECT seq, id, investigation, digest, ?2 FROM actions WHERE seq = ?1",
                     "ii", seq, write->now) &&
         delete_rows (write->sql, seq, error) &&
         ac_write_audit (write,
                         &(AcAuditRow){ .event = "remove",
                                        .kind = "action",
                                        .id = row->id,
                                        .version = row->version + 1,
                                        .action = seq,
                                        .before = ac_status_wire (row->status) },
                         error) &&
         ac_write_change (write, "action", seq, row->version + 1, error);
}

/**
 * ac_store_remove_settled:
 * @older_than: microseconds since 1970 in UTC: what was changed last before that leaves
 * @undo_older_than: the same for what undo could still bring back, or that may be half done
 * @n_removed: (out): how many have left; there may be more while this is not 0
 *
 * One small transaction. The actions leave with their assets, receipts and places in operations;
 * investigations and operations stay, with their counts.
 */
gboolean
ac_store_remove_settled (AcStore *self,
                         gint64 older_than,
                         gint64 undo_older_than,
                         guint *n_removed,
                         GError **error)
{
  g_autoptr (GArray) seqs = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_auto (AcWrite) write = { 0 };

  g_return_val_if_fail (AC_IS_STORE (self), FALSE);

  *n_removed = 0;
  undo_older_than = MIN (undo_older_than, older_than);
  if (!ac_store_begin_write (self, &write, &service_actor, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (settled) && seqs->len < CHUNK; i++)
    if (!find_settled (write.sql, settled[i], older_than, undo_older_than, seqs, error))
      return FALSE;
  for (guint i = 0; i < seqs->len; i++)
    if (!remove_action (&write, g_array_index (seqs, gint64, i), error))
      return FALSE;
  if (seqs->len > 0 && !ac_write_commit (&write, error))
    return FALSE;
  *n_removed = seqs->len;
  return TRUE;
}

/**
 * ac_store_get_last_written:
 *
 * Returns: when the newest entry of the audit log was written, in microseconds since 1970 in UTC;
 * AC_TIME_NONE: there is none; 0: it could not be read.
 */
gint64
ac_store_get_last_written (AcStore *self)
{
  g_autoptr (GError) error = NULL;
  gint64 at = AC_TIME_NONE;
  AcSql *sql;

  g_return_val_if_fail (AC_IS_STORE (self), AC_TIME_NONE);

  sql = ac_store_begin_read (self, &error);
  if (sql == NULL || !ac_sql_get_integer (sql, &at, AC_TIME_NONE, &error,
                                          "SELECT at FROM audit ORDER BY seq DESC LIMIT 1", ""))
    {
      g_warning ("The end of the audit log could not be read: %s", error->message);
      at = 0;
    }
  ac_store_end_read (self, sql);
  return at;
}
