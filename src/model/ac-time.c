/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

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

/* Two digits of @number at @place. */
static void
put_two (char *place, guint number)
{
  place[0] = (char)('0' + number / 10 % 10);
  place[1] = (char)('0' + number % 10);
}

/* What a calendar says of a day, counted from 1 January 1970. A year is reckoned from March here,
 * so that the day that leap years have besides comes last; 400 years have always the same number of
 * days. */
static void
find_date (gint64 day, gint64 *year, guint *month, guint *day_of_month)
{
  const gint64 days_of_era = 146097;
  gint64 shifted = day + 719468; /* since 1 March of year 0 */
  gint64 era = (shifted >= 0 ? shifted : shifted - days_of_era + 1) / days_of_era;
  guint of_era = (guint)(shifted - era * days_of_era);
  guint year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  guint of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  guint from_march = (5 * of_year + 2) / 153;

  *day_of_month = of_year - (153 * from_march + 2) / 5 + 1;
  *month = from_march < 10 ? from_march + 3 : from_march - 9;
  *year = (gint64)year_of_era + era * 400 + (*month <= 2);
}

/**
 * ac_time_print:
 * @time: microseconds since 1970 in UTC
 * @buffer: of at least AC_TIME_SIZE bytes
 *
 * The text of ac_time_format(), for lists of very many. GDateTime takes longer over a time than
 * everything else about a row takes together.
 */
void
ac_time_print (gint64 time, char *buffer)
{
  const gint64 usec_per_day = G_TIME_SPAN_DAY;
  gint64 day = time / usec_per_day - (time % usec_per_day < 0);
  gint64 rest = time % usec_per_day + (time % usec_per_day < 0 ? usec_per_day : 0);
  guint seconds = (guint)(rest / G_USEC_PER_SEC);
  guint fraction = (guint)(rest % G_USEC_PER_SEC);
  gint64 year;
  guint month;
  guint day_of_month;

  find_date (day, &year, &month, &day_of_month);
  if (year < 0 || year > 9999)
    {
      g_snprintf (buffer, AC_TIME_SIZE, "%s",
                  year < 0 ? "0000-01-01T00:00:00.000000Z" : "9999-12-31T23:59:59.999999Z");
      return;
    }
  memcpy (buffer, "YYYY-MM-DDThh:mm:ss.ffffffZ", sizeof "YYYY-MM-DDThh:mm:ss.ffffffZ");
  put_two (buffer, (guint)year / 100);
  put_two (buffer + 2, (guint)year % 100);
  put_two (buffer + 5, month);
  put_two (buffer + 8, day_of_month);
  put_two (buffer + 11, seconds / 3600);
  put_two (buffer + 14, seconds / 60 % 60);
  put_two (buffer + 17, seconds % 60);
  put_two (buffer + 20, fraction / 10000);
  put_two (buffer + 22, fraction / 100 % 100);
  put_two (buffer + 24, fraction % 100);
}

/**
 * ac_time_format:
 * @time: microseconds since 1970 in UTC
 *
 * Returns: (transfer full): RFC 3339 in UTC with six digits of fraction and "Z", so that the text
 * sorts as the time does. What lies outside the years 0 to 9999 is told as their end.
 */
char *
ac_time_format (gint64 time)
{
  char buffer[AC_TIME_SIZE];

  ac_time_print (time, buffer);
  return g_strdup (buffer);
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
