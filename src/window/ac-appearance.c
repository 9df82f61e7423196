/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <adwaita.h>

#include "window/ac-appearance.h"

/* The values of the enumerations in the schema. */
enum
{
  APPEARANCE_SYSTEM,
  APPEARANCE_LIGHT,
  APPEARANCE_DARK,
};

enum
{
  DENSITY_COMPACT,
  DENSITY_COMFORTABLE,
};

static void
appearance_cb (GtkWidget *window, const char *key, GSettings *settings)
{
  AdwColorScheme scheme = ADW_COLOR_SCHEME_DEFAULT;

  if (g_settings_get_enum (settings, "appearance") == APPEARANCE_LIGHT)
    scheme = ADW_COLOR_SCHEME_FORCE_LIGHT;
  else if (g_settings_get_enum (settings, "appearance") == APPEARANCE_DARK)
    scheme = ADW_COLOR_SCHEME_FORCE_DARK;
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), scheme);
}

static void
density_cb (GtkWidget *window, const char *key, GSettings *settings)
{
  if (g_settings_get_enum (settings, "density") == DENSITY_COMFORTABLE)
    gtk_widget_add_css_class (window, "comfortable");
  else
    gtk_widget_remove_css_class (window, "comfortable");
}

/**
 * ac_appearance_follow:
 * @settings: of this program
 * @window: the one that is to look so, now and whenever the settings change
 */
void
ac_appearance_follow (GSettings *settings, GtkWidget *window)
{
  g_return_if_fail (G_IS_SETTINGS (settings));
  g_return_if_fail (GTK_IS_WIDGET (window));

  g_signal_connect_object (settings, "changed::appearance", G_CALLBACK (appearance_cb), window,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::density", G_CALLBACK (density_cb), window,
                           G_CONNECT_SWAPPED);
  appearance_cb (window, NULL, settings);
  density_cb (window, NULL, settings);
}
