/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "window/ac-accessible.h"
#include "window/ac-settings-window.h"
#include "window/ac-ui.h"
#include "window/ac-vocabulary-row.h"

struct _AcSettingsWindow
{
  AdwWindow parent_instance;

  AdwComboRow *appearance;
  AdwComboRow *density;
  GtkSwitch *utc;
  GtkSwitch *single_letter_keys;
  GtkSwitch *notifications;
  AdwComboRow *least_verdict;
  AcVocabularyRow *types;
  AcVocabularyRow *sources;
  AdwActionRow *connection;

  AcSession *session;
};

G_DEFINE_FINAL_TYPE (AcSettingsWindow, ac_settings_window, ADW_TYPE_WINDOW)

static void
session_cb (AcSettingsWindow *self)
{
  g_autofree char *address = NULL;
  g_autofree char *name = NULL;
  g_autofree char *role = NULL;
  g_autofree char *who = NULL;

  g_object_get (self->session, "address", &address, "user-name", &name, "role-label", &role, NULL);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->connection),
                                 address != NULL && *address != '\0' ? address
                                                                     : _ ("Not connected"));
  if (name != NULL && role != NULL)
    /* Translators: the name and the role of a person */
    who = g_strdup_printf (_ ("%1$s · %2$s"), name, role);
  adw_action_row_set_subtitle (self->connection, who != NULL ? who : "");
}

/* It stands over the window and not over this one, which has nothing to say to it. */
static void
connection_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (widget));

  if (parent != NULL)
    gtk_widget_activate_action (GTK_WIDGET (parent), "win.connection", NULL);
  gtk_window_close (GTK_WINDOW (widget));
}

/* The items of a combo row stand in the order of the enumeration's values. */
static gboolean
choice_to_position (GValue *value, GVariant *variant, gpointer user_data)
{
  const char *const *choices = user_data;

  for (guint i = 0; choices[i] != NULL; i++)
    if (strcmp (choices[i], g_variant_get_string (variant, NULL)) == 0)
      g_value_set_uint (value, i);
  return TRUE;
}

static GVariant *
position_to_choice (const GValue *value, const GVariantType *type, gpointer user_data)
{
  const char *const *choices = user_data;
  guint position = g_value_get_uint (value);

  return position < g_strv_length ((GStrv)choices) ? g_variant_new_string (choices[position])
                                                   : NULL;
}

static void
bind_choice (GSettings *settings, const char *key, AdwComboRow *row, const char *const *choices)
{
  g_settings_bind_with_mapping (settings, key, row, "selected", G_SETTINGS_BIND_DEFAULT,
                                choice_to_position, position_to_choice, (gpointer)choices, NULL);
}

static void
ac_settings_window_dispose (GObject *object)
{
  g_clear_object (&AC_SETTINGS_WINDOW (object)->session);
  G_OBJECT_CLASS (ac_settings_window_parent_class)->dispose (object);
}

static void
ac_settings_window_class_init (AcSettingsWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_settings_window_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               AC_UI_RESOURCE_PATH "/ac-settings-window.ui");
  gtk_widget_class_bind_template_child (widget_class, AcSettingsWindow, utc);
  gtk_widget_class_bind_template_child (widget_class, AcSettingsWindow, single_letter_keys);
  gtk_widget_class_bind_template_child (widget_class, AcSettingsWindow, appearance);
  gtk_widget_class_bind_template_child (widget_class, AcSettingsWindow, density);
  gtk_widget_class_bind_template_child (widget_class, AcSettingsWindow, notifications);
  gtk_widget_class_bind_template_child (widget_class, AcSettingsWindow, least_verdict);
  gtk_widget_class_bind_template_child (widget_class, AcSettingsWindow, types);
  gtk_widget_class_bind_template_child (widget_class, AcSettingsWindow, sources);
  gtk_widget_class_bind_template_child (widget_class, AcSettingsWindow, connection);
  gtk_widget_class_install_action (widget_class, "settings-window.connection", NULL,
                                   connection_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
ac_settings_window_init (AcSettingsWindow *self)
{
  AdwPreferencesRow *choices[3];

  g_type_ensure (AC_TYPE_VOCABULARY_ROW);
  gtk_widget_init_template (GTK_WIDGET (self));
  choices[0] = ADW_PREFERENCES_ROW (self->appearance);
  choices[1] = ADW_PREFERENCES_ROW (self->density);
  choices[2] = ADW_PREFERENCES_ROW (self->least_verdict);
  for (guint i = 0; i < G_N_ELEMENTS (choices); i++)
    ac_accessible_name_choice (GTK_WIDGET (choices[i]), adw_preferences_row_get_title (choices[i]));
}

/**
 * ac_settings_window_new:
 * @parent: (nullable): what it stands over
 * @session: whose service it names
 *
 * Returns: (transfer none): GTK holds it until it is closed.
 */
GtkWindow *
ac_settings_window_new (GtkWindow *parent, GSettings *settings, AcSession *session)
{
  static const char *const appearances[] = { "system", "light", "dark", NULL };
  static const char *const densities[] = { "compact", "comfortable", NULL };
  static const char *const verdicts[] = { "any", "suspicious", "malicious", NULL };
  AcSettingsWindow *self = g_object_new (AC_TYPE_SETTINGS_WINDOW, "transient-for", parent, NULL);

  g_settings_bind (settings, "utc", self->utc, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "single-letter-keys", self->single_letter_keys, "active",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "notifications", self->notifications, "active",
                   G_SETTINGS_BIND_DEFAULT);
  bind_choice (settings, "appearance", self->appearance, appearances);
  bind_choice (settings, "density", self->density, densities);
  bind_choice (settings, "notifications-least-verdict", self->least_verdict, verdicts);
  ac_vocabulary_row_set_up (self->types, AC_VOCABULARY_ACTION_TYPE, settings,
                            "notifications-types-off");
  ac_vocabulary_row_set_up (self->sources, AC_VOCABULARY_SOURCE, settings,
                            "notifications-sources-off");
  self->session = g_object_ref (session);
  g_signal_connect_object (session, "notify", G_CALLBACK (session_cb), self, G_CONNECT_SWAPPED);
  session_cb (self);
  return GTK_WINDOW (self);
}
