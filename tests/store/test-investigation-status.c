/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An investigation follows what becomes of its actions, in the same transaction. */
#include "config.h"

#include <string.h>

#include "model/ac-action.h"
#include "model/ac-time.h"
#include "store-fixture.h"

#define MESSAGE(n) "'entity':{'type':'emailMessage','messageId':'<" n "@x>','threats':['phish']}"
#define PROPOSAL(n)                                                                                \
  "{'type':'softDeleteEmail','verdict':'malicious','assets':['a@x']," MESSAGE (n) "}"
#define TWO "'actions':[" PROPOSAL ("1") "," PROPOSAL ("2") "]"

static JsonObject *
get (Fixture *fixture, const char *id)
{
  g_autoptr (GError) error = NULL;
  JsonObject *object = ac_store_get_investigation (fixture->store, id, &error);

  g_assert_no_error (error);
  return object;
}

static void
assert_status (Fixture *fixture, const char *id, const char *status)
{
  g_autoptr (JsonObject) object = get (fixture, id);

  g_assert_cmpstr (ac_json_get_string (object, "status"), ==, status);
}

static void
assert_posted (Fixture *fixture, const char *text, const char *status)
{
  g_autoptr (JsonObject) object = post (fixture->store, text, NULL);

  g_assert_cmpstr (ac_json_get_string (object, "status"), ==, status);
}

static void
decide_and_forget (Fixture *fixture, AcDecision decision, const char *id)
{
  g_autoptr (JsonObject) operation = decide_one (fixture->store, decision, id);

  g_assert_nonnull (operation);
}

static void
test_rejecting_only_leaves_what_waits_pending (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonObject) made =
      post (fixture->store, "{'externalId':'x','title':'t'," TWO "}", NULL);
  const char *id = ac_json_get_string (made, "id");
  g_auto (GStrv) ids = ids_of_investigation (fixture->store, id);

  decide_and_forget (fixture, AC_DECISION_REJECT, ids[0]);
  assert_status (fixture, id, "pendingAction");
  decide_and_forget (fixture, AC_DECISION_REJECT, ids[1]);
  assert_status (fixture, id, "remediated");
}

static void
test_the_last_decision_closes_it (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonObject) made = post (
      fixture->store,
      "{'externalId':'x','title':'t','alerts':[{'id':'1','title':'a','status':'new'}]," TWO "}",
      NULL);
  const char *id = ac_json_get_string (made, "id");
  g_auto (GStrv) ids = ids_of_investigation (fixture->store, id);
  g_autoptr (JsonObject) half = NULL;
  g_autoptr (JsonObject) whole = NULL;

  g_assert_false (json_object_has_member (made, "endedAt"));
  g_assert_true (json_object_has_member (made, "pendingSince"));
  g_assert_cmpstr (
      ac_json_get_string (json_array_get_object_element (ac_json_get_array (made, "alerts"), 0),
                          "status"),
      ==, "active");
  decide_and_forget (fixture, AC_DECISION_APPROVE, ids[0]);
  half = get (fixture, id);
  g_assert_cmpstr (ac_json_get_string (half, "status"), ==, "partiallyRemediated");
  g_assert_cmpint (ac_json_get_integer (half, "pendingCount", -1), ==, 1);
  g_assert_true (json_object_has_member (half, "pendingSince"));
  /* An action that fails does not alter it. */
  work_off (fixture->store, AC_OUTCOME_FAILED);
  decide_and_forget (fixture, AC_DECISION_APPROVE, ids[1]);
  whole = get (fixture, id);
  g_assert_cmpstr (ac_json_get_string (whole, "status"), ==, "remediated");
  g_assert_cmpint (ac_json_get_integer (whole, "pendingCount", -1), ==, 0);
  g_assert_false (json_object_has_member (whole, "pendingSince"));
  g_assert_true (json_object_has_member (whole, "endedAt"));
  g_assert_cmpstr (
      ac_json_get_string (json_array_get_object_element (ac_json_get_array (whole, "alerts"), 0),
                          "status"),
      ==, "resolved");
}

static void
test_a_new_proposal_opens_it_again (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonObject) made =
      post (fixture->store, "{'externalId':'x','title':'t','actions':[" PROPOSAL ("1") "]}", NULL);
  const char *id = ac_json_get_string (made, "id");
  g_auto (GStrv) ids = ids_of_investigation (fixture->store, id);
  g_autoptr (JsonObject) again = NULL;

  decide_and_forget (fixture, AC_DECISION_REJECT, ids[0]);
  assert_status (fixture, id, "remediated");
  again = post (fixture->store, "{'externalId':'x','title':'t'," TWO "}", NULL);
  g_assert_cmpstr (ac_json_get_string (again, "status"), ==, "pendingAction");
  g_assert_false (json_object_has_member (again, "endedAt"));
  g_assert_true (json_object_has_member (again, "pendingSince"));
}

