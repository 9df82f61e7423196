/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GET /investigations: filters, order and pages. There are far fewer investigations than actions,
 * so the rows that the filters let through are sorted each time, but for the order of creation,
 * which has an index. */
#include "config.h"

#include <string.h>

#include "model/ac-search-text.h"
#include "model/ac-time.h"
#include "store/ac-store-private.h"

typedef struct
{
  const char *key; /* an expression that is never null */
  gboolean is_text;
} SortKey;

/* What goes on lasts longer than all that has ended, and the longer the sooner it began; so the
 * order does not depend on when a page is asked for. */
#define DURATION                                                                                   \
  "CASE WHEN ended_at IS NULL THEN 9000000000000000000 - created_at "                              \
  "ELSE ended_at - created_at END"

static const SortKey sort_keys[] = {
  [AC_INVESTIGATION_SORT_CREATED_AT] = { "created_at", FALSE },
  [AC_INVESTIGATION_SORT_UPDATED_AT] = { "updated_at", FALSE },
  [AC_INVESTIGATION_SORT_ID] = { "id", TRUE },
  [AC_INVESTIGATION_SORT_STATUS] = { "status", TRUE },
  [AC_INVESTIGATION_SORT_DETECTION_SOURCE] = { "coalesce (detection_source, '') COLLATE NOCASE",
                                               TRUE },
  [AC_INVESTIGATION_SORT_TITLE] = { "title COLLATE NOCASE", TRUE },
  [AC_INVESTIGATION_SORT_MAILBOXES] = { "(SELECT count (*) FROM investigation_assets AS s "
                                        "WHERE s.investigation = investigations.seq"
                                        " AND s.kind = 'mailbox')",
                                        FALSE },
  [AC_INVESTIGATION_SORT_THREATS] = { "threatening", FALSE },
  [AC_INVESTIGATION_SORT_ACTIONS] = { "action_count", FALSE },
  [AC_INVESTIGATION_SORT_DURATION] = { DURATION, FALSE },
};

AcInvestigationFilter *
ac_investigation_filter_new (void)
{
  AcInvestigationFilter *filter = g_new0 (AcInvestigationFilter, 1);

  filter->created_after = AC_TIME_NONE;
  filter->created_before = AC_TIME_NONE;
  filter->sort = AC_INVESTIGATION_SORT_CREATED_AT;
  filter->descending = TRUE;
  return filter;
}

void
ac_investigation_filter_free (AcInvestigationFilter *filter)
{
  if (filter == NULL)
    return;
  g_strfreev (filter->statuses);
  g_strfreev (filter->threats);
  g_strfreev (filter->triggers);
  g_free (filter->text);
  g_free (filter->cursor);
  g_free (filter);
}

/* A condition that is put together, with what belongs to its question marks. */
typedef struct
{
  GString *where;
  GPtrArray *texts; /* in order; NULL: the next of numbers */
  GArray *numbers;  /* of gint64 */
} Condition;

static void
condition_init (Condition *condition)
{
  condition->where = g_string_new ("WHERE 1");
  condition->texts = g_ptr_array_new_with_free_func (g_free);
  condition->numbers = g_array_new (FALSE, FALSE, sizeof (gint64));
}

static void
condition_clear (Condition *condition)
{
  g_string_free (condition->where, TRUE);
  g_ptr_array_unref (condition->texts);
  g_array_unref (condition->numbers);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Condition, condition_clear)

static void
add_text (Condition *condition, const char *text)
{
  g_ptr_array_add (condition->texts, g_strdup (text));
}

static void
add_number (Condition *condition, gint64 number)
{
  g_ptr_array_add (condition->texts, NULL);
  g_array_append_val (condition->numbers, number);
}

/* @before and @after: around the list of values */
static void
add_values (Condition *condition, const char *before, const GStrv values, const char *after)
{
  if (values == NULL || values[0] == NULL)
    return;
  g_string_append (condition->where, before);
  for (guint i = 0; values[i] != NULL; i++)
    {
      g_string_append (condition->where, i > 0 ? ", ?" : "?");
      add_text (condition, values[i]);
    }
  g_string_append (condition->where, after);
}

