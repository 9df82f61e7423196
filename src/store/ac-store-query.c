/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GET /actions: filters, order and pages over up to millions of actions.
 *
 * A page is read in one of three ways. When only statuses are filtered and the order is that of the
 * last update (what the Pending and History lists show), one ordered index range per status is
 * merged. When some filter leaves few rows, those are read and sorted. Else the index of the sort
 * column is walked and the other filters are checked row by row. */
#include "config.h"

#include <string.h>

#include "model/ac-time.h"
#include "store/ac-store-private.h"

/* So many rows are read and sorted in a few milliseconds. */
#define FEW_ROWS 5000

typedef struct
{
  const char *name; /* of the column */
  gboolean is_time;
} SortColumn;

static const SortColumn sort_columns[] = {
  [AC_SORT_UPDATED_AT] = { "updated_at", TRUE },
  [AC_SORT_CREATED_AT] = { "created_at", TRUE },
  [AC_SORT_TYPE] = { "type", FALSE },
  [AC_SORT_DETAILS] = { "details", FALSE },
  [AC_SORT_ENTITY_TYPE] = { "entity_type", FALSE },
  [AC_SORT_ASSET] = { "asset", FALSE },
  [AC_SORT_VERDICT] = { "verdict", FALSE },
  [AC_SORT_SOURCE] = { "source", FALSE },
  [AC_SORT_DECIDED_BY] = { "decided_by", FALSE },
  [AC_SORT_STATUS] = { "status", FALSE },
};

/* The filters that compare one thing with some values. */
typedef enum
{
  FILTER_STATUS, /* up to here and below: columns of action_counts */
  FILTER_TYPE,
  FILTER_VERDICT,
  FILTER_SOURCE,
  FILTER_ENTITY_TYPE,
  FILTER_DECIDED_BY,
  FILTER_ID,
  FILTER_INVESTIGATION,
  FILTER_OPERATION,
  FILTER_ASSET,
  N_FILTERS,
} Filter;

#define N_COUNTED (FILTER_DECIDED_BY + 1)

/* %s is the list of placeholders. The plus keeps SQLite from using an index for the term. */
static const struct
{
  const char *narrowing; /* as what finds the rows */
  const char *checking;  /* as a check of rows that something else has found */
} terms[] = {
  [FILTER_STATUS] = { "status IN (%s)", "+status IN (%s)" },
  [FILTER_TYPE] = { "type IN (%s)", "+type IN (%s)" },
  [FILTER_VERDICT] = { "verdict IN (%s)", "+verdict IN (%s)" },
  [FILTER_SOURCE] = { "source IN (%s)", "+source IN (%s)" },
  [FILTER_ENTITY_TYPE] = { "entity_type IN (%s)", "+entity_type IN (%s)" },
  [FILTER_DECIDED_BY] = { "decided_by IN (%s)", "+decided_by IN (%s)" },
  [FILTER_ID] = { "id IN (%s)", "+id IN (%s)" },
  [FILTER_INVESTIGATION] = { "investigation IN (SELECT i.seq FROM investigations AS i WHERE i.id "
                             "IN (%s))",
                             "+investigation IN (SELECT i.seq FROM investigations AS i WHERE i.id "
                             "IN (%s))" },
  [FILTER_OPERATION] = { "operation IN (SELECT o.seq FROM operations AS o WHERE o.id IN (%s))",
                         "+operation IN (SELECT o.seq FROM operations AS o WHERE o.id IN (%s))" },
  [FILTER_ASSET] = { "seq IN (SELECT s.action FROM action_assets AS s WHERE s.asset IN (%s))",
                     "EXISTS (SELECT 1 FROM action_assets AS s "
                     "WHERE s.action = actions.seq AND s.asset IN (%s))" },
};

static const char *const counted_columns[] = {
  [FILTER_STATUS] = "status",           [FILTER_TYPE] = "type",
  [FILTER_VERDICT] = "verdict",         [FILTER_SOURCE] = "source",
  [FILTER_ENTITY_TYPE] = "entity_type", [FILTER_DECIDED_BY] = "decided_by",
};

AcActionFilter *
ac_action_filter_new (void)
{
  AcActionFilter *filter = g_new0 (AcActionFilter, 1);

  filter->created_after = AC_TIME_NONE;
  filter->created_before = AC_TIME_NONE;
  filter->updated_after = AC_TIME_NONE;
  filter->sort = AC_SORT_UPDATED_AT;
  filter->descending = TRUE;
  filter->limit = AC_STORE_PAGE_DEFAULT;
  return filter;
}

