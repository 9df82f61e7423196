/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "model/ac-time.h"
#include "store-fixture.h"

static GPtrArray *
take (AcStore *store, const char *const *busy, guint limit)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *items = ac_store_take_work (store, busy, limit, &error);

  g_assert_no_error (error);
  return items;
}

static void
approve_all (AcStore *store, const char *external_id, guint n, const char *mailbox)
{
  g_autofree char *investigation = propose (store, external_id, n, mailbox);
  g_auto (GStrv) ids = ids_of_investigation (store, investigation);
  g_autoptr (JsonObject) operation = decide (store, AC_DECISION_APPROVE, (const char *const *)ids);
}

static void
test_a_batch_is_of_one_asset_and_no_busy_one (Fixture *fixture, gconstpointer data)
{
  const char *busy_a[] = { "a@x", NULL };
  const char *busy_both[] = { "a@x", "b@x", NULL };
  g_autoptr (GPtrArray) first = NULL;
  g_autoptr (GPtrArray) second = NULL;
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GPtrArray) rest = NULL;

  approve_all (fixture->store, "a", 5, "a@x");
  approve_all (fixture->store, "b", 5, "b@x");
  first = take (fixture->store, NULL, 3);
  g_assert_cmpuint (first->len, ==, 3);
  for (guint i = 0; i < first->len; i++)
    g_assert_cmpstr (((const AcWorkItem *)first->pdata[i])->asset, ==, "a@x");
  second = take (fixture->store, busy_a, 30);
  g_assert_cmpuint (second->len, ==, 5);
  g_assert_cmpstr (((const AcWorkItem *)second->pdata[0])->asset, ==, "b@x");
  none = take (fixture->store, busy_both, 30);
  g_assert_cmpuint (none->len, ==, 0);
  rest = take (fixture->store, NULL, 30);
  g_assert_cmpuint (rest->len, ==, 2);
}

static void
test_a_busy_asset_is_busy_in_any_case (Fixture *fixture, gconstpointer data)
{
  const char *busy[] = { "alice@x.example", NULL };
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GPtrArray) other = NULL;

  approve_all (fixture->store, "a", 1, "Alice@x.example");
  none = take (fixture->store, busy, 30);
  g_assert_cmpuint (none->len, ==, 0);
  approve_all (fixture->store, "b", 1, "alice@x.examples");
  other = take (fixture->store, busy, 30);
  g_assert_cmpuint (other->len, ==, 1);
  g_assert_cmpstr (((const AcWorkItem *)other->pdata[0])->asset, ==, "alice@x.examples");
}

static void
test_a_batch_has_one_direction (Fixture *fixture, gconstpointer data)
{
  g_autofree char *investigation = propose (fixture->store, "x", 2, "a@x");
  g_auto (GStrv) ids = ids_of_investigation (fixture->store, investigation);
  g_autoptr (JsonObject) approve = decide_one (fixture->store, AC_DECISION_APPROVE, ids[0]);
  g_autoptr (JsonObject) undo = NULL;
  g_autoptr (JsonObject) other = NULL;
  g_autoptr (GPtrArray) first = NULL;
  g_autoptr (GPtrArray) second = NULL;

  work_off (fixture->store, AC_OUTCOME_MOVED);
  undo = decide_one (fixture->store, AC_DECISION_UNDO, ids[0]);
  other = decide_one (fixture->store, AC_DECISION_APPROVE, ids[1]);
  first = take (fixture->store, NULL, 10);
  second = take (fixture->store, NULL, 10);
  g_assert_cmpuint (first->len, ==, 1);
  g_assert_true (((const AcWorkItem *)first->pdata[0])->undo);
  g_assert_cmpuint (second->len, ==, 1);
  g_assert_false (((const AcWorkItem *)second->pdata[0])->undo);
}