static void
add_filter (Condition *condition, const AcInvestigationFilter *filter)
{
  g_auto (GStrv) words = ac_search_text_split (filter->text);

  add_values (condition, " AND status IN (", filter->statuses, ")");
  add_values (condition, " AND started_by IN (", filter->triggers, ")");
  add_values (condition,
              " AND seq IN (SELECT t.investigation FROM investigation_threats AS t "
              "WHERE t.threat IN (",
              filter->threats, "))");
  if (filter->created_after != AC_TIME_NONE)
    {
      g_string_append (condition->where, " AND created_at >= ?");
      add_number (condition, filter->created_after);
    }
  if (filter->created_before != AC_TIME_NONE)
    {
      g_string_append (condition->where, " AND created_at < ?");
      add_number (condition, filter->created_before);
    }
  for (char **word = words; *word != NULL; word++)
    if (**word != '\0')
      {
        g_string_append (condition->where, " AND instr (search, ?) > 0");
        add_text (condition, *word);
      }
}

static sqlite3_stmt *
prepare (AcSql *sql, const char *text, const Condition *condition, gint64 limit, GError **error)
{
  sqlite3_stmt *statement = ac_sql_prepare_once (sql, text, error);
  guint n = 0;

  if (statement == NULL)
    return NULL;
  for (guint i = 0; i < condition->texts->len; i++)
    {
      const char *value = condition->texts->pdata[i];

      if (value != NULL)
        sqlite3_bind_text (statement, (int)i + 1, value, -1, SQLITE_STATIC);
      else
        sqlite3_bind_int64 (statement, (int)i + 1, g_array_index (condition->numbers, gint64, n++));
    }
  if (limit > 0)
    sqlite3_bind_int64 (statement, (int)condition->texts->len + 1, limit);
  return statement;
}

static gboolean
count (AcSql *sql, const Condition *condition, gint64 *total, GError **error)
{
  g_autofree char *text =
      g_strconcat ("SELECT count (*) FROM investigations ", condition->where->str, NULL);
  g_autoptr (AcSqlOnce) statement = prepare (sql, text, condition, 0, error);

  if (statement == NULL || ac_sql_step (sql, statement, error) != AC_SQL_ROW)
    return FALSE;
  *total = sqlite3_column_int64 (statement, 0);
  return TRUE;
}

/* The values that there are to filter by, and how many investigations have each, whatever the
 * filter. */
static gboolean
add_facets (AcSql *sql, JsonObject *page, GError **error)
{
  static const struct
  {
    const char *name;
    const char *query;
  } facets[] = {
    { "status", "SELECT status, count (*) FROM investigations GROUP BY status" },
    { "threat", "SELECT threat, count (*) FROM investigation_threats GROUP BY threat" },
    { "trigger", "SELECT started_by, count (*) FROM investigations WHERE started_by IS NOT NULL "
                 "GROUP BY started_by" },
  };
  JsonObject *object = json_object_new ();

  json_object_set_object_member (page, "facets", object);
  for (guint i = 0; i < G_N_ELEMENTS (facets); i++)
    {
      g_autoptr (AcSqlReset) query = ac_sql_query (sql, error, facets[i].query, "");
      JsonObject *facet = json_object_new ();
      AcSqlStep step = AC_SQL_ERROR;

      json_object_set_object_member (object, facets[i].name, facet);
      while (query != NULL && (step = ac_sql_step (sql, query, error)) == AC_SQL_ROW)
        json_object_set_int_member (facet, ac_sql_text (query, 0), sqlite3_column_int64 (query, 1));
      if (step != AC_SQL_DONE)
        return FALSE;
    }
  return TRUE;
}

/* A cursor is good only for the question it came from. */
static char *
digest (const AcInvestigationFilter *filter, const Condition *condition)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *order =
      g_strdup_printf ("%s %d %d", condition->where->str, (int)filter->sort, filter->descending);
  guint n = 0;

  g_checksum_update (checksum, (const guchar *)order, (gssize)strlen (order) + 1);
  for (guint i = 0; i < condition->texts->len; i++)
    {
      const char *text = condition->texts->pdata[i];

      if (text != NULL)
        g_checksum_update (checksum, (const guchar *)text, (gssize)strlen (text) + 1);
      else
        g_checksum_update (checksum,
                           (const guchar *)&g_array_index (condition->numbers, gint64, n++),
                           sizeof (gint64));
    }
  return g_strdup_printf ("investigations-%.16s", g_checksum_get_string (checksum));
}

