/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Holds one child and says whether it has little width, so that templates can bind to that. It may
 * always be made narrower than its child wishes; that is how the child gets the chance to change.
 * (libadwaita has AdwBreakpoint for this from 1.4.)
 *
 * Properties: child (GtkWidget), narrow-below (int: pixels at normal text size; with larger text it
 * grows along), narrow (boolean, read-only), available-width (int, read-only: pixels at normal text
 * size). */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define AC_TYPE_ADAPTIVE_BIN (ac_adaptive_bin_get_type ())
G_DECLARE_FINAL_TYPE (AcAdaptiveBin, ac_adaptive_bin, AC, ADAPTIVE_BIN, GtkWidget)

gboolean ac_adaptive_bin_get_narrow (AcAdaptiveBin *self);
int ac_adaptive_bin_get_available_width (AcAdaptiveBin *self);
void ac_adaptive_bin_set_child (AcAdaptiveBin *self, GtkWidget *child);

G_END_DECLS
