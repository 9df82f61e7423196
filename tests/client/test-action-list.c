/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client/ac-action-list.h"
#include "client/ac-counts.h"
#include "harness.h"
#include "memory-source.h"
#include "model/ac-time.h"

/* What a listener of items-changed believes to be in the list. */
typedef struct
{
  AcActionList *list;
  GArray *keys;
  guint n_changes;
  guint n_touched;
  gboolean changing;
} Shadow;

static void
items_changed_cb (GListModel *model, guint position, guint removed, guint added, gpointer user_data)
{
  Shadow *shadow = user_data;

  g_assert_true (shadow->changing);
  g_assert_cmpuint (position + removed, <=, shadow->keys->len);
  g_array_remove_range (shadow->keys, position, removed);
  for (guint i = 0; i < added; i++)
    {
      guint64 key = ac_action_list_get_key (shadow->list, position + i);

      g_assert_cmpuint (key, !=, 0);
      g_array_insert_val (shadow->keys, position + i, key);
    }
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, shadow->keys->len);
  /* Whatever is asked for in the middle of a change is answered as it is then. */
  if (shadow->keys->len > 0)
    {
      guint last = shadow->keys->len - 1;
      g_autoptr (AcActionItem) item = g_list_model_get_item (model, last);

      g_assert_cmpuint (ac_action_item_get_key (item), ==,
                        g_array_index (shadow->keys, guint64, last));
    }
  shadow->n_changes++;
  shadow->n_touched += removed + added;
}

static void
about_to_change_cb (AcActionList *list, Shadow *shadow)
{
  g_assert_false (shadow->changing);
  shadow->changing = TRUE;
}

static void
has_changed_cb (AcActionList *list, Shadow *shadow)
{
  g_assert_true (shadow->changing);
  shadow->changing = FALSE;
}

static Shadow *
shadow_new (AcActionList *list)
{
  Shadow *shadow = g_new0 (Shadow, 1);

  shadow->list = list;
  shadow->keys = g_array_new (FALSE, FALSE, sizeof (guint64));
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (list)); i++)
    {
      guint64 key = ac_action_list_get_key (list, i);

      g_array_append_val (shadow->keys, key);
    }
  g_signal_connect (list, "items-changed", G_CALLBACK (items_changed_cb), shadow);
  g_signal_connect (list, "about-to-change", G_CALLBACK (about_to_change_cb), shadow);
  g_signal_connect (list, "has-changed", G_CALLBACK (has_changed_cb), shadow);
  return shadow;
}

static void
shadow_free (Shadow *shadow)
{
  g_signal_handlers_disconnect_by_data (shadow->list, shadow);
  g_array_unref (shadow->keys);
  g_free (shadow);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Shadow, shadow_free)

static void
set_range (MemorySource *source, guint n)
{
  g_autofree guint64 *keys = g_new (guint64, n);

  for (guint i = 0; i < n; i++)
    keys[i] = i + 1;
  memory_source_set_keys (source, keys, n);
}

static AcActionList *
list_for (MemorySource *source)
{
  AcActionList *list = ac_action_list_new (AC_ACTION_SOURCE (source), NULL);

  wait_until (!ac_action_list_get_loading (list));
  return list;
}

static guint
n_items (AcActionList *list)
{
  return g_list_model_get_n_items (G_LIST_MODEL (list));
}

static AcActionItem *
item_at (AcActionList *list, guint position)
{
  return g_list_model_get_item (G_LIST_MODEL (list), position);
}

static AcActionItem *
loaded_item_at (AcActionList *list, guint position)
{
  AcActionItem *item = item_at (list, position);

  wait_until (ac_action_item_get_loaded (item));
  return item;
}

static void
emit_key (MemorySource *source, guint64 key)
{
  g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, sizeof (guint64));

  g_array_append_val (keys, key);
  ac_action_source_emit_changed (AC_ACTION_SOURCE (source), keys);
}

