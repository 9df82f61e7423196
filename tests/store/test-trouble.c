/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening: old, new and foreign databases; and disks that are full, locked or broken. */
#include "config.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "store-fixture.h"
#include "store/ac-store-private.h"

static void
test_only_the_owner_reads_the_files (Fixture *fixture, gconstpointer data)
{
  static const char *const suffixes[] = { "", "-wal", "-shm", ".lock" };
  g_autofree char *investigation = propose (fixture->store, "x", 1, "a@x");

  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *path = g_strconcat (fixture->path, suffixes[i], NULL);
      struct stat info;

      g_assert_cmpint (stat (path, &info), ==, 0);
      g_assert_cmpint (info.st_mode & 0777, ==, 0600);
    }
}

static void
test_a_file_that_others_may_read_is_made_private (Fixture *fixture, gconstpointer data)
{
  struct stat info;

  g_assert_finalize_object (fixture->store);
  g_assert_cmpint (chmod (fixture->path, 0644), ==, 0);
  fixture->store = ac_store_open (fixture->path, NULL);
  g_assert_nonnull (fixture->store);
  g_assert_cmpint (stat (fixture->path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
}

static void
test_the_database_is_as_durable_as_promised (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = g_strdup (ac_store_get_database_id (fixture->store));
  g_autoptr (GError) error = NULL;
  g_autoptr (AcSql) sql = ac_store_open_sql (fixture->path, AC_SQL_READ_ONLY, &error);
  gint64 value;

  g_assert_no_error (error);
  g_assert_true (ac_sql_get_integer (sql, &value, -1, &error, "PRAGMA synchronous", ""));
  g_assert_cmpint (value, ==, 2);
  g_assert_true (ac_sql_get_integer (sql, &value, -1, &error, "PRAGMA foreign_keys", ""));
  g_assert_cmpint (value, ==, 1);
  g_assert_true (ac_sql_get_integer (sql, &value, -1, &error,
                                     "SELECT journal_mode = 'wal' FROM pragma_journal_mode", ""));
  g_assert_cmpint (value, ==, 1);
  fixture_reopen (fixture);
  g_assert_cmpstr (ac_store_get_database_id (fixture->store), ==, id);
}

static void
test_a_second_service_is_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AcStore) second = ac_store_open (fixture->path, &error);

  g_assert_null (second);
  g_assert_error (error, AC_STORE_ERROR, AC_STORE_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "Another service works on this database"));
}

/* What a database of each older version held comes along. */
static void
test_older_versions_are_brought_up_to_date (void)
{
  for (guint version = 0; version < ac_store_n_migrations (); version++)
    {
      Fixture fixture = { 0 };
      g_autoptr (GError) error = NULL;
      g_autoptr (AcSql) sql = NULL;
      g_autoptr (AcActionFilter) filter = ac_action_filter_new ();
      g_autoptr (JsonObject) page = NULL;

      g_test_message ("from version %u", version);
      fixture_set_up (&fixture, NULL);
      g_assert_finalize_object (fixture.store);
      g_unlink (fixture.path);
      sql = ac_store_open_sql (fixture.path, AC_SQL_CREATE, &error);
      g_assert_no_error (error);
      g_assert_true (ac_store_migrate (sql, version, &error));
      if (version > 0)
        g_assert_true (ac_sql_exec (
            sql,
            "INSERT INTO investigations (seq, id, version, external_id, title, status, evidence, "
            "  threatening, action_count, pending_count, created_at, updated_at) "
            "VALUES (1, 'i', 1, 'x', 'Old', 'pendingAction', '[]', 0, 1, 1, 1, 1);"
            "INSERT INTO actions (seq, id, version, status, type, verdict, source, entity_type, "
            "  details, asset, created_at, updated_at, investigation, digest, reason, search, "
            "  entity) "
            "VALUES (1, 'a', 1, 'pending', 'softDeleteEmail', 'malicious', 'manual', "
            "  'emailMessage', 'Old one', 'a@x', 1, 1, 1, 'd', 'Why', 'old one', "
            "  '{\"type\":\"emailMessage\",\"messageId\":\"<1@x>\"}');"
            "INSERT INTO action_assets (action, position, asset) VALUES (1, 0, 'a@x');"
            "INSERT INTO action_counts VALUES ('pending', 'softDeleteEmail', 'malicious', "
            "  'manual', 'emailMessage', '', 1);",
            &error));
      g_assert_no_error (error);
      if (version > 1)
        g_assert_true (ac_sql_exec (
            sql, "INSERT INTO action_search (rowid, text) VALUES (1, 'old one');", &error));
      g_assert_no_error (error);
      g_clear_pointer (&sql, ac_sql_close);

      fixture.store = ac_store_open (fixture.path, &error);
      g_assert_no_error (error);
      filter->text = g_strdup ("old");
      page = read_actions (fixture.store, filter, &error);
      g_assert_no_error (error);
      g_assert_cmpint (ac_json_get_integer (page, "total", -1), ==, version > 0 ? 1 : 0);
      if (version > 0)
        {
          JsonObject *old = json_array_get_object_element (ac_json_get_array (page, "items"), 0);
          g_autoptr (JsonObject) operation = decide_one (fixture.store, AC_DECISION_APPROVE, "a");

          g_assert_cmpstr (ac_json_get_string (old, "reason"), ==, "Why");
          g_assert_cmpstr (ac_json_get_string (ac_json_get_object (old, "entity"), "messageId"), ==,
                           "<1@x>");
          g_assert_cmpuint (work_off (fixture.store, AC_OUTCOME_MOVED), ==, 1);
          g_assert_cmpint (look (&fixture, "PRAGMA freelist_count"), ==, 0);
        }
      fixture_tear_down (&fixture, NULL);
    }
}

