/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a mirror answers, held to the same worked out row by row. */
#include "config.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "client/ac-action-list.h"
#include "client/ac-key-set.h"
#include "client/ac-known-account.h"
#include "client/ac-mirror-newest.h"
#include "client/ac-mirror-query.h"
#include "client/ac-mirror-schema.h"
#include "mirror-fixture.h"
#include "model/ac-time.h"

#define N 300

static void
filled (MirrorFixture *fixture, gconstpointer data)
{
  mirror_fixture_set_up (fixture, data);
  mirror_fixture_fill (fixture, N);
  if (data != NULL)
    mirror_fixture_index (fixture);
}

static GPtrArray *
rows_of (MirrorFixture *fixture, const GArray *keys)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *rows;

  ac_action_source_load_rows_async (AC_ACTION_SOURCE (fixture->source),
                                    (const guint64 *)(gpointer)keys->data, keys->len, NULL,
                                    store_result_cb, &result);
  rows = ac_action_source_load_rows_finish (AC_ACTION_SOURCE (fixture->source), await (&result),
                                            &error);
  g_assert_no_error (error);
  return rows;
}

static GPtrArray *
all_rows (MirrorFixture *fixture)
{
  g_autoptr (AcActionQuery) all = ac_action_query_new (AC_TAB_ALL);
  g_autoptr (GArray) keys = keys_of (fixture, all);

  return rows_of (fixture, keys);
}

static void
test_private (MirrorFixture *fixture, gconstpointer data)
{
  struct stat info;

  g_assert_cmpint (stat (ac_mirror_get_path (fixture->mirror), &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  g_assert_cmpint (stat (fixture->folder, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0700);
}

/* Every member, those too that this program does not know, as it came. */
static void
test_rows_as_sent (MirrorFixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) rows = all_rows (fixture);
  g_autoptr (GHashTable) sent = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; i < N; i++)
    {
      g_autofree char *text = synthetic_action (i, N);
      g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
      g_autoptr (JsonNode) root = ac_json_parse (bytes, NULL);

      g_hash_table_insert (sent, g_strdup (ac_json_get_string (json_node_get_object (root), "id")),
                           ac_json_canonical (root));
    }
  g_assert_cmpuint (rows->len, ==, N);
  for (guint i = 0; i < rows->len; i++)
    {
      g_autoptr (JsonObject) object = ac_action_to_json (rows->pdata[i]);
      g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);
      g_autofree char *canonical = ac_json_canonical (node);

      g_assert_cmpstr (canonical, ==,
                       g_hash_table_lookup (sent, ac_action_get_id (rows->pdata[i])));
    }
}

static AcNewestActions *
newest_after (MirrorFixture *fixture, guint64 after, guint limit)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  AcNewestActions *newest;

  ac_mirror_load_newest_async (fixture->mirror, after, limit, NULL, store_result_cb, &result);
  newest = ac_mirror_load_newest_finish (fixture->mirror, await (&result), &error);
  g_assert_no_error (error);
  return newest;
}

/* Some at a time, in the order of their keys, each once, and none behind the greatest key. */
static void
test_newest (MirrorFixture *fixture, gconstpointer data)
{
  g_autoptr (AcNewestActions) greatest = newest_after (fixture, 0, 0);
  g_autoptr (AcNewestActions) none = newest_after (fixture, greatest->last, 10);
  guint64 after = 0;
  guint n = 0;
  gboolean more = TRUE;

  g_assert_cmpuint (greatest->last, >=, N);
  g_assert_cmpuint (greatest->actions->len, ==, 0);
  g_assert_cmpuint (none->actions->len, ==, 0);
  g_assert_cmpuint (none->last, ==, greatest->last);
  g_assert_false (none->more);
  while (more)
    {
      g_autoptr (AcNewestActions) newest = newest_after (fixture, after, 70);
      g_autoptr (GPtrArray) rows = rows_of (fixture, newest->keys);

      g_assert_cmpuint (newest->keys->len, ==, newest->actions->len);
      for (guint i = 0; i < newest->keys->len; i++)
        {
          g_assert_cmpuint (g_array_index (newest->keys, guint64, i), >, after);
          after = g_array_index (newest->keys, guint64, i);
          g_assert_cmpstr (ac_action_get_id (newest->actions->pdata[i]), ==,
                           ac_action_get_id (rows->pdata[i]));
        }
      n += newest->keys->len;
      more = newest->more;
    }
  g_assert_cmpuint (n, ==, N);
  g_assert_cmpuint (after, ==, greatest->last);
}

/* --- queries --- */

static gint64
expiry (AcAction *action)
{
  gint64 time = ac_action_get_expires_at (action);

  return time == AC_TIME_NONE ? G_MAXINT64 : time;
}

