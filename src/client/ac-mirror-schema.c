/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/ac-mirror-schema.h"
#include "client/ac-mirror.h"

/* Another number: the file is made anew. */
#define VERSION 3

/* actions: what lists are sorted and filtered by, and no more, for it is read from end to end; what
 * is shown of a row stands in bodies, what is searched in texts. Enumerations of an action are one
 * number, of which there are a few hundred: so a filter over any of them is a set of numbers, a
 * count is a sum over kinds, and what a million actions share is known without reading a word. An
 * id is the 16 bytes of a UUID, or text when it is none. */
static const char schema[] = "CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;"
                             "CREATE TABLE kinds ("
                             "  kind INTEGER PRIMARY KEY,"
                             "  status TEXT NOT NULL,"
                             "  type TEXT NOT NULL,"
                             "  verdict TEXT NOT NULL,"
                             "  source TEXT NOT NULL,"
                             "  entity_type TEXT NOT NULL,"
                             "  undoable INTEGER NOT NULL,"
                             "  decision TEXT NOT NULL,"
                             "  n INTEGER NOT NULL DEFAULT 0,"
                             "  UNIQUE (status, type, verdict, source, entity_type, undoable, "
                             "    decision)"
                             ");"
                             "CREATE TABLE actions ("
                             "  key INTEGER PRIMARY KEY,"
                             "  id NOT NULL UNIQUE,"
                             "  version INTEGER NOT NULL,"
                             "  generation INTEGER NOT NULL,"
                             "  kind INTEGER NOT NULL,"
                             "  pending INTEGER NOT NULL,"
                             "  n_assets INTEGER NOT NULL,"
                             "  created_at INTEGER NOT NULL,"
                             "  updated_at INTEGER NOT NULL,"
                             "  expires_at INTEGER NOT NULL,"
                             "  details TEXT NOT NULL COLLATE NOCASE,"
                             "  asset TEXT NOT NULL COLLATE NOCASE,"
                             "  decided_by TEXT NOT NULL COLLATE NOCASE,"
                             "  investigation,"
                             "  operation"
                             ");"
                             "CREATE TABLE other_assets ("
                             "  key INTEGER NOT NULL,"
                             "  asset TEXT NOT NULL,"
                             "  PRIMARY KEY (key, asset)"
                             ") WITHOUT ROWID;"
                             "CREATE TABLE bodies (key INTEGER PRIMARY KEY, json TEXT NOT NULL);"
                             "CREATE TABLE texts (key INTEGER PRIMARY KEY, text TEXT NOT NULL);"
                             "CREATE VIRTUAL TABLE search USING fts5 "
                             "  (text, content = '', detail = none, tokenize = 'trigram');";

/* Each covers its lists: the order, and the kind that the filters are checked by. */
static const char indexes[] =
    "CREATE INDEX IF NOT EXISTS by_updated_at ON actions (pending, updated_at, key, kind);"
    "CREATE INDEX IF NOT EXISTS by_created_at ON actions (pending, created_at, key, kind);"
    "CREATE INDEX IF NOT EXISTS by_details ON actions (pending, details, key, kind);"
    "CREATE INDEX IF NOT EXISTS by_asset ON actions (pending, asset, key, kind);"
    "CREATE INDEX IF NOT EXISTS by_decided_by ON actions (pending, decided_by, key, kind);"
    "CREATE INDEX IF NOT EXISTS by_investigation ON actions (investigation)"
    "  WHERE investigation IS NOT NULL;"
    "CREATE INDEX IF NOT EXISTS by_other_asset ON other_assets (asset);"
    "CREATE INDEX IF NOT EXISTS by_operation ON actions (operation) WHERE operation IS NOT NULL;";

/* Says in words what went wrong with the mirror's file; an AcSqlReport. */
void
ac_mirror_report (int code, const char *words, GError **error)
{
  switch (code == SQLITE_IOERR_SHORT_READ ? SQLITE_CORRUPT : code & 0xff)
    {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_ERROR: /* tables are missing */
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_FORMAT:
      g_set_error (error, AC_MIRROR_ERROR, AC_MIRROR_ERROR_DAMAGED,
                   _ ("The copy of the actions on this computer is damaged (%s)."), words);
      break;
    case SQLITE_FULL:
      g_set_error_literal (
          error, AC_MIRROR_ERROR, AC_MIRROR_ERROR_FAILED,
          _ ("The disk is full, so the copy of the actions on this computer cannot "
             "be kept up to date. Free some space."));
      break;
    default:
      g_set_error (error, AC_MIRROR_ERROR, AC_MIRROR_ERROR_FAILED,
                   _ ("The copy of the actions on this computer cannot be used: %s"), words);
      break;
    }
}

