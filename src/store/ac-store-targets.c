/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The messages of clusters as the API shows them: how many with the action, one by one in pages. */
#include "config.h"

#include "model/ac-json-text.h"
#include "model/ac-time.h"
#include "store/ac-store-cluster.h"

/* Mailboxes that could not be looked at are told one by one up to this number. */
#define MOST_UNREADABLE 1000

/**
 * ac_store_add_scope:
 * @text: “312 messages in 97 mailboxes” is put behind what is in it
 */
void
ac_store_add_scope (GString *text, gint64 messages, gint64 mailboxes)
{
  g_string_append_printf (text, "%" G_GINT64_FORMAT " %s in %" G_GINT64_FORMAT " %s", messages,
                          messages == 1 ? "message" : "messages", mailboxes,
                          mailboxes == 1 ? "mailbox" : "mailboxes");
}

/**
 * ac_store_add_targets:
 * @text: the member “targets” is put behind what is in it, where the action is about a cluster
 */
gboolean
ac_store_add_targets (AcSql *sql, gint64 action, GString *text, GError **error)
{
  g_autoptr (AcSqlReset) query =
      ac_sql_query (sql, error,
                    "SELECT digest, looked_at, messages, mailboxes, unreadable, first_messages, "
                    "  first_looked_at, difference FROM clusters WHERE action = ?",
                    "i", action);
  AcSqlStep step = query != NULL ? ac_sql_step (sql, query, error) : AC_SQL_ERROR;

  if (step != AC_SQL_ROW)
    return step == AC_SQL_DONE;
  ac_json_text_add_name (text, "targets");
  ac_json_text_open (text, '{');
  if (ac_sql_text (query, 0) != NULL)
    {
      ac_json_text_add_string (text, "digest", ac_sql_text (query, 0));
      ac_json_text_add_time (text, "lookedAt", ac_sql_time (query, 1));
      ac_json_text_add_integer (text, "messages", sqlite3_column_int64 (query, 2));
      ac_json_text_add_integer (text, "mailboxes", sqlite3_column_int64 (query, 3));
      ac_json_text_add_integer (text, "unreadable", sqlite3_column_int64 (query, 4));
      ac_json_text_add_integer (text, "firstMessages", sqlite3_column_int64 (query, 5));
      ac_json_text_add_time (text, "firstLookedAt", ac_sql_time (query, 6));
    }
  if (ac_sql_text (query, 7) != NULL)
    ac_json_text_add_json (text, "difference", ac_sql_text (query, 7));
  ac_json_text_close (text, '}');
  return TRUE;
}

static gboolean
add_counts (AcSql *sql, gint64 action, JsonObject *page, GError **error)
{
  JsonObject *counts = json_object_new ();
  g_autoptr (AcSqlReset) query = ac_sql_query (sql, error,
                                               "SELECT coalesce (outcome, 'open'), count (*) "
                                               "FROM cluster_messages WHERE action = ? GROUP BY 1",
                                               "i", action);
  AcSqlStep step = AC_SQL_ERROR;

  json_object_set_object_member (page, "counts", counts);
  while (query != NULL && (step = ac_sql_step (sql, query, error)) == AC_SQL_ROW)
    json_object_set_int_member (counts, ac_sql_text (query, 0), sqlite3_column_int64 (query, 1));
  return step == AC_SQL_DONE;
}

static gboolean
add_unreadable (AcSql *sql, gint64 action, JsonObject *page, GError **error)
{
  JsonArray *array = json_array_new ();
  g_autoptr (AcSqlReset) query = ac_sql_query (
      sql, error,
      "SELECT asset, problem FROM cluster_unreadable WHERE action = ? ORDER BY asset LIMIT ?", "ii",
      action, (gint64)MOST_UNREADABLE);
  AcSqlStep step = AC_SQL_ERROR;

  json_object_set_array_member (page, "unreadable", array);
  while (query != NULL && (step = ac_sql_step (sql, query, error)) == AC_SQL_ROW)
    {
      JsonObject *one = json_object_new ();

      ac_json_set_string (one, "mailbox", ac_sql_text (query, 0));
      ac_json_set_string (one, "problem", ac_sql_text (query, 1));
      json_array_add_object_element (array, one);
    }
  return step == AC_SQL_DONE;
}

static JsonObject *
read_target (sqlite3_stmt *query, GError **error)
{
  g_autoptr (JsonObject) facts = ac_store_parse_object (ac_sql_text (query, 2), error);
  JsonObject *target;

  if (facts == NULL)
    return NULL;
  target = json_object_new ();
  ac_json_set_string (target, "mailbox", ac_sql_text (query, 1));
  ac_json_set_string (target, "messageId", ac_json_get_string (facts, "messageId"));
  ac_json_set_string (target, "subject", ac_json_get_string (facts, "subject"));
  ac_json_set_string (target, "sender", ac_json_get_string (facts, "sender"));
  ac_json_set_string (target, "folder", ac_json_get_string (facts, "folder"));
  ac_json_set_string (target, "receivedAt", ac_json_get_string (facts, "receivedAt"));
  ac_json_set_string (target, "outcome", ac_sql_text (query, 3));
  ac_json_set_string (target, "detail", ac_sql_text (query, 4));
  ac_json_set_time (target, "at", ac_sql_time (query, 5));
  return target;
}