static void
test_what_a_dead_process_had_taken_is_free_again (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) taken = NULL;
  g_autoptr (GPtrArray) again = NULL;
  g_autoptr (JsonObject) receipt = json_object_new ();
  g_autoptr (GError) error = NULL;
  const AcWorkItem *item;
  g_autofree char *status = NULL;

  approve_all (fixture->store, "x", 2, "a@x");
  taken = take (fixture->store, NULL, 10);
  g_assert_cmpuint (taken->len, ==, 2);
  item = taken->pdata[0];
  g_assert_null (item->receipt);
  json_object_set_string_member (receipt, "folder", "INBOX");
  ac_store_write_receipts (fixture->store, (const char *const[]){ item->action_id },
                           (const char *const[]){ item->asset }, (JsonObject *const[]){ receipt },
                           1, &error);
  g_assert_no_error (error);

  fixture_reopen (fixture);
  again = take (fixture->store, NULL, 10);
  g_assert_cmpuint (again->len, ==, 0);
  g_ptr_array_unref (again);
  g_assert_true (ac_store_recover_work (fixture->store, &error));
  status = status_of (fixture->store, item->action_id);
  g_assert_cmpstr (status, ==, "running");
  again = take (fixture->store, NULL, 10);
  g_assert_cmpuint (again->len, ==, 2);
  g_assert_cmpstr (((const AcWorkItem *)again->pdata[0])->action_id, ==, item->action_id);
  g_assert_cmpstr (ac_json_get_string (((const AcWorkItem *)again->pdata[0])->receipt, "folder"),
                   ==, "INBOX");
  g_assert_null (((const AcWorkItem *)again->pdata[1])->receipt);
}

static void
test_returned_work_waits_for_its_time (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) taken = NULL;
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GPtrArray) again = NULL;
  gint64 later = ac_time_now () + 10 * G_TIME_SPAN_MINUTE;
  g_autoptr (GError) error = NULL;

  approve_all (fixture->store, "x", 1, "a@x");
  g_assert_cmpint (ac_store_next_work_time (fixture->store), ==, AC_TIME_NONE);
  taken = take (fixture->store, NULL, 10);
  g_assert_true (ac_store_return_work (fixture->store, taken, later, &error));
  g_assert_cmpint (ac_store_next_work_time (fixture->store), ==, later);
  none = take (fixture->store, NULL, 10);
  g_assert_cmpuint (none->len, ==, 0);

  /* Nobody holds it any more. */
  g_assert_true (ac_store_return_work (fixture->store, taken, AC_TIME_NONE, &error));
  g_assert_cmpint (ac_store_next_work_time (fixture->store), ==, later);
  poke (fixture, "UPDATE work SET not_before = 1");
  again = take (fixture->store, NULL, 10);
  g_assert_cmpuint (again->len, ==, 1);
  g_assert_cmpuint (((const AcWorkItem *)again->pdata[0])->attempts, ==, 1);
  g_assert_true (ac_store_return_work (fixture->store, again, AC_TIME_NONE, &error));
  g_ptr_array_unref (again);
  again = take (fixture->store, NULL, 10);
  g_assert_cmpuint (again->len, ==, 1);
  g_assert_cmpuint (((const AcWorkItem *)again->pdata[0])->attempts, ==, 1);
}

static void
test_work_ends_once (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) taken = NULL;
  g_autoptr (GPtrArray) results = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GError) error = NULL;

  approve_all (fixture->store, "x", 1, "a@x");
  taken = take (fixture->store, NULL, 10);
  finish (fixture->store, taken, AC_OUTCOME_MOVED);
  g_ptr_array_add (results, ac_action_result_new ("a@x", "failed", "Late.", ac_time_now ()));
  g_assert_false (ac_store_finish_work (fixture->store, taken, results, &error));
  g_assert_error (error, AC_STORE_ERROR, AC_STORE_ERROR_NOT_FOUND);
  g_assert_cmpint (look (fixture, "SELECT count (*) FROM actions WHERE status = 'completed'"), ==,
                   1);
}

/* What was done can be undone; where nothing was to be done there is nothing to undo; and an undo
 * that somebody's change stands against has not happened, and can be tried again. */
static void
test_done_nothing_to_do_and_conflict (Fixture *fixture, gconstpointer data)
{
  g_autofree char *investigation = propose (fixture->store, "x", 2, "a@x");
  g_auto (GStrv) ids = ids_of_investigation (fixture->store, investigation);
  g_autoptr (JsonObject) decided = NULL;
  g_autoptr (JsonObject) done = NULL;
  g_autoptr (JsonObject) nothing = NULL;
  g_autoptr (JsonObject) conflict = NULL;

  decided = decide_one (fixture->store, AC_DECISION_APPROVE, ids[0]);
  work_off (fixture->store, AC_OUTCOME_DONE);
  done = ac_store_get_action (fixture->store, ids[0], NULL);
  g_assert_cmpstr (ac_json_get_string (done, "status"), ==, "completed");
  g_assert_true (json_object_get_boolean_member (done, "undoable"));
  json_object_unref (decided);
  decided = decide_one (fixture->store, AC_DECISION_APPROVE, ids[1]);
  work_off (fixture->store, AC_OUTCOME_NOTHING_TO_DO);
  nothing = ac_store_get_action (fixture->store, ids[1], NULL);
  g_assert_cmpstr (ac_json_get_string (nothing, "status"), ==, "completed");
  g_assert_false (json_object_get_boolean_member (nothing, "undoable"));
  json_object_unref (decided);
  decided = decide_one (fixture->store, AC_DECISION_UNDO, ids[0]);
  work_off (fixture->store, AC_OUTCOME_CONFLICT);
  conflict = ac_store_get_action (fixture->store, ids[0], NULL);
  g_assert_cmpstr (ac_json_get_string (conflict, "status"), ==, "undoFailed");
  json_object_unref (decided);
  decided = decide_one (fixture->store, AC_DECISION_RETRY, ids[0]);
  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_RESTORED), ==, 1);
}

