/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/ac-work-tasks.h"

/**
 * ac_work_make_tasks:
 * @items: (element-type AcWorkItem): of one asset
 *
 * Returns: (transfer full) (element-type AcTask): a task for each, in their order.
 */
GPtrArray *
ac_work_make_tasks (GPtrArray *items)
{
  GPtrArray *tasks = g_ptr_array_new_with_free_func ((GDestroyNotify)ac_task_free);

  for (guint i = 0; i < items->len; i++)
    {
      const AcWorkItem *item = items->pdata[i];

      AcTask *task = ac_task_new (item->action_id, item->entity, item->asset, item->receipt);

      task->approved = g_strdupv (item->approved);
      task->part = item->part;
      g_ptr_array_add (tasks, task);
    }
  return tasks;
}

/* The messages of a cluster keep their receipts themselves. */
static gboolean
write_part_receipts (AcStore *store, GPtrArray *tasks, GError **error)
{
  g_autofree gint64 *parts = g_new (gint64, tasks->len);
  g_autofree JsonObject **receipts = g_new (JsonObject *, tasks->len);
  gsize n = 0;

  for (guint i = 0; i < tasks->len; i++)
    {
      const AcTask *task = tasks->pdata[i];

      if (task->receipt == NULL)
        continue;
      parts[n] = task->part;
      receipts[n] = task->receipt;
      n++;
    }
  return n == 0 || ac_store_write_part_receipts (store, parts, receipts, n, error);
}

/**
 * ac_work_write_receipts_cb:
 * @store: an AcStore
 *
 * The AcReceiptSink of the responders.
 */
gboolean
ac_work_write_receipts_cb (GPtrArray *tasks, gpointer store, GError **error)
{
  g_autofree const char **action_ids = g_new (const char *, tasks->len);
  g_autofree const char **assets = g_new (const char *, tasks->len);
  g_autofree JsonObject **receipts = g_new (JsonObject *, tasks->len);
  gsize n = 0;

  if (tasks->len > 0 && ((const AcTask *)tasks->pdata[0])->part != 0)
    return write_part_receipts (store, tasks, error);
  for (guint i = 0; i < tasks->len; i++)
    {
      const AcTask *task = tasks->pdata[i];

      if (task->receipt == NULL)
        continue;
      action_ids[n] = task->action_id;
      assets[n] = task->asset;
      receipts[n] = task->receipt;
      n++;
    }
  return n == 0 || ac_store_write_receipts (store, action_ids, assets, receipts, n, error);
}
