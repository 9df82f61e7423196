/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client/ac-mirror-kinds.h"

static void
kind_clear (gpointer data)
{
  AcMirrorKind *kind = data;

  g_free (kind->status);
  g_free (kind->type);
  g_free (kind->verdict);
  g_free (kind->source);
  g_free (kind->entity_type);
  g_free (kind->decision);
}

/**
 * ac_mirror_kinds_load:
 *
 * Returns: (transfer full): all kinds, none of them wanted; or %NULL with an error.
 */
AcMirrorKinds *
ac_mirror_kinds_load (AcSql *sql, GError **error)
{
  g_autoptr (AcMirrorKinds) kinds = g_new0 (AcMirrorKinds, 1);
  g_autoptr (AcSqlReset) query = NULL;
  AcSqlStep step = AC_SQL_ERROR;

  kinds->kinds = g_array_new (FALSE, TRUE, sizeof (AcMirrorKind));
  g_array_set_clear_func (kinds->kinds, kind_clear);
  query = ac_sql_query (
      sql, error,
      "SELECT kind, status, type, verdict, source, entity_type, undoable, n, decision FROM kinds",
      "");
  while (query != NULL && (step = ac_sql_step (sql, query, error)) == AC_SQL_ROW)
    {
      gint64 number = sqlite3_column_int64 (query, 0);
      AcMirrorKind *kind;

      if (number < 1 || number > G_MAXUINT16)
        continue;
      if (number >= kinds->kinds->len)
        g_array_set_size (kinds->kinds, (guint)number + 1);
      kind = &g_array_index (kinds->kinds, AcMirrorKind, number);
      kind->number = number;
      kind->status = g_strdup (ac_sql_text (query, 1));
      kind->type = g_strdup (ac_sql_text (query, 2));
      kind->verdict = g_strdup (ac_sql_text (query, 3));
      kind->source = g_strdup (ac_sql_text (query, 4));
      kind->entity_type = g_strdup (ac_sql_text (query, 5));
      kind->undoable = sqlite3_column_int (query, 6) != 0;
      kind->n = sqlite3_column_int64 (query, 7);
      kind->decision = g_strdup (ac_sql_text (query, 8));
      kind->undo_state = ac_undo_state_wire (
          ac_transition_undo_state (ac_status_parse (kind->status), kind->undoable));
    }
  return step == AC_SQL_DONE ? g_steal_pointer (&kinds) : NULL;
}

void
ac_mirror_kinds_free (AcMirrorKinds *kinds)
{
  if (kinds == NULL)
    return;
  g_array_unref (kinds->kinds);
  g_free (kinds);
}

/**
 * ac_mirror_kinds_get:
 *
 * Returns: (nullable): the kind with that number.
 */
const AcMirrorKind *
ac_mirror_kinds_get (const AcMirrorKinds *kinds, gint64 number)
{
  const AcMirrorKind *kind;

  if (number < 1 || number >= kinds->kinds->len)
    return NULL;
  kind = &g_array_index (kinds->kinds, AcMirrorKind, number);
  return kind->number != 0 ? kind : NULL;
}

static gboolean
passes (AcActionQuery *query, AcFilter filter, const char *value)
{
  const char *const *values = ac_action_query_get_filter (query, filter);

  return values == NULL || g_strv_contains (values, value);
}

static gboolean
is_under_tab (AcTab tab, const AcMirrorKind *kind)
{
  switch (tab)
    {
    case AC_TAB_PENDING:
      return g_str_equal (kind->status, "pending");
    case AC_TAB_HISTORY:
      return !g_str_equal (kind->status, "pending");
    case AC_TAB_ALL:
    default:
      return TRUE;
    }
}

/**
 * ac_mirror_kinds_want:
 *
 * Marks the kinds whose actions can match @query.
 */
