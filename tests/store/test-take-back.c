/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An approval that has not begun is taken back as if nobody had decided. */
#include "config.h"

#include <string.h>

#include "model/ac-time.h"
#include "store-fixture.h"

#define HOUR G_TIME_SPAN_HOUR

static JsonObject *
action_of (AcStore *store, const char *id)
{
  g_autoptr (GError) error = NULL;
  JsonObject *action = ac_store_get_action (store, id, &error);

  g_assert_no_error (error);
  return action;
}

static JsonObject *
take_back (AcStore *store, JsonObject *operation)
{
  g_autoptr (GError) error = NULL;
  JsonObject *after =
      ac_store_take_back_operation (store, ac_json_get_string (operation, "id"), &bob, &error);

  g_assert_no_error (error);
  return after;
}

static void
assert_too_late (AcStore *store, JsonObject *operation)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (
      ac_store_take_back_operation (store, ac_json_get_string (operation, "id"), &bob, &error));
  g_assert_error (error, AC_STORE_ERROR, AC_STORE_ERROR_CONFLICT);
}

static void
test_nothing_begins_within_the_grace_period (Fixture *fixture, gconstpointer data)
{
  g_autofree char *investigation = propose (fixture->store, "x", 2, "a@x");
  g_auto (GStrv) ids = ids_of_investigation (fixture->store, investigation);
  g_autoptr (JsonObject) operation = NULL;
  gint64 before = ac_time_now ();
  gint64 until;

  ac_store_set_grace (fixture->store, HOUR);
  operation = decide (fixture->store, AC_DECISION_APPROVE, (const char *const *)ids);
  until = ac_json_get_time (operation, "takeBackUntil");
  g_assert_cmpint (until, >=, before + HOUR - G_TIME_SPAN_MILLISECOND);
  g_assert_cmpint (until, <=, ac_time_now () + HOUR);
  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_MOVED), ==, 0);
  g_assert_cmpint (ac_store_next_work_time (fixture->store), >=, until);
}

static void
test_undo_and_rejection_do_not_wait (Fixture *fixture, gconstpointer data)
{
  g_autofree char *investigation = propose (fixture->store, "x", 2, "a@x");
  g_auto (GStrv) ids = ids_of_investigation (fixture->store, investigation);
  g_autoptr (JsonObject) approval = decide_one (fixture->store, AC_DECISION_APPROVE, ids[0]);
  g_autoptr (JsonObject) rejection = NULL;
  g_autoptr (JsonObject) undo = NULL;

  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_MOVED), ==, 1);
  ac_store_set_grace (fixture->store, HOUR);
  rejection = decide_one (fixture->store, AC_DECISION_REJECT, ids[1]);
  undo = decide_one (fixture->store, AC_DECISION_UNDO, ids[0]);
  g_assert_false (json_object_has_member (rejection, "takeBackUntil"));
  g_assert_false (json_object_has_member (undo, "takeBackUntil"));
  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_RESTORED), ==, 1);
  assert_too_late (fixture->store, approval);
  assert_too_late (fixture->store, rejection);
  assert_too_late (fixture->store, undo);
}

static void
test_what_is_taken_back_is_as_if_nobody_had_decided (Fixture *fixture, gconstpointer data)
{
  g_autofree char *investigation = propose (fixture->store, "x", 3, "a@x");
  g_auto (GStrv) ids = ids_of_investigation (fixture->store, investigation);
  g_autoptr (JsonObject) operation = NULL;
  g_autoptr (JsonObject) after = NULL;
  g_autoptr (JsonObject) again = NULL;
  g_autoptr (JsonObject) action = NULL;
  g_autoptr (JsonObject) whole = NULL;
  JsonArray *timeline;

  ac_store_set_grace (fixture->store, HOUR);
  operation = decide (fixture->store, AC_DECISION_APPROVE, (const char *const *)ids);
  after = take_back (fixture->store, operation);
  g_assert_cmpstr (ac_json_get_string (after, "status"), ==, "finished");
  g_assert_cmpint (count_of (after, "waiting"), ==, 0);
  g_assert_cmpint (count_of (after, "skipped"), ==, 3);
  again = take_back (fixture->store, operation);
  g_assert_true (json_object_equal (after, again));

  action = action_of (fixture->store, ids[0]);
  g_assert_cmpstr (ac_json_get_string (action, "status"), ==, "pending");
  g_assert_false (json_object_has_member (action, "decidedBy"));
  g_assert_false (json_object_has_member (action, "operationId"));
  timeline = ac_json_get_array (action, "timeline");
  g_assert_cmpuint (json_array_get_length (timeline), ==, 3);
  g_assert_cmpstr (ac_json_get_string (json_array_get_object_element (timeline, 2), "event"), ==,
                   "takeBack");
  g_assert_cmpstr (ac_json_get_string (json_array_get_object_element (timeline, 2), "actor"), ==,
                   bob.name);
  whole = ac_store_get_investigation (fixture->store, investigation, NULL);
  g_assert_cmpstr (ac_json_get_string (whole, "status"), ==, "pendingAction");
  g_assert_cmpint (look (fixture, "SELECT count (*) FROM work"), ==, 0);

  /* And it can be decided anew. */
  ac_store_set_grace (fixture->store, 0);
  g_clear_pointer (&operation, json_object_unref);
  operation = decide (fixture->store, AC_DECISION_APPROVE, (const char *const *)ids);
  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_MOVED), ==, 3);
}