static int
compare_by (AcAction *a, AcAction *b, AcSort sort)
{
  switch (sort)
    {
    case AC_SORT_UPDATED_AT:
      return (ac_action_get_updated_at (a) > ac_action_get_updated_at (b)) -
             (ac_action_get_updated_at (a) < ac_action_get_updated_at (b));
    case AC_SORT_CREATED_AT:
      return (ac_action_get_created_at (a) > ac_action_get_created_at (b)) -
             (ac_action_get_created_at (a) < ac_action_get_created_at (b));
    case AC_SORT_TYPE:
      return g_strcmp0 (ac_action_get_action_type (a), ac_action_get_action_type (b));
    case AC_SORT_DETAILS:
      return g_ascii_strcasecmp (ac_action_get_details (a), ac_action_get_details (b));
    case AC_SORT_ENTITY_TYPE:
      return g_strcmp0 (ac_entity_get_entity_type (ac_action_get_entity (a)),
                        ac_entity_get_entity_type (ac_action_get_entity (b)));
    case AC_SORT_ASSET:
      return g_ascii_strcasecmp (ac_action_get_assets (a)[0], ac_action_get_assets (b)[0]);
    case AC_SORT_VERDICT:
      return g_strcmp0 (ac_action_get_verdict (a), ac_action_get_verdict (b));
    case AC_SORT_SOURCE:
      return g_strcmp0 (ac_action_get_source (a), ac_action_get_source (b));
    case AC_SORT_DECIDED_BY:
      return g_ascii_strcasecmp (
          ac_action_get_decided_by (a) != NULL ? ac_action_get_decided_by (a) : "",
          ac_action_get_decided_by (b) != NULL ? ac_action_get_decided_by (b) : "");
    case AC_SORT_DECISION:
      return g_strcmp0 (ac_action_get_decision (a) != NULL ? ac_action_get_decision (a) : "",
                        ac_action_get_decision (b) != NULL ? ac_action_get_decision (b) : "");
    case AC_SORT_UNDO_STATE:
      return g_strcmp0 (ac_action_get_undo_state (a), ac_action_get_undo_state (b));
    case AC_SORT_INVESTIGATION:
      return g_strcmp0 (ac_action_get_investigation_id (a), ac_action_get_investigation_id (b));
    case AC_SORT_OPERATION:
      return g_strcmp0 (ac_action_get_operation_id (a), ac_action_get_operation_id (b));
    case AC_SORT_EXPIRES_AT:
      return (expiry (a) > expiry (b)) - (expiry (a) < expiry (b));
    case AC_SORT_STATUS:
    default:
      return g_strcmp0 (ac_action_get_status (a), ac_action_get_status (b));
    }
}

static gboolean
has_word (AcAction *action, const char *word)
{
  g_autoptr (JsonObject) entity = ac_entity_to_json (ac_action_get_entity (action));
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), entity);
  g_autofree char *text = ac_json_canonical (node);
  g_autofree char *assets = g_strjoinv (" ", (char **)ac_action_get_assets (action));
  g_autofree char *whole = g_strjoin (" ", ac_action_get_id (action), assets, text, NULL);
  g_autofree char *folded = g_utf8_casefold (whole, -1);

  return strstr (folded, word) != NULL;
}

static gboolean
passes (AcAction *action, AcActionQuery *query, const char *const *words)
{
  const char *values[AC_N_FILTERS] = {
    [AC_FILTER_STATUS] = ac_action_get_status (action),
    [AC_FILTER_TYPE] = ac_action_get_action_type (action),
    [AC_FILTER_ENTITY_TYPE] = ac_entity_get_entity_type (ac_action_get_entity (action)),
    [AC_FILTER_VERDICT] = ac_action_get_verdict (action),
    [AC_FILTER_SOURCE] = ac_action_get_source (action),
    [AC_FILTER_DECIDED_BY] = ac_action_get_decided_by (action),
    [AC_FILTER_INVESTIGATION] = ac_action_get_investigation_id (action),
    [AC_FILTER_OPERATION] = ac_action_get_operation_id (action),
    [AC_FILTER_DECISION] = ac_action_get_decision (action),
    [AC_FILTER_UNDO_STATE] = ac_action_get_undo_state (action),
  };
  gboolean pending = g_str_equal (ac_action_get_status (action), "pending");

  if (ac_action_query_get_tab (query) != AC_TAB_ALL &&
      pending != (ac_action_query_get_tab (query) == AC_TAB_PENDING))
    return FALSE;
  for (guint i = 0; i < AC_N_FILTERS; i++)
    {
      const char *const *wanted = ac_action_query_get_filter (query, (AcFilter)i);
      gboolean found = FALSE;

      if (wanted == NULL)
        continue;
      for (guint j = 0; wanted[j] != NULL && !found; j++)
        found = i == AC_FILTER_ASSET ? g_strv_contains (ac_action_get_assets (action), wanted[j])
                                     : g_strcmp0 (values[i], wanted[j]) == 0;
      if (!found)
        return FALSE;
    }
  for (guint i = 0; words != NULL && words[i] != NULL; i++)
    if (!has_word (action, words[i]))
      return FALSE;
  return (ac_action_query_get_bound (query, AC_BOUND_CREATED_AFTER) == AC_TIME_NONE ||
          ac_action_get_created_at (action) >
              ac_action_query_get_bound (query, AC_BOUND_CREATED_AFTER)) &&
         (ac_action_query_get_bound (query, AC_BOUND_CREATED_BEFORE) == AC_TIME_NONE ||
          ac_action_get_created_at (action) <
              ac_action_query_get_bound (query, AC_BOUND_CREATED_BEFORE)) &&
         (ac_action_query_get_bound (query, AC_BOUND_UPDATED_AFTER) == AC_TIME_NONE ||
          ac_action_get_updated_at (action) >
              ac_action_query_get_bound (query, AC_BOUND_UPDATED_AFTER)) &&
         (ac_action_query_get_bound (query, AC_BOUND_UPDATED_BEFORE) == AC_TIME_NONE ||
          ac_action_get_updated_at (action) <
              ac_action_query_get_bound (query, AC_BOUND_UPDATED_BEFORE));
}