void
ac_mirror_kinds_want (AcMirrorKinds *kinds, AcActionQuery *query)
{
  AcTab tab = ac_action_query_get_tab (query);

  for (guint i = 0; i < kinds->kinds->len; i++)
    {
      AcMirrorKind *kind = &g_array_index (kinds->kinds, AcMirrorKind, i);

      kind->wanted = kind->number != 0 && kind->n > 0 && is_under_tab (tab, kind) &&
                     passes (query, AC_FILTER_STATUS, kind->status) &&
                     passes (query, AC_FILTER_TYPE, kind->type) &&
                     passes (query, AC_FILTER_ENTITY_TYPE, kind->entity_type) &&
                     passes (query, AC_FILTER_VERDICT, kind->verdict) &&
                     passes (query, AC_FILTER_SOURCE, kind->source) &&
                     passes (query, AC_FILTER_DECISION, kind->decision) &&
                     passes (query, AC_FILTER_UNDO_STATE, kind->undo_state);
      if (!kind->wanted)
        continue;
      kinds->n_wanted += kind->n;
      if (g_str_equal (kind->status, "pending"))
        kinds->pending = TRUE;
      else
        kinds->others = TRUE;
    }
}

static const char *
get_column (const AcMirrorKind *kind, AcSort sort)
{
  switch (sort)
    {
    case AC_SORT_TYPE:
      return kind->type;
    case AC_SORT_ENTITY_TYPE:
      return kind->entity_type;
    case AC_SORT_VERDICT:
      return kind->verdict;
    case AC_SORT_SOURCE:
      return kind->source;
    case AC_SORT_STATUS:
      return kind->status;
    case AC_SORT_DECISION:
      return kind->decision;
    case AC_SORT_UNDO_STATE:
      return kind->undo_state;
    case AC_SORT_UPDATED_AT:
    case AC_SORT_CREATED_AT:
    case AC_SORT_EXPIRES_AT:
    case AC_SORT_DETAILS:
    case AC_SORT_ASSET:
    case AC_SORT_DECIDED_BY:
    case AC_SORT_INVESTIGATION:
    case AC_SORT_OPERATION:
    default:
      return NULL;
    }
}

static gint
compare (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *)a, *(const char *const *)b);
}

/**
 * ac_mirror_kinds_rank:
 *
 * Gives each kind its place in the order of a column.
 *
 * Returns: whether the column is one of those that a kind has.
 */
gboolean
ac_mirror_kinds_rank (AcMirrorKinds *kinds, AcSort sort, gboolean descending)
{
  g_autoptr (GPtrArray) values = g_ptr_array_new ();
  guint n = 0;

  if (sort != AC_SORT_TYPE && sort != AC_SORT_ENTITY_TYPE && sort != AC_SORT_VERDICT &&
      sort != AC_SORT_SOURCE && sort != AC_SORT_STATUS && sort != AC_SORT_DECISION &&
      sort != AC_SORT_UNDO_STATE)
    return FALSE;
  for (guint i = 0; i < kinds->kinds->len; i++)
    if (g_array_index (kinds->kinds, AcMirrorKind, i).number != 0)
      g_ptr_array_add (values,
                       (gpointer)get_column (&g_array_index (kinds->kinds, AcMirrorKind, i), sort));
  g_ptr_array_sort (values, compare);
  for (guint i = 0; i < values->len; i++)
    if (n == 0 || !g_str_equal (values->pdata[i], values->pdata[n - 1]))
      values->pdata[n++] = values->pdata[i];
  kinds->n_ranks = n;
  for (guint i = 0; i < kinds->kinds->len; i++)
    {
      AcMirrorKind *kind = &g_array_index (kinds->kinds, AcMirrorKind, i);

      for (guint rank = 0; kind->number != 0 && rank < n; rank++)
        if (g_str_equal (get_column (kind, sort), values->pdata[rank]))
          kind->rank = descending ? n - 1 - rank : rank;
    }
  return TRUE;
}

/**
 * ac_mirror_kind_may:
 *
 * Returns: whether actions of that kind allow @decision; as ac_action_may().
 */
gboolean
ac_mirror_kind_may (const AcMirrorKind *kind, AcDecision decision)
{
  AcEvent event;

  if (!ac_event_from_decision (decision, &event) ||
      !ac_transition_find (ac_status_parse (kind->status), event, NULL))
    return FALSE;
  return decision != AC_DECISION_UNDO || kind->undoable;
}
