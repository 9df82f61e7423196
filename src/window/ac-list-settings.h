/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a person had a tab last: its order and its columns, in the settings. Plain functions. */
#pragma once

#include "window/ac-action-tab.h"

G_BEGIN_DECLS

void ac_list_settings_read (AcActionTab *tab, GSettings *settings);
void ac_list_settings_write (AcActionTab *tab, GSettings *settings);

G_END_DECLS
