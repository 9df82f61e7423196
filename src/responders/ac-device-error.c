/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "responders/ac-device-error.h"

G_DEFINE_QUARK (ac - device - error - quark, ac_device_error)

/**
 * ac_device_error_is_transient:
 *
 * Returns: whether the same may succeed later without anybody changing anything.
 */
gboolean
ac_device_error_is_transient (const GError *error)
{
  return g_error_matches (error, AC_DEVICE_ERROR, AC_DEVICE_ERROR_UNREACHABLE) ||
         ac_device_error_is_lost_connection (error);
}

/**
 * ac_device_error_is_lost_connection:
 *
 * Returns: whether the connection broke, so that nobody knows whether the last request was carried
 *   out.
 */
gboolean
ac_device_error_is_lost_connection (const GError *error)
{
  return g_error_matches (error, AC_DEVICE_ERROR, AC_DEVICE_ERROR_CLOSED) ||
         g_error_matches (error, AC_DEVICE_ERROR, AC_DEVICE_ERROR_TIMED_OUT);
}

/**
 * ac_device_error_is_of_file:
 *
 * Returns: whether it concerns one file only, and the connection can go on being used.
 */
gboolean
ac_device_error_is_of_file (const GError *error)
{
  return error->domain == AC_DEVICE_ERROR && error->code >= AC_DEVICE_ERROR_NO_FILE;
}
