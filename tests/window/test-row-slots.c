/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The places of a list, as a list view sees them; without a display, for they are no widgets. */
#include "config.h"

#include "harness.h"
#include "memory-source.h"
#include "window/ac-row-slots.h"

#define SEED 20260301

/* A list with its places, and what somebody believes who only hears items-changed. */
/* Lists of so many, in which all are told. */
#define FEW GUINT_TO_POINTER (12)

typedef struct
{
  MemorySource *source;
  AcActionList *list;
  AcRowSlots *slots;
  guint n_told;
  guint n_changes;
  guint n_first_change; /* places that came with the first one */
} Fixture;

static guint
n_slots (Fixture *fixture)
{
  return g_list_model_get_n_items (G_LIST_MODEL (fixture->slots));
}

static guint
n_items (Fixture *fixture)
{
  return g_list_model_get_n_items (G_LIST_MODEL (fixture->list));
}

static void
items_changed_cb (GListModel *model, guint position, guint removed, guint added, Fixture *fixture)
{
  g_assert_cmpuint (position + removed, <=, fixture->n_told);
  if (fixture->n_changes++ == 0)
    fixture->n_first_change = added;
  fixture->n_told += added - removed;
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, fixture->n_told);
}

static void
set_range (Fixture *fixture, guint64 first, guint n)
{
  g_autofree guint64 *keys = g_new (guint64, n);

  for (guint i = 0; i < n; i++)
    keys[i] = first + i;
  memory_source_set_keys (fixture->source, keys, n);
}

static void
look_again (Fixture *fixture)
{
  g_autoptr (GArray) none = g_array_new (FALSE, FALSE, sizeof (guint64));

  ac_action_source_emit_changed (AC_ACTION_SOURCE (fixture->source), none);
}

static void
show_range (Fixture *fixture, guint64 first, guint n)
{
  set_range (fixture, first, n);
  look_again (fixture);
  wait_until (n_items (fixture) == n && ac_action_list_get_key (fixture->list, 0) == first &&
              ac_action_list_get_key (fixture->list, n - 1) == first + n - 1);
}

static void
fixture_set_up (Fixture *fixture, gconstpointer data)
{
  fixture->source = memory_source_new ();
  set_range (fixture, 1, GPOINTER_TO_UINT (data));
  fixture->list = ac_action_list_new (AC_ACTION_SOURCE (fixture->source), NULL);
  wait_until (!ac_action_list_get_loading (fixture->list));
  fixture->slots = ac_row_slots_new (fixture->list);
  if (data == FEW)
    ac_row_slots_show_all (fixture->slots);
  fixture->n_told = n_slots (fixture);
  g_signal_connect (fixture->slots, "items-changed", G_CALLBACK (items_changed_cb), fixture);
}

static void
fixture_tear_down (Fixture *fixture, gconstpointer data)
{
  g_signal_handlers_disconnect_by_data (fixture->slots, fixture);
  g_object_unref (fixture->slots);
  g_object_unref (fixture->list);
  g_object_unref (fixture->source);
}

static AcRowSlot *
slot_at (Fixture *fixture, guint position)
{
  return g_list_model_get_item (G_LIST_MODEL (fixture->slots), position);
}

/* 0: nothing stands there. */
static guint64
key_of (AcRowSlot *slot)
{
  AcActionItem *item = ac_row_slot_get_item (slot);

  return item != NULL ? ac_action_item_get_key (item) : 0;
}

static GtkSelectionModel *
selection_of (Fixture *fixture)
{
  return GTK_SELECTION_MODEL (fixture->slots);
}

static guint64
n_selected (Fixture *fixture)
{
  g_autoptr (GtkBitset) selected = gtk_selection_model_get_selection (selection_of (fixture));

  return gtk_bitset_get_size (selected);
}

static void
count_cb (guint *n)
{
  (*n)++;
}

/* --- what is told, and when --- */

