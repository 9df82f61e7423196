/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "responders/ac-imap-error.h"

G_DEFINE_QUARK (ac - imap - error - quark, ac_imap_error)

/**
 * ac_imap_error_is_transient:
 *
 * Returns: whether the same may succeed later without anybody changing anything.
 */
gboolean
ac_imap_error_is_transient (const GError *error)
{
  return g_error_matches (error, AC_IMAP_ERROR, AC_IMAP_ERROR_UNREACHABLE) ||
         g_error_matches (error, AC_IMAP_ERROR, AC_IMAP_ERROR_UNAVAILABLE) ||
         g_error_matches (error, AC_IMAP_ERROR, AC_IMAP_ERROR_CHANGED) ||
         ac_imap_error_is_lost_connection (error);
}

/**
 * ac_imap_error_is_lost_connection:
 *
 * Returns: whether the connection broke, so that nobody knows whether the last command was carried
 *   out.
 */
gboolean
ac_imap_error_is_lost_connection (const GError *error)
{
  return g_error_matches (error, AC_IMAP_ERROR, AC_IMAP_ERROR_CLOSED) ||
         g_error_matches (error, AC_IMAP_ERROR, AC_IMAP_ERROR_TIMED_OUT);
}

/**
 * ac_imap_error_is_refusal:
 *
 * Returns: whether the server has answered a command that it did not do it, for whatever reason and
 *   time. A connection that is of no use any more is for the caller to see.
 */
gboolean
ac_imap_error_is_refusal (const GError *error)
{
  return g_error_matches (error, AC_IMAP_ERROR, AC_IMAP_ERROR_REFUSED) ||
         g_error_matches (error, AC_IMAP_ERROR, AC_IMAP_ERROR_OVER_QUOTA) ||
         g_error_matches (error, AC_IMAP_ERROR, AC_IMAP_ERROR_UNAVAILABLE) ||
         g_error_matches (error, AC_IMAP_ERROR, AC_IMAP_ERROR_NO_FOLDER) ||
         g_error_matches (error, AC_IMAP_ERROR, AC_IMAP_ERROR_CHANGED);
}
