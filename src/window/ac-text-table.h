/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table of texts that is all there: sorted by its columns, filtered by words, and, where it has a
 * name for it, exported as CSV just as it is filtered. It knows nothing of what the texts are
 * about.
 *
 * Signal: row-activated (GObject): what the activated row is about. */
#pragma once

#include <gtk/gtk.h>

#include "window/ac-text-row.h"

G_BEGIN_DECLS

typedef struct
{
  const char *title; /* not translated: N_() */
  guint chars;       /* room for so many characters */
} AcTextColumn;

#define AC_TYPE_TEXT_TABLE (ac_text_table_get_type ())
G_DECLARE_FINAL_TYPE (AcTextTable, ac_text_table, AC, TEXT_TABLE, GtkWidget)

GtkWidget *ac_text_table_new (const char *label, const AcTextColumn *columns, guint n_columns);
void ac_text_table_set_export_name (AcTextTable *self, const char *export_name);
void ac_text_table_set_rows (AcTextTable *self, GPtrArray *rows);
guint ac_text_table_get_n_rows (AcTextTable *self);
void ac_text_table_set_words (AcTextTable *self, const char *words);

G_END_DECLS
