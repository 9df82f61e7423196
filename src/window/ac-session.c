/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/ac-client-error.h"
#include "client/ac-http-action-source.h"
#include "window/ac-session.h"

struct _AcSession
{
  GObject parent_instance;

  AcSessionState state;
  char *message;
  GCancellable *cancellable; /* of the attempt under way */

  AcConnection *connection;
  AcApi *api;
  AcActionSource *source;
  AcCounts *counts;
  AcMe *me;
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
open_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcSession) self = user_data;
  AcConnection *connection = AC_CONNECTION (source_object);
  g_autoptr (GError) error = NULL;
  g_autoptr (AcMe) me = NULL;
  g_autoptr (AcApi) api = ac_connection_open_finish (connection, result, &me, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || connection != self->connection)
    return;
  g_clear_object (&self->cancellable);
  if (api != NULL)
    {
      g_autoptr (AcHttpActionSource) source = ac_http_action_source_new (api);

      ac_session_adopt (self, connection, api, AC_ACTION_SOURCE (source), me);
      return;
    }
  self->state = AC_SESSION_FAILED;
  g_free (self->message);
  self->message = g_strdup (error->message);
  notify_all (self);
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
  self->cancellable = g_cancellable_new ();
  ac_connection_open_async (connection, self->cancellable, open_cb, g_object_ref (self));
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
 * @api: (nullable): the calls of the service
 * @source: the actions of the service
 * @me: who the person is there
 *
 * Takes over a service that answers.
 */
void
ac_session_adopt (AcSession *self,
                  AcConnection *connection,
                  AcApi *api,
                  AcActionSource *source,
                  const AcMe *me)
{
  g_return_if_fail (AC_IS_SESSION (self));
  g_return_if_fail (AC_IS_ACTION_SOURCE (source));
  g_return_if_fail (me != NULL);

  stop_attempt (self);
  drop_service (self);
  g_set_object (&self->connection, connection);
  g_set_object (&self->api, api);
  self->source = g_object_ref (source);
  self->counts = ac_counts_new (source);
  self->me = ac_me_copy (me);
  self->state = AC_SESSION_CONNECTED;
  notify_all (self);
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