static void
test_a_screen_first (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpuint (n_slots (fixture), ==, 6);
  wait_until (n_slots (fixture) == 1000);
  /* A few at a time, until a view has its rows; then all. */
  g_assert_cmpuint (fixture->n_first_change, ==, 5);
  g_assert_cmpuint (fixture->n_changes, >, 33);
  g_assert_cmpuint (fixture->n_changes, <, 50);
}

static void
test_short_list_at_once (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpuint (n_slots (fixture), ==, 5);
  g_assert_cmpuint (fixture->n_changes, ==, 0);
}

static void
test_show_all (Fixture *fixture, gconstpointer data)
{
  ac_row_slots_show_all (fixture->slots);
  g_assert_cmpuint (n_slots (fixture), ==, 1000);
  g_assert_cmpuint (fixture->n_changes, ==, 1);
}

/* --- places --- */

static void
test_one_object_for_a_place (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AcRowSlot) slot = slot_at (fixture, 4);
  g_autoptr (AcRowSlot) again = slot_at (fixture, 4);

  g_assert_true (slot == again);
  g_assert_cmpuint (key_of (slot), ==, 5);
  g_assert_null (slot_at (fixture, 8));
  wait_until (ac_row_slot_get_action (slot) != NULL);
}

static void
test_other_action_at_same_place (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AcRowSlot) slot = slot_at (fixture, 3);
  guint n = 0;

  g_signal_connect_swapped (slot, "changed", G_CALLBACK (count_cb), &n);
  show_range (fixture, 101, 12);
  g_assert_cmpuint (key_of (slot), ==, 104);
  g_assert_cmpuint (n, >, 0);
  g_assert_cmpuint (fixture->n_changes, ==, 0);
}

static void
test_places_move_with_their_actions (Fixture *fixture, gconstpointer data)
{
  const guint64 keys[] = { 1, 2, 90, 91, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 };
  g_autoptr (AcRowSlot) before = slot_at (fixture, 1);
  g_autoptr (AcRowSlot) after = slot_at (fixture, 2);
  g_autoptr (AcRowSlot) moved = NULL;

  memory_source_set_keys (fixture->source, keys, G_N_ELEMENTS (keys));
  look_again (fixture);
  wait_until (n_items (fixture) == G_N_ELEMENTS (keys));
  g_assert_cmpuint (n_slots (fixture), ==, G_N_ELEMENTS (keys));
  moved = slot_at (fixture, 4);
  g_assert_true (moved == after);
  g_assert_cmpuint (key_of (before), ==, 2);
  g_assert_cmpuint (key_of (after), ==, 3);
}

static void
test_place_that_is_gone (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AcRowSlot) slot = slot_at (fixture, 11);
  g_autoptr (AcRowSlot) other = NULL;

  show_range (fixture, 1, 5);
  g_assert_cmpuint (n_slots (fixture), ==, 5);
  g_assert_null (slot_at (fixture, 5));
  show_range (fixture, 1, 12);
  wait_until (n_slots (fixture) == 12);
  other = slot_at (fixture, 11);
  g_assert_true (other != slot);
  g_assert_cmpuint (key_of (other), ==, 12);
}

static void
test_place_outlives_the_list (void)
{
  g_autoptr (AcRowSlot) slot = NULL;
  Fixture fixture = { 0 };

  fixture_set_up (&fixture, GUINT_TO_POINTER (12));
  slot = slot_at (&fixture, 0);
  fixture_tear_down (&fixture, NULL);
  g_assert_cmpuint (key_of (slot), ==, 1);
}

/* --- the selection --- */

static void
test_all_selected_before_all_told (Fixture *fixture, gconstpointer data)
{
  gtk_selection_model_select_all (selection_of (fixture));
  g_assert_cmpuint (n_selected (fixture), ==, 1000);
  gtk_selection_model_unselect_item (selection_of (fixture), 10);
  g_assert_cmpuint (n_selected (fixture), ==, 999);
  g_assert_false (gtk_selection_model_is_selected (selection_of (fixture), 10));
  gtk_selection_model_unselect_all (selection_of (fixture));
  g_assert_cmpuint (n_selected (fixture), ==, 0);
}

