/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "model/ac-search-text.h"
#include "model/ac-time.h"
#include "store/ac-store-filter.h"

/* So many rows are read and sorted in a few milliseconds. */
#define FEW_ROWS 5000

/* %s is the list of placeholders. The plus before a column keeps SQLite from using an index for the
 * term; the one before o.seq takes its affinity away, which the expression in the index has not. */
static const struct
{
  const char *narrowing; /* as what finds the rows */
  const char *checking;  /* as a check of rows that something else has found */
} terms[] = {
  [AC_QUESTION_STATUS] = { "status IN (%s)", "+status IN (%s)" },
  [AC_QUESTION_TYPE] = { "type IN (%s)", "+type IN (%s)" },
  [AC_QUESTION_VERDICT] = { "verdict IN (%s)", "+verdict IN (%s)" },
  [AC_QUESTION_SOURCE] = { "source IN (%s)", "+source IN (%s)" },
  [AC_QUESTION_ENTITY_TYPE] = { "entity_type IN (%s)", "+entity_type IN (%s)" },
  [AC_QUESTION_DECIDED_BY] = { "decided_by IN (%s)", "+decided_by IN (%s)" },
  [AC_QUESTION_DECISION] = { "decision IN (%s)", "+decision IN (%s)" },
  [AC_QUESTION_UNDO_STATE] = { "undo_state IN (%s)", "+undo_state IN (%s)" },
  [AC_QUESTION_ID] = { "id IN (%s)", "+id IN (%s)" },
  [AC_QUESTION_INVESTIGATION] = { "investigation IN (SELECT i.seq FROM investigations AS i "
                                  "WHERE i.id IN (%s))",
                                  "+investigation IN (SELECT i.seq FROM investigations AS i "
                                  "WHERE i.id IN (%s))" },
  [AC_QUESTION_OPERATION] = { "coalesce (operation, 0) IN (SELECT +o.seq FROM operations AS o "
                              "WHERE "
                              "o.id IN (%s))",
                              "+coalesce (operation, 0) IN (SELECT +o.seq FROM operations AS o "
                              "WHERE o.id IN "
                              "(%s))" },
  [AC_QUESTION_ASSET] = { "seq IN (SELECT s.action FROM action_assets AS s WHERE s.asset IN (%s))",
                          "EXISTS (SELECT 1 FROM action_assets AS s "
                          "WHERE s.action = actions.seq AND s.asset IN (%s))" },
};

const char *const ac_question_counted_columns[AC_QUESTION_N_COUNTED] = {
  [AC_QUESTION_STATUS] = "status",           [AC_QUESTION_TYPE] = "type",
  [AC_QUESTION_VERDICT] = "verdict",         [AC_QUESTION_SOURCE] = "source",
  [AC_QUESTION_ENTITY_TYPE] = "entity_type", [AC_QUESTION_DECIDED_BY] = "decided_by",
};

AcActionFilter *
ac_action_filter_new (void)
{
  AcActionFilter *filter = g_new0 (AcActionFilter, 1);

  filter->created_after = AC_TIME_NONE;
  filter->created_before = AC_TIME_NONE;
  filter->updated_after = AC_TIME_NONE;
  filter->updated_before = AC_TIME_NONE;
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
  g_strfreev (filter->decisions);
  g_strfreev (filter->undo_states);
  g_strfreev (filter->investigation_ids);
  g_strfreev (filter->operation_ids);
  g_strfreev (filter->assets);
  g_free (filter->text);
  g_free (filter->cursor);
  g_free (filter);
}

void
ac_question_init (AcQuestion *question, const AcActionFilter *filter)
{
  *question = (AcQuestion){ .filter = filter };
  question->values[AC_QUESTION_STATUS] = filter->statuses;
  question->values[AC_QUESTION_TYPE] = filter->types;
  question->values[AC_QUESTION_VERDICT] = filter->verdicts;
  question->values[AC_QUESTION_SOURCE] = filter->sources;
  question->values[AC_QUESTION_ENTITY_TYPE] = filter->entity_types;
  question->values[AC_QUESTION_DECIDED_BY] = filter->decided_by;
  question->values[AC_QUESTION_DECISION] = filter->decisions;
  question->values[AC_QUESTION_UNDO_STATE] = filter->undo_states;
  question->values[AC_QUESTION_ID] = filter->ids;
  question->values[AC_QUESTION_INVESTIGATION] = filter->investigation_ids;
  question->values[AC_QUESTION_OPERATION] = filter->operation_ids;
  question->values[AC_QUESTION_ASSET] = filter->assets;
  for (guint i = 0; i < AC_QUESTION_N_FILTERS; i++)
    if (question->values[i] != NULL && question->values[i][0] == NULL)
      question->values[i] = NULL;
  question->words = ac_search_text_split (filter->text);
  question->match = ac_search_text_question ((const char *const *)question->words);
  question->limit =
      filter->limit == 0 ? AC_STORE_PAGE_DEFAULT : MIN (filter->limit, AC_STORE_PAGE_MAX);
}

