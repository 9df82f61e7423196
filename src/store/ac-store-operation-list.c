/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GET /operations: what is under way, and what was decided last. */
#include "config.h"

#include "store/ac-store-private.h"

static gboolean
add_operations (AcSql *sql, sqlite3_stmt *rows, JsonArray *items, GError **error)
{
  AcSqlStep step;

  while ((step = ac_sql_step (sql, rows, error)) == AC_SQL_ROW)
    {
      JsonObject *operation =
          ac_store_load_operation (sql, sqlite3_column_int64 (rows, 0), FALSE, error);

      if (operation == NULL)
        return FALSE;
      json_array_add_object_element (items, operation);
    }
  return step == AC_SQL_DONE;
}

/**
 * ac_store_list_operations:
 * @running: only those that are not finished
 * @limit: at most so many, 0 for the usual number
 *
 * Returns: (transfer full): {items, total}, the latest first, without what each action of them has
 * become; or %NULL with AC_STORE_ERROR_FAILED.
 */
JsonObject *
ac_store_list_operations (AcStore *self, gboolean running, guint limit, GError **error)
{
  g_autoptr (JsonArray) items = json_array_new ();
  g_autoptr (AcSqlOnce) rows = NULL;
  JsonObject *answer = NULL;
  gint64 total;
  AcSql *sql;

  g_return_val_if_fail (AC_IS_STORE (self), NULL);

  sql = ac_store_begin_read (self, error);
  if (sql == NULL)
    return NULL;
  rows = ac_sql_prepare_once (
      sql,
      running
          ? "SELECT seq FROM operations WHERE finished_at IS NULL ORDER BY created_at DESC LIMIT ?"
          : "SELECT seq FROM operations ORDER BY seq DESC LIMIT ?",
      error);
  if (rows != NULL)
    sqlite3_bind_int64 (rows, 1,
                        limit == 0 ? AC_STORE_PAGE_DEFAULT : MIN (limit, AC_STORE_PAGE_MAX));
  if (rows != NULL &&
      ac_sql_get_integer (sql, &total, 0, error,
                          running ? "SELECT count (*) FROM operations WHERE finished_at IS NULL"
                                  : "SELECT count (*) FROM operations",
                          "") &&
      add_operations (sql, rows, items, error))
    {
      answer = json_object_new ();
      json_object_set_array_member (answer, "items", g_steal_pointer (&items));
      json_object_set_int_member (answer, "total", total);
    }
  g_clear_pointer (&rows, ac_sql_finalize);
  ac_store_end_read (self, sql);
  return answer;
}
