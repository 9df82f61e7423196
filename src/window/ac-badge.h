/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A word with a shape before it: a status or a verdict. The shape differs for each, so that colour
 * is never all there is. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define AC_TYPE_BADGE (ac_badge_get_type ())
G_DECLARE_FINAL_TYPE (AcBadge, ac_badge, AC, BADGE, GtkWidget)

GtkWidget *ac_badge_new (void);
void ac_badge_set_width_chars (AcBadge *self, guint chars);
void ac_badge_set_status (AcBadge *self, const char *status);
void ac_badge_set_verdict (AcBadge *self, const char *verdict);
const char *ac_badge_get_text (AcBadge *self);

G_END_DECLS