#define FILTER                                                                                     \
  "WHERE action = ?1 AND (?2 IS NULL OR coalesce (outcome, 'open') IN "                            \
  "  (SELECT value FROM json_each (?2))) "                                                         \
  "AND (?3 IS NULL OR asset IN (SELECT value FROM json_each (?3)))"

static JsonObject *
list_targets (AcStore *self,
              AcSql *sql,
              const AcActionRow *row,
              const AcTargetFilter *filter,
              GError **error)
{
  g_autoptr (JsonObject) page = json_object_new ();
  g_autofree char *outcomes = ac_store_json_words (filter->outcomes);
  g_autofree char *mailboxes = ac_store_json_words (filter->mailboxes);
  g_autofree char *words =
      g_strdup_printf ("targets %s %s %s", row->id, outcomes != NULL ? outcomes : "",
                       mailboxes != NULL ? mailboxes : "");
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, words, -1);
  AcCursor next = { .query = digest, .made_at = ac_time_now (), .id = row->id };
  guint limit = filter->limit == 0 ? AC_STORE_PAGE_DEFAULT : MIN (filter->limit, AC_STORE_PAGE_MAX);
  g_autoptr (AcCursor) cursor = NULL;
  g_autoptr (AcSqlReset) query = NULL;
  JsonArray *items = json_array_new ();
  gint64 looking;
  gint64 total;
  AcSqlStep step = AC_SQL_ERROR;

  json_object_set_array_member (page, "items", items);
  if (filter->cursor != NULL &&
      (cursor = ac_store_parse_cursor (self, filter->cursor, digest, error)) == NULL)
    return NULL;
  if (!ac_sql_get_integer (sql, &looking, 0, error, "SELECT looking FROM clusters WHERE action = ?",
                           "i", row->seq) ||
      !ac_sql_get_integer (sql, &total, 0, error, "SELECT count (*) FROM cluster_messages " FILTER,
                           "iss", row->seq, outcomes, mailboxes) ||
      !add_counts (sql, row->seq, page, error) || !add_unreadable (sql, row->seq, page, error))
    return NULL;
  json_object_set_int_member (page, "total", total);
  json_object_set_boolean_member (page, "looking", looking != 0);
  query =
      ac_sql_query (sql, error,
                    "SELECT seq, asset, facts, outcome, detail, at FROM cluster_messages " FILTER
                    " AND seq > ?4 ORDER BY seq LIMIT ?5",
                    "issii", row->seq, outcomes, mailboxes,
                    cursor != NULL ? cursor->number : (gint64)0, (gint64)limit + 1);
  while (query != NULL && (step = ac_sql_step (sql, query, error)) == AC_SQL_ROW)
    {
      JsonObject *target;

      if (json_array_get_length (items) == limit)
        {
          g_autofree char *text = ac_store_format_cursor (self, &next);

          ac_json_set_string (page, "nextCursor", text);
          break;
        }
      target = read_target (query, error);
      if (target == NULL)
        return NULL;
      json_array_add_object_element (items, target);
      next.number = sqlite3_column_int64 (query, 0);
    }
  return step != AC_SQL_ERROR ? g_steal_pointer (&page) : NULL;
}

/**
 * ac_store_list_targets:
 * @id: of an action; one that is about no cluster has no targets
 *
 * Returns: (transfer full): the answer of GET /actions/{id}/targets; or %NULL with
 * AC_STORE_ERROR_NOT_FOUND, AC_STORE_ERROR_BAD_CURSOR, AC_STORE_ERROR_CURSOR_EXPIRED or
 * AC_STORE_ERROR_FAILED.
 */
JsonObject *
ac_store_list_targets (AcStore *self, const char *id, const AcTargetFilter *filter, GError **error)
{
  JsonObject *page = NULL;
  AcActionRow *row;
  AcSql *sql;

  g_return_val_if_fail (AC_IS_STORE (self), NULL);
  g_return_val_if_fail (id != NULL && filter != NULL, NULL);

  sql = ac_store_begin_read (self, error);
  if (sql == NULL)
    return NULL;
  row = ac_action_row_load_by_id (sql, id, error);
  if (row != NULL)
    page = list_targets (self, sql, row, filter, error);
  ac_action_row_free (row);
  ac_store_end_read (self, sql);
  return page;
}
