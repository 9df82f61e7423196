/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An action in the words of the Open Cybersecurity Schema Framework 1.8: an event of the category
 * Remediation (7), class Remediation Activity (7001) or File Remediation Activity (7002). */
#pragma once

#include "model/ac-action.h"

G_BEGIN_DECLS

JsonObject *ac_ocsf_from_action (AcAction *action);

G_END_DECLS
