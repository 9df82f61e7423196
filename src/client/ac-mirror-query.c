/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys in order. Whatever a query filters by is brought to two things: which kinds of actions are
 * wanted, and a set of keys that pass the rest. Then one index is walked in the order asked for, or
 * the few keys of a small set are sorted. */
#include "config.h"

#include "client/ac-key-set.h"
#include "client/ac-mirror-kinds.h"
#include "client/ac-mirror-match.h"
#include "client/ac-mirror-query.h"
#include "client/ac-mirror-schema.h"

/* So many keys are looked up and sorted sooner than an index of a million is walked. */
#define FEW 5000
/* The first keys are told after so many: some screens. */
#define FIRST 500
/* Rows of the first page; a window that shows more loads them in the usual way. */
#define FIRST_ROWS 100

typedef struct
{
  AcActionQuery *query;
  AcKeysProgress progress; /* nullable */
  gpointer progress_data;
  GMainContext *context;
  GCancellable *cancellable; /* nullable */
  guint limit;               /* 0: none; of a walk that is not ranked */
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_object_unref (request->query);
  g_main_context_unref (request->context);
  g_clear_object (&request->cancellable);
  g_free (request);
}

typedef struct
{
  AcKeysProgress progress;
  gpointer data;
  GArray *keys;
  guint64 total;
  GCancellable *cancellable;
} Report;

static void
report_free (gpointer data)
{
  Report *report = data;

  g_array_unref (report->keys);
  g_clear_object (&report->cancellable);
  g_free (report);
}

static gboolean
report_cb (gpointer data)
{
  Report *report = data;

  if (!g_cancellable_is_cancelled (report->cancellable))
    report->progress (report->keys, report->total, report->data);
  return G_SOURCE_REMOVE;
}

static void
report_first (const Request *request, const GArray *keys, guint64 total)
{
  Report *report = g_new0 (Report, 1);
  g_autoptr (GSource) source = g_idle_source_new ();

  report->progress = request->progress;
  report->data = request->progress_data;
  report->keys = g_array_sized_new (FALSE, FALSE, sizeof (guint64), keys->len);
  g_array_append_vals (report->keys, keys->data, keys->len);
  report->total = total;
  g_set_object (&report->cancellable, request->cancellable);
  /* The same way as the result goes, so that it comes before that. */
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, report_cb, report, report_free);
  g_source_attach (source, request->context);
}

static const char *
column_of (AcSort sort)
{
  switch (sort)
    {
    case AC_SORT_CREATED_AT:
      return "created_at";
    case AC_SORT_DETAILS:
      return "details";
    case AC_SORT_ASSET:
      return "asset";
    case AC_SORT_DECIDED_BY:
      return "decided_by";
    /* Nothing is smaller than a number, a text is greater than one, and bytes than a text. */
    case AC_SORT_INVESTIGATION:
      return "coalesce (investigation, 0)";
    case AC_SORT_OPERATION:
      return "coalesce (operation, 0)";
    case AC_SORT_EXPIRES_AT:
      return "expires_at";
    case AC_SORT_UPDATED_AT:
    case AC_SORT_TYPE:
    case AC_SORT_ENTITY_TYPE:
    case AC_SORT_VERDICT:
    case AC_SORT_SOURCE:
    case AC_SORT_STATUS:
    case AC_SORT_DECISION:
    case AC_SORT_UNDO_STATE:
    default:
      /* Within one type, one status and so on: what changed last on top. */
      return "updated_at";
    }
}

/* Few sort by the others, and each index costs with every change. */
static gboolean
has_index (AcSort sort)
{
  return sort != AC_SORT_INVESTIGATION && sort != AC_SORT_OPERATION && sort != AC_SORT_EXPIRES_AT;
}

static char *
one_walk (const char *column, gboolean indexed, gboolean pending)
{
  return g_strdup_printf ("SELECT key, kind, %s AS place FROM actions %s%s WHERE pending = %d",
                          column, indexed ? "INDEXED BY by_" : "", indexed ? column : "", pending);
}

/* The walk over all that can match. */
static char *
walk_text (const AcMirrorKinds *kinds, const char *column, gboolean descending, gboolean indexed)
{
  const char *direction = descending ? "DESC" : "ASC";
  g_autofree char *pending = one_walk (column, indexed, TRUE);
  g_autofree char *others = one_walk (column, indexed, FALSE);
  gboolean both = kinds->pending && kinds->others;

  return g_strdup_printf ("%s%s%s ORDER BY place %s, key %s", kinds->pending ? pending : others,
                          both ? " UNION ALL " : "", both ? others : "", direction, direction);
}

