/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of actions as the API shows them. */
#include "config.h"

#include "model/ac-time.h"
#include "store/ac-store-private.h"

/**
 * ac_store_may_undo:
 * @moved: on how many assets there is something to bring back
 *
 * Returns: whether an undo may be decided and would do something.
 */
gboolean
ac_store_may_undo (AcStatus status, guint moved)
{
  return moved > 0 && ac_transition_find (status, AC_EVENT_UNDO, NULL);
}

/**
 * ac_store_search_fold:
 *
 * Returns: (transfer full): @text such that letters that a person takes for the same are the same.
 */
char *
ac_store_search_fold (const char *text)
{
  g_autofree char *normal = g_utf8_normalize (text, -1, G_NORMALIZE_ALL);

  return normal != NULL ? g_utf8_casefold (normal, -1) : g_strdup ("");
}

static void
set_undo (JsonObject *action, AcStatus status, guint moved)
{
  g_autofree char *note = NULL;

  json_object_set_boolean_member (action, "undoable", ac_store_may_undo (status, moved));
  if (!ac_transition_find (status, AC_EVENT_UNDO, NULL))
    return;
  if (moved == 0)
    note = g_strdup ("Nothing was moved, so there is nothing to undo.");
  else if (moved == 1)
    note = g_strdup ("Undo brings back what was moved.");
  else
    note = g_strdup_printf ("Undo brings back what was moved in %u places.", moved);
  ac_json_set_string (action, "undoNote", note);
}

/* The assets in their order, and what is known of each. */
static gboolean
load_assets (AcSql *sql, gint64 seq, JsonObject *action, GError **error)
{
  g_autoptr (AcSqlReset) query = ac_sql_query (
      sql, error,
      "SELECT asset, outcome, detail, at FROM action_assets WHERE action = ? ORDER BY position",
      "i", seq);
  JsonArray *assets = json_array_new ();
  JsonArray *results = json_array_new ();
  AcSqlStep step = AC_SQL_ERROR;

  json_object_set_array_member (action, "assets", assets);
  json_object_set_array_member (action, "results", results);
  if (query == NULL)
    return FALSE;
  while ((step = ac_sql_step (sql, query, error)) == AC_SQL_ROW)
    {
      JsonObject *result;

      json_array_add_string_element (assets, ac_sql_text (query, 0));
      if (ac_sql_text (query, 1) == NULL)
        continue;
      result = json_object_new ();
      ac_json_set_string (result, "asset", ac_sql_text (query, 0));
      ac_json_set_string (result, "outcome", ac_sql_text (query, 1));
      ac_json_set_string (result, "detail", ac_sql_text (query, 2));
      ac_json_set_time (result, "at", ac_sql_time (query, 3));
      json_array_add_object_element (results, result);
    }
  return step == AC_SQL_DONE;
}

/* The comment of a decision is kept once, with the operation. */
static gboolean
load_timeline (AcSql *sql, gint64 seq, JsonObject *action, GError **error)
{
  g_autoptr (AcSqlReset) query =
      ac_sql_query (sql, error,
                    "SELECT a.at, a.actor, a.event, a.before, a.after, "
                    "  coalesce (a.comment, o.comment) "
                    "FROM audit AS a LEFT JOIN operations AS o ON o.seq = a.operation "
                    "WHERE a.action = ? ORDER BY a.seq",
                    "i", seq);
  JsonArray *timeline = json_array_new ();
  AcSqlStep step = AC_SQL_ERROR;

  json_object_set_array_member (action, "timeline", timeline);
  if (query == NULL)
    return FALSE;
  while ((step = ac_sql_step (sql, query, error)) == AC_SQL_ROW)
    {
      JsonObject *entry = json_object_new ();

      ac_json_set_time (entry, "at", ac_sql_time (query, 0));
      ac_json_set_string (entry, "actor", ac_sql_text (query, 1));
      ac_json_set_string (entry, "event", ac_sql_text (query, 2));
      ac_json_set_string (entry, "before", ac_sql_text (query, 3));
      ac_json_set_string (entry, "after", ac_sql_text (query, 4));
      ac_json_set_string (entry, "comment", ac_sql_text (query, 5));
      json_array_add_object_element (timeline, entry);
    }
  return step == AC_SQL_DONE;
}

