/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/ac-number.h"

/* GLib's first conversion in a process makes its C locale, and while another thread makes anything
 * else for the first time that leaves EAGAIN in errno, which g_ascii_string_to_unsigned() then takes
 * for a wrong number: “0” is none, once in a long while. A conversion whose result nobody looks at
 * comes first. */
static void
make_locale (void)
{
  static gsize is_made = 0;

  if (g_once_init_enter (&is_made))
    {
      g_ascii_strtoull ("0", NULL, 10);
      g_once_init_leave (&is_made, 1);
    }
}

/**
 * ac_number_parse:
 * @text: decimal digits and nothing else
 * @number: (out) (optional): left alone on failure
 *
 * Like g_ascii_string_to_unsigned(), and right from any number of threads at once.
 *
 * Returns: whether @text is a number from @least to @most.
 */
gboolean
ac_number_parse (const char *text, guint64 least, guint64 most, guint64 *number)
{
  make_locale ();
  return g_ascii_string_to_unsigned (text, 10, least, most, number, NULL);
}

/**
 * ac_number_parse_signed:
 * @text: decimal digits, with a sign before them or not
 * @number: (out) (optional): left alone on failure
 *
 * Like g_ascii_string_to_signed(), and right from any number of threads at once.
 *
 * Returns: whether @text is a number from @least to @most.
 */
gboolean
ac_number_parse_signed (const char *text, gint64 least, gint64 most, gint64 *number)
{
  make_locale ();
  return g_ascii_string_to_signed (text, 10, least, most, number, NULL);
}
