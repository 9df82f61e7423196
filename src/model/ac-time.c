/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/ac-time.h"

/* The years 0001 to 9999 in UTC, which are all that RFC 3339 can spell; seconds since 1970. */
#define FIRST_SECOND (-G_GINT64_CONSTANT (62135596800))
#define LAST_SECOND G_GINT64_CONSTANT (253402300799)

/**
 * ac_time_parse:
 * @text: an RFC 3339 time
 * @zone_required: whether a time without a zone is refused; else it is read as UTC
 * @time: (out): microseconds since 1970 in UTC
 *
 * Any number of digits of a second's fraction is read; what is finer than a microsecond is cut.
 *
 * Returns: whether @text is a time.
 */
gboolean
ac_time_parse (const char *text, gboolean zone_required, gint64 *time)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) date_time = NULL;
  gint64 seconds;
  gsize length;
  gboolean has_zone;

  g_return_val_if_fail (text != NULL && time != NULL, FALSE);

  /* RFC 3339 §5.6 is one profile of ISO 8601: full date, "T", full time. GLib reads more. */
  length = strlen (text);
  if (length < strlen ("2026-01-01T00:00:00") || text[4] != '-' || text[7] != '-' ||
      (text[10] != 'T' && text[10] != 't') || text[13] != ':' || text[16] != ':')
    return FALSE;
  has_zone = text[length - 1] == 'Z' || text[length - 1] == 'z' ||
             (length >= 25 && (text[length - 6] == '+' || text[length - 6] == '-'));
  if (zone_required && !has_zone)
    return FALSE;

  date_time = g_date_time_new_from_iso8601 (text, utc);
  if (date_time == NULL)
    return FALSE;
  seconds = g_date_time_to_unix (date_time);
  /* A zone can carry a time over either end. */
  if (seconds < FIRST_SECOND || seconds > LAST_SECOND)
    return FALSE;
  *time = seconds * G_USEC_PER_SEC + g_date_time_get_microsecond (date_time);
  return TRUE;
}

/**
 * ac_time_format:
 * @time: microseconds since 1970 in UTC
 *
 * Returns: (transfer full): RFC 3339 in UTC with six digits of fraction and "Z", so that the text
 * sorts as the time does.
 */
char *
ac_time_format (gint64 time)
{
  gint64 seconds = time / G_USEC_PER_SEC;
  gint64 fraction = time % G_USEC_PER_SEC;
  g_autoptr (GDateTime) date_time = NULL;
  g_autofree char *text = NULL;

  if (fraction < 0)
    {
      seconds -= 1;
      fraction += G_USEC_PER_SEC;
    }
  date_time = g_date_time_new_from_unix_utc (seconds);
  g_return_val_if_fail (date_time != NULL, NULL);
  /* GLib's %Y has three digits for a year of three. */
  text = g_date_time_format (date_time, "%m-%dT%H:%M:%S");
  return g_strdup_printf ("%04d-%s.%06dZ", g_date_time_get_year (date_time), text, (int)fraction);
}

/**
 * ac_time_now:
 *
 * Returns: the time now in microseconds since 1970 in UTC.
 */
gint64
ac_time_now (void)
{
  return g_get_real_time ();
}