/* The answer has exactly the actions that match, in order; and the count is their number. */
static void
assert_answer (MirrorFixture *fixture,
               GPtrArray *all,
               AcActionQuery *query,
               const char *const *words)
{
  g_autoptr (GArray) keys = keys_of (fixture, query);
  g_autoptr (GPtrArray) rows = rows_of (fixture, keys);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  AcSort sort = ac_action_query_get_sort (query);
  guint64 count;
  guint n = 0;

  for (guint i = 0; i < all->len; i++)
    if (passes (all->pdata[i], query, words))
      n++;
  g_assert_cmpuint (rows->len, ==, n);
  for (guint i = 0; i < rows->len; i++)
    {
      g_assert_true (passes (rows->pdata[i], query, words));
      if (i == 0)
        continue;
      if (ac_action_query_get_descending (query))
        g_assert_cmpint (compare_by (rows->pdata[i - 1], rows->pdata[i], sort), >=, 0);
      else
        g_assert_cmpint (compare_by (rows->pdata[i - 1], rows->pdata[i], sort), <=, 0);
    }
  ac_action_source_count_async (AC_ACTION_SOURCE (fixture->source), query, NULL, store_result_cb,
                                &result);
  g_assert_true (ac_action_source_count_finish (AC_ACTION_SOURCE (fixture->source), await (&result),
                                                &count, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count, ==, n);
}

static void
test_orders (MirrorFixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) all = all_rows (fixture);

  for (guint tab = 0; tab <= AC_TAB_ALL; tab++)
    for (guint sort = 0; sort < AC_N_SORTS; sort++)
      for (guint descending = 0; descending < 2; descending++)
        {
          g_autoptr (AcActionQuery) plain = ac_action_query_new ((AcTab)tab);
          g_autoptr (AcActionQuery) query =
              ac_action_query_with_sort (plain, (AcSort)sort, descending != 0);

          assert_answer (fixture, all, query, NULL);
        }
}

static AcActionQuery *
add_filter (AcActionQuery *query, AcFilter filter, const char *value)
{
  g_autoptr (AcActionQuery) before = query;
  const char *const values[] = { value, "neverSeen", NULL };

  return ac_action_query_with_filter (before, filter, values);
}

static void
test_filters (MirrorFixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) all = all_rows (fixture);
  AcAction *some = all->pdata[all->len / 3];
  AcAction *other = all->pdata[all->len / 5];
  const char *const values[AC_N_FILTERS] = {
    [AC_FILTER_STATUS] = ac_action_get_status (some),
    [AC_FILTER_TYPE] = ac_action_get_action_type (some),
    [AC_FILTER_ENTITY_TYPE] = ac_entity_get_entity_type (ac_action_get_entity (some)),
    [AC_FILTER_VERDICT] = ac_action_get_verdict (some),
    [AC_FILTER_SOURCE] = ac_action_get_source (some),
    [AC_FILTER_DECIDED_BY] = "analyst3",
    [AC_FILTER_ASSET] = "second@corp.example",
    [AC_FILTER_INVESTIGATION] = ac_action_get_investigation_id (some),
    [AC_FILTER_DECISION] = "approve",
    [AC_FILTER_UNDO_STATE] = "undoable",
    [AC_FILTER_OPERATION] =
        ac_action_get_operation_id (other) != NULL ? ac_action_get_operation_id (other) : "none",
  };

  for (guint i = 0; i < AC_N_FILTERS; i++)
    {
      g_autoptr (AcActionQuery) query =
          add_filter (ac_action_query_new (AC_TAB_ALL), (AcFilter)i, values[i]);

      assert_answer (fixture, all, query, NULL);
      for (guint j = 0; j < i; j++)
        {
          g_autoptr (AcActionQuery) both =
              add_filter (g_object_ref (query), (AcFilter)j, values[j]);

          assert_answer (fixture, all, both, NULL);
        }
    }
  for (guint i = 0; i < AC_N_BOUNDS; i++)
    {
      g_autoptr (AcActionQuery) plain = ac_action_query_new (AC_TAB_HISTORY);
      g_autoptr (AcActionQuery) query =
          ac_action_query_with_bound (plain, (AcBound)i, ac_action_get_created_at (some));

      assert_answer (fixture, all, query, NULL);
    }
}

static guint64
count_of (GPtrArray *all, AcActionQuery *query, AcFilter filter, const char *value)
{
  const char *const values[] = { value, NULL };
  g_autoptr (AcActionQuery) narrowed = ac_action_query_with_filter (query, filter, values);
  guint64 n = 0;

  for (guint i = 0; i < all->len; i++)
    n += passes (all->pdata[i], narrowed, NULL) ? 1 : 0;
  return n;
}

static AcFilterValues *
values_of (MirrorFixture *fixture, AcActionQuery *query, AcFilter filter, const char *contains)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  AcFilterValues *values;

  ac_action_source_load_values_async (AC_ACTION_SOURCE (fixture->source), query, filter, contains,
                                      NULL, store_result_cb, &result);
  values = ac_action_source_load_values_finish (AC_ACTION_SOURCE (fixture->source), await (&result),
                                                &error);
  g_assert_no_error (error);
  return values;
}

/* Each value has as many actions as the list that it would give; what is chosen already does not
 * hide the others. */
static void
test_values (MirrorFixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) all = all_rows (fixture);
  const char *const types[] = { ac_action_get_action_type (all->pdata[3]), NULL };
  g_autoptr (AcActionQuery) history = ac_action_query_new (AC_TAB_HISTORY);
  g_autoptr (AcActionQuery) typed = ac_action_query_with_filter (history, AC_FILTER_TYPE, types);
  g_autoptr (AcActionQuery) late = ac_action_query_with_bound (
      history, AC_BOUND_UPDATED_AFTER, ac_action_get_updated_at (all->pdata[all->len / 2]));
  AcActionQuery *queries[] = { history, typed, late };

  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    for (guint filter = 0; filter < AC_N_FILTERS; filter++)
      {
        g_autoptr (AcFilterValues) values = values_of (fixture, queries[i], (AcFilter)filter, NULL);

        g_assert_cmpuint (values->values->len, >, 0);
        g_assert_cmpint (values->more, ==, values->values->len == AC_FILTER_VALUES_MOST);
        for (guint j = 0; j < values->values->len; j++)
          {
            const AcFilterValue *value = values->values->pdata[j];
            const AcFilterValue *before = j > 0 ? values->values->pdata[j - 1] : value;

            g_assert_cmpuint (value->count, <=, before->count);
            if (j < 3 || j + 1 == values->values->len)
              g_assert_cmpuint (value->count, ==,
                                count_of (all, queries[i], (AcFilter)filter, value->value));
          }
      }
}

