/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The change log and the audit log. */
#include "config.h"

#include <sqlite3.h>
#include <string.h>

#include "model/ac-time.h"
#include "store-fixture.h"

static char *
token_of_now (AcStore *store)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) page = read_changes (store, NULL, 10, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (length_of (page, "items"), ==, 0);
  g_assert_false (ac_json_get_boolean (page, "more", TRUE));
  return g_strdup (ac_json_get_string (page, "next"));
}

static void
test_what_changed_comes_in_order_and_once (Fixture *fixture, gconstpointer data)
{
  g_autofree char *token = token_of_now (fixture->store);
  g_autofree char *investigation = propose (fixture->store, "x", 3, "a@x");
  g_auto (GStrv) ids = ids_of_investigation (fixture->store, investigation);
  g_autoptr (JsonObject) operation = decide_one (fixture->store, AC_DECISION_APPROVE, ids[1]);
  g_autoptr (GString) seen = g_string_new (NULL);
  gboolean more;

  work_off (fixture->store, AC_OUTCOME_MOVED);
  do
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonObject) page = read_changes (fixture->store, token, 2, &error);
      JsonArray *items;

      g_assert_no_error (error);
      items = ac_json_get_array (page, "items");
      g_assert_cmpuint (json_array_get_length (items), <=, 2);
      for (guint i = 0; i < json_array_get_length (items); i++)
        {
          JsonObject *change = json_array_get_object_element (items, i);
          JsonObject *action = ac_json_get_object (change, "action");

          g_string_append_printf (seen, "%s %d;", ac_json_get_string (change, "kind"),
                                  (int)ac_json_get_integer (change, "version", 0));
          if (action != NULL)
            g_assert_cmpstr (ac_json_get_string (action, "id"), ==,
                             ac_json_get_string (change, "id"));
        }
      more = ac_json_get_boolean (page, "more", FALSE);
      g_free (token);
      token = g_strdup (ac_json_get_string (page, "next"));
    }
  while (more);
  g_assert_cmpstr (seen->str, ==,
                   "investigation 1;action 1;action 1;action 1;"
                   "operation 1;action 2;investigation 2;"
                   "action 3;"
                   "action 4;operation 2;");
  {
    g_autofree char *now = token_of_now (fixture->store);

    g_assert_cmpstr (now, ==, token);
  }
}

static void
assert_token_error (AcStore *store, const char *token, AcStoreError code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) page = read_changes (store, token, 10, &error);

  g_test_message ("token “%s”", token);
  g_assert_null (page);
  g_assert_error (error, AC_STORE_ERROR, (int)code);
}

static void
test_a_token_of_another_database_is_gone (Fixture *fixture, gconstpointer data)
{
  Fixture other = { 0 };
  g_autofree char *token = NULL;
  g_autofree char *own = token_of_now (fixture->store);

  fixture_set_up (&other, NULL);
  token = token_of_now (other.store);
  fixture_tear_down (&other, NULL);
  assert_token_error (fixture->store, token, AC_STORE_ERROR_TOKEN_GONE);
  assert_token_error (fixture->store, "nonsense", AC_STORE_ERROR_BAD_CURSOR);
  assert_token_error (fixture->store, "", AC_STORE_ERROR_BAD_CURSOR);
  own[3] = own[3] == 'A' ? 'B' : 'A';
  assert_token_error (fixture->store, own, AC_STORE_ERROR_BAD_CURSOR);
}

