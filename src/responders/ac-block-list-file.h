/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The block list on disk. It is replaced as a whole, so that whoever reads it sees the old list or
 * the new one and never a part; it is durable before it counts as written; everybody may read it,
 * because the proxies run as users of their own. */
#pragma once

#include <sys/stat.h>

#include "responders/ac-block-list.h"

G_BEGIN_DECLS

AcBlockList *ac_block_list_load (const char *path, struct stat *status, GError **error);
gboolean ac_block_list_save (AcBlockList *list, const char *path, GError **error);
int ac_block_list_lock (const char *path, const char *suffix, GError **error);

G_END_DECLS
