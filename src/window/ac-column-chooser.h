/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A popover with all columns of a list: which of them are shown, in which order, and back to how it
 * was before anybody chose. What is chosen holds at once. */
#pragma once

#include "window/ac-action-tab.h"

G_BEGIN_DECLS

#define AC_TYPE_COLUMN_CHOOSER (ac_column_chooser_get_type ())
G_DECLARE_FINAL_TYPE (AcColumnChooser, ac_column_chooser, AC, COLUMN_CHOOSER, GtkPopover)

GtkWidget *ac_column_chooser_new (AcActionTab *tab);

G_END_DECLS
