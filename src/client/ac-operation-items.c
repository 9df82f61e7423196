/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client/ac-operation-items.h"
#include "model/ac-transition.h"

/**
 * ac_operation_items_count:
 * @items: (nullable): of AcOperationItem
 * @state: as the wire spells it
 *
 * Returns: how many of them are in that state.
 */
guint
ac_operation_items_count (GPtrArray *items, const char *state)
{
  guint n = 0;

  for (guint i = 0; items != NULL && i < items->len; i++)
    n += g_strcmp0 (((const AcOperationItem *)items->pdata[i])->state, state) == 0;
  return n;
}

static GStrv
ids_that_take (GPtrArray *items, const char *state, AcEvent event)
{
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();

  for (guint i = 0; items != NULL && i < items->len; i++)
    {
      const AcOperationItem *item = items->pdata[i];

      /* After an undo for some of its assets an action may be undone for the others: but that would
       * be more than the undo of what this did. */
      if (g_strcmp0 (item->state, state) == 0 && (event != AC_EVENT_UNDO || !item->undo) &&
          ac_transition_find (ac_status_parse (item->status), event, NULL))
        g_strv_builder_add (ids, item->action_id);
    }
  return g_strv_builder_end (ids);
}

/**
 * ac_operation_items_undoable:
 * @items: (nullable): of AcOperationItem
 *
 * Returns: (transfer full): the ids of the actions that were carried out and that undo could take
 * back.
 */
GStrv
ac_operation_items_undoable (GPtrArray *items)
{
  return ids_that_take (items, "done", AC_EVENT_UNDO);
}

/**
 * ac_operation_items_retryable:
 * @items: (nullable): of AcOperationItem
 *
 * Returns: (transfer full): the ids of the actions that failed and can be tried again.
 */
GStrv
ac_operation_items_retryable (GPtrArray *items)
{
  return ids_that_take (items, "failed", AC_EVENT_RETRY);
}
