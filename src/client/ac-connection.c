/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <libsecret/secret.h>

#include "client/ac-connection.h"
#include "client/ac-service-address.h"
#include "client/ac-token.h"

static const SecretSchema token_schema = {
  "org.actioncenter.Token",
  SECRET_SCHEMA_NONE,
  { { "address", SECRET_SCHEMA_ATTRIBUTE_STRING } },
};

struct _AcConnection
{
  GObject parent_instance;

  char *address; /* nullable; as the person has typed it */
  char *name;    /* nullable */
  char *ca_file; /* nullable */

  AcTokenStorage storage;
  char *run_token;         /* nullable: kept for this run only */
  char *run_token_address; /* canonical: the service it is for */
};

enum
{
  PROP_0,
  PROP_ADDRESS,
  PROP_NAME,
  PROP_CA_FILE,
  PROP_TOKEN_STORAGE,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE (AcConnection, ac_connection, G_TYPE_OBJECT)

GType
ac_token_storage_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    { AC_TOKEN_STORAGE_NONE, "AC_TOKEN_STORAGE_NONE", "none" },
    { AC_TOKEN_STORAGE_THIS_RUN, "AC_TOKEN_STORAGE_THIS_RUN", "this-run" },
    { AC_TOKEN_STORAGE_SECRET_SERVICE, "AC_TOKEN_STORAGE_SECRET_SERVICE", "secret-service" },
    { 0, NULL, NULL },
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("AcTokenStorage", values));
  return (GType)type;
}

static void
ac_connection_finalize (GObject *object)
{
  AcConnection *self = AC_CONNECTION (object);

  g_free (self->address);
  g_free (self->name);
  g_free (self->ca_file);
  ac_token_forget (self->run_token);
  g_free (self->run_token_address);
  G_OBJECT_CLASS (ac_connection_parent_class)->finalize (object);
}

