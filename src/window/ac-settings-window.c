/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/ac-settings-window.h"
#include "window/ac-ui.h"

struct _AcSettingsWindow
{
  AdwWindow parent_instance;

  GtkSwitch *utc;
  GtkSwitch *single_letter_keys;
};

G_DEFINE_FINAL_TYPE (AcSettingsWindow, ac_settings_window, ADW_TYPE_WINDOW)

static void
ac_settings_window_class_init (AcSettingsWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               AC_UI_RESOURCE_PATH "/ac-settings-window.ui");
  gtk_widget_class_bind_template_child (widget_class, AcSettingsWindow, utc);
  gtk_widget_class_bind_template_child (widget_class, AcSettingsWindow, single_letter_keys);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
ac_settings_window_init (AcSettingsWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ac_settings_window_new:
 * @parent: (nullable): what it stands over
 *
 * Returns: (transfer none): GTK holds it until it is closed.
 */
GtkWindow *
ac_settings_window_new (GtkWindow *parent, GSettings *settings)
{
  AcSettingsWindow *self = g_object_new (AC_TYPE_SETTINGS_WINDOW, "transient-for", parent, NULL);

  g_settings_bind (settings, "utc", self->utc, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "single-letter-keys", self->single_letter_keys, "active",
                   G_SETTINGS_BIND_DEFAULT);
  return GTK_WINDOW (self);
}
