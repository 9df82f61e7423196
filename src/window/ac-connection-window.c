/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/ac-http-action-source.h"
#include "window/ac-compat.h"
#include "window/ac-connection-window.h"
#include "window/ac-ui.h"

struct _AcConnectionWindow
{
  AdwWindow parent_instance;

  GtkEntry *address;
  GtkPasswordEntry *token;
  GtkEntry *ca_file;
  GtkLabel *error;
  GtkLabel *note;
  GtkButton *connect;
  GtkSpinner *spinner;
  GtkWidget *form;
  GtkWidget *cancel;

  AcSession *session;
  GSettings *settings;     /* nullable: then nothing is remembered */
  AcConnection *candidate; /* what is being tried; nullable */
  GCancellable *cancellable;
  AcApi *api; /* of the candidate, once it answers */
  AcMe *me;
};

G_DEFINE_FINAL_TYPE (AcConnectionWindow, ac_connection_window, ADW_TYPE_WINDOW)

static const char *
get_text (gpointer editable)
{
  return gtk_editable_get_text (GTK_EDITABLE (editable));
}

static void
set_line (GtkLabel *label, const char *text)
{
  gtk_label_set_text (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL);
}

static void
set_error (AcConnectionWindow *self, const char *text)
{
  int width, height;

  set_line (self->error, text);
  /* The window grows by what there is to read. */
  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  gtk_window_set_default_size (GTK_WINDOW (self), width, -1);
  if (text != NULL)
    ac_compat_announce (GTK_WIDGET (self), text);
}

static void
update (AcConnectionWindow *self)
{
  gboolean trying = self->candidate != NULL;

  /* An entry that is made insensitive with the keyboard in it goes on blinking, and GTK complains. */
  if (trying && gtk_widget_get_focus_child (self->form) != NULL)
    gtk_widget_grab_focus (self->cancel);
  gtk_widget_set_sensitive (self->form, !trying);
  gtk_spinner_set_spinning (self->spinner, trying);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), trying);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "connection.connect",
                                 !trying && *get_text (self->address) != '\0');
}

static void
stop_trying (AcConnectionWindow *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->candidate);
  g_clear_object (&self->api);
  g_clear_pointer (&self->me, ac_me_free);
}

static void
fail (AcConnectionWindow *self, const GError *error)
{
  stop_trying (self);
  set_error (self, error->message);
  update (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->address));
}

/* Where the token is now, said once it is there. */
static const char *
storage_note (AcTokenStorage storage)
{
  switch (storage)
    {
    case AC_TOKEN_STORAGE_SECRET_SERVICE:
      return _ ("Your token is kept in your keyring.");
    case AC_TOKEN_STORAGE_THIS_RUN:
      return _ ("There is no keyring to keep your token in. It is kept until Action Center is "
                "closed, and has to be entered again then.");
    case AC_TOKEN_STORAGE_NONE:
    default:
      return _ ("The token is kept in your keyring where there is one, and until Action Center is "
                "closed elsewhere.");
    }
}

static void
succeed (AcConnectionWindow *self)
{
  g_autoptr (AcHttpActionSource) source = ac_http_action_source_new (self->api);
  gboolean kept = ac_connection_get_token_storage (self->candidate) != AC_TOKEN_STORAGE_THIS_RUN;

  if (self->settings != NULL)
    {
      const char *ca_file = ac_connection_get_ca_file (self->candidate);

      g_settings_set_string (self->settings, "address",
                             ac_connection_get_address (self->candidate));
      g_settings_set_string (self->settings, "ca-file", ca_file != NULL ? ca_file : "");
    }
  ac_session_adopt (self->session, self->candidate, self->api, AC_ACTION_SOURCE (source), self->me);
  set_line (self->note, storage_note (ac_connection_get_token_storage (self->candidate)));
  stop_trying (self);
  if (kept)
    {
      gtk_window_close (GTK_WINDOW (self));
      return;
    }
  /* One has to be told that the token will be gone; closing at once would hide it. */
  gtk_editable_set_text (GTK_EDITABLE (self->token), "");
  gtk_button_set_label (self->connect, _ ("Close"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->connect), "window.close");
  gtk_widget_remove_css_class (GTK_WIDGET (self->connect), "suggested-action");
  update (self);
  gtk_widget_set_sensitive (self->form, FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (self->connect));
}

static void
stored_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcConnectionWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!ac_connection_store_token_finish (AC_CONNECTION (source_object), result, &error) &&
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (AC_CONNECTION (source_object) != self->candidate)
    return;
  /* A token that could not be kept is in the connection for this run, and the note says so. */
  succeed (self);
}

