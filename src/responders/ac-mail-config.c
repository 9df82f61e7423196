/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "responders/ac-imap-client.h"
#include "responders/ac-imap-name.h"
#include "responders/ac-mail-config.h"

#define GROUP "mail"

static const AcServerSchemes schemes = {
  .tls_scheme = "imaps",
  .starttls_scheme = "imap+starttls",
  .tls_port = 993,
  .starttls_port = 143,
  .example = "imaps://host:port or imap+starttls://host:port",
};

static gboolean
read_recoverable (AcMailConfig *config, GKeyFile *key_file, GError **error)
{
  g_autofree char *name = NULL;

  if (!ac_server_account_read_text (key_file, GROUP, "recoverable-folder", FALSE, &name, error))
    return FALSE;
  if (name == NULL)
    name = g_strdup ("Recoverable");
  if (!g_utf8_validate (name, -1, NULL) || g_ascii_strcasecmp (name, "INBOX") == 0)
    return ac_server_account_invalid (error, GROUP, "recoverable-folder",
                                      "“%s” cannot be the folder's name.", name);
  for (const char *at = name; *at != '\0'; at++)
    if ((guchar)*at < 0x20 || strchr ("*%", *at) != NULL)
      return ac_server_account_invalid (error, GROUP, "recoverable-folder",
                                        "The name must not hold control characters, “*” or “%%”.");
  config->recoverable = ac_imap_name_encode (name);
  return TRUE;
}

/**
 * ac_mail_config_new:
 *
 * Returns: (transfer full): the checked configuration, or %NULL with
 * AC_SERVER_ACCOUNT_ERROR_INVALID.
 */
AcMailConfig *
ac_mail_config_new (GKeyFile *key_file, GError **error)
{
  g_autoptr (AcMailConfig) config = g_new0 (AcMailConfig, 1);

  if (!ac_server_account_read (&config->account, key_file, GROUP, &schemes, error) ||
      !read_recoverable (config, key_file, error) ||
      !ac_server_account_read_text (key_file, GROUP, "mailboxes-file", FALSE,
                                    &config->mailboxes_file, error) ||
      !ac_server_account_read_text (key_file, GROUP, "quarantine-user", FALSE,
                                    &config->quarantine_user, error))
    return NULL;
  return g_steal_pointer (&config);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* In their order, each once. The quarantine account is no mailbox of anybody: what lies there was
 * taken out of a mailbox, and must be there for undo. */
static GStrv
sorted_names (const AcMailConfig *config, GHashTable *names)
{
  g_autoptr (GPtrArray) sorted = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, names);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    if (g_strcmp0 (name, config->quarantine_user) != 0)
      g_ptr_array_add (sorted, g_strdup (name));
  g_ptr_array_sort (sorted, compare_names);
  g_ptr_array_add (sorted, NULL);
  return (GStrv)g_ptr_array_free (g_steal_pointer (&sorted), FALSE);
}

/* One mailbox a line. What follows a colon is left out, so that a passwd-file of Dovecot will do.
 */
static GStrv
read_mailboxes (const AcMailConfig *config, GError **error)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GError) problem = NULL;
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents (config->mailboxes_file, &text, NULL, &problem))
    {
      g_set_error (error, AC_IMAP_ERROR, AC_IMAP_ERROR_UNAVAILABLE,
                   "The list of all mailboxes could not be read: %s", problem->message);
      return NULL;
    }
  lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    {
      (*line)[strcspn (*line, ":")] = '\0';
      g_strstrip (*line);
      if (**line != '\0' && **line != '#' && g_utf8_validate (*line, -1, NULL))
        g_hash_table_add (names, g_strdup (*line));
    }
  return sorted_names (config, names);
}

/**
 * ac_mail_config_list_mailboxes:
 *
 * Returns: (transfer full): the names of all mailboxes that there are, as far as the configuration
 * tells; or %NULL with AC_IMAP_ERROR.
 */
GStrv
ac_mail_config_list_mailboxes (const AcMailConfig *config, GError **error)
{
  g_auto (GStrv) names = NULL;

  if (config->mailboxes_file != NULL || config->account.passwords != NULL)
    {
      names = config->mailboxes_file != NULL ? read_mailboxes (config, error)
                                             : sorted_names (config, config->account.passwords);
      /* A file that is being written anew is empty for a moment; that no mailbox has any message
       * must not be told of it. */
      if (names != NULL && names[0] == NULL)
        {
          g_set_error_literal (error, AC_IMAP_ERROR, AC_IMAP_ERROR_UNAVAILABLE,
                               "The list of all mailboxes is empty. Its administrator can look "
                               "whether it is still being written.");
          return NULL;
        }
      return g_steal_pointer (&names);
    }
  g_set_error_literal (error, AC_IMAP_ERROR, AC_IMAP_ERROR_UNSUPPORTED,
                       "The service does not know which mailboxes there are. Its administrator can "
                       "list them in a file that “mailboxes-file” in the group [mail] of the "
                       "configuration names; or have the cluster proposed for named mailboxes.");
  return NULL;
}

void
ac_mail_config_free (AcMailConfig *config)
{
  ac_server_account_clear (&config->account);
  g_free (config->mailboxes_file);
  g_free (config->recoverable);
  g_free (config->quarantine_user);
  g_free (config);
}

static gboolean
log_in (const AcMailConfig *config,
        AcImapConnection *connection,
        const char *mailbox,
        GError **error)
{
  AcServerLogin login;

  if (ac_server_account_get_login (&config->account, mailbox, &login))
    return ac_imap_connection_login (connection, login.acting_for, login.user, login.password,
                                     error);
  g_set_error (error, AC_IMAP_ERROR, AC_IMAP_ERROR_AUTHENTICATION,
               "The password file of the service has no password for it.");
  return FALSE;
}

/**
 * ac_mail_config_connect:
 *
 * Returns: (transfer full): a connection that is logged in to a mailbox on a server that can do
 * what is needed; or %NULL with AC_IMAP_ERROR or %G_IO_ERROR_CANCELLED.
 */
AcImapConnection *
ac_mail_config_connect (const AcMailConfig *config,
                        const char *mailbox,
                        GCancellable *cancellable,
                        GError **error)
{
  AcServerEndpoint endpoint;
  g_autoptr (AcImapConnection) connection = NULL;
  GError *problem = NULL;

  ac_server_account_get_endpoint (&config->account, &endpoint);
  connection = ac_imap_connection_open (&endpoint, cancellable, error);
  if (connection == NULL)
    return NULL;
  if (!log_in (config, connection, mailbox, &problem))
    {
      if (g_error_matches (problem, AC_IMAP_ERROR, AC_IMAP_ERROR_AUTHENTICATION))
        g_prefix_error (&problem, "The login to the mailbox “%s” was refused. ", mailbox);
      g_propagate_error (error, problem);
      return NULL;
    }
  if (!ac_imap_client_check_extensions (connection, error))
    return NULL;
  return g_steal_pointer (&connection);
}
