/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A token that somebody hands over in a file, since a command line can be seen by everybody. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *ac_token_read (const char *path, GError **error);
gboolean ac_token_is_bearer (const char *token);
void ac_token_forget (char *token);

G_END_DECLS