static void
test_a_token_lives_on_after_a_restart (Fixture *fixture, gconstpointer data)
{
  g_autofree char *token = token_of_now (fixture->store);
  g_autofree char *investigation = propose (fixture->store, "x", 3, "a@x");
  g_autoptr (JsonObject) page = NULL;
  g_autoptr (GError) error = NULL;

  fixture_reopen (fixture);
  page = read_changes (fixture->store, token, 100, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (length_of (page, "items"), ==, 4);
}

/* A page is no longer than whoever reads it can take, however few changes that are. */
static void
test_a_page_of_long_changes_is_cut (Fixture *fixture, gconstpointer data)
{
  g_autofree char *reason = g_strnfill (5 * 1024 * 1024, 'x');
  g_autofree char *token = token_of_now (fixture->store);
  g_autoptr (GString) text = g_string_new ("{'externalId':'x','title':'t','actions':[");
  g_autoptr (JsonObject) investigation = NULL;
  guint n_items[4] = { 0 };
  gboolean more = TRUE;

  for (guint i = 0; i < 3; i++)
    g_string_append_printf (text,
                            "%s{'type':'softDeleteEmail','verdict':'malicious','assets':['a@x'],"
                            "'entity':{'type':'emailMessage','messageId':'<%u@x>'},'reason':'%s'}",
                            i > 0 ? "," : "", i, reason);
  g_string_append (text, "]}");
  investigation = post (fixture->store, text->str, NULL);
  for (guint i = 0; more; i++)
    {
      g_autoptr (JsonObject) page = read_changes (fixture->store, token, 0, NULL);

      g_assert_cmpuint (i, <, G_N_ELEMENTS (n_items));
      n_items[i] = length_of (page, "items");
      more = ac_json_get_boolean (page, "more", FALSE);
      g_free (token);
      token = g_strdup (ac_json_get_string (page, "next"));
    }
  /* The first is that of the investigation. */
  g_assert_cmpuint (n_items[0], ==, 2);
  g_assert_cmpuint (n_items[1], ==, 1);
  g_assert_cmpuint (n_items[2], ==, 1);
}

/* So is one of a list, but for who asks for some by their ids. */
static void
test_a_page_of_long_actions_is_cut (Fixture *fixture, gconstpointer data)
{
  g_autofree char *investigation = propose (fixture->store, "x", 3, "a@x");
  g_autoptr (AcActionFilter) filter = ac_action_filter_new ();
  g_autoptr (JsonObject) first = NULL;
  g_autoptr (JsonObject) second = NULL;
  g_autoptr (JsonObject) by_ids = NULL;

  poke (fixture, "UPDATE action_texts SET reason = printf ('%.*c', 5 * 1024 * 1024, 'x')");
  first = read_actions (fixture->store, filter, NULL);
  g_assert_cmpuint (length_of (first, "items"), ==, 2);
  g_assert_cmpint (ac_json_get_integer (first, "total", 0), ==, 3);
  filter->cursor = g_strdup (ac_json_get_string (first, "nextCursor"));
  second = read_actions (fixture->store, filter, NULL);
  g_assert_cmpuint (length_of (second, "items"), ==, 1);
  g_assert_false (json_object_has_member (second, "nextCursor"));
  g_clear_pointer (&filter->cursor, g_free);
  filter->ids = ids_of_investigation (fixture->store, investigation);
  by_ids = read_actions (fixture->store, filter, NULL);
  g_assert_cmpuint (length_of (by_ids, "items"), ==, 3);
}

static void
open_store (Fixture *fixture, const char *contents, gsize length)
{
  g_autoptr (GError) error = NULL;

  if (contents != NULL)
    g_assert_true (g_file_set_contents (fixture->path, contents, (gssize)length, NULL));
  fixture->store = ac_store_open (fixture->path, &error);
  g_assert_no_error (error);
}

/* Numbers are given out once more after a backup was put back, for other changes. */
static void
test_a_token_of_what_a_backup_does_not_have_is_gone (Fixture *fixture, gconstpointer data)
{
  g_autofree char *kept = propose (fixture->store, "x", 3, "a@x");
  g_autofree char *before = token_of_now (fixture->store);
  g_autofree char *lost = NULL;
  g_autofree char *other = NULL;
  g_autofree char *later = NULL;
  g_autofree char *old = NULL;
  g_autofree char *contents = NULL;
  g_autoptr (JsonObject) page = NULL;
  g_autoptr (JsonObject) old_page = NULL;
  g_autoptr (GError) error = NULL;
  AcChangePlace place;
  gsize length;

  g_assert_finalize_object (fixture->store);
  g_assert_true (g_file_get_contents (fixture->path, &contents, &length, NULL));
  open_store (fixture, NULL, 0);
  lost = propose (fixture->store, "y", 3, "a@x");
  later = token_of_now (fixture->store);
  g_assert_true (ac_store_parse_token (fixture->store, later, &place, &error));
  g_assert_finalize_object (fixture->store);
  open_store (fixture, contents, length);

  assert_token_error (fixture->store, later, AC_STORE_ERROR_TOKEN_GONE);
  other = propose (fixture->store, "z", 5, "a@x");
  assert_token_error (fixture->store, later, AC_STORE_ERROR_TOKEN_GONE);
  page = read_changes (fixture->store, before, 100, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (length_of (page, "items"), ==, 6);
  /* One that an older version gave out knows the number only, and is taken as it was then. */
  place.at = AC_TIME_NONE;
  old = ac_store_format_token (fixture->store, &place);
  old_page = read_changes (fixture->store, old, 100, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (length_of (old_page, "items"), ==, 2);
}

static void
test_a_pruned_log_says_so (Fixture *fixture, gconstpointer data)
{
  /* More than are removed at a time; not where each step is slow. */
  const guint n_actions = scaled (6000);
  g_autofree char *before = token_of_now (fixture->store);
  g_autofree char *investigation = propose (fixture->store, "x", n_actions, "a@x");
  g_autofree char *after = token_of_now (fixture->store);
  g_autofree char *other = NULL;
  g_autoptr (JsonObject) page = NULL;
  g_autoptr (GError) error = NULL;
  guint64 n;

  g_assert_true (ac_store_prune_changes (fixture->store, 0, NULL, &n, &error));
  g_assert_cmpuint (n, ==, 0);
  g_assert_true (
      ac_store_prune_changes (fixture->store, ac_time_now () + G_TIME_SPAN_HOUR, NULL, &n, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, n_actions + 1);
  assert_token_error (fixture->store, before, AC_STORE_ERROR_TOKEN_GONE);
  page = read_changes (fixture->store, after, 10, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (length_of (page, "items"), ==, 0);
  json_object_unref (page);

  other = propose (fixture->store, "y", 1, "a@x");
  page = read_changes (fixture->store, after, 10, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (length_of (page, "items"), ==, 2);
  assert_token_error (fixture->store, before, AC_STORE_ERROR_TOKEN_GONE);
}

static void
count_cb (AcStore *store, gpointer data)
{
  (*(guint *)data)++;
}

static void
test_each_commit_is_told_once (Fixture *fixture, gconstpointer data)
{
  guint n = 0;
  g_autofree char *investigation = NULL;
  g_auto (GStrv) ids = NULL;
  g_autoptr (JsonObject) operation = NULL;

  ac_store_set_changed_func (fixture->store, count_cb, &n, NULL);
  investigation = propose (fixture->store, "x", 100, "a@x");
  g_assert_cmpuint (n, ==, 1);
  ids = ids_of_investigation (fixture->store, investigation);
  operation = decide (fixture->store, AC_DECISION_REJECT, (const char *const *)ids);
  g_assert_cmpuint (n, ==, 2);
  g_assert_true (ac_store_recover_work (fixture->store, NULL));
  g_assert_cmpuint (n, ==, 2);
  ac_store_set_changed_func (fixture->store, NULL, NULL, NULL);
}

/* What somebody may do who has got hold of the file. */
static void
tamper (Fixture *fixture, const char *script)
{
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (fixture->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, script, NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
}

#define WITHOUT_TRIGGERS "DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_deleted;"

static void
test_a_changed_audit_row_is_found (void)
{
  static const struct
  {
    const char *script;
    const char *words;
  } table[] = {
    { "UPDATE audit SET actor = 'mallory' WHERE seq = 3", "row 3: it was changed" },
    { "UPDATE audit SET at = at + 1 WHERE seq = 1", "row 1: it was changed" },
    { "UPDATE audit SET comment = 'x' WHERE seq = 2", "row 2: it was changed" },
    { "UPDATE audit SET origin = NULL WHERE seq = 4", "row 4: it was changed" },
    { "UPDATE audit SET hash = zeroblob (32) WHERE seq = 2", "row 2: it was changed" },
    { "DELETE FROM audit WHERE seq = 2", "row 2: it is missing" },
    { "DELETE FROM audit WHERE seq = (SELECT max (seq) FROM audit)", "it is missing" },
    { "DELETE FROM audit", "row 1: it is missing" },
    { "INSERT INTO audit SELECT seq + 1, at, actor, origin, event, kind, id, version, action, "
      "operation, before, after, comment, hash FROM audit ORDER BY seq DESC LIMIT 1",
      "it was changed" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      Fixture fixture = { 0 };
      g_autofree char *script = g_strconcat (WITHOUT_TRIGGERS, table[i].script, NULL);
      g_autofree char *investigation = NULL;
      g_autoptr (GError) error = NULL;
      guint64 n;

      g_test_message ("%s", table[i].script);
      fixture_set_up (&fixture, NULL);
      investigation = propose (fixture.store, "x", 5, "a@x");
      g_assert_true (ac_store_verify_audit (fixture.store, &n, &error));
      g_assert_cmpuint (n, ==, 6);
      tamper (&fixture, script);
      g_assert_false (ac_store_verify_audit (fixture.store, &n, &error));
      g_assert_error (error, AC_STORE_ERROR, AC_STORE_ERROR_FAILED);
      g_assert_nonnull (strstr (error->message, table[i].words));
      fixture_tear_down (&fixture, NULL);
    }
}

static void
test_the_audit_log_is_append_only (Fixture *fixture, gconstpointer data)
{
  g_autofree char *investigation = propose (fixture->store, "x", 5, "a@x");
  g_autoptr (GError) error = NULL;
  sqlite3 *db;
  guint64 n;

  g_assert_cmpint (sqlite3_open (fixture->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "UPDATE audit SET actor = 'mallory'", NULL, NULL, NULL), ==,
                   SQLITE_CONSTRAINT);
  g_assert_cmpint (sqlite3_exec (db, "DELETE FROM audit", NULL, NULL, NULL), ==, SQLITE_CONSTRAINT);
  sqlite3_close (db);
  g_assert_true (ac_store_verify_audit (fixture->store, &n, &error));
  g_assert_cmpuint (n, ==, 6);
}

static void
test_the_audit_log_can_be_checked_beside_a_service (Fixture *fixture, gconstpointer data)
{
  g_autofree char *investigation = propose (fixture->store, "x", 5, "a@x");
  g_autoptr (GError) error = NULL;
  g_autoptr (AcStore) beside = ac_store_open_read_only (fixture->path, &error);
  g_autoptr (AcInvestigation) request = NULL;
  guint64 n;

  g_assert_no_error (error);
  g_assert_true (ac_store_verify_audit (beside, &n, &error));
  g_assert_cmpuint (n, ==, 6);
  g_assert_false (ac_store_recover_work (beside, &error));
  g_assert_error (error, AC_STORE_ERROR, AC_STORE_ERROR_FAILED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/store/changes/what-changed-comes-in-order-and-once",
                test_what_changed_comes_in_order_and_once);
  fixture_test ("/store/changes/a-token-of-another-database-is-gone",
                test_a_token_of_another_database_is_gone);
  fixture_test ("/store/changes/a-token-lives-on-after-a-restart",
                test_a_token_lives_on_after_a_restart);
  fixture_test ("/store/changes/a-token-of-what-a-backup-does-not-have-is-gone",
                test_a_token_of_what_a_backup_does_not_have_is_gone);
  fixture_test ("/store/changes/a-page-of-long-changes-is-cut", test_a_page_of_long_changes_is_cut);
  fixture_test ("/store/changes/a-page-of-long-actions-is-cut", test_a_page_of_long_actions_is_cut);
  fixture_test ("/store/changes/a-pruned-log-says-so", test_a_pruned_log_says_so);
  fixture_test ("/store/changes/each-commit-is-told-once", test_each_commit_is_told_once);
  g_test_add_func ("/store/audit/a-changed-row-is-found", test_a_changed_audit_row_is_found);
  fixture_test ("/store/audit/the-log-is-append-only", test_the_audit_log_is_append_only);
  fixture_test ("/store/audit/the-log-can-be-checked-beside-a-service",
                test_the_audit_log_can_be_checked_beside_a_service);
  return g_test_run ();
}