static void
test_what_has_begun_goes_on (Fixture *fixture, gconstpointer data)
{
  g_autofree char *investigation = propose (fixture->store, "x", 3, "a@x");
  g_auto (GStrv) ids = ids_of_investigation (fixture->store, investigation);
  g_autoptr (JsonObject) operation =
      decide (fixture->store, AC_DECISION_APPROVE, (const char *const *)ids);
  g_autoptr (GPtrArray) items = ac_store_take_work (fixture->store, NULL, 1, NULL);
  g_autoptr (JsonObject) after = NULL;
  g_autoptr (JsonObject) end = NULL;

  g_assert_cmpuint (items->len, ==, 1);
  after = take_back (fixture->store, operation);
  g_assert_cmpint (count_of (after, "waiting"), ==, 1);
  g_assert_cmpint (count_of (after, "skipped"), ==, 2);
  finish (fixture->store, items, AC_OUTCOME_MOVED);
  end = ac_store_get_operation (fixture->store, ac_json_get_string (operation, "id"), NULL);
  g_assert_cmpstr (ac_json_get_string (end, "status"), ==, "finished");
  g_assert_cmpint (count_of (end, "done"), ==, 1);
  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_MOVED), ==, 0);
}

/* A retry has done something before, which pending would forget. */
static void
test_a_retry_is_not_taken_back (Fixture *fixture, gconstpointer data)
{
  g_autofree char *investigation = propose (fixture->store, "x", 1, "a@x");
  g_auto (GStrv) ids = ids_of_investigation (fixture->store, investigation);
  g_autoptr (JsonObject) approval = decide_one (fixture->store, AC_DECISION_APPROVE, ids[0]);
  g_autoptr (JsonObject) retry = NULL;

  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_FAILED), ==, 1);
  retry = decide_one (fixture->store, AC_DECISION_RETRY, ids[0]);
  assert_too_late (fixture->store, retry);
  assert_too_late (fixture->store, approval);
}

/* The first operation must not take back what a second one has decided since. */
static void
test_a_later_approval_stands (Fixture *fixture, gconstpointer data)
{
  g_autofree char *investigation = propose (fixture->store, "x", 1, "a@x");
  g_auto (GStrv) ids = ids_of_investigation (fixture->store, investigation);
  g_autoptr (JsonObject) first = NULL;
  g_autoptr (JsonObject) second = NULL;
  g_autoptr (JsonObject) taken = NULL;
  g_autoptr (JsonObject) again = NULL;
  g_autofree char *status = NULL;

  ac_store_set_grace (fixture->store, HOUR);
  first = decide_one (fixture->store, AC_DECISION_APPROVE, ids[0]);
  taken = take_back (fixture->store, first);
  second = decide_one (fixture->store, AC_DECISION_APPROVE, ids[0]);
  again = take_back (fixture->store, first);
  status = status_of (fixture->store, ids[0]);
  g_assert_cmpstr (status, ==, "queued");
}

static void
test_an_unknown_operation_is_named (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (ac_store_take_back_operation (fixture->store, "nobody", &bob, &error));
  g_assert_error (error, AC_STORE_ERROR, AC_STORE_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "nobody"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/store/take-back/nothing-begins-within-the-grace-period",
                test_nothing_begins_within_the_grace_period);
  fixture_test ("/store/take-back/undo-and-rejection-do-not-wait",
                test_undo_and_rejection_do_not_wait);
  fixture_test ("/store/take-back/what-is-taken-back-is-as-if-nobody-had-decided",
                test_what_is_taken_back_is_as_if_nobody_had_decided);
  fixture_test ("/store/take-back/what-has-begun-goes-on", test_what_has_begun_goes_on);
  fixture_test ("/store/take-back/a-retry-is-not-taken-back", test_a_retry_is_not_taken_back);
  fixture_test ("/store/take-back/a-later-approval-stands", test_a_later_approval_stands);
  fixture_test ("/store/take-back/an-unknown-operation-is-named",
                test_an_unknown_operation_is_named);
  return g_test_run ();
}
