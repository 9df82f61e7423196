/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client/ac-row-cache.h"

typedef struct
{
  guint64 key;
  AcAction *action;
  GList link; /* in order; data is the row itself */
} Row;

struct _AcRowCache
{
  GHashTable *rows; /* key (in the row) → Row, owned */
  GQueue order;     /* of Row; used last first */
  guint capacity;
};

static void
row_free (gpointer data)
{
  Row *row = data;

  g_object_unref (row->action);
  g_free (row);
}

/**
 * ac_row_cache_new:
 * @capacity: how many rows it keeps
 *
 * Returns: (transfer full): an empty cache.
 */
AcRowCache *
ac_row_cache_new (guint capacity)
{
  AcRowCache *cache = g_new0 (AcRowCache, 1);

  cache->rows = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, row_free);
  cache->capacity = capacity;
  return cache;
}

void
ac_row_cache_free (AcRowCache *cache)
{
  if (cache == NULL)
    return;
  g_hash_table_unref (cache->rows);
  g_free (cache);
}

/**
 * ac_row_cache_get:
 *
 * Returns: (transfer none) (nullable): the row, which counts as used now.
 */
AcAction *
ac_row_cache_get (AcRowCache *cache, guint64 key)
{
  Row *row = g_hash_table_lookup (cache->rows, &key);

  if (row == NULL)
    return NULL;
  g_queue_unlink (&cache->order, &row->link);
  g_queue_push_head_link (&cache->order, &row->link);
  return row->action;
}

gboolean
ac_row_cache_has (AcRowCache *cache, guint64 key)
{
  return g_hash_table_contains (cache->rows, &key);
}

void
ac_row_cache_put (AcRowCache *cache, guint64 key, AcAction *action)
{
  Row *row;

  ac_row_cache_remove (cache, key);
  row = g_new0 (Row, 1);
  row->key = key;
  row->action = g_object_ref (action);
  row->link.data = row;
  g_hash_table_insert (cache->rows, &row->key, row);
  g_queue_push_head_link (&cache->order, &row->link);
  if (g_queue_get_length (&cache->order) > cache->capacity)
    ac_row_cache_remove (cache, ((Row *)g_queue_peek_tail (&cache->order))->key);
}

void
ac_row_cache_remove (AcRowCache *cache, guint64 key)
{
  Row *row = g_hash_table_lookup (cache->rows, &key);

  if (row == NULL)
    return;
  g_queue_unlink (&cache->order, &row->link);
  g_hash_table_remove (cache->rows, &key);
}

void
ac_row_cache_clear (AcRowCache *cache)
{
  g_queue_init (&cache->order);
  g_hash_table_remove_all (cache->rows);
}

guint
ac_row_cache_size (AcRowCache *cache)
{
  return g_hash_table_size (cache->rows);
}
