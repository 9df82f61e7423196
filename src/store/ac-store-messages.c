/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the store adds to a search of the mailboxes: who searched for what, where a page ended, and
 * what is known of a message that was found. */
#include "config.h"

#include <string.h>

#include "model/ac-search-text.h"
#include "model/ac-time.h"
#include "store/ac-store-private.h"

/* Of one message; there is one for each time a detector or a person has proposed something. */
#define MOST_ACTIONS 10

/**
 * ac_store_audit_search:
 * @words: what was searched for
 *
 * Notes in the audit log that somebody searches the mailboxes.
 *
 * Returns: %TRUE when it is on disk.
 */
gboolean
ac_store_audit_search (AcStore *self, const AcActor *actor, const char *words, GError **error)
{
  g_auto (AcWrite) write = { 0 };

  g_return_val_if_fail (AC_IS_STORE (self), FALSE);

  return ac_store_begin_write (self, &write, actor, error) &&
         ac_write_audit (
             &write,
             &(AcAuditRow){ .event = "search", .kind = "messages", .id = "", .comment = words },
             error) &&
         ac_write_commit (&write, error);
}

static char *
query_digest (const char *query)
{
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, query, -1);
}

/**
 * ac_store_format_place:
 * @query: the search that it belongs to
 * @mailbox: the last one that was searched
 *
 * Returns: (transfer full): a cursor.
 */
char *
ac_store_format_place (AcStore *self, const char *query, const char *mailbox)
{
  g_autofree char *digest = query_digest (query);
  AcCursor cursor = {
    .query = digest, .made_at = ac_time_now (), .id = (char *)"-", .text = (char *)mailbox
  };

  g_return_val_if_fail (AC_IS_STORE (self), NULL);

  return ac_store_format_cursor (self, &cursor);
}

/**
 * ac_store_parse_place:
 *
 * Returns: (transfer full): the mailbox behind which the search goes on, or %NULL with
 * AC_STORE_ERROR_BAD_CURSOR or AC_STORE_ERROR_CURSOR_EXPIRED.
 */
char *
ac_store_parse_place (AcStore *self, const char *query, const char *text, GError **error)
{
  g_autofree char *digest = query_digest (query);
  g_autoptr (AcCursor) cursor = NULL;

  g_return_val_if_fail (AC_IS_STORE (self), NULL);

  cursor = ac_store_parse_cursor (self, text, digest, error);
  return cursor != NULL ? g_strdup (cursor->text != NULL ? cursor->text : "") : NULL;
}

/* What is worse stands before what is not. */
static gint
rank (const char *verdict)
{
  switch ((AcVerdict)ac_vocabulary_parse (AC_VOCABULARY_VERDICT, verdict))
    {
    case AC_VERDICT_MALICIOUS:
      return 4;
    case AC_VERDICT_SUSPICIOUS:
      return 3;
    case AC_VERDICT_NO_THREATS_FOUND:
      return 2;
    case AC_VERDICT_UNKNOWN:
      return 1;
    case AC_VERDICT_UNKNOWN_TO_US:
    default:
      return 0;
    }
}

static void
add_action (JsonArray *actions, sqlite3_stmt *query)
{
  JsonObject *action;

  if (json_array_get_length (actions) >= MOST_ACTIONS)
    return;
  action = json_object_new ();
  ac_json_set_string (action, "id", ac_sql_text (query, 0));
  ac_json_set_string (action, "type", ac_sql_text (query, 1));
  ac_json_set_string (action, "status", ac_sql_text (query, 2));
  json_array_add_object_element (actions, action);
}

static gboolean
know_message (AcSql *sql, JsonObject *item, GError **error)
{
  const char *message_id = ac_json_get_string (item, "messageId");
  g_autoptr (JsonArray) actions = json_array_new ();
  g_auto (GStrv) words = ac_search_text_split (message_id);
  g_autofree char *match = ac_search_text_question ((const char *const *)words);
  g_autofree char *verdict = NULL;
  g_autoptr (AcSqlReset) query = NULL;
  AcSqlStep step = AC_SQL_ERROR;

  if (match == NULL)
    return TRUE;
  query = ac_sql_query (
      sql, error,
      /* In this mailbox it may be undone, though not in others, and the other way round. */
      "SELECT a.id, a.type, CASE WHEN s.undo AND NOT s.moved THEN 'undone' "
      "  WHEN s.moved AND NOT s.undo AND a.status IN ('undoQueued', 'undoing', 'undoFailed') "
      "  THEN 'completed' "
      "  WHEN s.outcome = 'failed' AND NOT s.undo AND a.status IN ('undoQueued', 'undoing', 'undoFailed') "
      "  THEN 'failed' ELSE a.status END, "
      "  a.verdict, s.action IS NOT NULL, a.seq FROM actions AS a "
      "LEFT JOIN action_assets AS s ON s.action = a.seq AND s.asset = ?3 WHERE a.seq IN "
      "  (SELECT rowid FROM action_search WHERE action_search MATCH ?1) "
      "  AND (SELECT json_extract (t.entity, '$.messageId') FROM action_texts AS t "
      "    WHERE t.action = a.seq) = ?2 "
      "UNION "
      "SELECT a.id, a.type, a.status, a.verdict, m.asset = ?3, a.seq "
      "FROM cluster_messages AS m JOIN actions AS a ON a.seq = m.action "
      "WHERE m.message = ?2 AND m.has_id ORDER BY 6 DESC",
      "sss", match, message_id, ac_json_get_string (item, "mailbox"));
  while (query != NULL && (step = ac_sql_step (sql, query, error)) == AC_SQL_ROW)
    {
      const char *found = ac_sql_text (query, 3);

      if (sqlite3_column_int64 (query, 4))
        add_action (actions, query);
      if (verdict == NULL || rank (found) > rank (verdict))
        {
          g_free (verdict);
          verdict = g_strdup (found);
        }
    }
  ac_json_set_string (item, "verdict", verdict);
  if (json_array_get_length (actions) > 0)
    json_object_set_array_member (item, "actions", g_steal_pointer (&actions));
  return step == AC_SQL_DONE;
}

/**
 * ac_store_know_messages:
 * @items: the API's FoundMessages; given the verdict and the actions that are known of them
 *
 * The verdict is the worst that any action knows of the message; the actions are those on it in the
 * same mailbox, newest first.
 *
 * Returns: whether the database could be read.
 */
gboolean
ac_store_know_messages (AcStore *self, JsonArray *items, GError **error)
{
  gboolean good = TRUE;
  AcSql *sql;

  g_return_val_if_fail (AC_IS_STORE (self), FALSE);

  sql = ac_store_begin_read (self, error);
  if (sql == NULL)
    return FALSE;
  for (guint i = 0; good && i < json_array_get_length (items); i++)
    good = know_message (sql, json_array_get_object_element (items, i), error);
  ac_store_end_read (self, sql);
  return good;
}
