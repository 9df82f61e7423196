/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/ac-mirror-action-source.h"
#include "model/ac-time.h"
#include "window/ac-banner.h"
#include "window/ac-sync-banner.h"
#include "window/ac-time-text.h"
#include "window/ac-ui.h"
#include "window/ac-wording.h"

/* Fewer actions are there before one could read that they are being fetched. */
#define WORTH_TELLING 5000

struct _AcSyncBanner
{
  GtkWidget parent_instance;

  AcBanner *banner;

  AcSession *session;     /* nullable */
  AcActionSource *source; /* nullable: the session's, listened to */
  gboolean fetching_anew; /* what the notice tells of is not over yet */
  gboolean dismissed;     /* the notice was read */

  gboolean refused;          /* the service does not take the token any more */
  GCancellable *cancellable; /* of the question whether it does; nullable */
};

G_DEFINE_FINAL_TYPE (AcSyncBanner, ac_sync_banner, GTK_TYPE_WIDGET)

/* The copy on this computer had to be made anew; NULL: it had not, or the person knows. */
static char *
dup_notice (AcSyncBanner *self)
{
  g_autofree char *notice = NULL;

  if (self->dismissed)
    return NULL;
  g_object_get (self->source, "notice", &notice, NULL);
  if (notice == NULL)
    return NULL;
  return g_strdup_printf (self->fetching_anew
                              /* Translators: a sentence about the copy of the actions */
                              ? _ ("%s It is being fetched anew.")
                              /* Translators: a sentence about the copy of the actions */
                              : _ ("%s It was fetched anew."),
                          notice);
}

static char *
dup_sync_text (AcSyncBanner *self, gboolean *can_dismiss)
{
  g_autofree char *notice = NULL;
  g_autofree char *progress = NULL;
  guint64 total;

  if (!AC_IS_MIRROR_ACTION_SOURCE (self->source))
    return self->session != NULL ? g_strdup (ac_session_get_notice (self->session)) : NULL;
  notice = dup_notice (self);
  g_object_get (self->source, "n-total", &total, NULL);
  if (total >= WORTH_TELLING)
    progress = ac_sync_banner_dup_progress (self->source);
  *can_dismiss = notice != NULL && !self->fetching_anew;
  if (notice != NULL && progress != NULL)
    return g_strdup_printf ("%s %s", notice, progress);
  return notice != NULL ? g_steal_pointer (&notice) : g_steal_pointer (&progress);
}

static void
update (AcSyncBanner *self)
{
  gint64 since =
      self->source != NULL ? ac_action_source_get_offline_since (self->source) : AC_TIME_NONE;
  gboolean can_dismiss = FALSE;
  g_autofree char *text = NULL;

  if (self->banner == NULL)
    return;
  if (since != AC_TIME_NONE)
    {
      g_autofree char *reason = ac_action_source_dup_offline_reason (self->source);
      g_autofree char *when = ac_time_text_clock (since);

      if (self->refused)
        {
          /* To try again with the same token helps nobody. */
          text = g_strdup_printf (_ ("Signed out since %s, showing what was known then. Your token "
                                     "was revoked or has run out; sign in with another one."),
                                  when);
          ac_banner_set_action_name (self->banner, "win.connection");
          ac_banner_set_button_label (self->banner, _ ("Sign in again…"));
          ac_banner_set_text (self->banner, text);
          return;
        }
      text = g_strdup_printf (_ ("Offline since %1$s, showing what was known then. %2$s"), when,
                              reason != NULL ? reason : "");
      g_strchomp (text);
      ac_banner_set_action_name (self->banner, "page.refresh");
      ac_banner_set_button_label (self->banner, _ ("Retry now"));
    }
  else
    {
      text = dup_sync_text (self, &can_dismiss);
      ac_banner_set_action_name (self->banner, "sync-banner.dismiss");
      ac_banner_set_button_label (self->banner, can_dismiss ? _ ("Dismiss") : NULL);
    }
  ac_banner_set_text (self->banner, text);
}

static void
notice_cb (AcSyncBanner *self)
{
  self->fetching_anew = TRUE;
  self->dismissed = FALSE;
  update (self);
}

static void
syncing_cb (AcSyncBanner *self)
{
  gboolean syncing;

  g_object_get (self->source, "syncing", &syncing, NULL);
  if (!syncing)
    self->fetching_anew = FALSE;
  update (self);
}

static void
me_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcSyncBanner) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AcMe) me = ac_api_get_me_finish (AC_API (source_object), result, &error);

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  self->refused = g_error_matches (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_UNAUTHORIZED);
  update (self);
}

