/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one place where an action changes its status: the row, its audit row and its change-log row
 * are written together, and what depends on them (the counts of lists, the status of the
 * investigation, the counts of the operation) is summed up and written once, before the commit. */
#include "config.h"

#include <string.h>

#include "model/ac-time.h"
#include "store/ac-store-private.h"

typedef struct
{
  AcStatus status;
  AcActionType type;
  AcVerdict verdict;
  AcSource source;
  AcEntityType entity_type;
  char *decided_by;
  gint64 n;
} AcCountDelta;

typedef struct
{
  gint64 seq;
  gint64 done;
  gint64 failed;
  gint64 skipped;
} AcOperationDelta;

void
ac_action_row_free (AcActionRow *row)
{
  if (row == NULL)
    return;
  g_free (row->id);
  g_free (row->decided_by);
  g_free (row);
}

#define ROW_COLUMNS                                                                                \
  "seq, id, version, status, type, verdict, source, entity_type, decided_by, investigation, "      \
  "operation, operation_position, moved"

/* NULL without an error: there is no such row. */
static AcActionRow *
step_row (AcSql *sql, sqlite3_stmt *query, GError **error)
{
  AcActionRow *row;

  if (query == NULL || ac_sql_step (sql, query, error) != AC_SQL_ROW)
    return NULL;
  row = g_new0 (AcActionRow, 1);
  row->seq = sqlite3_column_int64 (query, 0);
  row->id = g_strdup (ac_sql_text (query, 1));
  row->version = sqlite3_column_int64 (query, 2);
  row->status = ac_status_parse (ac_sql_text (query, 3));
  row->type = ac_action_type_parse (ac_sql_text (query, 4));
  row->verdict = (AcVerdict)ac_vocabulary_parse (AC_VOCABULARY_VERDICT, ac_sql_text (query, 5));
  row->source = (AcSource)ac_vocabulary_parse (AC_VOCABULARY_SOURCE, ac_sql_text (query, 6));
  row->entity_type = ac_entity_type_parse (ac_sql_text (query, 7));
  row->decided_by = g_strdup (ac_sql_text (query, 8));
  row->investigation = sqlite3_column_int64 (query, 9);
  row->operation = sqlite3_column_int64 (query, 10);
  row->operation_position = sqlite3_column_int64 (query, 11);
  row->moved = (guint)sqlite3_column_int64 (query, 12);
  return row;
}

/**
 * ac_action_row_load_by_id:
 *
 * Returns: (transfer full): the row, or %NULL with AC_STORE_ERROR_NOT_FOUND.
 */
AcActionRow *
ac_action_row_load_by_id (AcSql *sql, const char *id, GError **error)
{
  g_autoptr (AcSqlReset) query =
      ac_sql_query (sql, error, "SELECT " ROW_COLUMNS " FROM actions WHERE id = ?", "s", id);
  g_autoptr (GError) local_error = NULL;
  AcActionRow *row;

  if (query == NULL)
    return NULL;
  row = step_row (sql, query, &local_error);
  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else if (row == NULL)
    g_set_error (error, AC_STORE_ERROR, AC_STORE_ERROR_NOT_FOUND, "There is no action “%s”.", id);
  return row;
}

/**
 * ac_action_row_load:
 *
 * Returns: (transfer full): the row, or %NULL with an error.
 */
AcActionRow *
ac_action_row_load (AcSql *sql, gint64 seq, GError **error)
{
  g_autoptr (AcSqlReset) query =
      ac_sql_query (sql, error, "SELECT " ROW_COLUMNS " FROM actions WHERE seq = ?", "i", seq);
  g_autoptr (GError) local_error = NULL;
  AcActionRow *row;

  if (query == NULL)
    return NULL;
  row = step_row (sql, query, &local_error);
  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else if (row == NULL)
    g_set_error (error, AC_STORE_ERROR, AC_STORE_ERROR_NOT_FOUND,
                 "There is no action in row %" G_GINT64_FORMAT ".", seq);
  return row;
}

/* --- sums --- */

static guint
count_hash (gconstpointer key)
{
  const AcCountDelta *delta = key;

  return ((((guint)delta->status * 16 + (guint)delta->type) * 16 + (guint)delta->verdict) * 16 +
          (guint)delta->source * 16 + (guint)delta->entity_type) ^
         g_str_hash (delta->decided_by);
}

static gboolean
count_equal (gconstpointer a, gconstpointer b)
{
  const AcCountDelta *x = a;
  const AcCountDelta *y = b;

  return x->status == y->status && x->type == y->type && x->verdict == y->verdict &&
         x->source == y->source && x->entity_type == y->entity_type &&
         strcmp (x->decided_by, y->decided_by) == 0;
}

static void
count_free (gpointer data)
{
  AcCountDelta *delta = data;

  g_free (delta->decided_by);
  g_free (delta);
}

