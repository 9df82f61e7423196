/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "window/ac-duration-text.h"

/**
 * ac_duration_text:
 * @duration: microseconds, not negative
 *
 * Returns: (transfer full): its two largest units.
 */
char *
ac_duration_text (gint64 duration)
{
  guint64 seconds = (guint64)(MAX (duration, 0) / G_TIME_SPAN_SECOND);
  guint64 minutes = seconds / 60;
  guint64 hours = minutes / 60;
  guint64 days = hours / 24;

  if (days > 0)
    /* Translators: days and hours, short */
    return g_strdup_printf (_ ("%1$u d %2$u h"), (guint)days, (guint)(hours % 24));
  if (hours > 0)
    /* Translators: hours and minutes, short */
    return g_strdup_printf (_ ("%1$u h %2$u min"), (guint)hours, (guint)(minutes % 60));
  if (minutes > 0)
    /* Translators: minutes and seconds, short */
    return g_strdup_printf (_ ("%1$u min %2$u s"), (guint)minutes, (guint)(seconds % 60));
  /* Translators: seconds, short */
  return g_strdup_printf (_ ("%u s"), (guint)seconds);
}

/**
 * ac_duration_text_seconds:
 * @seconds: negative: not known
 *
 * Returns: (transfer full): as ac_duration_text(), or "".
 */
char *
ac_duration_text_seconds (gint64 seconds)
{
  return seconds < 0 ? g_strdup ("")
                     : ac_duration_text (MIN (seconds, G_MAXINT64 / G_TIME_SPAN_SECOND) *
                                         G_TIME_SPAN_SECOND);
}