/* A clock that was ahead when somebody approved, and is right now. */
static void
test_a_clock_that_was_set_back_holds_up_nothing (Fixture *fixture, gconstpointer data)
{
  g_autofree char *investigation = propose (fixture->store, "x", 1, "a@x");
  g_auto (GStrv) ids = ids_of_investigation (fixture->store, investigation);
  g_autoptr (JsonObject) approve = NULL;
  g_autoptr (GPtrArray) soon = NULL;
  g_autoptr (GPtrArray) taken = NULL;

  ac_store_set_grace (fixture->store, 10 * G_TIME_SPAN_SECOND);
  approve = decide_one (fixture->store, AC_DECISION_APPROVE, ids[0]);
  soon = take (fixture->store, NULL, 10);
  g_assert_cmpuint (soon->len, ==, 0);
  poke (fixture, "UPDATE work SET not_before = not_before + 86400000000");
  taken = take (fixture->store, NULL, 10);
  g_assert_cmpuint (taken->len, ==, 1);
}

static void
test_what_failed_in_part_can_be_undone (Fixture *fixture, gconstpointer data)
{
  g_autofree char *investigation = propose (fixture->store, "x", 1, "a@x");
  g_auto (GStrv) ids = ids_of_investigation (fixture->store, investigation);
  g_autoptr (JsonObject) approve = decide_one (fixture->store, AC_DECISION_APPROVE, ids[0]);
  g_autoptr (JsonObject) undo = NULL;
  g_autoptr (GPtrArray) taken = take (fixture->store, NULL, 10);
  g_autoptr (GPtrArray) back = NULL;
  g_autofree char *status = NULL;

  ((AcWorkItem *)taken->pdata[0])->did_part = TRUE;
  finish (fixture->store, taken, AC_OUTCOME_FAILED);
  status = status_of (fixture->store, ids[0]);
  g_assert_cmpstr (status, ==, "partlyCompleted");
  undo = decide_one (fixture->store, AC_DECISION_UNDO, ids[0]);
  back = take (fixture->store, NULL, 10);
  g_assert_cmpuint (back->len, ==, 1);
  g_assert_true (((const AcWorkItem *)back->pdata[0])->undo);
  finish (fixture->store, back, AC_OUTCOME_RESTORED);
  g_free (status);
  status = status_of (fixture->store, ids[0]);
  g_assert_cmpstr (status, ==, "undone");
}

/* What may have been done in part turns out not to have been when it is tried again. */
static void
test_what_was_not_done_after_all_has_no_undo (Fixture *fixture, gconstpointer data)
{
  g_autofree char *investigation = propose (fixture->store, "x", 1, "a@x");
  g_auto (GStrv) ids = ids_of_investigation (fixture->store, investigation);
  g_autoptr (JsonObject) approve = decide_one (fixture->store, AC_DECISION_APPROVE, ids[0]);
  g_autoptr (JsonObject) retry = NULL;
  g_autoptr (GPtrArray) taken = take (fixture->store, NULL, 10);
  g_autoptr (GPtrArray) again = NULL;
  g_autofree char *status = NULL;

  ((AcWorkItem *)taken->pdata[0])->did_part = TRUE;
  finish (fixture->store, taken, AC_OUTCOME_FAILED);
  retry = decide_one (fixture->store, AC_DECISION_RETRY, ids[0]);
  again = take (fixture->store, NULL, 10);
  ((AcWorkItem *)again->pdata[0])->did_nothing = TRUE;
  finish (fixture->store, again, AC_OUTCOME_FAILED);
  status = status_of (fixture->store, ids[0]);
  g_assert_cmpstr (status, ==, "failed");
}

