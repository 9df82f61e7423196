/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An approval that nothing was done for yet is taken back, and costs nothing: the actions wait for
 * a decision again. What has begun, an undo and a retry are stopped where they are. */
#include "config.h"

#include <string.h>

#include "model/ac-time.h"
#include "store/ac-store-cluster.h"

typedef struct
{
  gint64 seq;
  guint n_taken_back; /* items that were taken back earlier */
  GArray *actions;    /* gint64: those that can be taken back */
  GArray *under_way;  /* gint64: those that can be stopped */
} TakeBack;

/* Only what came from pending goes back to it: a retry has done something before, an undo is about
 * what was done. */
static gboolean
find_items (AcSql *sql, TakeBack *take, GError **error)
{
  g_autoptr (AcSqlReset) query = ac_sql_query (
      sql, error,
      "SELECT i.action, i.state, a.status, i.before = 'pending' FROM operation_items AS i "
      "CROSS JOIN actions AS a ON a.seq = i.action "
      "WHERE i.operation = ? AND (i.state = 'takenBack' "
      "  OR (i.state IN ('queued', 'running') AND a.operation IS i.operation)) "
      "ORDER BY i.position",
      "i", take->seq);
  AcSqlStep step = AC_SQL_ERROR;

  while (query != NULL && (step = ac_sql_step (sql, query, error)) == AC_SQL_ROW)
    {
      gint64 action = sqlite3_column_int64 (query, 0);
      const char *state = ac_sql_text (query, 1);

      if (g_str_equal (state, "takenBack"))
        take->n_taken_back++;
      else if (g_str_equal (state, "queued") && sqlite3_column_int (query, 3) != 0 &&
               ac_transition_find (ac_status_parse (ac_sql_text (query, 2)), AC_EVENT_TAKE_BACK,
                                   NULL))
        g_array_append_val (take->actions, action);
      else
        g_array_append_val (take->under_way, action);
    }
  return step == AC_SQL_DONE;
}

static gboolean
take_back_action (AcWrite *write, gint64 seq, GError **error)
{
  g_autoptr (AcActionRow) row = ac_action_row_load (write->sql, seq, error);

  /* A queued action has no asset that is being worked on: the first one starts it. */
  return row != NULL &&
         ac_sql_run (write->sql, error, "DELETE FROM work WHERE action = ?", "i", seq) &&
         (!ac_store_looks_for_targets (row->type) || ac_write_cluster_let_go (write, seq, error)) &&
         ac_write_item_state (write, row, "takenBack", NULL, error) &&
         ac_write_transition (write, row, AC_EVENT_TAKE_BACK, NULL, NULL, error);
}

/* To stop twice is to stop once. */
static gboolean
note_stop (AcWrite *write, gint64 seq, GError **error)
{
  g_autofree char *id = NULL;
  gint64 version;

  {
    g_autoptr (AcSqlReset) query = ac_sql_query (
        write->sql, error, "SELECT id, version FROM operations WHERE seq = ?", "i", seq);

    if (query == NULL || ac_sql_step (write->sql, query, error) != AC_SQL_ROW)
      return FALSE;
    id = g_strdup (ac_sql_text (query, 0));
    version = sqlite3_column_int64 (query, 1);
  }
  if (!ac_sql_run (write->sql, error,
                   "UPDATE operations SET stopped_by = ? WHERE seq = ? AND stopped_by IS NULL",
                   "si", write->actor->name, seq))
    return FALSE;
  return ac_sql_n_changed (write->sql) == 0 || ac_write_audit (write,
                                                               &(AcAuditRow){ .event = "stop",
                                                                              .kind = "operation",
                                                                              .id = id,
                                                                              .version = version,
                                                                              .operation = seq },
                                                               error);
}

static gboolean
stop (AcWrite *write, const TakeBack *take, GError **error)
{
  if (take->under_way->len > 0 && !note_stop (write, take->seq, error))
    return FALSE;
  for (guint i = 0; i < take->under_way->len; i++)
    if (!ac_write_stop_action (write, g_array_index (take->under_way, gint64, i), error))
      return FALSE;
  return TRUE;
}

static gboolean
was_stopped (AcSql *sql, gint64 seq, gboolean *stopped, GError **error)
{
  gint64 n;

  if (!ac_sql_get_integer (sql, &n, 0, error,
                           "SELECT stopped_by IS NOT NULL FROM operations WHERE seq = ?", "i", seq))
    return FALSE;
  *stopped = n != 0;
  return TRUE;
}

/**
 * ac_store_take_back_operation:
 * @id: of the operation
 *
 * Takes back what of an approval has not begun, and stops the rest of the operation where it is. To
 * do so again changes nothing.
 *
 * Returns: (transfer full): the operation as it is now; or %NULL with AC_STORE_ERROR_NOT_FOUND,
 * AC_STORE_ERROR_CONFLICT when all of it is done, or AC_STORE_ERROR_FAILED.
 */
JsonObject *
ac_store_take_back_operation (AcStore *self, const char *id, const AcActor *actor, GError **error)
{
  g_auto (AcWrite) write = { 0 };
  g_autoptr (GArray) actions = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) under_way = g_array_new (FALSE, FALSE, sizeof (gint64));
  TakeBack take = { .actions = actions, .under_way = under_way };
  g_autoptr (JsonObject) answer = NULL;
  gboolean stopped;

  g_return_val_if_fail (AC_IS_STORE (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);
  g_return_val_if_fail (actor != NULL && actor->name != NULL, NULL);

  if (!ac_store_begin_write (self, &write, actor, error) ||
      !ac_sql_get_integer (write.sql, &take.seq, 0, error,
                           "SELECT seq FROM operations WHERE id = ?", "s", id))
    return NULL;
  if (take.seq == 0)
    {
      g_set_error (error, AC_STORE_ERROR, AC_STORE_ERROR_NOT_FOUND, "There is no operation “%s”.",
                   id);
      return NULL;
    }
  if (!find_items (write.sql, &take, error) || !was_stopped (write.sql, take.seq, &stopped, error))
    return NULL;
  if (actions->len + under_way->len + take.n_taken_back == 0 && !stopped)
    {
      g_set_error_literal (error, AC_STORE_ERROR, AC_STORE_ERROR_CONFLICT,
                           "It is too late to stop this: nothing of it is still waiting. What was "
                           "done can be undone.");
      return NULL;
    }
  for (guint i = 0; i < actions->len; i++)
    if (!take_back_action (&write, g_array_index (actions, gint64, i), error))
      return NULL;
  if (!stop (&write, &take, error) || !ac_write_sums (&write, error))
    return NULL;
  answer = ac_store_load_operation (write.sql, take.seq, TRUE, error);
  if (answer == NULL || (actions->len + under_way->len > 0 && !ac_write_commit (&write, error)))
    return NULL;
  return g_steal_pointer (&answer);
}
