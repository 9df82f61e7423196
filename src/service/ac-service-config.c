/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <gio/gunixsocketaddress.h>
#include <string.h>
#include <sys/un.h>

#include "model/ac-number.h"
#include "service/ac-service-config.h"

#define SERVICE "service"
#define MAIL "mail"
#define FORWARDING "forwarding"
#define DEVICE "device"
#define URL "url"

G_DEFINE_QUARK (ac - service - config - error - quark, ac_service_config_error)

/* Every key there is. What is not in here is a mistake in the file, and a mistake must not pass for
 * a setting. */
typedef struct
{
  const char *group;
  const char *key;
} KnownKey;

static const KnownKey known_keys[] = {
  { SERVICE, "database" },
  { SERVICE, "tokens" },
  { SERVICE, "listen" },
  { SERVICE, "certificate" },
  { SERVICE, "key" },
  { SERVICE, "ready-file" },
  { SERVICE, "max-body-bytes" },
  { SERVICE, "header-seconds" },
  { SERVICE, "body-seconds" },
  { SERVICE, "idle-seconds" },
  { SERVICE, "connections-per-address" },
  { SERVICE, "connections" },
  { SERVICE, "streams" },
  { SERVICE, "streams-per-token" },
  { SERVICE, "heartbeat-seconds" },
  { SERVICE, "action-lifetime-days" },
  { SERVICE, "cursor-seconds" },
  { SERVICE, "change-log-days" },
  { SERVICE, "grace-seconds" },
  { SERVICE, "history-days" },
  { SERVICE, "second-person" },
  { MAIL, "server" },
  { MAIL, "authentication" },
  { MAIL, "master-user" },
  { MAIL, "password-file" },
  { MAIL, "ca-file" },
  { MAIL, "recoverable-folder" },
  { MAIL, "mailboxes-file" },
  { MAIL, "look-seconds" },
  { MAIL, "confirm-messages" },
  { MAIL, "quarantine-user" },
  { MAIL, "connections" },
  { MAIL, "timeout-seconds" },
  { MAIL, "retry-seconds" },
  { FORWARDING, "server" },
  { FORWARDING, "authentication" },
  { FORWARDING, "master-user" },
  { FORWARDING, "password-file" },
  { FORWARDING, "ca-file" },
  { FORWARDING, "organisation-domains" },
  { FORWARDING, "script-name" },
  { FORWARDING, "timeout-seconds" },
  { FORWARDING, "retry-seconds" },
  { DEVICE, "user" },
  { DEVICE, "key-file" },
  { DEVICE, "known-hosts" },
  { DEVICE, "quarantine-folder" },
  { DEVICE, "addresses-file" },
  { DEVICE, "port" },
  { DEVICE, "connections" },
  { DEVICE, "timeout-seconds" },
  { DEVICE, "retry-seconds" },
  { DEVICE, "copies-without-attributes" },
  { URL, "list" },
  { URL, "expire-days" },
  { URL, "retry-seconds" },
  { URL, "dns-server" },
  { URL, "dns-zone" },
  { URL, "dns-key-file" },
  { URL, "dns-resolver" },
  { URL, "dns-timeout-seconds" },
};

static void G_GNUC_PRINTF (5, 6) set_key_error (AcServiceConfig *config,
                                                GError **error,
                                                const char *group,
                                                const char *key,
                                                const char *format,
                                                ...)
{
  g_autofree char *what = NULL;
  va_list arguments;

  va_start (arguments, format);
  what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, AC_SERVICE_CONFIG_ERROR, AC_SERVICE_CONFIG_ERROR_INVALID,
               "%s: group [%s], key “%s”: %s", config->path, group, key, what);
}