void
ac_action_filter_free (AcActionFilter *filter)
{
  if (filter == NULL)
    return;
  g_strfreev (filter->ids);
  g_strfreev (filter->statuses);
  g_strfreev (filter->types);
  g_strfreev (filter->entity_types);
  g_strfreev (filter->verdicts);
  g_strfreev (filter->sources);
  g_strfreev (filter->decided_by);
  g_strfreev (filter->investigation_ids);
  g_strfreev (filter->operation_ids);
  g_strfreev (filter->assets);
  g_free (filter->text);
  g_free (filter->cursor);
  g_free (filter);
}

/* One question: the filter, taken apart. */
typedef struct
{
  const AcActionFilter *filter;
  GStrv values[N_FILTERS]; /* owned by filter; NULL: not filtered */
  GStrv words;             /* folded; none: empty */
  GStrv all_statuses;      /* owned; stands in values where that helps the index */
  guint limit;
} Question;

static GStrv
every_status (void)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 1; i < ac_vocabulary_size (AC_VOCABULARY_STATUS); i++)
    g_strv_builder_add (builder, ac_status_wire ((AcStatus)i));
  return g_strv_builder_end (builder);
}

static void
question_init (Question *question, const AcActionFilter *filter)
{
  g_autofree char *folded = ac_store_search_fold (filter->text != NULL ? filter->text : "");
  g_auto (GStrv) words = g_strsplit_set (folded, " \t\r\n", -1);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  *question = (Question){ .filter = filter };
  question->values[FILTER_STATUS] = filter->statuses;
  question->values[FILTER_TYPE] = filter->types;
  question->values[FILTER_VERDICT] = filter->verdicts;
  question->values[FILTER_SOURCE] = filter->sources;
  question->values[FILTER_ENTITY_TYPE] = filter->entity_types;
  question->values[FILTER_DECIDED_BY] = filter->decided_by;
  question->values[FILTER_ID] = filter->ids;
  question->values[FILTER_INVESTIGATION] = filter->investigation_ids;
  question->values[FILTER_OPERATION] = filter->operation_ids;
  question->values[FILTER_ASSET] = filter->assets;
  for (guint i = 0; i < N_FILTERS; i++)
    if (question->values[i] != NULL && question->values[i][0] == NULL)
      question->values[i] = NULL;
  /* The index over the time of the update begins with the status. */
  question->all_statuses = every_status ();
  if (question->values[FILTER_STATUS] == NULL && filter->updated_after != AC_TIME_NONE)
    question->values[FILTER_STATUS] = question->all_statuses;
  for (char **word = words; *word != NULL; word++)
    if (**word != '\0')
      g_strv_builder_add (builder, *word);
  question->words = g_strv_builder_end (builder);
  question->limit =
      filter->limit == 0 ? AC_STORE_PAGE_DEFAULT : MIN (filter->limit, AC_STORE_PAGE_MAX);
}

static void
question_clear (Question *question)
{
  g_clear_pointer (&question->words, g_strfreev);
  g_clear_pointer (&question->all_statuses, g_strfreev);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Question, question_clear)

/* What a cursor must belong to: everything but the page's size. */
static char *
question_digest (const Question *question)
{
  const AcActionFilter *filter = question->filter;
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < N_FILTERS; i++)
    {
      g_string_append_printf (text, "|%u", i);
      for (char **value = question->values[i]; value != NULL && *value != NULL; value++)
        g_string_append_printf (text, "=%" G_GSIZE_FORMAT ":%s", strlen (*value), *value);
    }
  for (char **word = question->words; *word != NULL; word++)
    g_string_append_printf (text, "|%s", *word);
  g_string_append_printf (text,
                          "|%" G_GINT64_FORMAT "|%" G_GINT64_FORMAT "|%" G_GINT64_FORMAT "|%d|%d",
                          filter->created_after, filter->created_before, filter->updated_after,
                          (int)filter->sort, filter->descending);
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text->str, -1);
}

/* A statement that is being put together with its values. */
typedef struct
{
  GString *text;
  GPtrArray *values; /* of GValue */
} Builder;

static void
value_free (gpointer data)
{
  GValue *value = data;

  g_value_unset (value);
  g_free (value);
}

static void
builder_init (Builder *builder, const char *text)
{
  builder->text = g_string_new (text);
  builder->values = g_ptr_array_new_with_free_func (value_free);
}

static void
builder_clear (Builder *builder)
{
  if (builder->text == NULL) /* never used */
    return;
  g_string_free (builder->text, TRUE);
  g_ptr_array_unref (builder->values);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Builder, builder_clear)

