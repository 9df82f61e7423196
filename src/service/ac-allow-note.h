/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A block wins over an allowance, and says so: whoever reads what came of the block learns who had
 * allowed the URL. */
#pragma once

#include "responders/ac-responder.h"
#include "store/ac-store.h"

G_BEGIN_DECLS

void ac_allow_note_add (AcStore *store, AcActionType type, AcDirection direction, GPtrArray *tasks);

G_END_DECLS
