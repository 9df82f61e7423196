/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One step of an investigation, as its log shows it. Immutable. */
#pragma once

#include "model/ac-json.h"

G_BEGIN_DECLS

#define AC_TYPE_LOG_ENTRY (ac_log_entry_get_type ())
G_DECLARE_FINAL_TYPE (AcLogEntry, ac_log_entry, AC, LOG_ENTRY, GObject)

AcLogEntry *
ac_log_entry_new_from_json (JsonObject *object, AcJsonMode mode, const char *path, GError **error);
JsonObject *ac_log_entry_to_json (AcLogEntry *self);

const char *ac_log_entry_get_id (AcLogEntry *self);
const char *ac_log_entry_get_action_type (AcLogEntry *self);
const char *ac_log_entry_get_action (AcLogEntry *self);
const char *ac_log_entry_get_status (AcLogEntry *self);
const char *ac_log_entry_get_device_name (AcLogEntry *self);
const char *ac_log_entry_get_description (AcLogEntry *self);
const char *ac_log_entry_get_comments (AcLogEntry *self);
const char *ac_log_entry_get_action_id (AcLogEntry *self);
gint64 ac_log_entry_get_created_at (AcLogEntry *self);
gint64 ac_log_entry_get_started_at (AcLogEntry *self);
gint64 ac_log_entry_get_duration (AcLogEntry *self);
gint64 ac_log_entry_get_pending_duration (AcLogEntry *self);
gint64 ac_log_entry_get_queued_duration (AcLogEntry *self);

G_END_DECLS
