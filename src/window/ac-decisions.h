/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The decisions that this window has submitted and what becomes of them. It outlives pages and
 * flyouts, so that a decision can be left alone and come back to.
 *
 * Property (read-only): run (AcOperationRun, nullable): the latest one, under way or over.
 *
 * Signals: progress (AcOperationRun): something about a run has changed; finished (AcOperationRun):
 * it needs no more following, for now; sent (): nothing is on its way to the service. */
#pragma once

#include "client/ac-operation-run.h"
#include "window/ac-session.h"

G_BEGIN_DECLS

#define AC_TYPE_DECISIONS (ac_decisions_get_type ())
G_DECLARE_FINAL_TYPE (AcDecisions, ac_decisions, AC, DECISIONS, GObject)

AcDecisions *ac_decisions_new (AcSession *session);
AcSession *ac_decisions_get_session (AcDecisions *self);
AcOperationRun *ac_decisions_decide (AcDecisions *self,
                                     AcDecision decision,
                                     const char *const *action_ids,
                                     const char *comment);
AcOperationRun *
ac_decisions_approve_seen (AcDecisions *self, AcAction *action, const char *comment);
AcOperationRun *ac_decisions_confirm (AcDecisions *self, AcOperationRun *refused);
AcOperationRun *
ac_decisions_undo_instances (AcDecisions *self, const char *action_id, const char *comment);
AcOperationRun *ac_decisions_undo_some (AcDecisions *self,
                                        AcDecision decision,
                                        const char *action_id,
                                        const char *const *assets,
                                        const char *comment);
void ac_decisions_begin_reading (AcDecisions *self);
void ac_decisions_end_reading (AcDecisions *self);
gboolean ac_decisions_is_sending (AcDecisions *self);
gboolean ac_decisions_is_offline (AcDecisions *self);
AcOperationRun *ac_decisions_get_run (AcDecisions *self);
AcOperationRun *ac_decisions_get_under_way (AcDecisions *self);
gboolean ac_decisions_is_busy (AcDecisions *self, const char *action_id);
gboolean ac_decisions_can_undo_last (AcDecisions *self);
AcOperationRun *ac_decisions_undo_last (AcDecisions *self);
gboolean ac_decisions_stop_last (AcDecisions *self);
AcOperationRun *ac_decisions_undo_run (AcDecisions *self, AcOperationRun *run);
gboolean ac_decisions_has_decided (AcDecisions *self, AcOperationRun *run);
void ac_decisions_ask_again (AcDecisions *self, AcOperationRun *run);
AcOperationRun *ac_decisions_decide_rest (AcDecisions *self, AcOperationRun *refused);
GStrv ac_decisions_get_rest (AcOperationRun *run);

G_END_DECLS
