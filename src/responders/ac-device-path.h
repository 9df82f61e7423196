/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Paths on devices are bytes, mostly UTF-8 but not always: how an entity carries them, how they
 * stand in a receipt, and how they are shown. Paths are whole and hold no NUL. */
#pragma once

#include "model/ac-entity.h"

G_BEGIN_DECLS

#define AC_DEVICE_PATH_ERROR (ac_device_path_error_quark ())
typedef enum
{
  AC_DEVICE_PATH_ERROR_INVALID,
} AcDevicePathError;

GQuark ac_device_path_error_quark (void);

char *ac_device_path_from_entity (AcEntity *entity, GError **error);
char *ac_device_path_escape (const char *path);
char *ac_device_path_unescape (const char *text);
char *ac_device_path_for_people (const char *path);
char *ac_device_path_join (const char *folder, const char *name);
const char *ac_device_path_get_name (const char *path);
char *ac_device_path_dup_folder (const char *path);

G_END_DECLS