static void
test_loads_rows_when_seen (void)
{
  g_autoptr (MemorySource) source = memory_source_new ();
  g_autoptr (AcActionList) list = NULL;
  g_autoptr (GPtrArray) screen = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *id = id_of (41);

  set_range (source, 1000);
  list = list_for (source);
  g_assert_cmpuint (n_items (list), ==, 1000);
  g_assert_cmpuint (ac_action_list_get_total (list), ==, 1000);
  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (list)) == AC_TYPE_ACTION_ITEM);
  g_assert_null (item_at (list, 1000));
  g_assert_cmpuint (memory_source_get_row_calls (source), ==, 0);

  for (guint i = 0; i < 50; i++)
    g_ptr_array_add (screen, item_at (list, i));
  g_assert_false (ac_action_item_get_loaded (screen->pdata[40]));
  wait_until (ac_action_item_get_loaded (screen->pdata[40]));
  g_assert_cmpstr (ac_action_get_id (ac_action_item_get_action (screen->pdata[40])), ==, id);
  /* One page for the whole screen. */
  g_assert_cmpuint (memory_source_get_row_calls (source), ==, 1);
  g_assert_cmpuint (memory_source_get_rows_loaded (source), ==, 100);
  {
    /* Its neighbours came along. */
    g_autoptr (AcActionItem) neighbour = item_at (list, 99);

    g_assert_true (ac_action_item_get_loaded (neighbour));
  }
}

static void
test_same_key_same_object (void)
{
  g_autoptr (MemorySource) source = memory_source_new ();
  g_autoptr (AcActionList) list = NULL;
  g_autoptr (AcActionItem) item = NULL;
  g_autoptr (AcActionItem) again = NULL;
  g_autoptr (AcActionItem) moved = NULL;
  const guint64 before[] = { 1, 2, 3 };
  const guint64 after[] = { 3, 1, 2 };

  memory_source_set_keys (source, before, 3);
  list = list_for (source);
  item = item_at (list, 2);
  again = item_at (list, 2);
  g_assert_true (item == again);
  memory_source_set_keys (source, after, 3);
  emit_key (source, 3);
  wait_until (ac_action_list_get_key (list, 0) == 3);
  moved = item_at (list, 0);
  g_assert_true (item == moved);
}

static void
notify_cb (GObject *object, GParamSpec *pspec, gpointer user_data)
{
  (*(guint *)user_data)++;
}

static void
test_changed_row_is_told (void)
{
  g_autoptr (MemorySource) source = memory_source_new ();
  g_autoptr (AcActionList) list = NULL;
  g_autoptr (AcActionItem) item = NULL;
  g_autoptr (AcActionItem) other = NULL;
  g_autoptr (Shadow) shadow = NULL;
  guint n_notified = 0;
  guint n_other = 0;

  set_range (source, 10);
  list = list_for (source);
  item = loaded_item_at (list, 4);
  other = loaded_item_at (list, 5);
  shadow = shadow_new (list);
  g_signal_connect (item, "notify::action", G_CALLBACK (notify_cb), &n_notified);
  g_signal_connect (other, "notify::action", G_CALLBACK (notify_cb), &n_other);
  memory_source_set_status (source, 5, "queued");
  emit_key (source, 5);
  wait_until (n_notified == 1);
  g_assert_cmpstr (ac_action_get_status (ac_action_item_get_action (item)), ==, "queued");
  wait_until (memory_source_get_key_calls (source) == 2 && !ac_action_list_get_loading (list));
  g_assert_cmpuint (shadow->n_changes, ==, 0);
  g_assert_cmpuint (n_other, ==, 0);
}

/* The answer to the older question comes after that to the newer one. */
static void
test_late_answers (void)
{
  g_autoptr (MemorySource) source = memory_source_new ();
  g_autoptr (AcActionList) list = NULL;
  g_autoptr (AcActionItem) item = NULL;
  AcAction *action;

  set_range (source, 10);
  list = list_for (source);
  memory_source_hold (source);
  item = item_at (list, 0);
  wait_until (memory_source_get_n_held (source) == 1);
  memory_source_set_status (source, 1, "queued");
  emit_key (source, 1);
  wait_until (memory_source_get_row_calls (source) == 2);
  memory_source_release (source, TRUE);
  wait_until (ac_action_item_get_loaded (item) && !ac_action_list_get_loading (list) &&
              memory_source_get_key_calls (source) == 2);
  action = ac_action_item_get_action (item);
  g_assert_cmpint (ac_action_get_version (action), ==, 2);

  /* Nor may the old answer lie in wait behind the row object. */
  g_clear_object (&item);
  item = loaded_item_at (list, 0);
  g_assert_cmpint (ac_action_get_version (ac_action_item_get_action (item)), ==, 2);
}

