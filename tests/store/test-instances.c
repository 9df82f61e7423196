/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "store-fixture.h"

#define HASH "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define CAPITAL "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"
#define OTHER "0000000000000000000000000000000000000000000000000000000000000000"

/* Proposes a file on each of n devices, one action each. */
static GStrv
propose_files (AcStore *store, const char *external_id, const char *hash, guint n)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (JsonObject) answer = NULL;

  g_string_append_printf (text, "{'externalId':'%s','title':'Files','actions':[", external_id);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (text,
                            "%s{'type':'quarantineFile','verdict':'malicious','entity':{'type':"
                            "'file','path':'/%s','sha256':'%s'},'assets':['device-%u']}",
                            i > 0 ? "," : "", external_id, hash, i);
  g_string_append (text, "]}");
  answer = post (store, text->str, NULL);
  return ids_of_investigation (store, ac_json_get_string (answer, "id"));
}

static gint64
count_instances (AcStore *store, const char *id, guint limit, guint n_items)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) page = ac_store_list_instances (store, id, limit, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (length_of (page, "items"), ==, n_items);
  return ac_json_get_integer (page, "total", -1);
}

static JsonObject *
undo_with_instances (AcStore *store, const char *id, const char *key, GError **error)
{
  const char *ids[] = { id, NULL };
  g_autoptr (AcOperationRequest) request = ac_operation_request_new (AC_DECISION_UNDO, ids, NULL);

  request->include_instances = TRUE;
  return submit_operation (store, request, key, &alice, NULL, NULL, error);
}

static void
test_only_what_can_be_undone_on_the_same_file_counts (Fixture *fixture, gconstpointer data)
{
  g_auto (GStrv) ids = propose_files (fixture->store, "a", HASH, 4);
  g_auto (GStrv) capital = propose_files (fixture->store, "b", CAPITAL, 1);
  g_auto (GStrv) other = propose_files (fixture->store, "c", OTHER, 2);
  g_autofree char *mail = propose (fixture->store, "m", 1, "a@x");
  g_auto (GStrv) mails = ids_of_investigation (fixture->store, mail);
  g_autoptr (JsonObject) all = NULL;
  g_autoptr (JsonObject) one = NULL;

  g_assert_cmpint (count_instances (fixture->store, ids[0], 100, 0), ==, 0);
  all = decide (fixture->store, AC_DECISION_APPROVE,
                (const char *[]){ ids[0], ids[1], ids[2], NULL });
  one = decide_one (fixture->store, AC_DECISION_APPROVE, capital[0]);
  g_clear_pointer (&one, json_object_unref);
  one = decide (fixture->store, AC_DECISION_APPROVE, (const char *const *)other);
  g_assert_cmpint (count_instances (fixture->store, ids[0], 100, 0), ==, 0);
  work_off (fixture->store, AC_OUTCOME_MOVED);

  /* Not itself, not the pending one, not the other file. */
  g_assert_cmpint (count_instances (fixture->store, ids[0], 100, 3), ==, 3);
  g_assert_cmpint (count_instances (fixture->store, ids[3], 100, 4), ==, 4);
  g_assert_cmpint (count_instances (fixture->store, capital[0], 2, 2), ==, 3);
  g_assert_cmpint (count_instances (fixture->store, other[0], 100, 1), ==, 1);
  g_assert_cmpint (count_instances (fixture->store, mails[0], 100, 0), ==, 0);
}

static void
test_one_where_nothing_was_moved_does_not_count (Fixture *fixture, gconstpointer data)
{
  g_auto (GStrv) ids = propose_files (fixture->store, "a", HASH, 2);
  g_autoptr (JsonObject) all =
      decide (fixture->store, AC_DECISION_APPROVE, (const char *const *)ids);

  work_off (fixture->store, AC_OUTCOME_NOT_FOUND);
  g_assert_cmpint (count_instances (fixture->store, ids[0], 100, 0), ==, 0);
}

static void
test_an_undo_takes_them_all_once (Fixture *fixture, gconstpointer data)
{
  g_auto (GStrv) ids = propose_files (fixture->store, "a", HASH, 3);
  g_auto (GStrv) other = propose_files (fixture->store, "c", OTHER, 1);
  g_autoptr (JsonObject) all =
      decide (fixture->store, AC_DECISION_APPROVE, (const char *const *)ids);
  g_autoptr (JsonObject) others =
      decide (fixture->store, AC_DECISION_APPROVE, (const char *const *)other);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) undo = NULL;
  g_autoptr (JsonObject) again = NULL;
  g_autoptr (JsonObject) finished = NULL;
  g_autofree char *status = NULL;

  work_off (fixture->store, AC_OUTCOME_MOVED);
  undo = undo_with_instances (fixture->store, ids[1], "key", &error);
  g_assert_no_error (error);
  g_assert_cmpint (count_of (undo, "total"), ==, 3);
  g_assert_cmpuint (length_of (undo, "items"), ==, 3);
  /* The one that was asked for stands first. */
  g_assert_cmpstr (
      ac_json_get_string (json_array_get_object_element (ac_json_get_array (undo, "items"), 0),
                          "actionId"),
      ==, ids[1]);
  again = undo_with_instances (fixture->store, ids[1], "key", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (ac_json_get_string (again, "id"), ==, ac_json_get_string (undo, "id"));
  g_assert_cmpint (count_instances (fixture->store, ids[1], 100, 0), ==, 0);

  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_RESTORED), ==, 3);
  finished = get_operation (fixture->store, ac_json_get_string (undo, "id"), &error);
  g_assert_cmpint (count_of (finished, "done"), ==, 3);
  status = status_of (fixture->store, other[0]);
  g_assert_cmpstr (status, ==, "completed");
}

static void
test_others_who_were_quicker_are_left_out (Fixture *fixture, gconstpointer data)
{
  g_auto (GStrv) ids = propose_files (fixture->store, "a", HASH, 3);
  g_autoptr (JsonObject) all =
      decide (fixture->store, AC_DECISION_APPROVE, (const char *const *)ids);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) first = NULL;
  g_autoptr (JsonObject) undo = NULL;

  work_off (fixture->store, AC_OUTCOME_MOVED);
  g_assert_cmpint (count_instances (fixture->store, ids[0], 100, 2), ==, 2);
  first = decide_one (fixture->store, AC_DECISION_UNDO, ids[2]);
  undo = undo_with_instances (fixture->store, ids[0], "key", &error);
  g_assert_no_error (error);
  g_assert_cmpint (count_of (undo, "total"), ==, 2);

  /* The one that is asked for must allow it. */
  g_assert_null (undo_with_instances (fixture->store, ids[2], "other", &error));
  g_assert_error (error, AC_STORE_ERROR, AC_STORE_ERROR_CONFLICT);
}

static void
test_an_action_that_is_not_there (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (ac_store_list_instances (fixture->store, "nobody", 1, &error));
  g_assert_error (error, AC_STORE_ERROR, AC_STORE_ERROR_NOT_FOUND);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/store/instances/only-what-can-be-undone-on-the-same-file-counts",
                test_only_what_can_be_undone_on_the_same_file_counts);
  fixture_test ("/store/instances/one-where-nothing-was-moved-does-not-count",
                test_one_where_nothing_was_moved_does_not_count);
  fixture_test ("/store/instances/an-undo-takes-them-all-once", test_an_undo_takes_them_all_once);
  fixture_test ("/store/instances/others-who-were-quicker-are-left-out",
                test_others_who_were_quicker_are_left_out);
  fixture_test ("/store/instances/an-action-that-is-not-there", test_an_action_that_is_not_there);
  return g_test_run ();
}
