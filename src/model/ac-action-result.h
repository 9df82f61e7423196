/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What happened to one asset (mailbox, device) of an action, as it was seen on the real system. */
#pragma once

#include "model/ac-json.h"

G_BEGIN_DECLS

#define AC_TYPE_ACTION_RESULT (ac_action_result_get_type ())
G_DECLARE_FINAL_TYPE (AcActionResult, ac_action_result, AC, ACTION_RESULT, GObject)

AcActionResult *
ac_action_result_new (const char *asset, const char *outcome, const char *detail, gint64 at);
AcActionResult *ac_action_result_new_from_json (JsonObject *object,
                                                AcJsonMode mode,
                                                const char *path,
                                                GError **error);
JsonObject *ac_action_result_to_json (AcActionResult *self);
const char *ac_action_result_get_asset (AcActionResult *self);
const char *ac_action_result_get_outcome (AcActionResult *self);
const char *ac_action_result_get_detail (AcActionResult *self);
gint64 ac_action_result_get_at (AcActionResult *self);
gboolean ac_action_result_get_undoable (AcActionResult *self);

G_END_DECLS
