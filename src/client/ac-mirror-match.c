/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "config.h"

#include <string.h>

#include "client/ac-mirror-match.h"
#include "client/ac-mirror-row.h"
#include "client/ac-mirror-schema.h"
#include "model/ac-search-text.h"
#include "model/ac-time.h"

/* Up to so many rows that it finds are looked at one by one; more are found sooner by reading all
 * texts from the first to the last. */
#define FEW 20000

/**
 * ac_mirror_key_set_new:
 *
 * Returns: (transfer full): an empty set for the keys that there are now, or %NULL with an error.
 */
AcKeySet *
ac_mirror_key_set_new (AcSql *sql, GError **error)
{
  gint64 least;
  gint64 greatest;

  if (!ac_sql_get_integer (sql, &least, 1, error, "SELECT min (key) FROM actions", "") ||
      !ac_sql_get_integer (sql, &greatest, 0, error, "SELECT max (key) FROM actions", ""))
    return NULL;
  return ac_key_set_new ((guint64)least, (guint64)greatest);
}

/* Leaves in *set what is in @found too. @found: (transfer full) */
static void
narrow (AcKeySet **set, AcKeySet *found)
{
  if (*set == NULL)
    {
      *set = found;
      return;
    }
  ac_key_set_intersect (*set, found);
  ac_key_set_free (found);
}

/* Narrows *set to the keys that @statement gives. @statement: (transfer full) (nullable) */
static gboolean
take_keys (AcSql *sql, sqlite3_stmt *statement, AcKeySet **set, GError **error)
{
  g_autoptr (AcSqlOnce) owned = statement;
  g_autoptr (AcKeySet) found = NULL;
  AcSqlStep step;

  if (statement == NULL)
    return FALSE;
  found = ac_mirror_key_set_new (sql, error);
  if (found == NULL)
    return FALSE;
  while ((step = ac_sql_step (sql, statement, error)) == AC_SQL_ROW)
    ac_key_set_add (found, (guint64)sqlite3_column_int64 (statement, 0));
  if (step != AC_SQL_DONE)
    return FALSE;
  narrow (set, g_steal_pointer (&found));
  return TRUE;
}

/* --- values --- */

/* “%s” in @format stands for a list of numbered placeholders. */
static sqlite3_stmt *
prepare_values (AcSql *sql,
                const char *format,
                const char *const *values,
                gboolean ids,
                GError **error)
{
  g_autoptr (GString) list = g_string_new (NULL);
  g_autoptr (GString) text = g_string_new (format);
  sqlite3_stmt *statement;

  for (guint i = 0; values[i] != NULL; i++)
    g_string_append_printf (list, "%s?%u", i > 0 ? ", " : "", i + 1);
  g_string_replace (text, "%s", list->str, 0);
  statement = ac_sql_prepare_once (sql, text->str, error);
  for (guint i = 0; statement != NULL && values[i] != NULL; i++)
    {
      AcMirrorId id = { .is_uuid = FALSE };

      if (ids)
        ac_mirror_id_init (&id, values[i]);
      if (id.is_uuid)
        sqlite3_bind_blob (statement, (int)i + 1, id.bytes, sizeof id.bytes, SQLITE_TRANSIENT);
      else
        sqlite3_bind_text (statement, (int)i + 1, values[i], -1, SQLITE_TRANSIENT);
    }
  return statement;
}

