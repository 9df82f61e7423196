/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A remediation action: one type, one entity, one or more assets, a status. Immutable; the service
 * makes a new one from its row, the window from an answer. Strings of enumerations are the raw
 * spelling of the wire, so that what a newer service says is shown and not lost. */
#pragma once

#include "model/ac-action-result.h"
#include "model/ac-entity.h"
#include "model/ac-targets.h"
#include "model/ac-timeline-entry.h"
#include "model/ac-transition.h"

G_BEGIN_DECLS

#define AC_TYPE_ACTION (ac_action_get_type ())
G_DECLARE_FINAL_TYPE (AcAction, ac_action, AC, ACTION, GObject)

AcAction *
ac_action_new_from_json (JsonObject *object, AcJsonMode mode, const char *path, GError **error);
JsonObject *ac_action_to_json (AcAction *self);

const char *ac_action_get_id (AcAction *self);
gint64 ac_action_get_version (AcAction *self);
const char *ac_action_get_action_type (AcAction *self);
const char *ac_action_get_status (AcAction *self);
AcStatus ac_action_get_status_value (AcAction *self);
const char *ac_action_get_verdict (AcAction *self);
const char *ac_action_get_source (AcAction *self);
const char *ac_action_get_reason (AcAction *self);
const char *ac_action_get_details (AcAction *self);
const char *ac_action_get_proposed_by (AcAction *self);
const char *ac_action_get_investigation_id (AcAction *self);
const char *ac_action_get_investigation_title (AcAction *self);
const char *ac_action_get_operation_id (AcAction *self);
AcEntity *ac_action_get_entity (AcAction *self);
const char *const *ac_action_get_assets (AcAction *self);
gint64 ac_action_get_created_at (AcAction *self);
gint64 ac_action_get_updated_at (AcAction *self);
gint64 ac_action_get_expires_at (AcAction *self);
const char *ac_action_get_decision (AcAction *self);
const char *ac_action_get_decided_by (AcAction *self);
gint64 ac_action_get_decided_at (AcAction *self);
const char *ac_action_get_comment (AcAction *self);
gboolean ac_action_get_undoable (AcAction *self);
const char *ac_action_get_undo_state (AcAction *self);
const char *ac_action_get_undo_note (AcAction *self);
const AcTargets *ac_action_get_targets (AcAction *self);
GPtrArray *ac_action_get_results (AcAction *self);
GPtrArray *ac_action_get_timeline (AcAction *self);
gboolean ac_action_may (AcAction *self, AcDecision decision);
gboolean ac_action_is_undone_for_some (AcAction *self);

G_END_DECLS