static gboolean
make (AcSql *sql, guint64 first_key, GError **error)
{
  if (ac_sql_exec (sql, "BEGIN IMMEDIATE", error) && ac_sql_exec (sql, schema, error) &&
      ac_mirror_set_number (sql, AC_MIRROR_FIRST_KEY, (gint64)first_key, error) &&
      ac_sql_exec (sql, "PRAGMA user_version = " G_STRINGIFY (VERSION) "; COMMIT", error))
    return TRUE;
  if (ac_sql_in_transaction (sql))
    ac_sql_exec (sql, "ROLLBACK", NULL);
  return FALSE;
}

/**
 * ac_mirror_schema_prepare:
 * @first_key: the least key that a new mirror may give out
 * @made: (out): whether the tables were made just now
 *
 * Returns: whether the tables are there; AC_MIRROR_ERROR_DAMAGED when they are not those of this
 * version.
 */
gboolean
ac_mirror_schema_prepare (AcSql *sql, guint64 first_key, gboolean *made, GError **error)
{
  gint64 version;
  gint64 n_tables;

  *made = FALSE;
  if (!ac_sql_get_integer (sql, &version, 0, error, "PRAGMA user_version", "") ||
      !ac_sql_get_integer (sql, &n_tables, 0, error, "SELECT count (*) FROM sqlite_schema", ""))
    return FALSE;
  if (version == VERSION)
    return TRUE;
  if (version == 0 && n_tables == 0)
    {
      *made = TRUE;
      return make (sql, first_key, error);
    }
  g_set_error_literal (error, AC_MIRROR_ERROR, AC_MIRROR_ERROR_DAMAGED,
                       _ ("The copy of the actions on this computer is of another version of "
                          "Action Center."));
  return FALSE;
}

/**
 * ac_mirror_schema_tune:
 *
 * Sets what holds for a connection and is not kept in the file. What is in the file is whole after
 * a crash of the program or of the machine; that its last transactions may be missing then does no
 * harm, for they stand behind the token that is in it.
 */
gboolean
ac_mirror_schema_tune (AcSql *sql, gboolean writer, GError **error)
{
  return ac_sql_exec (sql,
                      writer ? "PRAGMA synchronous = NORMAL;"
                               "PRAGMA temp_store = FILE;"
                               "PRAGMA cache_size = -2000;"
                               "PRAGMA wal_autocheckpoint = 1000"
                             : "PRAGMA temp_store = FILE;"
                               "PRAGMA cache_size = -2000;"
                               "PRAGMA query_only = 1",
                      error);
}

/* Whether lists can be read by index; while a first sync is under way they cannot. */
gboolean
ac_mirror_has_indexes (AcSql *sql, gboolean *has, GError **error)
{
  gint64 n;

  if (!ac_sql_get_integer (sql, &n, 0, error,
                           "SELECT count (*) FROM sqlite_schema WHERE name = 'by_operation'", ""))
    return FALSE;
  *has = n > 0;
  return TRUE;
}

/* Makes the indexes that are missing: after many rows have come, that is much cheaper than before.
 */
gboolean
ac_mirror_build_indexes (AcSql *sql, GError **error)
{
  return ac_sql_exec (sql, indexes, error);
}

gboolean
ac_mirror_get_number (AcSql *sql, const char *name, gint64 fallback, gint64 *number, GError **error)
{
  return ac_sql_get_integer (sql, number, fallback, error, "SELECT value FROM meta WHERE name = ?",
                             "s", name);
}

gboolean
ac_mirror_set_number (AcSql *sql, const char *name, gint64 number, GError **error)
{
  return ac_sql_run (sql, error, "INSERT OR REPLACE INTO meta VALUES (?, ?)", "si", name, number);
}

/* @text: (out) (transfer full) (nullable) */
gboolean
ac_mirror_dup_text (AcSql *sql, const char *name, char **text, GError **error)
{
  g_autoptr (AcSqlReset) query =
      ac_sql_query (sql, error, "SELECT value FROM meta WHERE name = ?1", "s", name);

  *text = NULL;
  if (query == NULL)
    return FALSE;
  switch (ac_sql_step (sql, query, error))
    {
    case AC_SQL_ROW:
      *text = g_strdup (ac_sql_text (query, 0));
      return TRUE;
    case AC_SQL_DONE:
      return TRUE;
    case AC_SQL_ERROR:
    default:
      return FALSE;
    }
}

gboolean
ac_mirror_set_text (AcSql *sql, const char *name, const char *text, GError **error)
{
  return ac_sql_run (sql, error, "INSERT OR REPLACE INTO meta VALUES (?1, ?2)", "ss", name, text);
}
