/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "client/ac-token.h"
#include "window/ac-application.h"
#include "window/ac-compat.h"
#include "window/ac-desktop.h"
#include "window/ac-keys.h"
#include "window/ac-session.h"
#include "window/ac-ui.h"
#include "window/ac-window.h"

/* The window waits at most so long (milliseconds) for the first rows before it is shown. */
#define PATIENCE 60

struct _AcApplication
{
  AdwApplication parent_instance;

  AcDesktop *desktop;
  AcSession *session;
  GSettings *settings;     /* nullable: the schema is not installed */
  GtkWindow *first_window; /* nullable: it is to be shown in a moment */
  guint patience;          /* until then */

  /* From the command line. */
  char *address;
  char *token;
  char *ca_file;
};

G_DEFINE_FINAL_TYPE (AcApplication, ac_application, ADW_TYPE_APPLICATION)

static void
quit_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkApplication *self = GTK_APPLICATION (user_data);
  GList *windows;

  /* Each window keeps its state when it is closed. One that is sending a decision closes when that
   * is done, and the program ends with it. */
  while ((windows = gtk_application_get_windows (self)) != NULL)
    {
      GtkWindow *window = windows->data;

      gtk_window_close (window);
      if (gtk_application_get_windows (self) == windows)
        return;
    }
  g_application_quit (G_APPLICATION (self));
}

static const GActionEntry entries[] = {
  { .name = "quit", .activate = quit_cb },
};

/* Without the schema GSettings would end the program; without settings it still works. */
static GSettings *
new_settings (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema =
      source != NULL ? g_settings_schema_source_lookup (source, AC_APP_ID, TRUE) : NULL;

  if (schema == NULL)
    {
      g_warning ("The settings schema %s is not installed, so nothing will be remembered. Install "
                 "Action Center, or set GSETTINGS_SCHEMA_DIR to the folder data of the build.",
                 AC_APP_ID);
      return NULL;
    }
  return g_settings_new_full (schema, NULL, NULL);
}

static char *
take_path (GVariantDict *options, const char *name)
{
  char *path = NULL;

  g_variant_dict_lookup (options, name, "^ay", &path);
  return path;
}

static int
ac_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  AcApplication *self = AC_APPLICATION (application);
  g_autofree char *token_file = take_path (options, "token-file");
  g_autoptr (GError) error = NULL;

  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("action-center %s\n", AC_VERSION);
      return 0;
    }
  g_variant_dict_lookup (options, "address", "s", &self->address);
  self->ca_file = take_path (options, "ca-file");
  if (token_file != NULL)
    {
      self->token = ac_token_read (token_file, &error);
      if (self->token == NULL)
        {
          g_printerr ("action-center: %s\n", error->message);
          return 1;
        }
    }
  if (self->address == NULL && (self->token != NULL || self->ca_file != NULL))
    {
      g_printerr ("action-center: %s\n",
                  _ ("--token-file and --ca-file belong to a service: give its --address, too."));
      return 1;
    }
  /* A service that is named goes into a window of its own, and never into one in which somebody
   * works on another service. */
  if (self->address != NULL)
    g_application_set_flags (application,
                             g_application_get_flags (application) | G_APPLICATION_NON_UNIQUE);
  return -1;
}

static AcConnection *
first_connection (AcApplication *self)
{
  AcConnection *connection = ac_connection_new ();
  g_autofree char *address = NULL;
  g_autofree char *ca_file = NULL;

  if (self->address != NULL)
    {
      address = g_strdup (self->address);
      ca_file = g_strdup (self->ca_file);
    }
  else if (self->settings != NULL)
    {
      address = g_settings_get_string (self->settings, "address");
      ca_file = g_settings_get_string (self->settings, "ca-file");
    }
  if (address != NULL && *address != '\0')
    ac_connection_set_address (connection, address);
  if (ca_file != NULL && *ca_file != '\0')
    ac_connection_set_ca_file (connection, ca_file);
  if (self->token != NULL)
    ac_connection_set_token_for_this_run (connection, self->token);
  return connection;
}

/* What the window will show first; as AcActionCenterPage and its tabs read it. */
static AcActionQuery *
first_query (GSettings *settings)
{
  g_autoptr (AcActionQuery) query = ac_action_query_new (AC_TAB_PENDING);
  g_autoptr (AcActionQuery) of_tab = NULL;
  g_autofree char *tab = NULL;
  g_autofree char *sort = NULL;

  if (settings == NULL)
    return g_steal_pointer (&query);
  tab = g_settings_get_string (settings, "tab");
  if (strcmp (tab, "history") == 0)
    {
      of_tab = ac_action_query_with_tab (query, AC_TAB_HISTORY);
      sort = g_settings_get_string (settings, "history-sort");
      return ac_action_query_with_sort_key (of_tab, sort);
    }
  sort = g_settings_get_string (settings, "pending-sort");
  return ac_action_query_with_sort_key (query, sort);
}

/* A mirror is opened and its first rows are read in other threads, while GTK starts in this one. */
static void
open_session (AcApplication *self)
{
  g_autoptr (AcConnection) connection = first_connection (self);
  g_autoptr (AcActionQuery) query = first_query (self->settings);

  ac_session_set_first_query (self->session, query);
  ac_session_open (self->session, connection);
  ac_session_set_first_query (self->session, NULL);
}

static void
ac_application_startup (GApplication *application)
{
  AcApplication *self = AC_APPLICATION (application);

  ac_ui_init ();
  self->settings = new_settings ();
  self->session = ac_session_new ();
  open_session (self);
  G_APPLICATION_CLASS (ac_application_parent_class)->startup (application);
  ac_ui_use_own_icons ();
  ac_compat_let_popups_go ();
  gtk_window_set_default_icon_name (AC_APP_ID);
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  ac_keys_add_accelerators (GTK_APPLICATION (self));
  ac_desktop_start (self->desktop, self->session, self->settings);
}

