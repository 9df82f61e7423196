/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Single rows of the mirror, by key or by id, and what many of them share. */
#include "config.h"

#include "client/ac-key-set.h"
#include "client/ac-mirror-kinds.h"
#include "client/ac-mirror-match.h"
#include "client/ac-mirror-query.h"
#include "client/ac-mirror-row.h"
#include "client/ac-mirror-schema.h"

/* So many are looked up one by one; what more share is found sooner by reading an index. */
#define FEW 5000

typedef struct
{
  GArray *keys; /* of guint64 */
  char *text;   /* nullable: an id, or a type */
  AcDecision decision;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_array_unref (request->keys);
  g_free (request->text);
  g_free (request);
}

/* @keys: shared with whoever asks, and read by another thread */
static Request *
request_new (GArray *keys)
{
  Request *request = g_new0 (Request, 1);

  request->keys = g_array_ref (keys);
  return request;
}

static Request *
request_new_copy (const guint64 *keys, gsize n_keys)
{
  g_autoptr (GArray) copy = g_array_sized_new (FALSE, FALSE, sizeof *keys, (guint)n_keys);

  g_array_append_vals (copy, keys, (guint)n_keys);
  return request_new (copy);
}

static guint64
get_key (const Request *request, guint i)
{
  return g_array_index (request->keys, guint64, i);
}

/* --- rows --- */

static void
unref_nullable (gpointer object)
{
  if (object != NULL)
    g_object_unref (object);
}

/* @action: (out) (nullable): %NULL when it cannot be shown as an action */
static gboolean
read_action (const char *text, gsize length, AcAction **action, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, length);
  g_autoptr (GError) local_error = NULL;
  g_autoptr (JsonNode) root = ac_json_parse (bytes, &local_error);

  AcJsonSlice value;

  *action = NULL;
  /* It was JSON when it was written. */
  if (!g_utf8_validate_len (text, length, NULL) || !ac_json_scan_value (text, length, &value))
    {
      ac_mirror_report (SQLITE_CORRUPT, "JSON", error);
      return FALSE;
    }
  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    *action =
        ac_action_new_from_json (json_node_get_object (root), AC_JSON_LENIENT, NULL, &local_error);
  if (*action == NULL)
    g_warning ("An action of the service cannot be shown: %s",
               local_error != NULL ? local_error->message : "it is no object");
  return TRUE;
}

/**
 * ac_mirror_read_rows:
 *
 * Reads actions in the thread and the transaction of the caller.
 *
 * Returns: (transfer full) (element-type AcAction): one entry for each key, %NULL where there is
 * none any more; or %NULL with an error.
 */
