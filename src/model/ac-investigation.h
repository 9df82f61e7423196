/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An automated examination: what started it, its evidence and the actions it proposes. Immutable.
 */
#pragma once

#include "model/ac-entity.h"
#include "model/ac-evidence.h"

G_BEGIN_DECLS

#define AC_TYPE_INVESTIGATION (ac_investigation_get_type ())
G_DECLARE_FINAL_TYPE (AcInvestigation, ac_investigation, AC, INVESTIGATION, GObject)

/* A proposed action of a request. */
typedef struct
{
  char *type;
  char *verdict;
  char *source; /* nullable */
  char *reason; /* nullable */
  AcEntity *entity;
  GStrv assets;
  gint64 expires_at; /* AC_TIME_NONE: the service's default */
} AcProposal;

void ac_proposal_free (AcProposal *proposal);
char *ac_proposal_digest (const AcProposal *proposal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcProposal, ac_proposal_free)

AcInvestigation *ac_investigation_new_from_request (JsonObject *object, GError **error);
AcInvestigation *ac_investigation_new_from_json (JsonObject *object,
                                                 AcJsonMode mode,
                                                 const char *path,
                                                 GError **error);
JsonObject *ac_investigation_to_json (AcInvestigation *self);

const char *ac_investigation_get_id (AcInvestigation *self);
const char *ac_investigation_get_external_id (AcInvestigation *self);
const char *ac_investigation_get_title (AcInvestigation *self);
const char *ac_investigation_get_description (AcInvestigation *self);
const char *ac_investigation_get_trigger (AcInvestigation *self);
const char *ac_investigation_get_detection_source (AcInvestigation *self);
const char *ac_investigation_get_severity (AcInvestigation *self);
const char *ac_investigation_get_status (AcInvestigation *self);
const char *ac_investigation_get_state (AcInvestigation *self);
gint64 ac_investigation_get_version (AcInvestigation *self);
gint64 ac_investigation_get_created_at (AcInvestigation *self);
gint64 ac_investigation_get_updated_at (AcInvestigation *self);
guint ac_investigation_get_action_count (AcInvestigation *self);
guint ac_investigation_get_pending_count (AcInvestigation *self);
gint64 ac_investigation_get_ended_at (AcInvestigation *self);
gint64 ac_investigation_get_duration (AcInvestigation *self, gint64 now);
gint64 ac_investigation_get_pending_since (AcInvestigation *self);
gint64 ac_investigation_get_pending_time (AcInvestigation *self, gint64 now);
guint ac_investigation_get_threat_count (AcInvestigation *self);
GStrv ac_investigation_dup_threats (AcInvestigation *self);
GStrv ac_investigation_dup_mailboxes (AcInvestigation *self);
guint ac_investigation_get_mailbox_count (AcInvestigation *self);
GStrv ac_investigation_dup_devices (AcInvestigation *self);
guint ac_investigation_get_device_count (AcInvestigation *self);
guint ac_investigation_get_log_count (AcInvestigation *self);
GPtrArray *ac_investigation_get_alerts (AcInvestigation *self);
GPtrArray *ac_investigation_get_entities (AcInvestigation *self);
GPtrArray *ac_investigation_get_log (AcInvestigation *self);
GPtrArray *ac_investigation_get_evidence (AcInvestigation *self);
GPtrArray *ac_investigation_get_actions (AcInvestigation *self);
GPtrArray *ac_investigation_get_proposals (AcInvestigation *self);

G_END_DECLS
