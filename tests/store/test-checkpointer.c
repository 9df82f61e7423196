/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The write-ahead log is brought into the database while nobody waits for it. */
#include "config.h"

#include <glib/gstdio.h>
#include <gio/gio.h>

#include "sql/ac-checkpointer.h"
#include "store/ac-store.h"

#define PATIENCE (30 * G_TIME_SPAN_SECOND)

typedef struct
{
  char *folder;
  char *path;
  AcSql *writer;
  AcCheckpointer *checkpointer;
} Fixture;

static void
report (int code, const char *words, GError **error)
{
  g_set_error_literal (error, AC_STORE_ERROR, AC_STORE_ERROR_FAILED, words);
}

static AcSql *
open_sql (Fixture *fixture, AcSqlMode mode)
{
  g_autoptr (GError) error = NULL;
  AcSql *sql = ac_sql_open (fixture->path, mode, report, &error);

  g_assert_no_error (error);
  return sql;
}

static void
run (Fixture *fixture, const char *script)
{
  g_autoptr (GError) error = NULL;

  ac_sql_exec (fixture->writer, script, &error);
  g_assert_no_error (error);
}

static void
fixture_set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("ac-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->folder, "some.db", NULL);
  fixture->writer = open_sql (fixture, AC_SQL_CREATE);
  fixture->checkpointer = ac_checkpointer_new (fixture->writer, fixture->path, report);
  run (fixture, "CREATE TABLE things (what TEXT)");
}

static void
fixture_tear_down (Fixture *fixture, gconstpointer data)
{
  g_autofree char *log = g_strconcat (fixture->path, "-wal", NULL);

  ac_checkpointer_free (fixture->checkpointer);
  ac_sql_close (fixture->writer);
  /* The last connection has brought over the rest. */
  g_assert_false (g_file_test (log, G_FILE_TEST_EXISTS));
  g_assert_cmpint (g_unlink (fixture->path), ==, 0);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->path);
  g_free (fixture->folder);
}

static goffset
size_of (const char *path)
{
  GStatBuf status;

  return g_stat (path, &status) == 0 ? (goffset)status.st_size : 0;
}

/* Some 2,000 pages of 4 KiB. */
#define FILL                                                                                       \
  "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) "               \
  "INSERT INTO things SELECT hex (randomblob (1900)) FROM n"

static void
wait_for_database (Fixture *fixture, goffset size)
{
  gint64 end = g_get_monotonic_time () + PATIENCE;

  while (size_of (fixture->path) < size)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_thread_yield ();
    }
}

static void
test_much_is_brought_over (Fixture *fixture, gconstpointer data)
{
  run (fixture, FILL);
  wait_for_database (fixture, 7000000);
}

static void
test_whoever_reads_is_not_disturbed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AcSql) reader = open_sql (fixture, AC_SQL_READ_ONLY);
  g_autoptr (GError) error = NULL;
  gint64 n;

  run (fixture, FILL);
  g_assert_true (ac_sql_exec (reader, "BEGIN", &error));
  g_assert_true (ac_sql_get_integer (reader, &n, 0, &error, "SELECT count (*) FROM things", ""));
  g_assert_cmpint (n, ==, 2000);
  run (fixture, FILL);
  wait_for_database (fixture, 7000000);
  /* It still reads what was there when it began. */
  g_assert_true (ac_sql_get_integer (reader, &n, 0, &error, "SELECT count (*) FROM things", ""));
  g_assert_cmpint (n, ==, 2000);
  g_assert_true (ac_sql_exec (reader, "COMMIT", &error));
  /* What it held back is brought over after the next commit. */
  run (fixture, "INSERT INTO things VALUES ('one more')");
  wait_for_database (fixture, 14000000);
  g_assert_true (ac_sql_get_integer (reader, &n, 0, &error, "SELECT count (*) FROM things", ""));
  g_assert_cmpint (n, ==, 4001);
}

/* Another process that closes the database believes that it is the last one, and takes the log
 * away, if this one has lost its locks. */
static void
test_locks_stay (Fixture *fixture, gconstpointer data)
{
  g_autofree char *log = g_strconcat (fixture->path, "-wal", NULL);
  g_autofree char *script =
      g_strdup_printf ("import sqlite3; print(sqlite3.connect('%s').execute('SELECT count(*) FROM "
                       "things').fetchone())",
                       fixture->path);
  const char *argv[] = { "python3", "-c", script, NULL };
  g_autofree char *output = NULL;
  g_autoptr (GError) error = NULL;
  int status = -1;

  run (fixture, FILL);
  wait_for_database (fixture, 7000000);
  run (fixture, "INSERT INTO things VALUES ('one more')");
  g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &output, NULL, &status,
                &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
  g_assert_cmpstr (output, ==, "(2001,)\n");
  g_assert_true (g_file_test (log, G_FILE_TEST_EXISTS));
}

static void
test_a_little_stays_in_the_log (Fixture *fixture, gconstpointer data)
{
  run (fixture, "INSERT INTO things VALUES ('one')");
  g_assert_cmpint (size_of (fixture->path), <, 100000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/store/checkpointer/much-is-brought-over", Fixture, NULL, fixture_set_up,
              test_much_is_brought_over, fixture_tear_down);
  g_test_add ("/store/checkpointer/whoever-reads-is-not-disturbed", Fixture, NULL, fixture_set_up,
              test_whoever_reads_is_not_disturbed, fixture_tear_down);
  g_test_add ("/store/checkpointer/a-little-stays-in-the-log", Fixture, NULL, fixture_set_up,
              test_a_little_stays_in_the_log, fixture_tear_down);
  g_test_add ("/store/checkpointer/locks-stay", Fixture, NULL, fixture_set_up, test_locks_stay,
              fixture_tear_down);
  return g_test_run ();
}
