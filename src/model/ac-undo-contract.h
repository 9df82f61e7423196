/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What undo brings back, until when, and what it cannot: a part of each type of action that a
 * person reads before the approval. */
#pragma once

#include "model/ac-vocabulary.h"

G_BEGIN_DECLS

/* Translated sentences, owned by the program. */
typedef struct
{
  const char *brings_back;
  const char *until;
  const char *cannot;
} AcUndoContract;

gboolean ac_undo_contract_find (AcActionType type, AcUndoContract *contract);

G_END_DECLS
