/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which service, and with which token: from the options, the environment, or what the window
 * remembers. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "actionctl/ac-ctl.h"
#include "client/ac-connection.h"
#include "client/ac-token.h"

/**
 * ac_ctl_answer_cb:
 * @answer: (type GAsyncResult**): takes the result
 *
 * A GAsyncReadyCallback for ac_ctl_wait().
 */
void
ac_ctl_answer_cb (GObject *object, GAsyncResult *result, gpointer answer)
{
  *(GAsyncResult **)answer = g_object_ref (result);
}

/**
 * ac_ctl_wait:
 * @answer: what was given to the call together with ac_ctl_answer_cb(); %NULL until it is there
 *
 * Returns: (transfer full): the result of the call.
 */
GAsyncResult *
ac_ctl_wait (GAsyncResult **answer)
{
  while (*answer == NULL)
    g_main_context_iteration (NULL, TRUE);
  return g_steal_pointer (answer);
}

/* What the window of the same person was connected to last; NULL where it is not installed. */
static GSettings *
window_settings (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema =
      source != NULL ? g_settings_schema_source_lookup (source, AC_APP_ID, TRUE) : NULL;

  return schema != NULL ? g_settings_new_full (schema, NULL, NULL) : NULL;
}

static char *
first_of (const char *option, const char *variable, GSettings *settings, const char *key)
{
  if (option == NULL)
    option = g_getenv (variable);
  if (option != NULL && *option != '\0')
    return g_strdup (option);
  return settings != NULL && key != NULL ? g_settings_get_string (settings, key) : NULL;
}

/**
 * ac_ctl_connect:
 * @address: (nullable): option
 * @token_file: (nullable): option
 * @ca_file: (nullable): option
 *
 * Without @address the variable ACTION_CENTER_ADDRESS counts, then what the window remembers;
 * without @token_file ACTION_CENTER_TOKEN_FILE, then the Secret Service; without @ca_file
 * ACTION_CENTER_CA_FILE, then the window's.
 *
 * Returns: (transfer full): a connection that the service has accepted, or %NULL with an error.
 */
AcApi *
ac_ctl_connect (const char *address, const char *token_file, const char *ca_file, GError **error)
{
  g_autoptr (AcConnection) connection = ac_connection_new ();
  g_autoptr (GSettings) settings = address == NULL ? window_settings () : NULL;
  g_autofree char *where = first_of (address, "ACTION_CENTER_ADDRESS", settings, "address");
  g_autofree char *from = first_of (token_file, "ACTION_CENTER_TOKEN_FILE", NULL, NULL);
  g_autofree char *trust = first_of (ca_file, "ACTION_CENTER_CA_FILE", settings, "ca-file");
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *answer = NULL;

  if (where == NULL || *where == '\0')
    {
      g_set_error_literal (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_INVALID,
                           _ ("No service is named. Give --address, or set "
                              "ACTION_CENTER_ADDRESS."));
      return NULL;
    }
  ac_connection_set_address (connection, where);
  ac_connection_set_ca_file (connection, trust);
  if (from != NULL)
    {
      char *token = ac_token_read (from, error);

      if (token == NULL)
        return NULL;
      ac_connection_set_token_for_this_run (connection, token);
      ac_token_forget (token);
    }
  ac_connection_open_async (connection, NULL, ac_ctl_answer_cb, &answer);
  result = ac_ctl_wait (&answer);
  return ac_connection_open_finish (connection, result, NULL, error);
}
