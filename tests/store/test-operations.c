/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "model/ac-time.h"
#include "store-fixture.h"

/* Decides and expects to be refused. */
static void
assert_refused (AcStore *store,
                AcDecision decision,
                const char *const *ids,
                AcStoreError code,
                const char *words,
                AcProblem **problem)
{
  g_autoptr (AcOperationRequest) request = ac_operation_request_new (decision, ids, NULL);
  g_autofree char *key = g_uuid_string_random ();
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) operation =
      submit_operation (store, request, key, &bob, NULL, problem, &error);

  g_assert_null (operation);
  g_assert_error (error, AC_STORE_ERROR, (int)code);
  g_assert_nonnull (strstr (error->message, words));
}

static void
test_the_whole_way (Fixture *fixture, gconstpointer data)
{
  g_autofree char *investigation = propose (fixture->store, "x-1", 1, "a@x");
  g_auto (GStrv) ids = ids_of_investigation (fixture->store, investigation);
  g_autoptr (JsonObject) approved = decide_one (fixture->store, AC_DECISION_APPROVE, ids[0]);
  g_autoptr (JsonObject) after_approval = ac_store_get_action (fixture->store, ids[0], NULL);
  g_autoptr (JsonObject) completed = NULL;
  g_autoptr (JsonObject) undo = NULL;
  g_autoptr (JsonObject) undone = NULL;
  g_autoptr (JsonObject) operation = NULL;

  g_assert_cmpstr (ac_json_get_string (approved, "status"), ==, "running");
  g_assert_cmpint (count_of (approved, "waiting"), ==, 1);
  g_assert_cmpstr (ac_json_get_string (after_approval, "status"), ==, "queued");
  g_assert_cmpstr (ac_json_get_string (after_approval, "decidedBy"), ==, "alice");
  g_assert_false (ac_json_get_boolean (after_approval, "undoable", TRUE));

  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_MOVED), ==, 1);
  completed = ac_store_get_action (fixture->store, ids[0], NULL);
  g_assert_cmpstr (ac_json_get_string (completed, "status"), ==, "completed");
  g_assert_true (ac_json_get_boolean (completed, "undoable", FALSE));
  g_assert_cmpuint (length_of (completed, "results"), ==, 1);

  undo = decide_one (fixture->store, AC_DECISION_UNDO, ids[0]);
  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_RESTORED), ==, 1);
  undone = ac_store_get_action (fixture->store, ids[0], NULL);
  g_assert_cmpstr (ac_json_get_string (undone, "status"), ==, "undone");
  g_assert_cmpint (ac_json_get_integer (undone, "version", 0), ==, 7);
  g_assert_cmpuint (length_of (undone, "timeline"), ==, 7);
  operation = get_operation (fixture->store, ac_json_get_string (undo, "id"), NULL);
  g_assert_cmpstr (ac_json_get_string (operation, "status"), ==, "finished");
  g_assert_nonnull (ac_json_get_string (operation, "finishedAt"));
  g_assert_cmpint (count_of (operation, "done"), ==, 1);
}

static void
test_reject_is_finished_at_once (Fixture *fixture, gconstpointer data)
{
  g_autofree char *investigation = propose (fixture->store, "x-1", 3, "a@x");
  g_auto (GStrv) ids = ids_of_investigation (fixture->store, investigation);
  g_autoptr (JsonObject) operation =
      decide (fixture->store, AC_DECISION_REJECT, (const char *const *)ids);
  g_autoptr (JsonObject) read =
      get_operation (fixture->store, ac_json_get_string (operation, "id"), NULL);
  g_autoptr (JsonObject) after = ac_store_get_investigation (fixture->store, investigation, NULL);

  g_assert_cmpstr (ac_json_get_string (operation, "status"), ==, "finished");
  g_assert_cmpint (count_of (operation, "done"), ==, 3);
  g_assert_cmpint (count_of (read, "done"), ==, 3);
  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_MOVED), ==, 0);
  g_assert_cmpstr (ac_json_get_string (after, "status"), ==, "remediated");
}

