/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/ac-mirror-action-source.h"
#include "client/ac-mirror-newest.h"
#include "model/ac-time.h"
#include "window/ac-notifier.h"
#include "window/ac-window.h"

/* Actions of one investigation come one after the other; so long (milliseconds) they are gathered.
 */
#define GATHER 300
/* So many are read at once. */
#define AT_ONCE 200
/* How the desktop knows the one notification. */
#define NOTIFICATION "new-actions"

/* The values of the enumeration in the schema. */
enum
{
  LEAST_ANY,
  LEAST_SUSPICIOUS,
  LEAST_MALICIOUS,
};

struct _AcNotifier
{
  GObject parent_instance;

  GtkApplication *application; /* not owned: it owns this */
  AcSession *session;
  GSettings *settings;

  AcMirrorActionSource *source; /* nullable: the session's, listened to */
  GCancellable *cancellable;    /* of the questions to it */
  gint64 since;                 /* when it began to be listened to */
  gboolean asking;              /* an answer is awaited */
  gboolean again;               /* something has come meanwhile */
  gboolean dated;               /* whether newest is known */
  gint64 newest;                /* when the newest action that is not new was proposed */
  gboolean marked;              /* whether mark is known */
  guint64 mark;                 /* the greatest key that was looked at */
  guint timer;

  GHashTable *waiting; /* guint64 * → AcAction: told of, and not decided yet as far as known */
  GHashTable *suspect; /* a set of guint64 *: to be looked at again */
  GArray *asked;       /* guint64: being looked at */
  gboolean raised;     /* some came since the notification was last sent */
  gboolean shown;
};

G_DEFINE_FINAL_TYPE (AcNotifier, ac_notifier, G_TYPE_OBJECT)

static void ask (AcNotifier *self);

static GHashTable *
new_table (GDestroyNotify free_value)
{
  return g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, free_value);
}

/* Whether the person sees new actions come into the list. */
static gboolean
list_is_seen (AcNotifier *self)
{
  GtkWindow *window = gtk_application_get_active_window (self->application);

  return AC_IS_WINDOW (window) && ac_window_get_shows_pending (AC_WINDOW (window));
}

static gboolean
is_off (AcNotifier *self, const char *key, const char *word)
{
  g_auto (GStrv) off = g_settings_get_strv (self->settings, key);

  return word != NULL && g_strv_contains ((const char *const *)off, word);
}

static gboolean
is_malicious (AcAction *action)
{
  return ac_vocabulary_parse (AC_VOCABULARY_VERDICT, ac_action_get_verdict (action)) ==
         AC_VERDICT_MALICIOUS;
}

/* The rule of the settings. */
static gboolean
matches (AcNotifier *self, AcAction *action)
{
  int least = g_settings_get_enum (self->settings, "notifications-least-verdict");
  int verdict = ac_vocabulary_parse (AC_VOCABULARY_VERDICT, ac_action_get_verdict (action));

  if (!g_settings_get_boolean (self->settings, "notifications") ||
      is_off (self, "notifications-types-off", ac_action_get_action_type (action)) ||
      is_off (self, "notifications-sources-off", ac_action_get_source (action)))
    return FALSE;
  return least == LEAST_ANY || verdict == AC_VERDICT_MALICIOUS ||
         (least == LEAST_SUSPICIOUS && verdict == AC_VERDICT_SUSPICIOUS);
}

/* --- what the desktop shows --- */

static GNotification *
notification_of_one (AcNotifier *self, AcAction *action)
{
  const AcMe *me = ac_session_get_me (self->session);
  const char *id = ac_action_get_id (action);
  const char *details = ac_action_get_details (action);
  const char *verdict = ac_vocabulary_label (AC_VOCABULARY_VERDICT, ac_action_get_verdict (action));
  const char *type =
      ac_vocabulary_label (AC_VOCABULARY_ACTION_TYPE, ac_action_get_action_type (action));
  /* Translators: a type of action, such as “Soft delete email” */
  g_autofree char *title = g_strdup_printf (_ ("New action: %s"), type);
  /* Translators: what an action is about, and the verdict on it */
  g_autofree char *body = g_strdup_printf (
      _ ("%1$s · %2$s"),
      details != NULL ? details : ac_entity_get_summary (ac_action_get_entity (action)), verdict);
  GNotification *notification = g_notification_new (title);

  g_notification_set_body (notification, body);
  g_notification_set_default_action_and_target (notification, "app.open-action", "s", id);
  /* It only leads to the button: what an approval would do is read before it is given. Whoever may
   * not press that one opens the action, and reads there why. */
  if (me != NULL && ac_me_may_decide (me, ac_action_get_action_type (action)))
    g_notification_add_button_with_target (notification, _ ("Approve…"), "app.review-action", "s",
                                           id);
  g_notification_add_button_with_target (notification, _ ("Open"), "app.open-action", "s", id);
  return notification;
}

