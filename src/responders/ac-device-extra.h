/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What SFTP cannot see of a file: extended attributes, of which access control lists are some,
 * times below the second, and how many names it has. Seen and brought back by GNU stat, touch,
 * getfattr and setfattr on the device, where the service may run commands there. A rename keeps all
 * of it, so this is for copies only. */
#pragma once

#include <json-glib/json-glib.h>

#include "responders/ac-device-connection.h"

G_BEGIN_DECLS

typedef struct
{
  guint64 n_names;
  char *accessed;        /* seconds since 1970, with nine places */
  char *modified;        /* the same */
  GPtrArray *attributes; /* of char *: lines as getfattr writes them, sorted */
} AcDeviceExtra;

AcDeviceExtra *
ac_device_extra_look (AcDeviceConnection *connection, const char *path, GError **error);
gboolean ac_device_extra_bring_back (AcDeviceConnection *connection,
                                     const char *path,
                                     const AcDeviceExtra *extra,
                                     GError **error);
gboolean ac_device_extra_is_back (const AcDeviceExtra *now, const AcDeviceExtra *before);
AcDeviceExtra *ac_device_extra_new_from_json (JsonObject *object);
JsonObject *ac_device_extra_to_json (const AcDeviceExtra *extra);
void ac_device_extra_free (AcDeviceExtra *extra);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcDeviceExtra, ac_device_extra_free)

G_END_DECLS
