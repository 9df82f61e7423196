/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A label and what it says, one under the other; the value can be copied. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define AC_TYPE_FACT_ROW (ac_fact_row_get_type ())
G_DECLARE_FINAL_TYPE (AcFactRow, ac_fact_row, AC, FACT_ROW, GtkWidget)

GtkWidget *ac_fact_row_new (const char *label, const char *value);
const char *ac_fact_row_get_label (AcFactRow *self);
const char *ac_fact_row_get_value (AcFactRow *self);
void ac_fact_row_append (GtkBox *box, const char *label, const char *value);

G_END_DECLS
