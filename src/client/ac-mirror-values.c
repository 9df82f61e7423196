/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "client/ac-key-set.h"
#include "client/ac-mirror-kinds.h"
#include "client/ac-mirror-match.h"
#include "client/ac-mirror-row.h"
#include "client/ac-mirror-values.h"
#include "model/ac-json-scan.h"
#include "model/ac-search-text.h"

/* Titles are looked for among so many; to read one is to read an action. */
#define MOST_TITLES 2000

typedef struct
{
  AcActionQuery *query;
  AcFilter filter;
  char *contains; /* folded; nullable */
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_object_unref (request->query);
  g_free (request->contains);
  g_free (request);
}

typedef struct
{
  const char *value; /* the key of the table */
  char *label;
  guint64 n;
  gint64 key; /* of an action that has it */
} Entry;

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_free (entry->label);
  g_free (entry);
}

static void
add (GHashTable *entries, const char *value, guint64 n, gint64 key)
{
  Entry *entry;

  if (value == NULL || *value == '\0')
    return;
  entry = g_hash_table_lookup (entries, value);
  if (entry == NULL)
    {
      char *own = g_strdup (value);

      entry = g_new0 (Entry, 1);
      entry->value = own;
      entry->key = key;
      g_hash_table_insert (entries, own, entry);
    }
  entry->n += n;
}

static const char *
get_value (const AcMirrorKind *kind, AcFilter filter)
{
  switch (filter)
    {
    case AC_FILTER_STATUS:
      return kind->status;
    case AC_FILTER_TYPE:
      return kind->type;
    case AC_FILTER_ENTITY_TYPE:
      return kind->entity_type;
    case AC_FILTER_VERDICT:
      return kind->verdict;
    case AC_FILTER_SOURCE:
      return kind->source;
    case AC_FILTER_DECISION:
      return kind->decision;
    case AC_FILTER_UNDO_STATE:
      return kind->undo_state;
    case AC_FILTER_DECIDED_BY:
    case AC_FILTER_ASSET:
    case AC_FILTER_INVESTIGATION:
    case AC_FILTER_OPERATION:
    default:
      return NULL;
    }
}

/* Rows of key, kind and value. */
static const char *
select_text (AcFilter filter)
{
  switch (filter)
    {
    case AC_FILTER_DECIDED_BY:
      return "SELECT key, kind, decided_by FROM actions WHERE decided_by <> ''";
    case AC_FILTER_ASSET:
      return "SELECT key, kind, asset FROM actions "
             "UNION ALL SELECT o.key, a.kind, o.asset FROM other_assets AS o "
             "  CROSS JOIN actions AS a ON a.key = o.key";
    case AC_FILTER_INVESTIGATION:
      return "SELECT key, kind, investigation FROM actions WHERE investigation IS NOT NULL";
    case AC_FILTER_OPERATION:
      return "SELECT key, kind, operation FROM actions WHERE operation IS NOT NULL";
    case AC_FILTER_STATUS:
    case AC_FILTER_TYPE:
    case AC_FILTER_ENTITY_TYPE:
    case AC_FILTER_VERDICT:
    case AC_FILTER_SOURCE:
    case AC_FILTER_DECISION:
    case AC_FILTER_UNDO_STATE:
    default:
      return "SELECT key, kind, NULL FROM actions";
    }
}

static void
add_row (GHashTable *entries, const Request *request, const AcMirrorKind *kind, sqlite3_stmt *row)
{
  gint64 key = sqlite3_column_int64 (row, 0);
  const char *of_kind = get_value (kind, request->filter);
  g_autofree char *id = NULL;

  if (of_kind == NULL && sqlite3_column_type (row, 2) == SQLITE_BLOB &&
      sqlite3_column_bytes (row, 2) == 16)
    id = ac_mirror_id_format (sqlite3_column_blob (row, 2));
  add (entries, of_kind != NULL ? of_kind : id != NULL ? id : ac_sql_text (row, 2), 1, key);
}

static gboolean
count (AcSql *sql, const Request *request, GHashTable *entries, GError **error)
{
  g_autoptr (AcMirrorKinds) kinds = ac_mirror_kinds_load (sql, error);
  g_autoptr (AcKeySet) set = NULL;
  g_autoptr (AcSqlOnce) rows = NULL;
  AcSqlStep step = AC_SQL_ERROR;

  if (kinds == NULL)
    return FALSE;
  ac_mirror_kinds_want (kinds, request->query);
  if (kinds->n_wanted == 0)
    return TRUE;
  if (!ac_mirror_match (sql, request->query, &set, error))
    return FALSE;
  if (set == NULL && ac_filter_vocabulary (request->filter) != AC_VOCABULARY_NONE)
    {
      for (guint i = 1; i < kinds->kinds->len; i++)
        {
          const AcMirrorKind *kind = ac_mirror_kinds_get (kinds, i);

          if (kind != NULL && kind->wanted)
            add (entries, get_value (kind, request->filter), (guint64)kind->n, 0);
        }
      return TRUE;
    }
  rows = ac_sql_prepare_once (sql, select_text (request->filter), error);
  while (rows != NULL && (step = ac_sql_step (sql, rows, error)) == AC_SQL_ROW)
    {
      const AcMirrorKind *kind = ac_mirror_kinds_get (kinds, sqlite3_column_int64 (rows, 1));

      if (kind != NULL && kind->wanted &&
          (set == NULL || ac_key_set_has (set, (guint64)sqlite3_column_int64 (rows, 0))))
        add_row (entries, request, kind, rows);
    }
  return step == AC_SQL_DONE;
}