/**
 * ac_store_load_action:
 * @seq: its row, which exists
 * @timeline: whether the timeline is wanted
 *
 * Returns: (transfer full): the action as GET /actions shows it, or %NULL.
 */
JsonObject *
ac_store_load_action (AcSql *sql, gint64 seq, gboolean timeline, GError **error)
{
  g_autoptr (JsonObject) action = NULL;
  g_autoptr (AcSqlReset) query = ac_sql_query (
      sql, error,
      "SELECT a.id, a.version, a.type, a.status, a.verdict, a.source, a.reason, a.details, i.id, "
      "  i.title, o.id, a.entity, a.created_at, a.updated_at, a.expires_at, o.decision, "
      "  a.decided_by, o.created_at, o.comment, a.moved "
      "FROM actions AS a LEFT JOIN investigations AS i ON i.seq = a.investigation "
      "LEFT JOIN operations AS o ON o.seq = a.operation WHERE a.seq = ?",
      "i", seq);

  if (query == NULL)
    return NULL;
  switch (ac_sql_step (sql, query, error))
    {
    case AC_SQL_ROW:
      break;
    case AC_SQL_DONE:
      g_set_error (error, AC_STORE_ERROR, AC_STORE_ERROR_FAILED,
                   "The database is damaged: the action in row %" G_GINT64_FORMAT " is missing.",
                   seq);
      return NULL;
    case AC_SQL_ERROR:
    default:
      return NULL;
    }

  action = json_object_new ();
  ac_json_set_string (action, "id", ac_sql_text (query, 0));
  json_object_set_int_member (action, "version", sqlite3_column_int64 (query, 1));
  ac_json_set_string (action, "type", ac_sql_text (query, 2));
  ac_json_set_string (action, "status", ac_sql_text (query, 3));
  ac_json_set_string (action, "verdict", ac_sql_text (query, 4));
  ac_json_set_string (action, "source", ac_sql_text (query, 5));
  ac_json_set_string (action, "reason", ac_sql_text (query, 6));
  ac_json_set_string (action, "details", ac_sql_text (query, 7));
  ac_json_set_string (action, "investigationId", ac_sql_text (query, 8));
  ac_json_set_string (action, "investigationTitle", ac_sql_text (query, 9));
  ac_json_set_string (action, "operationId", ac_sql_text (query, 10));
  ac_store_set_json (action, "entity", ac_sql_text (query, 11));
  ac_json_set_time (action, "createdAt", ac_sql_time (query, 12));
  ac_json_set_time (action, "updatedAt", ac_sql_time (query, 13));
  ac_json_set_time (action, "expiresAt", ac_sql_time (query, 14));
  if (ac_sql_text (query, 15) != NULL)
    {
      ac_json_set_string (action, "decision", ac_sql_text (query, 15));
      ac_json_set_string (action, "decidedBy", ac_sql_text (query, 16));
      ac_json_set_time (action, "decidedAt", ac_sql_time (query, 17));
      ac_json_set_string (action, "comment", ac_sql_text (query, 18));
    }
  set_undo (action, ac_status_parse (ac_sql_text (query, 3)),
            (guint)sqlite3_column_int64 (query, 19));
  if (!load_assets (sql, seq, action, error) ||
      (timeline && !load_timeline (sql, seq, action, error)))
    return NULL;
  return g_steal_pointer (&action);
}

/**
 * ac_store_get_action:
 *
 * Returns: (transfer full): the action with its timeline, or %NULL with AC_STORE_ERROR_NOT_FOUND or
 * AC_STORE_ERROR_FAILED.
 */
JsonObject *
ac_store_get_action (AcStore *self, const char *id, GError **error)
{
  JsonObject *action = NULL;
  AcActionRow *row;
  AcSql *sql;

  g_return_val_if_fail (AC_IS_STORE (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  sql = ac_store_begin_read (self, error);
  if (sql == NULL)
    return NULL;
  row = ac_action_row_load_by_id (sql, id, error);
  if (row != NULL)
    action = ac_store_load_action (sql, row->seq, TRUE, error);
  ac_action_row_free (row);
  ac_store_end_read (self, sql);
  return action;
}
