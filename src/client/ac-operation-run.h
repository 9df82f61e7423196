/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One decision over one or many actions, from the click to the end: submits it, follows it, and
 * goes on following when the connection is lost. Dropping or stopping a run stops the following,
 * never the work: what the service has acknowledged is carried out.
 *
 * Properties (read-only): state (AcOperationRunState), operation (AcOperation, nullable), total,
 * waiting, done, failed, skipped (guint), fraction (double, 0 to 1), message (string, nullable: why
 * it failed, or why following stalls for the moment).
 *
 * Signal: finished (): the state is FINISHED, FAILED, UNSURE or STOPPED; only retry() changes it
 * again. */
#pragma once

#include "client/ac-api.h"

G_BEGIN_DECLS

#define AC_TYPE_OPERATION_RUN_STATE (ac_operation_run_state_get_type ())
typedef enum
{
  AC_OPERATION_RUN_NEW,
  AC_OPERATION_RUN_SUBMITTING, /* not yet acknowledged */
  AC_OPERATION_RUN_RUNNING,    /* acknowledged; it will be carried out */
  AC_OPERATION_RUN_FINISHED,   /* each action is done, failed or skipped */
  AC_OPERATION_RUN_FAILED,     /* not accepted, see get_error(); nothing was done */
  AC_OPERATION_RUN_UNSURE,     /* the answer was lost; retry() asks again, never doing it twice */
  AC_OPERATION_RUN_STOPPED,    /* no longer followed; the service goes on */
} AcOperationRunState;

GType ac_operation_run_state_get_type (void);

#define AC_TYPE_OPERATION_RUN (ac_operation_run_get_type ())
G_DECLARE_FINAL_TYPE (AcOperationRun, ac_operation_run, AC, OPERATION_RUN, GObject)

AcOperationRun *ac_operation_run_new (AcApi *api,
                                      AcDecision decision,
                                      const char *const *action_ids,
                                      const char *comment);
void ac_operation_run_include_instances (AcOperationRun *self);
gboolean ac_operation_run_includes_instances (AcOperationRun *self);
void ac_operation_run_set_assets (AcOperationRun *self, const char *const *assets);
guint ac_operation_run_get_n_assets (AcOperationRun *self);
AcOperationRun *ac_operation_run_new_confirmed (AcOperationRun *refused);
void ac_operation_run_add_target (AcOperationRun *self, const char *action_id, const char *digest);
gboolean ac_operation_run_wants_confirmation (AcOperationRun *self);
void ac_operation_run_start (AcOperationRun *self);
void ac_operation_run_retry (AcOperationRun *self);
void ac_operation_run_set_api (AcOperationRun *self, AcApi *api);
void ac_operation_run_stop (AcOperationRun *self);
void ac_operation_run_take_back (AcOperationRun *self);
gboolean ac_operation_run_can_take_back (AcOperationRun *self);
gboolean ac_operation_run_is_sending (AcOperationRun *self);

AcDecision ac_operation_run_get_decision (AcOperationRun *self);
const char *ac_operation_run_get_comment (AcOperationRun *self);
const char *const *ac_operation_run_get_action_ids (AcOperationRun *self);
AcOperationRunState ac_operation_run_get_state (AcOperationRun *self);
AcOperation *ac_operation_run_get_operation (AcOperationRun *self);
guint ac_operation_run_get_total (AcOperationRun *self);
guint ac_operation_run_get_waiting (AcOperationRun *self);
guint ac_operation_run_get_done (AcOperationRun *self);
guint ac_operation_run_get_failed (AcOperationRun *self);
guint ac_operation_run_get_skipped (AcOperationRun *self);
double ac_operation_run_get_fraction (AcOperationRun *self);
gint64 ac_operation_run_get_grace_left (AcOperationRun *self);
guint ac_operation_run_get_n_taken_back (AcOperationRun *self);
const char *ac_operation_run_get_message (AcOperationRun *self);
const GError *ac_operation_run_get_error (AcOperationRun *self);
const AcProblem *ac_operation_run_get_problem (AcOperationRun *self);
void ac_operation_run_set_mixed (AcOperationRun *self, gboolean mixed);
gboolean ac_operation_run_get_mixed (AcOperationRun *self);
GStrv ac_operation_run_get_undoable_ids (AcOperationRun *self);

G_END_DECLS