static void present_soon (AcApplication *self);

static void
present (AcApplication *self)
{
  GtkWindow *window = g_steal_pointer (&self->first_window);

  g_clear_handle_id (&self->patience, g_source_remove);
  g_signal_handlers_disconnect_by_func (self->session, present_soon, self);
  gtk_window_present (window);
  if (ac_session_get_state (self->session) == AC_SESSION_DISCONNECTED)
    ac_window_ask_for_connection (AC_WINDOW (window));
}

static gboolean
patience_cb (gpointer data)
{
  AcApplication *self = data;

  self->patience = 0;
  present (self);
  return G_SOURCE_REMOVE;
}

/* The session has told, or is about to tell, the window of its actions; they go on the screen with
 * it. */
static void
present_soon (AcApplication *self)
{
  g_clear_handle_id (&self->patience, g_source_remove);
  self->patience = g_idle_add_full (G_PRIORITY_DEFAULT, patience_cb, self, NULL);
}

static void
ac_application_activate (GApplication *application)
{
  AcApplication *self = AC_APPLICATION (application);
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));

  if (window != NULL)
    {
      gtk_window_present (window);
      return;
    }
  if (self->first_window != NULL)
    return;
  self->first_window =
      GTK_WINDOW (ac_window_new (GTK_APPLICATION (self), self->session, self->settings));
  ac_window_set_remember_connection (AC_WINDOW (self->first_window), self->address == NULL);
  if (ac_session_get_state (self->session) != AC_SESSION_CONNECTING)
    {
      present (self);
      return;
    }
  /* A mirror that is there has mostly been opened by now, and a window that shows its rows at once
   * is better than one that first says that they are being loaded. */
  g_signal_connect_swapped (self->session, "notify::state", G_CALLBACK (present_soon), self);
  self->patience = g_timeout_add (PATIENCE, patience_cb, self);
}

/* Links: from the command line, from the desktop, or handed over by another start of the program. */
static void
ac_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  AcApplication *self = AC_APPLICATION (application);
  GtkWindow *window;

  g_application_activate (application);
  window = self->first_window != NULL
               ? self->first_window
               : gtk_application_get_active_window (GTK_APPLICATION (self));
  for (int i = 0; i < n_files && window != NULL; i++)
    {
      g_autofree char *uri = g_file_get_uri (files[i]);

      ac_window_open_link (AC_WINDOW (window), uri);
    }
}

static void
ac_application_shutdown (GApplication *application)
{
  AcApplication *self = AC_APPLICATION (application);

  g_clear_handle_id (&self->patience, g_source_remove);
  ac_desktop_stop (self->desktop);
  G_APPLICATION_CLASS (ac_application_parent_class)->shutdown (application);
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_func (self->session, present_soon, self);
  g_clear_object (&self->session);
  g_clear_object (&self->settings);
}

static gboolean
ac_application_dbus_register (GApplication *application,
                              GDBusConnection *connection,
                              const char *object_path,
                              GError **error)
{
  return G_APPLICATION_CLASS (ac_application_parent_class)
             ->dbus_register (application, connection, object_path, error) &&
         ac_desktop_export (AC_APPLICATION (application)->desktop, connection, object_path, error);
}

static void
ac_application_dbus_unregister (GApplication *application,
                                GDBusConnection *connection,
                                const char *object_path)
{
  ac_desktop_unexport (AC_APPLICATION (application)->desktop, connection);
  G_APPLICATION_CLASS (ac_application_parent_class)
      ->dbus_unregister (application, connection, object_path);
}

static void
ac_application_finalize (GObject *object)
{
  AcApplication *self = AC_APPLICATION (object);

  g_clear_object (&self->desktop);
  g_free (self->address);
  ac_token_forget (self->token);
  g_free (self->ca_file);
  G_OBJECT_CLASS (ac_application_parent_class)->finalize (object);
}

static void
ac_application_class_init (AcApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = ac_application_finalize;
  application_class->handle_local_options = ac_application_handle_local_options;
  application_class->startup = ac_application_startup;
  application_class->activate = ac_application_activate;
  application_class->open = ac_application_open;
  application_class->shutdown = ac_application_shutdown;
  application_class->dbus_register = ac_application_dbus_register;
  application_class->dbus_unregister = ac_application_dbus_unregister;
}

static void
ac_application_init (AcApplication *self)
{
  const GOptionEntry options[] = {
    { "address", 0, 0, G_OPTION_ARG_STRING, NULL, _ ("Connect to the service at this address"),
      _ ("ADDRESS") },
    { "token-file", 0, 0, G_OPTION_ARG_FILENAME, NULL,
      _ ("Read the token from the first line of this file"), _ ("FILE") },
    { "ca-file", 0, 0, G_OPTION_ARG_FILENAME, NULL,
      _ ("Trust this certificate authority, besides those of the system"), _ ("FILE") },
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, _ ("Print the version and end"), NULL },
    { NULL },
  };

  self->desktop = ac_desktop_new (GTK_APPLICATION (self));
  g_application_add_main_option_entries (G_APPLICATION (self), options);
  g_application_set_option_context_parameter_string (G_APPLICATION (self), _ ("[LINK…]"));
}

/**
 * ac_application_new:
 *
 * Returns: (transfer full):
 */
AcApplication *
ac_application_new (void)
{
  return g_object_new (AC_TYPE_APPLICATION, "application-id", AC_APP_ID, "resource-base-path",
                       AC_UI_RESOURCE_PATH, "flags", G_APPLICATION_HANDLES_OPEN, NULL);
}
