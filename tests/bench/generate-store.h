/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fills a new database of the service with generated actions. */
#pragma once

#include "generate-actions.h"

gboolean generate_store_fill (GenerateActions *actions,
                              const char *path,
                              guint64 seed,
                              gint64 now,
                              GError **error);
