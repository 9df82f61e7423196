/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "harness.h"

/* One answer to everything. */
typedef struct
{
  guint status;
  const char *body; /* ' stands for " */
} Script;

static void
play_script (FakeService *service,
             SoupServerMessage *message,
             const FakeRequest *request,
             guint number,
             gpointer user_data)
{
  const Script *script = user_data;
  g_autofree char *body = g_strdelimit (g_strdup (script->body), "'", '"');

  if (script->status >= 400)
    {
      soup_server_message_set_status (message, script->status, NULL);
      soup_server_message_set_response (message, "application/problem+json", SOUP_MEMORY_COPY, body,
                                        strlen (body));
    }
  else
    fake_answer (message, script->status, body);
}

/* Starts a service with one script and an API for it. */
#define WITH_SCRIPT(status, body)                                                                  \
  Script script = { (status), (body) };                                                            \
  g_autoptr (FakeService) service = fake_service_new (play_script, &script);                       \
  g_autoptr (AcApi) api = api_for (fake_service_get_address (service));                            \
  g_autoptr (GAsyncResult) result = NULL;                                                          \
  g_autoptr (GError) error = NULL

static const FakeRequest *
only_request (FakeService *service)
{
  g_assert_cmpuint (fake_service_get_requests (service)->len, ==, 1);
  return fake_service_get_requests (service)->pdata[0];
}

