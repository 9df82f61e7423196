/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/ac-number.h"
#include "responders/ac-device-config.h"

#define GROUP "device"
#define MAX_KEY_FILE (64 * 1024)
#define SSH_PORT 22

G_DEFINE_QUARK (ac - device - config - error - quark, ac_device_config_error)

static gboolean G_GNUC_PRINTF (3, 4)
    invalid (GError **error, const char *key, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, AC_DEVICE_CONFIG_ERROR, AC_DEVICE_CONFIG_ERROR_INVALID, "[%s] %s: %s", GROUP,
               key, text);
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
read_number (GKeyFile *key_file,
             const char *key,
             guint64 fallback,
             guint64 most,
             guint64 *number,
             GError **error)
{
  g_autofree char *text = NULL;

  *number = fallback;
  if (!read_text (key_file, key, FALSE, &text, error))
    return FALSE;
  return text == NULL || ac_number_parse (text, 1, most, number) ||
         invalid (error, key, "“%s” is not a number from 1 to %" G_GUINT64_FORMAT ".", text, most);
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
      invalid (error, "key-file", "The file “%s” cannot be opened: %s", path, g_strerror (errno));
      if (fd >= 0)
        close (fd);
      return NULL;
    }
  if (!S_ISREG (status.st_mode) || (status.st_mode & 077) != 0 || status.st_size > MAX_KEY_FILE)
    {
      invalid (error, "key-file",
               "The file “%s” must be a small file that only its owner may read; run chmod 600 on "
               "it.",
               path);
      close (fd);
      return NULL;
    }
  while ((n = read (fd, buffer, sizeof buffer)) > 0 && text->len <= MAX_KEY_FILE)
    g_string_append_len (text, buffer, n);
  close (fd);
  if (n < 0)
    {
      invalid (error, "key-file", "The file “%s” cannot be read.", path);
      return NULL;
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
read_key (AcDeviceConfig *config, GKeyFile *key_file, GError **error)
{
  g_autofree char *path = NULL;
  ssh_key key = NULL;

  if (!read_text (key_file, "key-file", TRUE, &path, error) ||
      (config->key = read_secret (path, error)) == NULL)
    return FALSE;
  if (ssh_pki_import_privkey_base64 (config->key, NULL, NULL, NULL, &key) != SSH_OK)
    return invalid (
        error, "key-file",
        "The file “%s” holds no private key that can be read, or one with a passphrase; "
        "make one with ssh-keygen -t ed25519 -N ''.",
        path);
  ssh_key_free (key);
  return TRUE;
}

static gboolean
read_known_hosts (AcDeviceConfig *config, GKeyFile *key_file, GError **error)
{
  g_autofree char *path = NULL;

  if (!read_text (key_file, "known-hosts", TRUE, &path, error))
    return FALSE;
  config->known_hosts = g_canonicalize_filename (path, NULL);
  return access (config->known_hosts, R_OK) == 0 ||
         invalid (error, "known-hosts", "The file “%s” cannot be read: %s", config->known_hosts,
                  g_strerror (errno));
}

static gboolean
read_folders (AcDeviceConfig *config, GKeyFile *key_file, GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) folders = NULL;
  g_autofree char *text = NULL;
  guint n = 0;

  if (!read_text (key_file, "quarantine-folder", TRUE, &text, error))
    return FALSE;
  folders = g_strsplit (text, ";", -1);
  for (char **folder = folders; *folder != NULL; folder++)
    {
      gsize length = strlen (g_strstrip (*folder));

      if (length == 0)
        continue;
      while (length > 1 && (*folder)[length - 1] == '/')
        (*folder)[--length] = '\0';
      if (**folder != '/' || length == 1)
        return invalid (error, "quarantine-folder", "“%s” is not the whole path of a folder.",
                        *folder);
      g_strv_builder_add (builder, *folder);
      n++;
    }
  config->quarantine_folders = g_strv_builder_end (builder);
  return n > 0 || invalid (error, "quarantine-folder", "At least one folder is needed.");
}

