/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client/ac-key-diff.h"
#include "client/ac-key-index.h"
#include "client/ac-key-sequence.h"
#include "client/ac-key-table.h"
#include "harness.h"

static GArray *
keys_new (void)
{
  return g_array_new (FALSE, FALSE, sizeof (guint64));
}

static GArray *
range (guint64 first, guint n)
{
  GArray *keys = keys_new ();

  for (guint64 i = first; i < first + n; i++)
    g_array_append_val (keys, i);
  return keys;
}

static GArray *
diff (GArray *before, GArray *after)
{
  return ac_key_diff (&g_array_index (before, guint64, 0), before->len,
                      &g_array_index (after, guint64, 0), after->len);
}

static void
assert_change (GArray *changes, guint index, guint position, guint removed, guint added)
{
  AcKeyChange change;

  g_assert_cmpuint (index, <, changes->len);
  change = g_array_index (changes, AcKeyChange, index);
  g_assert_cmpuint (change.position, ==, position);
  g_assert_cmpuint (change.removed, ==, removed);
  g_assert_cmpuint (change.added, ==, added);
}

/* Applies the changes both to a plain copy, as a listener of items-changed would, and to a
 * sequence, and holds the two to each other after each step. */
static void
assert_changes_lead_to (GArray *before, GArray *changes, GArray *after)
{
  g_autoptr (GArray) shadow = g_array_copy (before);
  AcKeySequence sequence;

  ac_key_sequence_init (&sequence);
  g_array_append_vals (sequence.keys, before->data, before->len);
  ac_key_sequence_begin (&sequence, after);
  for (guint i = 0; i < changes->len; i++)
    {
      AcKeyChange change = g_array_index (changes, AcKeyChange, i);

      g_assert_cmpuint (change.position + change.removed, <=, shadow->len);
      g_assert_cmpuint (change.position + change.added, <=, after->len);
      g_array_remove_range (shadow, change.position, change.removed);
      g_array_insert_vals (shadow, change.position,
                           &g_array_index (after, guint64, change.position), change.added);
      ac_key_sequence_step (&sequence, &change);
      g_assert_cmpuint (ac_key_sequence_length (&sequence), ==, shadow->len);
      for (guint j = 0; j < shadow->len; j++)
        g_assert_cmpuint (ac_key_sequence_get (&sequence, j), ==,
                          g_array_index (shadow, guint64, j));
    }
  ac_key_sequence_end (&sequence);
  g_assert_cmpuint (shadow->len, ==, after->len);
  if (after->len > 0)
    g_assert_cmpmem (shadow->data, shadow->len * 8, after->data, after->len * 8);
  ac_key_sequence_clear (&sequence);
}

/* How many rows a listener has to look at. */
static guint
touched (GArray *changes)
{
  guint sum = 0;

  for (guint i = 0; i < changes->len; i++)
    sum += g_array_index (changes, AcKeyChange, i).removed +
           g_array_index (changes, AcKeyChange, i).added;
  return sum;
}

/* n² and plain, to hold the fast one to. */
static guint
longest_common (GArray *a, GArray *b)
{
  g_autofree guint *row = g_new0 (guint, b->len + 1);

  for (guint i = 0; i < a->len; i++)
    {
      guint diagonal = 0;

      for (guint j = 0; j < b->len; j++)
        {
          guint above = row[j + 1];

          if (g_array_index (a, guint64, i) == g_array_index (b, guint64, j))
            row[j + 1] = diagonal + 1;
          else
            row[j + 1] = MAX (row[j + 1], row[j]);
          diagonal = above;
        }
    }
  return row[b->len];
}

static void
random_edit (GRand *rand, GArray *keys, guint64 *next)
{
  guint at = keys->len > 0 ? (guint)g_rand_int_range (rand, 0, (gint32)keys->len) : 0;
  guint64 key;

  switch (g_rand_int_range (rand, 0, 4))
    {
    case 0:
      if (keys->len > 0)
        g_array_remove_index (keys, at);
      break;
    case 1:
      key = (*next)++;
      g_array_insert_val (keys, at, key);
      break;
    case 2:
      if (keys->len > 0)
        {
          key = g_array_index (keys, guint64, at);
          g_array_remove_index (keys, at);
          g_array_insert_val (keys, 0, key);
        }
      break;
    default:
      if (keys->len > 0)
        {
          guint to = (guint)g_rand_int_range (rand, 0, (gint32)keys->len);

          key = g_array_index (keys, guint64, at);
          g_array_remove_index (keys, at);
          g_array_insert_val (keys, to, key);
        }
    }
}

static void
test_random (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (g_test_rand_int ());

  for (guint round = 0; round < 3000; round++)
    {
      guint64 next = 1000;
      g_autoptr (GArray) before = range (1, (guint)g_rand_int_range (rand, 0, 40));
      g_autoptr (GArray) after = g_array_copy (before);
      g_autoptr (GArray) changes = NULL;

      for (gint32 n = g_rand_int_range (rand, 0, 12); n > 0; n--)
        random_edit (rand, after, &next);
      changes = diff (before, after);
      assert_changes_lead_to (before, changes, after);
      g_assert_cmpuint (touched (changes), ==,
                        before->len + after->len - 2 * longest_common (before, after));
    }
}

static void
test_shuffled (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (g_test_rand_int ());

  for (guint round = 0; round < 200; round++)
    {
      g_autoptr (GArray) before = range (1, 30);
      g_autoptr (GArray) after = range (10, 30);
      g_autoptr (GArray) changes = NULL;

      for (guint i = after->len - 1; i > 0; i--)
        {
          guint j = (guint)g_rand_int_range (rand, 0, (gint32)i + 1);
          guint64 key = g_array_index (after, guint64, i);

          g_array_index (after, guint64, i) = g_array_index (after, guint64, j);
          g_array_index (after, guint64, j) = key;
        }
      changes = diff (before, after);
      assert_changes_lead_to (before, changes, after);
    }
}