static void
add_text_value (Builder *builder, const char *text)
{
  GValue *value = g_new0 (GValue, 1);

  g_value_init (value, G_TYPE_STRING);
  g_value_set_string (value, text);
  g_ptr_array_add (builder->values, value);
}

static void
add_integer_value (Builder *builder, gint64 number)
{
  GValue *value = g_new0 (GValue, 1);

  g_value_init (value, G_TYPE_INT64);
  g_value_set_int64 (value, number);
  g_ptr_array_add (builder->values, value);
}

static sqlite3_stmt *
builder_prepare (Builder *builder, AcSql *sql, GError **error)
{
  sqlite3_stmt *statement = ac_sql_prepare_once (sql, builder->text->str, error);

  for (guint i = 0; statement != NULL && i < builder->values->len; i++)
    {
      const GValue *value = builder->values->pdata[i];

      if (G_VALUE_HOLDS_STRING (value))
        sqlite3_bind_text (statement, (int)i + 1, g_value_get_string (value), -1, SQLITE_TRANSIENT);
      else
        sqlite3_bind_int64 (statement, (int)i + 1, g_value_get_int64 (value));
    }
  return statement;
}

static void
add_term (Builder *builder, const char *format, const GStrv values)
{
  const char *hole = strstr (format, "%s");

  g_string_append_len (builder->text, format, hole - format);
  for (guint i = 0; values[i] != NULL; i++)
    {
      g_string_append (builder->text, i > 0 ? ", ?" : "?");
      add_text_value (builder, values[i]);
    }
  g_string_append (builder->text, hole + strlen ("%s"));
}

/* All filters as a WHERE clause. narrow: the one that finds the rows, or N_FILTERS; without: one
 * that is left out, or N_FILTERS. */
static void
add_conditions (Builder *builder, const Question *question, Filter narrow, Filter without)
{
  const AcActionFilter *filter = question->filter;

  g_string_append (builder->text, " WHERE 1");
  for (guint i = 0; i < N_FILTERS; i++)
    if (question->values[i] != NULL && i != without)
      {
        g_string_append (builder->text, " AND ");
        add_term (builder, i == narrow ? terms[i].narrowing : terms[i].checking,
                  question->values[i]);
      }
  if (filter->created_after != AC_TIME_NONE)
    {
      g_string_append (builder->text, narrow == N_FILTERS && without == N_FILTERS
                                          ? " AND created_at > ?"
                                          : " AND +created_at > ?");
      add_integer_value (builder, filter->created_after);
    }
  if (filter->created_before != AC_TIME_NONE)
    {
      g_string_append (builder->text, narrow == N_FILTERS && without == N_FILTERS
                                          ? " AND created_at < ?"
                                          : " AND +created_at < ?");
      add_integer_value (builder, filter->created_before);
    }
  if (filter->updated_after != AC_TIME_NONE)
    {
      g_string_append (builder->text, narrow == FILTER_STATUS || without == FILTER_STATUS
                                          ? " AND updated_at > ?"
                                          : " AND +updated_at > ?");
      add_integer_value (builder, filter->updated_after);
    }
  for (char **word = question->words; *word != NULL; word++)
    {
      g_string_append (builder->text, " AND instr (search, ?)");
      add_text_value (builder, *word);
    }
}

static void
add_place (Builder *builder, const Question *question, const AcCursor *cursor)
{
  const SortColumn *sort = &sort_columns[question->filter->sort];

  if (cursor == NULL)
    return;
  g_string_append_printf (builder->text, " AND (%s, id) %s (?, ?)", sort->name,
                          question->filter->descending ? "<" : ">");
  if (sort->is_time)
    add_integer_value (builder, cursor->number);
  else
    add_text_value (builder, cursor->text != NULL ? cursor->text : "");
  add_text_value (builder, cursor->id);
}

static void
add_order (Builder *builder, const Question *question, gboolean by_index)
{
  const char *direction = question->filter->descending ? "DESC" : "ASC";
  const char *plus = by_index ? "" : "+";

  g_string_append_printf (builder->text, " ORDER BY %s%s %s, %sid %s LIMIT %u", plus,
                          by_index ? "place" : sort_columns[question->filter->sort].name, direction,
                          plus, direction, question->limit + 1);
}

/* --- how many --- */

static gboolean
is_only_counted (const Question *question)
{
  const AcActionFilter *filter = question->filter;

  for (guint i = N_COUNTED; i < N_FILTERS; i++)
    if (question->values[i] != NULL)
      return FALSE;
  return question->words[0] == NULL && filter->created_after == AC_TIME_NONE &&
         filter->created_before == AC_TIME_NONE && filter->updated_after == AC_TIME_NONE;
}

