/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/ac-number.h"
#include "responders/ac-server-account.h"

#define MAX_PASSWORD_FILE (4 * 1024 * 1024)

G_DEFINE_QUARK (ac - server - account - error - quark, ac_server_account_error)

/**
 * ac_server_account_invalid:
 * @format: what is wrong with the key, in a sentence for a person
 *
 * Returns: %FALSE, with AC_SERVER_ACCOUNT_ERROR_INVALID.
 */
gboolean
ac_server_account_invalid (GError **error,
                           const char *group,
                           const char *key,
                           const char *format,
                           ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, AC_SERVER_ACCOUNT_ERROR, AC_SERVER_ACCOUNT_ERROR_INVALID, "[%s] %s: %s",
               group, key, text);
  return FALSE;
}

#define invalid(error, key, ...) ac_server_account_invalid (error, account->group, key, __VA_ARGS__)

/**
 * ac_server_account_read_text:
 * @required: whether a missing or empty value is an error
 * @value: (out) (nullable): the value; left alone where there is none
 *
 * Returns: %FALSE with AC_SERVER_ACCOUNT_ERROR_INVALID.
 */
gboolean
ac_server_account_read_text (GKeyFile *key_file,
                             const char *group,
                             const char *key,
                             gboolean required,
                             char **value,
                             GError **error)
{
  g_autofree char *text = g_key_file_get_string (key_file, group, key, NULL);

  if (text != NULL)
    g_strstrip (text);
  if (text == NULL || *text == '\0')
    return !required || ac_server_account_invalid (error, group, key,
                                                   "The key is required, and is missing or empty.");
  *value = g_steal_pointer (&text);
  return TRUE;
}

static gboolean
read_text (AcServerAccount *account,
           GKeyFile *key_file,
           const char *key,
           gboolean required,
           char **value,
           GError **error)
{
  return ac_server_account_read_text (key_file, account->group, key, required, value, error);
}

static gboolean
read_server (AcServerAccount *account,
             GKeyFile *key_file,
             const AcServerSchemes *schemes,
             GError **error)
{
  g_autofree char *text = NULL;
  g_autofree char *scheme = NULL;
  g_autofree char *path = NULL;
  g_autofree char *user = NULL;
  int port = -1;

  if (!read_text (account, key_file, "server", TRUE, &text, error))
    return FALSE;
  if (!g_uri_split (text, G_URI_FLAGS_NONE, &scheme, &user, &account->host, &port, &path, NULL,
                    NULL, NULL) ||
      scheme == NULL || account->host == NULL || *account->host == '\0' || user != NULL ||
      (path != NULL && *path != '\0' && strcmp (path, "/") != 0) || port == 0)
    return invalid (error, "server", "“%s” is not of the form %s.", text, schemes->example);
  account->starttls = g_ascii_strcasecmp (scheme, schemes->starttls_scheme) == 0;
  if (!account->starttls &&
      (schemes->tls_scheme == NULL || g_ascii_strcasecmp (scheme, schemes->tls_scheme) != 0))
    return invalid (error, "server", "“%s” is not of the form %s; without TLS no password is sent.",
                    text, schemes->example);
  account->port = (guint16)(port > 0            ? port
                            : account->starttls ? schemes->starttls_port
                                                : schemes->tls_port);
  return TRUE;
}

static gboolean
read_timeout (AcServerAccount *account, GKeyFile *key_file, GError **error)
{
  g_autofree char *text = NULL;
  guint64 seconds = 30;

  if (!read_text (account, key_file, "timeout-seconds", FALSE, &text, error))
    return FALSE;
  if (text != NULL && !ac_number_parse (text, 1, 3600, &seconds))
    return invalid (error, "timeout-seconds", "“%s” is not a number from 1 to 3600.", text);
  account->timeout = (guint)seconds;
  return TRUE;
}

static gboolean
read_authorities (AcServerAccount *account, GKeyFile *key_file, GError **error)
{
  g_autofree char *path = NULL;
  g_autofree char *absolute = NULL;
  g_autoptr (GError) problem = NULL;
  GList *certificates;

  if (!read_text (account, key_file, "ca-file", FALSE, &path, error))
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
  account->database = g_tls_file_database_new (absolute, &problem);
  return account->database != NULL ||
         invalid (error, "ca-file", "The file “%s” cannot be used: %s", absolute, problem->message);
}

