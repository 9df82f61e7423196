/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/ac-compat.h"
#include "window/ac-desktop.h"
#include "window/ac-help.h"
#include "window/ac-launcher-badge.h"
#include "window/ac-notifier.h"
#include "window/ac-search-provider.h"
#include "window/ac-window.h"

struct _AcDesktop
{
  GObject parent_instance;

  GtkApplication *application; /* not owned: it owns this */
  AcSearchProvider *search_provider;
  AcNotifier *notifier;   /* nullable: not started, or without settings */
  AcLauncherBadge *badge; /* nullable: not started */
};

G_DEFINE_FINAL_TYPE (AcDesktop, ac_desktop, G_TYPE_OBJECT)

/* The window that is there; NULL: none is. One that never had the focus is not active, but there.
 */
static AcWindow *
find_window (AcDesktop *self)
{
  GtkWindow *active = gtk_application_get_active_window (self->application);

  if (AC_IS_WINDOW (active))
    return AC_WINDOW (active);
  for (GList *link = gtk_application_get_windows (self->application); link != NULL;
       link = link->next)
    if (AC_IS_WINDOW (link->data))
      return link->data;
  return NULL;
}

/* The window, which an action from outside may be the first to want. */
static AcWindow *
get_window (AcDesktop *self)
{
  g_application_activate (G_APPLICATION (self->application));
  return find_window (self);
}

static void
open_action_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AcWindow *window = get_window (user_data);

  if (window != NULL)
    ac_window_open_action (window, g_variant_get_string (parameter, NULL), AC_DECISION_UNKNOWN);
}

static void
review_action_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AcWindow *window = get_window (user_data);

  if (window != NULL)
    ac_window_open_action (window, g_variant_get_string (parameter, NULL), AC_DECISION_APPROVE);
}

static void
open_pending_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AcWindow *window = get_window (user_data);

  if (window != NULL)
    gtk_widget_activate_action (GTK_WIDGET (window), "win.tab", "s", "pending");
}

static void
search_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AcWindow *window = get_window (user_data);

  if (window != NULL)
    ac_window_search (window, g_variant_get_string (parameter, NULL));
}

static void
help_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AcDesktop *self = AC_DESKTOP (user_data);

  ac_help_open ((GtkWindow *)find_window (self));
}

static void
about_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AcDesktop *self = AC_DESKTOP (user_data);

  ac_compat_show_about ((GtkWindow *)find_window (self));
}

static const GActionEntry entries[] = {
  { .name = "open-action", .activate = open_action_cb, .parameter_type = "s" },
  { .name = "review-action", .activate = review_action_cb, .parameter_type = "s" },
  { .name = "open-pending", .activate = open_pending_cb },
  { .name = "search", .activate = search_cb, .parameter_type = "s" },
  { .name = "help", .activate = help_cb },
  { .name = "about", .activate = about_cb },
};

static void
ac_desktop_dispose (GObject *object)
{
  AcDesktop *self = AC_DESKTOP (object);

  g_clear_object (&self->notifier);
  g_clear_object (&self->badge);
  g_clear_object (&self->search_provider);
  G_OBJECT_CLASS (ac_desktop_parent_class)->dispose (object);
}

static void
ac_desktop_class_init (AcDesktopClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ac_desktop_dispose;
}

static void
ac_desktop_init (AcDesktop *self)
{
}

/**
 * ac_desktop_new:
 *
 * Returns: (transfer full):
 */
AcDesktop *
ac_desktop_new (GtkApplication *application)
{
  AcDesktop *self;

  g_return_val_if_fail (GTK_IS_APPLICATION (application), NULL);

  self = g_object_new (AC_TYPE_DESKTOP, NULL);
  self->application = application;
  self->search_provider = ac_search_provider_new (G_APPLICATION (application));
  return self;
}

/**
 * ac_desktop_export:
 *
 * Called as dbus_register() of the application is.
 *
 * Returns: whether the desktop can ask now; else @error says why.
 */
gboolean
ac_desktop_export (AcDesktop *self,
                   GDBusConnection *connection,
                   const char *object_path,
                   GError **error)
{
  g_return_val_if_fail (AC_IS_DESKTOP (self), FALSE);

  return ac_search_provider_export (self->search_provider, connection, object_path, error);
}

/**
 * ac_desktop_unexport:
 *
 * Called as dbus_unregister() of the application is.
 */
void
ac_desktop_unexport (AcDesktop *self, GDBusConnection *connection)
{
  g_return_if_fail (AC_IS_DESKTOP (self));

  if (self->search_provider != NULL)
    ac_search_provider_unexport (self->search_provider, connection);
}

/**
 * ac_desktop_start:
 * @session: whose actions it tells of
 * @settings: (nullable): what is to be told; %NULL: nothing
 *
 * Called once, when the program starts.
 */
void
ac_desktop_start (AcDesktop *self, AcSession *session, GSettings *settings)
{
  g_return_if_fail (AC_IS_DESKTOP (self));
  g_return_if_fail (AC_IS_SESSION (session));

  g_action_map_add_action_entries (G_ACTION_MAP (self->application), entries,
                                   G_N_ELEMENTS (entries), self);
  ac_search_provider_set_session (self->search_provider, session);
  self->badge = ac_launcher_badge_new (G_APPLICATION (self->application), session);
  if (settings != NULL)
    self->notifier = ac_notifier_new (self->application, session, settings);
}

/**
 * ac_desktop_stop:
 *
 * Takes back what nobody keeps true when the program has ended.
 */
void
ac_desktop_stop (AcDesktop *self)
{
  g_return_if_fail (AC_IS_DESKTOP (self));

  if (self->badge != NULL)
    ac_launcher_badge_hide (self->badge);
  if (self->notifier != NULL)
    ac_notifier_forget (self->notifier);
  g_clear_object (&self->notifier);
  g_clear_object (&self->badge);
}