static void
test_a_conflict_names_the_winner_and_changes_nothing (Fixture *fixture, gconstpointer data)
{
  g_autofree char *investigation = propose (fixture->store, "x-1", 3, "a@x");
  g_auto (GStrv) ids = ids_of_investigation (fixture->store, investigation);
  g_autoptr (JsonObject) first = decide_one (fixture->store, AC_DECISION_APPROVE, ids[1]);
  g_autoptr (AcProblem) problem = NULL;
  g_autofree char *untouched = NULL;
  const AcConflict *conflict;
  gint64 changes = look (fixture, "SELECT count (*) FROM changes");
  gint64 audit = look (fixture, "SELECT count (*) FROM audit");

  assert_refused (fixture->store, AC_DECISION_REJECT, (const char *const *)ids,
                  AC_STORE_ERROR_CONFLICT, "approved by alice on", &problem);
  g_assert_cmpuint (problem->status, ==, 409);
  g_assert_cmpuint (problem->conflicts->len, ==, 1);
  conflict = problem->conflicts->pdata[0];
  g_assert_cmpstr (conflict->action_id, ==, ids[1]);
  g_assert_cmpstr (conflict->status, ==, "queued");
  g_assert_cmpstr (conflict->decision, ==, "approve");
  g_assert_cmpstr (conflict->decided_by, ==, "alice");
  g_assert_cmpint (conflict->decided_at, !=, AC_TIME_NONE);
  untouched = status_of (fixture->store, ids[0]);
  g_assert_cmpstr (untouched, ==, "pending");
  g_assert_cmpint (look (fixture, "SELECT count (*) FROM changes"), ==, changes);
  g_assert_cmpint (look (fixture, "SELECT count (*) FROM audit"), ==, audit);
}

static void
test_an_unknown_id_is_named (Fixture *fixture, gconstpointer data)
{
  g_autofree char *investigation = propose (fixture->store, "x-1", 1, "a@x");
  g_auto (GStrv) ids = ids_of_investigation (fixture->store, investigation);
  const char *asked[] = { ids[0], "no-such-action", NULL };
  g_autofree char *status = NULL;

  assert_refused (fixture->store, AC_DECISION_APPROVE, asked, AC_STORE_ERROR_NOT_FOUND,
                  "no-such-action", NULL);
  status = status_of (fixture->store, ids[0]);
  g_assert_cmpstr (status, ==, "pending");
}

static void
test_undo_of_mixed_types_lists_them (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonObject) investigation =
      post (fixture->store,
            "{'externalId':'m','title':'t','actions':["
            "{'type':'softDeleteEmail','verdict':'malicious','assets':['a@x'],"
            " 'entity':{'type':'emailMessage','messageId':'<1@x>'}},"
            "{'type':'blockUrl','verdict':'malicious','assets':['proxy'],"
            " 'entity':{'type':'url','url':'https://x.example/'}}]}",
            NULL);
  g_auto (GStrv) ids =
      ids_of_investigation (fixture->store, ac_json_get_string (investigation, "id"));
  g_autoptr (JsonObject) approved =
      decide (fixture->store, AC_DECISION_APPROVE, (const char *const *)ids);

  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_MOVED), ==, 2);
  assert_refused (fixture->store, AC_DECISION_UNDO, (const char *const *)ids,
                  AC_STORE_ERROR_MIXED_TYPES, "softDeleteEmail, blockUrl", NULL);
}

static void
test_nothing_moved_is_nothing_to_undo (Fixture *fixture, gconstpointer data)
{
  g_autofree char *investigation = propose (fixture->store, "x-1", 1, "a@x");
  g_auto (GStrv) ids = ids_of_investigation (fixture->store, investigation);
  g_autoptr (JsonObject) approved = decide_one (fixture->store, AC_DECISION_APPROVE, ids[0]);
  g_autoptr (JsonObject) action = NULL;
  g_autoptr (JsonObject) operation = NULL;
  g_autoptr (AcProblem) problem = NULL;

  work_off (fixture->store, AC_OUTCOME_NOT_FOUND);
  action = ac_store_get_action (fixture->store, ids[0], NULL);
  operation = get_operation (fixture->store, ac_json_get_string (approved, "id"), NULL);
  g_assert_cmpstr (ac_json_get_string (action, "status"), ==, "completed");
  g_assert_false (ac_json_get_boolean (action, "undoable", TRUE));
  g_assert_cmpstr (ac_json_get_string (action, "undoNote"), ==,
                   "Nothing was moved, so there is nothing to undo.");
  g_assert_cmpint (count_of (operation, "skipped"), ==, 1);
  assert_refused (fixture->store, AC_DECISION_UNDO, (const char *const *)ids,
                  AC_STORE_ERROR_CONFLICT, "nothing to undo", &problem);
  g_assert_cmpuint (problem->conflicts->len, ==, 1);
}

