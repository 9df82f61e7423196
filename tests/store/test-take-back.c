/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An approval that has not begun is taken back as if nobody had decided; what has is stopped. */
#include "config.h"

#include <string.h>

#include "model/ac-cluster.h"
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

/* What comes back shortly before its time is over does not expire at once. */
static void
test_there_is_a_day_to_decide_anew (Fixture *fixture, gconstpointer data)
{
  g_autofree char *investigation = propose (fixture->store, "x", 2, "a@x");
  g_auto (GStrv) ids = ids_of_investigation (fixture->store, investigation);
  gint64 start = ac_time_now ();
  g_autofree char *soon = g_strdup_printf (
      "UPDATE actions SET expires_at = %" G_GINT64_FORMAT " WHERE id = '%s'", start + 1, ids[0]);
  g_autoptr (JsonObject) before = action_of (fixture->store, ids[1]);
  g_autoptr (JsonObject) operation = NULL;
  g_autoptr (JsonObject) after = NULL;
  g_autoptr (JsonObject) first = NULL;
  g_autoptr (JsonObject) second = NULL;
  gint64 later = ac_json_get_time (before, "expiresAt") + G_TIME_SPAN_DAY;
  g_autofree char *long_after = g_strdup_printf (
      "UPDATE actions SET expires_at = %" G_GINT64_FORMAT " WHERE id = '%s'", later, ids[1]);
  guint n;

  poke (fixture, soon);
  poke (fixture, long_after);
  ac_store_set_grace (fixture->store, HOUR);
  operation = decide (fixture->store, AC_DECISION_APPROVE, (const char *const *)ids);
  after = take_back (fixture->store, operation);
  g_assert_true (ac_store_expire_actions (fixture->store, start + 23 * HOUR, &n, NULL));
  g_assert_cmpuint (n, ==, 0);
  first = action_of (fixture->store, ids[0]);
  g_assert_cmpstr (ac_json_get_string (first, "status"), ==, "pending");
  g_assert_cmpint (ac_json_get_time (first, "expiresAt"), >=, start + 24 * HOUR - 1000);
  g_assert_cmpint (ac_json_get_time (first, "expiresAt"), <=, ac_time_now () + 24 * HOUR);
  /* One that had more time keeps it. */
  second = action_of (fixture->store, ids[1]);
  g_assert_cmpint (ac_json_get_time (second, "expiresAt"), >=, later - 1000);
  g_assert_cmpint (ac_json_get_time (second, "expiresAt"), <=, later);
}

/* Looks at both mailboxes, of which each forwards to one address; @problem: nullable: of b@x. */
static void
look_at_both (AcStore *store, const char *problem)
{
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) items = ac_store_take_work (store, NULL, 1, &error);
      const AcWorkItem *item = items->pdata[0];
      g_autoptr (GPtrArray) found =
          g_ptr_array_new_with_free_func ((GDestroyNotify)ac_cluster_message_free);
      JsonObject *facts = json_object_new ();
      const char *trouble = g_str_equal (item->asset, "b@x") ? problem : NULL;

      g_assert_cmpint (item->look, >, 0);
      ac_json_set_string (facts, "subject", "drop@evil.test");
      g_ptr_array_add (found, ac_cluster_message_new ("drop@evil.test", TRUE, facts));
      g_assert_true (
          ac_store_finish_look (store, item, trouble == NULL ? found : NULL, trouble, &error));
      g_assert_no_error (error);
    }
}

