/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The templates and icons of this room, compiled in. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define AC_UI_RESOURCE_PATH "/org/actioncenter/ActionCenter"

void ac_ui_init (void);
void ac_ui_add_icons (GdkDisplay *display);
void ac_ui_add_own_icon (GdkDisplay *display);
void ac_ui_use_own_icons (void);
void ac_ui_clear_box (GtkBox *box);
void ac_ui_quiet_while_open (GtkMenuButton *button);
void ac_ui_bind_spinner (GtkWidgetClass *widget_class);

G_END_DECLS
