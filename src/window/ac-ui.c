/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/ac-resources.h"
#include "window/ac-ui.h"

/**
 * ac_ui_init:
 *
 * Makes the templates known; called before the first widget class of this room is used. They are
 * registered here and not by a constructor, which a static library would lose.
 */
void
ac_ui_init (void)
{
  ac_register_resource ();
}

/**
 * ac_ui_add_icons:
 *
 * Makes the icons of this room known to the icon theme.
 */
void
ac_ui_add_icons (GdkDisplay *display)
{
  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (display),
                                    AC_UI_RESOURCE_PATH "/icons");
}