static gboolean
run_count (Builder *builder, AcSql *sql, gint64 *n, GError **error)
{
  g_autoptr (AcSqlOnce) statement = builder_prepare (builder, sql, error);

  if (statement == NULL || ac_sql_step (sql, statement, error) != AC_SQL_ROW)
    return FALSE;
  *n = sqlite3_column_int64 (statement, 0);
  return TRUE;
}

/* only: one filter, or N_FILTERS for all. */
static gboolean
count_by_sums (const Question *question, Filter only, AcSql *sql, gint64 *n, GError **error)
{
  g_auto (Builder) builder = { 0 };

  builder_init (&builder, "SELECT total (n) FROM action_counts WHERE 1");
  for (guint i = 0; i < N_COUNTED; i++)
    if (question->values[i] != NULL && (only == N_FILTERS || only == i))
      {
        g_autofree char *term = g_strdup_printf (" AND %s%s IN (%%s)", counted_columns[i],
                                                 /* As in the table of actions. */
                                                 i == FILTER_DECIDED_BY ? " COLLATE NOCASE" : "");

        add_term (&builder, term, question->values[i]);
      }
  return run_count (&builder, sql, n, error);
}

/* Counts no further than it matters. */
static gboolean
count_few (const Question *question, Filter filter, AcSql *sql, gint64 *n, GError **error)
{
  g_auto (Builder) builder = { 0 };

  builder_init (&builder, "SELECT count (*) FROM (SELECT 1 FROM actions WHERE ");
  add_term (&builder, terms[filter].narrowing, question->values[filter]);
  g_string_append_printf (builder.text, " LIMIT %d)", FEW_ROWS + 1);
  return run_count (&builder, sql, n, error);
}

/* The filter that leaves the fewest rows, or N_FILTERS when none leaves few. */
static gboolean
choose_filter (const Question *question, AcSql *sql, Filter *chosen, GError **error)
{
  gint64 fewest = FEW_ROWS + 1;

  *chosen = N_FILTERS;
  for (guint i = 0; i < N_FILTERS; i++)
    {
      gint64 n;

      if (question->values[i] == NULL)
        continue;
      if (i < N_COUNTED ? !count_by_sums (question, i, sql, &n, error)
                        : !count_few (question, i, sql, &n, error))
        return FALSE;
      if (n < fewest)
        {
          fewest = n;
          *chosen = i;
        }
    }
  return TRUE;
}

static gboolean
count_all (const Question *question, Filter chosen, AcSql *sql, gint64 *n, GError **error)
{
  g_auto (Builder) builder = { 0 };

  if (is_only_counted (question))
    return count_by_sums (question, N_FILTERS, sql, n, error);
  if (chosen == N_FILTERS && question->filter->updated_after != AC_TIME_NONE)
    chosen = FILTER_STATUS;
  builder_init (&builder, "SELECT count (*) FROM actions");
  add_conditions (&builder, question, chosen, N_FILTERS);
  return run_count (&builder, sql, n, error);
}

/* --- the page --- */

static gboolean
stands_before (const GStrv values, guint index)
{
  for (guint i = 0; i < index; i++)
    if (strcmp (values[i], values[index]) == 0)
      return TRUE;
  return FALSE;
}

/* One ordered range of an index per status, merged by SQLite as it goes. */
static void
add_merge (Builder *builder, const Question *question, const AcCursor *cursor)
{
  GStrv statuses = question->values[FILTER_STATUS] != NULL ? question->values[FILTER_STATUS]
                                                           : question->all_statuses;

  for (guint i = 0; statuses[i] != NULL; i++)
    {
      /* A status that was asked for twice is still listed once. */
      if (i > 0 && stands_before (statuses, i))
        continue;
      if (i > 0)
        g_string_append (builder->text, " UNION ALL ");
      g_string_append (builder->text, "SELECT seq, updated_at AS place, id FROM actions "
                                      "INDEXED BY actions_by_status_updated_at");
      add_conditions (builder, question, N_FILTERS, FILTER_STATUS);
      g_string_append (builder->text, " AND status = ?");
      add_text_value (builder, statuses[i]);
      add_place (builder, question, cursor);
    }
  add_order (builder, question, TRUE);
}

