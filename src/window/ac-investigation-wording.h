/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the window speaks of investigations: shapes for their statuses, and sentences with numbers.
 */
#pragma once

#include "model/ac-investigation.h"

G_BEGIN_DECLS

const char *ac_investigation_wording_status_icon (const char *status);
const char *ac_investigation_wording_status_class (const char *status);
const char *ac_investigation_wording_severity (const char *severity);
const char *ac_investigation_wording_alert_status (const char *status);
char *ac_investigation_wording_actions (AcInvestigation *investigation);
char *ac_investigation_wording_mailboxes (AcInvestigation *investigation);
char *ac_investigation_wording_waiting (AcInvestigation *investigation, gint64 now);
const char *ac_investigation_wording_remediation (AcInvestigation *investigation,
                                                  AcEvidence *evidence,
                                                  const char **status);

G_END_DECLS
