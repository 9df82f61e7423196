/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/ac-client-error.h"
#include "client/ac-http-action-source.h"
#include "client/ac-known-account.h"
#include "client/ac-mirror-action-source.h"
#include "client/ac-mirror-query.h"
#include "model/ac-time.h"
#include "window/ac-session.h"

struct _AcSession
{
  GObject parent_instance;

  AcSessionState state;
  char *message;
  GCancellable *cancellable; /* of the attempt under way */

  AcConnection *connection;
  AcActionQuery *first_query; /* nullable */
  AcApi *api;
  AcActionSource *source;
  AcCounts *counts;
  AcMe *me;
  char *notice;      /* nullable */
  gboolean verified; /* the service has said who the person is, since the program started */
};

G_DEFINE_FINAL_TYPE (AcSession, ac_session, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_STATE,
  PROP_MESSAGE,
  PROP_SOURCE,
  PROP_COUNTS,
  PROP_USER_NAME,
  PROP_ROLE_LABEL,
  PROP_ADDRESS,
  PROP_MAY_DECIDE,
  PROP_NOTICE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

GType
ac_session_state_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    { AC_SESSION_DISCONNECTED, "AC_SESSION_DISCONNECTED", "disconnected" },
    { AC_SESSION_CONNECTING, "AC_SESSION_CONNECTING", "connecting" },
    { AC_SESSION_CONNECTED, "AC_SESSION_CONNECTED", "connected" },
    { AC_SESSION_FAILED, "AC_SESSION_FAILED", "failed" },
    { 0, NULL, NULL },
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("AcSessionState", values));
  return type;
}

static void
notify_all (AcSession *self)
{
  g_object_freeze_notify (G_OBJECT (self));
  for (guint i = 1; i < N_PROPS; i++)
    g_object_notify_by_pspec (G_OBJECT (self), properties[i]);
  g_object_thaw_notify (G_OBJECT (self));
}

