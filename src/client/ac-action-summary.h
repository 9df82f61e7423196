/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a set of actions shares: how many of each type, status and so on, and how many of them allow
 * each decision. Made by an AcActionSource, so that a source with a database need not load a row.
 */
#pragma once

#include "model/ac-action.h"

G_BEGIN_DECLS

typedef struct
{
  guint64 n_actions;
  guint64 n_assets;  /* mailboxes or devices, each counted once for each action */
  guint64 n_in_part; /* of the actions: those that may not be there to undo for all of these */
  /* Raw spelling → number of actions (guint64 *); one entry: they share it. */
  GHashTable *types;
  GHashTable *statuses;
  GHashTable *verdicts;
  GHashTable *sources;
  GHashTable *entity_types;
  GHashTable *assets; /* mailbox or device → number of actions on it */
  /* How many allow it, by AcDecision. */
  guint64 n_allowing[AC_DECISION_RETRY + 1];
  /* How many of those that wait for an approval somebody else must approve; 0 where nobody has looked. */
  guint64 n_own_proposals;
} AcActionSummary;

AcActionSummary *ac_action_summary_new (void);
void ac_action_summary_add (AcActionSummary *summary, AcAction *action);
gboolean ac_action_summary_is_in_part (AcStatus status, const char *decision);
guint64 *ac_action_summary_counter (GHashTable *counts, const char *wire);
const char *ac_action_summary_get_shared (GHashTable *counts);
guint64 ac_action_summary_get_count (GHashTable *counts, const char *wire);
gboolean ac_action_summary_all_allow (const AcActionSummary *summary, AcDecision decision);
void ac_action_summary_free (AcActionSummary *summary);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcActionSummary, ac_action_summary_free)

G_END_DECLS
