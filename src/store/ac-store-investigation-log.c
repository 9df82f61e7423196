/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The log of an investigation: the steps that its detector has posted, and one for each action that
 * it proposed, whose times come out of the audit log, so that they are right without anybody
 * posting them.
 */
#include "config.h"

#include <string.h>

#include "model/ac-log-entry.h"
#include "model/ac-search-text.h"
#include "model/ac-time.h"
#include "store/ac-store-private.h"

static char *
entry_search_text (AcLogEntry *entry)
{
  const char *const words[] = {
    ac_log_entry_get_id (entry),          ac_log_entry_get_action_type (entry),
    ac_log_entry_get_action (entry),      ac_log_entry_get_status (entry),
    ac_log_entry_get_device_name (entry), ac_log_entry_get_description (entry),
    ac_log_entry_get_comments (entry),
  };
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (words[i] != NULL)
      g_string_append_printf (text, "%s\n", words[i]);
  return ac_search_text_fold (text->str);
}

/* Whoever shows the investigation is told, unless the same transaction does so already. */
static gboolean
tell (AcWrite *write, gint64 investigation, GError **error)
{
  gint64 version;

  return ac_sql_get_integer (write->sql, &version, 0, error,
                             "UPDATE investigations SET version = version + 1, updated_at = ?2 "
                             "WHERE seq = ?1 AND updated_at != ?2 RETURNING version",
                             "ii", investigation, write->now) &&
         (version == 0 || ac_write_change (write, "investigation", investigation, version, error));
}

/**
 * ac_write_investigation_log:
 *
 * Writes the steps of @request; one whose id is known already is replaced.
 */
gboolean
ac_write_investigation_log (AcWrite *write,
                            gint64 investigation,
                            AcInvestigation *request,
                            GError **error)
{
  GPtrArray *log = ac_investigation_get_log (request);
  gboolean changed = FALSE;

  for (guint i = 0; i < log->len; i++)
    {
      AcLogEntry *entry = log->pdata[i];
      g_autofree char *search = entry_search_text (entry);
      g_autoptr (JsonObject) object = ac_log_entry_to_json (entry);
      g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);
      g_autofree char *text = ac_store_json_text (node);

      if (!ac_sql_run (write->sql, error,
                       "INSERT INTO investigation_log (investigation, id, created_at, status, "
                       "  search, entry) VALUES (?, ?, ?, ?, ?, ?) "
                       "ON CONFLICT (investigation, id) DO UPDATE SET "
                       "created_at = excluded.created_at, status = excluded.status, "
                       "search = excluded.search, entry = excluded.entry "
                       "WHERE entry != excluded.entry",
                       "isisss", investigation, ac_log_entry_get_id (entry),
                       ac_log_entry_get_created_at (entry), ac_log_entry_get_status (entry), search,
                       text))
        return FALSE;
      changed = changed || ac_sql_n_changed (write->sql) > 0;
    }
  return !changed || tell (write, investigation, error);
}

/* When an action was decided, began and ended; AC_TIME_NONE: not yet. */
typedef struct
{
  gint64 decided_at;
  gint64 started_at;
  gint64 ended_at;
} ActionTimes;

static gboolean
load_times (AcSql *sql, gint64 action, ActionTimes *times, GError **error)
{
  g_autoptr (AcSqlReset) query = ac_sql_query (
      sql, error, "SELECT at, after, before FROM audit WHERE action = ? ORDER BY seq", "i", action);
  AcSqlStep step = AC_SQL_ERROR;

  *times = (ActionTimes){ AC_TIME_NONE, AC_TIME_NONE, AC_TIME_NONE };
  while (query != NULL && (step = ac_sql_step (sql, query, error)) == AC_SQL_ROW)
    {
      gint64 at = sqlite3_column_int64 (query, 0);

      switch (ac_status_parse (ac_sql_text (query, 1)))
        {
        case AC_STATUS_PENDING:
          *times = (ActionTimes){ AC_TIME_NONE, AC_TIME_NONE, AC_TIME_NONE };
          break;
        case AC_STATUS_QUEUED:
        case AC_STATUS_REJECTED:
        case AC_STATUS_EXPIRED:
        case AC_STATUS_CANCELLED:
          if (times->decided_at == AC_TIME_NONE)
            times->decided_at = at;
          break;
        case AC_STATUS_RUNNING:
          if (times->started_at == AC_TIME_NONE)
            times->started_at = at;
          break;
        case AC_STATUS_COMPLETED:
        case AC_STATUS_PARTLY_COMPLETED:
        case AC_STATUS_FAILED:
          /* The end of an undo for some of its assets is none of the action. */
          if (ac_status_parse (ac_sql_text (query, 2)) != AC_STATUS_UNDOING)
            times->ended_at = at;
          break;
        default:
          break;
        }
    }
  return step == AC_SQL_DONE;
}

static void
set_seconds (JsonObject *object, const char *name, gint64 from, gint64 to)
{
  if (from != AC_TIME_NONE && to != AC_TIME_NONE)
    json_object_set_int_member (object, name, MAX (to - from, 0) / G_TIME_SPAN_SECOND);
}

