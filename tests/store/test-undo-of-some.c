/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An undo, or a retry, for some of the assets of an action only. */
#include "config.h"

#include <string.h>

#include "model/ac-time.h"
#include "store-fixture.h"

/* One action in three mailboxes; its id. */
static char *
propose_for_three (AcStore *store, const char *type)
{
  g_autofree char *text = g_strdup_printf (
      "{'externalId':'three','title':'t','actions':[{'type':'%s','verdict':'malicious',"
      "'assets':['a@x','b@x','c@x'],'entity':{'type':'emailMessage','messageId':'<1@x>'}}]}",
      type);
  g_autoptr (JsonObject) investigation = post (store, text, NULL);
  g_auto (GStrv) ids = ids_of_investigation (store, ac_json_get_string (investigation, "id"));

  return g_strdup (ids[0]);
}

static AcOperationRequest *
new_request (AcDecision decision, const char *id, const char *assets, const char *comment)
{
  const char *ids[] = { id, NULL };
  AcOperationRequest *request = ac_operation_request_new (decision, ids, comment);
  g_auto (GStrv) names = g_strsplit (assets, " ", -1);

  ac_operation_request_set_assets (request, (const char *const *)names);
  return request;
}

static JsonObject *
decide_for (AcStore *store, AcDecision decision, const char *id, const char *assets)
{
  g_autoptr (AcOperationRequest) request = new_request (decision, id, assets, NULL);
  g_autofree char *key = g_uuid_string_random ();
  g_autoptr (GError) error = NULL;
  JsonObject *operation = submit_operation (store, request, key, &alice, NULL, NULL, &error);

  g_assert_no_error (error);
  return operation;
}

static void
assert_refused (AcStore *store,
                AcDecision decision,
                const char *id,
                const char *assets,
                AcStoreError code,
                const char *words)
{
  g_autoptr (AcOperationRequest) request = new_request (decision, id, assets, NULL);
  g_autofree char *key = g_uuid_string_random ();
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) operation =
      submit_operation (store, request, key, &bob, NULL, NULL, &error);

  g_assert_null (operation);
  g_assert_error (error, AC_STORE_ERROR, (int)code);
  if (strstr (error->message, words) == NULL)
    g_error ("“%s” is not in: %s", words, error->message);
}

static gint
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* Ends all work: with @other on the asset, with @outcome on all others. Returns the assets. */
static char *
work_off_but (AcStore *store, AcOutcome outcome, const char *asset, AcOutcome other)
{
  g_autoptr (GPtrArray) assets = g_ptr_array_new_with_free_func (g_free);

  for (;;)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) items = ac_store_take_work (store, NULL, 200, &error);
      const AcWorkItem *item;

      g_assert_no_error (error);
      if (items->len == 0)
        break;
      item = items->pdata[0];
      g_ptr_array_add (assets, g_strdup (item->asset));
      finish (store, items, g_strcmp0 (item->asset, asset) == 0 ? other : outcome);
    }
  g_ptr_array_sort (assets, compare_texts);
  g_ptr_array_add (assets, NULL);
  return g_strjoinv (" ", (char **)assets->pdata);
}

static void
assert_status (AcStore *store, const char *id, const char *expected)
{
  g_autofree char *status = status_of (store, id);

  g_assert_cmpstr (status, ==, expected);
}

/* The assets for which an undo alone would bring something back. */
static char *
undoable_of (AcStore *store, const char *id)
{
  g_autoptr (JsonObject) action = ac_store_get_action (store, id, NULL);
  JsonArray *results = ac_json_get_array (action, "results");
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (results); i++)
    {
      JsonObject *result = json_array_get_object_element (results, i);

      if (ac_json_get_boolean (result, "undoable", FALSE))
        g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "",
                                ac_json_get_string (result, "asset"));
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
assert_undoable (AcStore *store, const char *id, const char *expected)
{
  g_autofree char *undoable = undoable_of (store, id);

  g_assert_cmpstr (undoable, ==, expected);
}

