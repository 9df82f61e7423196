/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GET /actions: filters, order and pages over up to millions of actions.
 *
 * A page is read in one of three ways. When some filter leaves few rows, those are read and sorted.
 * Else, when the order is that of the last update (what the Pending and History lists show), one
 * ordered index range per status is merged. Else the index of the sort column is walked and the
 * filters are checked row by row. In both cases action_counts tells which statuses and which part
 * of the index there is anything to find in. */
#include "config.h"

#include <string.h>

#include "model/ac-json-text.h"
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
  N_FILTERS, /* the two below have no list of values */
  FILTER_TEXT = N_FILTERS,
  FILTER_CREATED,
  NO_FILTER,
} Filter;

#define N_COUNTED (FILTER_DECIDED_BY + 1)

/* The search index knows any three letters in a row. */
#define SHORTEST_INDEXED 3

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
  GStrv words;             /* owned; folded; none: empty */
  char *match;             /* owned; the words for the search index; NULL: it does not help */
  GStrv statuses; /* owned; those that actions have which the counted filters let through */
  char *least;    /* owned; between these two is the sort column of such actions; NULL: it */
  char *most;     /* is not a counted one */
  guint limit;
} Question;

/* The words as a query of FTS5: strings that all occur. */
static char *
match_words (const GStrv words)
{
  g_autoptr (GString) match = g_string_new (NULL);

  for (char **word = words; *word != NULL; word++)
    {
      g_auto (GStrv) parts = NULL;
      g_autofree char *quoted = NULL;

      if (g_utf8_strlen (*word, -1) < SHORTEST_INDEXED)
        continue;
      parts = g_strsplit (*word, "\"", -1);
      quoted = g_strjoinv ("\"\"", parts);
      g_string_append_printf (match, "%s\"%s\"", match->len > 0 ? " AND " : "", quoted);
    }
  return match->len > 0 ? g_strdup (match->str) : NULL;
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
  for (char **word = words; *word != NULL; word++)
    if (**word != '\0')
      g_strv_builder_add (builder, *word);
  question->words = g_strv_builder_end (builder);
  question->match = match_words (question->words);
  question->limit =
      filter->limit == 0 ? AC_STORE_PAGE_DEFAULT : MIN (filter->limit, AC_STORE_PAGE_MAX);
}