static GNotification *
notification_of_many (guint n)
{
  g_autofree char *title = g_strdup_printf (
      ngettext ("%u new action waits for a decision", "%u new actions wait for a decision", n), n);
  GNotification *notification = g_notification_new (title);

  g_notification_set_default_action (notification, "app.open-pending");
  g_notification_add_button (notification, _ ("Open"), "app.open-pending");
  return notification;
}

static void
update_notification (AcNotifier *self)
{
  guint n = g_hash_table_size (self->waiting);
  g_autoptr (GNotification) notification = NULL;
  g_autoptr (GIcon) icon = NULL;
  gboolean malicious = FALSE;
  GHashTableIter iter;
  gpointer action;

  /* Without a connection to the desktop there is nobody to tell. */
  if (g_application_get_dbus_connection (G_APPLICATION (self->application)) == NULL)
    return;
  if (n == 0)
    {
      if (self->shown)
        g_application_withdraw_notification (G_APPLICATION (self->application), NOTIFICATION);
      self->shown = FALSE;
      return;
    }
  g_hash_table_iter_init (&iter, self->waiting);
  while (g_hash_table_iter_next (&iter, NULL, &action))
    {
      malicious = malicious || is_malicious (action);
      if (n == 1)
        notification = notification_of_one (self, action);
    }
  if (notification == NULL)
    notification = notification_of_many (n);
  icon = g_themed_icon_new (AC_APP_ID);
  g_notification_set_icon (notification, icon);
  /* That there are fewer than before is no reason to look up. */
  if (!self->raised)
    g_notification_set_priority (notification, G_NOTIFICATION_PRIORITY_LOW);
  else if (malicious)
    g_notification_set_priority (notification, G_NOTIFICATION_PRIORITY_HIGH);
  g_application_send_notification (G_APPLICATION (self->application), NOTIFICATION, notification);
  self->raised = FALSE;
  self->shown = TRUE;
}

/**
 * ac_notifier_forget:
 *
 * Takes the notification back; what comes after this is new again.
 */
void
ac_notifier_forget (AcNotifier *self)
{
  g_return_if_fail (AC_IS_NOTIFIER (self));

  g_hash_table_remove_all (self->waiting);
  g_hash_table_remove_all (self->suspect);
  self->raised = FALSE;
  update_notification (self);
}

/* --- what is new, and what has become of it --- */

static gboolean
timer_cb (gpointer data)
{
  AcNotifier *self = data;

  self->timer = 0;
  ask (self);
  return G_SOURCE_REMOVE;
}

static void
ask_soon (AcNotifier *self)
{
  if (self->timer == 0)
    self->timer = g_timeout_add (GATHER, timer_cb, self);
}

static void
take_newest (AcNotifier *self, const AcNewestActions *newest)
{
  gboolean seen = list_is_seen (self);

  for (guint i = 0; i < newest->actions->len; i++)
    {
      AcAction *action = g_ptr_array_index (newest->actions, i);

      if (seen || ac_action_get_created_at (action) <= self->newest ||
          ac_action_get_status_value (action) != AC_STATUS_PENDING || !matches (self, action))
        continue;
      g_hash_table_replace (self->waiting,
                            g_memdup2 (&g_array_index (newest->keys, guint64, i), sizeof (guint64)),
                            g_object_ref (action));
      self->raised = TRUE;
    }
}