static void
test_what_could_not_be_looked_at_is_tried_by_a_later_approval (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonObject) investigation =
      post (fixture->store,
            "{'externalId':'f','title':'t','actions':[{'type':'turnOffMailForwarding',"
            "'verdict':'malicious','assets':['a@x','b@x'],"
            "'entity':{'type':'mailbox','address':'a@x'}}]}",
            NULL);
  g_auto (GStrv) ids =
      ids_of_investigation (fixture->store, ac_json_get_string (investigation, "id"));
  g_autoptr (JsonObject) first = NULL;
  g_autoptr (JsonObject) taken_back = NULL;
  g_autoptr (JsonObject) pending = NULL;
  g_autoptr (JsonObject) second = NULL;
  g_autoptr (JsonObject) action = NULL;

  look_at_both (fixture->store, NULL);
  first = decide_one (fixture->store, AC_DECISION_APPROVE, ids[0]);
  look_at_both (fixture->store, "The server is down.");
  taken_back = take_back (fixture->store, first);
  pending = action_of (fixture->store, ids[0]);
  g_assert_cmpstr (ac_json_get_string (pending, "status"), ==, "pending");
  g_assert_cmpuint (length_of (pending, "results"), ==, 0);

  second = decide_one (fixture->store, AC_DECISION_APPROVE, ids[0]);
  look_at_both (fixture->store, NULL);
  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_DONE), ==, 2);
  action = action_of (fixture->store, ids[0]);
  g_assert_cmpstr (ac_json_get_string (action, "status"), ==, "completed");
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
  end = get_operation (fixture->store, ac_json_get_string (operation, "id"), NULL);
  g_assert_cmpstr (ac_json_get_string (end, "status"), ==, "finished");
  g_assert_cmpint (count_of (end, "done"), ==, 1);
  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_MOVED), ==, 0);
}

/* --- stopped in the middle --- */

#define THREE_MAILBOXES                                                                            \
  "{'externalId':'s','title':'t','actions':[{'type':'softDeleteEmail','verdict':'malicious',"      \
  "'entity':{'type':'emailMessage','messageId':'<m@x>'},'assets':['a@x','b@x','c@x']}]}"

static char *
propose_three (Fixture *fixture)
{
  g_autoptr (JsonObject) posted = post (fixture->store, THREE_MAILBOXES, NULL);
  g_auto (GStrv) ids = ids_of_investigation (fixture->store, ac_json_get_string (posted, "id"));

  return g_strdup (ids[0]);
}

static GPtrArray *
take_one (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *items = ac_store_take_work (fixture->store, NULL, 1, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (items->len, ==, 1);
  return items;
}

static void
write_receipt (Fixture *fixture, GPtrArray *items)
{
  const AcWorkItem *item = items->pdata[0];
  g_autoptr (JsonObject) receipt = json_object_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (ac_store_write_receipts (fixture->store, (const char *const *)&item->action_id,
                                          (const char *const *)&item->asset, &receipt, 1, &error));
  g_assert_no_error (error);
}

static void
try_later (Fixture *fixture, GPtrArray *items)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (ac_store_return_work (fixture->store, items, ac_time_now () + HOUR, &error));
  g_assert_no_error (error);
}

/* The outcomes of the mailboxes, in order; and those that failed say by whom they were stopped. */
static void
assert_results (Fixture *fixture, const char *id, const char *status, const char *outcomes)
{
  g_autoptr (JsonObject) action = action_of (fixture->store, id);
  JsonArray *results = ac_json_get_array (action, "results");
  g_autoptr (GString) seen = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (results); i++)
    {
      JsonObject *result = json_array_get_object_element (results, i);
      const char *outcome = ac_json_get_string (result, "outcome");

      g_string_append_printf (seen, "%s%s", i > 0 ? " " : "", outcome);
      if (g_str_equal (outcome, "failed"))
        g_assert_nonnull (strstr (ac_json_get_string (result, "detail"), bob.name));
    }
  g_assert_cmpstr (ac_json_get_string (action, "status"), ==, status);
  g_assert_cmpstr (seen->str, ==, outcomes);
}

/* One that was done, two that were not: the sums and the words say so, undo is about the one. */
static void
test_an_approval_is_stopped_between_its_mailboxes (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = propose_three (fixture);
  g_autoptr (JsonObject) approval = decide_one (fixture->store, AC_DECISION_APPROVE, id);
  g_autoptr (GPtrArray) items = take_one (fixture);
  g_autoptr (JsonObject) after = take_back (fixture->store, approval);
  g_autoptr (JsonObject) again = NULL;
  g_autoptr (JsonObject) undo = NULL;
  g_autoptr (JsonObject) retry = NULL;

  g_assert_cmpint (count_of (after, "waiting"), ==, 1);
  g_assert_cmpint (look (fixture, "SELECT count (*) FROM work"), ==, 1);
  finish (fixture->store, items, AC_OUTCOME_MOVED);
  assert_results (fixture, id, "partlyCompleted", "moved failed failed");
  again = take_back (fixture->store, approval);
  g_assert_cmpstr (ac_json_get_string (again, "status"), ==, "finished");
  g_assert_cmpint (count_of (again, "failed"), ==, 1);
  g_assert_cmpint (look (fixture, "SELECT count (*) FROM audit WHERE event = 'stop'"), ==, 1);

  undo = decide_one (fixture->store, AC_DECISION_UNDO, id);
  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_RESTORED), ==, 1);
  assert_results (fixture, id, "undone", "restored failed failed");
}

