/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client/ac-change-follower.h"
#include "model/ac-time.h"

/* In milliseconds. */
#define DEFAULT_INTERVAL 2000
#define LONGEST_INTERVAL (60 * 1000)

struct _AcChangeFollower
{
  GObject parent_instance;

  AcApi *api;
  char *token; /* nullable: before the first answer, and after the service has forgotten ours */
  GCancellable *cancellable;
  gboolean asking;
  gboolean ask_again; /* somebody wanted an answer while a question was under way */
  gboolean answered;
  guint timer;
  guint interval; /* milliseconds */
  guint n_failures;

  gint64 last_refreshed;
  gint64 offline_since;
  char *offline_reason;
};

enum
{
  PROP_0,
  PROP_LAST_REFRESHED,
  PROP_OFFLINE_SINCE,
  PROP_OFFLINE_REASON,
  N_PROPERTIES
};

enum
{
  BEGAN,
  CHANGES,
  ANSWERED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AcChangeFollower, ac_change_follower, G_TYPE_OBJECT)

static void
ac_change_follower_dispose (GObject *object)
{
  AcChangeFollower *self = AC_CHANGE_FOLLOWER (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  G_OBJECT_CLASS (ac_change_follower_parent_class)->dispose (object);
}

static void
ac_change_follower_finalize (GObject *object)
{
  AcChangeFollower *self = AC_CHANGE_FOLLOWER (object);

  g_clear_object (&self->api);
  g_clear_object (&self->cancellable);
  g_free (self->token);
  g_free (self->offline_reason);
  G_OBJECT_CLASS (ac_change_follower_parent_class)->finalize (object);
}

static void
ac_change_follower_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  AcChangeFollower *self = AC_CHANGE_FOLLOWER (object);

  switch (id)
    {
    case PROP_LAST_REFRESHED:
      g_value_set_int64 (value, self->last_refreshed);
      break;
    case PROP_OFFLINE_SINCE:
      g_value_set_int64 (value, self->offline_since);
      break;
    case PROP_OFFLINE_REASON:
      g_value_set_string (value, self->offline_reason);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ac_change_follower_class_init (AcChangeFollowerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = ac_change_follower_dispose;
  object_class->finalize = ac_change_follower_finalize;
  object_class->get_property = ac_change_follower_get_property;

  properties[PROP_LAST_REFRESHED] = g_param_spec_int64 ("last-refreshed", NULL, NULL, G_MININT64,
                                                        G_MAXINT64, AC_TIME_NONE, flags);
  properties[PROP_OFFLINE_SINCE] =
      g_param_spec_int64 ("offline-since", NULL, NULL, G_MININT64, G_MAXINT64, AC_TIME_NONE, flags);
  properties[PROP_OFFLINE_REASON] = g_param_spec_string ("offline-reason", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  signals[BEGAN] = g_signal_new ("began", AC_TYPE_CHANGE_FOLLOWER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
  signals[CHANGES] = g_signal_new ("changes", AC_TYPE_CHANGE_FOLLOWER, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[ANSWERED] = g_signal_new ("answered", AC_TYPE_CHANGE_FOLLOWER, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
ac_change_follower_init (AcChangeFollower *self)
{
  self->cancellable = g_cancellable_new ();
  self->interval = DEFAULT_INTERVAL;
  self->last_refreshed = AC_TIME_NONE;
  self->offline_since = AC_TIME_NONE;
}

static void
notify (AcChangeFollower *self, guint property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
set_online (AcChangeFollower *self)
{
  g_object_freeze_notify (G_OBJECT (self));
  self->last_refreshed = ac_time_now ();
  notify (self, PROP_LAST_REFRESHED);
  if (self->offline_since != AC_TIME_NONE)
    {
      self->offline_since = AC_TIME_NONE;
      g_clear_pointer (&self->offline_reason, g_free);
      notify (self, PROP_OFFLINE_SINCE);
      notify (self, PROP_OFFLINE_REASON);
    }
  g_object_thaw_notify (G_OBJECT (self));
}

static void
set_offline (AcChangeFollower *self, const GError *error)
{
  g_object_freeze_notify (G_OBJECT (self));
  if (self->offline_since == AC_TIME_NONE)
    {
      self->offline_since = ac_time_now ();
      notify (self, PROP_OFFLINE_SINCE);
    }
  if (g_strcmp0 (self->offline_reason, error->message) != 0)
    {
      g_free (self->offline_reason);
      self->offline_reason = g_strdup (error->message);
      notify (self, PROP_OFFLINE_REASON);
    }
  g_object_thaw_notify (G_OBJECT (self));
}

static gboolean
timer_cb (gpointer data)
{
  AcChangeFollower *self = data;

  self->timer = 0;
  ac_change_follower_ask (self);
  return G_SOURCE_REMOVE;
}

static void
ask_later (AcChangeFollower *self)
{
  guint64 delay = self->interval;

  if (self->n_failures > 0)
    {
      delay <<= MIN (self->n_failures - 1, 8);
      delay = MIN (delay, MAX (LONGEST_INTERVAL, self->interval));
      /* Windows that lost the service together do not come back together. */
      delay = delay / 2 + (guint64)g_random_int_range (0, (gint32)(delay / 2 + 1));
    }
  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add ((guint)delay, timer_cb, self);
}

static void
take_page (AcChangeFollower *self, const AcChangePage *page)
{
  gboolean begins = self->token == NULL;

  self->n_failures = 0;
  g_free (self->token);
  self->token = g_strdup (page->next);
  if (begins)
    g_signal_emit (self, signals[BEGAN], 0);
  if (page->changes->len > 0)
    g_signal_emit (self, signals[CHANGES], 0, page);
  /* We know the service's state only when nothing more is waiting. */
  if (!page->more)
    set_online (self);
}

static void
changes_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GWeakRef *weak = user_data;
  g_autoptr (AcChangeFollower) self = g_weak_ref_get (weak);
  g_autoptr (AcChangePage) page = NULL;
  g_autoptr (GError) error = NULL;
  gboolean at_once;

  g_weak_ref_clear (weak);
  g_free (weak);
  page = ac_api_get_changes_finish (AC_API (object), result, &error);
  if (self == NULL)
    return;

  at_once = self->ask_again;
  self->asking = FALSE;
  self->ask_again = FALSE;
  self->answered = TRUE;
  if (page != NULL)
    {
      take_page (self, page);
      at_once = at_once || page->more;
    }
  else if (g_error_matches (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_GONE) && self->token != NULL)
    {
      /* Fallen out of the log, or another database: from here on everything is read anew. */
      g_clear_pointer (&self->token, g_free);
      at_once = TRUE;
    }
  else
    {
      self->n_failures++;
      set_offline (self, error);
    }
  g_signal_emit (self, signals[ANSWERED], 0, error);

  if (at_once)
    ac_change_follower_ask (self);
  else
    ask_later (self);
}

/**
 * ac_change_follower_new:
 *
 * Returns: (transfer full): a follower that has not asked yet.
 */
AcChangeFollower *
ac_change_follower_new (AcApi *api)
{
  AcChangeFollower *self;

  g_return_val_if_fail (AC_IS_API (api), NULL);

  self = g_object_new (AC_TYPE_CHANGE_FOLLOWER, NULL);
  self->api = g_object_ref (api);
  return self;
}

/**
 * ac_change_follower_ask:
 *
 * Asks now, and from then on at the interval.
 */
void
ac_change_follower_ask (AcChangeFollower *self)
{
  GWeakRef *weak;

  g_return_if_fail (AC_IS_CHANGE_FOLLOWER (self));

  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->asking)
    {
      self->ask_again = TRUE;
      return;
    }
  self->asking = TRUE;
  /* Following the changes must not keep alive what nobody uses any more. */
  weak = g_new0 (GWeakRef, 1);
  g_weak_ref_init (weak, self);
  ac_api_get_changes_async (self->api, self->token, AC_API_MAX_LIMIT, self->cancellable, changes_cb,
                            weak);
}

/**
 * ac_change_follower_set_interval:
 * @milliseconds: between two questions; longer while the service is away
 */
void
ac_change_follower_set_interval (AcChangeFollower *self, guint milliseconds)
{
  g_return_if_fail (AC_IS_CHANGE_FOLLOWER (self));
  g_return_if_fail (milliseconds > 0);

  self->interval = milliseconds;
  if (self->timer != 0)
    ask_later (self);
}

/**
 * ac_change_follower_get_token:
 *
 * Returns: (nullable): up to where the changes are known.
 */
const char *
ac_change_follower_get_token (AcChangeFollower *self)
{
  g_return_val_if_fail (AC_IS_CHANGE_FOLLOWER (self), NULL);

  return self->token;
}

/**
 * ac_change_follower_is_answered:
 *
 * Returns: whether some question has had an answer or an error.
 */
gboolean
ac_change_follower_is_answered (AcChangeFollower *self)
{
  g_return_val_if_fail (AC_IS_CHANGE_FOLLOWER (self), FALSE);

  return self->answered;
}

gint64
ac_change_follower_get_last_refreshed (AcChangeFollower *self)
{
  g_return_val_if_fail (AC_IS_CHANGE_FOLLOWER (self), AC_TIME_NONE);

  return self->last_refreshed;
}

gint64
ac_change_follower_get_offline_since (AcChangeFollower *self)
{
  g_return_val_if_fail (AC_IS_CHANGE_FOLLOWER (self), AC_TIME_NONE);

  return self->offline_since;
}

const char *
ac_change_follower_get_offline_reason (AcChangeFollower *self)
{
  g_return_val_if_fail (AC_IS_CHANGE_FOLLOWER (self), NULL);

  return self->offline_reason;
}