static void
stop_attempt (AcSession *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

/* Lets go of what a connection brought. */
static void
drop_service (AcSession *self)
{
  if (self->source != NULL)
    g_signal_handlers_disconnect_by_data (self->source, self);
  /* Whoever still shows the actions keeps the source; the file must be free for the next one. */
  if (AC_IS_MIRROR_ACTION_SOURCE (self->source))
    ac_mirror_sync_stop (ac_mirror_action_source_get_sync (AC_MIRROR_ACTION_SOURCE (self->source)));
  g_clear_pointer (&self->notice, g_free);
  g_clear_object (&self->counts);
  g_clear_object (&self->source);
  g_clear_object (&self->api);
  g_clear_pointer (&self->me, ac_me_free);
  g_clear_pointer (&self->message, g_free);
}

static void
ac_session_dispose (GObject *object)
{
  AcSession *self = AC_SESSION (object);

  stop_attempt (self);
  drop_service (self);
  g_clear_object (&self->connection);
  g_clear_object (&self->first_query);
  G_OBJECT_CLASS (ac_session_parent_class)->dispose (object);
}

static void
ac_session_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  AcSession *self = AC_SESSION (object);

  switch (prop_id)
    {
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_MESSAGE:
      g_value_set_string (value, self->message);
      break;
    case PROP_SOURCE:
      g_value_set_object (value, self->source);
      break;
    case PROP_COUNTS:
      g_value_set_object (value, self->counts);
      break;
    case PROP_USER_NAME:
      g_value_set_string (value, self->me != NULL ? self->me->name : NULL);
      break;
    case PROP_ROLE_LABEL:
      g_value_set_string (value, self->me != NULL
                                     ? ac_vocabulary_label (AC_VOCABULARY_ROLE, self->me->role)
                                     : NULL);
      break;
    case PROP_ADDRESS:
      g_value_set_string (
          value, self->connection != NULL ? ac_connection_get_address (self->connection) : NULL);
      break;
    case PROP_MAY_DECIDE:
      g_value_set_boolean (value, ac_session_may (self, AC_PERMISSION_DECIDE));
      break;
    case PROP_NOTICE:
      g_value_set_string (value, self->notice);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ac_session_class_init (AcSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = ac_session_dispose;
  object_class->get_property = ac_session_get_property;

  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, AC_TYPE_SESSION_STATE,
                                              AC_SESSION_DISCONNECTED, flags);
  properties[PROP_MESSAGE] = g_param_spec_string ("message", NULL, NULL, NULL, flags);
  properties[PROP_SOURCE] =
      g_param_spec_object ("source", NULL, NULL, AC_TYPE_ACTION_SOURCE, flags);
  properties[PROP_COUNTS] = g_param_spec_object ("counts", NULL, NULL, AC_TYPE_COUNTS, flags);
  properties[PROP_USER_NAME] = g_param_spec_string ("user-name", NULL, NULL, NULL, flags);
  properties[PROP_ROLE_LABEL] = g_param_spec_string ("role-label", NULL, NULL, NULL, flags);
  properties[PROP_ADDRESS] = g_param_spec_string ("address", NULL, NULL, NULL, flags);
  properties[PROP_MAY_DECIDE] = g_param_spec_boolean ("may-decide", NULL, NULL, FALSE, flags);
  properties[PROP_NOTICE] = g_param_spec_string ("notice", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
ac_session_init (AcSession *self)
{
}

/**
 * ac_session_new:
 *
 * Returns: (transfer full): a session that is not connected.
 */
AcSession *
ac_session_new (void)
{
  return g_object_new (AC_TYPE_SESSION, NULL);
}

static void
fail (AcSession *self, const GError *error)
{
  stop_attempt (self);
  drop_service (self);
  self->state = AC_SESSION_FAILED;
  self->message = g_strdup (error->message);
  notify_all (self);
}

/* --- who the person is --- */

static void verify (AcSession *self);

static void
set_me (AcSession *self, const AcMe *me)
{
  g_clear_pointer (&self->me, ac_me_free);
  self->me = ac_me_copy (me);
}

static void
verified_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcSession) self = user_data;
  g_autofree char *folder = ac_mirror_default_folder ();
  AcApi *api = AC_API (source_object);
  g_autoptr (GError) error = NULL;
  g_autoptr (AcMe) me = ac_api_get_me_finish (api, result, &error);

  if (api != self->api || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (g_error_matches (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_UNAUTHORIZED) ||
      g_error_matches (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_FORBIDDEN))
    {
      ac_known_account_save (folder, api, NULL);
      fail (self, error);
      return;
    }
  /* It is asked again when the service answers. */
  if (me == NULL)
    return;
  self->verified = TRUE;
  ac_known_account_save (folder, api, me);
  if (g_strcmp0 (me->name, self->me->name) != 0)
    {
      /* The token belongs to another person now, whose mirror is another. */
      ac_session_reopen (self);
      return;
    }
  set_me (self, me);
  notify_all (self);
}

static void
verify (AcSession *self)
{
  if (!self->verified && self->cancellable != NULL)
    ac_api_get_me_async (self->api, self->cancellable, verified_cb, g_object_ref (self));
}

static void
offline_cb (AcSession *self)
{
  if (ac_action_source_get_offline_since (self->source) == AC_TIME_NONE)
    verify (self);
}

/* --- the actions --- */

/* A service whose mirror is being opened. */
typedef struct
{
  AcSession *session; /* owned */
  AcConnection *connection;
  AcApi *api;
  AcMe *me;
  gboolean verified;
} Adoption;

static void
adoption_free (Adoption *adoption)
{
  g_object_unref (adoption->session);
  g_clear_object (&adoption->connection);
  g_object_unref (adoption->api);
  ac_me_free (adoption->me);
  g_free (adoption);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Adoption, adoption_free)

static void
mirror_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Adoption) adoption = user_data;
  AcSession *self = adoption->session;
  g_autoptr (GError) error = NULL;
  g_autoptr (AcMirror) mirror = ac_mirror_open_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->api != adoption->api)
    return;
  if (mirror != NULL)
    {
      g_autoptr (AcMirrorSync) sync = ac_mirror_sync_new (mirror, self->api);

      self->source = AC_ACTION_SOURCE (ac_mirror_action_source_new (mirror, sync));
      ac_mirror_sync_start (sync);
    }
  else
    {
      self->source = AC_ACTION_SOURCE (ac_http_action_source_new (self->api));
      self->notice = g_strdup (error->message);
    }
  self->counts = ac_counts_new (self->source);
  self->state = AC_SESSION_CONNECTED;
  g_signal_connect_swapped (self->source, "notify::offline-since", G_CALLBACK (offline_cb), self);
  notify_all (self);
  verify (self);
}