static void
test_selection_leaves_with_its_action (Fixture *fixture, gconstpointer data)
{
  const guint64 keys[] = { 50, 1, 2, 3, 4, 60, 6, 7, 8, 9, 10, 11, 12 };
  guint n = 0;

  gtk_selection_model_select_item (selection_of (fixture), 2, TRUE);
  gtk_selection_model_select_item (selection_of (fixture), 4, FALSE);
  g_signal_connect_swapped (fixture->slots, "selection-changed", G_CALLBACK (count_cb), &n);
  memory_source_set_keys (fixture->source, keys, G_N_ELEMENTS (keys));
  look_again (fixture);
  wait_until (n_items (fixture) == G_N_ELEMENTS (keys));
  /* 3 has gone down by one and stays selected; 60 stands where 5 was. */
  g_assert_true (gtk_selection_model_is_selected (selection_of (fixture), 3));
  g_assert_cmpuint (n_selected (fixture), ==, 1);
  g_assert_cmpuint (n, ==, 1);
}

static void
test_nothing_new_is_selected (Fixture *fixture, gconstpointer data)
{
  gtk_selection_model_select_all (selection_of (fixture));
  show_range (fixture, 1, 20);
  g_assert_cmpuint (n_selected (fixture), ==, 12);
  g_assert_false (gtk_selection_model_is_selected (selection_of (fixture), 12));
}

/* --- while they are held --- */

static void
hold_cb (Fixture *fixture)
{
  ac_row_slots_hold (fixture->slots);
}

static void
release_cb (Fixture *fixture)
{
  g_assert_cmpuint (n_slots (fixture), ==, fixture->n_told);
  ac_row_slots_release (fixture->slots);
}

static void
hold_during_changes (Fixture *fixture)
{
  g_signal_connect_swapped (fixture->list, "about-to-change", G_CALLBACK (hold_cb), fixture);
  g_signal_connect_swapped (fixture->list, "has-changed", G_CALLBACK (release_cb), fixture);
}

static void
stop_holding (Fixture *fixture)
{
  g_signal_handlers_disconnect_by_data (fixture->list, fixture);
}

static void
test_held_places_stay (Fixture *fixture, gconstpointer data)
{
  const guint64 keys[] = { 90, 91, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 };
  g_autoptr (AcRowSlot) first = slot_at (fixture, 0);
  g_autoptr (AcRowSlot) third = slot_at (fixture, 2);
  g_autoptr (AcRowSlot) again = NULL;
  guint n = 0;

  gtk_selection_model_select_item (selection_of (fixture), 2, TRUE);
  g_signal_connect_swapped (third, "changed", G_CALLBACK (count_cb), &n);
  hold_during_changes (fixture);
  memory_source_set_keys (fixture->source, keys, G_N_ELEMENTS (keys));
  look_again (fixture);
  wait_until (n_items (fixture) == G_N_ELEMENTS (keys));
  again = slot_at (fixture, 2);
  g_assert_true (again == third);
  g_assert_cmpuint (key_of (first), ==, 90);
  g_assert_cmpuint (key_of (third), ==, 1);
  g_assert_cmpuint (n, >, 0);
  /* The two that are more came at the end. */
  g_assert_cmpuint (fixture->n_changes, ==, 1);
  g_assert_cmpuint (n_slots (fixture), ==, G_N_ELEMENTS (keys));
  g_assert_cmpuint (n_selected (fixture), ==, 0);
  stop_holding (fixture);
}

