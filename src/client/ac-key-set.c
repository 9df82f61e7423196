/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client/ac-key-set.h"

struct _AcKeySet
{
  guint64 least;
  gsize n_bits;
  gsize size; /* how many are set */
  guint64 *words;
};

/**
 * ac_key_set_new:
 * @least: the least key that can be in it
 * @greatest: the greatest; less than @least: no key can be
 *
 * Returns: (transfer full): an empty set.
 */
AcKeySet *
ac_key_set_new (guint64 least, guint64 greatest)
{
  AcKeySet *set = g_new0 (AcKeySet, 1);

  set->least = least;
  set->n_bits = greatest >= least ? (gsize)(greatest - least) + 1 : 0;
  set->words = g_new0 (guint64, set->n_bits / 64 + 1);
  return set;
}

void
ac_key_set_free (AcKeySet *set)
{
  if (set == NULL)
    return;
  g_free (set->words);
  g_free (set);
}

/**
 * ac_key_set_add:
 * @key: one beyond the bounds is left out
 */
void
ac_key_set_add (AcKeySet *set, guint64 key)
{
  guint64 at = key - set->least;
  guint64 bit = G_GUINT64_CONSTANT (1) << (at % 64);

  if (key < set->least || at >= set->n_bits || (set->words[at / 64] & bit) != 0)
    return;
  set->words[at / 64] |= bit;
  set->size++;
}

gboolean
ac_key_set_has (const AcKeySet *set, guint64 key)
{
  guint64 at = key - set->least;

  return key >= set->least && at < set->n_bits && (set->words[at / 64] >> (at % 64) & 1) != 0;
}

/**
 * ac_key_set_intersect:
 *
 * Leaves in @set what is in @other too.
 */
void
ac_key_set_intersect (AcKeySet *set, const AcKeySet *other)
{
  for (gsize word = 0; word < set->n_bits / 64 + 1; word++)
    for (guint64 bits = set->words[word]; bits != 0; bits &= bits - 1)
      {
        guint bit = (guint)__builtin_ctzll (bits);

        if (ac_key_set_has (other, set->least + word * 64 + bit))
          continue;
        set->words[word] &= ~(G_GUINT64_CONSTANT (1) << bit);
        set->size--;
      }
}

gsize
ac_key_set_size (const AcKeySet *set)
{
  return set->size;
}

/**
 * ac_key_set_get_keys:
 *
 * Returns: (transfer full) (element-type guint64): the keys in ascending order.
 */
GArray *
ac_key_set_get_keys (const AcKeySet *set)
{
  GArray *keys = g_array_sized_new (FALSE, FALSE, sizeof (guint64), (guint)set->size);

  for (gsize word = 0; word < set->n_bits / 64 + 1; word++)
    for (guint64 bits = set->words[word]; bits != 0; bits &= bits - 1)
      {
        guint64 key = set->least + word * 64 + (guint)__builtin_ctzll (bits);

        g_array_append_val (keys, key);
      }
  return keys;
}