/* What came of the action in the operation, in words. */
static char *
detail_of (AcStore *store, JsonObject *operation, guint position)
{
  g_autoptr (JsonObject) now = get_operation (store, ac_json_get_string (operation, "id"), NULL);
  JsonObject *item = json_array_get_object_element (ac_json_get_array (now, "items"), position);

  return g_strdup (ac_json_get_string (item, "detail"));
}

static void
test_what_cannot_be_read_fails_alone (Fixture *fixture, gconstpointer data)
{
  g_autofree char *investigation = propose (fixture->store, "x", 4, "a@x");
  g_auto (GStrv) ids = ids_of_investigation (fixture->store, investigation);
  g_autoptr (JsonObject) operation =
      decide (fixture->store, AC_DECISION_APPROVE, (const char *const *)ids);
  g_autoptr (JsonObject) receipt = json_object_new ();
  g_autoptr (GPtrArray) taken = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *entity_detail = NULL;
  g_autofree char *receipt_detail = NULL;
  g_autofree char *warnings = NULL;

  json_object_set_string_member (receipt, "folder", "INBOX");
  ac_store_write_receipts (fixture->store, (const char *const[]){ ids[2] },
                           (const char *const[]){ "a@x" }, (JsonObject *const[]){ receipt }, 1,
                           &error);
  g_assert_no_error (error);
  poke (fixture, "UPDATE action_texts SET entity = '{\"type\":' WHERE action = 2");
  poke (fixture, "UPDATE receipts SET body = '[1]' WHERE action = 3");
  expect_warnings ();
  taken = take (fixture->store, NULL, 10);
  warnings = take_warnings ();
  g_assert_nonnull (strstr (warnings, ids[1]));
  g_assert_nonnull (strstr (warnings, ids[2]));

  g_assert_cmpuint (taken->len, ==, 2);
  g_assert_cmpstr (((const AcWorkItem *)taken->pdata[0])->action_id, ==, ids[0]);
  g_assert_cmpstr (((const AcWorkItem *)taken->pdata[1])->action_id, ==, ids[3]);
  g_assert_cmpint (look (fixture, "SELECT count (*) FROM actions WHERE status = 'failed' "
                                  "AND seq IN (2, 3)"),
                   ==, 2);
  entity_detail = detail_of (fixture->store, operation, 1);
  g_assert_nonnull (strstr (entity_detail, "What the action is about cannot be read"));
  receipt_detail = detail_of (fixture->store, operation, 2);
  g_assert_nonnull (strstr (receipt_detail, "had written down about this before cannot be read"));
  /* It may be half done, and so it is kept for longer. */
  g_assert_cmpint (look (fixture, "SELECT count (*) FROM receipts WHERE state = 'open'"), ==, 1);
  finish (fixture->store, taken, AC_OUTCOME_MOVED);
  g_assert_cmpint (look (fixture, "SELECT count (*) FROM work"), ==, 0);
}

static void
test_a_turn_that_cannot_be_read_holds_up_no_other (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) taken = NULL;
  g_autofree char *warnings = NULL;

  approve_all (fixture->store, "bad", 2, "a@x");
  approve_all (fixture->store, "good", 2, "b@x");
  poke (fixture, "UPDATE action_texts SET entity = 'x' WHERE action IN (SELECT seq FROM actions "
                 "WHERE asset = 'a@x')");
  expect_warnings ();
  taken = take (fixture->store, NULL, 10);
  warnings = take_warnings ();
  g_assert_nonnull (strstr (warnings, "fails on a@x"));
  g_assert_cmpuint (taken->len, ==, 2);
  g_assert_cmpstr (((const AcWorkItem *)taken->pdata[0])->asset, ==, "b@x");
}

/* An undo is called done where the original was seen back in its place, and nowhere else; what was
 * not found can be looked for again. */
