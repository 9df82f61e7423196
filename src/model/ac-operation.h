/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One decision submitted over one or many actions, and how far it has come. Immutable. */
#pragma once

#include "model/ac-json.h"

G_BEGIN_DECLS

#define AC_OPERATION_MAX_ACTIONS 10000
#define AC_COMMENT_MAX_LENGTH 4000

/* One action of an operation. */
typedef struct
{
  char *action_id;
  char *status;  /* of the action, raw */
  char *state;   /* "queued", "running", "done", "failed", "skipped", "takenBack" */
  char *detail;  /* nullable: in words */
  gboolean undo; /* it was to be brought back, not to be carried out */
} AcOperationItem;

#define AC_TYPE_OPERATION (ac_operation_get_type ())
G_DECLARE_FINAL_TYPE (AcOperation, ac_operation, AC, OPERATION, GObject)

AcOperation *
ac_operation_new_from_json (JsonObject *object, AcJsonMode mode, const char *path, GError **error);
JsonObject *ac_operation_to_json (AcOperation *self);
const char *ac_operation_get_id (AcOperation *self);
const char *ac_operation_get_decision (AcOperation *self);
const char *ac_operation_get_status (AcOperation *self);
gboolean ac_operation_is_finished (AcOperation *self);
const char *ac_operation_get_comment (AcOperation *self);
const char *ac_operation_get_decided_by (AcOperation *self);
const char *const *ac_operation_get_assets (AcOperation *self);
gint64 ac_operation_get_created_at (AcOperation *self);
gint64 ac_operation_get_take_back_until (AcOperation *self);
gint64 ac_operation_get_finished_at (AcOperation *self);
guint ac_operation_get_total (AcOperation *self);
guint ac_operation_get_waiting (AcOperation *self);
guint ac_operation_get_done (AcOperation *self);
guint ac_operation_get_failed (AcOperation *self);
guint ac_operation_get_skipped (AcOperation *self);
GPtrArray *ac_operation_get_items (AcOperation *self);

/* The body of POST /operations. */
typedef struct
{
  AcDecision decision;
  GStrv action_ids;
  GStrv assets;  /* nullable: all; of an undo or a retry of one action: only these of its assets */
  char *comment; /* nullable */
  gboolean include_instances; /* of an undo: what else can be undone on the same files, too */
  GHashTable *targets; /* nullable; of an approval: action id → digest of its targets as seen */
  gint64 confirmed_messages; /* of an approval: how many messages the person has said yes to; -1 */
} AcOperationRequest;

AcOperationRequest *
ac_operation_request_new (AcDecision decision, const char *const *action_ids, const char *comment);
AcOperationRequest *ac_operation_request_new_from_json (JsonObject *object, GError **error);
void ac_operation_request_set_assets (AcOperationRequest *request, const char *const *assets);
void ac_operation_request_add_target (AcOperationRequest *request,
                                      const char *action_id,
                                      const char *digest);
JsonObject *ac_operation_request_to_json (const AcOperationRequest *request);
void ac_operation_request_free (AcOperationRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcOperationRequest, ac_operation_request_free)

G_END_DECLS
