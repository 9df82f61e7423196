/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "model/ac-time.h"
#include "sql/ac-sql.h"

/* Another process (a backup, the sqlite3 shell) may hold the lock for a moment. */
#define BUSY_MILLISECONDS 10000

struct _AcSql
{
  sqlite3 *db;
  AcSqlReport report;
  GHashTable *statements; /* text → sqlite3_stmt; the texts are literals of the program */
};

static void
statement_free (gpointer statement)
{
  (void)sqlite3_finalize (statement);
}

static void
set_error (AcSql *sql, int code, GError **error)
{
  sql->report (code, sql->db != NULL ? sqlite3_errmsg (sql->db) : sqlite3_errstr (code), error);
}

static gboolean
cannot_open (AcSql *sql, int error_number, GError **error)
{
  sql->report (SQLITE_CANTOPEN, g_strerror (error_number), error);
  return FALSE;
}

/* SQLite gives the -wal and -shm files the mode of the database itself, so that is all that has to
 * be right before anything is in it. A file that is there is not opened here: to close any
 * descriptor of it would drop the locks that another connection of this process has on it, and the
 * next process to close it would take itself for the last one and the log away. */
static gboolean
make_private (AcSql *sql, const char *path, GError **error)
{
  int fd = open (path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  int saved_errno = errno;

  if (fd >= 0)
    {
      int failed = fchmod (fd, 0600) < 0 ? errno : 0;

      close (fd);
      return failed == 0 || cannot_open (sql, failed, error);
    }
  if (saved_errno == EEXIST)
    {
      if (g_access (path, R_OK | W_OK) == 0)
        return g_chmod (path, 0600) == 0 || cannot_open (sql, errno, error);
      saved_errno = errno;
    }
  /* SQLite says what is wrong with it. */
  return saved_errno == EACCES || saved_errno == EROFS || cannot_open (sql, saved_errno, error);
}

/* To count what is allocated, which nobody asks for, takes a lock that all connections share; where
 * several threads are at work that is a sixth of their time. Only before SQLite is used at all. */
static void
do_not_count_memory (void)
{
  static gsize done;

  if (!g_once_init_enter (&done))
    return;
  (void)sqlite3_config (SQLITE_CONFIG_MEMSTATUS, 0);
  g_once_init_leave (&done, 1);
}

/**
 * ac_sql_open:
 * @report: how errors are told
 *
 * Returns: (transfer full): a connection with WAL, synchronous=FULL and foreign keys, or %NULL.
 */
AcSql *
ac_sql_open (const char *path, AcSqlMode mode, AcSqlReport report, GError **error)
{
  g_autoptr (AcSql) sql = g_new0 (AcSql, 1);
  gboolean create = mode == AC_SQL_CREATE || mode == AC_SQL_CREATE_WIDE;
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  int code;

  do_not_count_memory ();
  sql->report = report;
  sql->statements = g_hash_table_new_full (g_direct_hash, g_direct_equal, NULL, statement_free);
  if (create && !make_private (sql, path, error))
    return NULL;
  flags |= mode == AC_SQL_READ_ONLY ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  flags |= create ? SQLITE_OPEN_CREATE : 0;
  code = sqlite3_open_v2 (path, &sql->db, flags, NULL);
  if (code != SQLITE_OK)
    {
      set_error (sql, code, error);
      return NULL;
    }
  sqlite3_busy_timeout (sql->db, BUSY_MILLISECONDS);
  /* Data of a database that somebody has tampered with must not run functions of ours. */
  sqlite3_db_config (sql->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (sql->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  /* Of rows of some 1,100 bytes seven have room where twice three had, and half as many calls of
   * the system write them. A file that is there keeps its pages. */
  if (mode == AC_SQL_CREATE_WIDE && !ac_sql_exec (sql, "PRAGMA page_size = 8192", error))
    return NULL;
  if (create && !ac_sql_exec (sql, "PRAGMA journal_mode = WAL", error))
    return NULL;
  if (!ac_sql_exec (sql,
                    "PRAGMA synchronous = FULL;"
                    "PRAGMA foreign_keys = ON;"
                    "PRAGMA temp_store = MEMORY;"
                    "PRAGMA cache_size = -16000;"
                    "PRAGMA journal_size_limit = 67108864;",
                    error))
    return NULL;
  return g_steal_pointer (&sql);
}

void
ac_sql_close (AcSql *sql)
{
  if (sql == NULL)
    return;
  g_clear_pointer (&sql->statements, g_hash_table_unref);
  sqlite3_close (sql->db);
  g_free (sql);
}

/**
 * ac_sql_exec:
 * @script: statements without parameters; rows they give are not looked at
 */
gboolean
ac_sql_exec (AcSql *sql, const char *script, GError **error)
{
  int code = sqlite3_exec (sql->db, script, NULL, NULL, NULL);

  if (code == SQLITE_OK)
    return TRUE;
  set_error (sql, code, error);
  return FALSE;
}

static void
bind_values (sqlite3_stmt *statement, const char *format, va_list values)
{
  for (int i = 0; format[i] != '\0'; i++)
    switch (format[i])
      {
      case 'i':
        sqlite3_bind_int64 (statement, i + 1, va_arg (values, gint64));
        break;
      case 's':
        sqlite3_bind_text (statement, i + 1, va_arg (values, const char *), -1, SQLITE_STATIC);
        break;
      case 't':
        {
          gint64 time = va_arg (values, gint64);

          if (time == AC_TIME_NONE)
            sqlite3_bind_null (statement, i + 1);
          else
            sqlite3_bind_int64 (statement, i + 1, time);
          break;
        }
      case 'b':
        {
          const void *data = va_arg (values, const void *);
          gsize length = va_arg (values, gsize);

          sqlite3_bind_blob64 (statement, i + 1, data, length, SQLITE_STATIC);
          break;
        }
      case 'n':
        sqlite3_bind_null (statement, i + 1);
        break;
      default:
        g_assert_not_reached ();
      }
}

static sqlite3_stmt *
kept_statement (AcSql *sql, const char *text, GError **error)
{
  sqlite3_stmt *statement = g_hash_table_lookup (sql->statements, text);
  int code;

  if (statement != NULL)
    return statement;
  code = sqlite3_prepare_v3 (sql->db, text, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
  if (code != SQLITE_OK)
    {
      set_error (sql, code, error);
      return NULL;
    }
  g_hash_table_insert (sql->statements, (gpointer)text, statement);
  return statement;
}

static sqlite3_stmt *
query_valist (AcSql *sql, GError **error, const char *text, const char *format, va_list values)
{
  sqlite3_stmt *statement = kept_statement (sql, text, error);

  if (statement == NULL)
    return NULL;
  g_assert (!sqlite3_stmt_busy (statement));
  g_assert ((int)strlen (format) == sqlite3_bind_parameter_count (statement));
  bind_values (statement, format, values);
  return statement;
}

/**
 * ac_sql_query:
 * @text: a literal of the program: statements are found again by its address
 *
 * Returns: (transfer none): the statement, ready for ac_sql_step(); ac_sql_reset() it.
 */
sqlite3_stmt *
ac_sql_query (AcSql *sql, GError **error, const char *text, const char *format, ...)
{
  sqlite3_stmt *statement;
  va_list values;

  va_start (values, format);
  statement = query_valist (sql, error, text, format, values);
  va_end (values);
  return statement;
}

/**
 * ac_sql_run:
 * @text: as in ac_sql_query()
 *
 * Returns: whether the statement ran to its end.
 */
gboolean
ac_sql_run (AcSql *sql, GError **error, const char *text, const char *format, ...)
{
  g_autoptr (AcSqlReset) statement = NULL;
  va_list values;

  va_start (values, format);
  statement = query_valist (sql, error, text, format, values);
  va_end (values);
  if (statement == NULL)
    return FALSE;
  for (;;)
    switch (ac_sql_step (sql, statement, error))
      {
      case AC_SQL_DONE:
        return TRUE;
      case AC_SQL_ROW:
        break;
      case AC_SQL_ERROR:
      default:
        return FALSE;
      }
}

gboolean
ac_sql_get_integer (AcSql *sql,
                    gint64 *value,
                    gint64 fallback,
                    GError **error,
                    const char *text,
                    const char *format,
                    ...)
{
  g_autoptr (AcSqlReset) statement = NULL;
  va_list values;

  va_start (values, format);
  statement = query_valist (sql, error, text, format, values);
  va_end (values);
  if (statement == NULL)
    return FALSE;
  switch (ac_sql_step (sql, statement, error))
    {
    case AC_SQL_ROW:
      *value = sqlite3_column_type (statement, 0) == SQLITE_NULL
                   ? fallback
                   : sqlite3_column_int64 (statement, 0);
      return TRUE;
    case AC_SQL_DONE:
      *value = fallback;
      return TRUE;
    case AC_SQL_ERROR:
    default:
      return FALSE;
    }
}

AcSqlStep
ac_sql_step (AcSql *sql, sqlite3_stmt *statement, GError **error)
{
  int code = sqlite3_step (statement);

  if (code == SQLITE_ROW)
    return AC_SQL_ROW;
  if (code == SQLITE_DONE)
    return AC_SQL_DONE;
  set_error (sql, code, error);
  return AC_SQL_ERROR;
}

/**
 * ac_sql_prepare_once:
 *
 * Returns: (transfer full): a statement that is not kept, or %NULL.
 */
sqlite3_stmt *
ac_sql_prepare_once (AcSql *sql, const char *text, GError **error)
{
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2 (sql->db, text, -1, &statement, NULL);

  if (code != SQLITE_OK)
    set_error (sql, code, error);
  return statement;
}

/* The row number that the last INSERT gave. */
gint64
ac_sql_last_id (AcSql *sql)
{
  return sqlite3_last_insert_rowid (sql->db);
}

gint64
ac_sql_n_changed (AcSql *sql)
{
  return sqlite3_changes64 (sql->db);
}

gboolean
ac_sql_in_transaction (AcSql *sql)
{
  return !sqlite3_get_autocommit (sql->db);
}

const char *
ac_sql_text (sqlite3_stmt *statement, int column)
{
  return (const char *)sqlite3_column_text (statement, column);
}

gint64
ac_sql_time (sqlite3_stmt *statement, int column)
{
  return sqlite3_column_type (statement, column) == SQLITE_NULL
             ? AC_TIME_NONE
             : sqlite3_column_int64 (statement, column);
}

void
ac_sql_reset (AcSqlReset *statement)
{
  /* The code is that of the last step, which has been reported already. */
  (void)sqlite3_reset (statement);
}

void
ac_sql_finalize (AcSqlOnce *statement)
{
  (void)sqlite3_finalize (statement);
}

/**
 * ac_sql_get_handle:
 *
 * Returns: (transfer none): the connection itself, for what has no function here.
 */
sqlite3 *
ac_sql_get_handle (AcSql *sql)
{
  return sql->db;
}