static void
test_a_migration_that_fails_changes_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AcSql) sql = NULL;
  gint64 n;

  g_assert_finalize_object (fixture->store);
  g_unlink (fixture->path);
  sql = ac_store_open_sql (fixture->path, AC_SQL_CREATE, &error);
  g_assert_no_error (error);
  /* In the way of the first migration, after it has made other tables. */
  ac_sql_exec (sql, "CREATE TABLE audit (x)", &error);
  g_assert_no_error (error);
  g_assert_false (ac_store_migrate (sql, ac_store_n_migrations (), &error));
  g_assert_error (error, AC_STORE_ERROR, AC_STORE_ERROR_FAILED);
  g_clear_error (&error);
  g_assert_true (
      ac_sql_get_integer (sql, &n, -1, &error, "SELECT count (*) FROM sqlite_schema", ""));
  g_assert_cmpint (n, ==, 1);
  g_assert_true (ac_sql_exec (sql, "DROP TABLE audit", &error));
  g_clear_pointer (&sql, ac_sql_close);
  fixture->store = ac_store_open (fixture->path, &error);
  g_assert_no_error (error);
}

static void
test_a_newer_database_is_refused (Fixture *fixture, gconstpointer data)
{
  g_autofree char *own = g_strdup_printf ("PRAGMA user_version = %u", ac_store_n_migrations ());
  g_autoptr (GError) error = NULL;
  AcSql *sql;

  g_assert_finalize_object (fixture->store);
  sql = ac_store_open_sql (fixture->path, AC_SQL_CREATE, &error);
  g_assert_true (ac_sql_exec (sql, "PRAGMA user_version = 9999", &error));
  ac_sql_close (sql);
  fixture->store = ac_store_open (fixture->path, &error);
  g_assert_null (fixture->store);
  g_assert_error (error, AC_STORE_ERROR, AC_STORE_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "newer version"));

  sql = ac_store_open_sql (fixture->path, AC_SQL_CREATE, NULL);
  g_assert_true (ac_sql_exec (sql, own, NULL));
  ac_sql_close (sql);
  fixture->store = ac_store_open (fixture->path, NULL);
  g_assert_nonnull (fixture->store);
}

