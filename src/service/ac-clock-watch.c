/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/ac-time.h"
#include "service/ac-clock-watch.h"

/* Where nothing was written for so long, the clock may be wrong. */
#define LONG_SILENCE (7 * G_TIME_SPAN_DAY)
/* More than what a clock is corrected by while it runs. */
#define LARGE_STEP (5 * G_TIME_SPAN_MINUTE)
/* A clock that has gone on as it should for so long is believed again: a service that stood still
 * for weeks is not in doubt for ever. */
#define LONG_DOUBT (G_TIME_SPAN_HOUR)

/**
 * ac_clock_watch_init:
 * @last_written: ac_store_get_last_written() of before anything was written in this start, or
 * AC_TIME_NONE
 */
void
ac_clock_watch_init (AcClockWatch *watch, gint64 last_written)
{
  *watch = (AcClockWatch){ .last_written = last_written };
}

/**
 * ac_clock_watch_trusts:
 * @now: (out): the time of day that was judged
 *
 * To be asked again and again, by one thread.
 *
 * Returns: whether the clock may be believed: it was not set since it was asked last, nor within an
 * hour before, and was not far from what was written last when it was asked for the first time.
 */
gboolean
ac_clock_watch_trusts (AcClockWatch *watch, gint64 *now)
{
  gint64 monotonic = g_get_monotonic_time ();
  gint64 offset;

  *now = ac_time_now ();
  offset = *now - monotonic;
  if (watch->offset != 0
          ? ABS (offset - watch->offset) > LARGE_STEP
          : watch->last_written != AC_TIME_NONE && ABS (*now - watch->last_written) > LONG_SILENCE)
    watch->doubted_at = monotonic;
  watch->offset = offset;
  return watch->doubted_at == 0 || monotonic - watch->doubted_at >= LONG_DOUBT;
}
