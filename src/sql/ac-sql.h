/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One SQLite connection with its prepared statements. Used by one thread at a time; it knows
 * nothing of what the tables hold. What an error means to a person depends on whose database it is,
 * so whoever opens one says how errors are told. */
#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

typedef struct _AcSql AcSql;

typedef enum
{
  AC_SQL_CREATE,      /* read and write; the file is made where there is none */
  AC_SQL_CREATE_WIDE, /* the same, with pages for long rows that are mostly added */
  AC_SQL_READ_WRITE,  /* of a file that is there */
  AC_SQL_READ_ONLY,   /* only look */
} AcSqlMode;

/* What a step of a statement gave. */
typedef enum
{
  AC_SQL_ERROR,
  AC_SQL_ROW,
  AC_SQL_DONE,
} AcSqlStep;

/* Sets @error, with a sentence for a person, for a result code of SQLite; @words are SQLite's own.
 */
typedef void (*AcSqlReport) (int code, const char *words, GError **error);

AcSql *ac_sql_open (const char *path, AcSqlMode mode, AcSqlReport report, GError **error);
void ac_sql_close (AcSql *sql);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcSql, ac_sql_close)

gboolean ac_sql_exec (AcSql *sql, const char *script, GError **error);

/* Statements of a fixed text are kept; bind_format: one letter for each value that follows.
 *   i  gint64                    s  const char * (NULL: null)
 *   t  gint64 time (AC_TIME_NONE: null)   n  nothing follows: null
 *   b  const void *, gsize: a blob
 * The strings must live until the statement is reset or done. */
sqlite3_stmt *ac_sql_query (AcSql *sql, GError **error, const char *text, const char *format, ...);
gboolean ac_sql_run (AcSql *sql, GError **error, const char *text, const char *format, ...);
/* The first column of the first row, or fallback when there is no row. */
gboolean ac_sql_get_integer (AcSql *sql,
                             gint64 *value,
                             gint64 fallback,
                             GError **error,
                             const char *text,
                             const char *format,
                             ...);
AcSqlStep ac_sql_step (AcSql *sql, sqlite3_stmt *statement, GError **error);

/* A statement that is put together for one use; sqlite3_finalize() it. */
sqlite3_stmt *ac_sql_prepare_once (AcSql *sql, const char *text, GError **error);

sqlite3 *ac_sql_get_handle (AcSql *sql);
gint64 ac_sql_last_id (AcSql *sql);
gint64 ac_sql_n_changed (AcSql *sql);
gboolean ac_sql_in_transaction (AcSql *sql);

/* NULL columns give NULL and AC_TIME_NONE. */
const char *ac_sql_text (sqlite3_stmt *statement, int column);
gint64 ac_sql_time (sqlite3_stmt *statement, int column);

/* A query of a kept statement must be reset before the statement is used again, also when its loop
 * is left early: declare it with g_autoptr (AcSqlReset). */
typedef sqlite3_stmt AcSqlReset;
void ac_sql_reset (AcSqlReset *statement);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcSqlReset, ac_sql_reset)

/* The same for a statement of ac_sql_prepare_once(). */
typedef sqlite3_stmt AcSqlOnce;
void ac_sql_finalize (AcSqlOnce *statement);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcSqlOnce, ac_sql_finalize)

G_END_DECLS
