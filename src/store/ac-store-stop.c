/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An operation that is stopped in the middle. What nobody has begun is not begun any more, and says
 * so; what is being worked on comes to its end, and is not tried again when that end is a failure;
 * what may have been half done when its server went away is looked at once more. */
#include "config.h"

#include "model/ac-time.h"
#include "store/ac-store-cluster.h"

/* The rows of work that nobody has in hand. Where a receipt is open something may have been done,
 * which only a responder can find out. */
#define NOT_IN_HAND "action = ?1 AND state <> 'taken' AND look = 0"
#define NOT_BEGUN                                                                                  \
  NOT_IN_HAND " AND NOT EXISTS (SELECT 1 FROM receipts AS r WHERE r.action = work.action "         \
              "  AND r.asset = work.asset AND r.state = 'open')"

static char *
words_of (AcSql *sql, const AcActionRow *row, GError **error)
{
  g_autoptr (AcSqlReset) query =
      ac_sql_query (sql, error, "SELECT coalesce (stopped_by, '') FROM operations WHERE seq = ?",
                    "i", row->operation);

  if (query == NULL || ac_sql_step (sql, query, error) != AC_SQL_ROW)
    return NULL;
  return g_strdup_printf ("Not done: %s has stopped it before its turn. Try again to go on.",
                          ac_sql_text (query, 0));
}

static gboolean
stop_assets (AcWrite *write, const AcActionRow *row, const char *words, GError **error)
{
  return ac_sql_run (write->sql, error,
                     "UPDATE action_assets SET outcome = ?2, detail = ?3, at = ?4, operation = ?5 "
                     "WHERE action = ?1 AND asset IN (SELECT asset FROM work WHERE " NOT_BEGUN ")",
                     "issii", row->seq, ac_outcome_wire (AC_OUTCOME_FAILED), words, write->now,
                     row->operation) &&
         ac_sql_run (write->sql, error, "DELETE FROM work WHERE " NOT_BEGUN, "i", row->seq);
}

static gboolean
list_stopped_mailboxes (AcSql *sql, gint64 action, GPtrArray *mailboxes, GError **error)
{
  g_autoptr (AcSqlReset) query = ac_sql_query (
      sql, error,
      "SELECT asset FROM work WHERE " NOT_IN_HAND " AND NOT EXISTS (SELECT 1 "
      "  FROM cluster_messages AS m WHERE m.action = work.action AND m.asset = work.asset "
      "    AND m.todo)",
      "i", action);
  AcSqlStep step = AC_SQL_ERROR;

  while (query != NULL && (step = ac_sql_step (sql, query, error)) == AC_SQL_ROW)
    g_ptr_array_add (mailboxes, g_strdup (ac_sql_text (query, 0)));
  return step == AC_SQL_DONE;
}

static gboolean
stop_mailboxes (AcWrite *write,
                const AcActionRow *row,
                gboolean undo,
                const char *words,
                GError **error)
{
  g_autoptr (GPtrArray) mailboxes = g_ptr_array_new_with_free_func (g_free);

  if (!ac_write_forget_look (write, row->seq, error) ||
      !ac_sql_run (write->sql, error,
                   "UPDATE cluster_messages SET todo = 0, outcome = ?2, detail = ?3, at = ?4, "
                   "  operation = ?5 WHERE action = ?1 AND todo AND NOT receipt_is_open "
                   "AND asset IN (SELECT asset FROM work WHERE " NOT_IN_HAND ")",
                   "issii", row->seq, ac_outcome_wire (AC_OUTCOME_FAILED), words, write->now,
                   row->operation) ||
      !list_stopped_mailboxes (write->sql, row->seq, mailboxes, error))
    return FALSE;
  for (guint i = 0; i < mailboxes->len; i++)
    if (!ac_sql_run (write->sql, error, "DELETE FROM work WHERE action = ? AND asset = ?", "is",
                     row->seq, mailboxes->pdata[i]) ||
        !ac_write_settle_mailbox (write, row, mailboxes->pdata[i], undo, error))
      return FALSE;
  return TRUE;
}

/* What is left is in somebody's hands, or has to be looked at once more, now. */
static gboolean
let_end (AcWrite *write, gint64 action, GError **error)
{
  write->changed = TRUE;
  return ac_sql_run (write->sql, error,
                     "UPDATE work SET stopped = 1, not_before = NULL, "
                     "  state = CASE state WHEN 'delayed' THEN 'ready' ELSE state END "
                     "WHERE action = ?",
                     "i", action);
}

/* An action that had not begun yet goes through its beginning to its end. */
static gboolean
end_now (AcWrite *write, gint64 action, gboolean undo, GError **error)
{
  g_autoptr (AcActionRow) row = NULL;

  return ac_write_start_action (write, action, error) &&
         (row = ac_action_row_load (write->sql, action, error)) != NULL &&
         ac_write_end_action (write, row, undo, error);
}

/**
 * ac_write_stop_action:
 * @action: one that is to be carried out or undone, in an operation that was stopped
 *
 * Ends what of it nobody has begun. To be called again whenever something of it comes back into the
 * queue.
 */
gboolean
ac_write_stop_action (AcWrite *write, gint64 action, GError **error)
{
  g_autoptr (AcActionRow) row = ac_action_row_load (write->sql, action, error);
  g_autofree char *words = row != NULL ? words_of (write->sql, row, error) : NULL;
  gboolean has_cluster = FALSE;
  gboolean undo;
  gint64 left;

  if (words == NULL || (row->type == AC_ACTION_TYPE_SOFT_DELETE_EMAIL_CLUSTER &&
                        !ac_store_has_cluster (write->sql, action, &has_cluster, error)))
    return FALSE;
  undo = row->status == AC_STATUS_UNDO_QUEUED || row->status == AC_STATUS_UNDOING;
  if (!(has_cluster ? stop_mailboxes (write, row, undo, words, error)
                    : stop_assets (write, row, words, error)) ||
      !ac_sql_get_integer (write->sql, &left, 0, error,
                           "SELECT count (*) FROM work WHERE action = ?", "i", action))
    return FALSE;
  return left > 0 ? let_end (write, action, error) : end_now (write, action, undo, error);
}

/**
 * ac_write_stop_again:
 *
 * Ends what of stopped operations has come back into the queue.
 */
gboolean
ac_write_stop_again (AcWrite *write, GError **error)
{
  g_autoptr (GArray) actions = g_array_new (FALSE, FALSE, sizeof (gint64));

  {
    g_autoptr (AcSqlReset) query =
        ac_sql_query (write->sql, error,
                      "SELECT DISTINCT action FROM work WHERE stopped AND state <> 'taken'", "");
    AcSqlStep step = AC_SQL_ERROR;

    while (query != NULL && (step = ac_sql_step (write->sql, query, error)) == AC_SQL_ROW)
      {
        gint64 action = sqlite3_column_int64 (query, 0);

        g_array_append_val (actions, action);
      }
    if (step != AC_SQL_DONE)
      return FALSE;
  }
  for (guint i = 0; i < actions->len; i++)
    if (!ac_write_stop_action (write, g_array_index (actions, gint64, i), error))
      return FALSE;
  return TRUE;
}
