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

/**
 * ac_ui_add_own_icon:
 *
 * Makes the icon of the program known to the icon theme where it is not installed. Not called
 * before the icon is to be seen: it is an SVG, and each window would load the reader of it for its
 * own icon.
 */
void
ac_ui_add_own_icon (GdkDisplay *display)
{
  GtkIconTheme *theme = gtk_icon_theme_get_for_display (display);

  if (!gtk_icon_theme_has_icon (theme, AC_APP_ID))
    gtk_icon_theme_add_resource_path (theme, AC_UI_RESOURCE_PATH "/own-icon");
}

/**
 * ac_ui_use_own_icons:
 *
 * Has the icons come from GTK and from this room, which hold all that the window shows as pictures
 * that need no reader of SVG. The theme of the desktop has the same ones as SVG, and the first of
 * them would load a library of 8 MB. Called when the display is open.
 */
void
ac_ui_use_own_icons (void)
{
  g_object_set (gtk_settings_get_default (), "gtk-icon-theme-name", "hicolor", NULL);
}

/**
 * ac_ui_quiet_while_open:
 *
 * Keeps the tooltip of @button away while its popover is open, where it would lie over the first
 * line and take the click on it. Called for each popover that it gets.
 */
void
ac_ui_quiet_while_open (GtkMenuButton *button)
{
  GtkPopover *popover;

  g_return_if_fail (GTK_IS_MENU_BUTTON (button));

  popover = gtk_menu_button_get_popover (button);
  if (popover != NULL)
    g_object_bind_property (popover, "visible", button, "has-tooltip",
                            G_BINDING_SYNC_CREATE | G_BINDING_INVERT_BOOLEAN);
}

static void
spinner_map_cb (GtkSpinner *spinner)
{
  gtk_spinner_set_spinning (spinner, TRUE);
}

static void
spinner_unmap_cb (GtkSpinner *spinner)
{
  gtk_spinner_set_spinning (spinner, FALSE);
}

/**
 * ac_ui_bind_spinner:
 *
 * Gives a template the handlers for map and unmap of a spinner. One on a page of a stack that is
 * not shown would go on turning, and the window would paint sixty times a second that nothing has
 * changed.
 */
void
ac_ui_bind_spinner (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, spinner_map_cb);
  gtk_widget_class_bind_template_callback (widget_class, spinner_unmap_cb);
}

/**
 * ac_ui_clear_box:
 *
 * Takes everything out of @box.
 */
void
ac_ui_clear_box (GtkBox *box)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (box))) != NULL)
    gtk_box_remove (box, child);
}