static void
test_something_else_is_no_database (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_strnfill (8192, 'x');

  g_assert_finalize_object (fixture->store);
  g_assert_true (g_file_set_contents (fixture->path, text, -1, NULL));
  fixture->store = ac_store_open (fixture->path, &error);
  g_assert_null (fixture->store);
  g_assert_error (error, AC_STORE_ERROR, AC_STORE_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "damaged"));
  g_clear_error (&error);

  fixture->store = ac_store_open ("/nowhere/at/all/store.db", &error);
  g_assert_null (fixture->store);
  g_assert_error (error, AC_STORE_ERROR, AC_STORE_ERROR_FAILED);

  g_unlink (fixture->path);
  fixture->store = ac_store_open (fixture->path, NULL);
  g_assert_nonnull (fixture->store);
}

static void
test_a_damaged_page_is_reported (Fixture *fixture, gconstpointer data)
{
  g_autofree char *investigation = propose (fixture->store, "x", 2000, "a@x");
  g_autoptr (AcActionFilter) filter = ac_action_filter_new ();
  g_autoptr (JsonObject) page = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *whole = NULL;
  gsize length;

  g_assert_finalize_object (fixture->store);
  g_assert_true (g_file_get_contents (fixture->path, &whole, &length, NULL));
  memset (whole + 3 * 4096, 0xee, length - 3 * 4096);
  g_assert_true (g_file_set_contents (fixture->path, whole, (gssize)length, NULL));
  fixture->store = ac_store_open (fixture->path, &error);
  if (fixture->store != NULL)
    page = read_actions (fixture->store, filter, &error);
  g_assert_null (page);
  g_assert_error (error, AC_STORE_ERROR, AC_STORE_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "damaged"));

  g_clear_object (&fixture->store);
  g_unlink (fixture->path);
  fixture->store = ac_store_open (fixture->path, NULL);
  g_assert_nonnull (fixture->store);
}

/* A limit on the size of files does to SQLite what a full disk does: a write is cut off. */
static void
set_file_limit (rlim_t bytes)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = bytes;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

static void
test_a_full_disk_leaves_everything_as_it_was (Fixture *fixture, gconstpointer data)
{
  g_autofree char *investigation = propose (fixture->store, "x", 3000, "a@x");
  g_auto (GStrv) ids = ids_of_investigation (fixture->store, investigation);
  g_autoptr (AcOperationRequest) request =
      ac_operation_request_new (AC_DECISION_APPROVE, (const char *const *)ids, NULL);
  g_autofree char *wal = g_strconcat (fixture->path, "-wal", NULL);
  gint64 changes = look (fixture, "SELECT count (*) FROM changes");
  g_autoptr (JsonObject) operation = NULL;
  g_autofree char *status = NULL;
  struct stat info;
  guint64 n;

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (stat (wal, &info), ==, 0);
  set_file_limit ((rlim_t)4096 * 4);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GError) error = NULL;

      operation = submit_operation (fixture->store, request, "key", &alice, NULL, NULL, &error);
      g_assert_null (operation);
      g_assert_error (error, AC_STORE_ERROR, AC_STORE_ERROR_FAILED);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, "Nothing was changed"));
      status = status_of (fixture->store, ids[0]);
      g_assert_cmpstr (status, ==, "pending");
      g_clear_pointer (&status, g_free);
    }
  set_file_limit (RLIM_INFINITY);
  g_assert_cmpint (look (fixture, "SELECT count (*) FROM changes"), ==, changes);
  g_assert_true (ac_store_verify_audit (fixture->store, &n, NULL));

  operation = submit_operation (fixture->store, request, "key", &alice, NULL, NULL, NULL);
  g_assert_nonnull (operation);
  g_assert_cmpint (count_of (operation, "waiting"), ==, 3000);
  g_assert_true (ac_store_verify_audit (fixture->store, &n, NULL));
}