static void
ac_connection_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  AcConnection *self = AC_CONNECTION (object);

  switch (id)
    {
    case PROP_ADDRESS:
      g_value_set_string (value, self->address);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_CA_FILE:
      g_value_set_string (value, self->ca_file);
      break;
    case PROP_TOKEN_STORAGE:
      g_value_set_enum (value, (int)self->storage);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ac_connection_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  AcConnection *self = AC_CONNECTION (object);

  switch (id)
    {
    case PROP_ADDRESS:
      ac_connection_set_address (self, g_value_get_string (value));
      break;
    case PROP_NAME:
      ac_connection_set_name (self, g_value_get_string (value));
      break;
    case PROP_CA_FILE:
      ac_connection_set_ca_file (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ac_connection_class_init (AcConnectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  const GParamFlags writable = readable | G_PARAM_WRITABLE;

  object_class->finalize = ac_connection_finalize;
  object_class->get_property = ac_connection_get_property;
  object_class->set_property = ac_connection_set_property;
  properties[PROP_ADDRESS] = g_param_spec_string ("address", NULL, NULL, NULL, writable);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, writable);
  properties[PROP_CA_FILE] = g_param_spec_string ("ca-file", NULL, NULL, NULL, writable);
  properties[PROP_TOKEN_STORAGE] = g_param_spec_enum (
      "token-storage", NULL, NULL, AC_TYPE_TOKEN_STORAGE, AC_TOKEN_STORAGE_NONE, readable);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
ac_connection_init (AcConnection *self)
{
}

/**
 * ac_connection_new:
 *
 * Returns: (transfer full): settings that name no service yet.
 */
AcConnection *
ac_connection_new (void)
{
  return g_object_new (AC_TYPE_CONNECTION, NULL);
}

static void
set_string (AcConnection *self, char **field, const char *value, guint property)
{
  if (value != NULL && *value == '\0')
    value = NULL;
  if (g_strcmp0 (*field, value) == 0)
    return;
  g_free (*field);
  *field = g_strdup (value);
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
set_storage (AcConnection *self, AcTokenStorage storage)
{
  if (self->storage == storage)
    return;
  self->storage = storage;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TOKEN_STORAGE]);
}

/**
 * ac_connection_get_address:
 *
 * Returns: (nullable): the address, as it was set.
 */
const char *
ac_connection_get_address (AcConnection *self)
{
  g_return_val_if_fail (AC_IS_CONNECTION (self), NULL);

  return self->address;
}

/**
 * ac_connection_set_address:
 * @address: (nullable): see ac-service-address.h; empty is as %NULL
 *
 * Takes anything; ac_connection_open_async() says what is wrong with it.
 */
void
ac_connection_set_address (AcConnection *self, const char *address)
{
  g_return_if_fail (AC_IS_CONNECTION (self));

  set_string (self, &self->address, address, PROP_ADDRESS);
}

/**
 * ac_connection_get_name:
 *
 * Returns: (nullable): what the person calls this service.
 */
const char *
ac_connection_get_name (AcConnection *self)
{
  g_return_val_if_fail (AC_IS_CONNECTION (self), NULL);

  return self->name;
}

void
ac_connection_set_name (AcConnection *self, const char *name)
{
  g_return_if_fail (AC_IS_CONNECTION (self));

  set_string (self, &self->name, name, PROP_NAME);
}

/**
 * ac_connection_get_ca_file:
 *
 * Returns: (nullable): the path of the PEM file whose authorities are trusted in place of the
 * system's.
 */
const char *
ac_connection_get_ca_file (AcConnection *self)
{
  g_return_val_if_fail (AC_IS_CONNECTION (self), NULL);

  return self->ca_file;
}

void
ac_connection_set_ca_file (AcConnection *self, const char *path)
{
  g_return_if_fail (AC_IS_CONNECTION (self));

  set_string (self, &self->ca_file, path, PROP_CA_FILE);
}

AcTokenStorage
ac_connection_get_token_storage (AcConnection *self)
{
  g_return_val_if_fail (AC_IS_CONNECTION (self), AC_TOKEN_STORAGE_NONE);

  return self->storage;
}

/* The address in the form under which its token is kept, or NULL with an error. */
static char *
canonical_address (AcConnection *self, GError **error)
{
  g_autoptr (AcServiceAddress) address =
      ac_service_address_parse (self->address != NULL ? self->address : "", error);

  return address != NULL ? g_strdup (address->text) : NULL;
}

/* @token: (nullable): NULL forgets it */
static void
keep_for_this_run (AcConnection *self, const char *address, const char *token)
{
  ac_token_forget (g_steal_pointer (&self->run_token));
  g_free (self->run_token_address);
  self->run_token = g_strdup (token);
  self->run_token_address = token != NULL ? g_strdup (address) : NULL;
}

/**
 * ac_connection_set_token_for_this_run:
 * @token: (nullable): given by whoever started the program; %NULL forgets it
 *
 * Uses @token for the service that the address names now, and stores it nowhere.
 */
void
ac_connection_set_token_for_this_run (AcConnection *self, const char *token)
{
  g_autofree char *address = NULL;

  g_return_if_fail (AC_IS_CONNECTION (self));

  address = canonical_address (self, NULL);
  if (address == NULL)
    token = NULL;
  keep_for_this_run (self, address, token);
  set_storage (self, token != NULL ? AC_TOKEN_STORAGE_THIS_RUN : AC_TOKEN_STORAGE_NONE);
}

/* Storing */

typedef struct
{
  char *address; /* canonical */
  char *token;   /* of a store; else NULL */
} TokenTask;

static void
token_task_free (gpointer data)
{
  TokenTask *token = data;

  g_free (token->address);
  ac_token_forget (token->token);
  g_free (token);
}

/* NULL when the address is no address; the task has its error then. */
static TokenTask *
token_task_new (GTask *task, const char *token)
{
  AcConnection *self = g_task_get_source_object (task);
  GError *error = NULL;
  char *address = canonical_address (self, &error);
  TokenTask *data;

  if (address == NULL)
    {
      g_task_return_error (task, error);
      return NULL;
    }
  data = g_new0 (TokenTask, 1);
  data->address = address;
  data->token = g_strdup (token);
  g_task_set_task_data (task, data, token_task_free);
  return data;
}

static void
stored_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  AcConnection *self = g_task_get_source_object (task);
  TokenTask *token = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (secret_password_store_finish (result, &error))
    {
      keep_for_this_run (self, NULL, NULL);
      set_storage (self, AC_TOKEN_STORAGE_SECRET_SERVICE);
      g_task_return_boolean (task, TRUE);
      return;
    }
  if (g_task_return_error_if_cancelled (task))
    return;
  /* No Secret Service, or the person does not unlock it: good enough until the program ends. */
  g_debug ("The token is kept for this run only: %s", error->message);
  keep_for_this_run (self, token->address, token->token);
  set_storage (self, AC_TOKEN_STORAGE_THIS_RUN);
  g_task_return_boolean (task, TRUE);
}

/**
 * ac_connection_store_token_async:
 * @token: the bearer token for the service that the address names now
 *
 * Keeps the token in the Secret Service, or for this run only when that is not to be had; the
 * property token-storage then tells which.
 */
void
ac_connection_store_token_async (AcConnection *self,
                                 const char *token,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autofree char *label = NULL;
  TokenTask *data;

  g_return_if_fail (AC_IS_CONNECTION (self));
  g_return_if_fail (token != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_name (task, "ac_connection_store_token");
  data = token_task_new (task, token);
  if (data == NULL)
    return;
  label = g_strdup_printf (_ ("Action Center at %s"), data->address);
  secret_password_store (&token_schema, SECRET_COLLECTION_DEFAULT, label, data->token, cancellable,
                         stored_cb, g_object_ref (task), "address", data->address, NULL);
}

/**
 * ac_connection_store_token_finish:
 *
 * Returns: %TRUE, or %FALSE with AC_CLIENT_ERROR_INVALID (the address) or G_IO_ERROR_CANCELLED.
 */
gboolean
ac_connection_store_token_finish (AcConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
looked_up_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  AcConnection *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  char *found = secret_password_lookup_finish (result, &error);

  if (found == NULL && g_task_return_error_if_cancelled (task))
    return;
  if (error != NULL)
    g_debug ("The Secret Service cannot be asked: %s", error->message);
  set_storage (self, found != NULL ? AC_TOKEN_STORAGE_SECRET_SERVICE : AC_TOKEN_STORAGE_NONE);
  g_task_return_pointer (task, g_strdup (found), (GDestroyNotify)ac_token_forget);
  secret_password_free (found);
}

/**
 * ac_connection_lookup_token_async:
 *
 * Looks for the token of the service that the address names now.
 */
void
ac_connection_lookup_token_async (AcConnection *self,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  TokenTask *data;

  g_return_if_fail (AC_IS_CONNECTION (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_name (task, "ac_connection_lookup_token");
  data = token_task_new (task, NULL);
  if (data == NULL)
    return;
  if (g_strcmp0 (self->run_token_address, data->address) == 0)
    {
      set_storage (self, AC_TOKEN_STORAGE_THIS_RUN);
      g_task_return_pointer (task, g_strdup (self->run_token), (GDestroyNotify)ac_token_forget);
      return;
    }
  secret_password_lookup (&token_schema, cancellable, looked_up_cb, g_object_ref (task), "address",
                          data->address, NULL);
}

/**
 * ac_connection_lookup_token_finish:
 *
 * Returns: (transfer full) (nullable): the token. %NULL without an error: there is none, ask the
 * person. %NULL with an error: AC_CLIENT_ERROR_INVALID (the address) or G_IO_ERROR_CANCELLED.
 */
char *
ac_connection_lookup_token_finish (AcConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
cleared_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  AcConnection *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;

  secret_password_clear_finish (result, &error);
  if (error != NULL && g_task_return_error_if_cancelled (task))
    return;
  /* Where there is no Secret Service there is nothing in it. */
  if (error != NULL)
    g_debug ("The Secret Service cannot be asked: %s", error->message);
  set_storage (self, AC_TOKEN_STORAGE_NONE);
  g_task_return_boolean (task, TRUE);
}

/**
 * ac_connection_clear_token_async:
 *
 * Forgets the token of the service that the address names now, everywhere.
 */
void
ac_connection_clear_token_async (AcConnection *self,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  TokenTask *data;

  g_return_if_fail (AC_IS_CONNECTION (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_name (task, "ac_connection_clear_token");
  data = token_task_new (task, NULL);
  if (data == NULL)
    return;
  if (g_strcmp0 (self->run_token_address, data->address) == 0)
    keep_for_this_run (self, NULL, NULL);
  secret_password_clear (&token_schema, cancellable, cleared_cb, g_object_ref (task), "address",
                         data->address, NULL);
}

/**
 * ac_connection_clear_token_finish:
 *
 * Returns: %TRUE, or %FALSE with AC_CLIENT_ERROR_INVALID (the address) or G_IO_ERROR_CANCELLED.
 */
gboolean
ac_connection_clear_token_finish (AcConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Opening: the token, then who it belongs to. The task data is the AcMe at the end. */

static void
me_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  AcMe *me = ac_api_get_me_finish (AC_API (object), result, &error);

  if (me == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  g_task_set_task_data (task, me, (GDestroyNotify)ac_me_free);
  g_task_return_pointer (task, g_object_ref (object), g_object_unref);
}

static void
token_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  AcConnection *self = AC_CONNECTION (object);
  g_autoptr (GTask) task = user_data;
  g_autoptr (AcApi) api = NULL;
  GError *error = NULL;
  char *token = ac_connection_lookup_token_finish (self, result, &error);

  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (token == NULL)
    {
      g_task_return_new_error (task, AC_CLIENT_ERROR, AC_CLIENT_ERROR_UNAUTHORIZED,
                               _ ("No token is known for %s. Enter the one you were given."),
                               self->address);
      return;
    }
  api = ac_api_new (self->address, token, self->ca_file, &error);
  ac_token_forget (token);
  if (api == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  /* Set by ac_connection_prepare_async(). */
  if (g_task_get_task_data (task) != NULL)
    g_task_return_pointer (task, g_steal_pointer (&api), g_object_unref);
  else
    ac_api_get_me_async (api, g_task_get_cancellable (task), me_cb, g_object_ref (task));
}

/**
 * ac_connection_prepare_now:
 *
 * Returns: (transfer full) (nullable): the connection to the service when its token was given for
 * this run, so that nobody has to be asked for it; else, and when the address is none, %NULL:
 * ac_connection_prepare_async() tells more.
 */
AcApi *
ac_connection_prepare_now (AcConnection *self)
{
  g_autofree char *address = NULL;

  g_return_val_if_fail (AC_IS_CONNECTION (self), NULL);

  address = canonical_address (self, NULL);
  if (address == NULL || g_strcmp0 (self->run_token_address, address) != 0)
    return NULL;
  return ac_api_new (self->address, self->run_token, self->ca_file, NULL);
}

/**
 * ac_connection_prepare_async:
 *
 * Looks the token up, and asks the service nothing.
 */
void
ac_connection_prepare_async (AcConnection *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  GTask *task;

  g_return_if_fail (AC_IS_CONNECTION (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_name (task, "ac_connection_prepare");
  g_task_set_task_data (task, GINT_TO_POINTER (TRUE), NULL);
  ac_connection_lookup_token_async (self, cancellable, token_cb, task);
}

/**
 * ac_connection_prepare_finish:
 *
 * Returns: (transfer full): the connection to the service, or %NULL with an error;
 * AC_CLIENT_ERROR_UNAUTHORIZED when there is no token.
 */
AcApi *
ac_connection_prepare_finish (AcConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * ac_connection_open_async:
 *
 * Looks the token up and asks the service who it belongs to.
 */
void
ac_connection_open_async (AcConnection *self,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  GTask *task;

  g_return_if_fail (AC_IS_CONNECTION (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_name (task, "ac_connection_open");
  ac_connection_lookup_token_async (self, cancellable, token_cb, task);
}

/**
 * ac_connection_open_finish:
 * @me: (out) (optional) (transfer full): who the token belongs to, and the role
 *
 * Returns: (transfer full): the connection to the service, or %NULL with an error;
 * AC_CLIENT_ERROR_UNAUTHORIZED when there is no token or the service does not take it.
 */
AcApi *
ac_connection_open_finish (AcConnection *self, GAsyncResult *result, AcMe **me, GError **error)
{
  AcApi *api;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  api = g_task_propagate_pointer (G_TASK (result), error);
  if (api != NULL && me != NULL)
    *me = ac_me_copy (g_task_get_task_data (G_TASK (result)));
  return api;
}