static void
test_values_that_contain (MirrorFixture *fixture, gconstpointer data)
{
  g_autoptr (AcActionQuery) query = ac_action_query_new (AC_TAB_ALL);
  g_autoptr (AcFilterValues) some = values_of (fixture, query, AC_FILTER_ASSET, "SECOND@");
  g_autoptr (AcFilterValues) none = values_of (fixture, query, AC_FILTER_ASSET, "no such asset");

  g_assert_cmpuint (some->values->len, ==, 1);
  g_assert_cmpstr (((AcFilterValue *)some->values->pdata[0])->value, ==, "second@corp.example");
  g_assert_cmpuint (none->values->len, ==, 0);
}

static void
test_searches (MirrorFixture *fixture, gconstpointer data)
{
  static const char *const searches[] = {
    "invoice",
    "INVOICE",
    "parcel refund",
    "voice",
    "corp.example",
    "user1",
    "u",
    "e",
    "–",
    "phish",
    "nothing of that",
    "\"quoted",
    "100%",
    "c:\\users\\u4",
    "@mail.",
    "-4",
    "exe 4a",
    "*",
    "a* OR b",
    "ab",
  };
  g_autoptr (GPtrArray) all = all_rows (fixture);
  g_autofree char *id = g_strdup (ac_action_get_id (all->pdata[42]));
  g_autofree char *part = g_strndup (id + 3, 14);

  for (guint i = 0; i < G_N_ELEMENTS (searches) + 2; i++)
    {
      const char *text = i < G_N_ELEMENTS (searches)        ? searches[i]
                         : i == G_N_ELEMENTS (searches) + 1 ? id
                                                            : part;
      g_autoptr (AcActionQuery) plain = ac_action_query_new (AC_TAB_ALL);
      g_autoptr (AcActionQuery) query = ac_action_query_with_search (plain, text);
      g_autoptr (AcActionQuery) history = ac_action_query_with_tab (query, AC_TAB_HISTORY);
      g_autofree char *folded = g_utf8_casefold (text, -1);
      g_auto (GStrv) words = g_strsplit (folded, " ", -1);

      g_test_message ("%s", text);
      /* The backslash is written twice in the text that this is held to. */
      if (strchr (text, '\\') != NULL || strchr (text, '"') != NULL)
        {
          g_autoptr (GArray) keys = keys_of (fixture, query);

          g_assert_cmpuint (keys->len > 0, ==, strchr (text, '\\') != NULL);
          continue;
        }
      if (strlen (text) <= 2)
        continue;
      assert_answer (fixture, all, query, (const char *const *)words);
      assert_answer (fixture, all, history, (const char *const *)words);
    }
}

/* --- sums --- */

static void
assert_tables (GHashTable *one, GHashTable *other)
{
  GHashTableIter iter;
  gpointer wire, n;

  g_assert_cmpuint (g_hash_table_size (one), ==, g_hash_table_size (other));
  g_hash_table_iter_init (&iter, one);
  while (g_hash_table_iter_next (&iter, &wire, &n))
    g_assert_cmpuint (*(guint64 *)n, ==, ac_action_summary_get_count (other, wire));
}

static void
assert_summary (MirrorFixture *fixture, const guint64 *keys, guint n)
{
  g_autoptr (GArray) array = g_array_new (FALSE, FALSE, sizeof (guint64));
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (AcActionSummary) summary = NULL;
  g_autoptr (AcActionSummary) wanted = ac_action_summary_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_array_append_vals (array, keys, n);
  rows = rows_of (fixture, array);
  for (guint i = 0; i < rows->len; i++)
    if (rows->pdata[i] != NULL)
      ac_action_summary_add (wanted, rows->pdata[i]);
  ac_action_source_summarize_async (AC_ACTION_SOURCE (fixture->source), array, NULL,
                                    store_result_cb, &result);
  summary = ac_action_source_summarize_finish (AC_ACTION_SOURCE (fixture->source), await (&result),
                                               &error);
  g_assert_no_error (error);
  g_assert_cmpuint (summary->n_actions, ==, wanted->n_actions);
  g_assert_cmpuint (summary->n_assets, ==, wanted->n_assets);
  assert_tables (summary->types, wanted->types);
  assert_tables (summary->statuses, wanted->statuses);
  assert_tables (summary->verdicts, wanted->verdicts);
  assert_tables (summary->sources, wanted->sources);
  assert_tables (summary->entity_types, wanted->entity_types);
  assert_tables (summary->assets, wanted->assets);
  g_assert_cmpuint (summary->n_in_part, ==, wanted->n_in_part);
  for (guint i = 0; i < G_N_ELEMENTS (summary->n_allowing); i++)
    g_assert_cmpuint (summary->n_allowing[i], ==, wanted->n_allowing[i]);
}