/* SQLite's own limit makes it say what it says when the disk has no space left. */
static void
test_a_full_database_says_so (Fixture *fixture, gconstpointer data)
{
  g_autofree char *investigation = propose (fixture->store, "x", 1000, "a@x");
  g_auto (GStrv) ids = ids_of_investigation (fixture->store, investigation);
  g_autoptr (AcOperationRequest) request =
      ac_operation_request_new (AC_DECISION_APPROVE, (const char *const *)ids, NULL);
  g_autoptr (JsonObject) operation = NULL;
  g_autoptr (GError) error = NULL;
  gint64 changes = look (fixture, "SELECT count (*) FROM changes");

  g_assert_true (ac_sql_exec (fixture->store->writer, "PRAGMA max_page_count = 1", NULL));
  operation = submit_operation (fixture->store, request, "key", &alice, NULL, NULL, &error);
  g_assert_null (operation);
  g_assert_error (error, AC_STORE_ERROR, AC_STORE_ERROR_DISK_FULL);
  g_assert_nonnull (strstr (error->message, "disk of the database is full"));
  g_assert_cmpint (look (fixture, "SELECT count (*) FROM changes"), ==, changes);
  g_clear_error (&error);

  g_assert_true (ac_sql_exec (fixture->store->writer, "PRAGMA max_page_count = 1000000", NULL));
  operation = submit_operation (fixture->store, request, "key", &alice, NULL, NULL, &error);
  g_assert_no_error (error);
}

/* A database whose rows have become shorter is copied, and where that fails, again at the next
 * start. */
static void
test_a_database_is_shortened_until_that_was_done (Fixture *fixture, gconstpointer data)
{
  g_autofree char *investigation = propose (fixture->store, "x", 1000, "a@x");
  g_autoptr (GError) error = NULL;
  g_autoptr (AcSql) sql = NULL;

  g_clear_object (&fixture->store);
  sql = ac_store_open_sql (fixture->path, AC_SQL_CREATE, &error);
  g_assert_no_error (error);
  g_assert_true (ac_sql_exec (sql,
                              "CREATE TABLE unused AS SELECT * FROM actions;"
                              "DROP TABLE unused;"
                              "INSERT INTO meta VALUES ('shorten', '1');",
                              &error));
  g_assert_no_error (error);
  g_clear_pointer (&sql, ac_sql_close);

  signal (SIGXFSZ, SIG_IGN);
  set_file_limit ((rlim_t)4096 * 16);
  fixture->store = ac_store_open (fixture->path, &error);
  set_file_limit (RLIM_INFINITY);
  g_assert_no_error (error);
  g_assert_cmpint (look (fixture, "PRAGMA freelist_count"), >, 20);
  g_assert_cmpint (look (fixture, "SELECT count (*) FROM meta WHERE name = 'shorten'"), ==, 1);
  g_clear_object (&fixture->store);

  fixture->store = ac_store_open (fixture->path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (look (fixture, "PRAGMA freelist_count"), ==, 0);
  g_assert_cmpint (look (fixture, "SELECT count (*) FROM meta WHERE name = 'shorten'"), ==, 0);
  g_assert_cmpint (look (fixture, "SELECT count (*) FROM actions"), ==, 1000);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/store/trouble/only-the-owner-reads-the-files",
                test_only_the_owner_reads_the_files);
  fixture_test ("/store/trouble/a-file-that-others-may-read-is-made-private",
                test_a_file_that_others_may_read_is_made_private);
  fixture_test ("/store/trouble/the-database-is-as-durable-as-promised",
                test_the_database_is_as_durable_as_promised);
  fixture_test ("/store/trouble/a-second-service-is-refused", test_a_second_service_is_refused);
  g_test_add_func ("/store/migrations/older-versions-are-brought-up-to-date",
                   test_older_versions_are_brought_up_to_date);
  fixture_test ("/store/migrations/one-that-fails-changes-nothing",
                test_a_migration_that_fails_changes_nothing);
  fixture_test ("/store/migrations/a-newer-database-is-refused", test_a_newer_database_is_refused);
  fixture_test ("/store/trouble/something-else-is-no-database", test_something_else_is_no_database);
  fixture_test ("/store/trouble/a-damaged-page-is-reported", test_a_damaged_page_is_reported);
  fixture_test ("/store/trouble/a-database-is-shortened-until-that-was-done",
                test_a_database_is_shortened_until_that_was_done);
  fixture_test ("/store/trouble/a-full-disk-leaves-everything-as-it-was",
                test_a_full_disk_leaves_everything_as_it_was);
  fixture_test ("/store/trouble/a-full-database-says-so", test_a_full_database_says_so);
  return g_test_run ();
}
