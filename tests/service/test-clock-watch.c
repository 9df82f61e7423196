/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When the time of day is believed; the test moves the clock by moving what was noted of it. */
#include "config.h"

#include "model/ac-time.h"
#include "service/ac-clock-watch.h"

static void
assert_trusts (AcClockWatch *watch, gboolean trusts)
{
  gint64 before = ac_time_now ();
  gint64 now;

  g_assert_cmpint (ac_clock_watch_trusts (watch, &now), ==, trusts);
  g_assert_cmpint (now, >=, before);
  g_assert_cmpint (now, <=, ac_time_now ());
}

static void
pass_an_hour (AcClockWatch *watch)
{
  watch->doubted_at -= G_TIME_SPAN_HOUR;
}

static void
test_a_clock_that_goes_on (void)
{
  const gint64 written[] = { AC_TIME_NONE, ac_time_now (), ac_time_now () - 6 * G_TIME_SPAN_DAY,
                             ac_time_now () + 6 * G_TIME_SPAN_DAY };

  for (gsize i = 0; i < G_N_ELEMENTS (written); i++)
    {
      AcClockWatch watch;

      ac_clock_watch_init (&watch, written[i]);
      assert_trusts (&watch, TRUE);
      /* It is corrected a little. */
      watch.offset += 4 * G_TIME_SPAN_MINUTE;
      assert_trusts (&watch, TRUE);
    }
}

static void
test_a_clock_far_from_what_was_written (void)
{
  const gint64 days[] = { 8, -8, 365, -20000 };

  for (gsize i = 0; i < G_N_ELEMENTS (days); i++)
    {
      AcClockWatch watch;

      ac_clock_watch_init (&watch, ac_time_now () + days[i] * G_TIME_SPAN_DAY);
      assert_trusts (&watch, FALSE);
      assert_trusts (&watch, FALSE);
      /* But not for ever: the service may have stood still for so long. */
      pass_an_hour (&watch);
      assert_trusts (&watch, TRUE);
    }
}

static void
test_a_clock_that_is_set (void)
{
  const gint64 steps[] = { 6 * G_TIME_SPAN_MINUTE, -6 * G_TIME_SPAN_MINUTE, 365 * G_TIME_SPAN_DAY };

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      AcClockWatch watch;

      ac_clock_watch_init (&watch, ac_time_now ());
      assert_trusts (&watch, TRUE);
      watch.offset += steps[i];
      assert_trusts (&watch, FALSE);
      /* Set right again within the hour, it has to go on for another one. */
      watch.doubted_at -= G_TIME_SPAN_HOUR / 2;
      watch.offset -= steps[i];
      assert_trusts (&watch, FALSE);
      watch.doubted_at -= G_TIME_SPAN_HOUR - G_TIME_SPAN_MINUTE;
      assert_trusts (&watch, FALSE);
      watch.doubted_at -= G_TIME_SPAN_MINUTE;
      assert_trusts (&watch, TRUE);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/service/clock-watch/a-clock-that-goes-on", test_a_clock_that_goes_on);
  g_test_add_func ("/service/clock-watch/a-clock-far-from-what-was-written",
                   test_a_clock_far_from_what_was_written);
  g_test_add_func ("/service/clock-watch/a-clock-that-is-set", test_a_clock_that_is_set);
  return g_test_run ();
}