static gboolean
add_items (AcStore *self,
           AcSql *sql,
           sqlite3_stmt *statement,
           guint limit,
           AcCursor *next,
           JsonObject *page,
           GError **error)
{
  g_autofree char *last_id = NULL;
  g_autofree char *last_text = NULL;
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
          next->text = last_text;
          text = ac_store_format_cursor (self, next);
          ac_json_set_string (page, "nextCursor", text);
          return TRUE;
        }
      item = ac_store_load_investigation (sql, sqlite3_column_int64 (statement, 0), FALSE, error);
      if (item == NULL)
        return FALSE;
      json_array_add_object_element (items, item);
      g_free (last_id);
      last_id = g_strdup (ac_sql_text (statement, 1));
      g_clear_pointer (&last_text, g_free);
      if (sqlite3_column_type (statement, 2) == SQLITE_TEXT)
        last_text = g_strdup (ac_sql_text (statement, 2));
      else
        next->number = sqlite3_column_int64 (statement, 2);
    }
  return step == AC_SQL_DONE;
}

static JsonObject *
list_investigations (AcStore *self, AcSql *sql, const AcInvestigationFilter *filter, GError **error)
{
  const SortKey *key = &sort_keys[filter->sort];
  const char *direction = filter->descending ? "DESC" : "ASC";
  guint limit = filter->limit == 0 ? AC_STORE_PAGE_DEFAULT : MIN (filter->limit, AC_STORE_PAGE_MAX);
  g_autoptr (JsonObject) page = json_object_new ();
  g_autoptr (AcCursor) cursor = NULL;
  g_autoptr (AcSqlOnce) statement = NULL;
  g_auto (Condition) condition = { 0 };
  g_autofree char *query = NULL;
  g_autofree char *text = NULL;
  AcCursor next = { .made_at = ac_time_now () };

  condition_init (&condition);
  add_filter (&condition, filter);
  query = digest (filter, &condition);
  next.query = query;
  if (filter->cursor != NULL)
    {
      cursor = ac_store_parse_cursor (self, filter->cursor, query, error);
      if (cursor == NULL)
        return NULL;
      next.total = cursor->total;
    }
  else if (!count (sql, &condition, &next.total, error) || !add_facets (sql, page, error))
    return NULL;
  json_object_set_int_member (page, "total", next.total);
  if (cursor != NULL)
    {
      g_string_append_printf (condition.where, " AND (%s, id) %s (?, ?)", key->key,
                              filter->descending ? "<" : ">");
      if (key->is_text)
        add_text (&condition, cursor->text != NULL ? cursor->text : "");
      else
        add_number (&condition, cursor->number);
      add_text (&condition, cursor->id);
    }
  text = g_strdup_printf ("SELECT seq, id, %s FROM investigations %s ORDER BY %s %s, id %s LIMIT ?",
                          key->key, condition.where->str, key->key, direction, direction);
  statement = prepare (sql, text, &condition, (gint64)limit + 1, error);
  if (statement == NULL || !add_items (self, sql, statement, limit, &next, page, error))
    return NULL;
  return g_steal_pointer (&page);
}

/**
 * ac_store_list_investigations:
 *
 * Returns: (transfer full): the answer of GET /investigations; or %NULL with
 * AC_STORE_ERROR_BAD_CURSOR, AC_STORE_ERROR_CURSOR_EXPIRED or AC_STORE_ERROR_FAILED.
 */
JsonObject *
ac_store_list_investigations (AcStore *self, const AcInvestigationFilter *filter, GError **error)
{
  JsonObject *page;
  AcSql *sql;

  g_return_val_if_fail (AC_IS_STORE (self), NULL);
  g_return_val_if_fail (filter != NULL, NULL);
  g_return_val_if_fail (filter->sort < G_N_ELEMENTS (sort_keys), NULL);

  sql = ac_store_begin_read (self, error);
  if (sql == NULL)
    return NULL;
  page = list_investigations (self, sql, filter, error);
  ac_store_end_read (self, sql);
  return page;
}
