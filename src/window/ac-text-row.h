/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A row of an AcTextTable: its texts, what they are sorted and exported as where that differs, an
 * icon before some of them, and the thing it is about. What it shows is filled in once and then
 * left alone. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define AC_TYPE_TEXT_ROW (ac_text_row_get_type ())
G_DECLARE_FINAL_TYPE (AcTextRow, ac_text_row, AC, TEXT_ROW, GObject)

AcTextRow *ac_text_row_new (guint n_columns, gpointer subject);
void ac_text_row_set (AcTextRow *self, guint column, const char *text);
void ac_text_row_take (AcTextRow *self, guint column, char *text);
void ac_text_row_set_time (AcTextRow *self, guint column, gint64 time);
void ac_text_row_set_number (AcTextRow *self, guint column, gint64 number);
void ac_text_row_set_seconds (AcTextRow *self, guint column, gint64 seconds);
void ac_text_row_set_icon (AcTextRow *self,
                           guint column,
                           const char *icon_name,
                           const char *style_class);

const char *ac_text_row_get_text (AcTextRow *self, guint column);
const char *ac_text_row_get_export (AcTextRow *self, guint column);
const char *ac_text_row_get_tooltip (AcTextRow *self, guint column);
const char *ac_text_row_get_icon (AcTextRow *self, guint column, const char **style_class);
gpointer ac_text_row_get_subject (AcTextRow *self);
void ac_text_row_follow (AcTextRow *self, AcTextRow *other);
char *ac_text_row_describe (AcTextRow *self);
gboolean ac_text_row_matches (AcTextRow *self, const char *const *words);
int ac_text_row_compare (AcTextRow *a, AcTextRow *b, guint column);
gboolean ac_text_row_equal (AcTextRow *a, AcTextRow *b);

G_END_DECLS