/* A row that nobody shows any more changes while it is being read: what was read must not stay. */
static void
test_stale_cache (void)
{
  g_autoptr (MemorySource) source = memory_source_new ();
  g_autoptr (AcActionList) list = NULL;
  AcActionItem *item;
  g_autoptr (AcActionItem) back = NULL;

  set_range (source, 10);
  list = list_for (source);
  memory_source_hold (source);
  item = item_at (list, 0);
  wait_until (memory_source_get_n_held (source) == 1);
  g_object_unref (item);
  memory_source_set_status (source, 1, "queued");
  emit_key (source, 1);
  memory_source_release (source, FALSE);
  wait_until (memory_source_get_key_calls (source) == 2 && !ac_action_list_get_loading (list));
  back = loaded_item_at (list, 0);
  g_assert_cmpint (ac_action_get_version (ac_action_item_get_action (back)), ==, 2);
}

/* After a backup was put back versions begin again, and the old state is the true one. */
static void
test_everything_changed (void)
{
  g_autoptr (MemorySource) source = memory_source_new ();
  g_autoptr (AcActionList) list = NULL;
  g_autoptr (AcActionItem) item = NULL;

  set_range (source, 10);
  memory_source_set_status (source, 1, "queued");
  list = list_for (source);
  item = loaded_item_at (list, 0);
  g_assert_cmpint (ac_action_get_version (ac_action_item_get_action (item)), ==, 2);
  memory_source_reset_versions (source);
  ac_action_source_emit_changed (AC_ACTION_SOURCE (source), NULL);
  wait_until (ac_action_get_version (ac_action_item_get_action (item)) == 1);
}

static void
test_scrolled_past (void)
{
  g_autoptr (MemorySource) source = memory_source_new ();
  g_autoptr (AcActionList) list = NULL;
  g_autoptr (AcActionItem) first = NULL;
  g_autoptr (AcActionItem) last = NULL;

  set_range (source, 100000);
  list = list_for (source);
  memory_source_hold (source);
  first = item_at (list, 0);
  wait_until (memory_source_get_n_held (source) == 1);
  /* Flies over a thousand pages and stays at the end. */
  for (guint i = 100; i < 99900; i += 100)
    {
      g_autoptr (AcActionItem) passing = item_at (list, i);

      g_assert_nonnull (passing);
    }
  last = item_at (list, 99999);
  wait_until (memory_source_get_n_held (source) == 2);
  memory_source_release (source, FALSE);
  wait_until (ac_action_item_get_loaded (last));
  wait_until (ac_action_item_get_loaded (first));
  g_assert_cmpuint (memory_source_get_row_calls (source), ==, 2);
}

static void
test_changes_of_keys (void)
{
  g_autoptr (MemorySource) source = memory_source_new ();
  g_autoptr (AcActionList) list = NULL;
  g_autoptr (Shadow) shadow = NULL;
  const guint64 before[] = { 1, 2, 3, 4, 5, 6 };
  const guint64 left[] = { 1, 2, 4, 5, 6 };
  const guint64 top[] = { 5, 1, 2, 4, 6 };

  memory_source_set_keys (source, before, G_N_ELEMENTS (before));
  list = list_for (source);
  shadow = shadow_new (list);

  memory_source_set_keys (source, left, G_N_ELEMENTS (left));
  emit_key (source, 3);
  wait_until (n_items (list) == 5);
  g_assert_cmpuint (shadow->n_changes, ==, 1);
  g_assert_cmpuint (shadow->n_touched, ==, 1);

  memory_source_set_keys (source, top, G_N_ELEMENTS (top));
  emit_key (source, 5);
  wait_until (ac_action_list_get_key (list, 0) == 5);
  g_assert_cmpuint (shadow->n_changes, ==, 3);
  g_assert_cmpuint (shadow->n_touched, ==, 3);
  g_assert_cmpmem (shadow->keys->data, shadow->keys->len * 8, top, sizeof top);
}

