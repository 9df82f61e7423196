/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line at the top of a page that says what is wrong, with one button for what to do about it.
 *
 * Properties: text (string, nullable: nothing is shown without one), button-label (string,
 * nullable), action-name (string, nullable: what the button does). */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define AC_TYPE_BANNER (ac_banner_get_type ())
G_DECLARE_FINAL_TYPE (AcBanner, ac_banner, AC, BANNER, GtkWidget)

void ac_banner_set_narrow (AcBanner *self, gboolean narrow);
void ac_banner_set_text (AcBanner *self, const char *text);
const char *ac_banner_get_text (AcBanner *self);
void ac_banner_set_button_label (AcBanner *self, const char *label);
void ac_banner_set_action_name (AcBanner *self, const char *action_name);

G_END_DECLS
