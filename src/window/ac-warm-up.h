/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the window needs for the first time sooner or later, got by a thread before anybody waits
 * for it.
 *
 * Memory: a frame drawn by cairo takes memory for all that it paints, 4 MB where the window has
 * 1280 by 800, and gives it back. What the system hands out anew comes a page at a time, as each is
 * touched, and that takes longer than the painting. So the window keeps what it has had, and some is
 * touched ahead.
 *
 * Dictionaries: pango reads one with the first Thai text that it breaks. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void ac_warm_up_keep_memory (void);
void ac_warm_up_start (void);

G_END_DECLS