static JsonObject *
load_action_step (AcSql *sql, gint64 action, GError **error)
{
  g_autoptr (JsonObject) object = json_object_new ();
  ActionTimes times;
  gint64 created_at;
  g_autoptr (AcSqlReset) query =
      ac_sql_query (sql, error,
                    "SELECT a.id, a.type, a.status, a.asset, a.details, a.created_at, "
                    "  (SELECT comment FROM operations AS o WHERE o.seq = a.operation) "
                    "FROM actions AS a WHERE a.seq = ?",
                    "i", action);

  if (query == NULL || ac_sql_step (sql, query, error) != AC_SQL_ROW ||
      !load_times (sql, action, &times, error))
    return NULL;
  created_at = sqlite3_column_int64 (query, 5);
  ac_json_set_string (object, "id", ac_sql_text (query, 0));
  ac_json_set_string (object, "actionType", "remediation");
  ac_json_set_string (object, "action", ac_sql_text (query, 1));
  ac_json_set_string (object, "status", ac_sql_text (query, 2));
  if (ac_action_type_parse (ac_sql_text (query, 1)) == AC_ACTION_TYPE_QUARANTINE_FILE)
    ac_json_set_string (object, "deviceName", ac_sql_text (query, 3));
  ac_json_set_string (object, "description", ac_sql_text (query, 4));
  ac_json_set_string (object, "comments", ac_sql_text (query, 6));
  ac_json_set_time (object, "createdAt", created_at);
  ac_json_set_time (object, "startedAt", times.started_at);
  set_seconds (object, "durationSeconds", times.started_at, times.ended_at);
  set_seconds (object, "pendingSeconds", created_at, times.decided_at);
  set_seconds (object, "queuedSeconds", times.decided_at, times.started_at);
  ac_json_set_string (object, "actionId", ac_sql_text (query, 0));
  return g_steal_pointer (&object);
}

/* Steps and actions as one list. */
#define ENTRIES                                                                                    \
  "(SELECT created_at, id, status, search, seq, 0 AS is_action FROM investigation_log"             \
  " WHERE investigation = ?1 UNION ALL "                                                           \
  "SELECT a.created_at, a.id, a.status, t.search, a.seq, 1 FROM actions AS a "                      \
  "JOIN action_texts AS t ON t.action = a.seq WHERE a.investigation = ?1)"

/* ?2 on: the words and statuses, in their order. */
static char *
condition (const AcLogFilter *filter, const GStrv words)
{
  g_autoptr (GString) where = g_string_new (" WHERE 1");

  for (guint i = 0; words[i] != NULL; i++)
    g_string_append (where, " AND instr (search, ?) > 0");
  if (filter->statuses != NULL && filter->statuses[0] != NULL)
    {
      g_string_append (where, " AND status IN (");
      for (guint i = 0; filter->statuses[i] != NULL; i++)
        g_string_append (where, i > 0 ? ", ?" : "?");
      g_string_append (where, ")");
    }
  return g_strdup (where->str);
}

static int
bind_filter (sqlite3_stmt *statement, gint64 seq, const AcLogFilter *filter, const GStrv words)
{
  int position = 1;

  sqlite3_bind_int64 (statement, position++, seq);
  for (guint i = 0; words[i] != NULL; i++)
    sqlite3_bind_text (statement, position++, words[i], -1, SQLITE_STATIC);
  for (guint i = 0; filter->statuses != NULL && filter->statuses[i] != NULL; i++)
    sqlite3_bind_text (statement, position++, filter->statuses[i], -1, SQLITE_STATIC);
  return position;
}

static JsonObject *
load_step (AcSql *sql, gint64 seq, gboolean is_action, GError **error)
{
  g_autoptr (AcSqlReset) query = NULL;

  if (is_action)
    return load_action_step (sql, seq, error);
  query = ac_sql_query (sql, error, "SELECT entry FROM investigation_log WHERE seq = ?", "i", seq);
  if (query == NULL || ac_sql_step (sql, query, error) != AC_SQL_ROW)
    return NULL;
  return ac_store_parse_object (ac_sql_text (query, 0), error);
}

static gboolean
add_steps (AcStore *self,
           AcSql *sql,
           sqlite3_stmt *statement,
           guint limit,
           AcCursor *next,
           JsonObject *page,
           GError **error)
{
  g_autofree char *last_id = NULL;
  JsonArray *items = json_array_new ();
  AcSqlStep step;

  json_object_set_array_member (page, "items", items);
  while ((step = ac_sql_step (sql, statement, error)) == AC_SQL_ROW)
    {
      JsonObject *item;

      if (json_array_get_length (items) == limit)
        {
          g_autofree char *text = NULL;

          next->id = last_id;
          text = ac_store_format_cursor (self, next);
          ac_json_set_string (page, "nextCursor", text);
          return TRUE;
        }
      item = load_step (sql, sqlite3_column_int64 (statement, 2),
                        sqlite3_column_int (statement, 3) != 0, error);
      if (item == NULL)
        return FALSE;
      json_array_add_object_element (items, item);
      next->number = sqlite3_column_int64 (statement, 0);
      g_free (last_id);
      /* A detector's own id may hold anything, and a cursor nothing but what has no blanks. */
      last_id = g_strdup_printf ("%" G_GINT64_FORMAT "-%d",
                                 (gint64)sqlite3_column_int64 (statement, 2),
                                 sqlite3_column_int (statement, 3));
    }
  return step == AC_SQL_DONE;
}

