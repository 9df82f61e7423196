/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was settled long ago leaves the database; nothing else does, and the audit log stays whole.
 */
#include "config.h"

#include <string.h>

#include "model/ac-time.h"
#include "store-fixture.h"
#include "store/ac-store-private.h"

/* Everything that was settled was settled before this. */
#define NOW_OR_LATER (ac_time_now () + G_TIME_SPAN_DAY)

static guint
remove_settled (AcStore *store, gint64 older_than, gint64 undo_older_than)
{
  guint sum = 0;
  guint n;

  do
    {
      g_autoptr (GError) error = NULL;

      g_assert_true (ac_store_remove_settled (store, older_than, undo_older_than, &n, &error));
      g_assert_no_error (error);
      sum += n;
    }
  while (n > 0);
  return sum;
}

static void
verify_audit (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  guint64 n;

  ac_store_verify_audit (fixture->store, &n, &error);
  g_assert_no_error (error);
  g_assert_cmpint (n, ==, look (fixture, "SELECT count (*) FROM audit"));
}

static void
reject (AcStore *store, const char *investigation)
{
  g_auto (GStrv) ids = ids_of_investigation (store, investigation);
  g_autoptr (JsonObject) operation = decide (store, AC_DECISION_REJECT, (const char *const *)ids);

  g_assert_nonnull (operation);
}

static guint
find (AcStore *store, const char *text)
{
  g_autoptr (AcActionFilter) filter = ac_action_filter_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) page = NULL;

  filter->text = g_strdup (text);
  page = read_actions (store, filter, &error);
  g_assert_no_error (error);
  g_assert_cmpint (ac_json_get_integer (page, "total", -1), ==, length_of (page, "items"));
  return length_of (page, "items");
}

static void
test_what_is_settled_leaves_with_all_its_rows (Fixture *fixture, gconstpointer data)
{
  g_autofree char *old = propose (fixture->store, "old", 3, "old@example.test");
  g_autofree char *open = NULL;

  reject (fixture->store, old);
  open = propose (fixture->store, "open", 2, "open@example.test");
  g_assert_cmpuint (find (fixture->store, "old@example.test"), ==, 3);

  g_assert_cmpuint (remove_settled (fixture->store, ac_time_now () - G_TIME_SPAN_DAY, 0), ==, 0);
  g_assert_cmpuint (remove_settled (fixture->store, NOW_OR_LATER, 0), ==, 3);
  g_assert_cmpint (look (fixture, "SELECT count (*) FROM actions"), ==, 2);
  g_assert_cmpint (look (fixture, "SELECT count (*) FROM action_assets"), ==, 2);
  g_assert_cmpint (look (fixture, "SELECT count (*) FROM operation_items"), ==, 0);
  g_assert_cmpint (look (fixture, "SELECT sum (n) FROM action_counts"), ==, 2);
  g_assert_cmpuint (find (fixture->store, "old@example.test"), ==, 0);
  g_assert_cmpuint (find (fixture->store, "open@example.test"), ==, 2);
  verify_audit (fixture);
  fixture_reopen (fixture);
  verify_audit (fixture);
}

static void
test_whoever_follows_is_told (Fixture *fixture, gconstpointer data)
{
  g_autofree char *old = propose (fixture->store, "old", 2, "old@example.test");
  g_autofree char *young = NULL;
  g_auto (GStrv) ids = ids_of_investigation (fixture->store, old);
  g_autofree char *start =
      ac_store_format_token (fixture->store, &(AcChangePlace){ 0, AC_TIME_NONE });
  g_autoptr (JsonObject) page = NULL;
  g_autoptr (GError) error = NULL;
  JsonArray *items;
  guint n_gone = 0;

  reject (fixture->store, old);
  young = propose (fixture->store, "young", 1, "young@example.test");
  g_assert_cmpuint (remove_settled (fixture->store, NOW_OR_LATER, 0), ==, 2);

  page = read_changes (fixture->store, start, 1000, &error);
  g_assert_no_error (error);
  items = ac_json_get_array (page, "items");
  for (guint i = 0; i < json_array_get_length (items); i++)
    {
      JsonObject *change = json_array_get_object_element (items, i);
      const char *id = ac_json_get_string (change, "id");

      g_assert_nonnull (id);
      if (g_str_equal (ac_json_get_string (change, "kind"), "action") &&
          g_strv_contains ((const char *const *)ids, id))
        {
          g_assert_false (json_object_has_member (change, "action"));
          n_gone++;
        }
    }
  /* Proposed, rejected, removed. */
  g_assert_cmpuint (n_gone, ==, 6);
  g_assert_null (ac_store_get_action (fixture->store, ids[0], &error));
  g_assert_error (error, AC_STORE_ERROR, AC_STORE_ERROR_NOT_FOUND);
}

static void
test_what_can_be_undone_stays_longer (Fixture *fixture, gconstpointer data)
{
  g_autofree char *done = propose (fixture->store, "done", 2, "done@example.test");
  g_auto (GStrv) ids = ids_of_investigation (fixture->store, done);
  g_autoptr (JsonObject) operation =
      decide (fixture->store, AC_DECISION_APPROVE, (const char *const *)ids);
  g_autofree char *young = NULL;
  g_autoptr (JsonObject) undo = NULL;

  work_off (fixture->store, AC_OUTCOME_MOVED);
  young = propose (fixture->store, "young", 1, "young@example.test");
  g_assert_cmpuint (remove_settled (fixture->store, NOW_OR_LATER, ac_time_now () - 1000000), ==, 0);
  /* What has been undone has nothing to bring back any more. */
  undo = decide_one (fixture->store, AC_DECISION_UNDO, ids[0]);
  work_off (fixture->store, AC_OUTCOME_RESTORED);
  g_assert_cmpuint (remove_settled (fixture->store, NOW_OR_LATER, 0), ==, 1);
  g_assert_cmpuint (remove_settled (fixture->store, NOW_OR_LATER, NOW_OR_LATER), ==, 1);
  verify_audit (fixture);
}

