/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The client against the real service, which with_service.py has started. */
#include "config.h"

#include <string.h>

#include "client/ac-action-list.h"
#include "client/ac-counts.h"
#include "client/ac-http-action-source.h"
#include "client/ac-operation-run.h"
#include "harness.h"
#include "model/ac-time.h"

static AcApi *
api_as (const char *role)
{
  g_autofree char *variable = g_strconcat ("AC_TOKEN_", role, NULL);
  g_autoptr (GError) error = NULL;
  AcApi *api = ac_api_new (g_getenv ("AC_SERVICE_ADDRESS"), g_getenv (variable), NULL, &error);

  g_assert_no_error (error);
  return api;
}

/* An investigation with so many proposals, as a detector would post it; returns its id. */
static char *
post_investigation (guint n_actions)
{
  static guint number = 0;
  g_autoptr (SoupSession) session = soup_session_new ();
  g_autofree char *uri =
      g_strconcat (g_getenv ("AC_SERVICE_ADDRESS"), "/api/v1/investigations", NULL);
  g_autoptr (SoupMessage) message = soup_message_new ("POST", uri);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  g_autofree char *authorization = g_strconcat ("Bearer ", g_getenv ("AC_TOKEN_DETECTOR"), NULL);
  g_autofree char *key = g_uuid_string_random ();
  g_autoptr (GString) body = g_string_new (NULL);
  g_autoptr (GBytes) request = NULL;
  g_autoptr (GBytes) answer = NULL;
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GError) error = NULL;

  g_string_printf (body, "{\"externalId\":\"%s\",\"title\":\"Phish\",\"actions\":[", key);
  for (guint i = 0; i < n_actions; i++)
    g_string_append_printf (
        body,
        "%s{\"type\":\"softDeleteEmail\",\"verdict\":\"%s\",\"entity\":{\"type\":"
        "\"emailMessage\",\"messageId\":\"<%u@phish.test>\",\"subject\":\"Invoice %u\"},"
        "\"assets\":[\"user%u@example.test\"]}",
        i > 0 ? "," : "", i % 2 == 0 ? "malicious" : "suspicious", number, number, number % 7),
        number++;
  g_string_append (body, "]}");
  request = g_bytes_new (body->str, body->len);
  soup_message_set_request_body_from_bytes (message, "application/json", request);
  soup_message_headers_replace (headers, "Authorization", authorization);
  soup_message_headers_replace (headers, "Idempotency-Key", key);
  answer = soup_session_send_and_read (session, message, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (soup_message_get_status (message), ==, 201);
  root = ac_json_parse (answer, &error);
  g_assert_no_error (error);
  return g_strdup (ac_json_get_string (json_node_get_object (root), "id"));
}

static AcActionQuery *
query_of (const char *investigation)
{
  const char *const ids[] = { investigation, NULL };
  g_autoptr (AcActionQuery) all = ac_action_query_new (AC_TAB_ALL);

  return ac_action_query_with_filter (all, AC_FILTER_INVESTIGATION, ids);
}

/* What the service itself says is in a list, read in one page. */
static AcActionPage *
read_page (AcApi *api, AcActionQuery *query)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  AcActionPage *page;

  ac_api_list_actions_async (api, query, NULL, 1000, FALSE, NULL, store_result_cb, &result);
  page = ac_api_list_actions_finish (api, await (&result), &error);
  g_assert_no_error (error);
  return page;
}

static GStrv
ids_of_page (AcActionPage *page, guint from, guint n)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = from; i < from + n; i++)
    g_strv_builder_add (builder, ac_action_get_id (page->actions->pdata[i]));
  return g_strv_builder_end (builder);
}

static AcOperationRun *
finished_run (AcApi *api, AcDecision decision, GStrv ids, const char *comment)
{
  AcOperationRun *run = ac_operation_run_new (api, decision, (const char *const *)ids, comment);

  ac_operation_run_start (run);
  wait_until (ac_operation_run_get_state (run) >= AC_OPERATION_RUN_FINISHED);
  return run;
}