void
ac_question_clear (AcQuestion *question)
{
  g_clear_pointer (&question->words, g_strfreev);
  g_clear_pointer (&question->match, g_free);
  g_clear_pointer (&question->statuses, g_strfreev);
  g_clear_pointer (&question->least, g_free);
  g_clear_pointer (&question->most, g_free);
}

static void
value_free (gpointer data)
{
  GValue *value = data;

  g_value_unset (value);
  g_free (value);
}

void
ac_builder_init (AcBuilder *builder, const char *text)
{
  builder->text = g_string_new (text);
  builder->values = g_ptr_array_new_with_free_func (value_free);
}

void
ac_builder_clear (AcBuilder *builder)
{
  if (builder->text == NULL)
    return;
  g_string_free (builder->text, TRUE);
  g_ptr_array_unref (builder->values);
}

void
ac_builder_add_text (AcBuilder *builder, const char *text)
{
  GValue *value = g_new0 (GValue, 1);

  g_value_init (value, G_TYPE_STRING);
  g_value_set_string (value, text);
  g_ptr_array_add (builder->values, value);
}

void
ac_builder_add_integer (AcBuilder *builder, gint64 number)
{
  GValue *value = g_new0 (GValue, 1);

  g_value_init (value, G_TYPE_INT64);
  g_value_set_int64 (value, number);
  g_ptr_array_add (builder->values, value);
}

sqlite3_stmt *
ac_builder_prepare (AcBuilder *builder, AcSql *sql, GError **error)
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

void
ac_builder_add_term (AcBuilder *builder, const char *format, const GStrv values)
{
  const char *hole = strstr (format, "%s");

  g_string_append_len (builder->text, format, hole - format);
  for (guint i = 0; values[i] != NULL; i++)
    {
      g_string_append (builder->text, i > 0 ? ", ?" : "?");
      ac_builder_add_text (builder, values[i]);
    }
  g_string_append (builder->text, hole + strlen ("%s"));
}

/* AND column > bound, where the index over the column may be used or not. */
static void
add_bound (AcBuilder *builder,
           const char *column,
           const char *comparison,
           gboolean use,
           gint64 bound)
{
  if (bound == AC_TIME_NONE)
    return;
  g_string_append_printf (builder->text, " AND %s%s %s ?", use ? "" : "+", column, comparison);
  ac_builder_add_integer (builder, bound);
}

static void
add_text_conditions (AcBuilder *builder, const AcQuestion *question, gboolean narrow)
{
  if (narrow)
    {
      g_string_append (builder->text, " AND seq IN (SELECT rowid FROM action_search "
                                      "WHERE action_search MATCH ?)");
      ac_builder_add_text (builder, question->match);
    }
  /* The index knows three letters in a row and not where they stand, and no shorter words. */
  for (char **word = question->words; *word != NULL; word++)
    {
      g_string_append (builder->text, " AND instr ("
                                      "(SELECT t.search FROM action_texts AS t "
                                      "WHERE t.action = actions.seq), ?)");
      ac_builder_add_text (builder, *word);
    }
}

/* All filters as a WHERE clause. narrow: the one that finds the rows, or AC_QUESTION_NO_FILTER when
 * an index that is walked does; by_status: the status is bound by other means, before the time of
 * the update. */
void
ac_builder_add_conditions (AcBuilder *builder,
                           const AcQuestion *question,
                           AcQuestionFilter narrow,
                           gboolean by_status)
{
  const AcActionFilter *filter = question->filter;
  gboolean behind = question->behind && narrow == AC_QUESTION_NO_FILTER;
  gboolean from_below = !behind || filter->descending;
  gboolean from_above = !behind || !filter->descending;
  gboolean walk_updated = by_status || narrow == AC_QUESTION_STATUS;
  gboolean walk_created =
      narrow == AC_QUESTION_CREATED ||
      (narrow == AC_QUESTION_NO_FILTER && !by_status && filter->sort == AC_SORT_CREATED_AT);

  g_string_append (builder->text, " WHERE 1");
  for (guint i = 0; i < AC_QUESTION_N_FILTERS; i++)
    if (question->values[i] != NULL && !(by_status && i == AC_QUESTION_STATUS))
      {
        g_string_append (builder->text, " AND ");
        ac_builder_add_term (builder, i == narrow ? terms[i].narrowing : terms[i].checking,
                             question->values[i]);
      }
  add_bound (builder, "created_at", ">", walk_created && from_below, filter->created_after);
  add_bound (builder, "created_at", "<", walk_created && from_above, filter->created_before);
  add_bound (builder, "updated_at", ">", walk_updated && from_below, filter->updated_after);
  add_bound (builder, "updated_at", "<", walk_updated && from_above, filter->updated_before);
  add_text_conditions (builder, question, narrow == AC_QUESTION_TEXT);
}

/* --- how many --- */

gboolean
ac_question_is_only_counted (const AcQuestion *question)
{
  const AcActionFilter *filter = question->filter;

  for (guint i = AC_QUESTION_N_COUNTED; i < AC_QUESTION_N_FILTERS; i++)
    if (question->values[i] != NULL)
      return FALSE;
  return question->words[0] == NULL && filter->created_after == AC_TIME_NONE &&
         filter->created_before == AC_TIME_NONE && filter->updated_after == AC_TIME_NONE &&
         filter->updated_before == AC_TIME_NONE;
}

