/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all responders share. */
#include "config.h"

#include "responders/ac-responder.h"

/* Longer than any test may take. */
#define FOR_EVER (600 * 1000)

static void
test_a_wait_takes_its_time (void)
{
  gint64 before = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;

  g_assert_true (ac_responder_wait (30, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (g_get_monotonic_time () - before, >=, 30 * G_TIME_SPAN_MILLISECOND);
}

static gpointer
cancel_thread (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return NULL;
}

static void
test_a_wait_ends_when_it_is_cancelled (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GThread *thread = g_thread_new ("cancel", cancel_thread, cancellable);
  g_autoptr (GError) error = NULL;

  g_assert_false (ac_responder_wait (FOR_EVER, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/responders/responder/a-wait-takes-its-time", test_a_wait_takes_its_time);
  g_test_add_func ("/responders/responder/a-wait-ends-when-it-is-cancelled",
                   test_a_wait_ends_when_it_is_cancelled);
  return g_test_run ();
}
