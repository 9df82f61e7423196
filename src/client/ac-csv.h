/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables as text (RFC 4180) that a spreadsheet opens without carrying anything out. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void ac_csv_append_field (GString *text, const char *value, gboolean first);
void ac_csv_append_row (GString *text, const char *const *cells, gsize n_cells);

G_END_DECLS