static void
test_what_expires_ends_it (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonObject) made =
      post (fixture->store, "{'externalId':'x','title':'t'," TWO "}", NULL);
  const char *id = ac_json_get_string (made, "id");
  g_auto (GStrv) ids = ids_of_investigation (fixture->store, id);
  g_autoptr (GError) error = NULL;
  guint n_expired;

  decide_and_forget (fixture, AC_DECISION_APPROVE, ids[0]);
  g_assert_true (ac_store_expire_actions (
      fixture->store, ac_time_now () + 365 * (gint64)G_TIME_SPAN_DAY, &n_expired, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_expired, ==, 1);
  assert_status (fixture, id, "terminatedBySystem");
}

static void
test_the_detector_says_how_far_it_is (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *state;
    const char *alone;   /* with nothing found */
    const char *decided; /* with its only action rejected */
  } table[] = {
    { "starting", "starting", "starting" },
    { "Running", "running", "running" },
    { "PendingResource", "running", "running" },
    { "Queued", "queuedByThrottling", "queuedByThrottling" },
    { "terminatedByThrottling", "terminatedByThrottling", "terminatedByThrottling" },
    { "TerminatedByUser", "terminatedByUser", "terminatedByUser" },
    { "Terminated", "terminatedBySystem", "terminatedBySystem" },
    { "InnerFailure", "failed", "failed" },
    { "Benign", "noThreatsFound", "remediated" },
    { "SuccessfullyRemediated", "remediated", "remediated" },
    { "partiallyRemediated", "partiallyRemediated", "remediated" },
    { "PendingApproval", "noThreatsFound", "remediated" },
    { "Unknown", "noThreatsFound", "remediated" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autofree char *alone =
          g_strdup_printf ("{'externalId':'a-%u','title':'t','state':'%s'}", i, table[i].state);
      g_autofree char *with = g_strdup_printf (
          "{'externalId':'b-%u','title':'t','state':'%s','actions':[" PROPOSAL ("1") "]}", i,
          table[i].state);
      g_autoptr (JsonObject) made = post (fixture->store, with, NULL);
      const char *id = ac_json_get_string (made, "id");
      g_auto (GStrv) ids = ids_of_investigation (fixture->store, id);

      assert_posted (fixture, alone, table[i].alone);
      /* What waits for a person comes first, whatever has become of the examination. */
      g_assert_cmpstr (ac_json_get_string (made, "status"), ==, "pendingAction");
      g_assert_cmpstr (ac_json_get_string (made, "state"), ==, table[i].state);
      decide_and_forget (fixture, AC_DECISION_REJECT, ids[0]);
      assert_status (fixture, id, table[i].decided);
    }
}

static void
test_waiting_is_told_from_working (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonObject) made =
      post (fixture->store, "{'externalId':'x','title':'t'," TWO "}", NULL);
  const char *id = ac_json_get_string (made, "id");
  g_auto (GStrv) ids = ids_of_investigation (fixture->store, id);
  g_autoptr (JsonObject) object = NULL;
  g_autoptr (JsonObject) again = NULL;

  poke (fixture, "UPDATE investigations SET pending_since = pending_since - 90000000,"
                 " created_at = created_at - 100000000");
  decide_and_forget (fixture, AC_DECISION_REJECT, ids[0]);
  decide_and_forget (fixture, AC_DECISION_REJECT, ids[1]);
  object = get (fixture, id);
  g_assert_cmpint (ac_json_get_integer (object, "pendingSeconds", -1), >=, 90);
  g_assert_cmpint (ac_json_get_integer (object, "pendingSeconds", -1), <, 100);
  g_assert_cmpint (look (fixture, "SELECT (ended_at - created_at) / 1000000 FROM investigations"),
                   >=, 100);
  again =
      post (fixture->store, "{'externalId':'x','title':'t','actions':[" PROPOSAL ("3") "]}", NULL);
  g_assert_cmpint (ac_json_get_integer (again, "pendingSeconds", -1), >=, 90);
  g_assert_true (json_object_has_member (again, "pendingSince"));
}