static void
test_summaries (void)
{
  MirrorFixture fixture = { 0 };
  g_autoptr (AcActionQuery) all = ac_action_query_new (AC_TAB_ALL);
  g_autoptr (GArray) keys = NULL;
  const guint64 strange[] = { 1, 2, 77777777, 2, G_MAXINT64 };

  mirror_fixture_set_up (&fixture, NULL);
  mirror_fixture_fill (&fixture, 5400);
  keys = keys_of (&fixture, all);
  {
    /* So many that they are found by reading everything, and put in order by walking it. */
    g_autoptr (AcActionQuery) query = ac_action_query_with_search (all, "CORP.example");
    g_autoptr (AcActionQuery) history = ac_action_query_with_tab (query, AC_TAB_HISTORY);
    g_autoptr (GArray) found = keys_of (&fixture, query);
    g_autoptr (GArray) decided = keys_of (&fixture, history);

    g_assert_cmpmem (found->data, found->len * sizeof (guint64), keys->data,
                     keys->len * sizeof (guint64));
    g_assert_cmpuint (decided->len, >, 5000);
    g_assert_cmpuint (decided->len, <, 5400);
  }
  assert_summary (&fixture, &g_array_index (keys, guint64, 0), 100);
  assert_summary (&fixture, &g_array_index (keys, guint64, 0), keys->len);
  assert_summary (&fixture, strange, 1);
  {
    g_autoptr (GAsyncResult) result = NULL;
    g_autoptr (GAsyncResult) narrow_result = NULL;
    g_autoptr (GError) error = NULL;
    g_auto (GStrv) ids = NULL;
    g_autoptr (GArray) narrowed = NULL;
    g_autoptr (GPtrArray) rows = NULL;
    guint64 key;

    ac_action_source_load_ids_async (AC_ACTION_SOURCE (fixture.source), strange, 3, NULL,
                                     store_result_cb, &result);
    ids = ac_action_source_load_ids_finish (AC_ACTION_SOURCE (fixture.source), await (&result),
                                            &error);
    g_assert_no_error (error);
    g_assert_cmpuint (g_strv_length (ids), ==, 2);
    key = key_of_id (AC_ACTION_SOURCE (fixture.source), ids[1]);
    g_assert_cmpuint (key, ==, 2);
    g_assert_cmpuint (key_of_id (AC_ACTION_SOURCE (fixture.source), "nobody"), ==, 0);

    ac_action_source_narrow_async (AC_ACTION_SOURCE (fixture.source),
                                   &g_array_index (keys, guint64, 0), keys->len, NULL,
                                   AC_DECISION_UNDO, NULL, store_result_cb, &narrow_result);
    narrowed = ac_action_source_narrow_finish (AC_ACTION_SOURCE (fixture.source),
                                               await (&narrow_result), &error);
    g_assert_no_error (error);
    g_assert_cmpuint (narrowed->len, >, 1000);
    rows = rows_of (&fixture, narrowed);
    for (guint i = 0; i < rows->len; i++)
      g_assert_true (ac_action_may (rows->pdata[i], AC_DECISION_UNDO));
  }
  mirror_fixture_tear_down (&fixture, NULL);
}

/* --- changes --- */

static char *
change_of (guint number, const char *status, guint version)
{
  g_autofree char *text = synthetic_action (number, N);
  g_autoptr (GRegex) regex = g_regex_new ("\"status\":\"[a-zA-Z]+\"", 0, 0, NULL);
  g_autofree char *with = g_strdup_printf ("\"status\":\"%s\"", status);
  g_autofree char *half = g_regex_replace_literal (regex, text, -1, 0, with, 0, NULL);
  g_autoptr (GRegex) versions = g_regex_new ("\"version\":[0-9]+", 0, 0, NULL);
  g_autofree char *version_text = g_strdup_printf ("\"version\":%u", version);
  g_autofree char *action = g_regex_replace_literal (versions, half, -1, 0, version_text, 0, NULL);

  return g_strdup_printf (
      "{\"items\":[{\"token\":\"x\",\"kind\":\"operation\",\"id\":\"o\","
      "\"version\":1,\"at\":\"2026-01-01T00:00:00Z\"},{\"token\":\"y\",\"kind\":"
      "\"action\",\"id\":\"%.36s\",\"version\":%u,\"at\":"
      "\"2026-01-01T00:00:00Z\",\"action\":%s}],\"next\":\"y\",\"more\":false}",
      strstr (action, "\"id\":\"") + 6, version, action);
}

static void
test_changes (MirrorFixture *fixture, gconstpointer data)
{
  g_autofree char *newer = change_of (7, "queued", 9);
  g_autofree char *older = change_of (7, "failed", 8);
  g_autofree char *text = synthetic_action (8, N);
  g_autofree char *gone = g_strdup_printf (
      "{\"items\":[{\"token\":\"z\",\"kind\":\"action\",\"id\":\"%.36s\",\"version\":"
      "5,\"at\":\"2026-01-01T00:00:00Z\"}],\"next\":\"z\",\"more\":true}",
      strstr (text, "\"id\":\"") + 6);
  g_autofree char *id = g_strndup (strstr (text, "\"id\":\"") + 6, 36);
  g_autoptr (AcMirrorOutcome) outcome = mirror_fixture_change (fixture, newer);
  g_autoptr (AcMirrorOutcome) late = NULL;
  g_autoptr (AcMirrorOutcome) removed = NULL;
  g_autoptr (AcMirrorOutcome) again = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  guint64 key = key_of_id (AC_ACTION_SOURCE (fixture->source), id);

  g_assert_cmpuint (outcome->keys->len, ==, 1);
  g_assert_cmpstr (outcome->token, ==, "y");
  g_assert_false (outcome->more);
  late = mirror_fixture_change (fixture, older);
  g_assert_cmpuint (late->keys->len, ==, 0);
  removed = mirror_fixture_change (fixture, gone);
  g_assert_cmpuint (removed->keys->len, ==, 1);
  g_assert_cmpuint (g_array_index (removed->keys, guint64, 0), ==, key);
  g_assert_true (removed->more);
  again = mirror_fixture_change (fixture, gone);
  g_assert_cmpuint (again->keys->len, ==, 0);
  g_assert_cmpuint (key_of_id (AC_ACTION_SOURCE (fixture->source), id), ==, 0);
  rows = all_rows (fixture);
  g_assert_cmpuint (rows->len, ==, N - 1);
  test_orders (fixture, data);
  test_searches (fixture, data);
}

