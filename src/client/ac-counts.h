/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many actions stand under each tab, kept up to date.
 *
 * Properties (read-only): pending and history (gint64; -1 before the first answer). */
#pragma once

#include "client/ac-action-source.h"

G_BEGIN_DECLS

#define AC_TYPE_COUNTS (ac_counts_get_type ())
G_DECLARE_FINAL_TYPE (AcCounts, ac_counts, AC, COUNTS, GObject)

AcCounts *ac_counts_new (AcActionSource *source);
gint64 ac_counts_get_pending (AcCounts *self);
gint64 ac_counts_get_history (AcCounts *self);

G_END_DECLS
