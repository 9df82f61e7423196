/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GET /actions/filters: what a member of the actions is, and how often, for whoever wants to filter
 * by it. The filter over that member itself does not count: what it leaves out can be chosen, too.
 */
#include "config.h"

#include "model/ac-json-text.h"
#include "store/ac-store-filter.h"

/* More than so many nobody reads; `contains` finds the others. */
#define MOST_VALUES 200

typedef struct
{
  AcQuestionFilter filter;
  const char *value;    /* v, as a column of actions; NULL: the assets */
  const char *select;   /* value, label and how often, of found (v, n) */
  const char *contains; /* where `contains` is looked for */
} Member;

/* An empty value stands for none. */
#define PLAIN "SELECT v, NULL, n FROM found WHERE v <> ''", "v"
#define INVESTIGATIONS                                                                             \
  "SELECT i.id, i.title, n FROM found CROSS JOIN investigations AS i ON i.seq = v WHERE 1",        \
      "i.id || ' ' || i.title"
#define OPERATIONS                                                                                 \
  "SELECT o.id, o.decided_by, n FROM found CROSS JOIN operations AS o ON o.seq = v WHERE 1",       \
      "o.id || ' ' || o.decided_by"

static const Member members[] = {
  [AC_VALUES_STATUS] = { AC_QUESTION_STATUS, "status", PLAIN },
  [AC_VALUES_TYPE] = { AC_QUESTION_TYPE, "type", PLAIN },
  [AC_VALUES_VERDICT] = { AC_QUESTION_VERDICT, "verdict", PLAIN },
  [AC_VALUES_SOURCE] = { AC_QUESTION_SOURCE, "source", PLAIN },
  [AC_VALUES_ENTITY_TYPE] = { AC_QUESTION_ENTITY_TYPE, "entity_type", PLAIN },
  [AC_VALUES_DECIDED_BY] = { AC_QUESTION_DECIDED_BY, "decided_by", PLAIN },
  [AC_VALUES_DECISION] = { AC_QUESTION_DECISION, "decision", PLAIN },
  [AC_VALUES_UNDO_STATE] = { AC_QUESTION_UNDO_STATE, "undo_state", PLAIN },
  [AC_VALUES_INVESTIGATION] = { AC_QUESTION_INVESTIGATION, "investigation", INVESTIGATIONS },
  [AC_VALUES_OPERATION] = { AC_QUESTION_OPERATION, "coalesce (operation, 0)", OPERATIONS },
  [AC_VALUES_ASSET] = { AC_QUESTION_ASSET, NULL, PLAIN },
};

static gboolean
build (AcBuilder *builder,
       const AcQuestion *question,
       const Member *member,
       const char *contains,
       AcSql *sql,
       GError **error)
{
  AcQuestionFilter chosen;

  ac_builder_init (builder, "WITH found (v, n) AS (");
  if (member->filter < AC_QUESTION_N_COUNTED && ac_question_is_only_counted (question))
    {
      g_string_append_printf (builder->text, "SELECT %s, sum (n)", member->value);
      ac_builder_add_counted_conditions (builder, question, AC_QUESTION_NO_FILTER);
      g_string_append_printf (builder->text, " GROUP BY %s", member->value);
    }
  else
    {
      if (!ac_question_choose (question, sql, &chosen, error))
        return FALSE;
      if (member->value != NULL)
        g_string_append_printf (builder->text, "SELECT %s, count (*) FROM actions", member->value);
      else
        g_string_append (builder->text, "SELECT s.asset, count (*) FROM action_assets AS s "
                                        "WHERE s.action IN (SELECT seq FROM actions");
      ac_builder_add_conditions (builder, question, chosen, FALSE);
      g_string_append_printf (builder->text, "%s GROUP BY %s", member->value != NULL ? "" : ")",
                              member->value != NULL ? member->value : "s.asset");
    }
  g_string_append_printf (builder->text, ") %s", member->select);
  if (contains != NULL && *contains != '\0')
    {
      g_string_append_printf (builder->text, " AND instr (lower (%s), lower (?))",
                              member->contains);
      ac_builder_add_text (builder, contains);
    }
  g_string_append_printf (builder->text, " ORDER BY 3 DESC, 1 LIMIT %d", MOST_VALUES + 1);
  return TRUE;
}

static gboolean
add_values (AcSql *sql,
            const AcQuestion *question,
            const Member *member,
            const char *contains,
            GString *text,
            GError **error)
{
  g_auto (AcBuilder) builder = { 0 };
  g_autoptr (AcSqlOnce) statement = NULL;
  AcSqlStep step = AC_SQL_ERROR;
  guint n = 0;

  if (!build (&builder, question, member, contains, sql, error))
    return FALSE;
  statement = ac_builder_prepare (&builder, sql, error);
  ac_json_text_open (text, '{');
  ac_json_text_add_name (text, "values");
  ac_json_text_open (text, '[');
  while (statement != NULL && (step = ac_sql_step (sql, statement, error)) == AC_SQL_ROW)
    {
      if (n++ == MOST_VALUES)
        break;
      ac_json_text_open (text, '{');
      ac_json_text_add_string (text, "value", ac_sql_text (statement, 0));
      ac_json_text_add_string (text, "label", ac_sql_text (statement, 1));
      ac_json_text_add_integer (text, "count", sqlite3_column_int64 (statement, 2));
      ac_json_text_close (text, '}');
    }
  ac_json_text_close (text, ']');
  ac_json_text_add_boolean (text, "more", n > MOST_VALUES);
  ac_json_text_close (text, '}');
  return step != AC_SQL_ERROR;
}

/**
 * ac_store_list_values:
 * @filter: which actions; sort, limit and cursor do not matter
 * @member: of which the values are wanted
 * @contains: (nullable): only values in which this occurs, or whose title has it
 *
 * Returns: (transfer full): the answer of GET /actions/filters, those that occur most first, or
 * %NULL with AC_STORE_ERROR_FAILED.
 */
GBytes *
ac_store_list_values (AcStore *self,
                      const AcActionFilter *filter,
                      AcValuesMember member,
                      const char *contains,
                      GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_auto (AcQuestion) question = { 0 };
  gboolean good;
  AcSql *sql;

  g_return_val_if_fail (AC_IS_STORE (self), NULL);
  g_return_val_if_fail (filter != NULL && member < G_N_ELEMENTS (members), NULL);

  ac_question_init (&question, filter);
  question.values[members[member].filter] = NULL;
  sql = ac_store_begin_read (self, error);
  if (sql == NULL)
    return NULL;
  good = add_values (sql, &question, &members[member], contains, text, error);
  ac_store_end_read (self, sql);
  return good ? g_string_free_to_bytes (g_steal_pointer (&text)) : NULL;
}
