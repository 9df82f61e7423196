/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sentences of the window that need numbers, names and times put into them. */
#pragma once

#include "client/ac-action-summary.h"
#include "client/ac-operation-run.h"
#include "model/ac-problem.h"

G_BEGIN_DECLS

char *ac_wording_number (guint64 number);
char *ac_wording_show_more (guint64 n_shown, guint64 n);
char *ac_wording_actions (guint64 n_actions);
char *ac_wording_effect (AcDecision decision,
                         const char *action_type,
                         guint64 n_actions,
                         guint64 n_items,
                         guint64 n_assets);
char *ac_wording_undo_in_part (guint64 n_actions);
char *ac_wording_decided (const char *decision, const char *decided_by, gint64 decided_at);
char *ac_wording_action_decided (AcAction *action);
char *ac_wording_undone_for_some (const char *decided_by, gint64 decided_at);
char *ac_wording_conflict (const AcConflict *conflict);
char *ac_wording_under_way (AcDecision decision, guint64 n_actions);
char *ac_wording_over (AcDecision decision, guint64 n_actions);
char *ac_wording_counts (guint done, guint failed, guint skipped, guint waiting);
char *ac_wording_run_progress (AcOperationRun *run);
char *ac_wording_taken_back (guint64 n_actions);
char *ac_wording_run_counts (AcOperationRun *run);
char *ac_wording_run_result (AcOperationRun *run);
const char *ac_wording_event (const char *event);
const char *ac_wording_status_icon (const char *status);
const char *ac_wording_status_class (const char *status);
const char *ac_wording_verdict_icon (const char *verdict);
const char *ac_wording_verdict_class (const char *verdict);

char *ac_wording_messages (guint64 n);
char *ac_wording_mailboxes (guint64 n);
char *ac_wording_scope (guint64 messages, guint64 mailboxes);
char *ac_wording_confirmation (const AcProblem *problem);
char *ac_wording_asset (const char *asset);

G_END_DECLS