static void
test_random_changes (void)
{
  g_autoptr (MemorySource) source = memory_source_new ();
  g_autoptr (AcActionList) list = NULL;
  g_autoptr (Shadow) shadow = NULL;
  g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, sizeof (guint64));

  list = list_for (source);
  shadow = shadow_new (list);
  for (guint round = 0; round < 60; round++)
    {
      guint calls = memory_source_get_key_calls (source);

      for (gint32 n = g_test_rand_int_range (1, 20); n > 0; n--)
        {
          guint64 key = (guint64)g_test_rand_int_range (1, 200);
          guint at = 0;

          while (at < keys->len && g_array_index (keys, guint64, at) != key)
            at++;
          if (at < keys->len)
            g_array_remove_index (keys, at);
          if (g_test_rand_bit ())
            g_array_insert_val (keys, (guint)g_test_rand_int_range (0, (gint32)keys->len + 1), key);
        }
      memory_source_set_keys (source, (const guint64 *)(gpointer)keys->data, keys->len);
      if (g_test_rand_bit ())
        ac_action_source_emit_changed (AC_ACTION_SOURCE (source), NULL);
      else
        ac_action_list_refresh (list);
      wait_until (memory_source_get_key_calls (source) > calls &&
                  !ac_action_list_get_loading (list));
      g_assert_cmpuint (n_items (list), ==, keys->len);
      g_assert_cmpuint (shadow->keys->len, ==, keys->len);
      if (keys->len > 0)
        g_assert_cmpmem (shadow->keys->data, shadow->keys->len * 8, keys->data, keys->len * 8);
    }
}

static void
test_query (void)
{
  g_autoptr (MemorySource) source = memory_source_new ();
  g_autoptr (AcActionList) list = NULL;
  g_autoptr (AcActionQuery) ascending = NULL;
  g_autoptr (AcActionQuery) same = NULL;
  g_autoptr (Shadow) shadow = NULL;

  set_range (source, 5);
  list = list_for (source);
  shadow = shadow_new (list);
  ascending =
      ac_action_query_with_sort (ac_action_list_get_query (list), AC_SORT_UPDATED_AT, FALSE);
  same = ac_action_query_with_sort (ascending, AC_SORT_UPDATED_AT, FALSE);
  ac_action_list_set_query (list, ascending);
  g_assert_true (ac_action_list_get_loading (list));
  g_assert_cmpuint (n_items (list), ==, 5);
  wait_until (!ac_action_list_get_loading (list));
  g_assert_cmpuint (ac_action_list_get_key (list, 0), ==, 5);
  g_assert_cmpuint (g_array_index (shadow->keys, guint64, 4), ==, 1);
  /* The same query in another object is no reason to ask. */
  ac_action_list_set_query (list, same);
  g_assert_false (ac_action_list_get_loading (list));
}

/* The query changes while the keys of the one before are on their way. */
static void
test_query_overtakes (void)
{
  g_autoptr (MemorySource) source = memory_source_new ();
  g_autoptr (AcActionList) list = NULL;
  g_autoptr (AcActionQuery) ascending = NULL;

  set_range (source, 5);
  memory_source_hold (source);
  list = ac_action_list_new (AC_ACTION_SOURCE (source), NULL);
  ascending =
      ac_action_query_with_sort (ac_action_list_get_query (list), AC_SORT_UPDATED_AT, FALSE);
  ac_action_list_set_query (list, ascending);
  g_assert_cmpuint (memory_source_get_n_held (source), ==, 2);
  memory_source_release (source, TRUE);
  wait_until (!ac_action_list_get_loading (list));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (n_items (list), ==, 5);
  g_assert_cmpuint (ac_action_list_get_key (list, 0), ==, 5);
}

