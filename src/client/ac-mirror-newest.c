/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client/ac-mirror-newest.h"
#include "client/ac-mirror-query.h"

typedef struct
{
  guint64 after;
  guint limit;
} Request;

/**
 * ac_newest_actions_free:
 * @newest: (nullable):
 */
void
ac_newest_actions_free (AcNewestActions *newest)
{
  if (newest == NULL)
    return;
  g_array_unref (newest->keys);
  g_ptr_array_unref (newest->actions);
  g_free (newest);
}

static gboolean
read_keys (AcSql *sql, const Request *request, AcNewestActions *newest, GError **error)
{
  g_autoptr (AcSqlReset) query =
      ac_sql_query (sql, error, "SELECT key FROM actions WHERE key > ? ORDER BY key LIMIT ?", "ii",
                    (gint64)request->after, (gint64)request->limit);
  AcSqlStep step;

  if (query == NULL)
    return FALSE;
  while ((step = ac_sql_step (sql, query, error)) == AC_SQL_ROW)
    {
      newest->last = (guint64)sqlite3_column_int64 (query, 0);
      g_array_append_val (newest->keys, newest->last);
    }
  newest->more = newest->keys->len == request->limit;
  return step == AC_SQL_DONE;
}

static gpointer
load_newest (AcSql *sql, gpointer data, GCancellable *cancellable, GError **error)
{
  const Request *request = data;
  g_autoptr (AcNewestActions) newest = g_new0 (AcNewestActions, 1);
  g_autoptr (GPtrArray) rows = NULL;
  gint64 greatest = 0;

  newest->last = request->after;
  newest->keys = g_array_new (FALSE, FALSE, sizeof (guint64));
  newest->actions = g_ptr_array_new_with_free_func (g_object_unref);
  if (!ac_sql_exec (sql, "BEGIN", error))
    return NULL;
  if (request->limit == 0)
    {
      if (!ac_sql_get_integer (sql, &greatest, 0, error, "SELECT max (key) FROM actions", ""))
        return NULL;
      newest->last = MAX (request->after, (guint64)greatest);
      return g_steal_pointer (&newest);
    }
  if (!read_keys (sql, request, newest, error))
    return NULL;
  rows = ac_mirror_read_rows (sql, (const guint64 *)(gpointer)newest->keys->data, newest->keys->len,
                              cancellable, error);
  if (rows == NULL)
    return NULL;
  /* What cannot be shown as an action is no news to anybody. */
  for (guint i = 0, at = 0; i < rows->len; i++)
    {
      AcAction *action = g_ptr_array_index (rows, i);

      if (action == NULL)
        g_array_remove_index (newest->keys, at);
      else
        {
          g_ptr_array_add (newest->actions, g_object_ref (action));
          at++;
        }
    }
  return g_steal_pointer (&newest);
}

/**
 * ac_mirror_load_newest_async:
 * @after: the key behind which to begin
 * @limit: of actions; 0 asks for the greatest key only
 *
 * Asks which actions have come since @after was the greatest key.
 */
void
ac_mirror_load_newest_async (AcMirror *mirror,
                             guint64 after,
                             guint limit,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  Request *request = g_new0 (Request, 1);

  g_return_if_fail (AC_IS_MIRROR (mirror));

  request->after = after;
  request->limit = limit;
  ac_mirror_read_async (mirror, AC_MIRROR_LANE_SUMS, load_newest, request, g_free,
                        (GDestroyNotify)ac_newest_actions_free, cancellable, callback, user_data);
}

/**
 * ac_mirror_load_newest_finish:
 *
 * Returns: (transfer full): or %NULL with an AC_MIRROR_ERROR.
 */
AcNewestActions *
ac_mirror_load_newest_finish (AcMirror *mirror, GAsyncResult *result, GError **error)
{
  return ac_mirror_finish (mirror, result, error);
}
