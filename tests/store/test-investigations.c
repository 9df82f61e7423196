/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "model/ac-action.h"
#include "model/ac-time.h"
#include "store-fixture.h"

#define MESSAGE(n) "'entity':{'type':'emailMessage','messageId':'<" n "@x>'}"
#define PROPOSAL(n)                                                                                \
  "{'type':'softDeleteEmail','verdict':'malicious','assets':['a@x']," MESSAGE (n) "}"
#define EVIDENCE(verdict) "{'verdict':'" verdict "'," MESSAGE ("e") "}"

static void
test_the_same_again_changes_nothing (Fixture *fixture, gconstpointer data)
{
  static const char *const text =
      "{'externalId':'x','title':'t','severity':'high',"
      "'evidence':[" EVIDENCE ("malicious") "],"
                                            "'actions':[" PROPOSAL ("1") "," PROPOSAL ("2") "]}";
  gboolean created;
  g_autoptr (JsonObject) first = post (fixture->store, text, &created);
  g_autoptr (GBytes) first_bytes = ac_json_object_to_bytes (first);
  g_autoptr (JsonObject) second = NULL;
  g_autoptr (GBytes) second_bytes = NULL;
  gint64 changes = look (fixture, "SELECT count (*) FROM changes");

  g_assert_true (created);
  g_assert_cmpuint (length_of (first, "actions"), ==, 2);
  second = post (fixture->store, text, &created);
  second_bytes = ac_json_object_to_bytes (second);
  g_assert_false (created);
  g_assert_true (g_bytes_equal (first_bytes, second_bytes));
  g_assert_cmpint (look (fixture, "SELECT count (*) FROM changes"), ==, changes);
}

static void
test_a_second_post_adds_and_replaces (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonObject) first =
      post (fixture->store,
            "{'externalId':'x','title':'t','severity':'high','description':'d',"
            "'evidence':[" EVIDENCE ("malicious") "],'actions':[" PROPOSAL ("1") "]}",
            NULL);
  g_autoptr (JsonObject) second = post (
      fixture->store,
      "{'externalId':'x','title':'new','description':'e',"
      "'evidence':[" EVIDENCE ("unknown") "," EVIDENCE (
          "suspicious") "],"
                        "'actions':[" PROPOSAL ("1") "," PROPOSAL ("2") "," PROPOSAL ("2") "]}",
      NULL);

  g_assert_cmpstr (ac_json_get_string (first, "id"), ==, ac_json_get_string (second, "id"));
  g_assert_cmpint (ac_json_get_integer (second, "version", 0), >,
                   ac_json_get_integer (first, "version", 0));
  g_assert_cmpstr (ac_json_get_string (second, "title"), ==, "new");
  g_assert_cmpstr (ac_json_get_string (second, "description"), ==, "e");
  /* What was not spoken of stays. */
  g_assert_cmpstr (ac_json_get_string (second, "severity"), ==, "high");
  g_assert_cmpuint (length_of (second, "evidence"), ==, 2);
  g_assert_cmpuint (length_of (second, "actions"), ==, 2);
}

/* Whoever follows the changes holds the title with each action. */
static void
test_a_new_title_changes_the_actions (Fixture *fixture, gconstpointer data)
{
#define ACTIONS "'actions':[" PROPOSAL ("1") "," PROPOSAL ("2") "]"
  g_autoptr (JsonObject) other =
      post (fixture->store, "{'externalId':'y','title':'t'," ACTIONS "}", NULL);
  g_autoptr (JsonObject) first =
      post (fixture->store, "{'externalId':'x','title':'t'," ACTIONS "}", NULL);
  g_auto (GStrv) ids = ids_of_investigation (fixture->store, ac_json_get_string (first, "id"));
  g_autoptr (JsonObject) now = read_changes (fixture->store, NULL, 0, NULL);
  g_autoptr (JsonObject) same = NULL;
  g_autoptr (JsonObject) second = NULL;
  g_autoptr (JsonObject) changes = NULL;
  JsonArray *items;

  same =
      post (fixture->store, "{'externalId':'x','title':'t','severity':'high'," ACTIONS "}", NULL);
  second = post (fixture->store, "{'externalId':'x','title':'new'," ACTIONS "}", NULL);
#undef ACTIONS
  changes = read_changes (fixture->store, ac_json_get_string (now, "next"), 0, NULL);
  items = ac_json_get_array (changes, "items");
  g_assert_cmpuint (json_array_get_length (items), ==, 4);
  for (guint i = 0; i < 2; i++)
    {
      JsonObject *item = json_array_get_object_element (items, 2 + i);
      JsonObject *action = json_object_get_object_member (item, "action");

      g_assert_cmpstr (ac_json_get_string (item, "id"), ==, ids[i]);
      g_assert_cmpint (ac_json_get_integer (item, "version", 0), ==, 2);
      g_assert_cmpint (ac_json_get_integer (action, "version", 0), ==, 2);
      g_assert_cmpstr (ac_json_get_string (action, "investigationTitle"), ==, "new");
    }
}

