/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of actions as the API shows them. */
#include "config.h"

#include "model/ac-json-text.h"
#include "model/ac-time.h"
#include "store/ac-store-cluster.h"

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

static void
add_undo (GString *text, AcStatus status, guint moved)
{
  ac_json_text_add_boolean (text, "undoable", ac_store_may_undo (status, moved));
  if (!ac_transition_find (status, AC_EVENT_UNDO, NULL))
    return;
  if (moved == 0)
    ac_json_text_add_string (text, "undoNote", "Nothing was moved, so there is nothing to undo.");
  else if (moved == 1)
    ac_json_text_add_string (text, "undoNote", "Undo brings back what was moved.");
  else
    {
      g_autofree char *note =
          g_strdup_printf ("Undo brings back what was moved in %u places.", moved);

      ac_json_text_add_string (text, "undoNote", note);
    }
}

/* The assets in their order, and what is known of each.
 * singly: whether it is told which of them could be undone alone
 * only: also where there is but one; a list has very many such actions, and nothing to choose from */
static gboolean
add_assets (AcSql *sql, gint64 seq, gboolean singly, gboolean only, GString *text, GError **error)
{
  g_autoptr (AcSqlReset) query =
      ac_sql_query (sql, error,
                    "SELECT asset, outcome, detail, at, moved FROM action_assets WHERE action = ? "
                    "ORDER BY position",
                    "i", seq);
  g_autoptr (GString) results = NULL;
  AcSqlStep step = AC_SQL_ERROR;
  gsize end_of_first = 0; /* where the first result says what it says when others follow */
  guint n = 0;

  ac_json_text_add_name (text, "assets");
  ac_json_text_open (text, '[');
  if (query == NULL)
    return FALSE;
  while ((step = ac_sql_step (sql, query, error)) == AC_SQL_ROW)
    {
      ac_json_text_add_element (text, ac_sql_text (query, 0));
      n++;
      if (ac_sql_text (query, 1) == NULL)
        continue;
      if (results == NULL)
        results = g_string_new ("[");
      ac_json_text_open (results, '{');
      ac_json_text_add_string (results, "asset", ac_sql_text (query, 0));
      ac_json_text_add_string (results, "outcome", ac_sql_text (query, 1));
      ac_json_text_add_string (results, "detail", ac_sql_text (query, 2));
      ac_json_text_add_time (results, "at", ac_sql_time (query, 3));
      if (singly && sqlite3_column_int (query, 4) != 0)
        {
          if (only || n > 1)
            ac_json_text_add_boolean (results, "undoable", TRUE);
          else
            end_of_first = results->len;
        }
      ac_json_text_close (results, '}');
    }
  ac_json_text_close (text, ']');
  if (end_of_first > 0 && n > 1)
    g_string_insert (results, (gssize)end_of_first, ",\"undoable\":true");
  if (results != NULL)
    ac_json_text_close (results, ']');
  ac_json_text_add_json (text, "results", results != NULL ? results->str : "[]");
  return step == AC_SQL_DONE;
}

/* The comment of a decision is kept once, with the operation. */
static gboolean
add_timeline (AcSql *sql, gint64 seq, GString *text, GError **error)
{
  g_autoptr (AcSqlReset) query =
      ac_sql_query (sql, error,
                    "SELECT a.at, a.actor, a.event, a.before, a.after, "
                    "  coalesce (a.comment, o.comment) "
                    "FROM audit AS a LEFT JOIN operations AS o ON o.seq = a.operation "
                    "WHERE a.action = ? ORDER BY a.seq",
                    "i", seq);
  AcSqlStep step = AC_SQL_ERROR;

  ac_json_text_add_name (text, "timeline");
  ac_json_text_open (text, '[');
  if (query == NULL)
    return FALSE;
  while ((step = ac_sql_step (sql, query, error)) == AC_SQL_ROW)
    {
      ac_json_text_open (text, '{');
      ac_json_text_add_time (text, "at", ac_sql_time (query, 0));
      ac_json_text_add_string (text, "actor", ac_sql_text (query, 1));
      ac_json_text_add_string (text, "event", ac_sql_text (query, 2));
      ac_json_text_add_string (text, "before", ac_sql_text (query, 3));
      ac_json_text_add_string (text, "after", ac_sql_text (query, 4));
      ac_json_text_add_string (text, "comment", ac_sql_text (query, 5));
      ac_json_text_close (text, '}');
    }
  ac_json_text_close (text, ']');
  return step == AC_SQL_DONE;
}