/* How many results of the first action of the list are said to be undoable. */
static guint
count_undoable_in_list (AcStore *store)
{
  g_autoptr (AcActionFilter) filter = ac_action_filter_new ();
  g_autoptr (JsonObject) page = read_actions (store, filter, NULL);
  JsonObject *action = json_array_get_object_element (ac_json_get_array (page, "items"), 0);
  JsonArray *results = ac_json_get_array (action, "results");
  guint n = 0;

  for (guint i = 0; i < json_array_get_length (results); i++)
    n += ac_json_get_boolean (json_array_get_object_element (results, i), "undoable", FALSE) !=
         FALSE;
  return n;
}

/* Whether a retry says of its only action that it was to be undone. */
static gboolean
is_undo (JsonObject *operation)
{
  JsonArray *items = ac_json_get_array (operation, "items");

  return ac_json_get_boolean (json_array_get_object_element (items, 0), "undo", FALSE);
}

static char *
carried_out (AcStore *store)
{
  char *id = propose_for_three (store, "softDeleteEmail");
  g_autoptr (JsonObject) operation = decide_one (store, AC_DECISION_APPROVE, id);

  g_assert_cmpuint (work_off (store, AC_OUTCOME_MOVED), ==, 3);
  return id;
}

static void
test_some_then_the_rest (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = carried_out (fixture->store);
  g_autoptr (JsonObject) first = decide_for (fixture->store, AC_DECISION_UNDO, id, "b@x");
  g_autofree char *worked =
      work_off_but (fixture->store, AC_OUTCOME_RESTORED, NULL, AC_OUTCOME_RESTORED);
  g_autoptr (JsonObject) action = ac_store_get_action (fixture->store, id, NULL);
  g_autoptr (JsonObject) operation =
      get_operation (fixture->store, ac_json_get_string (first, "id"), NULL);
  g_autoptr (JsonObject) second = NULL;
  g_autofree char *rest = NULL;

  g_assert_cmpstr (worked, ==, "b@x");
  g_assert_cmpstr (ac_json_get_string (action, "status"), ==, "completed");
  g_assert_true (ac_json_get_boolean (action, "undoable", FALSE));
  g_assert_nonnull (strstr (ac_json_get_string (action, "undoNote"), "in 2 places"));
  assert_undoable (fixture->store, id, "a@x c@x");
  g_assert_cmpuint (count_undoable_in_list (fixture->store), ==, 2);
  g_assert_cmpint (count_of (operation, "done"), ==, 1);
  g_assert_cmpuint (length_of (operation, "assets"), ==, 1);
  g_assert_cmpint (look (fixture, "SELECT count (*) FROM actions WHERE undo_state = 'undoable' "
                                  "AND moved = 2"),
                   ==, 1);

  second = decide_one (fixture->store, AC_DECISION_UNDO, id);
  g_assert_false (json_object_has_member (second, "assets"));
  rest = work_off_but (fixture->store, AC_OUTCOME_RESTORED, NULL, AC_OUTCOME_RESTORED);
  g_assert_cmpstr (rest, ==, "a@x c@x");
  assert_status (fixture->store, id, "undone");
}