static gboolean
is_known_group (const char *group)
{
  for (gsize i = 0; i < G_N_ELEMENTS (known_keys); i++)
    if (strcmp (known_keys[i].group, group) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
is_known_key (const char *group, const char *key)
{
  for (gsize i = 0; i < G_N_ELEMENTS (known_keys); i++)
    if (strcmp (known_keys[i].group, group) == 0 && strcmp (known_keys[i].key, key) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
check_names (AcServiceConfig *config, GError **error)
{
  g_auto (GStrv) groups = g_key_file_get_groups (config->key_file, NULL);

  for (char **group = groups; *group != NULL; group++)
    {
      g_auto (GStrv) keys = g_key_file_get_keys (config->key_file, *group, NULL, NULL);

      if (!is_known_group (*group))
        {
          g_set_error (error, AC_SERVICE_CONFIG_ERROR, AC_SERVICE_CONFIG_ERROR_INVALID,
                       "%s: there is no group [%s]; the groups are [%s], [%s], [%s], [%s] and [%s]",
                       config->path, *group, SERVICE, MAIL, FORWARDING, DEVICE, URL);
          return FALSE;
        }
      for (char **key = keys; *key != NULL; key++)
        if (!is_known_key (*group, *key))
          {
            set_key_error (config, error, *group, *key, "there is no such key in this group");
            return FALSE;
          }
    }
  return TRUE;
}

/* A path; relative ones are relative to the folder of the file. */
static gboolean
read_path (AcServiceConfig *config, const char *key, gboolean required, char **path, GError **error)
{
  g_autofree char *value = g_key_file_get_string (config->key_file, SERVICE, key, NULL);
  g_autofree char *folder = NULL;

  if (value == NULL || *value == '\0')
    {
      if (required || value != NULL)
        {
          set_key_error (config, error, SERVICE, key, "a path is needed here");
          return FALSE;
        }
      return TRUE;
    }
  folder = g_path_get_dirname (config->path);
  *path = g_canonicalize_filename (value, folder);
  return TRUE;
}

static gboolean
read_number (AcServiceConfig *config,
             const char *group,
             const char *key,
             guint64 fallback,
             guint64 least,
             guint64 most,
             guint64 *number,
             GError **error)
{
  g_autofree char *value = g_key_file_get_string (config->key_file, group, key, NULL);

  *number = fallback;
  if (value == NULL ||
      ac_number_parse (g_strstrip (value), least, most, number))
    return TRUE;
  set_key_error (config, error, group, key,
                 "“%s” is not a whole number from %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT,
                 value, least, most);
  return FALSE;
}

static gboolean
read_uint (AcServiceConfig *config,
           const char *group,
           const char *key,
           guint fallback,
           guint least,
           guint most,
           guint *number,
           GError **error)
{
  guint64 wide;

  if (!read_number (config, group, key, fallback, least, most, &wide, error))
    return FALSE;
  *number = (guint)wide;
  return TRUE;
}

static gboolean
read_limits (AcServiceConfig *config, GError **error)
{
  guint64 max_body;

  if (!read_number (config, SERVICE, "max-body-bytes", 4194304, 1024, 1 << 30, &max_body, error) ||
      !read_uint (config, SERVICE, "header-seconds", 10, 1, 3600, &config->header_seconds, error) ||
      !read_uint (config, SERVICE, "body-seconds", 30, 1, 3600, &config->body_seconds, error) ||
      !read_uint (config, SERVICE, "idle-seconds", 60, 1, 86400, &config->idle_seconds, error) ||
      !read_uint (config, SERVICE, "connections-per-address", 256, 1, 1000000,
                  &config->connections_per_address, error) ||
      !read_uint (config, SERVICE, "connections", 4096, 1, 1000000, &config->connections, error) ||
      !read_uint (config, SERVICE, "streams", 4096, 1, 1000000, &config->streams, error) ||
      !read_uint (config, SERVICE, "streams-per-token", 256, 1, 1000000, &config->streams_per_token,
                  error) ||
      !read_uint (config, SERVICE, "heartbeat-seconds", 15, 1, 3600, &config->heartbeat_seconds,
                  error) ||
      !read_uint (config, SERVICE, "action-lifetime-days", 7, 1, 3650,
                  &config->action_lifetime_days, error) ||
      !read_uint (config, SERVICE, "cursor-seconds", 86400, 1, 31536000, &config->cursor_seconds,
                  error) ||
      !read_uint (config, SERVICE, "change-log-days", 30, 1, 3650, &config->change_log_days,
                  error) ||
      !read_uint (config, SERVICE, "grace-seconds", 10, 0, 3600, &config->grace_seconds, error) ||
      !read_uint (config, SERVICE, "history-days", 180, 0, 36500, &config->history_days, error) ||
      !read_uint (config, SERVICE, "second-person", 0, 0, 1, &config->second_person, error) ||
      !read_uint (config, MAIL, "connections", 4, 1, 64, &config->mail_connections, error) ||
      !read_uint (config, MAIL, "look-seconds", 900, 0, 604800, &config->look_seconds, error) ||
      !read_uint (config, MAIL, "confirm-messages", 100, 0, 1000000, &config->confirm_messages,
                  error) ||
      !read_uint (config, MAIL, "retry-seconds", 600, 1, 604800, &config->mail_retry_seconds,
                  error))
    return FALSE;
  config->max_body_bytes = (gsize)max_body;
  return TRUE;
}

/**
 * ac_service_config_load:
 * @path: the file
 *
 * Returns: (transfer full): the configuration; what the file does not say has its default.
 */
AcServiceConfig *
ac_service_config_load (const char *path, GError **error)
{
  g_autoptr (AcServiceConfig) config = g_new0 (AcServiceConfig, 1);
  g_autoptr (GError) local_error = NULL;

  config->path = g_canonicalize_filename (path, NULL);
  config->key_file = g_key_file_new ();
  if (!g_key_file_load_from_file (config->key_file, config->path, G_KEY_FILE_NONE, &local_error))
    {
      g_set_error (error, AC_SERVICE_CONFIG_ERROR, AC_SERVICE_CONFIG_ERROR_INVALID,
                   "Could not read the configuration file %s: %s", config->path,
                   local_error->message);
      return NULL;
    }
  if (!check_names (config, error) ||
      !read_path (config, "database", TRUE, &config->database, error) ||
      !read_path (config, "tokens", TRUE, &config->tokens, error) ||
      !read_path (config, "certificate", FALSE, &config->certificate, error) ||
      !read_path (config, "key", FALSE, &config->key, error) ||
      !read_path (config, "ready-file", FALSE, &config->ready_file, error) ||
      !read_limits (config, error))
    return NULL;

  config->listen = g_key_file_get_string_list (config->key_file, SERVICE, "listen", NULL, NULL);
  if (config->listen == NULL)
    config->listen = g_strsplit ("127.0.0.1:8443", ";", -1);
  config->has_mail = g_key_file_has_group (config->key_file, MAIL);
  config->has_forwarding = g_key_file_has_group (config->key_file, FORWARDING);
  config->has_device = g_key_file_has_group (config->key_file, DEVICE);
  config->has_url = g_key_file_has_group (config->key_file, URL);
  return g_steal_pointer (&config);
}

/**
 * ac_service_config_parse_address:
 * @text: "127.0.0.1:8443", "[::1]:0" or "unix:/path"
 *
 * Returns: (transfer full): the address.
 */
GSocketAddress *
ac_service_config_parse_address (const char *text, GError **error)
{
  g_autofree char *host = NULL;
  const char *colon;
  guint64 port;

  if (g_str_has_prefix (text, "unix:"))
    {
      const char *path = text + strlen ("unix:");

      if (*path == '/' && strlen (path) < sizeof (((struct sockaddr_un *)NULL)->sun_path))
        return g_unix_socket_address_new (path);
      g_set_error (error, AC_SERVICE_CONFIG_ERROR, AC_SERVICE_CONFIG_ERROR_INVALID,
                   "“%s” does not name a Unix socket: the path must begin with “/” and be shorter "
                   "than %zu bytes",
                   text, sizeof (((struct sockaddr_un *)NULL)->sun_path));
      return NULL;
    }

  colon = strrchr (text, ':');
  if (colon != NULL && ac_number_parse (colon + 1, 0, G_MAXUINT16, &port))
    {
      g_autoptr (GInetAddress) address = NULL;

      if (text[0] == '[' && colon > text + 1 && colon[-1] == ']')
        host = g_strndup (text + 1, (gsize)(colon - text) - 2);
      else
        host = g_strndup (text, (gsize)(colon - text));
      address = g_inet_address_new_from_string (host);
      if (address != NULL &&
          (text[0] == '[') == (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6))
        return g_inet_socket_address_new (address, (guint16)port);
    }
  g_set_error (error, AC_SERVICE_CONFIG_ERROR, AC_SERVICE_CONFIG_ERROR_INVALID,
               "“%s” is not an address to listen on, such as 127.0.0.1:8443, [::1]:8443 or "
               "unix:/run/action-center/socket",
               text);
  return NULL;
}

static gboolean
is_private (GSocketAddress *address)
{
  return G_IS_UNIX_SOCKET_ADDRESS (address) ||
         g_inet_address_get_is_loopback (
             g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
}

/**
 * ac_service_config_check_listen:
 *
 * Returns: whether each address to listen on is one, and may be listened on without TLS where there
 * is no certificate.
 */
gboolean
ac_service_config_check_listen (AcServiceConfig *config, GError **error)
{
  if (config->listen[0] == NULL)
    {
      set_key_error (config, error, SERVICE, "listen", "at least one address is needed");
      return FALSE;
    }
  if ((config->certificate == NULL) != (config->key == NULL))
    {
      set_key_error (config, error, SERVICE, config->certificate == NULL ? "certificate" : "key",
                     "TLS needs both a certificate and its key; this one is missing");
      return FALSE;
    }
  for (char **listen = config->listen; *listen != NULL; listen++)
    {
      g_autoptr (GError) local_error = NULL;
      g_autoptr (GSocketAddress) address = ac_service_config_parse_address (*listen, &local_error);

      if (address == NULL)
        {
          set_key_error (config, error, SERVICE, "listen", "%s", local_error->message);
          return FALSE;
        }
      if (config->certificate == NULL && !is_private (address))
        {
          set_key_error (config, error, SERVICE, "listen",
                         "“%s” can be reached from other machines, where tokens must not travel in "
                         "the clear; set “certificate” and “key”, or listen on 127.0.0.1, [::1] or "
                         "a Unix socket",
                         *listen);
          return FALSE;
        }
    }
  return TRUE;
}

void
ac_service_config_free (AcServiceConfig *config)
{
  if (config == NULL)
    return;
  g_free (config->path);
  g_clear_pointer (&config->key_file, g_key_file_unref);
  g_free (config->database);
  g_free (config->tokens);
  g_strfreev (config->listen);
  g_free (config->certificate);
  g_free (config->key);
  g_free (config->ready_file);
  g_free (config);
}
