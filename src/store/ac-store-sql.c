/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opens connections to the database of the service, whose errors say what its operator can do. */
#include "config.h"

#include "store/ac-store-private.h"

/* An AcSqlReport. */
void
ac_store_report (int code, const char *words, GError **error)
{
  switch (code & 0xff)
    {
    case SQLITE_FULL:
      g_set_error_literal (error, AC_STORE_ERROR, AC_STORE_ERROR_DISK_FULL,
                           "The disk of the database is full. Nothing was changed; free some space "
                           "and try again.");
      break;
    case SQLITE_READONLY:
    case SQLITE_PERM:
      g_set_error (error, AC_STORE_ERROR, AC_STORE_ERROR_FAILED,
                   "The database may only be read (%s). Nothing was changed; check the permissions "
                   "of the file and of its folder.",
                   words);
      break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      g_set_error (error, AC_STORE_ERROR, AC_STORE_ERROR_FAILED,
                   "The database is damaged (%s). Stop the service and bring the file back from a "
                   "backup.",
                   words);
      break;
    case SQLITE_IOERR:
      g_set_error (error, AC_STORE_ERROR, AC_STORE_ERROR_FAILED,
                   "The disk of the database does not work as it should (%s). Nothing was changed; "
                   "check the disk.",
                   words);
      break;
    case SQLITE_CANTOPEN:
      g_set_error (error, AC_STORE_ERROR, AC_STORE_ERROR_FAILED,
                   "The database could not be opened (%s). Check that its folder exists and may be "
                   "written.",
                   words);
      break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      g_set_error_literal (error, AC_STORE_ERROR, AC_STORE_ERROR_FAILED,
                           "Another program holds the database locked. Nothing was changed; try "
                           "again.");
      break;
    default:
      g_set_error (error, AC_STORE_ERROR, AC_STORE_ERROR_FAILED,
                   "The database reported an error (%s). Nothing was changed.", words);
      break;
    }
}

/**
 * ac_store_open_sql:
 *
 * Returns: (transfer full): a connection whose errors are AC_STORE_ERROR_FAILED or
 * AC_STORE_ERROR_DISK_FULL, or %NULL.
 */
AcSql *
ac_store_open_sql (const char *path, AcSqlMode mode, GError **error)
{
  return ac_sql_open (path, mode, ac_store_report, error);
}
