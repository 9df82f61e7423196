/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Forgets changes and removes settled actions that are older than is promised: when the service
 * begins, and each hour, in a thread of its own.
 */
#pragma once

#include "service/ac-service-config.h"
#include "store/ac-store.h"

G_BEGIN_DECLS

typedef struct _AcHousekeeping AcHousekeeping;

AcHousekeeping *
ac_housekeeping_start (AcStore *store, const AcServiceConfig *config, gint64 last_written);
void ac_housekeeping_stop (AcHousekeeping *housekeeping);

G_END_DECLS
