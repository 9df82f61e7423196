/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The further instances of an action on a file: the other actions of its type on a file with the
 * same SHA-256 that can be undone now. What can be undone the table of transitions says. */
#include "config.h"

#include "store/ac-store-private.h"

#define INSTANCES                                                                                  \
  "FROM actions WHERE file_hash = ?1 AND type = ?2 "                  \
  "AND status IN (SELECT value FROM json_each (?3)) AND moved > 0 AND seq != ?4"

/* The statuses that allow an undo, as a JSON array. */
static char *
undoable_statuses (void)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_ARRAY);
  JsonArray *array = json_array_new ();

  for (guint status = 1; status < ac_vocabulary_size (AC_VOCABULARY_STATUS); status++)
    if (ac_transition_find ((AcStatus)status, AC_EVENT_UNDO, NULL))
      json_array_add_string_element (array, ac_status_wire (status));
  json_node_take_array (node, array);
  return ac_store_json_text (node);
}

/* *hash: (transfer full): NULL when the action is about no file. */
static gboolean
load_hash (AcSql *sql, gint64 seq, char **hash, GError **error)
{
  g_autoptr (AcSqlReset) query =
      ac_sql_query (sql, error, "SELECT file_hash FROM actions WHERE seq = ?", "i", seq);

  *hash = NULL;
  if (query == NULL)
    return FALSE;
  switch (ac_sql_step (sql, query, error))
    {
    case AC_SQL_ROW:
      *hash = g_strdup (ac_sql_text (query, 0));
      return TRUE;
    case AC_SQL_DONE:
      return TRUE;
    case AC_SQL_ERROR:
    default:
      return FALSE;
    }
}

/* The rows of the further instances, oldest first, put behind those in @seqs; 0 as limit: all. */
static gboolean
load_instances (AcSql *sql, const AcActionRow *row, guint limit, GArray *seqs, GError **error)
{
  g_autofree char *statuses = undoable_statuses ();
  g_autofree char *hash = NULL;
  g_autoptr (AcSqlReset) query = NULL;
  AcSqlStep step = AC_SQL_ERROR;

  if (!load_hash (sql, row->seq, &hash, error))
    return FALSE;
  if (hash == NULL)
    return TRUE;
  query = ac_sql_query (sql, error, "SELECT seq " INSTANCES " ORDER BY seq LIMIT ?5", "sssii", hash,
                        ac_action_type_wire (row->type), statuses, row->seq,
                        limit > 0 ? (gint64)limit : (gint64)-1);
  while (query != NULL && (step = ac_sql_step (sql, query, error)) == AC_SQL_ROW)
    {
      gint64 seq = sqlite3_column_int64 (query, 0);

      g_array_append_val (seqs, seq);
    }
  return step == AC_SQL_DONE;
}

/**
 * ac_store_add_instances:
 * @rows: (element-type AcActionRow): those that were asked for; their further instances are put
 * behind them, each once
 */
gboolean
ac_store_add_instances (AcSql *sql, GPtrArray *rows, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_int64_hash, g_int64_equal);
  guint n_asked = rows->len;

  for (guint i = 0; i < n_asked; i++)
    g_hash_table_add (seen, &((AcActionRow *)rows->pdata[i])->seq);
  for (guint i = 0; i < n_asked; i++)
    {
      g_autoptr (GArray) seqs = g_array_new (FALSE, FALSE, sizeof (gint64));

      if (!load_instances (sql, rows->pdata[i], 0, seqs, error))
        return FALSE;
      for (guint k = 0; k < seqs->len; k++)
        {
          AcActionRow *row;

          if (g_hash_table_contains (seen, &g_array_index (seqs, gint64, k)))
            continue;
          row = ac_action_row_load (sql, g_array_index (seqs, gint64, k), error);
          if (row == NULL)
            return FALSE;
          g_hash_table_add (seen, &row->seq);
          g_ptr_array_add (rows, row);
          if (rows->len > AC_OPERATION_MAX_ACTIONS)
            {
              g_set_error (error, AC_STORE_ERROR, AC_STORE_ERROR_TOO_MANY_ACTIONS,
                           "With their further instances these are more than %d actions, which is "
                           "the most that one operation takes.",
                           AC_OPERATION_MAX_ACTIONS);
              return FALSE;
            }
        }
    }
  return TRUE;
}

static JsonObject *
list_instances (AcSql *sql, const AcActionRow *row, guint limit, GError **error)
{
  g_autoptr (GArray) seqs = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (JsonObject) page = json_object_new ();
  g_autofree char *statuses = undoable_statuses ();
  g_autofree char *hash = NULL;
  JsonArray *items = json_array_new ();
  gint64 total;

  json_object_set_array_member (page, "items", items);
  if (!load_hash (sql, row->seq, &hash, error) ||
      !ac_sql_get_integer (sql, &total, 0, error, "SELECT count (*) " INSTANCES, "sssi", hash,
                           ac_action_type_wire (row->type), statuses, row->seq) ||
      !load_instances (sql, row, limit, seqs, error))
    return NULL;
  json_object_set_int_member (page, "total", total);
  for (guint i = 0; i < seqs->len; i++)
    {
      JsonObject *action =
          ac_store_load_action (sql, g_array_index (seqs, gint64, i), FALSE, error);

      if (action == NULL)
        return NULL;
      json_array_add_object_element (items, action);
    }
  return g_steal_pointer (&page);
}

/**
 * ac_store_list_instances:
 * @id: of an action; one that is about no file has no further instances
 * @limit: at most this many items
 *
 * Returns: (transfer full): the items and their total, or %NULL with AC_STORE_ERROR_NOT_FOUND or
 * AC_STORE_ERROR_FAILED.
 */
JsonObject *
ac_store_list_instances (AcStore *self, const char *id, guint limit, GError **error)
{
  JsonObject *page = NULL;
  AcActionRow *row;
  AcSql *sql;

  g_return_val_if_fail (AC_IS_STORE (self), NULL);
  g_return_val_if_fail (id != NULL && limit > 0, NULL);

  sql = ac_store_begin_read (self, error);
  if (sql == NULL)
    return NULL;
  row = ac_action_row_load_by_id (sql, id, error);
  if (row != NULL)
    page = list_instances (sql, row, limit, error);
  ac_action_row_free (row);
  ac_store_end_read (self, sql);
  return page;
}