static void
test_whoever_follows_is_told (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonObject) made = post (fixture->store,
                                      "{'externalId':'x','title':'t','actions':[" PROPOSAL (
                                          "1") "," PROPOSAL ("2") "," PROPOSAL ("3") "]}",
                                      NULL);
  const char *id = ac_json_get_string (made, "id");
  g_auto (GStrv) ids = ids_of_investigation (fixture->store, id);
  gint64 before = look (fixture, "SELECT count (*) FROM changes WHERE kind = 'investigation'");

  g_assert_cmpint (ac_json_get_integer (made, "version", 0), ==, 1);
  g_assert_cmpint (before, ==, 1);
  decide_and_forget (fixture, AC_DECISION_REJECT, ids[0]);
  /* The status is the same, and yet fewer wait. */
  assert_status (fixture, id, "pendingAction");
  g_assert_cmpint (look (fixture, "SELECT count (*) FROM changes WHERE kind = 'investigation'"), ==,
                   2);
  g_assert_cmpint (look (fixture, "SELECT count (*) FROM audit WHERE event = 'statusChange'"), ==,
                   0);
  decide_and_forget (fixture, AC_DECISION_APPROVE, ids[1]);
  g_assert_cmpint (look (fixture, "SELECT count (*) FROM changes WHERE kind = 'investigation'"), ==,
                   3);
  g_assert_cmpint (look (fixture, "SELECT count (*) FROM audit WHERE event = 'statusChange'"), ==,
                   1);
}

static JsonObject *
list (Fixture *fixture, const AcInvestigationFilter *filter)
{
  g_autoptr (GError) error = NULL;
  JsonObject *page = ac_store_list_investigations (fixture->store, filter, &error);

  g_assert_no_error (error);
  return page;
}

/* The external ids of a whole list, read in pages of two. */
static char *
walk (Fixture *fixture, AcInvestigationFilter *filter)
{
  g_autoptr (GString) found = g_string_new (NULL);

  filter->limit = 2;
  g_clear_pointer (&filter->cursor, g_free);
  do
    {
      g_autoptr (JsonObject) page = list (fixture, filter);
      JsonArray *items = ac_json_get_array (page, "items");

      for (guint i = 0; i < json_array_get_length (items); i++)
        g_string_append_printf (
            found, "%s ",
            ac_json_get_string (json_array_get_object_element (items, i), "externalId"));
      g_free (filter->cursor);
      filter->cursor = g_strdup (ac_json_get_string (page, "nextCursor"));
    }
  while (filter->cursor != NULL);
  return g_strdup (found->str);
}

static void
fill (Fixture *fixture)
{
  g_autoptr (JsonObject) a =
      post (fixture->store,
            "{'externalId':'a','title':'Beta','trigger':'userReport','detectionSource':'zap',"
            "'actions':[" PROPOSAL ("1") "],"
                                         "'evidence':[{'verdict':'malicious'," MESSAGE ("1") "}]}",
            NULL);
  g_autoptr (JsonObject) b =
      post (fixture->store, "{'externalId':'b','title':'alpha','trigger':'alert'}", NULL);
  g_autoptr (JsonObject) c =
      post (fixture->store,
            "{'externalId':'c','title':'Gamma','trigger':'alert','state':'running',"
            "'evidence':[{'verdict':'malicious','threats':['malware','phish']," MESSAGE (
                "2") "},"
                     "{'verdict'"
                     ":"
                     "'suspiciou"
                     "s'," MESSAGE ("3") "}"
                                         "]"
                                         "}",
            NULL);

  g_assert_true (a != NULL && b != NULL && c != NULL);
}

static void
test_each_order_goes_both_ways (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    AcInvestigationSort sort;
    const char *ascending;
  } table[] = {
    { AC_INVESTIGATION_SORT_CREATED_AT, "a b c " },
    { AC_INVESTIGATION_SORT_TITLE, "b a c " },
    { AC_INVESTIGATION_SORT_THREATS, "b a c " },
    { AC_INVESTIGATION_SORT_STATUS, "b a c " }, /* noThreatsFound, pendingAction, running */
  };

  fill (fixture);
  for (AcInvestigationSort sort = 0; sort <= AC_INVESTIGATION_SORT_DURATION; sort++)
    {
      g_autoptr (AcInvestigationFilter) filter = ac_investigation_filter_new ();
      g_autofree char *up = NULL;
      g_autofree char *down = NULL;

      filter->sort = sort;
      filter->descending = FALSE;
      up = walk (fixture, filter);
      filter->descending = TRUE;
      down = walk (fixture, filter);
      g_assert_cmpuint (strlen (up), ==, 6);
      g_strreverse (down);
      g_strstrip (down);
      g_strstrip (up);
      g_assert_cmpstr (up, ==, down);
      for (guint i = 0; i < G_N_ELEMENTS (table); i++)
        if (table[i].sort == sort)
          {
            g_autofree char *wanted = g_strdup (table[i].ascending);

            g_assert_cmpstr (up, ==, g_strstrip (wanted));
          }
    }
}