static void
test_an_undo_that_finds_nothing_is_not_done (Fixture *fixture, gconstpointer data)
{
  static const AcOutcome outcomes[] = { AC_OUTCOME_NOT_FOUND, AC_OUTCOME_MOVED_BY_OTHER,
                                        AC_OUTCOME_ALREADY_THERE, AC_OUTCOME_NOTHING_TO_DO };
  g_autofree char *investigation = propose (fixture->store, "x", G_N_ELEMENTS (outcomes), "a@x");
  g_auto (GStrv) ids = ids_of_investigation (fixture->store, investigation);
  g_autoptr (JsonObject) approve =
      decide (fixture->store, AC_DECISION_APPROVE, (const char *const *)ids);

  work_off (fixture->store, AC_OUTCOME_MOVED);
  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      g_autoptr (JsonObject) undo = decide_one (fixture->store, AC_DECISION_UNDO, ids[i]);
      g_autoptr (JsonObject) retry = NULL;
      g_autofree char *before = NULL;
      g_autofree char *after = NULL;
      g_autofree char *detail = NULL;

      work_off (fixture->store, outcomes[i]);
      before = status_of (fixture->store, ids[i]);
      g_assert_cmpstr (before, ==, "undoFailed");
      detail = detail_of (fixture->store, undo, 0);
      g_assert_cmpstr (detail, ==, "a@x: In words.");
      retry = decide_one (fixture->store, AC_DECISION_RETRY, ids[i]);
      g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_ALREADY_RESTORED), ==, 1);
      after = status_of (fixture->store, ids[i]);
      g_assert_cmpstr (after, ==, "undone");
    }
}

static void
test_nobody_decided_in_time (Fixture *fixture, gconstpointer data)
{
  g_autofree char *investigation = propose (fixture->store, "x", 2500, "a@x");
  g_auto (GStrv) ids = ids_of_investigation (fixture->store, investigation);
  g_autoptr (JsonObject) decided = decide_one (fixture->store, AC_DECISION_APPROVE, ids[0]);
  g_autoptr (JsonObject) action = NULL;
  g_autoptr (JsonObject) after = NULL;
  g_autoptr (GError) error = NULL;
  guint n;

  g_assert_true (ac_store_expire_actions (fixture->store, ac_time_now (), &n, &error));
  g_assert_cmpuint (n, ==, 0);
  g_assert_true (
      ac_store_expire_actions (fixture->store, ac_time_now () + 2 * G_TIME_SPAN_DAY, &n, &error));
  g_assert_cmpuint (n, ==, 2499);
  action = ac_store_get_action (fixture->store, ids[1], NULL);
  g_assert_cmpstr (ac_json_get_string (action, "status"), ==, "expired");
  g_assert_cmpuint (length_of (action, "timeline"), ==, 2);
  /* The service let it expire, and the audit log says so of each. */
  g_assert_cmpint (look (fixture, "SELECT count (*) FROM audit WHERE event = 'expire' AND "
                                  "actor = 'service' AND before = 'pending' AND after = 'expired'"),
                   ==, 2499);
  after = ac_store_get_investigation (fixture->store, investigation, NULL);
  g_assert_cmpstr (ac_json_get_string (after, "status"), ==, "terminatedBySystem");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/store/work/a-batch-is-of-one-asset-and-no-busy-one",
                test_a_batch_is_of_one_asset_and_no_busy_one);
  fixture_test ("/store/work/a-busy-asset-is-busy-in-any-case",
                test_a_busy_asset_is_busy_in_any_case);
  fixture_test ("/store/work/a-batch-has-one-direction", test_a_batch_has_one_direction);
  fixture_test ("/store/work/what-a-dead-process-had-taken-is-free-again",
                test_what_a_dead_process_had_taken_is_free_again);
  fixture_test ("/store/work/returned-work-waits-for-its-time",
                test_returned_work_waits_for_its_time);
  fixture_test ("/store/work/work-ends-once", test_work_ends_once);
  fixture_test ("/store/work/done-nothing-to-do-and-conflict",
                test_done_nothing_to_do_and_conflict);
  fixture_test ("/store/work/a-clock-that-was-set-back-holds-up-nothing",
                test_a_clock_that_was_set_back_holds_up_nothing);
  fixture_test ("/store/work/what-was-not-done-after-all-has-no-undo",
                test_what_was_not_done_after_all_has_no_undo);
  fixture_test ("/store/work/what-failed-in-part-can-be-undone",
                test_what_failed_in_part_can_be_undone);
  fixture_test ("/store/work/what-cannot-be-read-fails-alone",
                test_what_cannot_be_read_fails_alone);
  fixture_test ("/store/work/a-turn-that-cannot-be-read-holds-up-no-other",
                test_a_turn_that_cannot_be_read_holds_up_no_other);
  fixture_test ("/store/work/an-undo-that-finds-nothing-is-not-done",
                test_an_undo_that_finds_nothing_is_not_done);
  fixture_test ("/store/work/nobody-decided-in-time", test_nobody_decided_in_time);
  return g_test_run ();
}