static void
newest_at_service_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcNotifier) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AcActionPage) page =
      ac_api_list_actions_finish (AC_API (source_object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->asking = FALSE;
  /* It is asked again when it answers. */
  if (page == NULL)
    return;
  self->dated = TRUE;
  self->newest = page->actions->len > 0
                     ? ac_action_get_created_at (g_ptr_array_index (page->actions, 0))
                     : G_MININT64;
  ask (self);
}

/* What the service has now is where news begins. It says so by its own clock, which that of this
 * computer may be far from; and what the mirror has now may be older. */
static void
ask_service (AcNotifier *self)
{
  AcApi *api = ac_session_get_api (self->session);
  g_autoptr (AcActionQuery) all = ac_action_query_new (AC_TAB_ALL);
  g_autoptr (AcActionQuery) query = ac_action_query_with_sort (all, AC_SORT_CREATED_AT, TRUE);

  if (api == NULL)
    return;
  self->asking = TRUE;
  ac_api_list_actions_async (api, query, NULL, 1, FALSE, self->cancellable, newest_at_service_cb,
                             g_object_ref (self));
}

static void
newest_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcNotifier) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AcNewestActions) newest =
      ac_mirror_load_newest_finish (AC_MIRROR (source_object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->asking = FALSE;
  /* A mirror that is made anew says so, and everything begins again. */
  if (newest == NULL)
    return;
  self->mark = newest->last;
  if (!self->marked)
    {
      self->marked = TRUE;
      ask_service (self);
      return;
    }
  take_newest (self, newest);
  self->again |= newest->more;
  if (!newest->more && self->raised)
    update_notification (self);
  if (self->again || g_hash_table_size (self->suspect) > 0)
    ask (self);
}

static void
suspects_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcNotifier) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows =
      ac_action_source_load_rows_finish (AC_ACTION_SOURCE (source_object), result, &error);
  gboolean fewer = FALSE;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->asking = FALSE;
  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      AcAction *action = g_ptr_array_index (rows, i);

      if (action == NULL || ac_action_get_status_value (action) != AC_STATUS_PENDING)
        fewer |= g_hash_table_remove (self->waiting, &g_array_index (self->asked, guint64, i));
    }
  if (fewer || self->raised)
    update_notification (self);
  if (self->again)
    ask (self);
}

static void
ask_for_suspects (AcNotifier *self)
{
  GHashTableIter iter;
  gpointer key;

  g_array_set_size (self->asked, 0);
  g_hash_table_iter_init (&iter, self->suspect);
  while (self->asked->len < AT_ONCE && g_hash_table_iter_next (&iter, &key, NULL))
    {
      g_array_append_vals (self->asked, key, 1);
      g_hash_table_iter_remove (&iter);
    }
  self->asking = TRUE;
  ac_action_source_load_rows_async (AC_ACTION_SOURCE (self->source),
                                    (const guint64 *)(gpointer)self->asked->data, self->asked->len,
                                    self->cancellable, suspects_cb, g_object_ref (self));
}

/* One question after the other: what has come, then what has become of what came before. */
static void
ask (AcNotifier *self)
{
  if (self->source == NULL)
    return;
  if (self->asking)
    {
      self->again = TRUE;
      return;
    }
  if (!self->again && g_hash_table_size (self->suspect) > 0)
    {
      self->again = g_hash_table_size (self->suspect) > AT_ONCE;
      ask_for_suspects (self);
      return;
    }
  self->again = FALSE;
  self->asking = TRUE;
  ac_mirror_load_newest_async (ac_mirror_action_source_get_mirror (self->source), self->mark,
                               self->marked ? AT_ONCE : 0, self->cancellable, newest_cb,
                               g_object_ref (self));
}

/* --- the session --- */

static void
refreshed_cb (AcNotifier *self)
{
  gboolean syncing;

  g_object_get (self->source, "syncing", &syncing, NULL);
  if (self->dated || self->asking || syncing ||
      ac_action_source_get_last_refreshed (AC_ACTION_SOURCE (self->source)) < self->since)
    return;
  if (self->marked)
    ask_service (self);
  else
    ask (self);
}