static gboolean
match_values (AcSql *sql, AcActionQuery *query, AcKeySet **set, GError **error)
{
  static const struct
  {
    AcFilter filter;
    const char *format;
    gboolean ids;
  } filters[] = {
    { AC_FILTER_INVESTIGATION, "SELECT key FROM actions WHERE investigation IN (%s)", TRUE },
    { AC_FILTER_OPERATION, "SELECT key FROM actions WHERE operation IN (%s)", TRUE },
    { AC_FILTER_ASSET,
      "SELECT key FROM actions WHERE pending IN (0, 1) AND asset IN (%s) "
      "  AND asset COLLATE BINARY IN (%s) "
      "UNION ALL SELECT key FROM other_assets WHERE asset IN (%s)",
      FALSE },
    { AC_FILTER_DECIDED_BY,
      "SELECT key FROM actions WHERE pending IN (0, 1) AND decided_by IN (%s)", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    {
      const char *const *values = ac_action_query_get_filter (query, filters[i].filter);

      if (values != NULL &&
          !take_keys (sql, prepare_values (sql, filters[i].format, values, filters[i].ids, error),
                      set, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
match_times (AcSql *sql,
             const char *text,
             gint64 after,
             gint64 before,
             AcKeySet **set,
             GError **error)
{
  sqlite3_stmt *statement;

  if (after == AC_TIME_NONE && before == AC_TIME_NONE)
    return TRUE;
  statement = ac_sql_prepare_once (sql, text, error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, after);
  sqlite3_bind_int64 (statement, 2, before == AC_TIME_NONE ? G_MAXINT64 : before);
  return take_keys (sql, statement, set, error);
}

/* --- search --- */

static gboolean
has_words (const char *text, gsize length, const GStrv words)
{
  for (char **word = words; *word != NULL; word++)
    if (memmem (text, length, *word, strlen (*word)) == NULL)
      return FALSE;
  return TRUE;
}

/* Narrows *set to those whose text has every word; *set is given. */
static gboolean
look_at_few (AcSql *sql, const GStrv words, AcKeySet **set, GError **error)
{
  g_autoptr (GArray) keys = ac_key_set_get_keys (*set);
  g_autoptr (AcKeySet) found = ac_mirror_key_set_new (sql, error);

  if (found == NULL)
    return FALSE;
  for (guint i = 0; i < keys->len; i++)
    {
      guint64 key = g_array_index (keys, guint64, i);
      g_autoptr (AcSqlReset) query =
          ac_sql_query (sql, error, "SELECT text FROM texts WHERE key = ?", "i", (gint64)key);
      AcSqlStep step = query != NULL ? ac_sql_step (sql, query, error) : AC_SQL_ERROR;

      if (step == AC_SQL_ERROR)
        return FALSE;
      if (step == AC_SQL_ROW &&
          has_words (ac_sql_text (query, 0), (gsize)sqlite3_column_bytes (query, 0), words))
        ac_key_set_add (found, key);
    }
  ac_key_set_free (*set);
  *set = g_steal_pointer (&found);
  return TRUE;
}

static gboolean
look_at_all (AcSql *sql, const GStrv words, AcKeySet **set, GError **error)
{
  g_autoptr (AcSqlReset) query = ac_sql_query (sql, error, "SELECT key, text FROM texts", "");
  g_autoptr (AcKeySet) found = ac_mirror_key_set_new (sql, error);
  AcSqlStep step;

  if (query == NULL || found == NULL)
    return FALSE;
  while ((step = ac_sql_step (sql, query, error)) == AC_SQL_ROW)
    {
      const char *text = ac_sql_text (query, 1);

      if (has_words (text, (gsize)sqlite3_column_bytes (query, 1), words))
        ac_key_set_add (found, (guint64)sqlite3_column_int64 (query, 0));
    }
  if (step != AC_SQL_DONE)
    return FALSE;
  narrow (set, g_steal_pointer (&found));
  return TRUE;
}

/* Asks the index. *few: whether what it found is all that can match, and in *set. */
static gboolean
ask_index (AcSql *sql, const char *question, AcKeySet **set, gboolean *few, GError **error)
{
  g_autoptr (AcSqlReset) query = NULL;
  g_autoptr (AcKeySet) found = NULL;
  gint64 indexed;
  AcSqlStep step;

  *few = FALSE;
  if (!ac_mirror_get_number (sql, AC_MIRROR_INDEXED, 0, &indexed, error))
    return FALSE;
  if (indexed != G_MAXINT64 || question == NULL)
    return TRUE;
  query = ac_sql_query (sql, error, "SELECT rowid FROM search WHERE search MATCH ? LIMIT ?", "si",
                        question, (gint64)FEW + 1);
  found = ac_mirror_key_set_new (sql, error);
  if (query == NULL || found == NULL)
    return FALSE;
  while ((step = ac_sql_step (sql, query, error)) == AC_SQL_ROW)
    ac_key_set_add (found, (guint64)sqlite3_column_int64 (query, 0));
  if (step != AC_SQL_DONE)
    return FALSE;
  *few = ac_key_set_size (found) <= FEW;
  if (*few)
    narrow (set, g_steal_pointer (&found));
  return TRUE;
}

static gboolean
match_search (AcSql *sql, AcActionQuery *query, AcKeySet **set, GError **error)
{
  const char *search = ac_action_query_get_search (query);
  g_autofree char *question = NULL;
  g_auto (GStrv) words = NULL;
  gboolean few;

  if (search == NULL)
    return TRUE;
  words = ac_search_text_split (search);
  question = ac_search_text_question ((const char *const *)words);
  if (*set != NULL && ac_key_set_size (*set) <= FEW)
    return look_at_few (sql, words, set, error);
  if (!ask_index (sql, question, set, &few, error))
    return FALSE;
  return few ? look_at_few (sql, words, set, error) : look_at_all (sql, words, set, error);
}

/**
 * ac_mirror_match:
 * @set: (out) (transfer full) (nullable): the keys that pass; %NULL: all do
 *
 * Returns: whether that could be found out.
 */
gboolean
ac_mirror_match (AcSql *sql, AcActionQuery *query, AcKeySet **set, GError **error)
{
  *set = NULL;
  if (match_values (sql, query, set, error) &&
      match_times (sql,
                   "SELECT key FROM actions "
                   "WHERE pending IN (0, 1) AND created_at > ? AND created_at < ?",
                   ac_action_query_get_bound (query, AC_BOUND_CREATED_AFTER),
                   ac_action_query_get_bound (query, AC_BOUND_CREATED_BEFORE), set, error) &&
      match_times (sql,
                   "SELECT key FROM actions "
                   "WHERE pending IN (0, 1) AND updated_at > ? AND updated_at < ?",
                   ac_action_query_get_bound (query, AC_BOUND_UPDATED_AFTER),
                   ac_action_query_get_bound (query, AC_BOUND_UPDATED_BEFORE), set, error) &&
      match_search (sql, query, set, error))
    return TRUE;
  g_clear_pointer (set, ac_key_set_free);
  return FALSE;
}
