/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much of the same a test does where a checker makes each step many times slower: each kind of
 * thing still happens, less often. */
#pragma once

#include <glib.h>

/* How many times fewer rounds there are to be. AC_SLOW_CHECKER says which checker runs this
 * program: meson.build sets it for sanitizers, valgrind_wrapper.py for valgrind. */
static inline guint
checker_slowness (void)
{
  const char *checker = g_getenv ("AC_SLOW_CHECKER");

  if (checker == NULL)
    return 1;
  return g_str_equal (checker, "sanitizers") ? 4 : 10;
}

/* n, or a part of it under such a checker. */
static inline guint
scaled (guint n)
{
  return n / checker_slowness ();
}