/**
 * ac_write_count:
 * @n: how many more actions there are that look like @row
 */
void
ac_write_count (AcWrite *write, const AcActionRow *row, gint64 n)
{
  AcCountDelta key = { row->status,     row->type, row->verdict, row->source, row->entity_type,
                       row->decided_by, 0 };
  AcCountDelta *delta;

  if (write->counts == NULL)
    write->counts = g_hash_table_new_full (count_hash, count_equal, NULL, count_free);
  delta = g_hash_table_lookup (write->counts, &key);
  if (delta == NULL)
    {
      delta = g_memdup2 (&key, sizeof key);
      delta->decided_by = g_strdup (key.decided_by);
      g_hash_table_add (write->counts, delta);
    }
  delta->n += n;
}

static gboolean
write_counts (AcWrite *write, GError **error)
{
  GHashTableIter iter;
  AcCountDelta *delta;

  if (write->counts == NULL)
    return TRUE;
  g_hash_table_iter_init (&iter, write->counts);
  while (g_hash_table_iter_next (&iter, (gpointer *)&delta, NULL))
    if (delta->n != 0 &&
        !ac_sql_run (write->sql, error,
                     "INSERT INTO action_counts VALUES (?, ?, ?, ?, ?, ?, ?) "
                     "ON CONFLICT DO UPDATE SET n = n + excluded.n",
                     "ssssssi", ac_status_wire (delta->status), ac_action_type_wire (delta->type),
                     ac_vocabulary_wire (AC_VOCABULARY_VERDICT, (int)delta->verdict),
                     ac_vocabulary_wire (AC_VOCABULARY_SOURCE, (int)delta->source),
                     ac_entity_type_wire (delta->entity_type), delta->decided_by, delta->n))
      return FALSE;
  return ac_sql_run (write->sql, error, "DELETE FROM action_counts WHERE n = 0", "");
}

static gboolean
write_operation (AcWrite *write, const AcOperationDelta *delta, GError **error)
{
  gint64 version;

  return ac_sql_get_integer (write->sql, &version, 0, error,
                             "UPDATE operations SET version = version + 1, "
                             "waiting = waiting - ?1 - ?2 - ?3, done = done + ?1, "
                             "failed = failed + ?2, skipped = skipped + ?3, "
                             "finished_at = CASE waiting - ?1 - ?2 - ?3 WHEN 0 THEN ?4 END "
                             "WHERE seq = ?5 RETURNING version",
                             "iiiii", delta->done, delta->failed, delta->skipped, write->now,
                             delta->seq) &&
         ac_write_change (write, "operation", delta->seq, version, error);
}

/**
 * ac_write_sums:
 *
 * Brings up to date what depends on the rows of this transaction. ac_write_commit() does it too; it
 * is for those who want to see the sums before.
 */
gboolean
ac_write_sums (AcWrite *write, GError **error)
{
  GHashTableIter iter;
  gpointer delta;

  if (!write_counts (write, error))
    return FALSE;
  if (!ac_write_investigation_sums (write, error))
    return FALSE;
  if (write->operations != NULL)
    {
      g_hash_table_iter_init (&iter, write->operations);
      while (g_hash_table_iter_next (&iter, &delta, NULL))
        if (!write_operation (write, delta, error))
          return FALSE;
    }
  g_clear_pointer (&write->counts, g_hash_table_unref);
  g_clear_pointer (&write->operations, g_hash_table_unref);
  return TRUE;
}

/* --- one action --- */

/**
 * ac_write_item_state:
 * @state: "running", or how it ended: "done", "failed", "skipped", "takenBack"
 * @detail: (nullable): in words
 *
 * How far the action has come in the operation it is in.
 */
gboolean
ac_write_item_state (AcWrite *write,
                     const AcActionRow *row,
                     const char *state,
                     const char *detail,
                     GError **error)
{
  AcOperationDelta *delta;

  if (!ac_sql_run (write->sql, error,
                   "UPDATE operation_items SET state = ?, detail = ? "
                   "WHERE operation = ? AND position = ?",
                   "ssii", state, detail, row->operation, row->operation_position))
    return FALSE;
  if (g_str_equal (state, "running"))
    return TRUE;
  if (write->operations == NULL)
    write->operations = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
  delta = g_hash_table_lookup (write->operations, &row->operation);
  if (delta == NULL)
    {
      delta = g_new0 (AcOperationDelta, 1);
      delta->seq = row->operation;
      g_hash_table_add (write->operations, delta);
    }
  if (g_str_equal (state, "done"))
    delta->done++;
  else if (g_str_equal (state, "failed"))
    delta->failed++;
  else
    delta->skipped++;
  return TRUE;
}