static char *
sort_text (const char *column, gboolean descending)
{
  const char *direction = descending ? "DESC" : "ASC";

  return g_strdup_printf ("SELECT key, kind FROM actions "
                          "WHERE key IN (SELECT value FROM json_each (?)) ORDER BY +%s %s, +key %s",
                          column, direction, direction);
}

static char *
keys_as_json (const AcKeySet *set)
{
  g_autoptr (GArray) keys = ac_key_set_get_keys (set);
  GString *text = g_string_new ("[");

  for (guint i = 0; i < keys->len; i++)
    g_string_append_printf (text, "%s%" G_GUINT64_FORMAT, i > 0 ? "," : "",
                            g_array_index (keys, guint64, i));
  g_string_append_c (text, ']');
  return g_string_free (text, FALSE);
}

static sqlite3_stmt *
prepare (AcSql *sql,
         AcActionQuery *query,
         const AcMirrorKinds *kinds,
         const AcKeySet *set,
         gboolean ranked,
         GError **error)
{
  const char *column = column_of (ac_action_query_get_sort (query));
  gboolean descending = ranked || ac_action_query_get_descending (query);
  g_autofree char *text = NULL;
  gboolean indexed;
  sqlite3_stmt *statement;

  if (set != NULL && ac_key_set_size (set) <= FEW)
    {
      text = sort_text (column, descending);
      statement = ac_sql_prepare_once (sql, text, error);
      if (statement != NULL)
        sqlite3_bind_text (statement, 1, keys_as_json (set), -1, g_free);
      return statement;
    }
  if (!ac_mirror_has_indexes (sql, &indexed, error))
    return NULL;
  text = walk_text (kinds, column, descending,
                    indexed && has_index (ac_action_query_get_sort (query)));
  return ac_sql_prepare_once (sql, text, error);
}

/* Puts the keys of each rank behind those of the rank before. */
static GArray *
join (GPtrArray *ranks, guint n)
{
  GArray *keys = g_array_sized_new (FALSE, FALSE, sizeof (guint64), n);

  for (guint i = 0; i < ranks->len; i++)
    {
      GArray *rank = ranks->pdata[i];

      g_array_append_vals (keys, rank->data, rank->len);
      g_array_set_size (rank, 0);
    }
  return keys;
}

static GArray *
walk (AcSql *sql,
      const Request *request,
      const AcMirrorKinds *kinds,
      const AcKeySet *set,
      gboolean ranked,
      GError **error)
{
  g_autoptr (AcSqlOnce) statement = prepare (sql, request->query, kinds, set, ranked, error);
  g_autoptr (GArray) keys = NULL;
  g_autoptr (GPtrArray) ranks = g_ptr_array_new_with_free_func ((GDestroyNotify)g_array_unref);
  guint n = 0;
  AcSqlStep step;

  if (statement == NULL)
    return NULL;
  /* To be kept for long, so without room to grow. */
  if (!ranked)
    keys = g_array_sized_new (
        FALSE, FALSE, sizeof (guint64),
        set != NULL || request->limit > 0 ? 64 : (guint)MIN (kinds->n_wanted, G_MAXINT32));
  for (guint i = 0; ranked && i < kinds->n_ranks; i++)
    g_ptr_array_add (ranks, g_array_new (FALSE, FALSE, sizeof (guint64)));
  while ((step = ac_sql_step (sql, statement, error)) == AC_SQL_ROW)
    {
      guint64 key = (guint64)sqlite3_column_int64 (statement, 0);
      const AcMirrorKind *kind = ac_mirror_kinds_get (kinds, sqlite3_column_int64 (statement, 1));

      if (kind == NULL || !kind->wanted || (set != NULL && !ac_key_set_has (set, key)))
        continue;
      g_array_append_val (ranked ? (GArray *)ranks->pdata[kind->rank] : keys, key);
      n++;
      if (n == request->limit)
        break;
      if (n == FIRST && !ranked && request->progress != NULL)
        report_first (request, keys, set != NULL ? n : (guint64)kinds->n_wanted);
    }
  if (step == AC_SQL_ERROR)
    return NULL;
  return ranked ? join (ranks, n) : g_steal_pointer (&keys);
}

static gpointer
load_keys (AcSql *sql, gpointer data, GCancellable *cancellable, GError **error)
{
  Request *request = data;
  g_autoptr (AcMirrorKinds) kinds = NULL;
  g_autoptr (AcKeySet) set = NULL;
  gboolean ranked;

  if (!ac_sql_exec (sql, "BEGIN", error))
    return NULL;
  kinds = ac_mirror_kinds_load (sql, error);
  if (kinds == NULL)
    return NULL;
  ac_mirror_kinds_want (kinds, request->query);
  if (kinds->n_wanted == 0)
    return g_array_new (FALSE, FALSE, sizeof (guint64));
  if (!ac_mirror_match (sql, request->query, &set, error))
    return NULL;
  ranked = ac_mirror_kinds_rank (kinds, ac_action_query_get_sort (request->query),
                                 ac_action_query_get_descending (request->query));
  return walk (sql, request, kinds, set, ranked, error);
}