static void
test_held_places_go_at_the_end (Fixture *fixture, gconstpointer data)
{
  const guint64 keys[] = { 4, 5, 6, 7 };
  g_autoptr (AcRowSlot) first = slot_at (fixture, 0);
  g_autoptr (AcRowSlot) last = slot_at (fixture, 11);

  gtk_selection_model_select_all (selection_of (fixture));
  hold_during_changes (fixture);
  memory_source_set_keys (fixture->source, keys, G_N_ELEMENTS (keys));
  look_again (fixture);
  wait_until (n_items (fixture) == G_N_ELEMENTS (keys));
  /* They are empty and not selected until they are gone. */
  g_assert_cmpuint (n_slots (fixture), >=, G_N_ELEMENTS (keys));
  g_assert_cmpuint (key_of (first), ==, 4);
  g_assert_cmpuint (key_of (last), ==, 0);
  gtk_selection_model_select_all (selection_of (fixture));
  g_assert_cmpuint (n_selected (fixture), ==, G_N_ELEMENTS (keys));
  wait_until (n_slots (fixture) == G_N_ELEMENTS (keys));
  g_assert_cmpuint (n_selected (fixture), ==, G_N_ELEMENTS (keys));
  stop_holding (fixture);
}

static void
test_many_held_places_go_a_few_at_a_time (Fixture *fixture, gconstpointer data)
{
  ac_row_slots_show_all (fixture->slots);
  fixture->n_changes = 0;
  hold_during_changes (fixture);
  show_range (fixture, 2001, 1);
  /* What no row of a view can be showing goes at once. */
  g_assert_cmpuint (n_slots (fixture), <=, 220);
  wait_until (n_slots (fixture) == 1);
  g_assert_cmpuint (fixture->n_changes, >, 20);
  show_range (fixture, 1, 30);
  wait_until (n_slots (fixture) == 30);
  stop_holding (fixture);
}

/* --- what is in sight --- */

static void
watched_cb (AcRowSlot *slot, gpointer data)
{
  (*(guint *)data)++;
}

static void
test_what_is_far_waits (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AcRowSlot) seen = NULL;
  g_autoptr (AcRowSlot) near = NULL;
  g_autoptr (AcRowSlot) far = NULL;
  guint n_seen = 0;
  guint n_near = 0;
  guint n_far = 0;

  ac_row_slots_show_all (fixture->slots);
  ac_row_slots_set_seen (fixture->slots, 100, 20);
  seen = slot_at (fixture, 110);
  near = slot_at (fixture, 130);
  far = slot_at (fixture, 300);
  g_assert_false (ac_row_slot_is_late (seen));
  g_assert_true (ac_row_slot_is_late (near));
  g_assert_true (ac_row_slot_is_late (far));
  ac_row_slot_watch (seen, watched_cb, &n_seen);
  ac_row_slot_watch (near, watched_cb, &n_near);
  ac_row_slot_watch (far, watched_cb, &n_far);
  wait_until (!ac_row_slot_is_late (near));
  g_assert_cmpuint (n_near, >, 0);
  g_assert_true (ac_row_slot_is_late (far));
  g_assert_cmpuint (n_far, ==, 0);
  ac_row_slots_set_seen (fixture->slots, 290, 20);
  wait_until (!ac_row_slot_is_late (far));
  g_assert_cmpuint (n_far, >, 0);
  /* What somebody else has come to show is told again, when it is not seen. */
  ac_row_slot_defer (far);
  g_assert_false (ac_row_slot_is_late (far));
  ac_row_slot_defer (seen);
  g_assert_true (ac_row_slot_is_late (seen));
  n_seen = 0;
  ac_row_slot_unwatch (seen, &n_seen);
  ac_row_slots_set_seen (fixture->slots, 100, 20);
  wait_until (!ac_row_slot_is_late (seen));
  g_assert_cmpuint (n_seen, ==, 0);
}