static const char *
undo_state (const AcActionRow *row)
{
  return ac_undo_state_wire (
      ac_transition_undo_state (row->status, ac_store_may_undo (row->status, row->moved)));
}

/* Whoever takes a decision back, or has it come back, has a day at least to decide anew. */
#define TIME_TO_DECIDE_ANEW G_TIME_SPAN_DAY

/* Whether the decision does not hold for the action any more. */
static gboolean
is_set_free (AcEvent event)
{
  return event == AC_EVENT_TAKE_BACK || event == AC_EVENT_TARGETS_CHANGED;
}

/* As if nobody had decided; that somebody had stands in the timeline. */
static gboolean
write_set_free (AcWrite *write, const AcActionRow *row, GError **error)
{
  return ac_sql_run (write->sql, error,
                     "UPDATE actions SET status = ?1, version = ?2, updated_at = ?3, "
                     "operation = NULL, operation_position = 0, decided_by = '', decision = '', "
                     "undo_state = ?4, expires_at = max (expires_at, ?5) WHERE seq = ?6",
                     "siisii", ac_status_wire (row->status), row->version, write->now,
                     undo_state (row), write->now + TIME_TO_DECIDE_ANEW, row->seq);
}

/* @decision: (nullable): the one that the action is in from now on; %NULL: as before */
static gboolean
write_status (AcWrite *write, const AcActionRow *row, const char *decision, GError **error)
{
  if (decision != NULL)
    return ac_sql_run (write->sql, error,
                       "UPDATE actions SET status = ?1, version = ?2, updated_at = ?3, "
                       "operation = ?4, operation_position = ?5, decided_by = ?6, decision = ?7, "
                       "undo_state = ?8 WHERE seq = ?9",
                       "siiiisssi", ac_status_wire (row->status), row->version, write->now,
                       row->operation, row->operation_position, row->decided_by, decision,
                       undo_state (row), row->seq);
  return ac_sql_run (write->sql, error,
                     "UPDATE actions SET status = ?, version = ?, updated_at = ?, moved = ?, "
                     "undo_state = ? WHERE seq = ?",
                     "siiisi", ac_status_wire (row->status), row->version, write->now,
                     (gint64)row->moved, undo_state (row), row->seq);
}

/**
 * ac_write_touch:
 * @row: changed to what it is afterwards
 *
 * Tells whoever follows the changes that what depends on the action has changed; not its status.
 */
gboolean
ac_write_touch (AcWrite *write, AcActionRow *row, GError **error)
{
  row->version++;
  return ac_sql_run (write->sql, error, "UPDATE actions SET version = ? WHERE seq = ?", "ii",
                     row->version, row->seq) &&
         ac_write_change (write, "action", row->seq, row->version, error);
}

/**
 * ac_write_transition:
 * @row: changed to what it is afterwards; its `moved` is written too
 * @decision: (nullable): the place in the operation that decided this
 * @comment: (nullable): for the timeline; of a decision it stands in the operation
 *
 * Returns: whether @event is allowed and written.
 */
gboolean
ac_write_transition (AcWrite *write,
                     AcActionRow *row,
                     AcEvent event,
                     const AcDecisionPlace *decision,
                     const char *comment,
                     GError **error)
{
  gboolean set_free = decision == NULL && is_set_free (event);
  AcStatus before = row->status;
  AcStatus after;

  if (!ac_transition_find (before, event, &after))
    {
      g_set_error (error, AC_STORE_ERROR, AC_STORE_ERROR_CONFLICT,
                   "The action %s is %s, which does not allow “%s”.", row->id,
                   ac_status_wire (before), ac_event_name (event));
      return FALSE;
    }
  ac_write_count (write, row, -1);
  row->status = after;
  row->version++;
  if (decision != NULL)
    {
      row->operation = decision->operation;
      row->operation_position = decision->position;
      if (strcmp (row->decided_by, write->actor->name) != 0)
        {
          g_free (row->decided_by);
          row->decided_by = g_strdup (write->actor->name);
        }
    }
  else if (set_free)
    {
      row->operation = row->operation_position = 0;
      g_free (row->decided_by);
      row->decided_by = g_strdup ("");
    }
  ac_write_count (write, row, 1);
  ac_write_investigation_counts (write, row->investigation, before, after);

  return (set_free
              ? write_set_free (write, row, error)
              : write_status (write, row, decision != NULL ? decision->decision : NULL, error)) &&
         ac_write_audit (write,
                         &(AcAuditRow){ .event = ac_event_name (event),
                                        .kind = "action",
                                        .id = row->id,
                                        .version = row->version,
                                        .action = row->seq,
                                        .operation = decision != NULL ? decision->operation : 0,
                                        .before = ac_status_wire (before),
                                        .after = ac_status_wire (after),
                                        .comment = comment },
                         error) &&
         ac_write_change (write, "action", row->seq, row->version, error);
}
