/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client/ac-key-index.h"

struct _AcKeyIndex
{
  const guint64 *keys; /* not owned */
  guint *slots;        /* open addressing: 0, or 1 + place in keys; at most half are taken */
  gsize mask;
};

static gsize
slot_of (const AcKeyIndex *index, guint64 key)
{
  guint64 hash = key * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  gsize at = (gsize)(hash ^ (hash >> 32)) & index->mask;

  while (index->slots[at] != 0 && index->keys[index->slots[at] - 1] != key)
    at = (at + 1) & index->mask;
  return at;
}

/**
 * ac_key_index_new:
 * @keys: (array length=n_keys): must outlive the index and stay as it is
 *
 * Returns: (transfer full): an index.
 */
AcKeyIndex *
ac_key_index_new (const guint64 *keys, guint n_keys)
{
  AcKeyIndex *index = g_new0 (AcKeyIndex, 1);
  gsize size = 16;

  while (size < (gsize)n_keys * 2)
    size *= 2;
  index->keys = keys;
  index->mask = size - 1;
  index->slots = g_new0 (guint, size);
  for (guint i = 0; i < n_keys; i++)
    {
      gsize at = slot_of (index, keys[i]);

      if (index->slots[at] == 0)
        index->slots[at] = i + 1;
    }
  return index;
}

void
ac_key_index_free (AcKeyIndex *index)
{
  if (index == NULL)
    return;
  g_free (index->slots);
  g_free (index);
}

/**
 * ac_key_index_find:
 *
 * Returns: the first place of @key, or AC_KEY_INDEX_NONE.
 */
guint
ac_key_index_find (const AcKeyIndex *index, guint64 key)
{
  guint slot = index->slots[slot_of (index, key)];

  return slot != 0 ? slot - 1 : AC_KEY_INDEX_NONE;
}