static void
changed_cb (AcNotifier *self, GArray *keys)
{
  GHashTableIter iter;
  gpointer key;

  if (keys == NULL)
    {
      /* The mirror was made anew: no key is what it was. */
      g_cancellable_cancel (self->cancellable);
      g_object_unref (self->cancellable);
      self->cancellable = g_cancellable_new ();
      self->asking = FALSE;
      self->dated = self->marked = FALSE;
      self->mark = 0;
      self->since = ac_time_now ();
      ac_notifier_forget (self);
      return;
    }
  if (!self->dated)
    return;
  for (guint i = 0; i < keys->len; i++)
    if (g_hash_table_contains (self->waiting, &g_array_index (keys, guint64, i)))
      g_hash_table_add (self->suspect,
                        g_memdup2 (&g_array_index (keys, guint64, i), sizeof (guint64)));
  if (keys->len == 0)
    {
      g_hash_table_iter_init (&iter, self->waiting);
      while (g_hash_table_iter_next (&iter, &key, NULL))
        g_hash_table_add (self->suspect, g_memdup2 (key, sizeof (guint64)));
    }
  self->again = TRUE;
  ask_soon (self);
}

static void
drop_source (AcNotifier *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->source != NULL)
    g_signal_handlers_disconnect_by_data (self->source, self);
  g_clear_object (&self->source);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->asking = self->again = self->dated = self->marked = FALSE;
  self->mark = 0;
}

static void
session_cb (AcNotifier *self)
{
  AcActionSource *source = ac_session_get_source (self->session);

  if ((gpointer)source == (gpointer)self->source)
    return;
  drop_source (self);
  ac_notifier_forget (self);
  /* What is shown without a mirror is asked for page by page; nobody knows then what is new. */
  if (!AC_IS_MIRROR_ACTION_SOURCE (source))
    return;
  self->source = AC_MIRROR_ACTION_SOURCE (g_object_ref (source));
  self->cancellable = g_cancellable_new ();
  self->since = ac_time_now ();
  g_signal_connect_swapped (source, "changed", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (source, "notify::last-refreshed", G_CALLBACK (refreshed_cb), self);
  g_signal_connect_swapped (source, "notify::syncing", G_CALLBACK (refreshed_cb), self);
  refreshed_cb (self);
}

static void
shows_pending_cb (AcNotifier *self)
{
  if (list_is_seen (self))
    ac_notifier_forget (self);
}

static void
window_added_cb (AcNotifier *self, GtkWindow *window)
{
  if (AC_IS_WINDOW (window))
    g_signal_connect_object (window, "notify::shows-pending", G_CALLBACK (shows_pending_cb), self,
                             G_CONNECT_SWAPPED);
}

static void
settings_cb (AcNotifier *self)
{
  if (!g_settings_get_boolean (self->settings, "notifications"))
    ac_notifier_forget (self);
}

static void
ac_notifier_dispose (GObject *object)
{
  AcNotifier *self = AC_NOTIFIER (object);

  drop_source (self);
  g_clear_object (&self->session);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (ac_notifier_parent_class)->dispose (object);
}

static void
ac_notifier_finalize (GObject *object)
{
  AcNotifier *self = AC_NOTIFIER (object);

  g_hash_table_unref (self->waiting);
  g_hash_table_unref (self->suspect);
  g_array_unref (self->asked);
  G_OBJECT_CLASS (ac_notifier_parent_class)->finalize (object);
}

static void
ac_notifier_class_init (AcNotifierClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ac_notifier_dispose;
  G_OBJECT_CLASS (klass)->finalize = ac_notifier_finalize;
}

static void
ac_notifier_init (AcNotifier *self)
{
  self->waiting = new_table (g_object_unref);
  self->suspect = new_table (NULL);
  self->asked = g_array_new (FALSE, FALSE, sizeof (guint64));
}

/**
 * ac_notifier_new:
 * @application: has the actions app.open-action, app.review-action and app.open-pending
 * @session: whose actions it tells of
 * @settings: the rule
 *
 * Returns: (transfer full):
 */
AcNotifier *
ac_notifier_new (GtkApplication *application, AcSession *session, GSettings *settings)
{
  AcNotifier *self;

  g_return_val_if_fail (GTK_IS_APPLICATION (application), NULL);
  g_return_val_if_fail (AC_IS_SESSION (session), NULL);
  g_return_val_if_fail (G_IS_SETTINGS (settings), NULL);

  self = g_object_new (AC_TYPE_NOTIFIER, NULL);
  self->application = application;
  self->session = g_object_ref (session);
  self->settings = g_object_ref (settings);
  g_signal_connect_object (session, "notify::source", G_CALLBACK (session_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (application, "window-added", G_CALLBACK (window_added_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::notifications", G_CALLBACK (settings_cb), self,
                           G_CONNECT_SWAPPED);
  session_cb (self);
  return self;
}
