/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sets of UIDs, written as ranges: “3:5,9” (RFC 3501, sequence-set). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *ac_imap_set_format (const guint32 *uids, gsize n_uids);
GArray *ac_imap_set_parse (const char *text, gsize limit);

G_END_DECLS