static void
change_cb (AcStore *store, gpointer data)
{
  poke (data, "UPDATE actions SET verdict = 'suspicious'");
}

/* A large one takes long to read: what others do meanwhile is done, and stands in the answer. */
static void
test_the_answer_keeps_nobody_waiting (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonObject) answer = NULL;

  ac_store_set_changed_func (fixture->store, change_cb, fixture, NULL);
  answer =
      post (fixture->store, "{'externalId':'x','title':'t','actions':[" PROPOSAL ("1") "]}", NULL);
  ac_store_set_changed_func (fixture->store, NULL, NULL, NULL);
  g_assert_cmpstr (
      ac_json_get_string (json_array_get_object_element (ac_json_get_array (answer, "actions"), 0),
                          "verdict"),
      ==, "suspicious");
}

static void
test_a_decided_proposal_is_not_proposed_again (Fixture *fixture, gconstpointer data)
{
  static const char *const text = "{'externalId':'x','title':'t','actions':[" PROPOSAL ("1") "]}";
  g_autoptr (JsonObject) first = post (fixture->store, text, NULL);
  g_auto (GStrv) ids = ids_with_status (fixture->store, NULL);
  g_autoptr (JsonObject) rejected = decide_one (fixture->store, AC_DECISION_REJECT, ids[0]);
  g_autoptr (JsonObject) second = post (fixture->store, text, NULL);

  g_assert_cmpuint (length_of (second, "actions"), ==, 1);
  g_assert_cmpstr (
      ac_json_get_string (json_array_get_object_element (ac_json_get_array (second, "actions"), 0),
                          "status"),
      ==, "rejected");
}

static void
test_the_status_follows_actions_and_evidence (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonObject) none = post (fixture->store, "{'externalId':'n','title':'t'}", NULL);
  g_autoptr (JsonObject) harmless =
      post (fixture->store,
            "{'externalId':'h','title':'t','evidence':[" EVIDENCE ("noThreatsFound") "]}", NULL);
  g_autoptr (JsonObject) threatening =
      post (fixture->store,
            "{'externalId':'e','title':'t','evidence':[" EVIDENCE ("suspicious") "]}", NULL);
  g_autoptr (JsonObject) later_threatening =
      post (fixture->store,
            "{'externalId':'n','title':'t','evidence':[" EVIDENCE ("malicious") "]}", NULL);
  g_autoptr (JsonObject) proposing = post (
      fixture->store,
      "{'externalId':'p','title':'t','actions':[" PROPOSAL ("1") "," PROPOSAL ("2") "]}", NULL);
  const char *id = ac_json_get_string (proposing, "id");
  g_auto (GStrv) ids = ids_of_investigation (fixture->store, id);
  g_autoptr (JsonObject) one = NULL;
  g_autoptr (JsonObject) after_one = NULL;
  g_autoptr (JsonObject) other = NULL;
  g_autoptr (JsonObject) after_both = NULL;
  g_autoptr (JsonObject) more = NULL;

  g_assert_cmpstr (ac_json_get_string (none, "status"), ==, "noThreatsFound");
  g_assert_cmpstr (ac_json_get_string (harmless, "status"), ==, "noThreatsFound");
  g_assert_cmpstr (ac_json_get_string (threatening, "status"), ==, "partiallyInvestigated");
  g_assert_cmpstr (ac_json_get_string (later_threatening, "status"), ==, "partiallyInvestigated");
  g_assert_cmpstr (ac_json_get_string (proposing, "status"), ==, "pendingAction");

  one = decide_one (fixture->store, AC_DECISION_APPROVE, ids[0]);
  after_one = ac_store_get_investigation (fixture->store, id, NULL);
  g_assert_cmpstr (ac_json_get_string (after_one, "status"), ==, "partiallyRemediated");
  other = decide_one (fixture->store, AC_DECISION_REJECT, ids[1]);
  after_both = ac_store_get_investigation (fixture->store, id, NULL);
  g_assert_cmpstr (ac_json_get_string (after_both, "status"), ==, "remediated");
  g_assert_cmpint (ac_json_get_integer (after_both, "version", 0), ==, 3);
  more =
      post (fixture->store, "{'externalId':'p','title':'t','actions':[" PROPOSAL ("3") "]}", NULL);
  g_assert_cmpstr (ac_json_get_string (more, "status"), ==, "partiallyRemediated");
}