/* What a search of the mailboxes says of the action on the message in each of them. */
static char *
statuses_in_mailboxes (AcStore *store)
{
  g_autoptr (JsonArray) items = json_array_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  for (const char *const *mailbox = (const char *const[]){ "a@x", "b@x", "c@x", NULL };
       *mailbox != NULL; mailbox++)
    {
      JsonObject *item = json_object_new ();

      json_object_set_string_member (item, "messageId", "<1@x>");
      json_object_set_string_member (item, "mailbox", *mailbox);
      json_array_add_object_element (items, item);
    }
  ac_store_know_messages (store, items, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < json_array_get_length (items); i++)
    {
      JsonArray *actions = ac_json_get_array (json_array_get_object_element (items, i), "actions");

      g_assert_cmpuint (json_array_get_length (actions), ==, 1);
      g_string_append_printf (
          text, "%s%s", i > 0 ? " " : "",
          ac_json_get_string (json_array_get_object_element (actions, 0), "status"));
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
test_each_mailbox_has_its_own_status (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = carried_out (fixture->store);
  g_autoptr (JsonObject) operation = decide_for (fixture->store, AC_DECISION_UNDO, id, "b@x");
  g_autofree char *under_way = statuses_in_mailboxes (fixture->store);
  g_autofree char *worked =
      work_off_but (fixture->store, AC_OUTCOME_RESTORED, NULL, AC_OUTCOME_RESTORED);
  g_autofree char *after = statuses_in_mailboxes (fixture->store);

  g_assert_cmpstr (under_way, ==, "completed undoQueued completed");
  g_assert_cmpstr (after, ==, "completed undone completed");
}

static void
test_one_after_the_other_is_all (Fixture *fixture, gconstpointer data)
{
  static const char *const order[] = { "c@x", "a@x", "b@x" };
  g_autofree char *id = carried_out (fixture->store);

  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    {
      g_autoptr (JsonObject) undo = decide_for (fixture->store, AC_DECISION_UNDO, id, order[i]);

      g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_RESTORED), ==, 1);
      assert_status (fixture->store, id, i < 2 ? "completed" : "undone");
    }
}

/* The audit log and the timeline name the assets, before what the person says. */
static void
test_the_audit_names_the_assets (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = carried_out (fixture->store);
  g_autoptr (AcOperationRequest) request =
      new_request (AC_DECISION_UNDO, id, "a@x c@x", "They asked.");
  g_autoptr (JsonObject) operation =
      submit_operation (fixture->store, request, "key", &bob, NULL, NULL, NULL);
  g_autoptr (JsonObject) action = NULL;
  JsonArray *timeline;
  JsonObject *entry;
  guint64 n_rows;

  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_RESTORED), ==, 2);
  action = ac_store_get_action (fixture->store, id, NULL);
  timeline = ac_json_get_array (action, "timeline");
  entry = json_array_get_object_element (timeline, json_array_get_length (timeline) - 3);
  g_assert_cmpstr (ac_json_get_string (entry, "event"), ==, "undo");
  g_assert_cmpstr (ac_json_get_string (entry, "actor"), ==, "bob");
  g_assert_cmpstr (ac_json_get_string (entry, "comment"), ==, "Only for a@x, c@x.\nThey asked.");
  entry = json_array_get_object_element (timeline, json_array_get_length (timeline) - 1);
  g_assert_cmpstr (ac_json_get_string (entry, "event"), ==, "undoSome");
  g_assert_cmpstr (ac_json_get_string (entry, "after"), ==, "completed");
  g_assert_cmpstr (ac_json_get_string (operation, "comment"), ==, "They asked.");
  g_assert_true (ac_store_verify_audit (fixture->store, &n_rows, NULL));
}

static void
test_what_was_never_carried_out_shows_again (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = propose_for_three (fixture->store, "quarantineEmail");
  g_autoptr (JsonObject) approval = decide_one (fixture->store, AC_DECISION_APPROVE, id);
  g_autofree char *all = work_off_but (fixture->store, AC_OUTCOME_MOVED, "c@x", AC_OUTCOME_FAILED);
  g_autoptr (JsonObject) undo = NULL;
  g_autoptr (JsonObject) retry = NULL;
  g_autofree char *retried = NULL;

  assert_status (fixture->store, id, "partlyCompleted");
  undo = decide_for (fixture->store, AC_DECISION_UNDO, id, "a@x");
  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_RESTORED), ==, 1);
  assert_status (fixture->store, id, "partlyCompleted");
  /* Retry is for what failed, and not for what somebody wanted back. */
  retry = decide_one (fixture->store, AC_DECISION_RETRY, id);
  g_assert_false (is_undo (retry));
  retried = work_off_but (fixture->store, AC_OUTCOME_MOVED, NULL, AC_OUTCOME_MOVED);
  g_assert_cmpstr (retried, ==, "c@x");
  assert_status (fixture->store, id, "completed");
  assert_undoable (fixture->store, id, "b@x c@x");
}