/* Takes a service over; the actions come when the mirror is open. */
static void
adopt (AcSession *self, AcConnection *connection, AcApi *api, const AcMe *me, gboolean verified)
{
  g_autofree char *folder = ac_mirror_default_folder ();
  Adoption *adoption = g_new0 (Adoption, 1);

  adoption->session = g_object_ref (self);
  adoption->api = g_object_ref (api);
  stop_attempt (self);
  drop_service (self);
  g_set_object (&self->connection, connection);
  g_set_object (&self->api, api);
  set_me (self, me);
  self->verified = verified;
  self->state = AC_SESSION_CONNECTING;
  self->cancellable = g_cancellable_new ();
  if (verified)
    ac_known_account_save (folder, api, me);
  notify_all (self);
  ac_mirror_open_at_async (folder, ac_api_get_address (api), me->name, self->first_query,
                           self->cancellable, mirror_cb, adoption);
}

/* --- opening --- */

static void
me_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcSession) self = user_data;
  AcApi *api = AC_API (source_object);
  g_autoptr (GError) error = NULL;
  g_autoptr (AcMe) me = ac_api_get_me_finish (api, result, &error);

  if (api != self->api || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (me == NULL)
    fail (self, error);
  else
    adopt (self, self->connection, api, me, TRUE);
}

static void
known_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcSession) self = user_data;
  AcApi *api = AC_API (source_object);
  g_autoptr (AcMe) me = ac_known_account_load_finish (api, result);

  if (api != self->api || self->cancellable == NULL)
    return;
  /* Whom the mirror belongs to is known: the window shows it at once, and asks meanwhile. */
  if (me != NULL)
    adopt (self, self->connection, api, me, FALSE);
  else
    ac_api_get_me_async (api, self->cancellable, me_cb, g_object_ref (self));
}

static void
prepared_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcSession) self = user_data;
  AcConnection *connection = AC_CONNECTION (source_object);
  g_autofree char *folder = ac_mirror_default_folder ();
  g_autoptr (GError) error = NULL;
  g_autoptr (AcApi) api = ac_connection_prepare_finish (connection, result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || connection != self->connection)
    return;
  if (api == NULL)
    {
      fail (self, error);
      return;
    }
  g_set_object (&self->api, api);
  ac_known_account_load_async (folder, api, self->cancellable, known_cb, g_object_ref (self));
}

/* Where nobody has to be asked for anything, the mirror is opened without a way through the main
 * loop, which does not run yet when the program starts. */
static gboolean
open_known (AcSession *self, AcConnection *connection)
{
  g_autofree char *folder = ac_mirror_default_folder ();
  g_autoptr (AcApi) api = ac_connection_prepare_now (connection);
  g_autoptr (AcMe) me = api != NULL ? ac_known_account_load_now (folder, api) : NULL;

  if (me == NULL)
    return FALSE;
  adopt (self, connection, api, me, FALSE);
  return TRUE;
}

/**
 * ac_session_set_first_query:
 * @query: (nullable): of the list that the window shows first
 *
 * The beginning of that list is read as soon as a mirror is open.
 */
void
ac_session_set_first_query (AcSession *self, AcActionQuery *query)
{
  g_return_if_fail (AC_IS_SESSION (self));

  g_set_object (&self->first_query, query);
}

/**
 * ac_session_open:
 * @connection: an address and a way to its token
 *
 * Leaves the service that was open and connects to this one; the state says how that goes.
 */