static void
question_clear (Question *question)
{
  g_clear_pointer (&question->words, g_strfreev);
  g_clear_pointer (&question->match, g_free);
  g_clear_pointer (&question->statuses, g_strfreev);
  g_clear_pointer (&question->least, g_free);
  g_clear_pointer (&question->most, g_free);
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
  if (builder->text == NULL)
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

/* AND column > bound, where the index over the column may be used or not. */
static void
add_bound (Builder *builder, const char *column, const char *comparison, gboolean use, gint64 bound)
{
  if (bound == AC_TIME_NONE)
    return;
  g_string_append_printf (builder->text, " AND %s%s %s ?", use ? "" : "+", column, comparison);
  add_integer_value (builder, bound);
}

static void
add_text_conditions (Builder *builder, const Question *question, gboolean narrow)
{
  if (narrow)
    {
      g_string_append (builder->text, " AND seq IN (SELECT rowid FROM action_search "
                                      "WHERE action_search MATCH ?)");
      add_text_value (builder, question->match);
    }
  /* The index takes some letters for the same that we do not, and does not know short words. */
  for (char **word = question->words; *word != NULL; word++)
    {
      g_string_append (builder->text, " AND instr (search, ?)");
      add_text_value (builder, *word);
    }
}

/* All filters as a WHERE clause. narrow: the one that finds the rows, or NO_FILTER when an index
 * that is walked does; by_status: the status is bound by other means, before the time of the
 * update. */
static void
add_conditions (Builder *builder, const Question *question, Filter narrow, gboolean by_status)
{
  const AcActionFilter *filter = question->filter;
  gboolean walk_updated = by_status || narrow == FILTER_STATUS;
  gboolean walk_created = narrow == FILTER_CREATED ||
                          (narrow == NO_FILTER && !by_status && filter->sort == AC_SORT_CREATED_AT);

  g_string_append (builder->text, " WHERE 1");
  for (guint i = 0; i < N_FILTERS; i++)
    if (question->values[i] != NULL && !(by_status && i == FILTER_STATUS))
      {
        g_string_append (builder->text, " AND ");
        add_term (builder, i == narrow ? terms[i].narrowing : terms[i].checking,
                  question->values[i]);
      }
  add_bound (builder, "created_at", ">", walk_created, filter->created_after);
  add_bound (builder, "created_at", "<", walk_created, filter->created_before);
  add_bound (builder, "updated_at", ">", walk_updated, filter->updated_after);
  add_text_conditions (builder, question, narrow == FILTER_TEXT);
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

/* only: one filter, or NO_FILTER for all. */
static void
add_counted_conditions (Builder *builder, const Question *question, Filter only)
{
  g_string_append (builder->text, " FROM action_counts WHERE 1");
  for (guint i = 0; i < N_COUNTED; i++)
    if (question->values[i] != NULL && (only == NO_FILTER || only == i))
      {
        g_autofree char *term = g_strdup_printf (" AND %s IN (%%s)", counted_columns[i]);

        add_term (builder, term, question->values[i]);
      }
}

static gboolean
count_by_sums (const Question *question, Filter only, AcSql *sql, gint64 *n, GError **error)
{
  g_auto (Builder) builder = { 0 };

  builder_init (&builder, "SELECT total (n)");
  add_counted_conditions (&builder, question, only);
  return run_count (&builder, sql, n, error);
}

/* Counts no further than it matters. */
static gboolean
count_few (const Question *question, Filter filter, AcSql *sql, gint64 *n, GError **error)
{
  g_auto (Builder) builder = { 0 };

  builder_init (&builder, "SELECT count (*) FROM (SELECT 1 FROM ");
  if (filter == FILTER_TEXT)
    {
      g_string_append (builder.text, "action_search WHERE action_search MATCH ?");
      add_text_value (&builder, question->match);
    }
  else if (filter == FILTER_CREATED)
    {
      g_string_append (builder.text, "actions WHERE 1");
      add_bound (&builder, "created_at", ">", TRUE, question->filter->created_after);
      add_bound (&builder, "created_at", "<", TRUE, question->filter->created_before);
    }
  else
    {
      g_string_append (builder.text, "actions WHERE ");
      add_term (&builder, terms[filter].narrowing, question->values[filter]);
    }
  g_string_append_printf (builder.text, " LIMIT %d)", FEW_ROWS + 1);
  return run_count (&builder, sql, n, error);
}

static gboolean
is_asked (const Question *question, Filter filter)
{
  switch (filter)
    {
    case FILTER_TEXT:
      return question->match != NULL;
    case FILTER_CREATED:
      return question->filter->created_after != AC_TIME_NONE ||
             question->filter->created_before != AC_TIME_NONE;
    default:
      return question->values[filter] != NULL;
    }
}

/* The filter that leaves the fewest rows, or NO_FILTER when none leaves few. */
static gboolean
choose_filter (const Question *question, AcSql *sql, Filter *chosen, GError **error)
{
  gint64 fewest = FEW_ROWS + 1;

  *chosen = NO_FILTER;
  for (guint i = 0; i < NO_FILTER; i++)
    {
      gint64 n;

      if (!is_asked (question, i))
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
    return count_by_sums (question, NO_FILTER, sql, n, error);
  builder_init (&builder, "SELECT count (*) FROM actions");
  if (chosen == NO_FILTER && question->match != NULL)
    chosen = FILTER_TEXT;
  if (chosen == NO_FILTER && question->filter->updated_after != AC_TIME_NONE)
    {
      /* The index over the time of the update begins with the status. */
      add_conditions (&builder, question, NO_FILTER, TRUE);
      add_term (&builder, " AND status IN (%s)", question->statuses);
    }
  else
    add_conditions (&builder, question,
                    chosen == NO_FILTER && is_asked (question, FILTER_CREATED) ? FILTER_CREATED
                                                                               : chosen,
                    FALSE);
  return run_count (&builder, sql, n, error);
}

/* --- where there is anything to find --- */

static gboolean
is_counted_column (const char *name)
{
  for (guint i = 0; i < N_COUNTED; i++)
    if (g_str_equal (counted_columns[i], name))
      return TRUE;
  return FALSE;
}

/* Pending actions have no decider: without this, Pending in the order of the decider would walk
 * over all of History first. */
static gboolean
find_bounds (Question *question, AcSql *sql, GError **error)
{
  const char *column = sort_columns[question->filter->sort].name;
  g_auto (Builder) builder = { 0 };
  g_autoptr (AcSqlOnce) statement = NULL;
  g_autofree char *select = NULL;

  if (!is_counted_column (column))
    return TRUE;
  select = g_strdup_printf ("SELECT min (%s), max (%s)", column, column);
  builder_init (&builder, select);
  add_counted_conditions (&builder, question, NO_FILTER);
  statement = builder_prepare (&builder, sql, error);
  if (statement == NULL || ac_sql_step (sql, statement, error) != AC_SQL_ROW)
    return FALSE;
  question->least = g_strdup (ac_sql_text (statement, 0));
  question->most = g_strdup (ac_sql_text (statement, 1));
  return TRUE;
}

static gboolean
find_statuses (Question *question, AcSql *sql, GError **error)
{
  g_autoptr (GStrvBuilder) statuses = g_strv_builder_new ();
  g_autoptr (AcSqlOnce) statement = NULL;
  g_auto (Builder) builder = { 0 };
  AcSqlStep step = AC_SQL_ERROR;

  builder_init (&builder, "SELECT DISTINCT status");
  add_counted_conditions (&builder, question, NO_FILTER);
  statement = builder_prepare (&builder, sql, error);
  while (statement != NULL && (step = ac_sql_step (sql, statement, error)) == AC_SQL_ROW)
    g_strv_builder_add (statuses, ac_sql_text (statement, 0));
  question->statuses = g_strv_builder_end (statuses);
  return step == AC_SQL_DONE;
}

/* --- the page --- */

/* One ordered range of an index per status, merged by SQLite as it goes. */
static void
add_merge (Builder *builder, const Question *question, const AcCursor *cursor)
{
  for (guint i = 0; question->statuses[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append (builder->text, " UNION ALL ");
      g_string_append (builder->text, "SELECT seq, updated_at AS place, id FROM actions "
                                      "INDEXED BY actions_by_status_updated_at");
      add_conditions (builder, question, NO_FILTER, TRUE);
      g_string_append (builder->text, " AND status = ?");
      add_text_value (builder, question->statuses[i]);
      add_place (builder, question, cursor);
    }
  add_order (builder, question, TRUE);
}

static void
build_page (Builder *builder, const Question *question, Filter chosen, const AcCursor *cursor)
{
  const char *column = sort_columns[question->filter->sort].name;

  builder_init (builder, NULL);
  if (chosen == NO_FILTER && question->filter->sort == AC_SORT_UPDATED_AT)
    {
      add_merge (builder, question, cursor);
      return;
    }
  g_string_append_printf (builder->text, "SELECT seq, %s AS place, id FROM actions", column);
  if (chosen == NO_FILTER)
    g_string_append_printf (builder->text, " INDEXED BY actions_by_%s", column);
  add_conditions (builder, question, chosen, FALSE);
  if (chosen == NO_FILTER && question->least != NULL)
    {
      g_string_append_printf (builder->text, " AND %s >= ? AND %s <= ?", column, column);
      add_text_value (builder, question->least);
      add_text_value (builder, question->most);
    }
  add_place (builder, question, cursor);
  add_order (builder, question, chosen == NO_FILTER);
}

static gboolean
add_item (AcSql *sql, const Question *question, sqlite3_stmt *row, GString *text, GError **error)
{
  gint64 seq = sqlite3_column_int64 (row, 0);
  gboolean found;
  gint64 version;

  if (!question->filter->ids_only)
    return ac_store_add_action (sql, seq, FALSE, text, &found, error);
  if (!ac_sql_get_integer (sql, &version, 0, error, "SELECT version FROM actions WHERE seq = ?",
                           "i", seq))
    return FALSE;
  ac_json_text_open (text, '{');
  ac_json_text_add_string (text, "id", ac_sql_text (row, 2));
  ac_json_text_add_integer (text, "version", version);
  ac_json_text_close (text, '}');
  return TRUE;
}

/* The cursor behind this row. */
static char *
cursor_behind (AcStore *self, const Question *question, sqlite3_stmt *row, AcCursor *next)
{
  next->id = g_strdup (ac_sql_text (row, 2));
  if (sort_columns[question->filter->sort].is_time)
    next->number = sqlite3_column_int64 (row, 1);
  else
    next->text = g_strdup (ac_sql_text (row, 1));
  return ac_store_format_cursor (self, next);
}

/* The cursor is that of the last row of the page; only the row behind it tells whether there is
 * another page. */
static gboolean
add_page (AcStore *self,
          AcSql *sql,
          const Question *question,
          Filter chosen,
          const AcCursor *cursor,
          AcCursor *next,
          GString *text,
          GError **error)
{
  g_auto (Builder) builder = { 0 };
  g_autoptr (AcSqlOnce) statement = NULL;
  g_autofree char *behind = NULL;
  guint n_items = 0;
  AcSqlStep step;

  build_page (&builder, question, chosen, cursor);
  statement = builder_prepare (&builder, sql, error);
  if (statement == NULL)
    return FALSE;
  while ((step = ac_sql_step (sql, statement, error)) == AC_SQL_ROW)
    {
      if (n_items == question->limit)
        break;
      if (!add_item (sql, question, statement, text, error))
        return FALSE;
      if (++n_items == question->limit)
        behind = cursor_behind (self, question, statement, next);
    }
  ac_json_text_close (text, ']');
  if (step == AC_SQL_ROW)
    ac_json_text_add_string (text, "nextCursor", behind);
  return step != AC_SQL_ERROR;
}

static gboolean
list_actions (AcStore *self, AcSql *sql, Question *question, GString *text, GError **error)
{
  const char *cursor_text = question->filter->cursor;
  g_autoptr (AcCursor) next = g_new0 (AcCursor, 1);
  g_autoptr (AcCursor) cursor = NULL;
  Filter chosen;

  next->query = question_digest (question);
  next->made_at = ac_time_now ();
  if (cursor_text != NULL)
    {
      cursor = ac_store_parse_cursor (self, cursor_text, next->query, error);
      if (cursor == NULL)
        return FALSE;
      /* The total is that of the first page: it costs the most, and a sum that wanders while one
       * turns pages helps nobody. */
      next->total = cursor->total;
    }
  if (!find_statuses (question, sql, error) || !find_bounds (question, sql, error))
    return FALSE;
  ac_json_text_open (text, '{');
  ac_json_text_add_name (text, "items");
  ac_json_text_open (text, '[');
  if (question->statuses[0] == NULL)
    {
      next->total = 0;
      ac_json_text_close (text, ']');
    }
  else if (!choose_filter (question, sql, &chosen, error) ||
           (cursor == NULL && !count_all (question, chosen, sql, &next->total, error)) ||
           !add_page (self, sql, question, chosen, cursor, next, text, error))
    return FALSE;
  ac_json_text_add_integer (text, "total", next->total);
  ac_json_text_close (text, '}');
  return TRUE;
}

/**
 * ac_store_list_actions:
 *
 * Returns: (transfer full): the answer of GET /actions as JSON text, or %NULL with
 * AC_STORE_ERROR_BAD_CURSOR, AC_STORE_ERROR_CURSOR_EXPIRED or AC_STORE_ERROR_FAILED.
 */
GBytes *
ac_store_list_actions (AcStore *self, const AcActionFilter *filter, GError **error)
{
  g_autoptr (GString) text = NULL;
  g_auto (Question) question = { 0 };
  gboolean good;
  AcSql *sql;

  g_return_val_if_fail (AC_IS_STORE (self), NULL);
  g_return_val_if_fail (filter != NULL && filter->sort < G_N_ELEMENTS (sort_columns), NULL);

  question_init (&question, filter);
  sql = ac_store_begin_read (self, error);
  if (sql == NULL)
    return NULL;
  text = g_string_new (NULL);
  good = list_actions (self, sql, &question, text, error);
  ac_store_end_read (self, sql);
  return good ? g_string_free_to_bytes (g_steal_pointer (&text)) : NULL;
}
