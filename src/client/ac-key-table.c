/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "client/ac-key-table.h"

#define UUID_BYTES 16
#define UUID_LENGTH 36

typedef struct
{
  guint8 bytes[UUID_BYTES];
} Uuid;

/* A key is 1 + index into uuids, or this bit and an index into others. */
#define OTHER_BIT (G_GUINT64_CONSTANT (1) << 63)

struct _AcKeyTable
{
  GArray *uuids;  /* of Uuid */
  guint32 *slots; /* open addressing: 0, or 1 + index into uuids; at most half are taken */
  gsize n_slots;  /* a power of two */

  GPtrArray *others;      /* of char *; owns them */
  GHashTable *other_keys; /* char * → index */
};

/**
 * ac_key_table_new:
 *
 * Returns: (transfer full): an empty table.
 */
AcKeyTable *
ac_key_table_new (void)
{
  AcKeyTable *table = g_new0 (AcKeyTable, 1);

  table->uuids = g_array_new (FALSE, FALSE, sizeof (Uuid));
  table->n_slots = 256;
  table->slots = g_new0 (guint32, table->n_slots);
  table->others = g_ptr_array_new_with_free_func (g_free);
  table->other_keys = g_hash_table_new (g_str_hash, g_str_equal);
  return table;
}

void
ac_key_table_free (AcKeyTable *table)
{
  if (table == NULL)
    return;
  g_hash_table_unref (table->other_keys);
  g_ptr_array_unref (table->others);
  g_array_unref (table->uuids);
  g_free (table->slots);
  g_free (table);
}

/* Only the form that gives the very same text back: lower case, with hyphens. */
static gboolean
parse_uuid (const char *id, Uuid *uuid)
{
  gsize byte = 0;

  if (strlen (id) != UUID_LENGTH)
    return FALSE;
  for (gsize i = 0; i < UUID_LENGTH;)
    {
      int high, low;

      if (i == 8 || i == 13 || i == 18 || i == 23)
        {
          if (id[i++] != '-')
            return FALSE;
          continue;
        }
      high = g_ascii_isupper (id[i]) ? -1 : g_ascii_xdigit_value (id[i]);
      low = g_ascii_isupper (id[i + 1]) ? -1 : g_ascii_xdigit_value (id[i + 1]);
      if (high < 0 || low < 0)
        return FALSE;
      uuid->bytes[byte++] = (guint8)(high << 4 | low);
      i += 2;
    }
  return TRUE;
}

static char *
format_uuid (const Uuid *uuid)
{
  static const char digits[] = "0123456789abcdef";
  char *id = g_malloc (UUID_LENGTH + 1);
  gsize at = 0;

  for (gsize i = 0; i < UUID_BYTES; i++)
    {
      if (i == 4 || i == 6 || i == 8 || i == 10)
        id[at++] = '-';
      id[at++] = digits[uuid->bytes[i] >> 4];
      id[at++] = digits[uuid->bytes[i] & 15];
    }
  id[at] = '\0';
  return id;
}

static guint64
hash_uuid (const Uuid *uuid)
{
  guint64 high, low;

  /* The ids are random or begin with a time; mixing makes either spread. */
  memcpy (&high, uuid->bytes, 8);
  memcpy (&low, uuid->bytes + 8, 8);
  high ^= low * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  high *= G_GUINT64_CONSTANT (0xd6e8feb86659fd93);
  return high ^ (high >> 32);
}

/* The slot that holds @uuid, or the free one where it belongs. */
static guint32 *
find_slot (AcKeyTable *table, const Uuid *uuid)
{
  gsize mask = table->n_slots - 1;
  gsize at = (gsize)hash_uuid (uuid) & mask;

  while (table->slots[at] != 0 && memcmp (&g_array_index (table->uuids, Uuid, table->slots[at] - 1),
                                          uuid, sizeof *uuid) != 0)
    at = (at + 1) & mask;
  return &table->slots[at];
}

static void
grow (AcKeyTable *table)
{
  g_free (table->slots);
  table->n_slots *= 2;
  table->slots = g_new0 (guint32, table->n_slots);
  for (guint32 i = 0; i < table->uuids->len; i++)
    *find_slot (table, &g_array_index (table->uuids, Uuid, i)) = i + 1;
}

/**
 * ac_key_table_add:
 *
 * Returns: the key of @id, the same as before if it has one already; never 0.
 */
guint64
ac_key_table_add (AcKeyTable *table, const char *id)
{
  guint64 key = ac_key_table_find (table, id);
  Uuid uuid;

  if (key != 0)
    return key;
  if (!parse_uuid (id, &uuid))
    {
      char *copy = g_strdup (id);

      g_ptr_array_add (table->others, copy);
      g_hash_table_insert (table->other_keys, copy, GUINT_TO_POINTER (table->others->len - 1));
      return OTHER_BIT | (table->others->len - 1);
    }
  if (((gsize)table->uuids->len + 1) * 2 > table->n_slots)
    grow (table);
  g_array_append_val (table->uuids, uuid);
  *find_slot (table, &uuid) = table->uuids->len;
  return table->uuids->len;
}

/**
 * ac_key_table_find:
 *
 * Returns: the key of @id, or 0 when it has none.
 */
guint64
ac_key_table_find (AcKeyTable *table, const char *id)
{
  gpointer index;
  Uuid uuid;

  if (parse_uuid (id, &uuid))
    return *find_slot (table, &uuid);
  if (g_hash_table_lookup_extended (table->other_keys, id, NULL, &index))
    return OTHER_BIT | GPOINTER_TO_UINT (index);
  return 0;
}

/**
 * ac_key_table_dup_id:
 *
 * Returns: (transfer full) (nullable): the id that @key stands for.
 */
char *
ac_key_table_dup_id (AcKeyTable *table, guint64 key)
{
  if ((key & OTHER_BIT) != 0)
    {
      guint64 index = key & ~OTHER_BIT;

      return index < table->others->len ? g_strdup (table->others->pdata[index]) : NULL;
    }
  if (key == 0 || key > table->uuids->len)
    return NULL;
  return format_uuid (&g_array_index (table->uuids, Uuid, key - 1));
}

guint
ac_key_table_size (AcKeyTable *table)
{
  return table->uuids->len + table->others->len;
}