static void
test_the_same_key_acts_once (Fixture *fixture, gconstpointer data)
{
  static const char comment[] = "Why \"so\"?\n\\ \x01 \xc3\xbc";
  g_autofree char *investigation = propose (fixture->store, "x-1", 2, "a@x");
  g_auto (GStrv) ids = ids_of_investigation (fixture->store, investigation);
  g_autoptr (AcOperationRequest) request =
      ac_operation_request_new (AC_DECISION_APPROVE, (const char *const *)ids, comment);
  g_autoptr (GBytes) first = NULL;

  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (GError) error = NULL;
      gboolean replayed;
      g_autoptr (JsonObject) answer =
          submit_operation (fixture->store, request, "key-1", &alice, &replayed, NULL, &error);
      g_autoptr (GBytes) bytes = NULL;

      g_assert_no_error (error);
      g_assert_cmpint (replayed, ==, i > 0);
      g_assert_cmpstr (ac_json_get_string (answer, "comment"), ==, comment);
      bytes = ac_json_object_to_bytes (answer);
      if (first == NULL)
        first = g_bytes_ref (bytes);
      /* Also after the work is done the first answer is given. */
      g_assert_true (g_bytes_equal (first, bytes));
      if (i == 2)
        g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_MOVED), ==, 2);
    }
  g_assert_cmpint (look (fixture, "SELECT count (*) FROM operations"), ==, 1);
  g_assert_cmpint (look (fixture, "SELECT count (*) FROM audit WHERE event = 'approve' "
                                  "AND kind = 'action'"),
                   ==, 2);
}

static void
test_a_key_stands_for_one_request_of_one_actor (Fixture *fixture, gconstpointer data)
{
  g_autofree char *investigation = propose (fixture->store, "x-1", 2, "a@x");
  g_auto (GStrv) ids = ids_of_investigation (fixture->store, investigation);
  const char *only_first[] = { ids[0], NULL };
  const char *only_second[] = { ids[1], NULL };
  g_autoptr (AcOperationRequest) one =
      ac_operation_request_new (AC_DECISION_APPROVE, only_first, NULL);
  g_autoptr (AcOperationRequest) other =
      ac_operation_request_new (AC_DECISION_APPROVE, only_second, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) first =
      submit_operation (fixture->store, one, "key", &alice, NULL, NULL, &error);
  g_autoptr (JsonObject) second =
      submit_operation (fixture->store, other, "key", &alice, NULL, NULL, &error);
  g_autoptr (JsonObject) third = NULL;

  g_assert_nonnull (first);
  g_assert_null (second);
  g_assert_error (error, AC_STORE_ERROR, AC_STORE_ERROR_KEY_REUSED);
  g_clear_error (&error);
  third = submit_operation (fixture->store, other, "key", &bob, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (ac_json_get_string (first, "id"), !=, ac_json_get_string (third, "id"));
}

typedef struct
{
  AcStore *store;
  GStrv ids;
  const AcActor *actor;
  guint n_won;
  guint n_lost;
} Rival;

static gpointer
rival_thread (gpointer data)
{
  Rival *rival = data;

  for (char **id = rival->ids; *id != NULL; id++)
    {
      const char *ids[] = { *id, NULL };
      g_autoptr (AcOperationRequest) request =
          ac_operation_request_new (AC_DECISION_APPROVE, ids, NULL);
      g_autofree char *key = g_uuid_string_random ();
      g_autoptr (AcProblem) problem = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonObject) operation =
          submit_operation (rival->store, request, key, rival->actor, NULL, &problem, &error);

      if (operation != NULL)
        {
          rival->n_won++;
          continue;
        }
      g_assert_error (error, AC_STORE_ERROR, AC_STORE_ERROR_CONFLICT);
      g_assert_cmpuint (problem->conflicts->len, ==, 1);
      g_assert_cmpstr (((const AcConflict *)problem->conflicts->pdata[0])->decided_by, !=,
                       rival->actor->name);
      rival->n_lost++;
    }
  return NULL;
}

static void
test_two_who_decide_at_once_have_one_winner_each (Fixture *fixture, gconstpointer data)
{
  const guint n = scaled (100);
  g_autofree char *investigation = propose (fixture->store, "x-1", n, "a@x");
  g_auto (GStrv) ids = ids_of_investigation (fixture->store, investigation);
  Rival one = { fixture->store, ids, &alice, 0, 0 };
  Rival other = { fixture->store, ids, &bob, 0, 0 };
  GThread *first = g_thread_new ("one", rival_thread, &one);
  GThread *second = g_thread_new ("other", rival_thread, &other);

  g_thread_join (first);
  g_thread_join (second);
  g_test_message ("alice decided %u, bob %u", one.n_won, other.n_won);
  g_assert_cmpuint (one.n_won + other.n_won, ==, n);
  g_assert_cmpuint (one.n_won + one.n_lost, ==, n);
  g_assert_cmpuint (other.n_won + other.n_lost, ==, n);
  g_assert_cmpint (look (fixture, "SELECT count (*) FROM audit WHERE event = 'approve' "
                                  "AND kind = 'action'"),
                   ==, n);
}