/* What is refused leaves everything as it was. */
static void
test_refused (MirrorFixture *fixture, gconstpointer data)
{
  static const char *const pages[] = {
    "",
    "[]",
    "{}",
    "{\"items\":[{}],\"next\":\"t\"}",
    "{\"items\":[],\"more\":false}",
    "{\"items\":[{\"kind\":\"action\",\"id\":\"a\",\"action\":{\"id\":\"a\"}}],\"next\":\"t\"}",
    "{\"items\":[{\"kind\":\"action\",\"id\":\"a\",\"action\":{\"id\":\"a\",\"version\":\"1\"}}],"
    "\"next\":\"t\"}",
    "{\"items\":[{\"kind\":\"action\",\"id\":\"a\",\"act",
  };

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (pages[i], strlen (pages[i]));
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;

      ac_mirror_apply_changes_async (fixture->mirror, fixture->generation, NULL, bytes, 1, NULL,
                                     store_result_cb, &result);
      g_assert_null (ac_mirror_outcome_finish (fixture->mirror, await (&result), &error));
      g_assert_error (error, AC_MIRROR_ERROR, AC_MIRROR_ERROR_REFUSED);
    }
  {
    g_autoptr (GPtrArray) rows = all_rows (fixture);

    g_assert_cmpuint (rows->len, ==, N);
  }
}

/* Pages of a sync that is over are not written. */
static void
test_superseded (MirrorFixture *fixture, gconstpointer data)
{
  g_autofree char *page = change_of (7, "queued", 9);
  g_autoptr (GBytes) bytes = g_bytes_new (page, strlen (page));
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  ac_mirror_apply_changes_async (fixture->mirror, fixture->generation - 1, NULL, bytes, 1, NULL,
                                 store_result_cb, &result);
  g_assert_null (ac_mirror_outcome_finish (fixture->mirror, await (&result), &error));
  g_assert_error (error, AC_MIRROR_ERROR, AC_MIRROR_ERROR_SUPERSEDED);
}

/* Keys hold over a restart, and the state is where it was. */
static void
test_restart (MirrorFixture *fixture, gconstpointer data)
{
  g_autofree char *text = synthetic_action (11, N);
  g_autofree char *id = g_strndup (strstr (text, "\"id\":\"") + 6, 36);
  guint64 key = key_of_id (AC_ACTION_SOURCE (fixture->source), id);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (AcMirrorState) state = NULL;

  mirror_fixture_close (fixture);
  mirror_fixture_open (fixture);
  g_assert_cmpuint (key_of_id (AC_ACTION_SOURCE (fixture->source), id), ==, key);
  ac_mirror_load_state_async (fixture->mirror, NULL, store_result_cb, &result);
  state = ac_mirror_load_state_finish (fixture->mirror, await (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (state->token, ==, "t0");
  g_assert_false (state->loading);
  g_assert_cmpint (state->n_synced, ==, N);
}

static void
test_other_version (MirrorFixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_strdup (ac_mirror_get_path (fixture->mirror));
  g_autoptr (AcSql) sql = NULL;
  g_autoptr (GPtrArray) rows = NULL;

  mirror_fixture_close (fixture);
  sql = ac_sql_open (path, AC_SQL_CREATE, ac_mirror_report, NULL);
  g_assert_true (ac_sql_exec (sql, "PRAGMA user_version = 99", NULL));
  g_clear_pointer (&sql, ac_sql_close);
  mirror_fixture_open (fixture);
  wait_until (ac_mirror_get_notice (fixture->mirror) != NULL);
  rows = all_rows (fixture);
  g_assert_cmpuint (rows->len, ==, 0);
}

/* Opens the mirror again, with the beginning of @query read on the way. */
static void
open_at (MirrorFixture *fixture, AcActionQuery *query)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  mirror_fixture_close (fixture);
  ac_mirror_open_at_async (fixture->folder, "https://example.test", "j.doe", query, NULL,
                           store_result_cb, &result);
  fixture->mirror = ac_mirror_open_finish (await (&result), &error);
  g_assert_no_error (error);
  fixture->source = ac_mirror_action_source_new (fixture->mirror, NULL);
}

static void
test_first_page (MirrorFixture *fixture, gconstpointer data)
{
  g_autoptr (AcActionQuery) pending = ac_action_query_new (AC_TAB_PENDING);
  g_autoptr (AcActionQuery) history = ac_action_query_new (AC_TAB_HISTORY);
  g_autoptr (GArray) keys = keys_of (fixture, history);
  g_autoptr (AcFirstPage) page = NULL;
  g_autoptr (AcActionList) list = NULL;
  g_autoptr (AcActionItem) item = NULL;
  g_autofree char *id = NULL;

  open_at (fixture, history);
  page = ac_action_source_take_first_page (AC_ACTION_SOURCE (fixture->source), history);
  g_assert_nonnull (page);
  g_assert_cmpuint (page->total, ==, keys->len);
  g_assert_cmpuint (page->keys->len, ==, MIN (keys->len, 500));
  g_assert_cmpmem (page->keys->data, page->keys->len * sizeof (guint64), keys->data,
                   page->keys->len * sizeof (guint64));
  g_assert_cmpuint (page->rows->len, ==, MIN (keys->len, 100));
  id = dup_id_of_key (AC_ACTION_SOURCE (fixture->source), g_array_index (keys, guint64, 0));
  g_assert_cmpstr (ac_action_get_id (page->rows->pdata[0]), ==, id);
  /* Once. */
  g_assert_null (ac_action_source_take_first_page (AC_ACTION_SOURCE (fixture->source), history));
  g_clear_pointer (&page, ac_first_page_free);

  /* A list has its rows before the main loop has run. */
  open_at (fixture, history);
  list = ac_action_list_new (AC_ACTION_SOURCE (fixture->source), history);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, MIN (keys->len, 500));
  item = g_list_model_get_item (G_LIST_MODEL (list), 0);
  g_assert_true (ac_action_item_get_loaded (item));
  wait_until (!ac_action_list_get_loading (list));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, keys->len);
  g_clear_object (&item);
  g_clear_object (&list);

  /* Another list is none of its business. */
  open_at (fixture, history);
  g_assert_null (ac_action_source_take_first_page (AC_ACTION_SOURCE (fixture->source), pending));
}