static void
test_the_list_shows_numbers_newest_first (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *cursor = NULL;
  g_autofree char *last = NULL;

  for (guint i = 0; i < 7; i++)
    {
      g_autofree char *external_id = g_strdup_printf ("x-%u", i);
      g_autofree char *id = propose (fixture->store, external_id, i, "a@x");
    }
  do
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (AcInvestigationFilter) filter = ac_investigation_filter_new ();
      g_autoptr (JsonObject) page = NULL;
      JsonArray *items;

      filter->limit = 3;
      filter->cursor = g_strdup (cursor);
      page = ac_store_list_investigations (fixture->store, filter, &error);
      g_assert_no_error (error);
      g_assert_cmpint (ac_json_get_integer (page, "total", 0), ==, 7);
      items = ac_json_get_array (page, "items");
      for (guint i = 0; i < json_array_get_length (items); i++)
        {
          JsonObject *item = json_array_get_object_element (items, i);
          g_autofree char *id =
              g_strdup_printf ("x-%d", (int)ac_json_get_integer (item, "actionCount", -1));

          g_assert_cmpstr (ac_json_get_string (item, "externalId"), ==, id);
          g_assert_cmpint (ac_json_get_integer (item, "actionCount", -1), ==,
                           ac_json_get_integer (item, "pendingCount", -2));
          g_assert_false (json_object_has_member (item, "actions"));
          g_assert_true (g_hash_table_add (seen, g_strdup (ac_json_get_string (item, "id"))));
          if (last != NULL)
            g_assert_cmpstr (last, >=, ac_json_get_string (item, "createdAt"));
          g_free (last);
          last = g_strdup (ac_json_get_string (item, "createdAt"));
        }
      g_free (cursor);
      cursor = g_strdup (ac_json_get_string (page, "nextCursor"));
    }
  while (cursor != NULL);
  g_assert_cmpuint (g_hash_table_size (seen), ==, 7);
}

static void
test_answers_are_what_the_model_reads (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonObject) written =
      post (fixture->store,
            "{'externalId':'x','title':'t','trigger':'alert','detectionSource':'filter',"
            "'evidence':[" EVIDENCE (
                "malicious") "],"
                             "'actions':[{'type':'softDeleteEmail','verdict':'malicious','reason':'"
                             "Because.',"
                             "'expiresAt':'2099-01-01T00:00:00Z','assets':['a@x','b@x'],"
                             "'entity':{'type':'emailMessage','messageId':'<1@x>','recipients':['a@"
                             "x','b@x']}}]}",
            NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (AcInvestigation) investigation =
      ac_investigation_new_from_json (written, AC_JSON_STRICT, NULL, &error);
  g_auto (GStrv) ids = ids_with_status (fixture->store, NULL);
  g_autoptr (JsonObject) object = ac_store_get_action (fixture->store, ids[0], NULL);
  g_autoptr (AcAction) action = NULL;
  AcTimelineEntry *entry;

  g_assert_no_error (error);
  g_assert_cmpstr (ac_investigation_get_trigger (investigation), ==, "alert");
  g_assert_cmpuint (ac_investigation_get_evidence (investigation)->len, ==, 1);
  action = ac_action_new_from_json (object, AC_JSON_STRICT, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (ac_action_get_details (action), ==, "<1@x>");
  g_assert_cmpstr (ac_action_get_reason (action), ==, "Because.");
  g_assert_cmpstr (ac_action_get_investigation_title (action), ==, "t");
  g_assert_cmpstr (ac_action_get_assets (action)[1], ==, "b@x");
  g_assert_cmpint (ac_action_get_expires_at (action), ==, G_GINT64_CONSTANT (4070908800000000));
  g_assert_cmpuint (ac_action_get_timeline (action)->len, ==, 1);
  entry = ac_action_get_timeline (action)->pdata[0];
  g_assert_cmpstr (ac_timeline_entry_get_event (entry), ==, "propose");
  g_assert_cmpstr (ac_timeline_entry_get_actor (entry), ==, "detector");
}

static void
test_an_unknown_investigation_is_not_found (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = ac_store_get_investigation (fixture->store, "nothing", &error);

  g_assert_null (object);
  g_assert_error (error, AC_STORE_ERROR, AC_STORE_ERROR_NOT_FOUND);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/store/investigations/the-same-again-changes-nothing",
                test_the_same_again_changes_nothing);
  fixture_test ("/store/investigations/a-second-post-adds-and-replaces",
                test_a_second_post_adds_and_replaces);
  fixture_test ("/store/investigations/a-new-title-changes-the-actions",
                test_a_new_title_changes_the_actions);
  fixture_test ("/store/investigations/the-answer-keeps-nobody-waiting",
                test_the_answer_keeps_nobody_waiting);
  fixture_test ("/store/investigations/a-decided-proposal-is-not-proposed-again",
                test_a_decided_proposal_is_not_proposed_again);
  fixture_test ("/store/investigations/the-status-follows-actions-and-evidence",
                test_the_status_follows_actions_and_evidence);
  fixture_test ("/store/investigations/the-list-shows-numbers-newest-first",
                test_the_list_shows_numbers_newest_first);
  fixture_test ("/store/investigations/answers-are-what-the-model-reads",
                test_answers_are_what_the_model_reads);
  fixture_test ("/store/investigations/an-unknown-investigation-is-not-found",
                test_an_unknown_investigation_is_not_found);
  return g_test_run ();
}
