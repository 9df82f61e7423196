/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client/ac-key-index.h"
#include "client/ac-key-sequence.h"
#include "client/ac-key-set.h"

/* Keys are close together when a bit for each takes no more than so many bits for each of them. */
#define DENSE 64

void
ac_key_sequence_init (AcKeySequence *sequence)
{
  *sequence = (AcKeySequence){ .keys = g_array_new (FALSE, FALSE, sizeof (guint64)) };
}

void
ac_key_sequence_clear (AcKeySequence *sequence)
{
  g_clear_pointer (&sequence->keys, g_array_unref);
  g_clear_pointer (&sequence->after, g_array_unref);
}

guint
ac_key_sequence_length (const AcKeySequence *sequence)
{
  return sequence->n_after + (sequence->keys->len - sequence->n_gone);
}

/**
 * ac_key_sequence_get:
 * @position: below the length
 */
guint64
ac_key_sequence_get (const AcKeySequence *sequence, guint position)
{
  if (position < sequence->n_after)
    return g_array_index (sequence->after, guint64, position);
  return g_array_index (sequence->keys, guint64, position - sequence->n_after + sequence->n_gone);
}

gboolean
ac_key_sequence_is_changing (const AcKeySequence *sequence)
{
  return sequence->after != NULL;
}

/**
 * ac_key_sequence_begin:
 * @after: (element-type guint64): what will be shown at the end; referenced
 *
 * To be followed by a step for each change of ac_key_diff(), in its order, and by the end.
 */
void
ac_key_sequence_begin (AcKeySequence *sequence, GArray *after)
{
  g_assert (sequence->after == NULL);
  sequence->after = g_array_ref (after);
}

void
ac_key_sequence_step (AcKeySequence *sequence, const AcKeyChange *change)
{
  g_assert (sequence->after != NULL && change->position >= sequence->n_after);
  sequence->n_gone += change->position - sequence->n_after + change->removed;
  sequence->n_after = change->position + change->added;
}

void
ac_key_sequence_end (AcKeySequence *sequence)
{
  g_assert (ac_key_sequence_length (sequence) == sequence->after->len);
  g_array_unref (sequence->keys);
  sequence->keys = g_steal_pointer (&sequence->after);
  sequence->n_after = 0;
  sequence->n_gone = 0;
}

/**
 * ac_key_sequence_find_all:
 * @keys: (array length=n_keys): keys, also such as are not among those shown
 *
 * Returns: (transfer full) (element-type guint): the positions of those that are, in ascending
 * order.
 */
GArray *
ac_key_sequence_find_all (const AcKeySequence *sequence, const guint64 *keys, guint n_keys)
{
  g_autoptr (AcKeyIndex) index = NULL;
  g_autoptr (AcKeySet) set = NULL;
  guint64 least = G_MAXUINT64;
  guint64 greatest = 0;
  GArray *positions;

  positions = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < n_keys; i++)
    {
      least = MIN (least, keys[i]);
      greatest = MAX (greatest, keys[i]);
    }
  /* Keys of one source lie close together, and a bit for each is some ten times quicker. */
  if (n_keys > 0 && greatest - least < DENSE * ((guint64)n_keys + DENSE))
    {
      set = ac_key_set_new (least, greatest);
      for (guint i = 0; i < n_keys; i++)
        ac_key_set_add (set, keys[i]);
    }
  else
    index = ac_key_index_new (keys, n_keys);
  for (guint i = 0; i < ac_key_sequence_length (sequence); i++)
    {
      guint64 key = ac_key_sequence_get (sequence, i);

      if (set != NULL ? ac_key_set_has (set, key)
                      : ac_key_index_find (index, key) != AC_KEY_INDEX_NONE)
        g_array_append_val (positions, i);
    }
  return positions;
}
