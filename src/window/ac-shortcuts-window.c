/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "window/ac-keys.h"
#include "window/ac-shortcuts-window.h"
#include "window/ac-ui.h"

struct _AcShortcutsWindow
{
  AdwWindow parent_instance;

  GtkBox *groups;
};

G_DEFINE_FINAL_TYPE (AcShortcutsWindow, ac_shortcuts_window, ADW_TYPE_WINDOW)

static void
append_keycap (GtkBox *box, const char *accel)
{
  GdkModifierType modifiers;
  guint keyval;
  g_autofree char *text = NULL;
  GtkWidget *label;

  if (!gtk_accelerator_parse (accel, &keyval, &modifiers))
    return;
  text = gtk_accelerator_get_label (keyval, modifiers);
  label = gtk_label_new (text);
  gtk_widget_add_css_class (label, "keycap");
  gtk_widget_set_valign (label, GTK_ALIGN_CENTER);
  gtk_box_append (box, label);
}

static void
append_key (AdwPreferencesGroup *group, const AcKey *key)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *caps = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  g_auto (GStrv) accels = g_strsplit (key->accels, " ", -1);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row),
                                 g_dpgettext2 (NULL, "shortcuts", key->title));
  for (guint i = 0; accels[i] != NULL; i++)
    append_keycap (GTK_BOX (caps), accels[i]);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), caps);
  adw_preferences_group_add (group, row);
}

static void
ac_shortcuts_window_class_init (AcShortcutsWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               AC_UI_RESOURCE_PATH "/ac-shortcuts-window.ui");
  gtk_widget_class_bind_template_child (widget_class, AcShortcutsWindow, groups);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
ac_shortcuts_window_init (AcShortcutsWindow *self)
{
  const char *name = NULL;
  GtkWidget *group = NULL;
  const AcKey *key;

  gtk_widget_init_template (GTK_WIDGET (self));
  for (gsize i = 0; (key = ac_keys_get (i)) != NULL; i++)
    {
      if (name == NULL || strcmp (name, key->group) != 0)
        {
          group = adw_preferences_group_new ();
          adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group),
                                           g_dpgettext2 (NULL, "shortcuts", key->group));
          gtk_box_append (self->groups, group);
        }
      name = key->group;
      append_key (ADW_PREFERENCES_GROUP (group), key);
    }
}

/**
 * ac_shortcuts_window_new:
 * @parent: (nullable): what it stands over
 *
 * Returns: (transfer none): GTK holds it until it is closed.
 */
GtkWindow *
ac_shortcuts_window_new (GtkWindow *parent)
{
  return g_object_new (AC_TYPE_SHORTCUTS_WINDOW, "transient-for", parent, NULL);
}