static gboolean
run_count (AcBuilder *builder, AcSql *sql, gint64 *n, GError **error)
{
  g_autoptr (AcSqlOnce) statement = ac_builder_prepare (builder, sql, error);

  if (statement == NULL || ac_sql_step (sql, statement, error) != AC_SQL_ROW)
    return FALSE;
  *n = sqlite3_column_int64 (statement, 0);
  return TRUE;
}

/* only: one filter, or AC_QUESTION_NO_FILTER for all. */
void
ac_builder_add_counted_conditions (AcBuilder *builder,
                                   const AcQuestion *question,
                                   AcQuestionFilter only)
{
  g_string_append (builder->text, " FROM action_counts WHERE 1");
  for (guint i = 0; i < AC_QUESTION_N_COUNTED; i++)
    if (question->values[i] != NULL && (only == AC_QUESTION_NO_FILTER || only == i))
      {
        g_autofree char *term =
            g_strdup_printf (" AND %s IN (%%s)", ac_question_counted_columns[i]);

        ac_builder_add_term (builder, term, question->values[i]);
      }
}

static gboolean
count_by_sums (const AcQuestion *question,
               AcQuestionFilter only,
               AcSql *sql,
               gint64 *n,
               GError **error)
{
  g_auto (AcBuilder) builder = { 0 };

  ac_builder_init (&builder, "SELECT total (n)");
  ac_builder_add_counted_conditions (&builder, question, only);
  return run_count (&builder, sql, n, error);
}

/* Counts no further than it matters. */
static gboolean
count_few (const AcQuestion *question,
           AcQuestionFilter filter,
           AcSql *sql,
           gint64 *n,
           GError **error)
{
  g_auto (AcBuilder) builder = { 0 };

  ac_builder_init (&builder, "SELECT count (*) FROM (SELECT 1 FROM ");
  if (filter == AC_QUESTION_TEXT)
    {
      g_string_append (builder.text, "action_search WHERE action_search MATCH ?");
      ac_builder_add_text (&builder, question->match);
    }
  else if (filter == AC_QUESTION_CREATED)
    {
      g_string_append (builder.text, "actions WHERE 1");
      add_bound (&builder, "created_at", ">", TRUE, question->filter->created_after);
      add_bound (&builder, "created_at", "<", TRUE, question->filter->created_before);
    }
  else
    {
      g_string_append (builder.text, "actions WHERE ");
      ac_builder_add_term (&builder, terms[filter].narrowing, question->values[filter]);
    }
  g_string_append_printf (builder.text, " LIMIT %d)", FEW_ROWS + 1);
  return run_count (&builder, sql, n, error);
}

static gboolean
is_asked (const AcQuestion *question, AcQuestionFilter filter)
{
  switch (filter)
    {
    case AC_QUESTION_TEXT:
      return question->match != NULL;
    case AC_QUESTION_CREATED:
      return question->filter->created_after != AC_TIME_NONE ||
             question->filter->created_before != AC_TIME_NONE;
    default:
      return question->values[filter] != NULL;
    }
}

/* The filter that leaves the fewest rows, or AC_QUESTION_NO_FILTER when none leaves few. */
gboolean
ac_question_choose (const AcQuestion *question,
                    AcSql *sql,
                    AcQuestionFilter *chosen,
                    GError **error)
{
  gint64 fewest = FEW_ROWS + 1;

  *chosen = AC_QUESTION_NO_FILTER;
  for (guint i = 0; i < AC_QUESTION_NO_FILTER; i++)
    {
      gint64 n;

      if (!is_asked (question, i))
        continue;
      if (i < AC_QUESTION_N_COUNTED ? !count_by_sums (question, i, sql, &n, error)
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

gboolean
ac_question_count (const AcQuestion *question,
                   AcQuestionFilter chosen,
                   AcSql *sql,
                   gint64 *n,
                   GError **error)
{
  g_auto (AcBuilder) builder = { 0 };

  if (ac_question_is_only_counted (question))
    return count_by_sums (question, AC_QUESTION_NO_FILTER, sql, n, error);
  ac_builder_init (&builder, "SELECT count (*) FROM actions");
  if (chosen == AC_QUESTION_NO_FILTER && question->match != NULL)
    chosen = AC_QUESTION_TEXT;
  if (chosen == AC_QUESTION_NO_FILTER && (question->filter->updated_after != AC_TIME_NONE ||
                                          question->filter->updated_before != AC_TIME_NONE))
    {
      /* The index over the time of the update begins with the status. */
      ac_builder_add_conditions (&builder, question, AC_QUESTION_NO_FILTER, TRUE);
      ac_builder_add_term (&builder, " AND status IN (%s)", question->statuses);
    }
  else
    ac_builder_add_conditions (&builder, question,
                               chosen == AC_QUESTION_NO_FILTER &&
                                       is_asked (question, AC_QUESTION_CREATED)
                                   ? AC_QUESTION_CREATED
                                   : chosen,
                               FALSE);
  return run_count (&builder, sql, n, error);
}
