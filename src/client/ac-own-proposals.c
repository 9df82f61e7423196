/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client/ac-own-proposals.h"
#include "model/ac-operation.h"

/* The rows that a list is waiting for come in between. */
#define ROWS_AT_ONCE 500

typedef struct
{
  GArray *keys;             /* of guint64 */
  char *person;             /* nullable: nothing is his */
  gsize at;                 /* of the keys that are being looked at */
  GArray *others;           /* of guint64: of what is not his */
  AcActionSummary *summary; /* nullable: only the others are asked for */
} Looking;

static void
looking_free (gpointer data)
{
  Looking *looking = data;

  g_array_unref (looking->keys);
  g_array_unref (looking->others);
  g_free (looking->person);
  g_clear_pointer (&looking->summary, ac_action_summary_free);
  g_free (looking);
}

static GTask *
task_new (AcActionSource *source,
          GArray *keys,
          const char *person,
          GCancellable *cancellable,
          GAsyncReadyCallback callback,
          gpointer user_data)
{
  GTask *task = g_task_new (source, cancellable, callback, user_data);
  Looking *looking = g_new0 (Looking, 1);

  looking->keys = g_array_ref (keys);
  looking->others = g_array_new (FALSE, FALSE, sizeof (guint64));
  looking->person = g_strdup (person);
  g_task_set_task_data (task, looking, looking_free);
  return task;
}

static gboolean
is_own (const Looking *looking, AcAction *action)
{
  return action != NULL && ac_action_may (action, AC_DECISION_APPROVE) &&
         g_strcmp0 (ac_action_get_proposed_by (action), looking->person) == 0;
}

static void look_at_next (GTask *task);

static void
rows_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Looking *looking = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) rows =
      ac_action_source_load_rows_finish (AC_ACTION_SOURCE (object), result, &error);

  if (rows == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  for (guint i = 0; i < rows->len; i++)
    if (!is_own (looking, rows->pdata[i]))
      g_array_append_val (looking->others, g_array_index (looking->keys, guint64, looking->at + i));
    else if (looking->summary != NULL)
      looking->summary->n_own_proposals++;
  looking->at += rows->len;
  look_at_next (g_steal_pointer (&task));
}

/* @task: (transfer full) */
static void
look_at_next (GTask *task)
{
  Looking *looking = g_task_get_task_data (task);
  gsize n = MIN (ROWS_AT_ONCE, looking->keys->len - looking->at);

  if (n > 0)
    ac_action_source_load_rows_async (g_task_get_source_object (task),
                                      &g_array_index (looking->keys, guint64, looking->at), n,
                                      g_task_get_cancellable (task), rows_cb, task);
  else
    {
      if (looking->summary != NULL)
        g_task_return_pointer (task, g_steal_pointer (&looking->summary),
                               (GDestroyNotify)ac_action_summary_free);
      else
        g_task_return_pointer (task, g_array_ref (looking->others), (GDestroyNotify)g_array_unref);
      g_object_unref (task);
    }
}

static void
summary_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Looking *looking = g_task_get_task_data (task);
  GError *error = NULL;
  AcActionSummary *summary =
      ac_action_source_summarize_finish (AC_ACTION_SOURCE (object), result, &error);

  if (summary == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  looking->summary = summary;
  /* So many cannot be decided at once, whoever has proposed them. */
  if (looking->person == NULL || looking->keys->len > AC_OPERATION_MAX_ACTIONS ||
      summary->n_allowing[AC_DECISION_APPROVE] == 0)
    looking->at = looking->keys->len;
  look_at_next (g_steal_pointer (&task));
}

/**
 * ac_own_proposals_summarize_async:
 * @keys: (element-type guint64): of @source; not to be changed from now on
 * @person: (nullable): who may not approve what he has proposed; %NULL: whoever asks may
 *
 * As ac_action_source_summarize_async(), and counts what @person may not approve.
 */
void
ac_own_proposals_summarize_async (AcActionSource *source,
                                  GArray *keys,
                                  const char *person,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_return_if_fail (AC_IS_ACTION_SOURCE (source));

  ac_action_source_summarize_async (
      source, keys, cancellable, summary_cb,
      task_new (source, keys, person, cancellable, callback, user_data));
}

/**
 * ac_own_proposals_summarize_finish:
 *
 * Returns: (transfer full): the summary, or %NULL with an error.
 */
AcActionSummary *
ac_own_proposals_summarize_finish (AcActionSource *source, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, source), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * ac_own_proposals_leave_out_async:
 * @keys: (element-type guint64): of @source; not to be changed from now on
 * @person: whose proposals are left out
 *
 * Asks which of these actions @person may approve as far as who has proposed them goes.
 */
void
ac_own_proposals_leave_out_async (AcActionSource *source,
                                  GArray *keys,
                                  const char *person,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_return_if_fail (AC_IS_ACTION_SOURCE (source));
  g_return_if_fail (person != NULL);

  look_at_next (task_new (source, keys, person, cancellable, callback, user_data));
}

/**
 * ac_own_proposals_leave_out_finish:
 *
 * Returns: (transfer full) (element-type guint64): the keys that stay, in the same order; or %NULL
 * with an error.
 */
GArray *
ac_own_proposals_leave_out_finish (AcActionSource *source, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, source), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