static void
test_a_stopped_approval_goes_on_by_a_retry (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = propose_three (fixture);
  g_autoptr (JsonObject) approval = decide_one (fixture->store, AC_DECISION_APPROVE, id);
  g_autoptr (GPtrArray) items = take_one (fixture);
  g_autoptr (JsonObject) after = take_back (fixture->store, approval);
  g_autoptr (JsonObject) retry = NULL;

  finish (fixture->store, items, AC_OUTCOME_MOVED);
  retry = decide_one (fixture->store, AC_DECISION_RETRY, id);
  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_MOVED), ==, 2);
  assert_results (fixture, id, "completed", "moved moved moved");
}

static void
test_an_undo_is_stopped_where_it_is (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = propose_three (fixture);
  g_autoptr (JsonObject) approval = decide_one (fixture->store, AC_DECISION_APPROVE, id);
  g_autoptr (JsonObject) undo = NULL;
  g_autoptr (JsonObject) after = NULL;
  g_autoptr (JsonObject) retry = NULL;
  g_autoptr (GPtrArray) items = NULL;

  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_MOVED), ==, 3);
  undo = decide_one (fixture->store, AC_DECISION_UNDO, id);
  items = take_one (fixture);
  after = take_back (fixture->store, undo);
  g_assert_cmpint (count_of (after, "waiting"), ==, 1);
  finish (fixture->store, items, AC_OUTCOME_RESTORED);
  assert_results (fixture, id, "undoFailed", "restored failed failed");
  retry = decide_one (fixture->store, AC_DECISION_RETRY, id);
  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_RESTORED), ==, 2);
  assert_results (fixture, id, "undone", "restored restored restored");
}

static void
test_an_undo_that_has_not_begun_is_stopped (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = propose_three (fixture);
  g_autoptr (JsonObject) approval = decide_one (fixture->store, AC_DECISION_APPROVE, id);
  g_autoptr (JsonObject) undo = NULL;
  g_autoptr (JsonObject) after = NULL;
  g_autoptr (JsonObject) retry = NULL;

  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_MOVED), ==, 3);
  undo = decide_one (fixture->store, AC_DECISION_UNDO, id);
  after = take_back (fixture->store, undo);
  g_assert_cmpstr (ac_json_get_string (after, "status"), ==, "finished");
  assert_results (fixture, id, "undoFailed", "failed failed failed");
  retry = decide_one (fixture->store, AC_DECISION_RETRY, id);
  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_RESTORED), ==, 3);
  assert_results (fixture, id, "undone", "restored restored restored");
}

/* A retry has done something before, which pending would forget: it fails once more, and says why.
 */
static void
test_a_retry_is_stopped (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = propose_three (fixture);
  g_autoptr (JsonObject) approval = decide_one (fixture->store, AC_DECISION_APPROVE, id);
  g_autoptr (JsonObject) retry = NULL;
  g_autoptr (JsonObject) after = NULL;

  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_FAILED), ==, 3);
  retry = decide_one (fixture->store, AC_DECISION_RETRY, id);
  after = take_back (fixture->store, retry);
  g_assert_cmpstr (ac_json_get_string (after, "status"), ==, "finished");
  g_assert_cmpint (count_of (after, "failed"), ==, 1);
  assert_results (fixture, id, "failed", "failed failed failed");
  assert_too_late (fixture->store, approval);
}

/* What waits for its server to come back is not waited for any more. */
static void
test_what_waits_to_be_tried_again_is_stopped (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = propose_three (fixture);
  g_autoptr (JsonObject) approval = decide_one (fixture->store, AC_DECISION_APPROVE, id);
  g_autoptr (GPtrArray) items = take_one (fixture);
  g_autoptr (JsonObject) after = NULL;

  try_later (fixture, items);
  after = take_back (fixture->store, approval);
  g_assert_cmpstr (ac_json_get_string (after, "status"), ==, "finished");
  assert_results (fixture, id, "failed", "failed failed failed");
}