static void
test_failure (void)
{
  g_autoptr (MemorySource) source = memory_source_new ();
  g_autoptr (AcActionList) list = NULL;
  g_autoptr (AcActionItem) item = NULL;
  gint64 refreshed;

  set_range (source, 5);
  list = list_for (source);
  refreshed = ac_action_list_get_last_refreshed (list);
  g_assert_cmpint (refreshed, !=, AC_TIME_NONE);

  memory_source_fail (source, "The service is away.");
  item = item_at (list, 0);
  ac_action_list_refresh (list);
  wait_until (memory_source_get_row_calls (source) == 1);
  wait_until (ac_action_list_get_error (list) != NULL && !ac_action_list_get_loading (list));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpstr (ac_action_list_get_error (list), ==, "The service is away.");
  /* What was shown stays, with the time up to which it is known. */
  g_assert_cmpuint (n_items (list), ==, 5);
  g_assert_cmpint (ac_action_list_get_last_refreshed (list), ==, refreshed);
  g_assert_false (ac_action_item_get_loaded (item));

  memory_source_recover (source);
  wait_until (ac_action_item_get_loaded (item));
  wait_until (ac_action_list_get_error (list) == NULL);
  g_assert_cmpint (ac_action_list_get_last_refreshed (list), >, refreshed);
}

static void
test_selection_helpers (void)
{
  g_autoptr (MemorySource) source = memory_source_new ();
  g_autoptr (AcActionList) list = NULL;
  const guint positions[] = { 0, 4, 9, 10 };
  const guint64 wanted[] = { 10, 77, 1, 5 };
  g_autoptr (GArray) keys = NULL;
  g_autoptr (GArray) back = NULL;
  g_autofree char *id = NULL;
  g_autofree char *fifth = id_of (5);
  guint position;

  set_range (source, 10);
  list = list_for (source);
  keys = ac_action_list_get_keys_for_positions (list, positions, G_N_ELEMENTS (positions));
  g_assert_cmpuint (keys->len, ==, 3);
  g_assert_cmpuint (g_array_index (keys, guint64, 2), ==, 10);
  back = ac_action_list_get_positions_for_keys (list, wanted, G_N_ELEMENTS (wanted));
  g_assert_cmpuint (back->len, ==, 3);
  g_assert_cmpuint (g_array_index (back, guint, 0), ==, 0);
  g_assert_cmpuint (g_array_index (back, guint, 1), ==, 4);
  g_assert_cmpuint (g_array_index (back, guint, 2), ==, 9);
  g_assert_true (ac_action_list_position_of_key (list, 5, &position));
  g_assert_cmpuint (position, ==, 4);
  g_assert_false (ac_action_list_position_of_key (list, 77, &position));
  id = dup_id_of_key (AC_ACTION_SOURCE (source), wanted[3]);
  g_assert_cmpstr (id, ==, fifth);
}

static void
test_source_may_go (void)
{
  g_autoptr (MemorySource) source = memory_source_new ();
  g_autoptr (MemorySource) other = memory_source_new ();
  g_autoptr (AcActionList) list = NULL;
  g_autoptr (AcActionItem) item = NULL;
  g_autoptr (Shadow) shadow = NULL;

  set_range (source, 10);
  set_range (other, 3);
  list = list_for (source);
  shadow = shadow_new (list);
  item = loaded_item_at (list, 0);
  memory_source_hold (source);
  ac_action_list_refresh (list);
  ac_action_list_set_source (list, NULL);
  g_assert_cmpuint (n_items (list), ==, 0);
  g_assert_null (item_at (list, 0));
  g_assert_true (ac_action_item_get_loaded (item));
  ac_action_list_set_source (list, AC_ACTION_SOURCE (other));
  wait_until (!ac_action_list_get_loading (list));
  g_assert_cmpuint (n_items (list), ==, 3);
  memory_source_release (source, FALSE);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (n_items (list), ==, 3);
  g_assert_cmpuint (shadow->keys->len, ==, 3);
}