/* Two of three were carried out, and one of the two is undone by its name. */
static char *
one_is_left (Fixture *fixture)
{
  g_autofree char *id = propose_for_three (fixture->store, "quarantineEmail");
  g_autoptr (JsonObject) approval = decide_one (fixture->store, AC_DECISION_APPROVE, id);
  g_autofree char *worked =
      work_off_but (fixture->store, AC_OUTCOME_MOVED, "c@x", AC_OUTCOME_FAILED);
  g_autoptr (JsonObject) undo = decide_for (fixture->store, AC_DECISION_UNDO, id, "a@x");

  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_RESTORED), ==, 1);
  g_assert_cmpuint (count_undoable_in_list (fixture->store), ==, 1);
  return g_steal_pointer (&id);
}

static void
test_what_was_never_carried_out_outlives_the_others (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = one_is_left (fixture);
  g_autoptr (JsonObject) undo = decide_for (fixture->store, AC_DECISION_UNDO, id, "b@x");
  g_autoptr (JsonObject) retry = NULL;
  g_autofree char *retried = NULL;

  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_RESTORED), ==, 1);
  assert_status (fixture->store, id, "partlyCompleted");
  assert_undoable (fixture->store, id, "");
  retry = decide_one (fixture->store, AC_DECISION_RETRY, id);
  g_assert_false (is_undo (retry));
  retried = work_off_but (fixture->store, AC_OUTCOME_MOVED, NULL, AC_OUTCOME_MOVED);
  g_assert_cmpstr (retried, ==, "c@x");
  assert_status (fixture->store, id, "completed");
  assert_undoable (fixture->store, id, "c@x");
}

/* The retry of an undo for some goes on with that. */
static void
test_a_retry_ends_as_the_undo_would_have (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = one_is_left (fixture);
  g_autoptr (JsonObject) undo = decide_for (fixture->store, AC_DECISION_UNDO, id, "b@x");
  g_autoptr (JsonObject) retry = NULL;

  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_FAILED), ==, 1);
  assert_status (fixture->store, id, "undoFailed");
  retry = decide_one (fixture->store, AC_DECISION_RETRY, id);
  g_assert_true (is_undo (retry));
  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_RESTORED), ==, 1);
  assert_status (fixture->store, id, "partlyCompleted");
}

/* As does one for some, of an undo of all. */
static void
test_a_retry_for_some_ends_an_undo_of_all (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = one_is_left (fixture);
  g_autoptr (JsonObject) undo = decide_one (fixture->store, AC_DECISION_UNDO, id);
  g_autoptr (JsonObject) retry = NULL;

  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_FAILED), ==, 1);
  retry = decide_for (fixture->store, AC_DECISION_RETRY, id, "b@x");
  g_assert_true (is_undo (retry));
  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_RESTORED), ==, 1);
  assert_status (fixture->store, id, "undone");
}

/* Whoever undoes all of an action means that nobody tries again. */
static void
test_undo_of_all_ends_it (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = one_is_left (fixture);
  g_autoptr (JsonObject) undo = decide_one (fixture->store, AC_DECISION_UNDO, id);

  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_RESTORED), ==, 1);
  assert_status (fixture->store, id, "undone");
  assert_undoable (fixture->store, id, "");
}

static void
test_a_retry_is_for_what_was_asked_for (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = carried_out (fixture->store);
  g_autoptr (JsonObject) undo = decide_for (fixture->store, AC_DECISION_UNDO, id, "a@x b@x");
  g_autofree char *worked =
      work_off_but (fixture->store, AC_OUTCOME_RESTORED, "b@x", AC_OUTCOME_FAILED);
  g_autoptr (JsonObject) retry = NULL;
  g_autofree char *retried = NULL;

  g_assert_cmpstr (worked, ==, "a@x b@x");
  assert_status (fixture->store, id, "undoFailed");
  retry = decide_one (fixture->store, AC_DECISION_RETRY, id);
  g_assert_true (is_undo (retry));
  retried = work_off_but (fixture->store, AC_OUTCOME_RESTORED, NULL, AC_OUTCOME_RESTORED);
  g_assert_cmpstr (retried, ==, "b@x");
  assert_status (fixture->store, id, "completed");
  assert_undoable (fixture->store, id, "c@x");
}