/* What tells a person more than the id; read from an action that has it. */
static gboolean
read_label (AcSql *sql, const Request *request, Entry *entry, GError **error)
{
  const char *member = request->filter == AC_FILTER_INVESTIGATION ? "investigationTitle"
                       : request->filter == AC_FILTER_OPERATION   ? "decidedBy"
                                                                  : NULL;
  g_autoptr (AcSqlReset) query = NULL;
  AcJsonSlice whole, name, value;
  AcJsonWalk walk;
  AcSqlStep step;

  if (member == NULL || entry->label != NULL)
    return TRUE;
  query = ac_sql_query (sql, error, "SELECT json FROM bodies WHERE key = ?", "i", entry->key);
  step = query != NULL ? ac_sql_step (sql, query, error) : AC_SQL_ERROR;
  if (step == AC_SQL_ROW)
    {
      const char *text = ac_sql_text (query, 0);

      if (ac_json_scan_value (text, strlen (text), &whole) && ac_json_walk_object (&walk, &whole))
        while (ac_json_walk_member (&walk, &name, &value))
          if (ac_json_slice_is (&name, member) && ac_json_slice_is_string (&value))
            {
              g_free (entry->label);
              entry->label = ac_json_slice_dup_string (&value);
            }
    }
  return step != AC_SQL_ERROR;
}

static gboolean
has_text (const char *text, const char *folded)
{
  g_autofree char *own = text != NULL ? ac_search_text_fold (text) : NULL;

  return own != NULL && strstr (own, folded) != NULL;
}

static gint
compare (gconstpointer a, gconstpointer b)
{
  const Entry *one = *(Entry *const *)a;
  const Entry *other = *(Entry *const *)b;

  if (one->n != other->n)
    return one->n > other->n ? -1 : 1;
  return strcmp (one->value, other->value);
}

static AcFilterValues *
choose (AcSql *sql, const Request *request, GHashTable *entries, GError **error)
{
  g_autoptr (AcFilterValues) values = ac_filter_values_new ();
  g_autoptr (GPtrArray) sorted = g_ptr_array_sized_new (g_hash_table_size (entries));
  GHashTableIter iter;
  gpointer entry;

  g_hash_table_iter_init (&iter, entries);
  while (g_hash_table_iter_next (&iter, NULL, &entry))
    g_ptr_array_add (sorted, entry);
  g_ptr_array_sort (sorted, compare);
  for (guint i = 0; i < sorted->len; i++)
    {
      Entry *one = sorted->pdata[i];

      if (i < MOST_TITLES && !read_label (sql, request, one, error))
        return NULL;
      if (request->contains != NULL && !has_text (one->value, request->contains) &&
          !has_text (one->label, request->contains))
        continue;
      if (values->values->len == AC_FILTER_VALUES_MOST)
        {
          values->more = TRUE;
          break;
        }
      ac_filter_values_add (values, one->value, one->label, one->n);
    }
  return g_steal_pointer (&values);
}

static gpointer
load_values (AcSql *sql, gpointer data, GCancellable *cancellable, GError **error)
{
  const Request *request = data;
  g_autoptr (GHashTable) entries =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, entry_free);

  if (!ac_sql_exec (sql, "BEGIN", error) || !count (sql, request, entries, error))
    return NULL;
  return choose (sql, request, entries, error);
}

/**
 * ac_mirror_load_values_async:
 * @filter: of whose member; what @query filters by it does not count
 * @contains: (nullable): only values that contain this, or whose label does
 *
 * Asks what there is to filter by; the result is an AcFilterValues.
 */
void
ac_mirror_load_values_async (AcMirror *mirror,
                             AcActionQuery *query,
                             AcFilter filter,
                             const char *contains,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  Request *request = g_new0 (Request, 1);

  request->query = ac_action_query_with_filter (query, filter, NULL);
  request->filter = filter;
  if (contains != NULL && *contains != '\0')
    request->contains = ac_search_text_fold (contains);
  ac_mirror_read_async (mirror, AC_MIRROR_LANE_SUMS, load_values, request, request_free,
                        (GDestroyNotify)ac_filter_values_free, cancellable, callback, user_data);
}