/* The same when it comes back after that. */
static void
test_what_comes_back_later_is_stopped_then (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = propose_three (fixture);
  g_autoptr (JsonObject) approval = decide_one (fixture->store, AC_DECISION_APPROVE, id);
  g_autoptr (GPtrArray) items = take_one (fixture);
  g_autoptr (JsonObject) after = take_back (fixture->store, approval);

  g_assert_cmpint (count_of (after, "waiting"), ==, 1);
  try_later (fixture, items);
  g_assert_cmpint (look (fixture, "SELECT count (*) FROM work"), ==, 0);
  assert_results (fixture, id, "failed", "failed failed failed");
}

/* Something may have been done to it: only the real system knows, so it is looked at now, once. */
static void
test_what_may_be_half_done_is_looked_at_once_more (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = propose_three (fixture);
  g_autoptr (JsonObject) approval = decide_one (fixture->store, AC_DECISION_APPROVE, id);
  g_autoptr (GPtrArray) items = take_one (fixture);
  g_autoptr (GPtrArray) again = NULL;
  g_autoptr (JsonObject) after = NULL;

  write_receipt (fixture, items);
  try_later (fixture, items);
  after = take_back (fixture->store, approval);
  g_assert_cmpint (count_of (after, "waiting"), ==, 1);
  again = take_one (fixture);
  g_assert_true (((const AcWorkItem *)again->pdata[0])->stopped);
  g_assert_nonnull (((const AcWorkItem *)again->pdata[0])->receipt);
  finish (fixture->store, again, AC_OUTCOME_MOVED);
  assert_results (fixture, id, "partlyCompleted", "moved failed failed");
}

/* The service died with it in its hands. */
static void
test_what_was_stopped_stays_so_after_a_crash (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = propose_three (fixture);
  g_autoptr (JsonObject) approval = decide_one (fixture->store, AC_DECISION_APPROVE, id);
  g_autoptr (GPtrArray) items = take_one (fixture);
  g_autoptr (JsonObject) after = take_back (fixture->store, approval);
  g_autoptr (GError) error = NULL;

  fixture_reopen (fixture);
  g_assert_true (ac_store_recover_work (fixture->store, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_MOVED), ==, 0);
  assert_results (fixture, id, "failed", "failed failed failed");
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
  fixture_test ("/store/take-back/there-is-a-day-to-decide-anew",
                test_there_is_a_day_to_decide_anew);
  fixture_test ("/store/take-back/what-could-not-be-looked-at-is-tried-by-a-later-approval",
                test_what_could_not_be_looked_at_is_tried_by_a_later_approval);
  fixture_test ("/store/take-back/what-has-begun-goes-on", test_what_has_begun_goes_on);
  fixture_test ("/store/take-back/an-approval-is-stopped-between-its-mailboxes",
                test_an_approval_is_stopped_between_its_mailboxes);
  fixture_test ("/store/take-back/a-stopped-approval-goes-on-by-a-retry",
                test_a_stopped_approval_goes_on_by_a_retry);
  fixture_test ("/store/take-back/an-undo-is-stopped-where-it-is",
                test_an_undo_is_stopped_where_it_is);
  fixture_test ("/store/take-back/an-undo-that-has-not-begun-is-stopped",
                test_an_undo_that_has_not_begun_is_stopped);
  fixture_test ("/store/take-back/a-retry-is-stopped", test_a_retry_is_stopped);
  fixture_test ("/store/take-back/what-waits-to-be-tried-again-is-stopped",
                test_what_waits_to_be_tried_again_is_stopped);
  fixture_test ("/store/take-back/what-comes-back-later-is-stopped-then",
                test_what_comes_back_later_is_stopped_then);
  fixture_test ("/store/take-back/what-may-be-half-done-is-looked-at-once-more",
                test_what_may_be_half_done_is_looked_at_once_more);
  fixture_test ("/store/take-back/what-was-stopped-stays-so-after-a-crash",
                test_what_was_stopped_stays_so_after_a_crash);
  fixture_test ("/store/take-back/a-later-approval-stands", test_a_later_approval_stands);
  fixture_test ("/store/take-back/an-unknown-operation-is-named",
                test_an_unknown_operation_is_named);
  return g_test_run ();
}
