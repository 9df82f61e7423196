/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can go wrong between the service and a device. The messages are sentences for a person; the
 * codes are what the device responder decides by. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define AC_DEVICE_ERROR (ac_device_error_quark ())
typedef enum
{
  /* Of the connection: they stop a whole batch. */
  AC_DEVICE_ERROR_UNREACHABLE,    /* no connection could be made */
  AC_DEVICE_ERROR_CLOSED,         /* it was lost: what was asked last may have been done */
  AC_DEVICE_ERROR_TIMED_OUT,      /* the same, and nobody said so */
  AC_DEVICE_ERROR_PROTOCOL,       /* the device said what no SSH or SFTP server may say */
  AC_DEVICE_ERROR_HOST_KEY,       /* not the key that is known, or none is known */
  AC_DEVICE_ERROR_AUTHENTICATION, /* the login was refused */
  AC_DEVICE_ERROR_UNUSABLE,       /* a name that leads to no device, no SFTP there and the like */

  /* Of one file. */
  AC_DEVICE_ERROR_NO_FILE,     /* nothing stands at the path */
  AC_DEVICE_ERROR_DENIED,      /* the service's user may not do it */
  AC_DEVICE_ERROR_REFUSED,     /* the device could not, and does not say why */
  AC_DEVICE_ERROR_UNSUPPORTED, /* the device does not know this request */
} AcDeviceError;

GQuark ac_device_error_quark (void);
gboolean ac_device_error_is_transient (const GError *error);
gboolean ac_device_error_is_lost_connection (const GError *error);
gboolean ac_device_error_is_of_file (const GError *error);

G_END_DECLS
