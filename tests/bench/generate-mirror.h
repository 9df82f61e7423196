/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fills the cache folder of a desk as it is after a first sync of the generated actions, the index
 * for searches included. */
#pragma once

#include "generate-actions.h"

/* Nothing listens there: the window shows what the mirror has, and that it is offline. */
#define GENERATE_MIRROR_ADDRESS "http://127.0.0.1:9"
#define GENERATE_MIRROR_TOKEN "act_generated-mirror-of-nobody-0000000000000"
#define GENERATE_MIRROR_ACCOUNT "j.doe"

gboolean generate_mirror_fill (GenerateActions *actions, const char *folder, GError **error);
