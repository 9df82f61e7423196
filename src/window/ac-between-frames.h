/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does a long work in steps, one between a frame and the next: a frame that has to lay out and paint
 * what a step has made has no time to make it, and two steps at once would be too much for the frame
 * after them. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct _AcBetweenFrames AcBetweenFrames;

/* Returns: whether there is more to do. */
typedef gboolean (*AcBetweenFramesStep) (GtkWidget *widget);

AcBetweenFrames *ac_between_frames_new (GtkWidget *widget, AcBetweenFramesStep step);
void ac_between_frames_start (AcBetweenFrames *self);
void ac_between_frames_stop (AcBetweenFrames *self);
gboolean ac_between_frames_is_running (AcBetweenFrames *self);
void ac_between_frames_free (AcBetweenFrames *self);

G_END_DECLS