/* A list that is dropped while answers are on their way. */
static void
test_dropped_while_loading (void)
{
  g_autoptr (MemorySource) source = memory_source_new ();
  AcActionList *list;
  AcActionItem *item;
  gpointer weak;

  set_range (source, 10);
  list = list_for (source);
  memory_source_hold (source);
  item = item_at (list, 0);
  ac_action_list_refresh (list);
  wait_until (memory_source_get_n_held (source) == 2);
  weak = list;
  g_object_add_weak_pointer (G_OBJECT (list), &weak);
  g_object_unref (list);
  g_assert_null (weak);
  memory_source_release (source, FALSE);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_false (ac_action_item_get_loaded (item));
  g_object_unref (item);
}

/* Keys are all that a long list costs, however far it is scrolled. */
static void
test_memory (void)
{
  const guint n = 1000000;
  g_autoptr (MemorySource) source = memory_source_new ();
  g_autoptr (AcActionList) list = NULL;
  g_autoptr (GArray) keys = NULL;
  guint loaded;

  set_range (source, n);
  list = list_for (source);
  g_assert_cmpuint (n_items (list), ==, n);
  for (guint i = 0; i < n; i += 20000)
    g_object_unref (loaded_item_at (list, i));
  loaded = memory_source_get_rows_loaded (source);
  g_assert_cmpuint (loaded, ==, 50 * 100);
  /* The oldest page has made room and is read again; the newest is still there. */
  g_object_unref (loaded_item_at (list, n - 20000));
  g_assert_cmpuint (memory_source_get_rows_loaded (source), ==, loaded);
  g_object_unref (loaded_item_at (list, 0));
  g_assert_cmpuint (memory_source_get_rows_loaded (source), ==, loaded + 100);
}

/* A change in a list that is compared in a thread. */
static void
test_large_lists (void)
{
  const guint n = 50000;
  g_autoptr (MemorySource) source = memory_source_new ();
  g_autoptr (AcActionList) list = NULL;
  g_autoptr (Shadow) shadow = NULL;
  g_autofree guint64 *keys = g_new (guint64, n);

  set_range (source, n);
  list = list_for (source);
  shadow = shadow_new (list);
  keys[0] = 40000;
  for (guint i = 1; i < n; i++)
    keys[i] = i < 40000 ? i : i + 1;
  memory_source_set_keys (source, keys, n);
  emit_key (source, 40000);
  wait_until (ac_action_list_get_key (list, 0) == 40000);
  g_assert_cmpuint (shadow->n_changes, ==, 2);
  g_assert_cmpuint (shadow->n_touched, ==, 2);
  g_assert_cmpmem (shadow->keys->data, shadow->keys->len * 8, keys, n * sizeof *keys);

  /* Another query while the thread is at work. */
  {
    g_autoptr (AcActionQuery) ascending =
        ac_action_query_with_sort (ac_action_list_get_query (list), AC_SORT_UPDATED_AT, FALSE);
    guint calls = memory_source_get_key_calls (source);

    set_range (source, n);
    ac_action_list_refresh (list);
    wait_until (memory_source_get_key_calls (source) == calls + 1);
    g_main_context_iteration (NULL, FALSE);
    ac_action_list_set_query (list, ascending);
    wait_until (!ac_action_list_get_loading (list));
    g_assert_cmpuint (ac_action_list_get_key (list, 0), ==, n);
    g_assert_cmpuint (g_array_index (shadow->keys, guint64, n - 1), ==, 1);
  }
}

static void
test_counts (void)
{
  g_autoptr (MemorySource) source = memory_source_new ();
  g_autoptr (AcCounts) counts = NULL;

  set_range (source, 10);
  memory_source_set_status (source, 4, "completed");
  counts = ac_counts_new (AC_ACTION_SOURCE (source));
  g_assert_cmpint (ac_counts_get_pending (counts), ==, -1);
  wait_until (ac_counts_get_pending (counts) == 9 && ac_counts_get_history (counts) == 1);
  memory_source_set_status (source, 5, "rejected");
  emit_key (source, 5);
  wait_until (ac_counts_get_pending (counts) == 8 && ac_counts_get_history (counts) == 2);

  memory_source_fail (source, "The service is away.");
  memory_source_set_status (source, 6, "rejected");
  emit_key (source, 6);
  memory_source_recover (source);
  wait_until (ac_counts_get_pending (counts) == 7);
}

