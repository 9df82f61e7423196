/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "responders/ac-imap-client.h"
#include "responders/ac-imap-name.h"
#include "responders/ac-mail-config.h"

#define GROUP "mail"
#define MAX_PASSWORD_FILE (4 * 1024 * 1024)

G_DEFINE_QUARK (ac - mail - config - error - quark, ac_mail_config_error)

static gboolean G_GNUC_PRINTF (3, 4)
    invalid (GError **error, const char *key, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, AC_MAIL_CONFIG_ERROR, AC_MAIL_CONFIG_ERROR_INVALID, "[%s] %s: %s", GROUP, key,
               text);
  return FALSE;
}

/* The value of a key; with required, a missing or empty one is an error. */
static gboolean
read_text (GKeyFile *key_file, const char *key, gboolean required, char **value, GError **error)
{
  g_autofree char *text = g_key_file_get_string (key_file, GROUP, key, NULL);

  if (text != NULL)
    g_strstrip (text);
  if (text == NULL || *text == '\0')
    return !required || invalid (error, key, "The key is required, and is missing or empty.");
  *value = g_steal_pointer (&text);
  return TRUE;
}

static gboolean
read_server (AcMailConfig *config, GKeyFile *key_file, GError **error)
{
  g_autofree char *text = NULL;
  g_autofree char *scheme = NULL;
  g_autofree char *path = NULL;
  g_autofree char *user = NULL;
  int port = -1;

  if (!read_text (key_file, "server", TRUE, &text, error))
    return FALSE;
  if (!g_uri_split (text, G_URI_FLAGS_NONE, &scheme, &user, &config->host, &port, &path, NULL, NULL,
                    NULL) ||
      scheme == NULL || config->host == NULL || *config->host == '\0' || user != NULL ||
      (path != NULL && *path != '\0' && strcmp (path, "/") != 0) || port == 0)
    return invalid (error, "server",
                    "“%s” is not of the form imaps://host:port or imap+starttls://host:port.",
                    text);
  config->starttls = g_ascii_strcasecmp (scheme, "imap+starttls") == 0;
  if (!config->starttls && g_ascii_strcasecmp (scheme, "imaps") != 0)
    return invalid (error, "server",
                    "“%s” is neither imaps nor imap+starttls; without TLS no password is sent.",
                    scheme);
  config->port = (guint16)(port > 0 ? port : config->starttls ? 143 : 993);
  return TRUE;
}

static gboolean
read_timeout (AcMailConfig *config, GKeyFile *key_file, GError **error)
{
  g_autofree char *text = NULL;
  guint64 seconds = 30;

  if (!read_text (key_file, "timeout-seconds", FALSE, &text, error))
    return FALSE;
  if (text != NULL && !g_ascii_string_to_unsigned (text, 10, 1, 3600, &seconds, NULL))
    return invalid (error, "timeout-seconds", "“%s” is not a number from 1 to 3600.", text);
  config->timeout = (guint)seconds;
  return TRUE;
}

static gboolean
read_authorities (AcMailConfig *config, GKeyFile *key_file, GError **error)
{
  g_autofree char *path = NULL;
  g_autofree char *absolute = NULL;
  g_autoptr (GError) problem = NULL;
  GList *certificates;

  if (!read_text (key_file, "ca-file", FALSE, &path, error))
    return FALSE;
  if (path == NULL)
    return TRUE;
  absolute = g_canonicalize_filename (path, NULL);
  certificates = g_tls_certificate_list_new_from_file (absolute, &problem);
  if (certificates == NULL)
    return invalid (error, "ca-file", "The file “%s” holds no certificate that can be read%s%s",
                    absolute, problem != NULL ? ": " : ".",
                    problem != NULL ? problem->message : "");
  g_list_free_full (certificates, g_object_unref);
  config->database = g_tls_file_database_new (absolute, &problem);
  return config->database != NULL ||
         invalid (error, "ca-file", "The file “%s” cannot be used: %s", absolute, problem->message);
}

static gboolean
read_recoverable (AcMailConfig *config, GKeyFile *key_file, GError **error)
{
  g_autofree char *name = NULL;

  if (!read_text (key_file, "recoverable-folder", FALSE, &name, error))
    return FALSE;
  if (name == NULL)
    name = g_strdup ("Recoverable");
  if (!g_utf8_validate (name, -1, NULL) || g_ascii_strcasecmp (name, "INBOX") == 0)
    return invalid (error, "recoverable-folder", "“%s” cannot be the folder's name.", name);
  for (const char *at = name; *at != '\0'; at++)
    if ((guchar)*at < 0x20 || strchr ("*%", *at) != NULL)
      return invalid (error, "recoverable-folder",
                      "The name must not hold control characters, “*” or “%%”.");
  config->recoverable = ac_imap_name_encode (name);
  return TRUE;
}