/* One mailbox that cannot be undone keeps no other from it, and stays the one that failed. */
static void
test_what_failed_does_not_hold_up_the_others (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = carried_out (fixture->store);
  g_autoptr (JsonObject) undo = decide_for (fixture->store, AC_DECISION_UNDO, id, "a@x");
  g_autoptr (JsonObject) others = NULL;
  g_autoptr (JsonObject) retry = NULL;

  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_CONFLICT), ==, 1);
  assert_status (fixture->store, id, "undoFailed");
  others = decide_for (fixture->store, AC_DECISION_RETRY, id, "b@x c@x");
  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_RESTORED), ==, 2);
  assert_status (fixture->store, id, "undoFailed");
  assert_undoable (fixture->store, id, "a@x");
  retry = decide_one (fixture->store, AC_DECISION_RETRY, id);
  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_RESTORED), ==, 1);
  assert_status (fixture->store, id, "undone");
}

static void
test_a_retry_for_some (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = propose_for_three (fixture->store, "softDeleteEmail");
  g_autoptr (JsonObject) approval = decide_one (fixture->store, AC_DECISION_APPROVE, id);
  g_autoptr (JsonObject) retry = NULL;

  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_FAILED), ==, 3);
  retry = decide_for (fixture->store, AC_DECISION_RETRY, id, "b@x");
  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_MOVED), ==, 1);
  assert_status (fixture->store, id, "partlyCompleted");
  assert_refused (fixture->store, AC_DECISION_RETRY, id, "b@x", AC_STORE_ERROR_CONFLICT,
                  "nothing to try again for “b@x”");
}

static void
test_bad_assets_are_named (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = carried_out (fixture->store);
  g_autoptr (JsonObject) undo = decide_for (fixture->store, AC_DECISION_UNDO, id, "a@x");
  g_autoptr (GError) error = NULL;
  gint64 changes;

  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_RESTORED), ==, 1);
  changes = look (fixture, "SELECT count (*) FROM changes");
  assert_refused (fixture->store, AC_DECISION_UNDO, id, "b@x d@x", AC_STORE_ERROR_BAD_ASSETS,
                  "“d@x” is no asset");
  assert_refused (fixture->store, AC_DECISION_UNDO, id, "B@X", AC_STORE_ERROR_BAD_ASSETS, "“B@X”");
  assert_refused (fixture->store, AC_DECISION_UNDO, id, "b@x a@x", AC_STORE_ERROR_CONFLICT,
                  "nothing to undo for “a@x”: it was undone there before");
  assert_refused (fixture->store, AC_DECISION_RETRY, id, "b@x", AC_STORE_ERROR_CONFLICT,
                  "is now completed");
  assert_undoable (fixture->store, id, "b@x c@x");
  g_assert_cmpint (look (fixture, "SELECT count (*) FROM changes"), ==, changes);
  g_assert_cmpint (look (fixture, "SELECT count (*) FROM work"), ==, 0);
}

static void
test_where_nothing_was_moved_nothing_is_undone (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = propose_for_three (fixture->store, "softDeleteEmail");
  g_autoptr (JsonObject) approval = decide_one (fixture->store, AC_DECISION_APPROVE, id);
  g_autofree char *all =
      work_off_but (fixture->store, AC_OUTCOME_MOVED, "b@x", AC_OUTCOME_NOT_FOUND);
  g_autoptr (JsonObject) undo = NULL;

  assert_refused (fixture->store, AC_DECISION_UNDO, id, "b@x", AC_STORE_ERROR_CONFLICT,
                  "nothing was changed there");
  undo = decide_for (fixture->store, AC_DECISION_UNDO, id, "a@x c@x");
  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_RESTORED), ==, 2);
  assert_status (fixture->store, id, "undone");
}