/* An empty copy of what nobody has asked for yet is not shown as "0". */
static void
test_counts_are_not_known_before_the_service_was_asked (void)
{
  g_autoptr (MemorySource) source = memory_source_new ();
  g_autoptr (AcCounts) counts = NULL;

  memory_source_forget (source);
  memory_source_hold (source);
  counts = ac_counts_new (AC_ACTION_SOURCE (source));
  wait_until (memory_source_get_n_held (source) == 2);
  memory_source_release (source, FALSE);
  wait_until (memory_source_get_n_held (source) == 0);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpint (ac_counts_get_pending (counts), ==, -1);
  g_assert_cmpint (ac_counts_get_history (counts), ==, -1);
  memory_source_recover (source);
  wait_until (ac_counts_get_pending (counts) == 0 && ac_counts_get_history (counts) == 0);
}

static void
test_summary (void)
{
  g_autoptr (MemorySource) source = memory_source_new ();
  const guint64 some[] = { 1, 2, 3 };
  g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, sizeof (guint64));
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (AcActionSummary) summary = NULL;
  g_autoptr (GError) error = NULL;

  g_array_append_vals (keys, some, G_N_ELEMENTS (some));
  memory_source_set_status (source, 3, "completed");
  ac_action_source_summarize_async (AC_ACTION_SOURCE (source), keys, NULL, store_result_cb,
                                    &result);
  summary = ac_action_source_summarize_finish (AC_ACTION_SOURCE (source), await (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (summary->n_actions, ==, 3);
  g_assert_cmpuint (summary->n_assets, ==, 3);
  g_assert_cmpstr (ac_action_summary_get_shared (summary->types), ==, "softDeleteEmail");
  g_assert_null (ac_action_summary_get_shared (summary->statuses));
  g_assert_cmpuint (ac_action_summary_get_count (summary->statuses, "pending"), ==, 2);
  g_assert_cmpuint (summary->n_allowing[AC_DECISION_APPROVE], ==, 2);
  g_assert_cmpuint (summary->n_allowing[AC_DECISION_UNDO], ==, 1);
  g_assert_false (ac_action_summary_all_allow (summary, AC_DECISION_APPROVE));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/client/action-list/rows-are-loaded-when-seen", test_loads_rows_when_seen);
  g_test_add_func ("/client/action-list/same-key-same-object", test_same_key_same_object);
  g_test_add_func ("/client/action-list/a-changed-row-is-told", test_changed_row_is_told);
  g_test_add_func ("/client/action-list/late-answers-do-not-win", test_late_answers);
  g_test_add_func ("/client/action-list/nothing-stale-stays-in-the-cache", test_stale_cache);
  g_test_add_func ("/client/action-list/earlier-state-after-a-reset", test_everything_changed);
  g_test_add_func ("/client/action-list/pages-scrolled-past-are-not-loaded", test_scrolled_past);
  g_test_add_func ("/client/action-list/only-what-differs-is-touched", test_changes_of_keys);
  g_test_add_func ("/client/action-list/random-changes-keep-listeners-true", test_random_changes);
  g_test_add_func ("/client/action-list/another-query", test_query);
  g_test_add_func ("/client/action-list/a-query-overtakes-the-one-before", test_query_overtakes);
  g_test_add_func ("/client/action-list/failure-keeps-rows-and-mends-itself", test_failure);
  g_test_add_func ("/client/action-list/selection-by-key", test_selection_helpers);
  g_test_add_func ("/client/action-list/the-source-may-go", test_source_may_go);
  g_test_add_func ("/client/action-list/dropped-while-loading", test_dropped_while_loading);
  g_test_add_func ("/client/action-list/a-million-keys-and-a-bounded-cache", test_memory);
  g_test_add_func ("/client/action-list/large-lists-change-in-a-thread", test_large_lists);
  g_test_add_func ("/client/counts/follow-the-source", test_counts);
  g_test_add_func ("/client/counts/are-not-known-before-the-service-was-asked",
                   test_counts_are_not_known_before_the_service_was_asked);
  g_test_add_func ("/client/action-summary/what-actions-share", test_summary);
  return g_test_run ();
}