static void
test_filters_narrow_and_are_counted (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AcInvestigationFilter) filter = ac_investigation_filter_new ();
  g_autoptr (JsonObject) all = NULL;
  g_autofree char *pending = NULL;
  g_autofree char *phish = NULL;
  g_autofree char *both = NULL;
  g_autofree char *found = NULL;
  g_autofree char *none = NULL;
  JsonObject *facets;

  fill (fixture);
  filter->descending = FALSE;
  all = list (fixture, filter);
  facets = ac_json_get_object (all, "facets");
  g_assert_cmpint (ac_json_get_integer (all, "total", -1), ==, 3);
  g_assert_cmpint (ac_json_get_integer (ac_json_get_object (facets, "status"), "pendingAction", 0),
                   ==, 1);
  g_assert_cmpint (ac_json_get_integer (ac_json_get_object (facets, "threat"), "phish", 0), ==, 2);
  g_assert_cmpint (ac_json_get_integer (ac_json_get_object (facets, "trigger"), "alert", 0), ==, 2);

  filter->statuses = g_strsplit ("pendingAction running", " ", -1);
  pending = walk (fixture, filter);
  g_assert_cmpstr (pending, ==, "a c ");
  filter->threats = g_strsplit ("malware", " ", -1);
  both = walk (fixture, filter);
  g_assert_cmpstr (both, ==, "c ");
  g_clear_pointer (&filter->statuses, g_strfreev);
  g_strfreev (filter->threats);
  filter->threats = g_strsplit ("phish", " ", -1);
  phish = walk (fixture, filter);
  g_assert_cmpstr (phish, ==, "a c ");
  filter->text = g_strdup ("GAM  <2@x>");
  found = walk (fixture, filter);
  g_assert_cmpstr (found, ==, "c ");
  filter->created_before = 1;
  none = walk (fixture, filter);
  g_assert_cmpstr (none, ==, "");
}

static void
test_the_log_holds_steps_and_actions (Fixture *fixture, gconstpointer data)
{
  static const char *const text =
      "{'externalId':'x','title':'t','log':["
      "{'id':'2','action':'Look at the message','status':'Skipped','actionType':'analysis',"
      "'createdAt':'2020-01-01T00:00:01Z','durationSeconds':3},"
      "{'id':'1','action':'Ask the directory','createdAt':'2020-01-01T00:00:00Z'}],"
      "'actions':[" PROPOSAL ("1") "]}";
  g_autoptr (JsonObject) made = post (fixture->store, text, NULL);
  const char *id = ac_json_get_string (made, "id");
  g_auto (GStrv) ids = ids_of_investigation (fixture->store, id);
  g_autoptr (GString) seen = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  AcLogFilter filter = { .limit = 1 };
  g_autofree char *cursor = NULL;
  g_autoptr (JsonObject) changed = NULL;
  g_autoptr (JsonObject) searched = NULL;
  gint64 version = ac_json_get_integer (made, "version", 0);

  decide_and_forget (fixture, AC_DECISION_APPROVE, ids[0]);
  work_off (fixture->store, AC_OUTCOME_MOVED);
  do
    {
      g_autoptr (JsonObject) page = NULL;
      JsonObject *item;

      filter.cursor = cursor;
      page = ac_store_list_investigation_log (fixture->store, id, &filter, &error);
      g_assert_no_error (error);
      g_assert_cmpint (ac_json_get_integer (page, "total", -1), ==, 3);
      item = json_array_get_object_element (ac_json_get_array (page, "items"), 0);
      g_string_append_printf (seen, "%s:%s ", ac_json_get_string (item, "action"),
                              ac_json_get_string (item, "status"));
      if (json_object_has_member (item, "actionId"))
        {
          g_assert_cmpstr (ac_json_get_string (item, "actionId"), ==, ids[0]);
          g_assert_true (json_object_has_member (item, "startedAt"));
          g_assert_cmpint (ac_json_get_integer (item, "pendingSeconds", -1), >=, 0);
          g_assert_cmpint (ac_json_get_integer (item, "queuedSeconds", -1), >=, 0);
          g_assert_cmpint (ac_json_get_integer (item, "durationSeconds", -1), >=, 0);
        }
      g_free (cursor);
      cursor = g_strdup (ac_json_get_string (page, "nextCursor"));
    }
  while (cursor != NULL);
  g_assert_cmpstr (seen->str, ==,
                   "Ask the directory:(null) Look at the message:Skipped "
                   "softDeleteEmail:completed ");

  filter.cursor = NULL;
  filter.text = (char *)"DIRECTORY";
  searched = ac_store_list_investigation_log (fixture->store, id, &filter, &error);
  g_assert_no_error (error);
  g_assert_cmpint (ac_json_get_integer (searched, "total", -1), ==, 1);

  /* A step that is posted again is replaced, and whoever follows is told. */
  changed = post (fixture->store,
                  "{'externalId':'x','title':'t','log':[{'id':'1','action':'Ask the directory',"
                  "'status':'Done','createdAt':'2020-01-01T00:00:00Z'}]}",
                  NULL);
  g_assert_cmpint (ac_json_get_integer (changed, "logCount", -1), ==, 3);
  g_assert_cmpint (ac_json_get_integer (changed, "version", 0), >, version);
}

