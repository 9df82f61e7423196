/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The group [device] of the service's configuration, read and checked once: whom to be on a device,
 * with which key, where each device is and whose host key it must show. */
#pragma once

#include "responders/ac-device-connection.h"

G_BEGIN_DECLS

#define AC_DEVICE_CONFIG_ERROR (ac_device_config_error_quark ())
typedef enum
{
  AC_DEVICE_CONFIG_ERROR_INVALID, /* the message names the key */
} AcDeviceConfigError;

GQuark ac_device_config_error_quark (void);

typedef struct
{
  char *user;
  char *key; /* secret: the private key as text */
  char *known_hosts;
  GStrv quarantine_folders;
  GHashTable *addresses; /* device → GNetworkAddress */
  guint16 port;          /* of those that are not listed */
  guint timeout;         /* seconds */
  guint connections;     /* to devices at once */
  guint retry;           /* seconds after the decision */
  gboolean copies_without_attributes;
} AcDeviceConfig;

AcDeviceConfig *ac_device_config_new (GKeyFile *key_file, GError **error);
void ac_device_config_free (AcDeviceConfig *config);
AcDeviceConnection *ac_device_config_connect (const AcDeviceConfig *config,
                                              const char *device,
                                              GCancellable *cancellable,
                                              GError **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcDeviceConfig, ac_device_config_free)

G_END_DECLS