static void
opened_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcConnectionWindow) self = user_data;
  AcConnection *candidate = AC_CONNECTION (source_object);
  g_autoptr (GError) error = NULL;
  g_autoptr (AcMe) me = NULL;
  g_autoptr (AcApi) api = ac_connection_open_finish (candidate, result, &me, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || candidate != self->candidate)
    return;
  if (api == NULL)
    {
      fail (self, error);
      return;
    }
  self->api = g_steal_pointer (&api);
  self->me = g_steal_pointer (&me);
  if (*get_text (self->token) == '\0') /* the one that is kept already has been good */
    succeed (self);
  else
    ac_connection_store_token_async (candidate, get_text (self->token), self->cancellable,
                                     stored_cb, g_object_ref (self));
}

static void
connect_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcConnectionWindow *self = AC_CONNECTION_WINDOW (widget);
  g_autofree char *address = g_strstrip (g_strdup (get_text (self->address)));
  const char *ca_file = get_text (self->ca_file);

  set_error (self, NULL);
  stop_trying (self);
  self->candidate = ac_connection_new ();
  self->cancellable = g_cancellable_new ();
  ac_connection_set_address (self->candidate, address);
  ac_connection_set_ca_file (self->candidate, *ca_file != '\0' ? ca_file : NULL);
  if (*get_text (self->token) != '\0')
    ac_connection_set_token_for_this_run (self->candidate, get_text (self->token));
  ac_connection_open_async (self->candidate, self->cancellable, opened_cb, g_object_ref (self));
  update (self);
}

static void
chosen_cb (const char *path, gpointer user_data)
{
  AcConnectionWindow *self = user_data;

  gtk_editable_set_text (GTK_EDITABLE (self->ca_file), path);
}

static void
choose_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ac_compat_choose_file (GTK_WINDOW (widget), _ ("Choose a certificate authority"), chosen_cb,
                         g_object_ref (widget), g_object_unref);
}

static void
activate_cb (AcConnectionWindow *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "connection.connect", NULL);
}

static void
ac_connection_window_dispose (GObject *object)
{
  AcConnectionWindow *self = AC_CONNECTION_WINDOW (object);

  stop_trying (self);
  g_clear_object (&self->session);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (ac_connection_window_parent_class)->dispose (object);
}

static void
ac_connection_window_class_init (AcConnectionWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_connection_window_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               AC_UI_RESOURCE_PATH "/ac-connection-window.ui");
  gtk_widget_class_bind_template_child (widget_class, AcConnectionWindow, address);
  gtk_widget_class_bind_template_child (widget_class, AcConnectionWindow, token);
  gtk_widget_class_bind_template_child (widget_class, AcConnectionWindow, ca_file);
  gtk_widget_class_bind_template_child (widget_class, AcConnectionWindow, error);
  gtk_widget_class_bind_template_child (widget_class, AcConnectionWindow, note);
  gtk_widget_class_bind_template_child (widget_class, AcConnectionWindow, connect);
  gtk_widget_class_bind_template_child (widget_class, AcConnectionWindow, spinner);
  gtk_widget_class_bind_template_child (widget_class, AcConnectionWindow, form);
  gtk_widget_class_bind_template_child (widget_class, AcConnectionWindow, cancel);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_install_action (widget_class, "connection.connect", NULL, connect_action);
  gtk_widget_class_install_action (widget_class, "connection.choose-ca-file", NULL, choose_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
ac_connection_window_init (AcConnectionWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  set_line (self->note, storage_note (AC_TOKEN_STORAGE_NONE));
}

/**
 * ac_connection_window_new:
 * @parent: (nullable): what it stands over
 * @session: takes over the service that answers
 * @settings: (nullable): where address and CA file are remembered
 *
 * Returns: (transfer none): GTK holds it until it is closed.
 */
GtkWindow *
ac_connection_window_new (GtkWindow *parent, AcSession *session, GSettings *settings)
{
  AcConnectionWindow *self =
      g_object_new (AC_TYPE_CONNECTION_WINDOW, "transient-for", parent, NULL);
  AcConnection *connection = ac_session_get_connection (session);

  self->session = g_object_ref (session);
  g_set_object (&self->settings, settings);
  if (connection != NULL)
    {
      const char *address = ac_connection_get_address (connection);
      const char *ca_file = ac_connection_get_ca_file (connection);

      gtk_editable_set_text (GTK_EDITABLE (self->address), address != NULL ? address : "");
      gtk_editable_set_text (GTK_EDITABLE (self->ca_file), ca_file != NULL ? ca_file : "");
      set_line (self->note, storage_note (ac_connection_get_token_storage (connection)));
    }
  if (ac_session_get_state (session) == AC_SESSION_FAILED)
    set_error (self, ac_session_get_message (session));
  update (self);
  return GTK_WINDOW (self);
}