static void
test_a_cluster_is_undone_as_a_whole (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonObject) investigation =
      post (fixture->store,
            "{'externalId':'k','title':'t','actions':[{'type':'softDeleteEmailCluster',"
            "'verdict':'malicious','assets':['a@x','b@x'],"
            "'entity':{'type':'emailCluster','name':'k','senderDomain':'evil.test'}}]}",
            NULL);
  g_auto (GStrv) ids =
      ids_of_investigation (fixture->store, ac_json_get_string (investigation, "id"));

  poke (fixture, "UPDATE actions SET status = 'completed', moved = 2;"
                 "UPDATE action_assets SET moved = 1, outcome = 'moved', at = 1");
  assert_refused (fixture->store, AC_DECISION_UNDO, ids[0], "a@x", AC_STORE_ERROR_BAD_ASSETS,
                  "as a whole");
  assert_undoable (fixture->store, ids[0], "");
}

static void
test_the_same_key_is_one_undo (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = carried_out (fixture->store);
  g_autoptr (AcOperationRequest) request = new_request (AC_DECISION_UNDO, id, "a@x", NULL);
  g_autoptr (AcOperationRequest) other = new_request (AC_DECISION_UNDO, id, "b@x", NULL);
  g_autoptr (JsonObject) first =
      submit_operation (fixture->store, request, "key", &alice, NULL, NULL, NULL);
  g_autoptr (JsonObject) again = NULL;
  g_autoptr (JsonObject) reused = NULL;
  g_autoptr (GError) error = NULL;
  gboolean replayed;

  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_RESTORED), ==, 1);
  again = submit_operation (fixture->store, request, "key", &alice, &replayed, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (replayed);
  g_assert_cmpstr (ac_json_get_string (again, "id"), ==, ac_json_get_string (first, "id"));
  g_assert_cmpuint (length_of (again, "assets"), ==, 1);
  g_assert_cmpint (look (fixture, "SELECT count (*) FROM work"), ==, 0);
  reused = submit_operation (fixture->store, other, "key", &alice, NULL, NULL, &error);
  g_assert_null (reused);
  g_assert_error (error, AC_STORE_ERROR, AC_STORE_ERROR_KEY_REUSED);
}

/* Two people undo for different mailboxes at once: the second is told who was first. */
static void
test_two_at_once (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = carried_out (fixture->store);
  g_autoptr (JsonObject) first = decide_for (fixture->store, AC_DECISION_UNDO, id, "a@x");
  g_autoptr (JsonObject) second = NULL;

  assert_refused (fixture->store, AC_DECISION_UNDO, id, "b@x", AC_STORE_ERROR_CONFLICT,
                  "undone by alice");
  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_RESTORED), ==, 1);
  second = decide_for (fixture->store, AC_DECISION_UNDO, id, "b@x");
  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_RESTORED), ==, 1);
  assert_undoable (fixture->store, id, "c@x");
}

static void
test_a_crash_in_between (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = carried_out (fixture->store);
  g_autoptr (JsonObject) undo = decide_for (fixture->store, AC_DECISION_UNDO, id, "a@x c@x");
  g_autoptr (GPtrArray) taken = ac_store_take_work (fixture->store, NULL, 200, NULL);
  g_autofree char *worked = NULL;

  g_assert_cmpuint (taken->len, ==, 1);
  fixture_reopen (fixture);
  g_assert_true (ac_store_recover_work (fixture->store, NULL));
  worked = work_off_but (fixture->store, AC_OUTCOME_RESTORED, NULL, AC_OUTCOME_RESTORED);
  g_assert_cmpstr (worked, ==, "a@x c@x");
  assert_status (fixture->store, id, "completed");
  assert_undoable (fixture->store, id, "b@x");
}

/* Stopped before its turn, an undo for some has failed for these, and can be tried again for these.
 */
static void
test_a_stopped_one_goes_on (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = carried_out (fixture->store);
  g_autoptr (JsonObject) undo = decide_for (fixture->store, AC_DECISION_UNDO, id, "a@x b@x");
  g_autoptr (JsonObject) stopped =
      ac_store_take_back_operation (fixture->store, ac_json_get_string (undo, "id"), &bob, NULL);
  g_autoptr (JsonObject) retry = NULL;
  g_autofree char *worked = NULL;

  g_assert_nonnull (stopped);
  assert_status (fixture->store, id, "undoFailed");
  retry = decide_one (fixture->store, AC_DECISION_RETRY, id);
  worked = work_off_but (fixture->store, AC_OUTCOME_RESTORED, NULL, AC_OUTCOME_RESTORED);
  g_assert_cmpstr (worked, ==, "a@x b@x");
  assert_status (fixture->store, id, "completed");
}

