/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client/ac-action-query.h"
#include "model/ac-time.h"

static void
assert_parameters (AcActionQuery *query, const char *expected)
{
  g_autofree char *parameters = ac_action_query_to_parameters (query);

  g_assert_cmpstr (parameters, ==, expected);
}

static void
test_tabs (void)
{
  g_autoptr (AcActionQuery) pending = ac_action_query_new (AC_TAB_PENDING);
  g_autoptr (AcActionQuery) history = ac_action_query_with_tab (pending, AC_TAB_HISTORY);
  g_autoptr (AcActionQuery) all = ac_action_query_with_tab (pending, AC_TAB_ALL);

  assert_parameters (pending, "status=pending&sort=-updatedAt");
  assert_parameters (history, "status=queued&status=running&status=completed&status=partlyCompleted"
                              "&status=failed&status=undoQueued&status=undoing&status=undone"
                              "&status=undoFailed&status=rejected&status=expired&status=cancelled"
                              "&sort=-updatedAt");
  assert_parameters (all, "sort=-updatedAt");
}

/* The status filter narrows the tab and never leaves it. */
static void
test_status_filter (void)
{
  const char *const mixed[] = { "pending", "failed", "fromTheFuture", NULL };
  const char *const failed[] = { "failed", NULL };
  g_autoptr (AcActionQuery) history = ac_action_query_new (AC_TAB_HISTORY);
  g_autoptr (AcActionQuery) narrowed =
      ac_action_query_with_filter (history, AC_FILTER_STATUS, mixed);
  g_autoptr (AcActionQuery) pending = ac_action_query_new (AC_TAB_PENDING);
  g_autoptr (AcActionQuery) nothing =
      ac_action_query_with_filter (pending, AC_FILTER_STATUS, failed);
  g_auto (GStrv) none = ac_action_query_get_statuses (nothing);

  assert_parameters (narrowed, "status=failed&status=fromTheFuture&sort=-updatedAt");
  g_assert_nonnull (none);
  g_assert_null (none[0]);
}

static void
test_everything_is_escaped (void)
{
  const char *const people[] = { "a&b=c", "jürgen", NULL };
  g_autoptr (AcActionQuery) all = ac_action_query_new (AC_TAB_ALL);
  g_autoptr (AcActionQuery) by = ac_action_query_with_filter (all, AC_FILTER_DECIDED_BY, people);
  g_autoptr (AcActionQuery) searching = ac_action_query_with_search (by, "  50% off? + #1\n");

  assert_parameters (searching, "decidedBy=a%26b%3Dc&decidedBy=j%C3%BCrgen"
                                "&q=50%25%20off%3F%20%2B%20%231&sort=-updatedAt");
}

static void
test_each_filter_bound_and_sort (void)
{
  const char *const value[] = { "x", NULL };
  gint64 time;

  g_assert_true (ac_time_parse ("2026-03-01T10:00:00Z", TRUE, &time));
  for (guint i = AC_FILTER_TYPE; i < AC_N_FILTERS; i++)
    {
      g_autoptr (AcActionQuery) all = ac_action_query_new (AC_TAB_ALL);
      g_autoptr (AcActionQuery) one = ac_action_query_with_filter (all, (AcFilter)i, value);
      g_autofree char *expected =
          g_strdup_printf ("%s=x&sort=-updatedAt", ac_filter_wire ((AcFilter)i));

      assert_parameters (one, expected);
      g_assert_true (ac_action_query_has_filters (one));
    }
  for (guint i = 0; i < AC_N_SORTS; i++)
    {
      g_autoptr (AcActionQuery) all = ac_action_query_new (AC_TAB_ALL);
      g_autoptr (AcActionQuery) one = ac_action_query_with_sort (all, (AcSort)i, FALSE);
      g_autofree char *expected = g_strdup_printf ("sort=%s", ac_sort_wire ((AcSort)i));

      assert_parameters (one, expected);
    }
  {
    g_autoptr (AcActionQuery) all = ac_action_query_new (AC_TAB_ALL);
    g_autoptr (AcActionQuery) after =
        ac_action_query_with_bound (all, AC_BOUND_CREATED_AFTER, time);
    g_autoptr (AcActionQuery) both =
        ac_action_query_with_bound (after, AC_BOUND_UPDATED_AFTER, time);

    assert_parameters (both, "createdAfter=2026-03-01T10%3A00%3A00.000000Z"
                             "&updatedAfter=2026-03-01T10%3A00%3A00.000000Z&sort=-updatedAt");
  }
}

static void
test_is_immutable_and_comparable (void)
{
  const char *const types[] = { "softDeleteEmail", NULL };
  g_autoptr (AcActionQuery) plain = ac_action_query_new (AC_TAB_PENDING);
  g_autoptr (AcActionQuery) same = ac_action_query_new (AC_TAB_PENDING);
  g_autoptr (AcActionQuery) filtered = ac_action_query_with_filter (plain, AC_FILTER_TYPE, types);
  g_autoptr (AcActionQuery) searching = ac_action_query_with_search (filtered, "invoice");
  g_autoptr (AcActionQuery) cleared = ac_action_query_without_filters (searching);
  g_autoptr (AcActionQuery) emptied = ac_action_query_with_search (cleared, " ");
  g_autoptr (AcActionQuery) sorted = ac_action_query_with_sort (plain, AC_SORT_TYPE, TRUE);

  g_assert_true (ac_action_query_equal (plain, same));
  g_assert_false (ac_action_query_equal (plain, filtered));
  g_assert_false (ac_action_query_equal (filtered, searching));
  g_assert_false (ac_action_query_equal (plain, sorted));
  g_assert_false (ac_action_query_has_filters (plain));
  g_assert_null (ac_action_query_get_filter (plain, AC_FILTER_TYPE));
  g_assert_cmpstr (ac_action_query_get_search (cleared), ==, "invoice");
  g_assert_true (ac_action_query_equal (emptied, plain));
}

static void
test_sort_keys (void)
{
  g_autoptr (AcActionQuery) query = ac_action_query_new (AC_TAB_HISTORY);
  g_autoptr (AcActionQuery) up = ac_action_query_with_sort_key (query, "details");
  g_autoptr (AcActionQuery) down = ac_action_query_with_sort_key (query, "-asset");
  g_autoptr (AcActionQuery) unknown = ac_action_query_with_sort_key (query, "-shoeSize");

  g_assert_cmpint (ac_action_query_get_sort (up), ==, AC_SORT_DETAILS);
  g_assert_false (ac_action_query_get_descending (up));
  g_assert_cmpint (ac_action_query_get_sort (down), ==, AC_SORT_ASSET);
  g_assert_true (ac_action_query_get_descending (down));
  g_assert_true (ac_action_query_equal (unknown, query));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/client/action-query/tabs-become-statuses", test_tabs);
  g_test_add_func ("/client/action-query/status-filter-stays-within-the-tab", test_status_filter);
  g_test_add_func ("/client/action-query/everything-is-escaped", test_everything_is_escaped);
  g_test_add_func ("/client/action-query/sort-keys-are-read", test_sort_keys);
  g_test_add_func ("/client/action-query/each-filter-bound-and-sort",
                   test_each_filter_bound_and_sort);
  g_test_add_func ("/client/action-query/is-immutable-and-comparable",
                   test_is_immutable_and_comparable);
  return g_test_run ();
}
