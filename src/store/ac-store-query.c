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
#include "store/ac-store-filter.h"

typedef struct
{
  const char *name; /* of the column, or what is put in its place */
  gboolean is_number;
  const char *index; /* actions_by_…; NULL: the column's name */
} SortColumn;

static const SortColumn sort_columns[] = {
  [AC_SORT_UPDATED_AT] = { "updated_at", TRUE, NULL },
  [AC_SORT_CREATED_AT] = { "created_at", TRUE, NULL },
  [AC_SORT_TYPE] = { "type", FALSE, NULL },
  [AC_SORT_DETAILS] = { "details", FALSE, NULL },
  [AC_SORT_ENTITY_TYPE] = { "entity_type", FALSE, NULL },
  [AC_SORT_ASSET] = { "asset", FALSE, NULL },
  [AC_SORT_VERDICT] = { "verdict", FALSE, NULL },
  [AC_SORT_SOURCE] = { "source", FALSE, NULL },
  [AC_SORT_DECIDED_BY] = { "decided_by", FALSE, NULL },
  [AC_SORT_STATUS] = { "status", FALSE, NULL },
  [AC_SORT_DECISION] = { "decision", FALSE, NULL },
  [AC_SORT_UNDO_STATE] = { "undo_state", FALSE, NULL },
  [AC_SORT_INVESTIGATION] = { "coalesce (investigation, 0)", TRUE, "investigation_place" },
  [AC_SORT_OPERATION] = { "coalesce (operation, 0)", TRUE, "operation_place" },
  [AC_SORT_EXPIRES_AT] = { "coalesce (expires_at, 9223372036854775807)", TRUE, "expiry" },
};

/* What a cursor must belong to: everything but the page's size. */
static char *
question_digest (const AcQuestion *question)
{
  const AcActionFilter *filter = question->filter;
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < AC_QUESTION_N_FILTERS; i++)
    {
      g_string_append_printf (text, "|%u", i);
      for (char **value = question->values[i]; value != NULL && *value != NULL; value++)
        g_string_append_printf (text, "=%" G_GSIZE_FORMAT ":%s", strlen (*value), *value);
    }
  for (char **word = question->words; *word != NULL; word++)
    g_string_append_printf (text, "|%s", *word);
  g_string_append_printf (text,
                          "|%" G_GINT64_FORMAT "|%" G_GINT64_FORMAT "|%" G_GINT64_FORMAT
                          "|%" G_GINT64_FORMAT "|%d|%d",
                          filter->created_after, filter->created_before, filter->updated_after,
                          filter->updated_before, (int)filter->sort, filter->descending);
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text->str, -1);
}

/* Which rows of an index range are wanted. Those behind a place are two ranges, each of which
 * SQLite finds at once; as one comparison of pairs it would walk over all that are equal to the
 * place. */
typedef enum
{
  PART_WHOLE,
  PART_SAME,  /* as the place, and behind it */
  PART_BEYOND /* behind all that are the same */
} Part;

static void
add_place_value (AcBuilder *builder, const AcQuestion *question, const AcCursor *cursor)
{
  if (sort_columns[question->filter->sort].is_number)
    ac_builder_add_integer (builder, cursor->number);
  else
    ac_builder_add_text (builder, cursor->text != NULL ? cursor->text : "");
}

static void
add_part (AcBuilder *builder, const AcQuestion *question, const AcCursor *cursor, Part part)
{
  const char *name = sort_columns[question->filter->sort].name;
  const char *beyond = question->filter->descending ? "<" : ">";

  switch (part)
    {
    case PART_SAME:
      g_string_append_printf (builder->text, " AND %s = ? AND seq %s ?", name, beyond);
      add_place_value (builder, question, cursor);
      ac_builder_add_integer (builder, g_ascii_strtoll (cursor->id, NULL, 10));
      break;
    case PART_BEYOND:
      g_string_append_printf (builder->text, " AND %s %s ?", name, beyond);
      add_place_value (builder, question, cursor);
      break;
    case PART_WHOLE:
    default:
      break;
    }
}

/* --- where there is anything to find --- */

static gboolean
is_counted_column (const char *name)
{
  for (guint i = 0; i < AC_QUESTION_N_COUNTED; i++)
    if (g_str_equal (ac_question_counted_columns[i], name))
      return TRUE;
  return FALSE;
}

/* Pending actions have no decider: without this, Pending in the order of the decider would walk
 * over all of History first. */
