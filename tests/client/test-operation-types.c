/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client/ac-operation-types.h"
#include "harness.h"
#include "memory-source.h"

#define MAIL "softDeleteEmail"
#define URL "blockUrl"

typedef struct
{
  MemorySource *source;
  AcOperationTypes *types;
  guint n_known; /* how often more was known */
} Fixture;

static void
known_cb (Fixture *fixture)
{
  fixture->n_known++;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->source = memory_source_new ();
  fixture->types = ac_operation_types_new (AC_ACTION_SOURCE (fixture->source));
  g_signal_connect_swapped (fixture->types, "known", G_CALLBACK (known_cb), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_object_unref (fixture->types);
  g_object_unref (fixture->source);
}

static GHashTable *
find (Fixture *fixture, const char *id, guint n_actions)
{
  return ac_operation_types_find (fixture->types, id, n_actions);
}

/* As when the source has got more actions from the service. */
static void
change (Fixture *fixture)
{
  ac_action_source_emit_changed (AC_ACTION_SOURCE (fixture->source), NULL);
}

static void
drain (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
assert_types (GHashTable *types, gboolean mail, gboolean url)
{
  g_assert_nonnull (types);
  g_assert_cmpint (g_hash_table_contains (types, MAIL), ==, mail);
  g_assert_cmpint (g_hash_table_contains (types, URL), ==, url);
  g_assert_cmpuint (g_hash_table_size (types), ==, (guint)mail + (guint)url);
}

static void
test_all_is_asked_for_once (Fixture *fixture, gconstpointer data)
{
  memory_source_set_value (fixture->source, MAIL, 2);
  memory_source_set_value (fixture->source, URL, 1);
  memory_source_hold (fixture->source);
  g_assert_null (find (fixture, "a", 3));
  g_assert_null (find (fixture, "a", 3));
  g_assert_cmpuint (memory_source_get_value_calls (fixture->source), ==, 1);
  memory_source_release (fixture->source, FALSE);
  wait_until (fixture->n_known == 1);
  change (fixture);
  assert_types (find (fixture, "a", 3), TRUE, TRUE);
  g_assert_cmpuint (memory_source_get_value_calls (fixture->source), ==, 1);
  g_assert_null (find (fixture, "b", 3));
  g_assert_cmpuint (memory_source_get_value_calls (fixture->source), ==, 2);
  wait_until (fixture->n_known == 2);
}

/* While the actions are read for the first time, only some of an operation may be there. */
static void
test_a_part_is_not_taken_for_all (Fixture *fixture, gconstpointer data)
{
  g_assert_null (find (fixture, "a", 3));
  drain ();
  g_assert_null (find (fixture, "a", 3));
  memory_source_set_value (fixture->source, MAIL, 2);
  change (fixture);
  g_assert_null (find (fixture, "a", 3));
  wait_until (fixture->n_known == 1);
  assert_types (find (fixture, "a", 3), TRUE, FALSE);
  /* Nothing new, nothing to ask. */
  g_assert_cmpuint (memory_source_get_value_calls (fixture->source), ==, 2);
  memory_source_set_value (fixture->source, URL, 1);
  change (fixture);
  assert_types (find (fixture, "a", 3), TRUE, FALSE);
  wait_until (fixture->n_known == 2);
  change (fixture);
  assert_types (find (fixture, "a", 3), TRUE, TRUE);
  g_assert_cmpuint (memory_source_get_value_calls (fixture->source), ==, 3);
}

/* What has come while an answer was under way may not be in it. */
static void
test_a_change_on_the_way_is_asked_for (Fixture *fixture, gconstpointer data)
{
  memory_source_set_value (fixture->source, MAIL, 2);
  memory_source_hold (fixture->source);
  g_assert_null (find (fixture, "a", 3));
  memory_source_set_value (fixture->source, URL, 1);
  change (fixture);
  memory_source_release (fixture->source, FALSE);
  wait_until (fixture->n_known == 1);
  assert_types (find (fixture, "a", 3), TRUE, FALSE);
  wait_until (fixture->n_known == 2);
  assert_types (find (fixture, "a", 3), TRUE, TRUE);
}

/* Actions that somebody has decided about again stay those of the operation. */
static void
test_what_was_known_stays_known (Fixture *fixture, gconstpointer data)
{
  memory_source_set_value (fixture->source, MAIL, 1);
  memory_source_set_value (fixture->source, URL, 1);
  g_assert_null (find (fixture, "a", 3));
  wait_until (fixture->n_known == 1);
  memory_source_set_value (fixture->source, MAIL, 0);
  change (fixture);
  assert_types (find (fixture, "a", 3), TRUE, TRUE);
  drain ();
  assert_types (find (fixture, "a", 3), TRUE, TRUE);
  g_assert_cmpuint (fixture->n_known, ==, 1);
}

static void
test_a_failure_is_asked_again (Fixture *fixture, gconstpointer data)
{
  memory_source_set_value (fixture->source, MAIL, 1);
  memory_source_fail (fixture->source, "The disk is full.");
  g_assert_null (find (fixture, "a", 1));
  drain ();
  memory_source_recover (fixture->source);
  g_assert_null (find (fixture, "a", 1));
  wait_until (fixture->n_known == 1);
  assert_types (find (fixture, "a", 1), TRUE, FALSE);
}

/* An answer that comes too late finds nobody. */
static void
test_nobody_waits_any_more (Fixture *fixture, gconstpointer data)
{
  memory_source_set_value (fixture->source, MAIL, 1);
  memory_source_hold (fixture->source);
  g_assert_null (find (fixture, "a", 1));
  g_object_run_dispose (G_OBJECT (fixture->types));
  memory_source_release (fixture->source, FALSE);
  change (fixture);
  drain ();
  g_assert_cmpuint (fixture->n_known, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)
  ADD ("/client/operation-types/once", test_all_is_asked_for_once);
  ADD ("/client/operation-types/part", test_a_part_is_not_taken_for_all);
  ADD ("/client/operation-types/change-on-the-way", test_a_change_on_the_way_is_asked_for);
  ADD ("/client/operation-types/stays-known", test_what_was_known_stays_known);
  ADD ("/client/operation-types/failure", test_a_failure_is_asked_again);
  ADD ("/client/operation-types/too-late", test_nobody_waits_any_more);
#undef ADD
  return g_test_run ();
}