void
ac_session_open (AcSession *self, AcConnection *connection)
{
  const char *address;

  g_return_if_fail (AC_IS_SESSION (self));
  g_return_if_fail (AC_IS_CONNECTION (connection));

  stop_attempt (self);
  drop_service (self);
  g_set_object (&self->connection, connection);
  address = ac_connection_get_address (connection);
  self->state =
      address == NULL || *address == '\0' ? AC_SESSION_DISCONNECTED : AC_SESSION_CONNECTING;
  notify_all (self);
  if (self->state == AC_SESSION_DISCONNECTED)
    return;
  if (open_known (self, connection))
    return;
  self->cancellable = g_cancellable_new ();
  ac_connection_prepare_async (connection, self->cancellable, prepared_cb, g_object_ref (self));
}

/**
 * ac_session_reopen:
 *
 * Tries the same connection again.
 */
void
ac_session_reopen (AcSession *self)
{
  g_return_if_fail (AC_IS_SESSION (self));

  if (self->connection != NULL)
    {
      g_autoptr (AcConnection) connection = g_object_ref (self->connection);

      ac_session_open (self, connection);
    }
}

/**
 * ac_session_adopt:
 * @connection: (nullable): where @api comes from
 * @api: the calls of the service
 * @me: who the person is there
 *
 * Takes over a service that answers; its actions are there a moment later.
 */
void
ac_session_adopt (AcSession *self, AcConnection *connection, AcApi *api, const AcMe *me)
{
  g_return_if_fail (AC_IS_SESSION (self));
  g_return_if_fail (AC_IS_API (api));
  g_return_if_fail (me != NULL);

  adopt (self, connection, api, me, TRUE);
}

/**
 * ac_session_close:
 *
 * Leaves the service.
 */
void
ac_session_close (AcSession *self)
{
  g_return_if_fail (AC_IS_SESSION (self));

  stop_attempt (self);
  drop_service (self);
  self->state = AC_SESSION_DISCONNECTED;
  notify_all (self);
}

AcSessionState
ac_session_get_state (AcSession *self)
{
  g_return_val_if_fail (AC_IS_SESSION (self), AC_SESSION_DISCONNECTED);

  return self->state;
}

/**
 * ac_session_get_message:
 *
 * Returns: (nullable): why there is no connection, a sentence.
 */
const char *
ac_session_get_message (AcSession *self)
{
  g_return_val_if_fail (AC_IS_SESSION (self), NULL);

  return self->message;
}

/**
 * ac_session_get_connection:
 *
 * Returns: (transfer none) (nullable):
 */
AcConnection *
ac_session_get_connection (AcSession *self)
{
  g_return_val_if_fail (AC_IS_SESSION (self), NULL);

  return self->connection;
}

/**
 * ac_session_get_api:
 *
 * Returns: (transfer none) (nullable): the calls of the service, while connected.
 */
AcApi *
ac_session_get_api (AcSession *self)
{
  g_return_val_if_fail (AC_IS_SESSION (self), NULL);

  return self->api;
}

/**
 * ac_session_get_source:
 *
 * Returns: (transfer none) (nullable): the actions, while connected.
 */
AcActionSource *
ac_session_get_source (AcSession *self)
{
  g_return_val_if_fail (AC_IS_SESSION (self), NULL);

  return self->source;
}

/**
 * ac_session_get_counts:
 *
 * Returns: (transfer none) (nullable): how many actions stand under each tab, while connected.
 */
AcCounts *
ac_session_get_counts (AcSession *self)
{
  g_return_val_if_fail (AC_IS_SESSION (self), NULL);

  return self->counts;
}

/**
 * ac_session_get_notice:
 *
 * Returns: (nullable): a sentence about how the actions are kept that the person should know.
 */
const char *
ac_session_get_notice (AcSession *self)
{
  g_return_val_if_fail (AC_IS_SESSION (self), NULL);

  return self->notice;
}

/**
 * ac_session_get_me:
 *
 * Returns: (nullable): who the person is to the service, while connected.
 */
const AcMe *
ac_session_get_me (AcSession *self)
{
  g_return_val_if_fail (AC_IS_SESSION (self), NULL);

  return self->me;
}

gboolean
ac_session_may (AcSession *self, AcPermission permission)
{
  g_return_val_if_fail (AC_IS_SESSION (self), FALSE);

  return self->me != NULL && ac_me_may (self->me, permission);
}
