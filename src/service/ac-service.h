/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole service: opens the store, starts the queue of work, listens, and ends in order. */
#pragma once

#include "service/ac-service-config.h"

G_BEGIN_DECLS

gboolean ac_service_run (const AcServiceConfig *config, GError **error);

G_END_DECLS