static void
test_a_screen_is_written_over_frames (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) held = g_ptr_array_new_with_free_func (g_object_unref);
  guint n_behind = 0;
  guint n_written = 0;
  guint n_frames = 0;

  ac_row_slots_show_all (fixture->slots);
  ac_row_slots_set_seen (fixture->slots, 0, 20);
  for (guint i = 0; i < 20; i++)
    {
      g_ptr_array_add (held, slot_at (fixture, i));
      ac_row_slot_watch (held->pdata[i], watched_cb, &n_written);
    }
  wait_until (ac_row_slot_get_action (held->pdata[19]) != NULL);
  n_written = 0;
  g_signal_connect_swapped (fixture->slots, "behind", G_CALLBACK (count_cb), &n_behind);
  hold_during_changes (fixture);
  show_range (fixture, 2001, 1000);
  wait_until (key_of (held->pdata[19]) == 2020);
  /* The first of them at once, from the top down, and the others when it is said that there was a
   * frame. */
  g_assert_cmpuint (n_behind, ==, 1);
  g_assert_cmpuint (n_written, >, 0);
  g_assert_cmpuint (n_written, <, 20);
  g_assert_false (ac_row_slot_is_late (held->pdata[0]));
  g_assert_true (ac_row_slot_is_late (held->pdata[19]));
  while (ac_row_slots_catch_up (fixture->slots))
    n_frames++;
  g_assert_cmpuint (n_frames, >=, 2);
  for (guint i = 0; i < held->len; i++)
    g_assert_false (ac_row_slot_is_late (held->pdata[i]));
  stop_holding (fixture);
  g_signal_handlers_disconnect_by_data (fixture->slots, &n_behind);
  for (guint i = 0; i < held->len; i++)
    ac_row_slot_unwatch (held->pdata[i], &n_written);
}

/* As a view does that was scrolled down when another query came. */
static void
to_the_top_cb (Fixture *fixture)
{
  ac_row_slots_set_seen (fixture->slots, 0, 20);
}

static void
test_a_screen_scrolled_to_is_written_over_frames_too (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) held = g_ptr_array_new_with_free_func (g_object_unref);
  guint n_behind = 0;
  guint n_written = 0; /* the last one */

  ac_row_slots_show_all (fixture->slots);
  for (guint i = 0; i < 20; i++)
    g_ptr_array_add (held, slot_at (fixture, i));
  ac_row_slots_set_seen (fixture->slots, 500, 20);
  ac_row_slot_watch (held->pdata[19], watched_cb, &n_written);
  g_signal_connect_swapped (fixture->slots, "behind", G_CALLBACK (count_cb), &n_behind);
  g_signal_connect_swapped (fixture->list, "about-to-change", G_CALLBACK (to_the_top_cb), fixture);
  hold_during_changes (fixture);
  show_range (fixture, 2001, 1000);
  wait_until (key_of (held->pdata[19]) == 2020);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (n_behind, ==, 1);
  g_assert_cmpuint (n_written, ==, 0);
  g_assert_true (ac_row_slot_is_late (held->pdata[19]));
  while (ac_row_slots_catch_up (fixture->slots))
    ;
  g_assert_false (ac_row_slot_is_late (held->pdata[19]));
  g_assert_cmpuint (n_written, >, 0);
  ac_row_slot_unwatch (held->pdata[19], &n_written);
  /* Nobody changes anything now: what comes into sight is written before the next frame. */
  ac_row_slots_set_seen (fixture->slots, 500, 20);
  ac_row_slot_defer (held->pdata[3]);
  g_assert_true (ac_row_slot_is_late (held->pdata[3]));
  ac_row_slots_set_seen (fixture->slots, 0, 20);
  wait_until (!ac_row_slot_is_late (held->pdata[3]));
  stop_holding (fixture);
  g_signal_handlers_disconnect_by_data (fixture->slots, &n_behind);
}

static void
test_what_moves_into_sight_is_written (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AcRowSlot) far = NULL;

  ac_row_slots_show_all (fixture->slots);
  ac_row_slots_set_seen (fixture->slots, 0, 20);
  far = slot_at (fixture, 300);
  g_assert_true (ac_row_slot_is_late (far));
  show_range (fixture, 291, 710);
  g_assert_cmpuint (key_of (far), ==, 301);
  /* It is the same place on the screen that is looked at. */
  ac_row_slots_set_seen (fixture->slots, 0, 20);
  g_assert_false (ac_row_slot_is_late (far));
}

