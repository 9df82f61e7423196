/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client/ac-key-diff.h"
#include "client/ac-key-index.h"

#define NOWHERE AC_KEY_INDEX_NONE

/* Which of the keys before can stay, because they also stand after and in the same order: the
 * longest such choice is a longest increasing subsequence of their places after (patience sorting,
 * n log n). On return place[i] is the place after of a key that stays, or NOWHERE. */
static void
choose_staying (guint *place, guint n_before)
{
  guint *tails = g_new (guint, MAX (n_before, 1)); /* best end of a run of length l + 1 */
  guint *previous = g_new (guint, MAX (n_before, 1));
  guint length = 0;
  guint at;

  for (guint i = 0; i < n_before; i++)
    {
      guint low = 0;
      guint high = length;

      if (place[i] == NOWHERE)
        continue;
      /* Most keys only follow on, so look at the end first. */
      if (length > 0 && place[tails[length - 1]] < place[i])
        low = length;
      while (low < high)
        {
          guint middle = low + (high - low) / 2;

          if (place[tails[middle]] < place[i])
            low = middle + 1;
          else
            high = middle;
        }
      previous[i] = low > 0 ? tails[low - 1] : NOWHERE;
      tails[low] = i;
      if (low == length)
        length++;
    }

  at = length > 0 ? tails[length - 1] : NOWHERE;
  for (guint i = n_before; i-- > 0;)
    {
      if (i == at)
        at = previous[i];
      else
        place[i] = NOWHERE;
    }
  g_free (tails);
  g_free (previous);
}

static void
append_change (GArray *changes, guint position, guint removed, guint added)
{
  AcKeyChange change = { position, removed, added };

  if (removed > 0 || added > 0)
    g_array_append_val (changes, change);
}

static void
strip_common (const guint64 *before,
              guint n_before,
              const guint64 *after,
              guint n_after,
              guint *prefix,
              guint *suffix)
{
  guint shorter = MIN (n_before, n_after);
  guint start = 0;
  guint end = 0;

  while (start < shorter && before[start] == after[start])
    start++;
  while (end < shorter - start && before[n_before - 1 - end] == after[n_after - 1 - end])
    end++;
  *prefix = start;
  *suffix = end;
}

/**
 * ac_key_diff_coarse:
 *
 * Returns: (transfer full) (element-type AcKeyChange): at most one change, which spans everything
 * between the common beginning and the common end.
 */
GArray *
ac_key_diff_coarse (const guint64 *before, guint n_before, const guint64 *after, guint n_after)
{
  GArray *changes = g_array_new (FALSE, FALSE, sizeof (AcKeyChange));
  guint prefix, suffix;

  strip_common (before, n_before, after, n_after, &prefix, &suffix);
  append_change (changes, prefix, n_before - prefix - suffix, n_after - prefix - suffix);
  return changes;
}

/**
 * ac_key_diff:
 * @before: (array length=n_before): the keys shown
 * @after: (array length=n_after): the keys to show
 *
 * Returns: (transfer full) (element-type AcKeyChange): changes in ascending order that, one after
 * the other, make @after of @before and touch as few keys as possible; one that spans them all when
 * they would be more than AC_KEY_DIFF_MAX_CHANGES.
 */
GArray *
ac_key_diff (const guint64 *before, guint n_before, const guint64 *after, guint n_after)
{
  g_autoptr (GArray) changes = NULL;
  g_autofree guint *place = NULL;
  guint prefix, suffix, middle_before, middle_after;
  guint done_before = 0; /* of the middle */
  guint done_after = 0;
  g_autoptr (AcKeyIndex) index = NULL;

  strip_common (before, n_before, after, n_after, &prefix, &suffix);
  middle_before = n_before - prefix - suffix;
  middle_after = n_after - prefix - suffix;
  if (middle_before == 0 || middle_after == 0)
    return ac_key_diff_coarse (before, n_before, after, n_after);

  index = ac_key_index_new (after + prefix, middle_after);
  place = g_new (guint, middle_before);
  for (guint i = 0; i < middle_before; i++)
    place[i] = ac_key_index_find (index, before[prefix + i]);
  choose_staying (place, middle_before);

  changes = g_array_new (FALSE, FALSE, sizeof (AcKeyChange));
  for (guint i = 0; i < middle_before; i++)
    {
      if (place[i] == NOWHERE)
        continue;
      append_change (changes, prefix + done_after, i - done_before, place[i] - done_after);
      done_before = i + 1;
      done_after = place[i] + 1;
    }
  append_change (changes, prefix + done_after, middle_before - done_before,
                 middle_after - done_after);
  if (changes->len > AC_KEY_DIFF_MAX_CHANGES)
    return ac_key_diff_coarse (before, n_before, after, n_after);
  return g_steal_pointer (&changes);
}

typedef struct
{
  GArray *before;
  GArray *after;
} DiffTask;

static void
diff_task_free (gpointer data)
{
  DiffTask *diff = data;

  g_array_unref (diff->before);
  g_array_unref (diff->after);
  g_free (diff);
}

static void
diff_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  DiffTask *diff = data;

  g_task_return_pointer (task,
                         ac_key_diff (&g_array_index (diff->before, guint64, 0), diff->before->len,
                                      &g_array_index (diff->after, guint64, 0), diff->after->len),
                         (GDestroyNotify)g_array_unref);
}

/**
 * ac_key_diff_async:
 * @object: whose business it is
 * @before: of guint64; not to be changed meanwhile
 * @after: of guint64; not to be changed meanwhile
 *
 * As ac_key_diff(), in a thread.
 */
void
ac_key_diff_async (GObject *object,
                   GArray *before,
                   GArray *after,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (object, cancellable, callback, user_data);
  DiffTask *diff = g_new0 (DiffTask, 1);

  g_task_set_name (task, "ac_key_diff");
  diff->before = g_array_ref (before);
  diff->after = g_array_ref (after);
  g_task_set_task_data (task, diff, diff_task_free);
  g_task_run_in_thread (task, diff_in_thread);
}

/**
 * ac_key_diff_finish:
 * @before: (out) (transfer none): what was given; it lives as long as @result
 * @after: (out) (transfer none): likewise
 *
 * Returns: (transfer full) (nullable): of AcKeyChange; %NULL when it was cancelled.
 */
GArray *
ac_key_diff_finish (GAsyncResult *result, GArray **before, GArray **after)
{
  const DiffTask *diff;

  g_return_val_if_fail (G_IS_TASK (result), NULL);

  diff = g_task_get_task_data (G_TASK (result));
  *before = diff->before;
  *after = diff->after;
  return g_task_propagate_pointer (G_TASK (result), NULL);
}