static void
test_whom_it_is_about (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonObject) made = post (
      fixture->store,
      "{'externalId':'x','title':'t','entities':["
      "{'verdict':'unknown','entity':{'type':'mailbox','address':'m@x'}},"
      "{'verdict':'unknown','assets':['laptop-7'],"
      "'entity':{'type':'file','path':'/f','sha256':"
      "'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'}}],"
      "'actions':[{'type':'softDeleteEmail','verdict':'malicious','assets':['b@x','a@x']," MESSAGE (
          "1") "}]}",
      NULL);
  g_auto (GStrv) mailboxes = ac_json_get_strings (made, "mailboxes");
  g_auto (GStrv) devices = ac_json_get_strings (made, "devices");
  g_autofree char *mailboxes_text = g_strjoinv (" ", mailboxes);
  g_autofree char *devices_text = g_strjoinv (" ", devices);

  g_assert_cmpstr (mailboxes_text, ==, "a@x b@x m@x");
  g_assert_cmpint (ac_json_get_integer (made, "mailboxCount", -1), ==, 3);
  g_assert_cmpstr (devices_text, ==, "laptop-7");
}

/* What leaves its sums alone is none of its changes. */
static void
test_an_undo_leaves_it_as_it_is (Fixture *fixture, gconstpointer data)
{
  g_autofree char *investigation = propose (fixture->store, "undone", 2, "a@x");
  g_auto (GStrv) ids = ids_of_investigation (fixture->store, investigation);
  g_autoptr (JsonObject) approved =
      decide (fixture->store, AC_DECISION_APPROVE, (const char *const *)ids);
  g_autoptr (JsonObject) undone = NULL;
  gint64 version;

  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_MOVED), ==, 2);
  version = look (fixture, "SELECT version FROM investigations WHERE status = 'remediated'");
  undone = decide (fixture->store, AC_DECISION_UNDO, (const char *const *)ids);
  g_assert_cmpuint (work_off (fixture->store, AC_OUTCOME_RESTORED), ==, 2);
  g_assert_cmpint (look (fixture, "SELECT version FROM investigations WHERE status = 'remediated' "
                                  "AND approved_count = 2 AND pending_count = 0"),
                   ==, version);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/store/investigation-status/rejecting-only-leaves-what-waits-pending",
                test_rejecting_only_leaves_what_waits_pending);
  fixture_test ("/store/investigation-status/the-last-decision-closes-it",
                test_the_last_decision_closes_it);
  fixture_test ("/store/investigation-status/a-new-proposal-opens-it-again",
                test_a_new_proposal_opens_it_again);
  fixture_test ("/store/investigation-status/what-expires-ends-it", test_what_expires_ends_it);
  fixture_test ("/store/investigation-status/the-detector-says-how-far-it-is",
                test_the_detector_says_how_far_it_is);
  fixture_test ("/store/investigation-status/waiting-is-told-from-working",
                test_waiting_is_told_from_working);
  fixture_test ("/store/investigation-status/whoever-follows-is-told",
                test_whoever_follows_is_told);
  fixture_test ("/store/investigation-status/each-order-goes-both-ways",
                test_each_order_goes_both_ways);
  fixture_test ("/store/investigation-status/filters-narrow-and-are-counted",
                test_filters_narrow_and_are_counted);
  fixture_test ("/store/investigation-status/the-log-holds-steps-and-actions",
                test_the_log_holds_steps_and_actions);
  fixture_test ("/store/investigation-status/whom-it-is-about", test_whom_it_is_about);
  fixture_test ("/store/investigation-status/undo", test_an_undo_leaves_it_as_it_is);
  return g_test_run ();
}
