/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Puts on the clipboard what is selected in a tab, or the link to its list. A plain function. */
#pragma once

#include "window/ac-action-tab.h"

G_BEGIN_DECLS

gboolean ac_list_copy (AcActionTab *tab, const char *format);

G_END_DECLS