static gboolean
find_bounds (AcQuestion *question, AcSql *sql, GError **error)
{
  const char *column = sort_columns[question->filter->sort].name;
  g_auto (AcBuilder) builder = { 0 };
  g_autoptr (AcSqlOnce) statement = NULL;
  g_autofree char *select = NULL;

  if (!is_counted_column (column))
    return TRUE;
  select = g_strdup_printf ("SELECT min (%s), max (%s)", column, column);
  ac_builder_init (&builder, select);
  ac_builder_add_counted_conditions (&builder, question, AC_QUESTION_NO_FILTER);
  statement = ac_builder_prepare (&builder, sql, error);
  if (statement == NULL || ac_sql_step (sql, statement, error) != AC_SQL_ROW)
    return FALSE;
  question->least = g_strdup (ac_sql_text (statement, 0));
  question->most = g_strdup (ac_sql_text (statement, 1));
  return TRUE;
}

static gboolean
find_statuses (AcQuestion *question, AcSql *sql, GError **error)
{
  g_autoptr (GStrvBuilder) statuses = g_strv_builder_new ();
  g_autoptr (AcSqlOnce) statement = NULL;
  g_auto (AcBuilder) builder = { 0 };
  AcSqlStep step = AC_SQL_ERROR;

  ac_builder_init (&builder, "SELECT DISTINCT status");
  ac_builder_add_counted_conditions (&builder, question, AC_QUESTION_NO_FILTER);
  statement = ac_builder_prepare (&builder, sql, error);
  while (statement != NULL && (step = ac_sql_step (sql, statement, error)) == AC_SQL_ROW)
    g_strv_builder_add (statuses, ac_sql_text (statement, 0));
  question->statuses = g_strv_builder_end (statuses);
  return step == AC_SQL_DONE;
}

/* --- the page --- */

static void
add_limit (AcBuilder *builder, const char *column, const char *comparison, const char *limit)
{
  g_string_append_printf (builder->text, " AND %s %s ?", column, comparison);
  ac_builder_add_text (builder, limit);
}

/* One ordered range of an index.
 * @status: (nullable): the only one, in the order of the last update */
static void
add_range (AcBuilder *builder,
           const AcQuestion *question,
           const char *status,
           const AcCursor *cursor,
           Part part)
{
  const SortColumn *sort = &sort_columns[question->filter->sort];
  const char *column = sort->name;

  if (builder->text->len > 0)
    g_string_append (builder->text, " UNION ALL ");
  g_string_append_printf (builder->text,
                          "SELECT seq, %s AS place FROM actions INDEXED BY actions_by_%s", column,
                          status != NULL        ? "status_updated_at"
                          : sort->index != NULL ? sort->index
                                                : column);
  ac_builder_add_conditions (builder, question, AC_QUESTION_NO_FILTER, status != NULL);
  if (status != NULL)
    {
      g_string_append (builder->text, " AND status = ?");
      ac_builder_add_text (builder, status);
    }
  else if (question->least != NULL && part != PART_SAME)
    {
      /* Of two bounds at one end SQLite may begin at the farther one. */
      if (part == PART_WHOLE || question->filter->descending)
        add_limit (builder, column, ">=", question->least);
      if (part == PART_WHOLE || !question->filter->descending)
        add_limit (builder, column, "<=", question->most);
    }
  add_part (builder, question, cursor, part);
}

static void
add_ranges (AcBuilder *builder,
            const AcQuestion *question,
            const char *status,
            const AcCursor *cursor)
{
  if (cursor == NULL)
    {
      add_range (builder, question, status, NULL, PART_WHOLE);
      return;
    }
  add_range (builder, question, status, cursor, PART_SAME);
  add_range (builder, question, status, cursor, PART_BEYOND);
}

/* Ordered ranges, merged by SQLite as it goes. */
static void
build_walk (AcBuilder *builder, const AcQuestion *question, const AcCursor *cursor)
{
  if (question->filter->sort == AC_SORT_UPDATED_AT)
    for (guint i = 0; question->statuses[i] != NULL; i++)
      add_ranges (builder, question, question->statuses[i], cursor);
  else
    add_ranges (builder, question, NULL, cursor);
}

/* The few rows that a filter leaves, to be sorted. */
static void
build_sorted (AcBuilder *builder,
              const AcQuestion *question,
              AcQuestionFilter chosen,
              const AcCursor *cursor)
{
  const char *column = sort_columns[question->filter->sort].name;

  g_string_append_printf (builder->text, "SELECT seq, %s AS place FROM actions", column);
  ac_builder_add_conditions (builder, question, chosen, FALSE);
  if (cursor != NULL)
    {
      g_string_append_printf (builder->text, " AND (%s, seq) %s (?, ?)", column,
                              question->filter->descending ? "<" : ">");
      add_place_value (builder, question, cursor);
      ac_builder_add_integer (builder, g_ascii_strtoll (cursor->id, NULL, 10));
    }
}