/**
 * ac_store_add_action:
 * @text: the action is added to it as an element or a value
 * @seq: its row
 * @timeline: whether the timeline is wanted
 * @found: (out): whether there is such a row; without one nothing is added
 *
 * The action as GET /actions shows it.
 */
gboolean
ac_store_add_action (AcSql *sql,
                     gint64 seq,
                     gboolean timeline,
                     GString *text,
                     gboolean *found,
                     GError **error)
{
  g_autoptr (AcSqlReset) query = ac_sql_query (
      sql, error,
      "SELECT a.id, a.version, a.type, a.status, a.verdict, a.source, t.reason, a.details, i.id, "
      "  i.title, o.id, t.entity, a.created_at, a.updated_at, a.expires_at, o.decision, "
      "  a.decided_by, o.created_at, o.comment, a.moved, a.proposed_by "
      "FROM actions AS a JOIN action_texts AS t ON t.action = a.seq "
      "LEFT JOIN investigations AS i ON i.seq = a.investigation "
      "LEFT JOIN operations AS o ON o.seq = a.operation WHERE a.seq = ?",
      "i", seq);
  AcSqlStep step = query != NULL ? ac_sql_step (sql, query, error) : AC_SQL_ERROR;
  AcActionType type;
  gboolean singly;
  guint moved;

  *found = step == AC_SQL_ROW;
  if (step != AC_SQL_ROW)
    return step == AC_SQL_DONE;
  type = ac_action_type_parse (ac_sql_text (query, 2));
  moved = (guint)sqlite3_column_int64 (query, 19);
  ac_json_text_open (text, '{');
  ac_json_text_add_string (text, "id", ac_sql_text (query, 0));
  ac_json_text_add_integer (text, "version", sqlite3_column_int64 (query, 1));
  ac_json_text_add_string (text, "type", ac_sql_text (query, 2));
  ac_json_text_add_string (text, "status", ac_sql_text (query, 3));
  ac_json_text_add_string (text, "verdict", ac_sql_text (query, 4));
  ac_json_text_add_string (text, "source", ac_sql_text (query, 5));
  ac_json_text_add_string (text, "reason", ac_sql_text (query, 6));
  ac_json_text_add_string (text, "proposedBy", ac_sql_text (query, 20));
  ac_json_text_add_string (text, "details", ac_sql_text (query, 7));
  ac_json_text_add_string (text, "investigationId", ac_sql_text (query, 8));
  ac_json_text_add_string (text, "investigationTitle", ac_sql_text (query, 9));
  ac_json_text_add_string (text, "operationId", ac_sql_text (query, 10));
  ac_json_text_add_json (text, "entity", ac_sql_text (query, 11));
  ac_json_text_add_time (text, "createdAt", ac_sql_time (query, 12));
  ac_json_text_add_time (text, "updatedAt", ac_sql_time (query, 13));
  ac_json_text_add_time (text, "expiresAt", ac_sql_time (query, 14));
  if (ac_sql_text (query, 15) != NULL)
    {
      ac_json_text_add_string (text, "decision", ac_sql_text (query, 15));
      ac_json_text_add_string (text, "decidedBy", ac_sql_text (query, 16));
      ac_json_text_add_time (text, "decidedAt", ac_sql_time (query, 17));
      ac_json_text_add_string (text, "comment", ac_sql_text (query, 18));
    }
  add_undo (text, ac_status_parse (ac_sql_text (query, 3)), moved);
  singly = ac_store_may_undo_singly (type) && moved > 0;
  if (!add_assets (sql, seq, singly, timeline, text, error) ||
      (ac_store_looks_for_targets (type) && !ac_store_add_targets (sql, seq, text, error)) ||
      (timeline && !add_timeline (sql, seq, text, error)))
    return FALSE;
  ac_json_text_close (text, '}');
  return TRUE;
}

/**
 * ac_store_load_action:
 * @seq: its row, which exists
 *
 * Returns: (transfer full): the action as GET /actions shows it, or %NULL.
 */
JsonObject *
ac_store_load_action (AcSql *sql, gint64 seq, gboolean timeline, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (JsonNode) node = NULL;
  gboolean found;

  if (!ac_store_add_action (sql, seq, timeline, text, &found, error))
    return NULL;
  if (!found)
    {
      g_set_error (error, AC_STORE_ERROR, AC_STORE_ERROR_FAILED,
                   "The database is damaged: the action in row %" G_GINT64_FORMAT " is missing.",
                   seq);
      return NULL;
    }
  bytes = g_bytes_new_static (text->str, text->len);
  node = ac_json_parse (bytes, error);
  return node != NULL ? json_node_dup_object (node) : NULL;
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
