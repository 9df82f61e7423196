/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where cairo paints and the display is X11, a frame goes to the server through shared memory.
 * cairo takes it from a pool, and throws the pool away with the next frame when nothing else is in
 * it: so with each frame that paints much, megabytes come from the system anew, a page at a time,
 * which takes longer than all of the painting. Here something small is put into a pool that is
 * large enough, and stays there. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void ac_frame_memory_keep (GtkNative *native);

G_END_DECLS
