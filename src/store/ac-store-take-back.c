/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An approval that nothing was done for yet is taken back, and costs nothing: the actions wait for
 * a decision again. What has begun goes on; that is what undo is for. */
#include "config.h"

#include <string.h>

#include "model/ac-time.h"
#include "store/ac-store-cluster.h"

typedef struct
{
  gint64 seq;
  guint n_queued;     /* items that can be taken back */
  guint n_taken_back; /* items that were, earlier */
  GArray *actions;    /* gint64: the rows of those that can be */
} TakeBack;

/* Only what came from pending goes back to it: a retry has done something before. */
static gboolean
find_items (AcSql *sql, TakeBack *take, GError **error)
{
  g_autoptr (AcSqlReset) query = ac_sql_query (
      sql, error,
      "SELECT i.action, i.state, a.status, a.operation IS i.operation FROM operation_items AS i "
      "CROSS JOIN actions AS a ON a.seq = i.action "
      "WHERE i.operation = ? AND i.before = 'pending' ORDER BY i.position",
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
    }
  take->n_queued = take->actions->len;
  return step == AC_SQL_DONE;
}

static gboolean
take_back_action (AcWrite *write, gint64 seq, GError **error)
{
  g_autoptr (AcActionRow) row = ac_action_row_load (write->sql, seq, error);

  /* A queued action has no asset that is being worked on: the first one starts it. */
  return row != NULL &&
         ac_sql_run (write->sql, error, "DELETE FROM work WHERE action = ?", "i", seq) &&
         (row->type != AC_ACTION_TYPE_SOFT_DELETE_EMAIL_CLUSTER ||
          ac_write_cluster_let_go (write, seq, error)) &&
         ac_write_item_state (write, row, "takenBack", NULL, error) &&
         ac_write_transition (write, row, AC_EVENT_TAKE_BACK, NULL, NULL, error);
}

/**
 * ac_store_take_back_operation:
 * @id: of the operation
 *
 * Takes back what of the operation has not begun. To do so again changes nothing.
 *
 * Returns: (transfer full): the operation as it is now; or %NULL with AC_STORE_ERROR_NOT_FOUND,
 * AC_STORE_ERROR_CONFLICT when nothing of it can be taken back, or AC_STORE_ERROR_FAILED.
 */
JsonObject *
ac_store_take_back_operation (AcStore *self, const char *id, const AcActor *actor, GError **error)
{
  g_auto (AcWrite) write = { 0 };
  g_autoptr (GArray) actions = g_array_new (FALSE, FALSE, sizeof (gint64));
  TakeBack take = { .actions = actions };
  g_autoptr (JsonObject) answer = NULL;

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
  if (!find_items (write.sql, &take, error))
    return NULL;
  if (take.n_queued == 0 && take.n_taken_back == 0)
    {
      g_set_error_literal (error, AC_STORE_ERROR, AC_STORE_ERROR_CONFLICT,
                           "It is too late to take this back: nothing of it is still waiting. What "
                           "was done can be undone.");
      return NULL;
    }
  for (guint i = 0; i < actions->len; i++)
    if (!take_back_action (&write, g_array_index (actions, gint64, i), error))
      return NULL;
  if (!ac_write_sums (&write, error))
    return NULL;
  answer = ac_store_load_operation (write.sql, take.seq, TRUE, FALSE, error);
  if (answer == NULL || (actions->len > 0 && !ac_write_commit (&write, error)))
    return NULL;
  return g_steal_pointer (&answer);
}