static void
build_page (Builder *builder, const Question *question, Filter chosen, const AcCursor *cursor)
{
  const char *column = sort_columns[question->filter->sort].name;

  builder_init (builder, NULL);
  if (chosen == N_FILTERS && question->filter->sort == AC_SORT_UPDATED_AT)
    {
      add_merge (builder, question, cursor);
      return;
    }
  g_string_append_printf (builder->text, "SELECT seq, %s AS place, id FROM actions", column);
  if (chosen == N_FILTERS)
    g_string_append_printf (builder->text, " INDEXED BY actions_by_%s", column);
  add_conditions (builder, question, chosen, N_FILTERS);
  add_place (builder, question, cursor);
  add_order (builder, question, chosen == N_FILTERS);
}

static JsonObject *
load_item (AcSql *sql, const Question *question, gint64 seq, const char *id, GError **error)
{
  JsonObject *item;
  gint64 version;

  if (!question->filter->ids_only)
    return ac_store_load_action (sql, seq, FALSE, error);
  if (!ac_sql_get_integer (sql, &version, 0, error, "SELECT version FROM actions WHERE seq = ?",
                           "i", seq))
    return NULL;
  item = json_object_new ();
  ac_json_set_string (item, "id", id);
  json_object_set_int_member (item, "version", version);
  return item;
}

static gboolean
load_page (AcStore *self,
           AcSql *sql,
           const Question *question,
           Filter chosen,
           const AcCursor *cursor,
           AcCursor *next,
           JsonObject *page,
           GError **error)
{
  g_auto (Builder) builder = { 0 };
  g_autoptr (AcSqlOnce) statement = NULL;
  gboolean is_time = sort_columns[question->filter->sort].is_time;
  JsonArray *items = json_array_new ();
  AcSqlStep step;

  json_object_set_array_member (page, "items", items);
  build_page (&builder, question, chosen, cursor);
  statement = builder_prepare (&builder, sql, error);
  if (statement == NULL)
    return FALSE;
  while ((step = ac_sql_step (sql, statement, error)) == AC_SQL_ROW)
    {
      JsonObject *item;

      if (json_array_get_length (items) == question->limit)
        {
          g_autofree char *text = ac_store_format_cursor (self, next);

          ac_json_set_string (page, "nextCursor", text);
          return TRUE;
        }
      item = load_item (sql, question, sqlite3_column_int64 (statement, 0),
                        ac_sql_text (statement, 2), error);
      if (item == NULL)
        return FALSE;
      json_array_add_object_element (items, item);
      g_free (next->id);
      next->id = g_strdup (ac_sql_text (statement, 2));
      g_clear_pointer (&next->text, g_free);
      if (is_time)
        next->number = sqlite3_column_int64 (statement, 1);
      else
        next->text = g_strdup (ac_sql_text (statement, 1));
    }
  return step == AC_SQL_DONE;
}

static JsonObject *
list_actions (AcStore *self, AcSql *sql, const Question *question, GError **error)
{
  const char *cursor_text = question->filter->cursor;
  g_autoptr (AcCursor) next = g_new0 (AcCursor, 1);
  g_autoptr (AcCursor) cursor = NULL;
  g_autoptr (JsonObject) page = json_object_new ();
  Filter chosen;

  next->query = question_digest (question);
  next->made_at = ac_time_now ();
  if (cursor_text != NULL)
    {
      cursor = ac_store_parse_cursor (self, cursor_text, next->query, error);
      if (cursor == NULL)
        return NULL;
      /* The total is that of the first page: it costs the most, and a sum that wanders while one
       * turns pages helps nobody. */
      next->total = cursor->total;
    }
  if (!choose_filter (question, sql, &chosen, error) ||
      (cursor == NULL && !count_all (question, chosen, sql, &next->total, error)) ||
      !load_page (self, sql, question, chosen, cursor, next, page, error))
    return NULL;
  json_object_set_int_member (page, "total", next->total);
  return g_steal_pointer (&page);
}

/**
 * ac_store_list_actions:
 *
 * Returns: (transfer full): the answer of GET /actions, or %NULL with AC_STORE_ERROR_BAD_CURSOR,
 * AC_STORE_ERROR_CURSOR_EXPIRED or AC_STORE_ERROR_FAILED.
 */
JsonObject *
ac_store_list_actions (AcStore *self, const AcActionFilter *filter, GError **error)
{
  g_auto (Question) question = { 0 };
  JsonObject *page;
  AcSql *sql;

  g_return_val_if_fail (AC_IS_STORE (self), NULL);
  g_return_val_if_fail (filter != NULL && filter->sort < G_N_ELEMENTS (sort_columns), NULL);

  question_init (&question, filter);
  sql = ac_store_begin_read (self, error);
  if (sql == NULL)
    return NULL;
  page = list_actions (self, sql, &question, error);
  ac_store_end_read (self, sql);
  return page;
}
