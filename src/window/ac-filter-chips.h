/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What narrows a list down, one chip each. A click on a chip takes that filter away. */
#pragma once

#include "window/ac-action-tab.h"

G_BEGIN_DECLS

#define AC_TYPE_FILTER_CHIPS (ac_filter_chips_get_type ())
G_DECLARE_FINAL_TYPE (AcFilterChips, ac_filter_chips, AC, FILTER_CHIPS, GtkWidget)

void ac_filter_chips_set_tab (AcFilterChips *self, AcActionTab *tab);
void ac_filter_chips_update (AcFilterChips *self);

G_END_DECLS