static char *
log_digest (gint64 seq, const char *where, const AcLogFilter *filter)
{
  g_autofree char *statuses =
      filter->statuses != NULL ? g_strjoinv ("\n", filter->statuses) : g_strdup ("");
  g_autofree char *all = g_strdup_printf ("%" G_GINT64_FORMAT "\n%s\n%s\n%s", seq, where,
                                          filter->text != NULL ? filter->text : "", statuses);
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, all, -1);

  return g_strdup_printf ("log-%.16s", sum);
}

static JsonObject *
list_log (AcStore *self, AcSql *sql, gint64 seq, const AcLogFilter *filter, GError **error)
{
  guint limit = filter->limit == 0 ? AC_STORE_PAGE_DEFAULT : MIN (filter->limit, AC_STORE_PAGE_MAX);
  g_auto (GStrv) words = ac_search_text_split (filter->text);
  g_autofree char *where = condition (filter, words);
  g_autofree char *query = log_digest (seq, where, filter);
  g_autofree char *text = NULL;
  g_autofree char *count_text = g_strconcat ("SELECT count (*) FROM " ENTRIES, where, NULL);
  g_autoptr (JsonObject) page = json_object_new ();
  g_autoptr (AcCursor) cursor = NULL;
  g_autoptr (AcSqlOnce) counting = NULL;
  g_autoptr (AcSqlOnce) statement = NULL;
  AcCursor next = { .query = query, .made_at = ac_time_now () };
  gint64 place[2] = { -1, 0 };
  int position;

  if (filter->cursor != NULL)
    {
      cursor = ac_store_parse_cursor (self, filter->cursor, query, error);
      if (cursor == NULL)
        return NULL;
      place[0] = g_ascii_strtoll (cursor->id, NULL, 10);
      place[1] = g_str_has_suffix (cursor->id, "-1");
    }
  counting = ac_sql_prepare_once (sql, count_text, error);
  if (counting == NULL)
    return NULL;
  bind_filter (counting, seq, filter, words);
  if (ac_sql_step (sql, counting, error) != AC_SQL_ROW)
    return NULL;
  json_object_set_int_member (page, "total", sqlite3_column_int64 (counting, 0));

  text = g_strconcat ("SELECT created_at, id, seq, is_action FROM " ENTRIES, where,
                      " AND (created_at, is_action, seq) > (?, ?, ?) "
                      "ORDER BY created_at, is_action, seq LIMIT ?",
                      NULL);
  statement = ac_sql_prepare_once (sql, text, error);
  if (statement == NULL)
    return NULL;
  position = bind_filter (statement, seq, filter, words);
  sqlite3_bind_int64 (statement, position++, cursor != NULL ? cursor->number : G_MININT64);
  sqlite3_bind_int64 (statement, position++, place[1]);
  sqlite3_bind_int64 (statement, position++, place[0]);
  sqlite3_bind_int64 (statement, position, (gint64)limit + 1);
  if (!add_steps (self, sql, statement, limit, &next, page, error))
    return NULL;
  return g_steal_pointer (&page);
}

/**
 * ac_store_list_investigation_log:
 * @id: of the investigation
 *
 * Returns: (transfer full): the answer of GET /investigations/{id}/log, oldest first; or %NULL with
 * AC_STORE_ERROR_NOT_FOUND, AC_STORE_ERROR_BAD_CURSOR, AC_STORE_ERROR_CURSOR_EXPIRED or
 * AC_STORE_ERROR_FAILED.
 */
JsonObject *
ac_store_list_investigation_log (AcStore *self,
                                 const char *id,
                                 const AcLogFilter *filter,
                                 GError **error)
{
  JsonObject *page = NULL;
  gint64 seq;
  AcSql *sql;

  g_return_val_if_fail (AC_IS_STORE (self), NULL);
  g_return_val_if_fail (id != NULL && filter != NULL, NULL);

  sql = ac_store_begin_read (self, error);
  if (sql == NULL)
    return NULL;
  if (ac_sql_get_integer (sql, &seq, 0, error, "SELECT seq FROM investigations WHERE id = ?", "s",
                          id))
    {
      if (seq != 0)
        page = list_log (self, sql, seq, filter, error);
      else
        g_set_error (error, AC_STORE_ERROR, AC_STORE_ERROR_NOT_FOUND,
                     "There is no investigation “%s”.", id);
    }
  ac_store_end_read (self, sql);
  return page;
}
