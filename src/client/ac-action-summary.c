/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client/ac-action-summary.h"

static GHashTable *
counts_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/**
 * ac_action_summary_new:
 *
 * Returns: (transfer full): of no actions yet.
 */
AcActionSummary *
ac_action_summary_new (void)
{
  AcActionSummary *summary = g_new0 (AcActionSummary, 1);

  summary->types = counts_new ();
  summary->statuses = counts_new ();
  summary->verdicts = counts_new ();
  summary->sources = counts_new ();
  summary->entity_types = counts_new ();
  summary->assets = counts_new ();
  return summary;
}

void
ac_action_summary_free (AcActionSummary *summary)
{
  if (summary == NULL)
    return;
  g_hash_table_unref (summary->types);
  g_hash_table_unref (summary->statuses);
  g_hash_table_unref (summary->verdicts);
  g_hash_table_unref (summary->sources);
  g_hash_table_unref (summary->entity_types);
  g_hash_table_unref (summary->assets);
  g_free (summary);
}

/**
 * ac_action_summary_counter:
 * @counts: one of the summary's tables
 *
 * Returns: (transfer none): how many actions have that value, to be counted up.
 */
guint64 *
ac_action_summary_counter (GHashTable *counts, const char *wire)
{
  guint64 *number = g_hash_table_lookup (counts, wire);

  if (number == NULL)
    {
      number = g_new0 (guint64, 1);
      g_hash_table_insert (counts, g_strdup (wire), number);
    }
  return number;
}

static void
count (GHashTable *counts, const char *wire)
{
  if (wire != NULL)
    (*ac_action_summary_counter (counts, wire))++;
}

/**
 * ac_action_summary_is_in_part:
 * @decision: (nullable): what was decided last, raw
 *
 * Returns: whether an undo may have less to bring back than an action has assets; behind a retry
 * that has ended well one cannot tell.
 */
gboolean
ac_action_summary_is_in_part (AcStatus status, const char *decision)
{
  return status == AC_STATUS_PARTLY_COMPLETED ||
         ac_transition_is_undone_for_some (status, decision) ||
         (status == AC_STATUS_COMPLETED && ac_decision_parse (decision) == AC_DECISION_RETRY);
}

void
ac_action_summary_add (AcActionSummary *summary, AcAction *action)
{
  const char *const *assets;

  g_return_if_fail (summary != NULL);
  g_return_if_fail (AC_IS_ACTION (action));

  summary->n_actions++;
  assets = ac_action_get_assets (action);
  for (gsize i = 0; assets[i] != NULL; i++)
    {
      summary->n_assets++;
      count (summary->assets, assets[i]);
    }
  summary->n_in_part += ac_action_summary_is_in_part (ac_action_get_status_value (action),
                                                      ac_action_get_decision (action)) != FALSE;
  count (summary->types, ac_action_get_action_type (action));
  count (summary->statuses, ac_action_get_status (action));
  count (summary->verdicts, ac_action_get_verdict (action));
  count (summary->sources, ac_action_get_source (action));
  count (summary->entity_types, ac_entity_get_entity_type (ac_action_get_entity (action)));
  for (guint i = AC_DECISION_APPROVE; i < G_N_ELEMENTS (summary->n_allowing); i++)
    if (ac_action_may (action, (AcDecision)i))
      summary->n_allowing[i]++;
}

/**
 * ac_action_summary_get_shared:
 * @counts: one of the summary's tables
 *
 * Returns: (nullable): the one value that all share, or %NULL when they differ.
 */
const char *
ac_action_summary_get_shared (GHashTable *counts)
{
  GHashTableIter iter;
  gpointer wire;

  if (g_hash_table_size (counts) != 1)
    return NULL;
  g_hash_table_iter_init (&iter, counts);
  return g_hash_table_iter_next (&iter, &wire, NULL) ? wire : NULL;
}

/**
 * ac_action_summary_get_count:
 * @counts: one of the summary's tables
 *
 * Returns: how many actions have that value.
 */
guint64
ac_action_summary_get_count (GHashTable *counts, const char *wire)
{
  const guint64 *number = g_hash_table_lookup (counts, wire);

  return number != NULL ? *number : 0;
}

/**
 * ac_action_summary_all_allow:
 *
 * Returns: whether there are actions and each of them allows @decision. Undo besides takes actions
 * of one type only.
 */
gboolean
ac_action_summary_all_allow (const AcActionSummary *summary, AcDecision decision)
{
  g_return_val_if_fail ((guint)decision < G_N_ELEMENTS (summary->n_allowing), FALSE);

  if (summary->n_actions == 0 || summary->n_allowing[decision] != summary->n_actions)
    return FALSE;
  return decision != AC_DECISION_UNDO || ac_action_summary_get_shared (summary->types) != NULL;
}