/* A place of which a view is told that it is selected, or not. */
static void
marked_cb (GtkSelectionModel *model, guint position, guint n, GtkBitset *told)
{
  gtk_bitset_add_range (told, position, n);
}

static void
test_the_selection_is_told_in_sight_first (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GtkBitset) told = gtk_bitset_new_empty ();
  g_autoptr (GPtrArray) held = g_ptr_array_new_with_free_func (g_object_unref);
  guint n_selections = 0;

  /* As a view that has rows around what is seen, and the one with the focus. */
  ac_row_slots_show_all (fixture->slots);
  ac_row_slots_set_seen (fixture->slots, 500, 20);
  for (guint i = 400; i < 600; i++)
    g_ptr_array_add (held, slot_at (fixture, i));
  g_ptr_array_add (held, slot_at (fixture, 7));
  g_signal_connect (fixture->slots, "selection-changed", G_CALLBACK (marked_cb), told);
  g_signal_connect_swapped (fixture->slots, "selected", G_CALLBACK (count_cb), &n_selections);
  gtk_selection_model_select_all (selection_of (fixture));
  g_assert_cmpuint (n_selected (fixture), ==, 1000);
  g_assert_cmpuint (n_selections, ==, 1);
  g_assert_true (gtk_bitset_contains (told, 500));
  g_assert_cmpuint (gtk_bitset_get_size (told), <, 100);
  wait_until (gtk_bitset_contains (told, 599));
  g_assert_true (gtk_bitset_contains (told, 400));
  g_assert_true (gtk_bitset_contains (told, 7));
  g_assert_cmpuint (n_selections, ==, 1);
  /* A few are told at once, wherever they are. */
  gtk_selection_model_select_item (selection_of (fixture), 501, TRUE);
  gtk_bitset_remove_all (told);
  gtk_selection_model_select_item (selection_of (fixture), 7, TRUE);
  g_assert_true (gtk_bitset_contains (told, 501));
  wait_until (gtk_bitset_contains (told, 7) && gtk_bitset_contains (told, 599));
  gtk_bitset_remove_all (told);
  gtk_selection_model_select_item (selection_of (fixture), 410, TRUE);
  g_assert_true (gtk_bitset_contains (told, 7));
  g_assert_true (gtk_bitset_contains (told, 410));
  g_signal_handlers_disconnect_by_data (fixture->slots, told);
  g_signal_handlers_disconnect_by_data (fixture->slots, &n_selections);
}

/* --- all together --- */

static void
check_all (Fixture *fixture, GPtrArray *held)
{
  g_assert_cmpuint (n_slots (fixture), ==, fixture->n_told);
  g_ptr_array_set_size (held, 0);
  for (guint i = 0; i < n_slots (fixture); i++)
    {
      AcRowSlot *slot = slot_at (fixture, i);

      /* 0 beyond the end. */
      g_assert_cmpuint (key_of (slot), ==, ac_action_list_get_key (fixture->list, i));
      /* Some are held on to, as by a view. */
      if (i % 3 != 0)
        g_ptr_array_add (held, slot);
      else
        g_object_unref (slot);
    }
}

static GArray *
random_keys (GRand *random)
{
  GArray *keys = g_array_new (FALSE, FALSE, sizeof (guint64));
  guint n = (guint)g_rand_int_range (random, 1, 300);

  for (guint64 key = 1; key <= 400 && keys->len < n; key++)
    if (g_rand_boolean (random))
      g_array_append_val (keys, key);
  for (guint i = 0; i < keys->len && g_rand_boolean (random); i++)
    {
      guint other = (guint)g_rand_int_range (random, 0, (gint32)keys->len);
      guint64 key = g_array_index (keys, guint64, i);

      g_array_index (keys, guint64, i) = g_array_index (keys, guint64, other);
      g_array_index (keys, guint64, other) = key;
    }
  if (keys->len == 0)
    {
      guint64 one = 1;

      g_array_append_val (keys, one);
    }
  return keys;
}

