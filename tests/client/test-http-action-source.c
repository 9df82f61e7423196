/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "client/ac-action-list.h"
#include "client/ac-http-action-source.h"
#include "harness.h"
#include "model/ac-time.h"

/* A service with a few actions in pages of two, and a log of changes. */
typedef struct
{
  GPtrArray *ids;     /* in the order of the list */
  GPtrArray *changes; /* of ids; the token is the number of those that came before */
  gboolean with_actions;
  gint64 version; /* of every action */
  guint page_size;
  guint fail;             /* answer everything with this status */
  guint gone_cursors;     /* so many cursors are refused */
  gboolean gone_token;    /* the next token is refused */
  const char *late_moves; /* nullable: this id moves to the front when the first page is out */
  guint n_action_reads;
} World;

static World *
world_new (guint n)
{
  World *world = g_new0 (World, 1);

  world->ids = g_ptr_array_new_with_free_func (g_free);
  world->changes = g_ptr_array_new_with_free_func (g_free);
  world->page_size = 1000;
  world->version = 1;
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (world->ids, id_of (i));
  return world;
}

static void
world_free (World *world)
{
  g_ptr_array_unref (world->ids);
  g_ptr_array_unref (world->changes);
  g_free (world);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (World, world_free)

static void
move_to_front (World *world, const char *id)
{
  guint at;

  g_assert_true (g_ptr_array_find_with_equal_func (world->ids, id, (GEqualFunc)g_str_equal, &at));
  g_ptr_array_insert (world->ids, 0, g_ptr_array_steal_index (world->ids, at));
}

static void
answer_changes (World *world, SoupServerMessage *message, GHashTable *query)
{
  const char *since = g_hash_table_lookup (query, "since");
  g_autoptr (GString) body = g_string_new ("{\"items\":[");
  guint from = since != NULL ? (guint)g_ascii_strtoull (since, NULL, 10) : world->changes->len;

  if (since != NULL && world->gone_token)
    {
      world->gone_token = FALSE;
      fake_problem (message, 410, "changes-gone", "That is long ago.");
      return;
    }
  for (guint i = from; i < world->changes->len; i++)
    {
      const char *id = world->changes->pdata[i];
      g_autofree char *json = action_json (id, world->version, "pending");

      g_string_append_printf (
          body, "%s{\"token\":\"%u\",\"kind\":\"action\",\"id\":\"%s\"%s%s}", i > from ? "," : "",
          i + 1, id, world->with_actions ? ",\"action\":" : "", world->with_actions ? json : "");
    }
  g_string_append_printf (body, "],\"next\":\"%u\",\"more\":false}", world->changes->len);
  fake_answer (message, 200, body->str);
}

static void
answer_page (World *world, SoupServerMessage *message, GHashTable *query)
{
  const char *cursor = g_hash_table_lookup (query, "cursor");
  guint limit = (guint)g_ascii_strtoull (g_hash_table_lookup (query, "limit"), NULL, 10);
  guint from = cursor != NULL ? (guint)g_ascii_strtoull (cursor, NULL, 10) : 0;
  guint end = MIN (from + MIN (limit, world->page_size), world->ids->len);
  g_autoptr (GString) body = g_string_new ("{\"items\":[");

  if (cursor != NULL && world->gone_cursors > 0)
    {
      world->gone_cursors--;
      fake_problem (message, 410, "cursor-expired", "The cursor has run out.");
      return;
    }
  for (guint i = from; i < end; i++)
    g_string_append_printf (body, "%s{\"id\":\"%s\",\"version\":1}", i > from ? "," : "",
                            (const char *)world->ids->pdata[i]);
  g_string_append_c (body, ']');
  if (end < world->ids->len)
    g_string_append_printf (body, ",\"nextCursor\":\"%u\"", end);
  g_string_append_printf (body, ",\"total\":%u}", world->ids->len);
  fake_answer (message, 200, body->str);
  if (world->late_moves != NULL)
    move_to_front (world, g_steal_pointer (&world->late_moves));
}

static void
answer_actions (World *world, SoupServerMessage *message, const char *query)
{
  g_auto (GStrv) parts = g_strsplit (query, "&", -1);
  g_autoptr (GString) body = g_string_new ("{\"items\":[");

  world->n_action_reads++;
  for (char **part = parts; *part != NULL; part++)
    if (g_str_has_prefix (*part, "id="))
      {
        g_autofree char *json = action_json (*part + 3, world->version, "pending");

        if (!g_ptr_array_find_with_equal_func (world->ids, *part + 3, (GEqualFunc)g_str_equal,
                                               NULL))
          continue;
        g_string_append_printf (body, "%s%s", body->str[body->len - 1] == '[' ? "" : ",", json);
      }
  g_string_append (body, "],\"total\":0}");
  fake_answer (message, 200, body->str);
}

static void
play_world (FakeService *service,
            SoupServerMessage *message,
            const FakeRequest *request,
            guint number,
            gpointer user_data)
{
  World *world = user_data;
  g_autoptr (GHashTable) query = soup_form_decode (request->query);

  if (world->fail != 0)
    fake_problem (message, world->fail, "service-error", "Closed for the night.");
  else if (g_str_equal (request->path, "/changes"))
    answer_changes (world, message, query);
  else if (g_hash_table_contains (query, "id"))
    answer_actions (world, message, request->query);
  else
    answer_page (world, message, query);
}

static AcHttpActionSource *
source_for (FakeService *service)
{
  AcPatience patience = quick_patience;
  g_autoptr (GError) error = NULL;
  g_autoptr (AcApi) api = NULL;
  AcHttpActionSource *source;

  patience.attempts = 1;
  api = ac_api_new_with_patience (fake_service_get_address (service), TEST_TOKEN, NULL, &patience,
                                  &error);
  g_assert_no_error (error);
  source = ac_http_action_source_new (api);
  ac_http_action_source_set_interval (source, 20);
  return source;
}

static GArray *
load_keys (AcHttpActionSource *source, AcActionQuery *query, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  ac_action_source_load_keys_async (AC_ACTION_SOURCE (source), query, NULL, NULL, NULL,
                                    store_result_cb, &result);
  return ac_action_source_load_keys_finish (AC_ACTION_SOURCE (source), await (&result), error);
}

static void
assert_keys (AcHttpActionSource *source, GArray *keys, GPtrArray *ids)
{
  g_assert_cmpuint (keys->len, ==, ids->len);
  for (guint i = 0; i < keys->len; i++)
    {
      guint64 key = g_array_index (keys, guint64, i);
      g_autofree char *id = dup_id_of_key (AC_ACTION_SOURCE (source), key);

      g_assert_cmpstr (id, ==, ids->pdata[i]);
      g_assert_cmpuint (key_of_id (AC_ACTION_SOURCE (source), id), ==, key);
    }
}

static void
test_pages (void)
{
  g_autoptr (World) world = world_new (7);
  g_autoptr (FakeService) service = fake_service_new (play_world, world);
  g_autoptr (AcHttpActionSource) source = source_for (service);
  g_autoptr (AcActionQuery) query = ac_action_query_new (AC_TAB_ALL);
  g_autoptr (GArray) keys = NULL;
  g_autoptr (GError) error = NULL;

  world->page_size = 2;
  keys = load_keys (source, query, &error);
  g_assert_no_error (error);
  assert_keys (source, keys, world->ids);
  g_assert_cmpuint (fake_service_count (service, "GET", "/actions"), ==, 4);
}

static void
progress_cb (GArray *keys, guint64 total, gpointer user_data)
{
  GArray *lengths = user_data;

  g_assert_cmpuint (total, ==, 20);
  g_array_append_val (lengths, keys->len);
}

static void
test_progress (void)
{
  g_autoptr (World) world = world_new (20);
  g_autoptr (FakeService) service = fake_service_new (play_world, world);
  g_autoptr (AcHttpActionSource) source = source_for (service);
  g_autoptr (AcActionQuery) query = ac_action_query_new (AC_TAB_ALL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GArray) lengths = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) keys = NULL;
  g_autoptr (GError) error = NULL;

  world->page_size = 2;
  ac_action_source_load_keys_async (AC_ACTION_SOURCE (source), query, progress_cb, lengths, NULL,
                                    store_result_cb, &result);
  keys = ac_action_source_load_keys_finish (AC_ACTION_SOURCE (source), await (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (keys->len, ==, 20);
  /* At once, and then each time it has doubled. */
  g_assert_cmpuint (lengths->len, ==, 4);
  g_assert_cmpuint (g_array_index (lengths, guint, 0), ==, 2);
  g_assert_cmpuint (g_array_index (lengths, guint, 3), ==, 16);
}

static void
test_cursor_runs_out (void)
{
  g_autoptr (World) world = world_new (7);
  g_autoptr (FakeService) service = fake_service_new (play_world, world);
  g_autoptr (AcHttpActionSource) source = source_for (service);
  g_autoptr (AcActionQuery) query = ac_action_query_new (AC_TAB_ALL);
  g_autoptr (GArray) keys = NULL;
  g_autoptr (GArray) none = NULL;
  g_autoptr (GError) error = NULL;

  world->page_size = 2;
  world->gone_cursors = 2;
  keys = load_keys (source, query, &error);
  g_assert_no_error (error);
  assert_keys (source, keys, world->ids);
  /* Not for ever. */
  world->gone_cursors = 100;
  none = load_keys (source, query, &error);
  g_assert_error (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_GONE);
  g_assert_null (none);
}

/* A row that moves while the pages are turned would otherwise come twice. */
static void
test_row_moves_between_pages (void)
{
  g_autoptr (World) world = world_new (6);
  g_autoptr (FakeService) service = fake_service_new (play_world, world);
  g_autoptr (AcHttpActionSource) source = source_for (service);
  g_autoptr (AcActionQuery) query = ac_action_query_new (AC_TAB_ALL);
  g_autoptr (GArray) keys = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *mover = id_of (5);

  world->page_size = 2;
  world->late_moves = mover;
  keys = load_keys (source, query, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < keys->len; i++)
    for (guint j = 0; j < i; j++)
      g_assert_cmpuint (g_array_index (keys, guint64, i), !=, g_array_index (keys, guint64, j));
}

static void
test_rows (void)
{
  g_autoptr (World) world = world_new (3);
  g_autoptr (FakeService) service = fake_service_new (play_world, world);
  g_autoptr (AcHttpActionSource) source = source_for (service);
  g_autoptr (AcActionQuery) query = ac_action_query_new (AC_TAB_ALL);
  g_autoptr (GArray) keys = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GAsyncResult) summary_result = NULL;
  g_autoptr (AcActionSummary) summary = NULL;
  g_autoptr (GAsyncResult) count_result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *gone = NULL;
  guint64 count;

  keys = load_keys (source, query, &error);
  g_assert_no_error (error);
  gone = g_ptr_array_steal_index (world->ids, 1);
  ac_action_source_load_rows_async (AC_ACTION_SOURCE (source), (guint64 *)(gpointer)keys->data,
                                    keys->len, NULL, store_result_cb, &result);
  rows = ac_action_source_load_rows_finish (AC_ACTION_SOURCE (source), await (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, 3);
  g_assert_cmpstr (ac_action_get_id (rows->pdata[0]), ==, world->ids->pdata[0]);
  g_assert_null (rows->pdata[1]);
  g_assert_cmpstr (ac_action_get_id (rows->pdata[2]), ==, world->ids->pdata[1]);

  ac_action_source_summarize_async (AC_ACTION_SOURCE (source), keys, NULL, store_result_cb,
                                    &summary_result);
  summary = ac_action_source_summarize_finish (AC_ACTION_SOURCE (source), await (&summary_result),
                                               &error);
  g_assert_no_error (error);
  g_assert_cmpuint (summary->n_actions, ==, 2);
  g_assert_true (ac_action_summary_all_allow (summary, AC_DECISION_APPROVE));

  ac_action_source_count_async (AC_ACTION_SOURCE (source), query, NULL, store_result_cb,
                                &count_result);
  g_assert_true (ac_action_source_count_finish (AC_ACTION_SOURCE (source), await (&count_result),
                                                &count, &error));
  g_assert_cmpuint (count, ==, 2);
}

/* The status filter contradicts the tab: nothing to ask. */
static void
test_impossible_query (void)
{
  g_autoptr (World) world = world_new (3);
  g_autoptr (FakeService) service = fake_service_new (play_world, world);
  g_autoptr (AcHttpActionSource) source = source_for (service);
  const char *const failed[] = { "failed", NULL };
  g_autoptr (AcActionQuery) pending = ac_action_query_new (AC_TAB_PENDING);
  g_autoptr (AcActionQuery) query = ac_action_query_with_filter (pending, AC_FILTER_STATUS, failed);
  g_autoptr (GArray) keys = NULL;
  g_autoptr (GError) error = NULL;

  keys = load_keys (source, query, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (keys->len, ==, 0);
  g_assert_cmpuint (fake_service_count (service, "GET", "/actions"), ==, 0);
}

/* Each signal's keys; a zero stands for “anything”. */
static void
changed_cb (AcActionSource *source, GArray *keys, gpointer user_data)
{
  GArray *all = user_data;
  const guint64 anything = 0;

  if (keys == NULL)
    g_array_append_val (all, anything);
  else
    g_array_append_vals (all, keys->data, keys->len);
}

static void
test_changes (gconstpointer with_actions)
{
  g_autoptr (World) world = world_new (3);
  g_autoptr (FakeService) service = fake_service_new (play_world, world);
  g_autoptr (AcHttpActionSource) source = source_for (service);
  g_autoptr (AcActionQuery) query = ac_action_query_new (AC_TAB_ALL);
  g_autoptr (GArray) changed = g_array_new (FALSE, FALSE, sizeof (guint64));
  g_autoptr (GArray) keys = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GError) error = NULL;
  guint64 newcomer;

  world->with_actions = with_actions != NULL;
  g_signal_connect (source, "changed", G_CALLBACK (changed_cb), changed);
  keys = load_keys (source, query, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (changed->len, ==, 0);
  g_assert_cmpint (ac_action_source_get_last_refreshed (AC_ACTION_SOURCE (source)), !=,
                   AC_TIME_NONE);

  world->version = 2;
  g_ptr_array_add (world->ids, id_of (77));
  g_ptr_array_add (world->changes, id_of (1));
  g_ptr_array_add (world->changes, id_of (77));
  g_ptr_array_add (world->changes, id_of (1));
  wait_until (changed->len == 2);
  g_assert_cmpuint (g_array_index (changed, guint64, 0), ==, g_array_index (keys, guint64, 1));
  newcomer = g_array_index (changed, guint64, 1);
  ac_action_source_load_rows_async (AC_ACTION_SOURCE (source), &newcomer, 1, NULL, store_result_cb,
                                    &result);
  rows = ac_action_source_load_rows_finish (AC_ACTION_SOURCE (source), await (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpint (ac_action_get_version (rows->pdata[0]), ==, 2);
  /* What /changes has told already is not asked for again. */
  g_assert_cmpuint (world->n_action_reads, ==, with_actions != NULL ? 0 : 1);
}

static void
test_token_is_gone (void)
{
  g_autoptr (World) world = world_new (3);
  g_autoptr (FakeService) service = fake_service_new (play_world, world);
  g_autoptr (AcHttpActionSource) source = source_for (service);
  g_autoptr (AcActionQuery) query = ac_action_query_new (AC_TAB_ALL);
  g_autoptr (GArray) changed = g_array_new (FALSE, FALSE, sizeof (guint64));
  g_autoptr (GArray) keys = NULL;
  g_autoptr (GError) error = NULL;

  g_signal_connect (source, "changed", G_CALLBACK (changed_cb), changed);
  keys = load_keys (source, query, &error);
  world->gone_token = TRUE;
  wait_until (changed->len == 1);
  g_assert_cmpuint (g_array_index (changed, guint64, 0), ==, 0);
  g_assert_cmpint (ac_action_source_get_offline_since (AC_ACTION_SOURCE (source)), ==,
                   AC_TIME_NONE);
  /* And follows on from there. */
  g_ptr_array_add (world->changes, id_of (1));
  wait_until (changed->len == 2);
}

static void
test_offline_and_back (void)
{
  g_autoptr (World) world = world_new (3);
  g_autoptr (FakeService) service = fake_service_new (play_world, world);
  g_autoptr (AcHttpActionSource) source = source_for (service);
  AcActionSource *as_source = AC_ACTION_SOURCE (source);
  g_autoptr (AcActionList) list = ac_action_list_new (as_source, NULL);
  g_autofree char *reason = NULL;
  g_autofree char *other_reason = NULL;
  g_autofree char *no_reason = NULL;
  gint64 refreshed;

  wait_until (g_list_model_get_n_items (G_LIST_MODEL (list)) == 3);
  wait_until (ac_action_source_get_last_refreshed (as_source) != AC_TIME_NONE);
  world->fail = 503;
  wait_until (ac_action_source_get_offline_since (as_source) != AC_TIME_NONE);
  refreshed = ac_action_source_get_last_refreshed (as_source);
  reason = ac_action_source_dup_offline_reason (as_source);
  g_assert_cmpstr (reason, ==, "Closed for the night.");
  g_assert_cmpint (ac_action_source_get_offline_since (as_source), >=, refreshed);

  fake_service_stop (service);
  ac_action_source_refresh (as_source);
  do
    {
      g_main_context_iteration (NULL, TRUE);
      g_free (other_reason);
      other_reason = ac_action_source_dup_offline_reason (as_source);
    }
  while (g_str_equal (other_reason, reason));
  g_assert_cmpint (ac_action_source_get_last_refreshed (as_source), ==, refreshed);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 3);

  /* Something happens meanwhile, and is there at once when the service is back. */
  g_ptr_array_add (world->ids, id_of (9));
  g_ptr_array_add (world->changes, id_of (9));
  world->fail = 0;
  fake_service_start (service);
  ac_action_source_refresh (as_source);
  wait_until (ac_action_source_get_offline_since (as_source) == AC_TIME_NONE);
  no_reason = ac_action_source_dup_offline_reason (as_source);
  g_assert_null (no_reason);
  g_assert_cmpint (ac_action_source_get_last_refreshed (as_source), >, refreshed);
  wait_until (g_list_model_get_n_items (G_LIST_MODEL (list)) == 4);
}

/* The window opens before the service is there. */
static void
test_begins_offline (void)
{
  g_autoptr (World) world = world_new (3);
  g_autoptr (FakeService) service = fake_service_new (play_world, world);
  g_autoptr (AcHttpActionSource) source = NULL;
  g_autoptr (AcActionList) list = NULL;

  world->fail = 503;
  source = source_for (service);
  list = ac_action_list_new (AC_ACTION_SOURCE (source), NULL);
  wait_until (ac_action_list_get_error (list) != NULL);
  g_assert_cmpstr (ac_action_list_get_error (list), ==, "Closed for the night.");
  g_assert_cmpint (ac_action_list_get_last_refreshed (list), ==, AC_TIME_NONE);
  world->fail = 0;
  wait_until (g_list_model_get_n_items (G_LIST_MODEL (list)) == 3);
  wait_until (ac_action_list_get_error (list) == NULL);
}

/* A source that nobody uses any more stops asking, whatever is on its way. */
static void
test_dropped (void)
{
  g_autoptr (World) world = world_new (3);
  g_autoptr (FakeService) service = fake_service_new (play_world, world);
  AcHttpActionSource *source = source_for (service);
  gpointer weak = source;

  g_object_add_weak_pointer (G_OBJECT (source), &weak);
  g_object_unref (source);
  g_assert_null (weak);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add_func ("/client/http-action-source/" path, function)
  ADD ("keys-come-in-pages", test_pages);
  ADD ("progress-is-told", test_progress);
  ADD ("a-cursor-that-runs-out", test_cursor_runs_out);
  ADD ("a-row-that-moves-between-pages", test_row_moves_between_pages);
  ADD ("rows-sums-and-counts", test_rows);
  ADD ("a-query-that-can-match-nothing", test_impossible_query);
  g_test_add_data_func ("/client/http-action-source/changes-that-carry-the-action", "with",
                        test_changes);
  g_test_add_data_func ("/client/http-action-source/changes-that-do-not", NULL, test_changes);
  ADD ("a-token-that-is-gone", test_token_is_gone);
  ADD ("offline-and-back", test_offline_and_back);
  ADD ("begins-offline", test_begins_offline);
  ADD ("dropped-while-asking", test_dropped);
  return g_test_run ();
}