static Request *
request_new (AcActionQuery *query, GCancellable *cancellable)
{
  Request *request = g_new0 (Request, 1);

  request->query = g_object_ref (query);
  request->context = g_main_context_ref_thread_default ();
  g_set_object (&request->cancellable, cancellable);
  return request;
}

/**
 * ac_mirror_load_keys_async:
 *
 * Asks for the keys of all actions that match, in order; the result is a GArray of guint64.
 */
void
ac_mirror_load_keys_async (AcMirror *mirror,
                           AcActionQuery *query,
                           AcKeysProgress progress,
                           gpointer progress_data,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  Request *request = request_new (query, cancellable);

  request->progress = progress;
  request->progress_data = progress_data;
  ac_mirror_read_async (mirror, AC_MIRROR_LANE_KEYS, load_keys, request, request_free,
                        (GDestroyNotify)g_array_unref, cancellable, callback, user_data);
}

/* Only what can be read from the beginning of an index is worth it. */
static gpointer
load_first_page (AcSql *sql, gpointer data, GCancellable *cancellable, GError **error)
{
  Request *request = data;
  g_autoptr (AcFirstPage) page = ac_first_page_new (request->query);
  g_autoptr (AcMirrorKinds) kinds = NULL;
  gboolean indexed;

  if (ac_action_query_get_search (request->query) != NULL || !ac_sql_exec (sql, "BEGIN", error) ||
      !ac_mirror_has_indexes (sql, &indexed, error) || !indexed ||
      !has_index (ac_action_query_get_sort (request->query)))
    return NULL;
  kinds = ac_mirror_kinds_load (sql, error);
  if (kinds == NULL)
    return NULL;
  ac_mirror_kinds_want (kinds, request->query);
  if (kinds->n_wanted == 0 ||
      ac_mirror_kinds_rank (kinds, ac_action_query_get_sort (request->query),
                            ac_action_query_get_descending (request->query)))
    return NULL;
  page->total = (guint64)kinds->n_wanted;
  request->limit = FIRST;
  page->keys = walk (sql, request, kinds, NULL, FALSE, error);
  if (page->keys == NULL)
    return NULL;
  page->rows = ac_mirror_read_rows (sql, (const guint64 *)(gpointer)page->keys->data,
                                    MIN (page->keys->len, FIRST_ROWS), cancellable, error);
  return page->rows != NULL ? g_steal_pointer (&page) : NULL;
}

/**
 * ac_mirror_open_at_async:
 * @query: (nullable): of the list that will be shown first
 *
 * As ac_mirror_open_async(), and reads the beginning of that list, an AcFirstPage for
 * ac_mirror_take_first(), where that is quick.
 */
void
ac_mirror_open_at_async (const char *folder,
                         const char *address,
                         const char *account,
                         AcActionQuery *query,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  if (query == NULL)
    ac_mirror_open_async (folder, address, account, cancellable, callback, user_data);
  else
    ac_mirror_open_asking_async (
        folder, address, account, load_first_page, request_new (query, cancellable), request_free,
        (GDestroyNotify)ac_first_page_free, cancellable, callback, user_data);
}

static gpointer
count (AcSql *sql, gpointer data, GCancellable *cancellable, GError **error)
{
  Request *request = data;
  g_autoptr (AcMirrorKinds) kinds = NULL;
  g_autoptr (AcKeySet) set = NULL;
  g_autoptr (GArray) keys = NULL;
  guint64 n;

  if (!ac_sql_exec (sql, "BEGIN", error))
    return NULL;
  kinds = ac_mirror_kinds_load (sql, error);
  if (kinds == NULL)
    return NULL;
  ac_mirror_kinds_want (kinds, request->query);
  if (kinds->n_wanted > 0 && !ac_mirror_match (sql, request->query, &set, error))
    return NULL;
  n = (guint64)kinds->n_wanted;
  if (set != NULL)
    {
      keys = walk (sql, request, kinds, set, FALSE, error);
      if (keys == NULL)
        return NULL;
      n = keys->len;
    }
  return g_memdup2 (&n, sizeof n);
}

/**
 * ac_mirror_count_async:
 *
 * Asks how many actions match; the result is a guint64 *.
 */
void
ac_mirror_count_async (AcMirror *mirror,
                       AcActionQuery *query,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  ac_mirror_read_async (mirror, AC_MIRROR_LANE_SUMS, count, request_new (query, cancellable),
                        request_free, g_free, cancellable, callback, user_data);
}
