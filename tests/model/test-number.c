/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/ac-number.h"

#define N_RUNS 30
#define N_THREADS 4
#define N_ROUNDS 3000

static int n_running;

static void
test_unsigned (void)
{
  static const char *const none[] = { "", "-1", "+1", " 1", "1 ", "0x10", "1.5", "ten", "101" };
  guint64 number = 7;

  for (gsize i = 0; i < G_N_ELEMENTS (none); i++)
    {
      g_test_message ("“%s”", none[i]);
      g_assert_false (ac_number_parse (none[i], 0, 100, &number));
      g_assert_cmpuint (number, ==, 7);
    }
  g_assert_true (ac_number_parse ("100", 0, 100, &number));
  g_assert_cmpuint (number, ==, 100);
  g_assert_false (ac_number_parse ("0", 1, 100, NULL));
  g_assert_true (ac_number_parse ("18446744073709551615", 0, G_MAXUINT64, &number));
  g_assert_cmpuint (number, ==, G_MAXUINT64);
  g_assert_false (ac_number_parse ("18446744073709551616", 0, G_MAXUINT64, &number));
}

static void
test_signed (void)
{
  gint64 number = 7;

  g_assert_true (ac_number_parse_signed ("-9223372036854775808", G_MININT64, G_MAXINT64, &number));
  g_assert_cmpint (number, ==, G_MININT64);
  g_assert_false (ac_number_parse_signed ("9223372036854775808", G_MININT64, G_MAXINT64, &number));
  g_assert_false (ac_number_parse_signed ("1e3", G_MININT64, G_MAXINT64, &number));
  g_assert_cmpint (number, ==, G_MININT64);
}

/* Makes one thing after the other for the first time. */
static gpointer
first_times (gpointer data)
{
  (void)data;
  g_atomic_int_inc (&n_running);
  for (guint i = 0; i < N_ROUNDS; i++)
    {
      gsize is_made = 0;

      if (g_once_init_enter (&is_made))
        g_once_init_leave (&is_made, 1);
    }
  return NULL;
}

static void
test_first_number (void)
{
  GThread *threads[N_THREADS];
  guint64 number = 7;
  gboolean is_number;

  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("first-times", first_times, NULL);
  while (g_atomic_int_get (&n_running) < N_THREADS)
    g_thread_yield ();
  is_number = ac_number_parse ("0", 0, 5, &number);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  g_assert_true (is_number);
  g_assert_cmpuint (number, ==, 0);
}

/* Of a process only the very first number is at risk, so each try is a process. */
static void
test_many_first_numbers (void)
{
  for (guint i = 0; i < N_RUNS; i++)
    {
      g_test_trap_subprocess ("/number/first/subprocess", 0, G_TEST_SUBPROCESS_DEFAULT);
      g_test_trap_assert_passed ();
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/number/unsigned", test_unsigned);
  g_test_add_func ("/number/signed", test_signed);
  g_test_add_func ("/number/first", test_many_first_numbers);
  g_test_add_func ("/number/first/subprocess", test_first_number);
  return g_test_run ();
}
