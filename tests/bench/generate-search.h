/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The search index of a generated database, made in a thread of its own and in a file of its own,
 * because it takes as long as everything else together. */
#pragma once

#include <glib.h>

typedef struct _GenerateSearch GenerateSearch;

GenerateSearch *
generate_search_new (const char *path, const char *table);
void generate_search_add (GenerateSearch *self, gint64 row, char *text);
/* Waits until it is made. */
gboolean generate_search_finish (GenerateSearch *self, GError **error);
/* Puts it into the database at path, which nobody has open. */
gboolean generate_search_move (GenerateSearch *self, GError **error);
void generate_search_free (GenerateSearch *self);