static void
test_no_first_page (MirrorFixture *fixture, gconstpointer data)
{
  g_autoptr (AcActionQuery) all = ac_action_query_new (AC_TAB_ALL);
  g_autoptr (AcActionQuery) search = ac_action_query_with_search (all, "invoice");
  g_autoptr (AcActionQuery) ranked = ac_action_query_with_sort_key (all, "-status");

  /* What would have to be read from end to end is left to the usual way. */
  open_at (fixture, search);
  g_assert_null (ac_action_source_take_first_page (AC_ACTION_SOURCE (fixture->source), search));
  open_at (fixture, ranked);
  g_assert_null (ac_action_source_take_first_page (AC_ACTION_SOURCE (fixture->source), ranked));
  open_at (fixture, NULL);
  g_assert_null (ac_action_source_take_first_page (AC_ACTION_SOURCE (fixture->source), all));
}

/* Only one program works on a mirror. */
static void
test_busy (MirrorFixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GAsyncResult) other_result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (AcMirror) other = NULL;

  ac_mirror_open_async (fixture->folder, "https://example.test", "j.doe", NULL, store_result_cb,
                        &result);
  g_assert_null (ac_mirror_open_finish (await (&result), &error));
  g_assert_error (error, AC_MIRROR_ERROR, AC_MIRROR_ERROR_BUSY);
  g_clear_error (&error);
  /* Another person's is another. */
  ac_mirror_open_async (fixture->folder, "https://example.test", "r.roe", NULL, store_result_cb,
                        &other_result);
  other = ac_mirror_open_finish (await (&other_result), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (ac_mirror_get_path (other), !=, ac_mirror_get_path (fixture->mirror));
}

/* Makes a file, or all files of a mirror, look as if nobody had touched them for so many days. */
static void
age (const char *path, gint64 days)
{
  static const char *const ends[] = { "", "-wal", "-shm", ".lock" };
  struct timespec then = { .tv_sec = (time_t)(g_get_real_time () / G_USEC_PER_SEC - days * 86400) };
  struct timespec times[] = { then, then };

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autofree char *name = g_strconcat (path, ends[i], NULL);

      utimensat (AT_FDCWD, name, times, 0);
    }
}

static AcMirror *
open_other (MirrorFixture *fixture, const char *account)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  AcMirror *mirror;

  ac_mirror_open_async (fixture->folder, "https://example.test", account, NULL, store_result_cb,
                        &result);
  mirror = ac_mirror_open_finish (await (&result), &error);
  g_assert_no_error (error);
  return mirror;
}

