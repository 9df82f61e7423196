/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A button that opens a list of values to filter by, each with how many things have it. What is
 * chosen stands on the button.
 *
 * Signal: chosen (): the person has changed what is chosen. */
#pragma once

#include <gtk/gtk.h>

#include "model/ac-json.h"

G_BEGIN_DECLS

/* Returns (transfer none) how a value is called. */
typedef const char *(*AcFacetLabel) (const char *value);

#define AC_TYPE_FACET_BUTTON (ac_facet_button_get_type ())
G_DECLARE_FINAL_TYPE (AcFacetButton, ac_facet_button, AC, FACET_BUTTON, GtkWidget)

GtkWidget *ac_facet_button_new (const char *title, AcFacetLabel label);
void ac_facet_button_set_counts (AcFacetButton *self, JsonObject *counts);
GStrv ac_facet_button_get_chosen (AcFacetButton *self);
void ac_facet_button_clear (AcFacetButton *self);

G_END_DECLS
