/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Work as the responders know it: tasks, and the receipts that they hand back. */
#pragma once

#include "responders/ac-responder.h"
#include "store/ac-store.h"

G_BEGIN_DECLS

GPtrArray *ac_work_make_tasks (GPtrArray *items);
gboolean ac_work_write_receipts_cb (GPtrArray *tasks, gpointer store, GError **error);

G_END_DECLS
