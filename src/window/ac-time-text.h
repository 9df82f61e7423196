/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Times as people read them. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef void (*AcTimeTextChanged) (GObject *object);

void ac_time_text_set_utc (gboolean utc);
void ac_time_text_follow (gpointer object, AcTimeTextChanged changed);
void ac_time_text_show (GtkLabel *label, gint64 time);
char *ac_time_text_short (gint64 time);
char *ac_time_text_full (gint64 time);
char *ac_time_text_clock (gint64 time);
char *ac_time_text_day (gint64 time);
gboolean ac_time_text_parse_day (const char *text, gint64 *start, gint64 *end);
char *ac_time_text_left (gint64 time, gint64 now);

G_END_DECLS