static void
test_row_leaves (void)
{
  g_autoptr (GArray) before = range (1, 1000);
  g_autoptr (GArray) after = g_array_copy (before);
  g_autoptr (GArray) changes = NULL;

  g_array_remove_index (after, 500);
  changes = diff (before, after);
  g_assert_cmpuint (changes->len, ==, 1);
  assert_change (changes, 0, 500, 1, 0);
}

static void
test_row_moves_to_top (void)
{
  g_autoptr (GArray) before = range (1, 1000);
  g_autoptr (GArray) after = g_array_copy (before);
  g_autoptr (GArray) changes = NULL;
  guint64 key = g_array_index (after, guint64, 700);

  g_array_remove_index (after, 700);
  g_array_insert_val (after, 0, key);
  changes = diff (before, after);
  g_assert_cmpuint (changes->len, ==, 2);
  assert_change (changes, 0, 0, 0, 1);
  assert_change (changes, 1, 701, 1, 0);
}

static void
test_nothing_changes (void)
{
  g_autoptr (GArray) before = range (1, 10);
  g_autoptr (GArray) none = keys_new ();
  g_autoptr (GArray) same = diff (before, before);
  g_autoptr (GArray) empty = diff (none, none);
  g_autoptr (GArray) appended = diff (none, before);
  g_autoptr (GArray) emptied = diff (before, none);

  g_assert_cmpuint (same->len, ==, 0);
  g_assert_cmpuint (empty->len, ==, 0);
  g_assert_cmpuint (appended->len, ==, 1);
  assert_change (appended, 0, 0, 0, 10);
  g_assert_cmpuint (emptied->len, ==, 1);
  assert_change (emptied, 0, 0, 10, 0);
}

/* Every second row gone: one range over all is cheaper for a list than thousands of small ones. */
static void
test_many_changes (void)
{
  g_autoptr (GArray) before = range (1, 10000);
  g_autoptr (GArray) after = keys_new ();
  g_autoptr (GArray) changes = NULL;

  for (guint64 key = 1; key <= 10000; key += 2)
    g_array_append_val (after, key);
  changes = diff (before, after);
  g_assert_cmpuint (changes->len, ==, 1);
  assert_change (changes, 0, 1, 9999, 4999);
}

static void
test_table (void)
{
  g_autoptr (AcKeyTable) table = ac_key_table_new ();
  static const char *const odd[] = { "", "act-1", "00000001-0000-4000-8000-00000000000",
                                     "0000000A-0000-4000-8000-000000000000",
                                     "00000001+0000-4000-8000-000000000000" };

  g_assert_cmpuint (ac_key_table_find (table, "act-1"), ==, 0);
  g_assert_null (ac_key_table_dup_id (table, 0));
  for (guint i = 0; i < 5000; i++)
    {
      g_autofree char *id = id_of (i);

      g_assert_cmpuint (ac_key_table_find (table, id), ==, 0);
      g_assert_cmpuint (ac_key_table_add (table, id), ==, i + 1);
    }
  for (guint i = 0; i < G_N_ELEMENTS (odd); i++)
    g_assert_cmpuint (ac_key_table_add (table, odd[i]), !=, 0);
  g_assert_cmpuint (ac_key_table_size (table), ==, 5000 + G_N_ELEMENTS (odd));
  for (guint i = 0; i < 5000; i++)
    {
      g_autofree char *id = id_of (i);
      g_autofree char *back = ac_key_table_dup_id (table, i + 1);

      g_assert_cmpstr (back, ==, id);
      g_assert_cmpuint (ac_key_table_add (table, id), ==, i + 1);
    }
  for (guint i = 0; i < G_N_ELEMENTS (odd); i++)
    {
      guint64 key = ac_key_table_find (table, odd[i]);
      g_autofree char *back = ac_key_table_dup_id (table, key);

      g_assert_cmpstr (back, ==, odd[i]);
      g_assert_cmpuint (ac_key_table_add (table, odd[i]), ==, key);
    }
  g_assert_null (ac_key_table_dup_id (table, 5001));
}

static void
test_index (void)
{
  g_autoptr (GArray) keys = range (7, 1000);
  g_autoptr (AcKeyIndex) index = ac_key_index_new (&g_array_index (keys, guint64, 0), keys->len);
  g_autoptr (AcKeyIndex) empty = ac_key_index_new (NULL, 0);

  for (guint i = 0; i < keys->len; i++)
    g_assert_cmpuint (ac_key_index_find (index, 7 + i), ==, i);
  g_assert_cmpuint (ac_key_index_find (index, 6), ==, AC_KEY_INDEX_NONE);
  g_assert_cmpuint (ac_key_index_find (empty, 6), ==, AC_KEY_INDEX_NONE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/client/key-diff/random-edits-apply-and-touch-as-few-rows-as-possible",
                   test_random);
  g_test_add_func ("/client/key-diff/another-order-applies", test_shuffled);
  g_test_add_func ("/client/key-diff/a-row-that-leaves-is-one-range", test_row_leaves);
  g_test_add_func ("/client/key-diff/a-row-that-moves-to-the-top-is-two-ranges",
                   test_row_moves_to_top);
  g_test_add_func ("/client/key-diff/nothing-and-empty", test_nothing_changes);
  g_test_add_func ("/client/key-diff/very-many-changes-become-one", test_many_changes);
  g_test_add_func ("/client/key-table/same-id-same-key-and-back", test_table);
  g_test_add_func ("/client/key-index/finds-each-place", test_index);
  return g_test_run ();
}
