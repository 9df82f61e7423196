/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>

#include "model/ac-time.h"
#include "window/ac-time-text.h"

/* The person's setting; one for the whole program. */
static gboolean show_utc = FALSE;

/**
 * ac_time_text_set_utc:
 *
 * Says whether times are shown in UTC or in the time zone of this computer. Who shows times asks
 * for their texts again.
 */
void
ac_time_text_set_utc (gboolean utc)
{
  show_utc = utc;
}

static GDateTime *
to_date_time (gint64 time)
{
  g_autoptr (GDateTime) utc = NULL;

  if (time == AC_TIME_NONE)
    return NULL;
  utc = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);
  if (utc == NULL)
    return NULL;
  return show_utc ? g_steal_pointer (&utc) : g_date_time_to_local (utc);
}

/**
 * ac_time_text_short:
 * @time: as in ac-time.h
 *
 * Returns: (transfer full): the clock for today, else the day and the clock; "" for no time.
 */
char *
ac_time_text_short (gint64 time)
{
  g_autoptr (GDateTime) date = to_date_time (time);
  g_autoptr (GDateTime) now = to_date_time (ac_time_now ());

  if (date == NULL || now == NULL)
    return g_strdup ("");
  if (g_date_time_get_year (date) != g_date_time_get_year (now))
    /* Translators: a day of another year, for g_date_time_format() */
    return g_date_time_format (date, C_ ("time", "%-e %b %Y, %H:%M"));
  if (g_date_time_get_day_of_year (date) != g_date_time_get_day_of_year (now))
    /* Translators: a day of this year, for g_date_time_format() */
    return g_date_time_format (date, C_ ("time", "%-e %b, %H:%M"));
  /* Translators: a time of today, for g_date_time_format() */
  return g_date_time_format (date, C_ ("time", "Today, %H:%M"));
}

/**
 * ac_time_text_clock:
 *
 * Returns: (transfer full): as ac_time_text_short(), but for today only the clock, to stand inside
 * a sentence.
 */
char *
ac_time_text_clock (gint64 time)
{
  g_autoptr (GDateTime) date = to_date_time (time);
  g_autoptr (GDateTime) now = to_date_time (ac_time_now ());

  if (date == NULL || now == NULL)
    return g_strdup ("");
  if (g_date_time_get_year (date) == g_date_time_get_year (now) &&
      g_date_time_get_day_of_year (date) == g_date_time_get_day_of_year (now))
    /* Translators: a time of today inside a sentence, for g_date_time_format() */
    return g_date_time_format (date, C_ ("time", "%H:%M"));
  return ac_time_text_short (time);
}

/**
 * ac_time_text_full:
 *
 * Returns: (transfer full): day, clock to the second and zone, and the same in UTC where that
 * differs; "" for no time.
 */
char *
ac_time_text_full (gint64 time)
{
  g_autoptr (GDateTime) date = to_date_time (time);
  g_autoptr (GDateTime) utc = NULL;
  g_autofree char *text = NULL;
  g_autofree char *utc_text = NULL;

  if (date == NULL)
    return g_strdup ("");
  /* Translators: for g_date_time_format() */
  text = g_date_time_format (date, C_ ("time", "%A, %-e %B %Y, %H:%M:%S %Z"));
  if (g_date_time_get_utc_offset (date) == 0)
    return g_steal_pointer (&text);
  utc = g_date_time_to_utc (date);
  utc_text = g_date_time_format (utc, "%Y-%m-%d %H:%M:%S UTC");
  return g_strdup_printf ("%s\n%s", text, utc_text);
}

/**
 * ac_time_text_left:
 * @now: as in ac-time.h
 *
 * Returns: (transfer full): how long it is until @time, in the largest unit that tells it; "" for
 * no time.
 */
char *
ac_time_text_left (gint64 time, gint64 now)
{
  gint64 left = (time - now) / G_TIME_SPAN_MINUTE;

  if (time == AC_TIME_NONE)
    return g_strdup ("");
  if (time <= now)
    return g_strdup (_ ("now"));
  if (left >= 2 * 24 * 60)
    {
      guint n = (guint)(left / (24 * 60));

      /* Translators: how long something still waits */
      return g_strdup_printf (ngettext ("%u day", "%u days", n), n);
    }
  if (left >= 2 * 60)
    {
      guint n = (guint)(left / 60);

      /* Translators: how long something still waits */
      return g_strdup_printf (ngettext ("%u hour", "%u hours", n), n);
    }
  /* Translators: how long something still waits */
  return g_strdup_printf (ngettext ("%u minute", "%u minutes", (guint)left + 1), (guint)left + 1);
}

/**
 * ac_time_text_day:
 *
 * Returns: (transfer full): the day by ISO 8601, as ac_time_text_parse_day() reads it; "" for no
 * time.
 */
char *
ac_time_text_day (gint64 time)
{
  g_autoptr (GDateTime) date = to_date_time (time);

  return date != NULL ? g_date_time_format (date, "%Y-%m-%d") : g_strdup ("");
}

/**
 * ac_time_text_parse_day:
 * @start: (out): its first moment, as in ac-time.h
 * @end: (out): the first moment of the next day
 *
 * Returns: whether @text is a day by ISO 8601, in the zone in which times are shown.
 */
gboolean
ac_time_text_parse_day (const char *text, gint64 *start, gint64 *end)
{
  g_autoptr (GTimeZone) zone = show_utc ? g_time_zone_new_utc () : g_time_zone_new_local ();
  g_autoptr (GDateTime) first = NULL;
  g_autoptr (GDateTime) next = NULL;
  int year, month, day;
  char rest;

  if (sscanf (text, "%4d-%2d-%2d%c", &year, &month, &day, &rest) != 3)
    return FALSE;
  first = g_date_time_new (zone, year, month, day, 0, 0, 0);
  if (first == NULL || year < 1971)
    return FALSE;
  next = g_date_time_add_days (first, 1);
  *start = g_date_time_to_unix (first) * G_USEC_PER_SEC;
  *end = g_date_time_to_unix (next) * G_USEC_PER_SEC;
  return TRUE;
}
