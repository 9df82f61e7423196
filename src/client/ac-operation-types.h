/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which types of actions an operation is about, as far as the actions are known; asked for until all
 * of them are.
 *
 * Signal: known: more types of some operation are known. */
#pragma once

#include "client/ac-action-source.h"

G_BEGIN_DECLS

#define AC_TYPE_OPERATION_TYPES (ac_operation_types_get_type ())
G_DECLARE_FINAL_TYPE (AcOperationTypes, ac_operation_types, AC, OPERATION_TYPES, GObject)

AcOperationTypes *ac_operation_types_new (AcActionSource *source);
GHashTable *
ac_operation_types_find (AcOperationTypes *self, const char *operation_id, guint64 n_actions);

G_END_DECLS
