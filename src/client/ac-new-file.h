/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that are written for a person and that never take the place of another one. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

char *ac_new_file_write (const char *folder,
                         const char *stem,
                         const char *extension,
                         const char *text,
                         gsize length,
                         GError **error);
void ac_new_file_write_async (const char *folder,
                              const char *stem,
                              const char *extension,
                              GBytes *text,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
char *ac_new_file_write_finish (GAsyncResult *result, GError **error);

G_END_DECLS
