/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/ac-mirror-batch.h"
#include "client/ac-mirror.h"

static void
item_free (gpointer data)
{
  AcMirrorItem *item = data;

  g_free (item->id);
  ac_mirror_row_free (item->row);
  g_free (item);
}

void
ac_mirror_batch_free (AcMirrorBatch *batch)
{
  if (batch == NULL)
    return;
  g_bytes_unref (batch->bytes);
  g_ptr_array_unref (batch->items);
  g_free (batch->next);
  g_free (batch);
}

static gboolean
refuse (GError **error, const char *what)
{
  g_set_error (error, AC_MIRROR_ERROR, AC_MIRROR_ERROR_REFUSED,
               _ ("The answer of the service cannot be used: %s"), what);
  return FALSE;
}

static gboolean
add_row (AcMirrorBatch *batch, const AcJsonSlice *action, GError **error)
{
  AcMirrorRow *row = ac_mirror_row_new (action, error);
  AcMirrorItem *item;

  if (row == NULL)
    return FALSE;
  item = g_new0 (AcMirrorItem, 1);
  item->id = g_strdup (row->id);
  item->row = row;
  g_ptr_array_add (batch->items, item);
  return TRUE;
}

static gboolean
add_change (AcMirrorBatch *batch, const AcJsonSlice *change, GError **error)
{
  AcJsonSlice action = { NULL, 0 };
  AcJsonSlice kind = { NULL, 0 };
  AcJsonSlice id = { NULL, 0 };
  AcJsonSlice name;
  AcJsonSlice value;
  AcJsonWalk walk;
  AcMirrorItem *item;

  ac_json_walk_object (&walk, change);
  while (ac_json_walk_member (&walk, &name, &value))
    {
      if (ac_json_slice_is (&name, "kind"))
        kind = value;
      else if (ac_json_slice_is (&name, "id"))
        id = value;
      else if (ac_json_slice_is (&name, "action"))
        action = value;
    }
  if (walk.broken || kind.text == NULL || id.text == NULL || !ac_json_slice_is_string (&id))
    return refuse (error, "items: kind, id");
  if (ac_json_slice_is (&kind, "investigation"))
    batch->investigations = TRUE;
  if (!ac_json_slice_is (&kind, "action"))
    return TRUE;
  if (action.text != NULL && action.text[0] == '{')
    return add_row (batch, &action, error);
  item = g_new0 (AcMirrorItem, 1);
  item->id = ac_json_slice_dup_string (&id);
  g_ptr_array_add (batch->items, item);
  return TRUE;
}

typedef gboolean (*AddFunc) (AcMirrorBatch *batch, const AcJsonSlice *value, GError **error);

static AcMirrorBatch *
batch_new (GBytes *page, const char *next, AddFunc add, GError **error)
{
  g_autoptr (AcMirrorBatch) batch = g_new0 (AcMirrorBatch, 1);
  const char *text;
  gsize length;
  AcJsonSlice root;
  AcJsonSlice name;
  AcJsonSlice value;
  AcJsonSlice item;
  AcJsonWalk walk;
  AcJsonWalk items;
  gboolean complete = FALSE;

  batch->bytes = g_bytes_ref (page);
  batch->items = g_ptr_array_new_with_free_func (item_free);
  text = g_bytes_get_data (page, &length);
  if (text == NULL || !g_utf8_validate_len (text, length, NULL) ||
      !ac_json_scan_value (text, length, &root) || !ac_json_walk_object (&walk, &root))
    {
      refuse (error, "JSON");
      return NULL;
    }
  while (ac_json_walk_member (&walk, &name, &value))
    {
      if (ac_json_slice_is (&name, next))
        batch->next = ac_json_slice_dup_string (&value);
      else if (ac_json_slice_is (&name, "more"))
        batch->more = value.text[0] == 't';
      else if (ac_json_slice_is (&name, "total"))
        ac_json_slice_get_integer (&value, &batch->total);
      else if (ac_json_slice_is (&name, "items"))
        {
          complete = ac_json_walk_array (&items, &value);
          while (complete && ac_json_walk_element (&items, &item))
            if (!add (batch, &item, error))
              return NULL;
        }
    }
  if (!complete)
    {
      refuse (error, "items");
      return NULL;
    }
  return g_steal_pointer (&batch);
}

/**
 * ac_mirror_batch_new_from_list:
 * @page: the answer of GET /actions
 *
 * Returns: (transfer full): what stands in it, or %NULL with AC_MIRROR_ERROR_REFUSED.
 */
AcMirrorBatch *
ac_mirror_batch_new_from_list (GBytes *page, GError **error)
{
  return batch_new (page, "nextCursor", add_row, error);
}

/**
 * ac_mirror_batch_new_from_changes:
 * @page: the answer of GET /changes
 *
 * Returns: (transfer full): the changes of actions in it, or %NULL with AC_MIRROR_ERROR_REFUSED.
 */
AcMirrorBatch *
ac_mirror_batch_new_from_changes (GBytes *page, GError **error)
{
  AcMirrorBatch *batch = batch_new (page, "next", add_change, error);

  if (batch != NULL && batch->next == NULL)
    {
      refuse (error, "next");
      g_clear_pointer (&batch, ac_mirror_batch_free);
    }
  return batch;
}
