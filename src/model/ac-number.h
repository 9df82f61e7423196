/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean ac_number_parse (const char *text, guint64 least, guint64 most, guint64 *number);
gboolean ac_number_parse_signed (const char *text, gint64 least, gint64 most, gint64 *number);

G_END_DECLS
