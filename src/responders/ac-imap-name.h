/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of folders as they travel: modified UTF-7 (RFC 3501, section 5.1.3). Inside, the room keeps
 * names in the spelling of the wire, so that a name goes back to the server exactly as it came. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *ac_imap_name_encode (const char *name);
char *ac_imap_name_decode (const char *wire);
char *ac_imap_name_for_people (const char *wire);
gboolean ac_imap_name_equal (const char *a, const char *b);

G_END_DECLS
