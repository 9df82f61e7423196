/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One connection to the OpenSSH server of a device, blocking, for one thread: the host key checked
 * against a file of known hosts, the login with a key, channels for SFTP and for single commands. A
 * watchdog ends it when the device says nothing for too long or the work is cancelled; no call
 * waits longer. It never asks, and never learns a new host key. */
#pragma once

#include <libssh/libssh.h>

#include "responders/ac-device-error.h"

G_BEGIN_DECLS

/* Where a device is, and who asks. */
typedef struct
{
  const char *name; /* of the device, for people */
  const char *host;
  guint16 port;
  const char *user;
  const char *key;         /* the private key as text; secret */
  const char *known_hosts; /* the path of the file */
  guint timeout;           /* seconds */
} AcDeviceEndpoint;

typedef struct _AcDeviceConnection AcDeviceConnection;

AcDeviceConnection *ac_device_connection_open (const AcDeviceEndpoint *endpoint,
                                               GCancellable *cancellable,
                                               GError **error);
void ac_device_connection_free (AcDeviceConnection *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcDeviceConnection, ac_device_connection_free)

gboolean ac_device_connection_open_sftp (AcDeviceConnection *self, GError **error);
gboolean
ac_device_connection_read (AcDeviceConnection *self, gpointer data, gsize length, GError **error);
gboolean ac_device_connection_write (AcDeviceConnection *self,
                                     gconstpointer data,
                                     gsize length,
                                     GError **error);

char *ac_device_connection_run (AcDeviceConnection *self,
                                const char *command,
                                const char *input,
                                GError **error);

G_END_DECLS