/* Reads a file that nobody else may read: what is checked is the file that is open. */
static char *
read_secret (AcServerAccount *account, const char *path, GError **error)
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
read_master (AcServerAccount *account,
             GKeyFile *key_file,
             const char *path,
             char *text,
             GError **error)
{
  if (!read_text (account, key_file, "master-user", TRUE, &account->master_user, error))
    return FALSE;
  g_strdelimit (text, "\r\n", '\n');
  while (g_str_has_suffix (text, "\n"))
    text[strlen (text) - 1] = '\0';
  if (*text == '\0' || strchr (text, '\n') != NULL)
    return invalid (error, "password-file",
                    "The file “%s” must hold one line: the password of the master user.", path);
  account->master_password = g_strdup (text);
  return TRUE;
}

static gboolean
read_passwords (AcServerAccount *account, const char *path, const char *text, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_auto (GStrv) mailboxes = NULL;

  if (!g_key_file_load_from_data (file, text, strlen (text), G_KEY_FILE_NONE, NULL) ||
      (mailboxes = g_key_file_get_keys (file, "passwords", NULL, NULL)) == NULL)
    return invalid (error, "password-file",
                    "The file “%s” must have a group [passwords] with lines mailbox=password.",
                    path);
  account->passwords = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; mailboxes[i] != NULL; i++)
    {
      char *password = g_key_file_get_string (file, "passwords", mailboxes[i], NULL);

      if (password == NULL || *password == '\0')
        {
          g_free (password);
          return invalid (error, "password-file", "The password of “%s” cannot be read from “%s”.",
                          mailboxes[i], path);
        }
      g_hash_table_insert (account->passwords, g_strdup (mailboxes[i]), password);
    }
  return TRUE;
}

static gboolean
read_authentication (AcServerAccount *account, GKeyFile *key_file, GError **error)
{
  g_autofree char *kind = NULL;
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;

  if (!read_text (account, key_file, "authentication", TRUE, &kind, error))
    return FALSE;
  if (strcmp (kind, "master") != 0 && strcmp (kind, "per-mailbox") != 0)
    return invalid (error, "authentication", "“%s” is neither “master” nor “per-mailbox”.", kind);
  if (!read_text (account, key_file, "password-file", TRUE, &path, error) ||
      (text = read_secret (account, path, error)) == NULL)
    return FALSE;
  if (strcmp (kind, "master") == 0)
    return read_master (account, key_file, path, text, error);
  return read_passwords (account, path, text, error);
}

/**
 * ac_server_account_read:
 * @account: all zero; to be cleared also when this fails
 * @group: stays where it is
 *
 * Returns: whether everything in the group is right; AC_SERVER_ACCOUNT_ERROR_INVALID.
 */
gboolean
ac_server_account_read (AcServerAccount *account,
                        GKeyFile *key_file,
                        const char *group,
                        const AcServerSchemes *schemes,
                        GError **error)
{
  account->group = group;
  return read_server (account, key_file, schemes, error) &&
         read_timeout (account, key_file, error) && read_authorities (account, key_file, error) &&
         read_authentication (account, key_file, error);
}

void
ac_server_account_clear (AcServerAccount *account)
{
  g_clear_pointer (&account->host, g_free);
  g_clear_object (&account->database);
  g_clear_pointer (&account->master_user, g_free);
  g_clear_pointer (&account->master_password, g_free);
  g_clear_pointer (&account->passwords, g_hash_table_unref);
}

void
ac_server_account_get_endpoint (const AcServerAccount *account, AcServerEndpoint *endpoint)
{
  *endpoint = (AcServerEndpoint){
    .host = account->host,
    .port = account->port,
    .starttls = account->starttls,
    .database = account->database,
    .timeout = account->timeout,
  };
}

/**
 * ac_server_account_get_login:
 * @login: (out): of the account
 *
 * Returns: %FALSE: there is no password for this mailbox.
 */
gboolean
ac_server_account_get_login (const AcServerAccount *account,
                             const char *mailbox,
                             AcServerLogin *login)
{
  if (account->master_user != NULL)
    {
      *login = (AcServerLogin){ mailbox, account->master_user, account->master_password };
      return TRUE;
    }
  *login = (AcServerLogin){ NULL, mailbox, g_hash_table_lookup (account->passwords, mailbox) };
  return login->password != NULL;
}
