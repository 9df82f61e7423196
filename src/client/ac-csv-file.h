/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes a table as CSV (RFC 4180) into a new file, and never over one that is there. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void ac_csv_append_row (GString *text, const char *const *cells, gsize n_cells);
char *ac_csv_file_write (const char *folder, const char *name, const GString *text, GError **error);

G_END_DECLS