static void
test_list_ids (void)
{
  g_autoptr (AcActionQuery) query = ac_action_query_new (AC_TAB_PENDING);
  g_autoptr (AcActionPage) page = NULL;
  WITH_SCRIPT (200, "{'items':[{'id':'a','version':3},{'id':'b','version':1,'more':[1]}],"
                    "'nextCursor':'c&2','total':7,'elapsed':1}");

  ac_api_list_actions_async (api, query, "c&1", 1000, TRUE, NULL, store_result_cb, &result);
  page = ac_api_list_actions_finish (api, await (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (only_request (service)->path, ==, "/actions");
  g_assert_cmpstr (only_request (service)->query, ==,
                   "status=pending&sort=-updatedAt&limit=1000&fields=id&cursor=c%261");
  g_assert_null (page->actions);
  g_assert_cmpuint (g_strv_length (page->ids), ==, 2);
  g_assert_cmpstr (page->ids[1], ==, "b");
  g_assert_cmpstr (page->next_cursor, ==, "c&2");
  g_assert_cmpuint (page->total, ==, 7);
}

static void
answer_many_actions (FakeService *service,
                     SoupServerMessage *message,
                     const FakeRequest *request,
                     guint number,
                     gpointer user_data)
{
  g_autoptr (GString) body = g_string_new ("{\"items\":[");
  g_autoptr (GHashTable) query = request->query != NULL ? soup_form_decode (request->query) : NULL;
  guint n = *(guint *)user_data;

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *id = id_of (i);
      g_autofree char *json = action_json (id, i, "pending");
      g_autofree char *wanted = g_strdup_printf ("id=%s", id);

      if (g_hash_table_contains (query, "id") && strstr (request->query, wanted) == NULL)
        continue;
      if (body->str[body->len - 1] != '[')
        g_string_append_c (body, ',');
      g_string_append (body, json);
    }
  g_string_append_printf (body, "],\"total\":%u}", n);
  fake_answer (message, 200, body->str);
}

/* Large enough to be read in a thread. */
static void
test_list_whole (void)
{
  guint n = 1000;
  g_autoptr (FakeService) service = fake_service_new (answer_many_actions, &n);
  g_autoptr (AcApi) api = api_for (fake_service_get_address (service));
  g_autoptr (AcActionQuery) query = ac_action_query_new (AC_TAB_ALL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (AcActionPage) page = NULL;
  g_autoptr (GError) error = NULL;

  ac_api_list_actions_async (api, query, NULL, 1000, FALSE, NULL, store_result_cb, &result);
  page = ac_api_list_actions_finish (api, await (&result), &error);
  g_assert_no_error (error);
  g_assert_null (page->ids);
  g_assert_null (page->next_cursor);
  g_assert_cmpuint (page->actions->len, ==, 1000);
  g_assert_cmpint (ac_action_get_version (page->actions->pdata[999]), ==, 999);
}

static void
test_actions_by_ids (void)
{
  guint n = 450;
  g_autoptr (FakeService) service = fake_service_new (answer_many_actions, &n);
  g_autoptr (AcApi) api = api_for (fake_service_get_address (service));
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) ids = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GAsyncResult) none_result = NULL;
  g_autoptr (GPtrArray) actions = NULL;
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GError) error = NULL;
  const char *const no_ids[] = { NULL };

  for (guint i = 500; i-- > 0;)
    {
      g_autofree char *id = id_of (i);

      g_strv_builder_add (builder, id);
    }
  ids = g_strv_builder_end (builder);
  ac_api_get_actions_async (api, (const char *const *)ids, NULL, store_result_cb, &result);
  actions = ac_api_get_actions_finish (api, await (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fake_service_get_requests (service)->len, ==, 3);
  g_assert_cmpuint (actions->len, ==, 500);
  for (guint i = 0; i < 500; i++)
    {
      if (i < 50)
        g_assert_null (actions->pdata[i]);
      else
        g_assert_cmpstr (ac_action_get_id (actions->pdata[i]), ==, ids[i]);
    }

  ac_api_get_actions_async (api, no_ids, NULL, store_result_cb, &none_result);
  none = ac_api_get_actions_finish (api, await (&none_result), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (none->len, ==, 0);
}

static void
test_action (void)
{
  g_autoptr (AcAction) action = NULL;
  WITH_SCRIPT (200, "{'id':'a/b','version':1,'type':'teleportEmail','status':'levitating',"
                    "'verdict':'malicious','source':'api','entity':{'type':'hologram','x':1},"
                    "'assets':['a'],'createdAt':'2026-01-01T00:00:00Z',"
                    "'updatedAt':'2026-01-01T00:00:00Z','aura':{'colour':'blue'}}");

  ac_api_get_action_async (api, "a/b", NULL, store_result_cb, &result);
  action = ac_api_get_action_finish (api, await (&result), &error);
  g_assert_no_error (error);
  /* A server cannot tell an escaped slash from another; what matters is that it was escaped. */
  g_assert_cmpstr (only_request (service)->path, ==, "/actions/a/b");
  /* What a newer service says is kept, raw. */
  g_assert_cmpstr (ac_action_get_status (action), ==, "levitating");
  g_assert_cmpint (ac_action_get_status_value (action), ==, AC_STATUS_UNKNOWN);
  {
    g_autoptr (JsonObject) object = ac_action_to_json (action);

    g_assert_nonnull (ac_json_get_object (object, "aura"));
  }
}

static void
assert_conflicts (const GError *error)
{
  const AcProblem *problem = ac_client_error_get_problem (error);
  const AcConflict *conflict;

  g_assert_error (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_CONFLICT);
  g_assert_nonnull (problem);
  g_assert_cmpuint (problem->status, ==, 409);
  g_assert_cmpuint (problem->conflicts->len, ==, 1);
  conflict = problem->conflicts->pdata[0];
  g_assert_cmpstr (conflict->action_id, ==, "a");
  g_assert_cmpstr (conflict->decision, ==, "approve");
  g_assert_cmpstr (conflict->decided_by, ==, "r.roe");
}

static void
test_conflict (void)
{
  const char *const ids[] = { "a", NULL };
  AcOperationRequest *request = ac_operation_request_new (AC_DECISION_REJECT, ids, "why");
  g_autoptr (GError) copy = NULL;
  WITH_SCRIPT (409, "{'type':'urn:action-center:problem:conflict','title':'Conflict','status':409,"
                    "'detail':'Already approved by r.roe on 1 January 2026.','conflicts':[{"
                    "'actionId':'a','status':'queued','decision':'approve','decidedBy':'r.roe',"
                    "'decidedAt':'2026-01-01T00:00:00Z'}]}");

  ac_api_submit_operation_async (api, request, "key-1", NULL, store_result_cb, &result);
  ac_operation_request_free (request);
  g_assert_null (ac_api_submit_operation_finish (api, await (&result), &error));
  g_assert_cmpstr (only_request (service)->idempotency_key, ==, "key-1");
  g_assert_cmpstr (only_request (service)->body, ==,
                   "{\"decision\":\"reject\",\"actionIds\":[\"a\"],\"comment\":\"why\"}");
  g_assert_cmpstr (error->message, ==, "Already approved by r.roe on 1 January 2026.");
  assert_conflicts (error);
  /* What was learnt goes along when the error is handed on. */
  copy = g_error_copy (error);
  g_clear_error (&error);
  g_prefix_error (&copy, "Rejecting: ");
  assert_conflicts (copy);
  g_assert_null (ac_client_error_get_problem (NULL));
}

static void
test_operation (void)
{
  g_autoptr (AcOperation) operation = NULL;
  WITH_SCRIPT (200, "{'id':'o','decision':'undo','decidedBy':'j.doe','status':'finished',"
                    "'createdAt':'2026-01-01T00:00:00Z','counts':{'total':2,'waiting':0,'done':1,"
                    "'failed':1,'skipped':0}}");

  ac_api_get_operation_async (api, "o", FALSE, NULL, store_result_cb, &result);
  operation = ac_api_get_operation_finish (api, await (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (only_request (service)->path, ==, "/operations/o");
  g_assert_cmpstr (only_request (service)->query, ==, "items=false");
  g_assert_true (ac_operation_is_finished (operation));
}

static void
test_investigations (void)
{
  g_autoptr (AcInvestigationQuery) query = ac_investigation_query_new ();
  g_autoptr (AcInvestigationPage) page = NULL;
  WITH_SCRIPT (200, "{'items':[{'id':'i','version':1,'title':'Phish','status':'pendingAction',"
                    "'createdAt':'2026-01-01T00:00:00Z','updatedAt':'2026-01-01T00:00:00Z',"
                    "'actionCount':5,'pendingCount':3}],'total':1}");

  query->statuses = g_strsplit ("pendingAction failed", " ", -1);
  query->text = g_strdup ("a&b");
  query->sort = g_strdup ("-title");
  ac_api_list_investigations_async (api, query, NULL, 50, NULL, store_result_cb, &result);
  page = ac_api_list_investigations_finish (api, await (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (only_request (service)->query, ==,
                   "limit=50&status=pendingAction&status=failed&q=a%26b&sort=-title");
  g_assert_cmpuint (page->investigations->len, ==, 1);
  g_assert_cmpuint (ac_investigation_get_action_count (page->investigations->pdata[0]), ==, 5);
  g_assert_cmpuint (ac_investigation_get_pending_count (page->investigations->pdata[0]), ==, 3);
}

static void
test_investigation (void)
{
  g_autoptr (AcInvestigation) investigation = NULL;
  WITH_SCRIPT (200, "{'id':'i','version':1,'title':'Phish','status':'remediated',"
                    "'createdAt':'2026-01-01T00:00:00Z','updatedAt':'2026-01-01T00:00:00Z',"
                    "'evidence':[{'entity':{'type':'url','url':'https://x.test'},"
                    "'verdict':'malicious'}],'actions':[]}");

  ac_api_get_investigation_async (api, "i", NULL, store_result_cb, &result);
  investigation = ac_api_get_investigation_finish (api, await (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (ac_investigation_get_evidence (investigation)->len, ==, 1);
}

static void
test_changes (void)
{
  g_autoptr (AcChangePage) page = NULL;
  const AcChange *change;
  WITH_SCRIPT (200, "{'items':[{'token':'t1','kind':'action','id':'a','version':2,"
                    "'at':'2026-01-01T00:00:00Z'},{'token':'t2','kind':'weather','id':'w'}],"
                    "'next':'t2','more':true}");

  ac_api_get_changes_async (api, "t0/1", 1000, NULL, store_result_cb, &result);
  page = ac_api_get_changes_finish (api, await (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (only_request (service)->query, ==, "limit=1000&since=t0%2F1");
  g_assert_cmpuint (page->changes->len, ==, 2);
  change = page->changes->pdata[0];
  g_assert_cmpint (change->kind, ==, AC_CHANGE_ACTION);
  g_assert_cmpint (change->version, ==, 2);
  change = page->changes->pdata[1];
  g_assert_cmpint (change->kind, ==, AC_CHANGE_OTHER);
  g_assert_cmpstr (page->next, ==, "t2");
  g_assert_true (page->more);
}

static void
count_cb (guint *n)
{
  (*n)++;
}

/* Where there is no stream, whoever shows submissions hears of them all the same. */
static void
test_changes_of_submissions (void)
{
  static const struct
  {
    const char *token;
    const char *answer;
    guint n;
  } cases[] = {
    { "t0",
      "{'items':[{'token':'t1','kind':'weather','id':'submission'}],'next':'t1','more':false}", 0 },
    { "t0", "{'items':[{'token':'t1','kind':'submission','id':'s'}],'next':'t1','more':false}", 1 },
    /* What was before is not known. */
    { NULL, "{'items':[],'next':'t1','more':false}", 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AcChangePage) page = NULL;
      guint n = 0;
      WITH_SCRIPT (200, cases[i].answer);

      g_signal_connect_swapped (api, "submissions-changed", G_CALLBACK (count_cb), &n);
      ac_api_get_changes_async (api, cases[i].token, 1000, NULL, store_result_cb, &result);
      page = ac_api_get_changes_finish (api, await (&result), &error);
      g_assert_no_error (error);
      g_assert_cmpuint (n, ==, cases[i].n);
    }
}

/* Who follows the changes must learn at once that the service is away. */
static void
test_changes_ask_once (void)
{
  WITH_SCRIPT (503, "{'title':'Away','detail':'Closed for the night.'}");

  ac_api_get_changes_async (api, NULL, 10, NULL, store_result_cb, &result);
  g_assert_null (ac_api_get_changes_finish (api, await (&result), &error));
  g_assert_error (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_SERVICE);
  g_assert_cmpstr (error->message, ==, "Closed for the night.");
  g_assert_cmpuint (fake_service_get_requests (service)->len, ==, 1);
}

/* Every member of an answer in turn with something it must not be. */
static void
test_wrong_types (void)
{
  static const struct
  {
    const char *body;
    const char *member;
  } cases[] = {
    { "{}", "items" },
    { "{'items':null,'total':0}", "items" },
    { "{'items':{},'total':0}", "items" },
    { "{'items':[1],'total':1}", "items[0]" },
    { "{'items':[null],'total':1}", "items[0]" },
    { "{'items':[{}],'total':1}", "items[0].id" },
    { "{'items':[{'id':1}],'total':1}", "items[0].id" },
    { "{'items':[{'id':''}],'total':1}", "items[0].id" },
    { "{'items':[],'total':'1'}", "total" },
    { "{'items':[],'total':1.5}", "total" },
    { "{'items':[],'total':-1}", "total" },
    { "{'items':[]}", "total" },
    { "{'items':[],'total':1,'nextCursor':7}", "nextCursor" },
    { "{'items':[],'total':1,'nextCursor':''}", "nextCursor" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AcActionQuery) query = ac_action_query_new (AC_TAB_ALL);
      g_autofree char *expected = g_strconcat (": ", cases[i].member, ": ", NULL);
      WITH_SCRIPT (200, cases[i].body);

      g_test_message ("%s", cases[i].body);
      ac_api_list_actions_async (api, query, NULL, 10, TRUE, NULL, store_result_cb, &result);
      g_assert_null (ac_api_list_actions_finish (api, await (&result), &error));
      g_assert_error (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_PROTOCOL);
      if (strstr (error->message, expected) == NULL)
        g_error ("“%s” does not name %s", error->message, cases[i].member);
    }
}

static void
test_wrong_types_of_changes (void)
{
  static const struct
  {
    const char *body;
    const char *member;
  } cases[] = {
    { "{'items':[],'more':false}", "next" },
    { "{'items':[],'next':'t'}", "more" },
    { "{'items':[],'next':'t','more':'yes'}", "more" },
    { "{'items':[{'kind':'action','id':'a'}],'next':'t','more':false}", "items[0].token" },
    { "{'items':[{'token':'t','kind':1,'id':'a'}],'next':'t','more':false}", "items[0].kind" },
    { "{'items':[{'token':'t','kind':'action','id':'a','action':[]}],'next':'t','more':false}",
      "items[0].action" },
    { "{'items':[{'token':'t','kind':'action','id':'a','action':{}}],'next':'t','more':false}",
      "items[0].action.id" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *expected = g_strconcat (": ", cases[i].member, ": ", NULL);
      WITH_SCRIPT (200, cases[i].body);

      g_test_message ("%s", cases[i].body);
      ac_api_get_changes_async (api, NULL, 10, NULL, store_result_cb, &result);
      g_assert_null (ac_api_get_changes_finish (api, await (&result), &error));
      g_assert_error (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_PROTOCOL);
      if (strstr (error->message, expected) == NULL)
        g_error ("“%s” does not name %s", error->message, cases[i].member);
    }
}

/* A problem document with nothing or nonsense in it still gives a sentence. */
static void
test_poor_problems (void)
{
  static const char *const bodies[] = { "{}", "{'detail':7,'title':null}", "[]", "nonsense", "" };

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr (AcMe) me = NULL;
      WITH_SCRIPT (404, bodies[i]);

      ac_api_get_me_async (api, NULL, store_result_cb, &result);
      me = ac_api_get_me_finish (api, await (&result), &error);
      g_assert_error (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_NOT_FOUND);
      g_assert_cmpuint (strlen (error->message), >, 4);
      g_assert_cmpuint (ac_client_error_get_problem (error)->status, ==, 404);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/client/api/list-of-ids", test_list_ids);
  g_test_add_func ("/client/api/list-of-whole-actions", test_list_whole);
  g_test_add_func ("/client/api/actions-by-ids-in-turns", test_actions_by_ids);
  g_test_add_func ("/client/api/action-of-a-newer-service", test_action);
  g_test_add_func ("/client/api/conflict-says-who-and-when", test_conflict);
  g_test_add_func ("/client/api/operation", test_operation);
  g_test_add_func ("/client/api/investigations", test_investigations);
  g_test_add_func ("/client/api/investigation", test_investigation);
  g_test_add_func ("/client/api/changes", test_changes);
  g_test_add_func ("/client/api/changes-of-submissions", test_changes_of_submissions);
  g_test_add_func ("/client/api/changes-ask-once", test_changes_ask_once);
  g_test_add_func ("/client/api/wrong-types-are-named", test_wrong_types);
  g_test_add_func ("/client/api/wrong-types-of-changes-are-named", test_wrong_types_of_changes);
  g_test_add_func ("/client/api/poor-problem-documents", test_poor_problems);
  return g_test_run ();
}