/* What an older service had begun to undo was all of it, and is all of it when it is tried again.
 */
static void
test_an_older_undo_is_of_all (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = carried_out (fixture->store);
  g_autoptr (JsonObject) undo = decide_one (fixture->store, AC_DECISION_UNDO, id);
  g_autofree char *first =
      work_off_but (fixture->store, AC_OUTCOME_FAILED, "a@x", AC_OUTCOME_RESTORED);
  g_autoptr (JsonObject) retry = NULL;

  poke (fixture, "ALTER TABLE action_assets DROP COLUMN undo;"
                 "ALTER TABLE operations DROP COLUMN assets;"
                 "ALTER TABLE actions ADD COLUMN reason TEXT;"
                 "ALTER TABLE actions ADD COLUMN search TEXT NOT NULL DEFAULT '';"
                 "ALTER TABLE actions ADD COLUMN entity TEXT NOT NULL DEFAULT '';"
                 "UPDATE actions SET (reason, search, entity) ="
                 "  (SELECT reason, search, entity FROM action_texts WHERE action = seq);"
                 "DROP TABLE action_texts;"
                 "CREATE INDEX actions_by_operation ON actions (operation);"
                 "PRAGMA user_version = 10");
  fixture_reopen (fixture);
  assert_status (fixture->store, id, "undoFailed");
  retry = decide_one (fixture->store, AC_DECISION_RETRY, id);
  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_RESTORED), ==, 2);
  assert_status (fixture->store, id, "undone");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/store/undo-of-some/then-the-rest", test_some_then_the_rest);
  fixture_test ("/store/undo-of-some/one-after-the-other", test_one_after_the_other_is_all);
  fixture_test ("/store/undo-of-some/each-mailbox-its-status",
                test_each_mailbox_has_its_own_status);
  fixture_test ("/store/undo-of-some/audit-names-assets", test_the_audit_names_the_assets);
  fixture_test ("/store/undo-of-some/never-carried-out",
                test_what_was_never_carried_out_shows_again);
  fixture_test ("/store/undo-of-some/never-carried-out-outlives",
                test_what_was_never_carried_out_outlives_the_others);
  fixture_test ("/store/undo-of-some/all-ends-it", test_undo_of_all_ends_it);
  fixture_test ("/store/undo-of-some/retry-for-some-of-all",
                test_a_retry_for_some_ends_an_undo_of_all);
  fixture_test ("/store/undo-of-some/retry-ends-as-the-undo",
                test_a_retry_ends_as_the_undo_would_have);
  fixture_test ("/store/undo-of-some/retry-of-what-was-asked",
                test_a_retry_is_for_what_was_asked_for);
  fixture_test ("/store/undo-of-some/failed-holds-nothing-up",
                test_what_failed_does_not_hold_up_the_others);
  fixture_test ("/store/undo-of-some/retry-for-some", test_a_retry_for_some);
  fixture_test ("/store/undo-of-some/bad-assets", test_bad_assets_are_named);
  fixture_test ("/store/undo-of-some/nothing-moved",
                test_where_nothing_was_moved_nothing_is_undone);
  fixture_test ("/store/undo-of-some/cluster", test_a_cluster_is_undone_as_a_whole);
  fixture_test ("/store/undo-of-some/same-key", test_the_same_key_is_one_undo);
  fixture_test ("/store/undo-of-some/two-at-once", test_two_at_once);
  fixture_test ("/store/undo-of-some/crash", test_a_crash_in_between);
  fixture_test ("/store/undo-of-some/stopped", test_a_stopped_one_goes_on);
  fixture_test ("/store/undo-of-some/older-database", test_an_older_undo_is_of_all);
  return g_test_run ();
}