static void
test_me (void)
{
  g_autoptr (AcApi) api = api_as ("RESPONDER");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (AcMe) me = NULL;
  g_autoptr (GAsyncResult) wrong_result = NULL;
  g_autoptr (AcApi) wrong = NULL;
  g_autoptr (GError) error = NULL;

  ac_api_get_me_async (api, NULL, store_result_cb, &result);
  me = ac_api_get_me_finish (api, await (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (me->name, ==, "the.responder");
  g_assert_true (ac_me_may (me, AC_PERMISSION_DECIDE));
  g_assert_true (g_strv_contains ((const char *const *)me->permissions, "decide"));

  wrong = ac_api_new (g_getenv ("AC_SERVICE_ADDRESS"), TEST_TOKEN, NULL, &error);
  g_assert_no_error (error);
  ac_api_get_me_async (wrong, NULL, store_result_cb, &wrong_result);
  g_assert_null (ac_api_get_me_finish (wrong, await (&wrong_result), &error));
  g_assert_error (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_UNAUTHORIZED);
}

static void
test_socket (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AcApi) api =
      ac_api_new (g_getenv ("AC_SERVICE_SOCKET"), g_getenv ("AC_TOKEN_READER"), NULL, &error);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (AcMe) me = NULL;

  g_assert_no_error (error);
  ac_api_get_me_async (api, NULL, store_result_cb, &result);
  me = ac_api_get_me_finish (api, await (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (me->role, ==, "reader");
}

static void
test_pages_and_rows (void)
{
  g_autoptr (AcApi) api = api_as ("READER");
  g_autoptr (AcHttpActionSource) source = ac_http_action_source_new (api);
  g_autoptr (AcActionQuery) query = ac_action_query_new (AC_TAB_ALL);
  g_autoptr (AcActionQuery) sorted = ac_action_query_with_sort (query, AC_SORT_DETAILS, FALSE);
  g_autoptr (GAsyncResult) keys_result = NULL;
  g_autoptr (GAsyncResult) rows_result = NULL;
  g_autoptr (GArray) keys = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 5; i++)
    g_free (post_investigation (450));
  ac_action_source_load_keys_async (AC_ACTION_SOURCE (source), sorted, NULL, NULL, NULL,
                                    store_result_cb, &keys_result);
  keys =
      ac_action_source_load_keys_finish (AC_ACTION_SOURCE (source), await (&keys_result), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (keys->len, >=, 2250);
  ac_action_source_load_rows_async (AC_ACTION_SOURCE (source), (guint64 *)(gpointer)keys->data,
                                    keys->len, NULL, store_result_cb, &rows_result);
  rows =
      ac_action_source_load_rows_finish (AC_ACTION_SOURCE (source), await (&rows_result), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, keys->len);
  for (guint i = 0; i < rows->len; i++)
    {
      g_autofree char *id =
          dup_id_of_key (AC_ACTION_SOURCE (source), g_array_index (keys, guint64, i));

      g_assert_nonnull (rows->pdata[i]);
      g_assert_cmpstr (ac_action_get_id (rows->pdata[i]), ==, id);
    }
}

static void
test_decision_shows_everywhere (void)
{
  g_autofree char *investigation = post_investigation (6);
  g_autoptr (AcActionQuery) query = query_of (investigation);
  g_autoptr (AcActionQuery) pending = ac_action_query_with_tab (query, AC_TAB_PENDING);
  g_autoptr (AcActionQuery) history = ac_action_query_with_tab (query, AC_TAB_HISTORY);
  g_autoptr (AcApi) api = api_as ("RESPONDER");
  g_autoptr (AcHttpActionSource) source = ac_http_action_source_new (api);
  g_autoptr (AcActionList) open = ac_action_list_new (AC_ACTION_SOURCE (source), pending);
  g_autoptr (AcActionList) done = ac_action_list_new (AC_ACTION_SOURCE (source), history);
  g_autoptr (AcCounts) counts = ac_counts_new (AC_ACTION_SOURCE (source));
  g_autoptr (AcActionItem) item = NULL;
  g_autoptr (AcActionPage) page = NULL;
  g_autoptr (AcOperationRun) run = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (AcAction) action = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) ids = NULL;
  g_auto (GStrv) undoable = NULL;
  gint64 n_pending;

  ac_http_action_source_set_interval (source, 50);
  wait_until (g_list_model_get_n_items (G_LIST_MODEL (open)) == 6);
  wait_until (ac_counts_get_pending (counts) >= 6);
  n_pending = ac_counts_get_pending (counts);
  item = g_list_model_get_item (G_LIST_MODEL (open), 2);
  wait_until (ac_action_item_get_loaded (item));

  page = read_page (api, pending);
  ids = ids_of_page (page, 1, 3);
  g_assert_true (g_strv_contains ((const char *const *)ids,
                                  ac_action_get_id (ac_action_item_get_action (item))));
  run = finished_run (api, AC_DECISION_REJECT, ids, "Newsletter, not phish");
  g_assert_cmpint (ac_operation_run_get_state (run), ==, AC_OPERATION_RUN_FINISHED);
  g_assert_cmpuint (ac_operation_run_get_done (run), ==, 3);
  undoable = ac_operation_run_get_undoable_ids (run);
  g_assert_null (undoable[0]);

  wait_until (g_list_model_get_n_items (G_LIST_MODEL (open)) == 3);
  wait_until (g_list_model_get_n_items (G_LIST_MODEL (done)) == 3);
  wait_until (ac_counts_get_pending (counts) == n_pending - 3);
  wait_until (g_strcmp0 (ac_action_get_status (ac_action_item_get_action (item)), "rejected") == 0);
  g_assert_cmpstr (ac_action_get_decided_by (ac_action_item_get_action (item)), ==,
                   "the.responder");

  ac_api_get_action_async (api, ids[0], NULL, store_result_cb, &result);
  action = ac_api_get_action_finish (api, await (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (ac_action_get_timeline (action)->len, >=, 2);
  g_assert_cmpstr (ac_action_get_comment (action), ==, "Newsletter, not phish");
}

static void
test_conflict (void)
{
  g_autofree char *investigation = post_investigation (2);
  g_autoptr (AcActionQuery) query = query_of (investigation);
  g_autoptr (AcApi) first = api_as ("RESPONDER");
  g_autoptr (AcApi) second = api_as ("SECOND");
  g_autoptr (AcActionPage) page = read_page (first, query);
  g_auto (GStrv) one = ids_of_page (page, 0, 1);
  g_auto (GStrv) both = ids_of_page (page, 0, 2);
  g_autoptr (AcOperationRun) winner = NULL;
  g_autoptr (AcOperationRun) loser = NULL;
  g_autoptr (AcActionPage) after = NULL;
  const AcConflict *conflict;

  winner = finished_run (first, AC_DECISION_REJECT, one, NULL);
  g_assert_cmpint (ac_operation_run_get_state (winner), ==, AC_OPERATION_RUN_FINISHED);
  loser = finished_run (second, AC_DECISION_REJECT, both, NULL);
  g_assert_cmpint (ac_operation_run_get_state (loser), ==, AC_OPERATION_RUN_FAILED);
  g_assert_error (ac_operation_run_get_error (loser), AC_CLIENT_ERROR, AC_CLIENT_ERROR_CONFLICT);
  g_assert_nonnull (strstr (ac_operation_run_get_message (loser), "the.responder"));
  g_assert_cmpuint (ac_operation_run_get_problem (loser)->conflicts->len, ==, 1);
  conflict = ac_operation_run_get_problem (loser)->conflicts->pdata[0];
  g_assert_cmpstr (conflict->action_id, ==, one[0]);
  g_assert_cmpstr (conflict->decision, ==, "reject");
  g_assert_cmpstr (conflict->decided_by, ==, "the.responder");
  g_assert_cmpint (conflict->decided_at, !=, AC_TIME_NONE);
  /* All or nothing. */
  after = read_page (first, query);
  for (guint i = 0; i < 2; i++)
    {
      AcAction *action = after->actions->pdata[i];

      if (!g_str_equal (ac_action_get_id (action), one[0]))
        g_assert_cmpstr (ac_action_get_status (action), ==, "pending");
    }
}

static AcOperation *
submit (AcApi *api, AcDecision decision, GStrv ids, const char *key, GError **error)
{
  AcOperationRequest *request = ac_operation_request_new (decision, (const char *const *)ids, NULL);
  g_autoptr (GAsyncResult) result = NULL;

  ac_api_submit_operation_async (api, request, key, NULL, store_result_cb, &result);
  ac_operation_request_free (request);
  return ac_api_submit_operation_finish (api, await (&result), error);
}

static void
test_same_key_is_one_operation (void)
{
  g_autofree char *investigation = post_investigation (1);
  g_autoptr (AcActionQuery) query = query_of (investigation);
  g_autoptr (AcApi) api = api_as ("RESPONDER");
  g_autoptr (AcActionPage) page = read_page (api, query);
  g_auto (GStrv) ids = ids_of_page (page, 0, 1);
  g_autofree char *key = g_uuid_string_random ();
  g_autofree char *operation = NULL;

  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (AcOperation) answer = submit (api, AC_DECISION_REJECT, ids, key, &error);

      g_assert_no_error (error);
      if (operation == NULL)
        operation = g_strdup (ac_operation_get_id (answer));
      g_assert_cmpstr (ac_operation_get_id (answer), ==, operation);
    }
}

static void
assert_submit_fails (const char *role, AcDecision decision, GStrv ids, AcClientError code)
{
  g_autoptr (AcApi) api = api_as (role);
  g_autoptr (GError) error = NULL;

  g_assert_null (submit (api, decision, ids, NULL, &error));
  g_assert_error (error, AC_CLIENT_ERROR, (int)code);
  g_assert_nonnull (ac_client_error_get_problem (error));
  g_test_message ("%s", error->message);
}

static void
test_refusals (void)
{
  g_autofree char *investigation = post_investigation (1);
  g_autoptr (AcActionQuery) query = query_of (investigation);
  g_autoptr (AcApi) api = api_as ("RESPONDER");
  g_autoptr (AcActionPage) page = read_page (api, query);
  g_auto (GStrv) ids = ids_of_page (page, 0, 1);
  g_autofree char *unknown = g_uuid_string_random ();
  char *unknown_ids[] = { unknown, NULL };
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) too_many = NULL;
  g_autoptr (GAsyncResult) page_result = NULL;
  g_autoptr (GAsyncResult) changes_result = NULL;
  g_autoptr (GAsyncResult) action_result = NULL;
  g_autoptr (GError) error = NULL;

  assert_submit_fails ("READER", AC_DECISION_REJECT, ids, AC_CLIENT_ERROR_FORBIDDEN);
  assert_submit_fails ("RESPONDER", AC_DECISION_REJECT, unknown_ids, AC_CLIENT_ERROR_NOT_FOUND);
  assert_submit_fails ("RESPONDER", AC_DECISION_UNDO, ids, AC_CLIENT_ERROR_CONFLICT);
  for (guint i = 0; i < AC_OPERATION_MAX_ACTIONS + 1; i++)
    {
      g_autofree char *id = g_uuid_string_random ();

      g_strv_builder_add (builder, id);
    }
  too_many = g_strv_builder_end (builder);
  assert_submit_fails ("RESPONDER", AC_DECISION_REJECT, too_many, AC_CLIENT_ERROR_INVALID);

  ac_api_list_actions_async (api, query, "no-cursor", 10, TRUE, NULL, store_result_cb,
                             &page_result);
  g_assert_null (ac_api_list_actions_finish (api, await (&page_result), &error));
  g_assert_error (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_INVALID);
  g_clear_error (&error);
  ac_api_get_action_async (api, "no/../such action?", NULL, store_result_cb, &action_result);
  g_assert_null (ac_api_get_action_finish (api, await (&action_result), &error));
  g_assert_true (g_error_matches (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_NOT_FOUND) ||
                 g_error_matches (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_INVALID));
}

static void
test_investigations (void)
{
  g_autofree char *investigation = post_investigation (3);
  g_autoptr (AcInvestigationQuery) query = ac_investigation_query_new ();
  g_autoptr (AcApi) api = api_as ("READER");
  g_autoptr (GAsyncResult) page_result = NULL;
  g_autoptr (GAsyncResult) one_result = NULL;
  g_autoptr (AcInvestigationPage) page = NULL;
  g_autoptr (AcInvestigation) one = NULL;
  g_autoptr (GError) error = NULL;

  ac_api_list_investigations_async (api, query, NULL, 5, NULL, store_result_cb, &page_result);
  page = ac_api_list_investigations_finish (api, await (&page_result), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (page->investigations->len, >=, 1);
  ac_api_get_investigation_async (api, investigation, NULL, store_result_cb, &one_result);
  one = ac_api_get_investigation_finish (api, await (&one_result), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (ac_investigation_get_actions (one)->len, ==, 3);
  g_assert_cmpuint (ac_investigation_get_pending_count (one), ==, 3);
}

/* Keeps its own copy by what items-changed tells. */
static void
items_changed_cb (GListModel *model, guint position, guint removed, guint added, gpointer user_data)
{
  GArray *keys = user_data;

  g_array_remove_range (keys, position, removed);
  for (guint i = 0; i < added; i++)
    {
      guint64 key = ac_action_list_get_key (AC_ACTION_LIST (model), position + i);

      g_array_insert_val (keys, position + i, key);
    }
}

static gboolean
equals_page (AcActionList *list, GArray *keys, AcActionPage *page)
{
  if (g_list_model_get_n_items (G_LIST_MODEL (list)) != page->actions->len)
    return FALSE;
  g_assert_cmpuint (keys->len, ==, page->actions->len);
  for (guint i = 0; i < page->actions->len; i++)
    {
      AcAction *action = page->actions->pdata[i];
      guint64 key = key_of_id (ac_action_list_get_source (list), ac_action_get_id (action));

      if (ac_action_list_get_key (list, i) != key)
        return FALSE;
      g_assert_cmpuint (g_array_index (keys, guint64, i), ==, key);
    }
  return TRUE;
}

/* Whether row objects show what the service says now. */
static gboolean
shows_rows (GPtrArray *items, AcActionPage *page)
{
  for (guint i = 0; i < page->actions->len; i++)
    {
      AcAction *action = page->actions->pdata[i];
      AcActionItem *item = NULL;

      for (guint j = 0; j < items->len; j++)
        {
          AcAction *shown = ac_action_item_get_action (items->pdata[j]);

          if (shown == NULL)
            return FALSE;
          if (g_str_equal (ac_action_get_id (shown), ac_action_get_id (action)))
            item = items->pdata[j];
        }
      if (item == NULL)
        continue;
      if (!ac_action_item_get_loaded (item) || ac_action_get_version (ac_action_item_get_action (
                                                   item)) != ac_action_get_version (action))
        return FALSE;
    }
  return TRUE;
}

typedef struct
{
  AcActionQuery *query;
  AcActionList *list;
  GArray *keys;
} Followed;

static void
check_followed (AcApi *api, Followed *followed, GPtrArray *items)
{
  g_autoptr (AcActionPage) page = read_page (api, followed->query);

  /* Nobody decides any more, so the list must come to what the service says. */
  wait_until (equals_page (followed->list, followed->keys, page));
  wait_until (shows_rows (items, page));
}

static void
test_lists_stay_equal (void)
{
  static const AcDecision decisions[] = { AC_DECISION_REJECT, AC_DECISION_APPROVE };
  g_autofree char *investigation = post_investigation (60);
  g_autoptr (AcActionQuery) all = query_of (investigation);
  g_autoptr (AcActionQuery) pending = ac_action_query_with_tab (all, AC_TAB_PENDING);
  g_autoptr (AcActionQuery) history = ac_action_query_with_tab (all, AC_TAB_HISTORY);
  g_autoptr (AcActionQuery) by_status = ac_action_query_with_sort (all, AC_SORT_STATUS, TRUE);
  g_autoptr (AcApi) watcher = api_as ("READER");
  AcApi *deciders[] = { api_as ("RESPONDER"), api_as ("SECOND") };
  g_autoptr (AcHttpActionSource) source = ac_http_action_source_new (watcher);
  Followed followed[] = {
    { .query = all }, { .query = pending }, { .query = history }, { .query = by_status }
  };
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (AcActionPage) page = NULL;

  ac_http_action_source_set_interval (source, 30);
  for (guint i = 0; i < G_N_ELEMENTS (followed); i++)
    {
      followed[i].list = ac_action_list_new (AC_ACTION_SOURCE (source), followed[i].query);
      followed[i].keys = g_array_new (FALSE, FALSE, sizeof (guint64));
      g_signal_connect (followed[i].list, "items-changed", G_CALLBACK (items_changed_cb),
                        followed[i].keys);
    }
  wait_until (g_list_model_get_n_items (G_LIST_MODEL (followed[0].list)) == 60);
  for (guint i = 0; i < 60; i += 3)
    g_ptr_array_add (items, g_list_model_get_item (G_LIST_MODEL (followed[0].list), i));

  for (guint round = 0; round < 12; round++)
    {
      g_autoptr (GPtrArray) runs = g_ptr_array_new_with_free_func (g_object_unref);

      for (gint32 n = g_test_rand_int_range (1, 4); n > 0; n--)
        {
          g_autoptr (AcActionPage) now = read_page (watcher, pending);
          guint length = now->actions->len;
          guint from = length > 0 ? (guint)g_test_rand_int_range (0, (gint32)length) : 0;
          guint wish = (guint)g_test_rand_int_range (1, 4);
          guint take = MIN (length - from, wish);
          g_auto (GStrv) ids = NULL;
          AcOperationRun *run;

          if (take == 0)
            break;
          ids = ids_of_page (now, from, take);
          /* Now and then both want the same; one of them loses. */
          run = ac_operation_run_new (deciders[n % 2], decisions[g_test_rand_bit ()],
                                      (const char *const *)ids, NULL);
          ac_operation_run_start (run);
          g_ptr_array_add (runs, run);
        }
      for (guint i = 0; i < runs->len; i++)
        wait_until (ac_operation_run_get_state (runs->pdata[i]) >= AC_OPERATION_RUN_FINISHED);
      for (guint i = 0; i < G_N_ELEMENTS (followed); i++)
        check_followed (watcher, &followed[i], items);
    }
  page = read_page (watcher, history);
  g_assert_cmpuint (page->actions->len, >, 0);

  for (guint i = 0; i < G_N_ELEMENTS (followed); i++)
    {
      g_signal_handlers_disconnect_by_data (followed[i].list, followed[i].keys);
      g_object_unref (followed[i].list);
      g_array_unref (followed[i].keys);
    }
  g_object_unref (deciders[0]);
  g_object_unref (deciders[1]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add_func ("/client/service/" path, function)
  ADD ("who-am-i", test_me);
  ADD ("unix-socket", test_socket);
  ADD ("pages-and-rows", test_pages_and_rows);
  ADD ("a-decision-shows-everywhere", test_decision_shows_everywhere);
  ADD ("conflict-says-who-and-when", test_conflict);
  ADD ("same-key-is-one-operation", test_same_key_is_one_operation);
  ADD ("refusals", test_refusals);
  ADD ("investigations", test_investigations);
  ADD ("lists-stay-equal-to-the-service-under-random-decisions", test_lists_stay_equal);
  return g_test_run ();
}
