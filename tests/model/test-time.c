/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/ac-time.h"

static void
test_what_is_read (void)
{
  static const struct
  {
    const char *text;
    gint64 time;
  } table[] = {
    { "1970-01-01T00:00:00Z", 0 },
    { "1970-01-01T00:00:01.5Z", 1500000 },
    { "2026-11-23T20:06:53.123456Z", G_GINT64_CONSTANT (1795464413123456) },
    /* .NET writes seven digits; what is finer than a microsecond is cut */
    { "2026-11-23T20:06:53.1234567Z", G_GINT64_CONSTANT (1795464413123456) },
    { "2026-11-23T22:06:53.123456+02:00", G_GINT64_CONSTANT (1795464413123456) },
    { "2026-11-23T15:06:53.123456-05:00", G_GINT64_CONSTANT (1795464413123456) },
    /* no zone: UTC */
    { "2026-11-23T20:06:53.123456", G_GINT64_CONSTANT (1795464413123456) },
    { "1969-12-31T23:59:59.25Z", -750000 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      gint64 time = -1;

      g_test_message ("%s", table[i].text);
      g_assert_true (ac_time_parse (table[i].text, FALSE, &time));
      g_assert_cmpint (time, ==, table[i].time);
    }
}

static void
test_what_is_refused (void)
{
  static const char *const texts[] = {
    "",
    "yesterday",
    "2026-11-23",
    "2026-11-23 20:06:53Z",
    "20261123T200653Z",
    "2026-13-01T00:00:00Z",
    "2026-02-30T00:00:00Z",
    "2026-11-23T25:00:00Z",
    "2026-W48-1T20:06:53Z",
    "2026-11-23T20:06:53Zjunk",
    /* the year 0 and the year 10000 in UTC */
    "0001-01-01T00:00:00+00:01",
    "9999-12-31T23:59:59-00:01",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      gint64 time;

      g_test_message ("%s", texts[i]);
      g_assert_false (ac_time_parse (texts[i], FALSE, &time));
    }
}

static void
test_a_request_must_name_the_zone (void)
{
  gint64 time;

  g_assert_false (ac_time_parse ("2026-11-23T20:06:53", TRUE, &time));
  g_assert_true (ac_time_parse ("2026-11-23T20:06:53Z", TRUE, &time));
  g_assert_true (ac_time_parse ("2026-11-23T20:06:53+00:00", TRUE, &time));
}

static void
test_what_is_written_is_read_back (void)
{
  g_autofree char *before = ac_time_format (-750000);

  g_assert_cmpstr (before, ==, "1969-12-31T23:59:59.250000Z");
  for (guint i = 0; i < 1000; i++)
    {
      gint64 time = (gint64)(g_test_rand_double_range (0, 4e15));
      g_autofree char *text = ac_time_format (time);
      gint64 back;

      g_assert_true (ac_time_parse (text, TRUE, &back));
      g_assert_cmpint (back, ==, time);
    }
}

/* GDateTime is the reference for the calendar; it writes years before 1000 with fewer digits. */
static void
test_every_day_is_the_calendar_s (void)
{
  for (gint64 day = -354000; day < 2900000; day += 13)
    {
      gint64 seconds = day * 86400 + 11 * 3600 + 22 * 60 + 33;
      g_autoptr (GDateTime) date_time = g_date_time_new_from_unix_utc (seconds);
      g_autofree char *expected = g_date_time_format (date_time, "%Y-%m-%dT%H:%M:%S.000000Z");
      char text[AC_TIME_SIZE];

      ac_time_print (seconds * G_USEC_PER_SEC, text);
      g_assert_cmpstr (text, ==, expected);
    }
}

static void
test_a_time_beyond_the_calendar_is_its_end (void)
{
  g_autofree char *first = ac_time_format (G_MININT64 + 1);
  g_autofree char *last = ac_time_format (G_MAXINT64);

  g_assert_cmpstr (first, ==, "0000-01-01T00:00:00.000000Z");
  g_assert_cmpstr (last, ==, "9999-12-31T23:59:59.999999Z");
}

static void
test_years_have_four_digits (void)
{
  static const char *const texts[] = { "0001-01-01T00:00:00.000000Z", "0506-01-01T00:00:00.000000Z",
                                       "9999-12-31T23:59:59.999999Z" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *again = NULL;
      gint64 time;

      g_assert_true (ac_time_parse (texts[i], TRUE, &time));
      again = ac_time_format (time);
      g_assert_cmpstr (again, ==, texts[i]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/time/read", test_what_is_read);
  g_test_add_func ("/model/time/refused", test_what_is_refused);
  g_test_add_func ("/model/time/zone-required", test_a_request_must_name_the_zone);
  g_test_add_func ("/model/time/round-trip", test_what_is_written_is_read_back);
  g_test_add_func ("/model/time/calendar", test_every_day_is_the_calendar_s);
  g_test_add_func ("/model/time/beyond", test_a_time_beyond_the_calendar_is_its_end);
  g_test_add_func ("/model/time/years-have-four-digits", test_years_have_four_digits);
  return g_test_run ();
}
