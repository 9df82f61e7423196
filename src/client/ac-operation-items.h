/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What became of the actions of an operation, and which of them take a further decision. */
#pragma once

#include "model/ac-operation.h"

G_BEGIN_DECLS

guint ac_operation_items_count (GPtrArray *items, const char *state);
GStrv ac_operation_items_undoable (GPtrArray *items);
GStrv ac_operation_items_retryable (GPtrArray *items);

G_END_DECLS
