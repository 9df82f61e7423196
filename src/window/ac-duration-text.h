/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lengths of time as people read them. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *ac_duration_text (gint64 duration);
char *ac_duration_text_seconds (gint64 seconds);

G_END_DECLS