/* What nobody opened for 90 days goes when a window starts; what is open does not. */
static void
test_unused (MirrorFixture *fixture, gconstpointer data)
{
  g_autoptr (AcMirror) open = open_other (fixture, "open.all.the.time");
  g_autoptr (AcMirror) mirror = open_other (fixture, "long.ago");
  g_autofree char *unused = g_strdup (ac_mirror_get_path (mirror));
  g_autofree char *recent = NULL;
  g_autofree char *lock = g_strconcat (unused, ".lock", NULL);
  g_autofree char *accounts = g_build_filename (fixture->folder, "accounts", NULL);
  g_autofree char *own = g_strdup (ac_mirror_get_path (fixture->mirror));

  g_clear_object (&mirror);
  mirror = open_other (fixture, "last.month");
  recent = g_strdup (ac_mirror_get_path (mirror));
  g_clear_object (&mirror);
  /* Which are ended once they can be opened again. */
  mirror = open_other (fixture, "long.ago");
  g_clear_object (&mirror);
  mirror = open_other (fixture, "last.month");
  g_clear_object (&mirror);
  mirror_fixture_close (fixture);
  g_assert_true (g_file_set_contents (accounts, "", 0, NULL));
  age (accounts, 1000);
  age (own, 400);
  age (unused, 91);
  age (recent, 89);
  age (ac_mirror_get_path (open), 400);
  /* The threads of what was closed may still be about to end. */
  for (guint i = 0; i < 1000 && g_file_test (unused, G_FILE_TEST_EXISTS); i++)
    {
      mirror_fixture_open (fixture);
      mirror_fixture_close (fixture);
      age (unused, 91);
    }
  g_assert_false (g_file_test (unused, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (lock, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (own, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (recent, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (accounts, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (ac_mirror_get_path (open), G_FILE_TEST_EXISTS));
  /* And it is used from now on. */
  mirror_fixture_open (fixture);
  mirror = open_other (fixture, "long.ago");
  g_assert_true (g_file_test (unused, G_FILE_TEST_EXISTS));
}

static void
test_no_folder (void)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  ac_mirror_open_async ("/dev/null/action-center", "https://example.test", "j.doe", NULL,
                        store_result_cb, &result);
  g_assert_null (ac_mirror_open_finish (await (&result), &error));
  g_assert_error (error, AC_MIRROR_ERROR, AC_MIRROR_ERROR_FAILED);
}

static void
test_known_account (MirrorFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AcApi) api = ac_api_new ("https://example.test", TEST_TOKEN, NULL, &error);
  g_autoptr (AcApi) other = ac_api_new ("https://example.test", "another", NULL, &error);
  char *permissions[] = { g_strdup ("read"), NULL };
  AcMe me = { (char *)"j.doe", (char *)"reader", permissions };
  g_autofree char *path = g_build_filename (fixture->folder, "accounts", NULL);
  g_autofree char *text = NULL;
  gint64 until = g_get_monotonic_time () + 30 * G_TIME_SPAN_SECOND;
  AcMe *known = NULL;

  ac_known_account_save (fixture->folder, api, &me);
  /* It is saved in a thread, and a busy disk takes its time. */
  while (known == NULL && g_get_monotonic_time () < until)
    {
      g_autoptr (GAsyncResult) result = NULL;

      ac_known_account_load_async (fixture->folder, api, NULL, store_result_cb, &result);
      known = ac_known_account_load_finish (api, await (&result));
    }
  g_assert_nonnull (known);
  g_assert_cmpstr (known->name, ==, "j.doe");
  {
    g_autoptr (AcMe) now = ac_known_account_load_now (fixture->folder, api);

    g_assert_nonnull (now);
    g_assert_cmpstr (now->name, ==, "j.doe");
    g_assert_null (ac_known_account_load_now (fixture->folder, other));
  }
  g_assert_cmpstr (known->permissions[0], ==, "read");
  ac_me_free (known);
  {
    g_autoptr (GAsyncResult) result = NULL;

    ac_known_account_load_async (fixture->folder, other, NULL, store_result_cb, &result);
    g_assert_null (ac_known_account_load_finish (other, await (&result)));
  }
  g_assert_true (g_file_get_contents (path, &text, NULL, &error));
  g_assert_null (strstr (text, TEST_TOKEN));
  g_free (permissions[0]);
}

static void
test_key_set (void)
{
  g_autoptr (AcKeySet) set = ac_key_set_new (100, 300);
  g_autoptr (AcKeySet) other = ac_key_set_new (0, 200);
  g_autoptr (AcKeySet) none = ac_key_set_new (1, 0);
  g_autoptr (GArray) keys = NULL;

  for (guint64 key = 90; key < 310; key += 10)
    {
      ac_key_set_add (set, key);
      ac_key_set_add (set, key);
    }
  g_assert_cmpuint (ac_key_set_size (set), ==, 21);
  g_assert_true (ac_key_set_has (set, 300));
  g_assert_false (ac_key_set_has (set, 90));
  g_assert_false (ac_key_set_has (set, 301));
  ac_key_set_add (none, 1);
  g_assert_false (ac_key_set_has (none, 1));
  for (guint64 key = 0; key < 200; key += 20)
    ac_key_set_add (other, key);
  ac_key_set_intersect (set, other);
  keys = ac_key_set_get_keys (set);
  g_assert_cmpuint (keys->len, ==, 5);
  g_assert_cmpuint (ac_key_set_size (set), ==, 5);
  g_assert_cmpuint (g_array_index (keys, guint64, 4), ==, 180);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, data, func)                                                                      \
  g_test_add (name, MirrorFixture, data, filled, func, mirror_fixture_tear_down)
#define ADD_EMPTY(name, func)                                                                      \
  g_test_add (name, MirrorFixture, NULL, mirror_fixture_set_up, func, mirror_fixture_tear_down)
  ADD_EMPTY ("/client/mirror/nobody-else-can-read-it", test_private);
  ADD ("/client/mirror/rows-are-as-they-were-sent", NULL, test_rows_as_sent);
  ADD ("/client/mirror/what-is-new-by-key", NULL, test_newest);
  ADD ("/client/mirror/orders", NULL, test_orders);
  ADD ("/client/mirror/filters", NULL, test_filters);
  ADD ("/client/mirror/what-can-be-filtered-by", NULL, test_values);
  ADD ("/client/mirror/what-can-be-filtered-by-that-contains-a-text", NULL,
       test_values_that_contain);
  ADD ("/client/mirror/searches-without-index", NULL, test_searches);
  ADD ("/client/mirror/searches-by-index", "indexed", test_searches);
  g_test_add_func ("/client/mirror/what-many-share", test_summaries);
  ADD ("/client/mirror/changes", "indexed", test_changes);
  ADD ("/client/mirror/what-is-refused-changes-nothing", NULL, test_refused);
  ADD ("/client/mirror/pages-of-a-sync-that-is-over", NULL, test_superseded);
  ADD ("/client/mirror/keys-hold-over-a-restart", NULL, test_restart);
  ADD ("/client/mirror/first-page-comes-with-the-mirror", NULL, test_first_page);
  ADD ("/client/mirror/first-page-only-where-it-is-quick", NULL, test_no_first_page);
  ADD ("/client/mirror/another-version-is-made-anew", NULL, test_other_version);
  ADD_EMPTY ("/client/mirror/one-program-at-a-time", test_busy);
  ADD ("/client/mirror/what-nobody-uses-is-removed", NULL, test_unused);
  g_test_add_func ("/client/mirror/no-folder", test_no_folder);
  ADD_EMPTY ("/client/known-account/is-known-by-its-token-only", test_known_account);
  g_test_add_func ("/client/key-set/bits", test_key_set);
#undef ADD
#undef ADD_EMPTY
  return g_test_run ();
}
