/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/ac-launcher-badge.h"

#define OBJECT_PATH "/org/actioncenter/ActionCenter/LauncherEntry"
#define INTERFACE "com.canonical.Unity.LauncherEntry"
#define DESKTOP_FILE "application://" AC_APP_ID ".desktop"

struct _AcLauncherBadge
{
  GObject parent_instance;

  GApplication *application; /* not owned: it owns this */
  AcSession *session;
  AcCounts *counts; /* nullable: the session's, listened to */
  gint64 shown;     /* the number that was told last; 0: none is shown */
};

G_DEFINE_FINAL_TYPE (AcLauncherBadge, ac_launcher_badge, G_TYPE_OBJECT)

static void
show (AcLauncherBadge *self, gint64 number)
{
  GDBusConnection *connection = g_application_get_dbus_connection (self->application);
  GVariantBuilder properties;

  number = MAX (number, 0);
  if (connection == NULL || number == self->shown)
    return;
  self->shown = number;
  g_variant_builder_init (&properties, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&properties, "{sv}", "count", g_variant_new_int64 (number));
  g_variant_builder_add (&properties, "{sv}", "count-visible", g_variant_new_boolean (number > 0));
  /* Nobody has to listen, and nothing follows when nobody does. */
  g_dbus_connection_emit_signal (connection, NULL, OBJECT_PATH, INTERFACE, "Update",
                                 g_variant_new ("(sa{sv})", DESKTOP_FILE, &properties), NULL);
}

static void
counts_cb (AcLauncherBadge *self)
{
  show (self, self->counts != NULL ? ac_counts_get_pending (self->counts) : 0);
}

static void
session_cb (AcLauncherBadge *self)
{
  AcCounts *counts = ac_session_get_counts (self->session);

  if (self->counts != counts)
    {
      if (self->counts != NULL)
        g_signal_handlers_disconnect_by_data (self->counts, self);
      g_set_object (&self->counts, counts);
      if (counts != NULL)
        g_signal_connect_swapped (counts, "notify::pending", G_CALLBACK (counts_cb), self);
    }
  counts_cb (self);
}

static void
ac_launcher_badge_dispose (GObject *object)
{
  AcLauncherBadge *self = AC_LAUNCHER_BADGE (object);

  if (self->counts != NULL)
    g_signal_handlers_disconnect_by_data (self->counts, self);
  g_clear_object (&self->counts);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (ac_launcher_badge_parent_class)->dispose (object);
}

static void
ac_launcher_badge_class_init (AcLauncherBadgeClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ac_launcher_badge_dispose;
}

static void
ac_launcher_badge_init (AcLauncherBadge *self)
{
}

/**
 * ac_launcher_badge_new:
 * @session: whose pending actions are counted
 *
 * Returns: (transfer full):
 */
AcLauncherBadge *
ac_launcher_badge_new (GApplication *application, AcSession *session)
{
  AcLauncherBadge *self;

  g_return_val_if_fail (G_IS_APPLICATION (application), NULL);
  g_return_val_if_fail (AC_IS_SESSION (session), NULL);

  self = g_object_new (AC_TYPE_LAUNCHER_BADGE, NULL);
  self->application = application;
  self->session = g_object_ref (session);
  g_signal_connect_object (session, "notify::counts", G_CALLBACK (session_cb), self,
                           G_CONNECT_SWAPPED);
  session_cb (self);
  return self;
}

/**
 * ac_launcher_badge_hide:
 *
 * Takes the number away; nobody will keep it up to date.
 */
void
ac_launcher_badge_hide (AcLauncherBadge *self)
{
  g_return_if_fail (AC_IS_LAUNCHER_BADGE (self));

  show (self, 0);
}