static gboolean
read_addresses (AcDeviceConfig *config, GKeyFile *key_file, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *path = NULL;
  g_auto (GStrv) devices = NULL;

  if (!read_text (key_file, "addresses-file", FALSE, &path, error))
    return FALSE;
  if (path == NULL)
    return TRUE;
  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL) ||
      (devices = g_key_file_get_keys (file, "addresses", NULL, NULL)) == NULL)
    return invalid (error, "addresses-file",
                    "The file “%s” must have a group [addresses] with lines device=host:port.",
                    path);
  for (char **device = devices; *device != NULL; device++)
    {
      g_autofree char *text = g_key_file_get_string (file, "addresses", *device, NULL);
      GSocketConnectable *address =
          text != NULL ? g_network_address_parse (g_strstrip (text), config->port, NULL) : NULL;

      if (address == NULL)
        return invalid (error, "addresses-file", "The address of “%s” in “%s” is not host:port.",
                        *device, path);
      g_hash_table_insert (config->addresses, g_strdup (*device), address);
    }
  return TRUE;
}

static gboolean
read_switch (AcDeviceConfig *config, GKeyFile *key_file, GError **error)
{
  g_autofree char *text = NULL;

  if (!read_text (key_file, "copies-without-attributes", FALSE, &text, error))
    return FALSE;
  config->copies_without_attributes = g_strcmp0 (text, "true") == 0;
  return text == NULL || config->copies_without_attributes || strcmp (text, "false") == 0 ||
         invalid (error, "copies-without-attributes", "“%s” is neither “true” nor “false”.", text);
}

/**
 * ac_device_config_new:
 *
 * Returns: (transfer full): the checked configuration, or %NULL with
 * AC_DEVICE_CONFIG_ERROR_INVALID.
 */
AcDeviceConfig *
ac_device_config_new (GKeyFile *key_file, GError **error)
{
  g_autoptr (AcDeviceConfig) config = g_new0 (AcDeviceConfig, 1);
  guint64 port;
  guint64 seconds;
  guint64 retry;
  guint64 connections;

  config->addresses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  if (!read_text (key_file, "user", TRUE, &config->user, error) ||
      !read_number (key_file, "port", SSH_PORT, G_MAXUINT16, &port, error) ||
      !read_number (key_file, "timeout-seconds", 30, 3600, &seconds, error) ||
      !read_number (key_file, "retry-seconds", 3600, 604800, &retry, error) ||
      !read_number (key_file, "connections", 8, 64, &connections, error))
    return NULL;
  config->port = (guint16)port;
  config->timeout = (guint)seconds;
  config->retry = (guint)retry;
  config->connections = (guint)connections;
  if (!read_key (config, key_file, error) || !read_known_hosts (config, key_file, error) ||
      !read_folders (config, key_file, error) || !read_addresses (config, key_file, error) ||
      !read_switch (config, key_file, error))
    return NULL;
  return g_steal_pointer (&config);
}

void
ac_device_config_free (AcDeviceConfig *config)
{
  g_free (config->user);
  g_free (config->key);
  g_free (config->known_hosts);
  g_strfreev (config->quarantine_folders);
  g_clear_pointer (&config->addresses, g_hash_table_unref);
  g_free (config);
}

/* A name comes from whoever proposed the action, and must not become anything but a host. */
static gboolean
is_host (const char *name)
{
  if (*name == '\0' || *name == '-' || *name == '.' || strlen (name) > 253)
    return FALSE;
  for (; *name != '\0'; name++)
    if (!g_ascii_isalnum (*name) && strchr ("-._:", *name) == NULL)
      return FALSE;
  return TRUE;
}

/**
 * ac_device_config_connect:
 *
 * Returns: (transfer full): a connection to the device, logged in; or %NULL with AC_DEVICE_ERROR or
 * %G_IO_ERROR_CANCELLED.
 */
AcDeviceConnection *
ac_device_config_connect (const AcDeviceConfig *config,
                          const char *device,
                          GCancellable *cancellable,
                          GError **error)
{
  GNetworkAddress *address = g_hash_table_lookup (config->addresses, device);
  AcDeviceEndpoint endpoint = {
    .name = device,
    .host = address != NULL ? g_network_address_get_hostname (address) : device,
    .port = address != NULL ? g_network_address_get_port (address) : config->port,
    .user = config->user,
    .key = config->key,
    .known_hosts = config->known_hosts,
    .timeout = config->timeout,
  };

  if (!is_host (endpoint.host))
    {
      g_set_error (error, AC_DEVICE_ERROR, AC_DEVICE_ERROR_UNUSABLE,
                   "“%s” cannot be the name of a device on the network. Nothing was done.", device);
      return NULL;
    }
  return ac_device_connection_open (&endpoint, cancellable, error);
}
