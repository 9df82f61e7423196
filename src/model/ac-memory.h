/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much memory a program keeps that it does not need at the moment. What the system hands out
 * anew comes a page at a time, as each is touched, and that takes longer than most work with it: to
 * read the text of a thousand actions half as long as to parse it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void ac_memory_keep (gsize block, gsize rest);

G_END_DECLS
