/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How an investigation stands: what its detector says of the examination, and what has become of the
 * actions it proposed, made into one status. Plain functions without state. */
#pragma once

#include "model/ac-vocabulary.h"

G_BEGIN_DECLS

/* What the status follows from. */
typedef struct
{
  const char *state; /* nullable: what the detector says; see ac_investigation_state_is_known() */
  gint64 n_actions;
  gint64 n_pending;
  gint64 n_approved; /* decided so, and neither taken back nor cancelled */
  gint64 n_expired;
  gboolean threatening; /* whether some evidence is malicious or suspicious */
} AcInvestigationSums;

gboolean ac_investigation_state_is_known (const char *state);
char *ac_investigation_state_list (void);
const char *ac_investigation_state_label (const char *state);
AcInvestigationStatus ac_investigation_derive_status (const AcInvestigationSums *sums);
gboolean ac_investigation_status_is_final (AcInvestigationStatus status);
const char *ac_investigation_status_explanation (const char *status);

G_END_DECLS