GPtrArray *
ac_mirror_read_rows (AcSql *sql,
                     const guint64 *keys,
                     gsize n_keys,
                     GCancellable *cancellable,
                     GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_full ((guint)n_keys, unref_nullable);

  for (gsize i = 0; i < n_keys; i++)
    {
      g_autoptr (AcSqlReset) query =
          ac_sql_query (sql, error, "SELECT json FROM bodies WHERE key = ?", "i", (gint64)keys[i]);
      AcSqlStep step = query != NULL ? ac_sql_step (sql, query, error) : AC_SQL_ERROR;
      AcAction *action = NULL;

      if (step == AC_SQL_ERROR || g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      if (step == AC_SQL_ROW &&
          !read_action (ac_sql_text (query, 0), (gsize)sqlite3_column_bytes (query, 0), &action,
                        error))
        return NULL;
      g_ptr_array_add (rows, action);
    }
  return g_steal_pointer (&rows);
}

static gpointer
load_rows (AcSql *sql, gpointer data, GCancellable *cancellable, GError **error)
{
  const Request *request = data;

  if (!ac_sql_exec (sql, "BEGIN", error))
    return NULL;
  return ac_mirror_read_rows (sql, (const guint64 *)(gpointer)request->keys->data,
                              request->keys->len, cancellable, error);
}

/**
 * ac_mirror_load_rows_async:
 *
 * Asks for actions; the result is a GPtrArray of AcAction, %NULL where there is none any more.
 */
void
ac_mirror_load_rows_async (AcMirror *mirror,
                           const guint64 *keys,
                           gsize n_keys,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  ac_mirror_read_async (mirror, AC_MIRROR_LANE_ROWS, load_rows, request_new_copy (keys, n_keys),
                        request_free, (GDestroyNotify)g_ptr_array_unref, cancellable, callback,
                        user_data);
}

static gpointer
load_ids (AcSql *sql, gpointer data, GCancellable *cancellable, GError **error)
{
  const Request *request = data;
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();

  if (!ac_sql_exec (sql, "BEGIN", error))
    return NULL;
  for (guint i = 0; i < request->keys->len; i++)
    {
      g_autoptr (AcSqlReset) query = ac_sql_query (
          sql, error, "SELECT id FROM actions WHERE key = ?", "i", (gint64)get_key (request, i));
      AcSqlStep step = query != NULL ? ac_sql_step (sql, query, error) : AC_SQL_ERROR;
      g_autofree char *id = NULL;

      if (step == AC_SQL_ERROR || g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      if (step != AC_SQL_ROW)
        continue;
      if (sqlite3_column_type (query, 0) == SQLITE_BLOB && sqlite3_column_bytes (query, 0) == 16)
        id = ac_mirror_id_format (sqlite3_column_blob (query, 0));
      else
        id = g_strdup (ac_sql_text (query, 0));
      g_strv_builder_add (ids, id);
    }
  return g_strv_builder_end (ids);
}

/**
 * ac_mirror_load_ids_async:
 *
 * Asks for the ids of those that are there still; the result is a GStrv.
 */
void
ac_mirror_load_ids_async (AcMirror *mirror,
                          const guint64 *keys,
                          gsize n_keys,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  ac_mirror_read_async (mirror, AC_MIRROR_LANE_ROWS, load_ids, request_new_copy (keys, n_keys),
                        request_free, (GDestroyNotify)g_strfreev, cancellable, callback, user_data);
}

static gpointer
find_key (AcSql *sql, gpointer data, GCancellable *cancellable, GError **error)
{
  const Request *request = data;
  g_autoptr (AcSqlReset) query =
      ac_sql_query (sql, error, "SELECT key FROM actions WHERE id = ?1", "n");
  guint64 key = 0;
  AcMirrorId id;

  if (query == NULL)
    return NULL;
  ac_mirror_id_init (&id, request->text);
  if (id.is_uuid)
    sqlite3_bind_blob (query, 1, id.bytes, sizeof id.bytes, SQLITE_STATIC);
  else
    sqlite3_bind_text (query, 1, id.text, -1, SQLITE_STATIC);
  switch (ac_sql_step (sql, query, error))
    {
    case AC_SQL_ROW:
      key = (guint64)sqlite3_column_int64 (query, 0);
      return g_memdup2 (&key, sizeof key);
    case AC_SQL_DONE:
      return g_memdup2 (&key, sizeof key);
    case AC_SQL_ERROR:
    default:
      return NULL;
    }
}

/**
 * ac_mirror_find_key_async:
 *
 * Asks for the key of an action; the result is a guint64 *, 0 when there is none.
 */
void
ac_mirror_find_key_async (AcMirror *mirror,
                          const char *id,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  Request *request = request_new_copy (NULL, 0);

  request->text = g_strdup (id);
  ac_mirror_read_async (mirror, AC_MIRROR_LANE_ROWS, find_key, request, request_free, g_free,
                        cancellable, callback, user_data);
}

/* --- what they share --- */

/* Of the keys that were asked for. */
typedef struct
{
  AcMirrorKinds *kinds;
  guint64 *n_of_kind; /* by number */
  AcActionSummary *summary;
  guint64 *n_of_asset; /* of the asset met last, which others follow in order */
  char *asset;
} Tally;

static void
tally_clear (Tally *tally)
{
  g_clear_pointer (&tally->kinds, ac_mirror_kinds_free);
  g_clear_pointer (&tally->n_of_kind, g_free);
  g_clear_pointer (&tally->summary, ac_action_summary_free);
  g_clear_pointer (&tally->asset, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Tally, tally_clear)

static gboolean
tally_init (Tally *tally, AcSql *sql, GError **error)
{
  tally->kinds = ac_mirror_kinds_load (sql, error);
  if (tally->kinds == NULL)
    return FALSE;
  tally->n_of_kind = g_new0 (guint64, tally->kinds->kinds->len + 1);
  tally->summary = ac_action_summary_new ();
  return TRUE;
}

static void
tally_asset (Tally *tally, const char *asset)
{
  if (tally->asset == NULL || g_strcmp0 (tally->asset, asset) != 0)
    {
      g_free (tally->asset);
      tally->asset = g_strdup (asset);
      tally->n_of_asset = ac_action_summary_counter (tally->summary->assets, asset);
    }
  (*tally->n_of_asset)++;
  tally->summary->n_assets++;
}

static void
tally_row (Tally *tally, gint64 kind, const char *asset)
{
  if (ac_mirror_kinds_get (tally->kinds, kind) == NULL)
    return;
  tally->n_of_kind[kind]++;
  if (asset != NULL && *asset != '\0')
    tally_asset (tally, asset);
}

static void
add_n (GHashTable *counts, const char *wire, guint64 n)
{
  *ac_action_summary_counter (counts, wire) += n;
}

static AcActionSummary *
tally_end (Tally *tally)
{
  AcActionSummary *summary = tally->summary;

  for (guint i = 1; i < tally->kinds->kinds->len; i++)
    {
      const AcMirrorKind *kind = ac_mirror_kinds_get (tally->kinds, i);
      guint64 n = tally->n_of_kind[i];

      if (kind == NULL || n == 0)
        continue;
      summary->n_actions += n;
      if (ac_action_summary_is_in_part (ac_status_parse (kind->status), kind->decision))
        summary->n_in_part += n;
      add_n (summary->types, kind->type, n);
      add_n (summary->statuses, kind->status, n);
      add_n (summary->verdicts, kind->verdict, n);
      add_n (summary->sources, kind->source, n);
      add_n (summary->entity_types, kind->entity_type, n);
      for (guint decision = AC_DECISION_APPROVE; decision < G_N_ELEMENTS (summary->n_allowing);
           decision++)
        if (ac_mirror_kind_may (kind, (AcDecision)decision))
          summary->n_allowing[decision] += n;
    }
  return g_steal_pointer (&tally->summary);
}

static AcKeySet *
set_of (AcSql *sql, const Request *request, GError **error)
{
  AcKeySet *set = ac_mirror_key_set_new (sql, error);

  for (guint i = 0; set != NULL && i < request->keys->len; i++)
    ac_key_set_add (set, get_key (request, i));
  return set;
}

static gboolean
tally_few (Tally *tally, AcSql *sql, const AcKeySet *set, GError **error)
{
  g_autoptr (GArray) keys = ac_key_set_get_keys (set);

  for (guint i = 0; i < keys->len; i++)
    {
      gint64 key = (gint64)g_array_index (keys, guint64, i);
      g_autoptr (AcSqlReset) row =
          ac_sql_query (sql, error, "SELECT kind, asset FROM actions WHERE key = ?", "i", key);
      g_autoptr (AcSqlReset) others =
          ac_sql_query (sql, error, "SELECT asset FROM other_assets WHERE key = ?", "i", key);
      AcSqlStep step = row != NULL ? ac_sql_step (sql, row, error) : AC_SQL_ERROR;

      if (step == AC_SQL_ERROR || others == NULL)
        return FALSE;
      if (step == AC_SQL_ROW)
        tally_row (tally, sqlite3_column_int64 (row, 0), ac_sql_text (row, 1));
      while ((step = ac_sql_step (sql, others, error)) == AC_SQL_ROW)
        tally_asset (tally, ac_sql_text (others, 0));
      if (step == AC_SQL_ERROR)
        return FALSE;
    }
  return TRUE;
}

static gboolean
tally_many (Tally *tally, AcSql *sql, const AcKeySet *set, GError **error)
{
  g_autoptr (AcSqlOnce) rows = NULL;
  g_autoptr (AcSqlOnce) others = NULL;
  gboolean indexed;
  AcSqlStep step;

  if (!ac_mirror_has_indexes (sql, &indexed, error))
    return FALSE;
  /* In the order of the assets, so that each is looked up once. */
  rows = ac_sql_prepare_once (sql,
                              indexed ? "SELECT key, kind, asset FROM actions INDEXED BY by_asset "
                                        "WHERE pending = 0 "
                                        "UNION ALL SELECT key, kind, asset FROM actions "
                                        "INDEXED BY by_asset WHERE pending = 1"
                                      : "SELECT key, kind, asset FROM actions",
                              error);
  if (rows == NULL)
    return FALSE;
  while ((step = ac_sql_step (sql, rows, error)) == AC_SQL_ROW)
    if (ac_key_set_has (set, (guint64)sqlite3_column_int64 (rows, 0)))
      tally_row (tally, sqlite3_column_int64 (rows, 1), ac_sql_text (rows, 2));
  if (step == AC_SQL_ERROR)
    return FALSE;
  others = ac_sql_prepare_once (sql, "SELECT key, asset FROM other_assets", error);
  if (others == NULL)
    return FALSE;
  while ((step = ac_sql_step (sql, others, error)) == AC_SQL_ROW)
    if (ac_key_set_has (set, (guint64)sqlite3_column_int64 (others, 0)))
      tally_asset (tally, ac_sql_text (others, 1));
  return step == AC_SQL_DONE;
}

static gpointer
summarize (AcSql *sql, gpointer data, GCancellable *cancellable, GError **error)
{
  const Request *request = data;
  g_auto (Tally) tally = { 0 };
  g_autoptr (AcKeySet) set = NULL;

  if (!ac_sql_exec (sql, "BEGIN", error) || !tally_init (&tally, sql, error))
    return NULL;
  set = set_of (sql, request, error);
  if (set == NULL || !(ac_key_set_size (set) <= FEW ? tally_few (&tally, sql, set, error)
                                                    : tally_many (&tally, sql, set, error)))
    return NULL;
  return tally_end (&tally);
}

/**
 * ac_mirror_summarize_async:
 * @keys: (element-type guint64): not to be changed from now on
 *
 * Asks what actions share; the result is an AcActionSummary.
 */
void
ac_mirror_summarize_async (AcMirror *mirror,
                           GArray *keys,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  ac_mirror_read_async (mirror, AC_MIRROR_LANE_SUMS, summarize, request_new (keys), request_free,
                        (GDestroyNotify)ac_action_summary_free, cancellable, callback, user_data);
}

static gboolean
stays (const Request *request, const AcMirrorKind *kind)
{
  if (kind == NULL)
    return FALSE;
  return request->text != NULL ? g_str_equal (kind->type, request->text)
                               : ac_mirror_kind_may (kind, request->decision);
}

/* The keys of @set whose actions stay. */
static AcKeySet *
find_staying (AcSql *sql, const Request *request, const AcKeySet *set, GError **error)
{
  g_autoptr (AcMirrorKinds) kinds = ac_mirror_kinds_load (sql, error);
  g_autoptr (AcKeySet) staying = ac_mirror_key_set_new (sql, error);
  g_autoptr (AcSqlOnce) rows = NULL;
  gboolean indexed;
  AcSqlStep step;

  if (kinds == NULL || staying == NULL || !ac_mirror_has_indexes (sql, &indexed, error))
    return NULL;
  rows = ac_sql_prepare_once (sql,
                              indexed ? "SELECT key, kind FROM actions INDEXED BY by_updated_at "
                                        "WHERE pending IN (0, 1)"
                                      : "SELECT key, kind FROM actions",
                              error);
  if (rows == NULL)
    return NULL;
  while ((step = ac_sql_step (sql, rows, error)) == AC_SQL_ROW)
    {
      guint64 key = (guint64)sqlite3_column_int64 (rows, 0);

      if (ac_key_set_has (set, key) &&
          stays (request, ac_mirror_kinds_get (kinds, sqlite3_column_int64 (rows, 1))))
        ac_key_set_add (staying, key);
    }
  return step == AC_SQL_DONE ? g_steal_pointer (&staying) : NULL;
}

static gpointer
narrow (AcSql *sql, gpointer data, GCancellable *cancellable, GError **error)
{
  const Request *request = data;
  g_autoptr (AcKeySet) set = NULL;
  g_autoptr (AcKeySet) staying = NULL;
  GArray *keys;

  if (!ac_sql_exec (sql, "BEGIN", error))
    return NULL;
  set = set_of (sql, request, error);
  if (set == NULL)
    return NULL;
  staying = find_staying (sql, request, set, error);
  if (staying == NULL)
    return NULL;
  keys = g_array_new (FALSE, FALSE, sizeof (guint64));
  for (guint i = 0; i < request->keys->len; i++)
    if (ac_key_set_has (staying, get_key (request, i)))
      g_array_append_vals (keys, &g_array_index (request->keys, guint64, i), 1);
  return keys;
}

/**
 * ac_mirror_narrow_async:
 * @type: (nullable): only actions of this type; %NULL: only those that allow @decision
 *
 * Asks which of these keys stay; the result is a GArray of guint64 in the same order.
 */
void
ac_mirror_narrow_async (AcMirror *mirror,
                        const guint64 *keys,
                        gsize n_keys,
                        const char *type,
                        AcDecision decision,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  Request *request = request_new_copy (keys, n_keys);

  request->text = g_strdup (type);
  request->decision = decision;
  ac_mirror_read_async (mirror, AC_MIRROR_LANE_SUMS, narrow, request, request_free,
                        (GDestroyNotify)g_array_unref, cancellable, callback, user_data);
}