typedef struct
{
  AcStore *store;
  const char *investigation;
  int stop; /* atomic */
  guint n_reads;
} Reader;

/* An investigation, a list and the change log that are each of one moment. */
static gpointer
reader_thread (gpointer data)
{
  Reader *reader = data;
  g_autofree char *token = NULL;

  while (!g_atomic_int_get (&reader->stop))
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (AcActionFilter) filter = ac_action_filter_new ();
      g_autoptr (JsonObject) page = NULL;
      g_autoptr (JsonObject) investigation = NULL;
      g_autoptr (JsonObject) changes = NULL;

      filter->statuses = g_strsplit ("pending", ",", -1);
      filter->limit = 1000;
      page = read_actions (reader->store, filter, &error);
      g_assert_no_error (error);
      g_assert_cmpint (ac_json_get_integer (page, "total", -1), ==, length_of (page, "items"));
      g_assert_cmpuint (length_of (page, "items") % 10, ==, 0);
      investigation = ac_store_get_investigation (reader->store, reader->investigation, &error);
      g_assert_no_error (error);
      changes = read_changes (reader->store, token, 50, &error);
      g_assert_no_error (error);
      g_free (token);
      token = g_strdup (ac_json_get_string (changes, "next"));
      reader->n_reads++;
    }
  return NULL;
}

static void
test_readers_see_whole_operations_only (Fixture *fixture, gconstpointer data)
{
  const guint n = scaled (400);
  g_autofree char *investigation = propose (fixture->store, "x-1", n, "a@x");
  g_auto (GStrv) ids = ids_of_investigation (fixture->store, investigation);
  Reader readers[3] = { 0 };
  GThread *threads[3];

  for (guint i = 0; i < G_N_ELEMENTS (readers); i++)
    {
      readers[i].store = fixture->store;
      readers[i].investigation = investigation;
      threads[i] = g_thread_new ("reader", reader_thread, &readers[i]);
    }
  for (guint i = 0; i < n; i += 10)
    {
      const char *part[11] = { NULL };
      g_autoptr (JsonObject) operation = NULL;

      for (guint j = 0; j < 10; j++)
        part[j] = ids[i + j];
      operation =
          decide (fixture->store, i % 20 == 0 ? AC_DECISION_APPROVE : AC_DECISION_REJECT, part);
    }
  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_MOVED), ==, n / 2);
  for (guint i = 0; i < G_N_ELEMENTS (readers); i++)
    {
      g_atomic_int_set (&readers[i].stop, 1);
      g_thread_join (threads[i]);
      g_assert_cmpuint (readers[i].n_reads, >, 0);
    }
}

/* Ends the work of one asset of an action one way, of the other another way. */
static void
end_assets (AcStore *store, const char *asset, AcOutcome outcome, AcOutcome other_outcome)
{
  for (;;)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) items = ac_store_take_work (store, NULL, 10, &error);

      g_assert_no_error (error);
      if (items->len == 0)
        return;
      finish (store, items,
              g_str_equal (((const AcWorkItem *)items->pdata[0])->asset, asset) ? outcome
                                                                                : other_outcome);
    }
}

