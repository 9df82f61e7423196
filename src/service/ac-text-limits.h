/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long the texts may be that any person may write into the database. Each is kept for ever in
 * the audit log or with an action, is looked through by every search, and goes to all who follow.
 * Detectors have no such limits: one odd message must not keep all else they have found away. */
#pragma once

#include "service/ac-problems.h"

G_BEGIN_DECLS

gboolean ac_text_limits_check (JsonObject *object, AcProblem **problem);

G_END_DECLS