/* Reads a file that nobody else may read: what is checked is the file that is open. */
static char *
read_secret (const char *path, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  struct stat status;
  char buffer[4096];
  gssize n;
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

  if (fd < 0 || fstat (fd, &status) != 0)
    {
      invalid (error, "password-file", "The file “%s” cannot be opened: %s", path,
               g_strerror (errno));
      if (fd >= 0)
        close (fd);
      return NULL;
    }
  if (!S_ISREG (status.st_mode) || (status.st_mode & 077) != 0 ||
      status.st_size > MAX_PASSWORD_FILE)
    {
      invalid (error, "password-file",
               "The file “%s” must be a small file that only its owner may read; run chmod 600 on "
               "it.",
               path);
      close (fd);
      return NULL;
    }
  while ((n = read (fd, buffer, sizeof buffer)) > 0 && text->len <= MAX_PASSWORD_FILE)
    g_string_append_len (text, buffer, n);
  close (fd);
  if (n < 0)
    {
      invalid (error, "password-file", "The file “%s” cannot be read.", path);
      return NULL;
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
read_master (AcMailConfig *config, GKeyFile *key_file, const char *path, char *text, GError **error)
{
  if (!read_text (key_file, "master-user", TRUE, &config->master_user, error))
    return FALSE;
  g_strdelimit (text, "\r\n", '\n');
  while (g_str_has_suffix (text, "\n"))
    text[strlen (text) - 1] = '\0';
  if (*text == '\0' || strchr (text, '\n') != NULL)
    return invalid (error, "password-file",
                    "The file “%s” must hold one line: the password of the master user.", path);
  config->master_password = g_strdup (text);
  return TRUE;
}

static gboolean
read_passwords (AcMailConfig *config, const char *path, const char *text, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_auto (GStrv) mailboxes = NULL;

  if (!g_key_file_load_from_data (file, text, strlen (text), G_KEY_FILE_NONE, NULL) ||
      (mailboxes = g_key_file_get_keys (file, "passwords", NULL, NULL)) == NULL)
    return invalid (error, "password-file",
                    "The file “%s” must have a group [passwords] with lines mailbox=password.",
                    path);
  config->passwords = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; mailboxes[i] != NULL; i++)
    {
      char *password = g_key_file_get_string (file, "passwords", mailboxes[i], NULL);

      if (password == NULL || *password == '\0')
        {
          g_free (password);
          return invalid (error, "password-file", "The password of “%s” cannot be read from “%s”.",
                          mailboxes[i], path);
        }
      g_hash_table_insert (config->passwords, g_strdup (mailboxes[i]), password);
    }
  return TRUE;
}

static gboolean
read_authentication (AcMailConfig *config, GKeyFile *key_file, GError **error)
{
  g_autofree char *kind = NULL;
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;

  if (!read_text (key_file, "authentication", TRUE, &kind, error))
    return FALSE;
  if (strcmp (kind, "master") != 0 && strcmp (kind, "per-mailbox") != 0)
    return invalid (error, "authentication", "“%s” is neither “master” nor “per-mailbox”.", kind);
  if (!read_text (key_file, "password-file", TRUE, &path, error) ||
      (text = read_secret (path, error)) == NULL)
    return FALSE;
  if (strcmp (kind, "master") == 0)
    return read_master (config, key_file, path, text, error);
  return read_passwords (config, path, text, error);
}

/**
 * ac_mail_config_new:
 *
 * Returns: (transfer full): the checked configuration, or %NULL with AC_MAIL_CONFIG_ERROR_INVALID.
 */
AcMailConfig *
ac_mail_config_new (GKeyFile *key_file, GError **error)
{
  g_autoptr (AcMailConfig) config = g_new0 (AcMailConfig, 1);

  if (!read_server (config, key_file, error) || !read_timeout (config, key_file, error) ||
      !read_authorities (config, key_file, error) || !read_recoverable (config, key_file, error) ||
      !read_authentication (config, key_file, error))
    return NULL;
  return g_steal_pointer (&config);
}

void
ac_mail_config_free (AcMailConfig *config)
{
  g_free (config->host);
  g_clear_object (&config->database);
  g_free (config->recoverable);
  g_free (config->master_user);
  g_free (config->master_password);
  g_clear_pointer (&config->passwords, g_hash_table_unref);
  g_free (config);
}

static gboolean
log_in (const AcMailConfig *config,
        AcImapConnection *connection,
        const char *mailbox,
        GError **error)
{
  const char *password;

  if (config->master_user != NULL)
    return ac_imap_connection_login (connection, mailbox, config->master_user,
                                     config->master_password, error);
  password = g_hash_table_lookup (config->passwords, mailbox);
  if (password == NULL)
    {
      g_set_error (error, AC_IMAP_ERROR, AC_IMAP_ERROR_AUTHENTICATION,
                   "The password file of the service has no password for it.");
      return FALSE;
    }
  return ac_imap_connection_login (connection, NULL, mailbox, password, error);
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
  AcServerEndpoint endpoint = {
    .host = config->host,
    .port = config->port,
    .starttls = config->starttls,
    .database = config->database,
    .timeout = config->timeout,
  };
  g_autoptr (AcImapConnection) connection = NULL;
  GError *problem = NULL;

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