static void
build_page (AcBuilder *builder,
            const AcQuestion *question,
            AcQuestionFilter chosen,
            const AcCursor *cursor)
{
  const char *direction = question->filter->descending ? "DESC" : "ASC";
  gboolean walk = chosen == AC_QUESTION_NO_FILTER;
  /* Keeps SQLite from reading in the order of an index what a filter has found. */
  const char *plus = walk ? "" : "+";

  ac_builder_init (builder, NULL);
  if (walk)
    build_walk (builder, question, cursor);
  else
    build_sorted (builder, question, chosen, cursor);
  g_string_append_printf (builder->text, " ORDER BY %splace %s, %sseq %s LIMIT %u", plus, direction,
                          plus, direction, question->limit + 1);
}

static gboolean
add_item (AcSql *sql, const AcQuestion *question, sqlite3_stmt *row, GString *text, GError **error)
{
  gint64 seq = sqlite3_column_int64 (row, 0);
  g_autoptr (AcSqlReset) query = NULL;
  AcSqlStep step;
  gboolean found;

  if (!question->filter->ids_only)
    return ac_store_add_action (sql, seq, FALSE, text, &found, error);
  query = ac_sql_query (sql, error, "SELECT id, version FROM actions WHERE seq = ?", "i", seq);
  step = query != NULL ? ac_sql_step (sql, query, error) : AC_SQL_ERROR;
  if (step != AC_SQL_ROW)
    return step == AC_SQL_DONE;
  ac_json_text_open (text, '{');
  ac_json_text_add_string (text, "id", ac_sql_text (query, 0));
  ac_json_text_add_integer (text, "version", sqlite3_column_int64 (query, 1));
  ac_json_text_close (text, '}');
  return TRUE;
}

/* The cursor behind this row. */
static char *
cursor_behind (AcStore *self, const AcQuestion *question, sqlite3_stmt *row, AcCursor *next)
{
  next->id = g_strdup_printf ("%" G_GINT64_FORMAT, (gint64)sqlite3_column_int64 (row, 0));
  if (sort_columns[question->filter->sort].is_number)
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
          const AcQuestion *question,
          AcQuestionFilter chosen,
          const AcCursor *cursor,
          AcCursor *next,
          GString *text,
          GError **error)
{
  g_auto (AcBuilder) builder = { 0 };
  g_autoptr (AcSqlOnce) statement = NULL;
  g_autofree char *behind = NULL;
  gboolean full = FALSE;
  guint n_items = 0;
  AcSqlStep step;

  build_page (&builder, question, chosen, cursor);
  statement = ac_builder_prepare (&builder, sql, error);
  if (statement == NULL)
    return FALSE;
  while ((step = ac_sql_step (sql, statement, error)) == AC_SQL_ROW)
    {
      if (full)
        break;
      if (!add_item (sql, question, statement, text, error))
        return FALSE;
      /* Whoever asks for some by their ids takes what is not in the page for gone. */
      full = ++n_items == question->limit ||
             (text->len >= AC_STORE_PAGE_MAX_BYTES && question->filter->ids == NULL);
      if (full)
        behind = cursor_behind (self, question, statement, next);
    }
  ac_json_text_close (text, ']');
  if (step == AC_SQL_ROW)
    ac_json_text_add_string (text, "nextCursor", behind);
  return step != AC_SQL_ERROR;
}

static gboolean
list_actions (AcStore *self, AcSql *sql, AcQuestion *question, GString *text, GError **error)
{
  const char *cursor_text = question->filter->cursor;
  g_autoptr (AcCursor) next = g_new0 (AcCursor, 1);
  g_autoptr (AcCursor) cursor = NULL;
  AcQuestionFilter chosen;

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
      question->behind = TRUE;
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
  else if (!ac_question_choose (question, sql, &chosen, error) ||
           (cursor == NULL && !ac_question_count (question, chosen, sql, &next->total, error)) ||
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
  g_auto (AcQuestion) question = { 0 };
  gboolean good;
  AcSql *sql;

  g_return_val_if_fail (AC_IS_STORE (self), NULL);
  g_return_val_if_fail (filter != NULL && filter->sort < G_N_ELEMENTS (sort_columns), NULL);

  ac_question_init (&question, filter);
  sql = ac_store_begin_read (self, error);
  if (sql == NULL)
    return NULL;
  text = g_string_new (NULL);
  good = list_actions (self, sql, &question, text, error);
  ac_store_end_read (self, sql);
  return good ? g_string_free_to_bytes (g_steal_pointer (&text)) : NULL;
}
