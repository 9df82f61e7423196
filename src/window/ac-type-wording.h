/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said differently of each type of action. */
#pragma once

#include "model/ac-vocabulary.h"

G_BEGIN_DECLS

char *ac_type_wording_asset (const char *action_type, const char *asset);
char *ac_type_wording_assets (const char *action_type, guint n_assets);
const char *ac_type_wording_outcome (const char *action_type, const char *outcome);
char *ac_type_wording_effect (AcDecision decision,
                              const char *action_type,
                              guint64 n_actions,
                              guint64 n_assets);

G_END_DECLS
