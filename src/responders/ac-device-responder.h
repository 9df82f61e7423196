/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Quarantine of files on devices, and its undo, over SFTP. A file is only ever moved: at every
 * instant it lies in its own place or in a folder of the device that only the service may open. */
#pragma once

#include "responders/ac-responder.h"

G_BEGIN_DECLS

#define AC_TYPE_DEVICE_RESPONDER (ac_device_responder_get_type ())
G_DECLARE_FINAL_TYPE (AcDeviceResponder, ac_device_responder, AC, DEVICE_RESPONDER, GObject)

AcDeviceResponder *ac_device_responder_new (GKeyFile *config, GError **error);

G_END_DECLS