static gboolean
shows (Fixture *fixture, GArray *keys)
{
  if (n_items (fixture) != keys->len)
    return FALSE;
  for (guint i = 0; i < keys->len; i++)
    if (ac_action_list_get_key (fixture->list, i) != g_array_index (keys, guint64, i))
      return FALSE;
  return TRUE;
}

static void
test_random_histories (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (SEED);
  g_autoptr (GPtrArray) held = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint round = 0; round < 40; round++)
    {
      g_autoptr (GArray) keys = random_keys (random);
      gboolean hold = g_rand_boolean (random);

      if (hold)
        hold_during_changes (fixture);
      memory_source_set_keys (fixture->source, (const guint64 *)(gpointer)keys->data, keys->len);
      look_again (fixture);
      wait_until (shows (fixture, keys));
      check_all (fixture, held);
      if (g_rand_boolean (random))
        {
          wait_until (n_slots (fixture) == n_items (fixture));
          check_all (fixture, held);
        }
      stop_holding (fixture);
    }
}

int
main (int argc, char **argv)
{
  gconstpointer many = GUINT_TO_POINTER (1000);
  const struct
  {
    const char *path;
    gconstpointer n;
    void (*test) (Fixture *fixture, gconstpointer data);
  } cases[] = {
    { "/window/row-slots/a-screen-is-told-first", many, test_a_screen_first },
    { "/window/row-slots/a-short-list-is-told-at-once", GUINT_TO_POINTER (5),
      test_short_list_at_once },
    { "/window/row-slots/all-can-be-told-at-once", many, test_show_all },
    { "/window/row-slots/a-place-is-one-object", many, test_one_object_for_a_place },
    { "/window/row-slots/a-place-stays-for-another-action", FEW, test_other_action_at_same_place },
    { "/window/row-slots/places-move-with-their-actions", FEW,
      test_places_move_with_their_actions },
    { "/window/row-slots/a-place-that-is-gone-does-not-come-back", FEW, test_place_that_is_gone },
    { "/window/row-slots/select-all-means-those-not-told-yet", many,
      test_all_selected_before_all_told },
    { "/window/row-slots/an-action-that-leaves-is-not-selected", FEW,
      test_selection_leaves_with_its_action },
    { "/window/row-slots/an-action-that-comes-is-not-selected", FEW, test_nothing_new_is_selected },
    { "/window/row-slots/held-places-stay", FEW, test_held_places_stay },
    { "/window/row-slots/held-places-go-at-the-end", FEW, test_held_places_go_at_the_end },
    { "/window/row-slots/many-held-places-go-a-few-at-a-time", many,
      test_many_held_places_go_a_few_at_a_time },
    { "/window/row-slots/what-is-far-waits-until-it-is-near", many, test_what_is_far_waits },
    { "/window/row-slots/what-moves-into-sight-is-written", many,
      test_what_moves_into_sight_is_written },
    { "/window/row-slots/a-screen-is-written-over-frames", many,
      test_a_screen_is_written_over_frames },
    { "/window/row-slots/a-screen-scrolled-to-is-written-over-frames-too", many,
      test_a_screen_scrolled_to_is_written_over_frames_too },
    { "/window/row-slots/the-selection-is-told-in-sight-first", many,
      test_the_selection_is_told_in_sight_first },
    { "/window/row-slots/places-show-the-list-after-any-history", many, test_random_histories },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add (cases[i].path, Fixture, cases[i].n, fixture_set_up, cases[i].test,
                fixture_tear_down);
  g_test_add_func ("/window/row-slots/a-place-outlives-its-list", test_place_outlives_the_list);
  return g_test_run ();
}
