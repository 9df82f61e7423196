/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RFC 3339 at the border, microseconds since 1970 in UTC inside. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* No time given. */
#define AC_TIME_NONE G_MININT64

gboolean ac_time_parse (const char *text, gboolean zone_required, gint64 *time);
char *ac_time_format (gint64 time);
/* The size of a buffer for ac_time_print(). */
#define AC_TIME_SIZE 40
void ac_time_print (gint64 time, char *buffer);
gint64 ac_time_now (void);

G_END_DECLS