static void
test_what_may_be_half_done_stays_longer (Fixture *fixture, gconstpointer data)
{
  g_autofree char *failed = propose (fixture->store, "failed", 1, "failed@example.test");
  g_auto (GStrv) ids = ids_of_investigation (fixture->store, failed);
  g_autoptr (JsonObject) operation = decide_one (fixture->store, AC_DECISION_APPROVE, ids[0]);
  g_autofree char *young = NULL;
  g_autoptr (AcSql) sql = NULL;

  work_off (fixture->store, AC_OUTCOME_FAILED);
  young = propose (fixture->store, "young", 1, "young@example.test");
  sql = ac_store_open_sql (fixture->path, AC_SQL_CREATE, NULL);
  g_assert_true (ac_sql_run (
      sql, NULL, "INSERT INTO receipts VALUES (1, 'failed@example.test', 'open', '{}', 1)", ""));
  g_assert_cmpuint (remove_settled (fixture->store, NOW_OR_LATER, 0), ==, 0);
  g_assert_true (ac_sql_run (sql, NULL, "UPDATE receipts SET state = 'settled'", ""));
  g_assert_cmpuint (remove_settled (fixture->store, NOW_OR_LATER, 0), ==, 1);
  g_assert_cmpint (look (fixture, "SELECT count (*) FROM receipts"), ==, 0);
}

static void
test_what_is_under_way_never_leaves (Fixture *fixture, gconstpointer data)
{
  g_autofree char *queued = propose (fixture->store, "queued", 2, "queued@example.test");
  g_auto (GStrv) ids = ids_of_investigation (fixture->store, queued);
  g_autoptr (JsonObject) operation =
      decide (fixture->store, AC_DECISION_APPROVE, (const char *const *)ids);
  g_autofree char *young = propose (fixture->store, "young", 1, "young@example.test");

  g_assert_cmpuint (remove_settled (fixture->store, NOW_OR_LATER, NOW_OR_LATER), ==, 0);
}

/* Otherwise a new action would have the timeline of an old one. */
static void
test_a_row_number_is_not_given_out_again (Fixture *fixture, gconstpointer data)
{
  g_autofree char *first = propose (fixture->store, "first", 2, "a@example.test");
  g_autofree char *second = NULL;
  g_auto (GStrv) ids = NULL;
  g_autoptr (JsonObject) action = NULL;

  reject (fixture->store, first);
  g_assert_cmpuint (remove_settled (fixture->store, NOW_OR_LATER, 0), ==, 1);
  second = propose (fixture->store, "second", 1, "b@example.test");
  g_assert_cmpuint (remove_settled (fixture->store, NOW_OR_LATER, 0), ==, 1);
  g_assert_cmpint (look (fixture, "SELECT max (seq) FROM actions"), ==, 3);
  ids = ids_of_investigation (fixture->store, second);
  action = ac_store_get_action (fixture->store, ids[0], NULL);
  g_assert_cmpuint (length_of (action, "timeline"), ==, 1);
}

static void
test_a_proposal_that_left_is_known_again (Fixture *fixture, gconstpointer data)
{
  static const char text[] =
      "{'externalId':'again','title':'Again','actions':["
      "{'type':'softDeleteEmail','verdict':'malicious','assets':['a@x.test'],"
      "'entity':{'type':'emailMessage','messageId':'<1@x.test>'}}]}";
  g_autoptr (JsonObject) posted = post (fixture->store, text, NULL);
  g_autoptr (JsonObject) again = NULL;
  g_autofree char *young = NULL;

  reject (fixture->store, ac_json_get_string (posted, "id"));
  young = propose (fixture->store, "young", 1, "young@example.test");
  g_assert_cmpuint (remove_settled (fixture->store, NOW_OR_LATER, 0), ==, 1);
  again = post (fixture->store, text, NULL);
  g_assert_cmpuint (length_of (again, "actions"), ==, 0);
  g_assert_cmpstr (ac_json_get_string (again, "status"), ==, "remediated");
}

static void
test_many_leave_in_small_transactions (Fixture *fixture, gconstpointer data)
{
  g_autofree char *old = propose (fixture->store, "old", 450, "old@example.test");
  g_autofree char *young = NULL;
  g_autoptr (GError) error = NULL;
  guint n;

  reject (fixture->store, old);
  young = propose (fixture->store, "young", 1, "young@example.test");
  g_assert_true (ac_store_remove_settled (fixture->store, NOW_OR_LATER, 0, &n, &error));
  g_assert_cmpuint (n, ==, 200);
  g_assert_cmpuint (remove_settled (fixture->store, NOW_OR_LATER, 0), ==, 250);
  verify_audit (fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/store/retention/settled-leaves", test_what_is_settled_leaves_with_all_its_rows);
  fixture_test ("/store/retention/followers-are-told", test_whoever_follows_is_told);
  fixture_test ("/store/retention/undoable-stays-longer", test_what_can_be_undone_stays_longer);
  fixture_test ("/store/retention/half-done-stays-longer", test_what_may_be_half_done_stays_longer);
  fixture_test ("/store/retention/under-way-stays", test_what_is_under_way_never_leaves);
  fixture_test ("/store/retention/row-numbers", test_a_row_number_is_not_given_out_again);
  fixture_test ("/store/retention/known-again", test_a_proposal_that_left_is_known_again);
  fixture_test ("/store/retention/small-transactions", test_many_leave_in_small_transactions);
  return g_test_run ();
}
