/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Judges whether the time of day may be believed by what cannot be taken back: what is old leaves,
 * and what nobody decided on expires.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gint64 last_written; /* before this start; AC_TIME_NONE: never */
  gint64 offset;       /* of the time of day before monotonic time, when last asked; 0: never */
  gint64 doubted_at;   /* monotonic time; 0: never */
} AcClockWatch;

void ac_clock_watch_init (AcClockWatch *watch, gint64 last_written);
gboolean ac_clock_watch_trusts (AcClockWatch *watch, gint64 *now);

G_END_DECLS
