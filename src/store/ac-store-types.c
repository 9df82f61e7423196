/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Of which types actions are. What an action is never changes, so this may be asked before they are
 * decided about. */
#include "config.h"

#include "store/ac-store-private.h"

static gboolean
read_types (AcSql *sql, AcSqlReset *query, guint32 *types, GError **error)
{
  AcSqlStep step = AC_SQL_ERROR;

  *types = 0;
  while (query != NULL && (step = ac_sql_step (sql, query, error)) == AC_SQL_ROW)
    *types |= 1u << ac_action_type_parse (ac_sql_text (query, 0));
  return step == AC_SQL_DONE;
}

/**
 * ac_store_find_types:
 * @ids: of actions; an unknown one has no type
 * @types: (out): a bit for each AcActionType among them
 *
 * Returns: %FALSE with AC_STORE_ERROR_FAILED.
 */
gboolean
ac_store_find_types (AcStore *self, const char *const *ids, guint32 *types, GError **error)
{
  g_autoptr (JsonArray) array = json_array_new ();
  g_autoptr (JsonNode) node = json_node_init_array (json_node_alloc (), array);
  g_autofree char *list = NULL;
  gboolean found;
  AcSql *sql;

  g_return_val_if_fail (AC_IS_STORE (self), FALSE);
  g_return_val_if_fail (ids != NULL && types != NULL, FALSE);

  for (gsize i = 0; ids[i] != NULL; i++)
    json_array_add_string_element (array, ids[i]);
  list = ac_json_canonical (node);
  sql = ac_store_begin_read (self, error);
  if (sql == NULL)
    return FALSE;
  {
    g_autoptr (AcSqlReset) query = ac_sql_query (
        sql, error,
        "SELECT DISTINCT type FROM actions WHERE id IN (SELECT value FROM json_each (?))", "s",
        list);

    found = read_types (sql, query, types, error);
  }
  ac_store_end_read (self, sql);
  return found;
}

/**
 * ac_store_find_operation_types:
 * @id: of an operation; an unknown one has no types
 * @types: (out): a bit for each AcActionType among its actions
 *
 * Returns: %FALSE with AC_STORE_ERROR_FAILED.
 */
gboolean
ac_store_find_operation_types (AcStore *self, const char *id, guint32 *types, GError **error)
{
  gboolean found;
  AcSql *sql;

  g_return_val_if_fail (AC_IS_STORE (self), FALSE);
  g_return_val_if_fail (id != NULL && types != NULL, FALSE);

  sql = ac_store_begin_read (self, error);
  if (sql == NULL)
    return FALSE;
  {
    g_autoptr (AcSqlReset) query = ac_sql_query (
        sql, error,
        "SELECT DISTINCT actions.type FROM operations JOIN operation_items "
        "ON operation_items.operation = operations.seq JOIN actions "
        "ON actions.seq = operation_items.action WHERE operations.id = ?",
        "s", id);

    found = read_types (sql, query, types, error);
  }
  ac_store_end_read (self, sql);
  return found;
}
