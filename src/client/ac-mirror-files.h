/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files of mirrors in their folder: whose they are at the moment, and which nobody has used for a
 * long time. It never looks into one. Plain functions for the writing thread. Private to this room. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

gboolean ac_mirror_files_make_folder (const char *folder, GError **error);
int ac_mirror_files_lock (const char *path, GError **error);
void ac_mirror_files_remove (const char *path);
guint ac_mirror_files_remove_unused (const char *folder, const char *own_path);

G_END_DECLS