static void
test_part_failures_are_tried_again_and_undone_by_asset (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonObject) investigation =
      post (fixture->store,
            "{'externalId':'m','title':'t','actions':["
            "{'type':'softDeleteEmail','verdict':'malicious','assets':['a@x','b@x','c@x'],"
            " 'entity':{'type':'emailMessage','messageId':'<1@x>'}}]}",
            NULL);
  g_auto (GStrv) ids =
      ids_of_investigation (fixture->store, ac_json_get_string (investigation, "id"));
  g_autoptr (JsonObject) approve = decide_one (fixture->store, AC_DECISION_APPROVE, ids[0]);
  g_autoptr (JsonObject) partly = NULL;
  g_autoptr (JsonObject) operation = NULL;
  g_autoptr (JsonObject) retry = NULL;
  g_autoptr (JsonObject) undo = NULL;
  g_autoptr (JsonObject) undo_again = NULL;
  g_autofree char *completed = NULL;
  g_autofree char *failed = NULL;
  g_autofree char *undone = NULL;

  end_assets (fixture->store, "b@x", AC_OUTCOME_FAILED, AC_OUTCOME_MOVED);
  partly = ac_store_get_action (fixture->store, ids[0], NULL);
  g_assert_cmpstr (ac_json_get_string (partly, "status"), ==, "partlyCompleted");
  g_assert_true (ac_json_get_boolean (partly, "undoable", FALSE));
  operation = get_operation (fixture->store, ac_json_get_string (approve, "id"), NULL);
  g_assert_cmpint (count_of (operation, "failed"), ==, 1);
  g_assert_nonnull (strstr (
      ac_json_get_string (json_array_get_object_element (ac_json_get_array (operation, "items"), 0),
                          "detail"),
      "b@x: In words."));

  retry = decide_one (fixture->store, AC_DECISION_RETRY, ids[0]);
  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_NOT_FOUND), ==, 1);
  completed = status_of (fixture->store, ids[0]);
  g_assert_cmpstr (completed, ==, "completed");

  undo = decide_one (fixture->store, AC_DECISION_UNDO, ids[0]);
  end_assets (fixture->store, "a@x", AC_OUTCOME_FAILED, AC_OUTCOME_RESTORED);
  failed = status_of (fixture->store, ids[0]);
  g_assert_cmpstr (failed, ==, "undoFailed");
  undo_again = decide_one (fixture->store, AC_DECISION_RETRY, ids[0]);
  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_RESTORED), ==, 1);
  undone = status_of (fixture->store, ids[0]);
  g_assert_cmpstr (undone, ==, "undone");
}

static void
test_ten_thousand_in_one_operation (Fixture *fixture, gconstpointer data)
{
  const guint n = scaled (10000);
  g_autofree char *investigation = propose (fixture->store, "x-1", n, "a@x");
  g_auto (GStrv) ids = ids_of_investigation (fixture->store, investigation);
  g_autoptr (JsonObject) operation =
      decide (fixture->store, AC_DECISION_APPROVE, (const char *const *)ids);
  g_autoptr (JsonObject) counts = NULL;

  g_assert_cmpint (count_of (operation, "total"), ==, n);
  g_assert_cmpint (count_of (operation, "waiting"), ==, n);
  g_assert_cmpuint (length_of (operation, "items"), ==, n);
  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_MOVED), ==, n);
  counts = get_operation_counts (fixture->store, ac_json_get_string (operation, "id"), NULL);
  g_assert_cmpint (count_of (counts, "done"), ==, n);
  g_assert_cmpint (count_of (counts, "waiting"), ==, 0);
  g_assert_false (json_object_has_member (counts, "items"));
}

static void
test_an_unknown_operation_is_not_found (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) operation = get_operation (fixture->store, "nothing", &error);

  g_assert_null (operation);
  g_assert_error (error, AC_STORE_ERROR, AC_STORE_ERROR_NOT_FOUND);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/store/operations/the-whole-way", test_the_whole_way);
  fixture_test ("/store/operations/reject-is-finished-at-once", test_reject_is_finished_at_once);
  fixture_test ("/store/operations/a-conflict-names-the-winner-and-changes-nothing",
                test_a_conflict_names_the_winner_and_changes_nothing);
  fixture_test ("/store/operations/an-unknown-id-is-named", test_an_unknown_id_is_named);
  fixture_test ("/store/operations/undo-of-mixed-types-lists-them",
                test_undo_of_mixed_types_lists_them);
  fixture_test ("/store/operations/nothing-moved-is-nothing-to-undo",
                test_nothing_moved_is_nothing_to_undo);
  fixture_test ("/store/operations/the-same-key-acts-once", test_the_same_key_acts_once);
  fixture_test ("/store/operations/a-key-stands-for-one-request-of-one-actor",
                test_a_key_stands_for_one_request_of_one_actor);
  fixture_test ("/store/operations/two-who-decide-at-once-have-one-winner-each",
                test_two_who_decide_at_once_have_one_winner_each);
  fixture_test ("/store/operations/readers-see-whole-operations-only",
                test_readers_see_whole_operations_only);
  fixture_test ("/store/operations/part-failures-are-tried-again-and-undone-by-asset",
                test_part_failures_are_tried_again_and_undone_by_asset);
  fixture_test ("/store/operations/ten-thousand-in-one-operation",
                test_ten_thousand_in_one_operation);
  fixture_test ("/store/operations/an-unknown-operation-is-not-found",
                test_an_unknown_operation_is_not_found);
  return g_test_run ();
}
