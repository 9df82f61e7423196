/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Has the memory at hand that the window works with. A frame drawn by cairo takes memory for all
 * that it paints, 4 MB where the window has 1280 by 800, and gives it back; memory that the system
 * hands out anew is given a page at a time, as each is touched, and that takes longer than the
 * painting. So memory stays where it is once the window has had it, and some of it is touched
 * before anybody waits for it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void ac_heap_set_up (void);
void ac_heap_warm (void);

G_END_DECLS