/* The source says that it hears nothing from the service. Whether that is because of the token the
 * service itself knows, if it answers. */
static void
offline_cb (AcSyncBanner *self)
{
  AcApi *api = ac_session_get_api (self->session);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->refused = FALSE;
  update (self);
  if (api == NULL || ac_action_source_get_offline_since (self->source) == AC_TIME_NONE)
    return;
  self->cancellable = g_cancellable_new ();
  ac_api_get_me_async (api, self->cancellable, me_cb, g_object_ref (self));
}

static void
drop_source (AcSyncBanner *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->refused = FALSE;
  if (self->source != NULL)
    g_signal_handlers_disconnect_by_data (self->source, self);
  g_clear_object (&self->source);
}

static void
session_cb (AcSyncBanner *self)
{
  AcActionSource *source = ac_session_get_source (self->session);

  if (self->source != source)
    {
      drop_source (self);
      g_set_object (&self->source, source);
      self->dismissed = FALSE;
      self->fetching_anew = TRUE;
      if (source != NULL)
        {
          g_signal_connect_swapped (source, "notify::offline-since", G_CALLBACK (offline_cb), self);
          g_signal_connect_swapped (source, "notify::offline-reason", G_CALLBACK (offline_cb),
                                    self);
        }
      if (AC_IS_MIRROR_ACTION_SOURCE (source))
        {
          g_signal_connect_swapped (source, "notify::n-synced", G_CALLBACK (update), self);
          g_signal_connect_swapped (source, "notify::syncing", G_CALLBACK (syncing_cb), self);
          g_signal_connect_swapped (source, "notify::notice", G_CALLBACK (notice_cb), self);
        }
    }
  update (self);
}

static void
dismiss_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcSyncBanner *self = AC_SYNC_BANNER (widget);

  self->dismissed = TRUE;
  update (self);
}

static void
ac_sync_banner_dispose (GObject *object)
{
  AcSyncBanner *self = AC_SYNC_BANNER (object);

  drop_source (self);
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
  g_clear_pointer ((GtkWidget **)&self->banner, gtk_widget_unparent);
  G_OBJECT_CLASS (ac_sync_banner_parent_class)->dispose (object);
}

static void
ac_sync_banner_class_init (AcSyncBannerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_sync_banner_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               AC_UI_RESOURCE_PATH "/ac-sync-banner.ui");
  gtk_widget_class_bind_template_child (widget_class, AcSyncBanner, banner);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action (widget_class, "sync-banner.dismiss", NULL, dismiss_action);
}

static void
zone_cb (GObject *object)
{
  update (AC_SYNC_BANNER (object));
}

static void
ac_sync_banner_init (AcSyncBanner *self)
{
  ac_time_text_follow (self, zone_cb);
  g_type_ensure (AC_TYPE_BANNER);
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ac_sync_banner_set_session:
 * @session: where the actions come from
 *
 * Called once.
 */
void
ac_sync_banner_set_session (AcSyncBanner *self, AcSession *session)
{
  g_return_if_fail (AC_IS_SYNC_BANNER (self));
  g_return_if_fail (AC_IS_SESSION (session));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  g_signal_connect_swapped (session, "notify", G_CALLBACK (session_cb), self);
  session_cb (self);
}

/**
 * ac_sync_banner_set_narrow:
 *
 * As ac_banner_set_narrow().
 */
void
ac_sync_banner_set_narrow (AcSyncBanner *self, gboolean narrow)
{
  g_return_if_fail (AC_IS_SYNC_BANNER (self));

  ac_banner_set_narrow (self->banner, narrow);
}

/**
 * ac_sync_banner_dup_progress:
 *
 * Returns: (transfer full) (nullable): how far the reading of everything is; %NULL when it is not
 * under way, or nothing is known of its length yet.
 */
char *
ac_sync_banner_dup_progress (AcActionSource *source)
{
  g_autofree char *n_text = NULL;
  g_autofree char *total_text = NULL;
  guint64 n, total;
  gboolean syncing;

  if (!AC_IS_MIRROR_ACTION_SOURCE (source))
    return NULL;
  g_object_get (source, "syncing", &syncing, "n-synced", &n, "n-total", &total, NULL);
  if (!syncing || total == 0)
    return NULL;
  n_text = ac_wording_number (n);
  total_text = ac_wording_number (total);
  /* Translators: two numbers of actions */
  return g_strdup_printf (_ ("Fetched %1$s of %2$s actions."), n_text, total_text);
}
