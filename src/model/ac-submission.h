/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A report that something was judged wrongly, or that somebody should judge it: what it is about,
 * what its reporter thinks of it, and what came of that. Immutable. */
#pragma once

#include "model/ac-entity.h"

G_BEGIN_DECLS

/* The longest that an entry may hold, and what it holds where nothing is said. An entry that allows
 * always ends. */
#define AC_ALLOW_ENTRY_DAYS 30
#define AC_BLOCK_ENTRY_DAYS 30
#define AC_BLOCK_ENTRY_MOST_DAYS 90

#define AC_TYPE_SUBMISSION (ac_submission_get_type ())
G_DECLARE_FINAL_TYPE (AcSubmission, ac_submission, AC, SUBMISSION, GObject)

AcSubmission *ac_submission_new_from_request (JsonObject *object, gint64 now, GError **error);
AcSubmission *ac_submission_new_from_json (JsonObject *object, GError **error);
JsonObject *ac_submission_to_json (AcSubmission *self);

const char *ac_submission_get_id (AcSubmission *self);
AcEntity *ac_submission_get_entity (AcSubmission *self);
const char *ac_submission_get_action_id (AcSubmission *self);
const char *ac_submission_get_mailbox (AcSubmission *self);
const char *ac_submission_get_assessment (AcSubmission *self);
const char *ac_submission_get_category (AcSubmission *self);
const char *ac_submission_get_comment (AcSubmission *self);
const char *ac_submission_get_entry (AcSubmission *self);
gint64 ac_submission_get_entry_expires_at (AcSubmission *self);
const char *ac_submission_get_entry_note (AcSubmission *self);
const char *ac_submission_get_block_action_id (AcSubmission *self);
const char *ac_submission_get_submitted_by (AcSubmission *self);
gint64 ac_submission_get_created_at (AcSubmission *self);
const char *ac_submission_get_state (AcSubmission *self);
const char *ac_submission_get_result_by (AcSubmission *self);
gint64 ac_submission_get_result_at (AcSubmission *self);
const char *ac_submission_get_result_comment (AcSubmission *self);

G_END_DECLS
