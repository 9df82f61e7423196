/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An entity with a verdict, found by an investigation. Immutable. */
#pragma once

#include "model/ac-entity.h"

G_BEGIN_DECLS

#define AC_TYPE_EVIDENCE (ac_evidence_get_type ())
G_DECLARE_FINAL_TYPE (AcEvidence, ac_evidence, AC, EVIDENCE, GObject)

AcEvidence *
ac_evidence_new_from_json (JsonObject *object, AcJsonMode mode, const char *path, GError **error);
JsonObject *ac_evidence_to_json (AcEvidence *self);
AcEntity *ac_evidence_get_entity (AcEvidence *self);
const char *ac_evidence_get_verdict (AcEvidence *self);
gint64 ac_evidence_get_first_seen (AcEvidence *self);
const char *ac_evidence_get_detail (AcEvidence *self);
const char *ac_evidence_get_detection_origin (AcEvidence *self);
const char *const *ac_evidence_get_assets (AcEvidence *self);
GStrv ac_evidence_dup_threats (AcEvidence *self);
gboolean ac_evidence_is_threat (AcEvidence *self);

G_END_DECLS
