/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <sys/stat.h>

#include "model/ac-number.h"
#include "responders/ac-dns-policy.h"
#include "responders/ac-url-config.h"

#define GROUP "url"
#define DNS_PORT 53

G_DEFINE_QUARK (ac - url - config - error - quark, ac_url_config_error)

static gboolean G_GNUC_PRINTF (3, 4)
    invalid (GError **error, const char *key, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, AC_URL_CONFIG_ERROR, AC_URL_CONFIG_ERROR_INVALID, "[%s] %s: %s", GROUP, key,
               text);
  return FALSE;
}

/* NULL: the key is missing or empty. */
static char *
get_text (GKeyFile *key_file, const char *key)
{
  char *text = g_key_file_get_string (key_file, GROUP, key, NULL);

  if (text != NULL && *g_strstrip (text) == '\0')
    g_clear_pointer (&text, g_free);
  return text;
}

static gboolean
read_path (GKeyFile *key_file, const char *key, char **path, GError **error)
{
  *path = get_text (key_file, key);
  if (*path == NULL)
    return invalid (error, key, "The key is required, and is missing or empty.");
  if (!g_path_is_absolute (*path))
    return invalid (error, key, "“%s” does not begin with “/”.", *path);
  return TRUE;
}

static gboolean
read_number (GKeyFile *key_file,
             const char *key,
             guint fallback,
             guint least,
             guint most,
             guint *number,
             GError **error)
{
  g_autofree char *text = get_text (key_file, key);
  guint64 value = fallback;

  if (text != NULL && !ac_number_parse (text, least, most, &value))
    return invalid (error, key, "“%s” is not a number from %u to %u.", text, least, most);
  *number = (guint)value;
  return TRUE;
}

/* 192.0.2.1, 192.0.2.1:5353, [2001:db8::1]:53 */
static GInetSocketAddress *
read_address (const char *key, const char *text, GError **error)
{
  g_autoptr (GSocketConnectable) parsed = g_network_address_parse (text, DNS_PORT, NULL);
  g_autoptr (GInetAddress) address = NULL;
  guint16 port = 0;

  if (parsed != NULL)
    {
      port = g_network_address_get_port (G_NETWORK_ADDRESS (parsed));
      address = g_inet_address_new_from_string (
          g_network_address_get_hostname (G_NETWORK_ADDRESS (parsed)));
    }
  if (address != NULL && port != 0)
    return G_INET_SOCKET_ADDRESS (g_inet_socket_address_new (address, port));
  invalid (error, key, "“%s” is not an IP address with a port, such as 127.0.0.1:53 or [::1]:53.",
           text);
  return NULL;
}

static gboolean
read_server (AcUrlConfig *config, const char *text, GError **error)
{
  g_autoptr (GInetSocketAddress) address = read_address ("dns-server", text, error);

  if (address == NULL)
    return FALSE;
  config->dns_server = g_inet_address_to_string (g_inet_socket_address_get_address (address));
  config->dns_port = g_inet_socket_address_get_port (address);
  return TRUE;
}

static gboolean
read_zone (AcUrlConfig *config, GKeyFile *key_file, GError **error)
{
  config->dns_zone = get_text (key_file, "dns-zone");
  if (config->dns_zone == NULL)
    return invalid (error, "dns-zone", "With dns-server the key is required.");
  if (g_str_has_suffix (config->dns_zone, "."))
    config->dns_zone[strlen (config->dns_zone) - 1] = '\0';
  if (!ac_dns_policy_can_hold (config->dns_zone, NULL))
    return invalid (error, "dns-zone", "“%s” is not the name of a zone.", config->dns_zone);
  return TRUE;
}

/* nsupdate reads the key itself; what is said here is said before the first block fails. */
static gboolean
read_key_file (AcUrlConfig *config, GKeyFile *key_file, GError **error)
{
  struct stat status;

  if (!read_path (key_file, "dns-key-file", &config->dns_key_file, error))
    return FALSE;
  if (stat (config->dns_key_file, &status) != 0)
    return invalid (error, "dns-key-file", "The file “%s” cannot be opened.", config->dns_key_file);
  if (!S_ISREG (status.st_mode) || (status.st_mode & 077) != 0)
    return invalid (error, "dns-key-file",
                    "The file “%s” must be one that only its owner may read; run chmod 600 on it.",
                    config->dns_key_file);
  return TRUE;
}

static gboolean
read_dns (AcUrlConfig *config, GKeyFile *key_file, GError **error)
{
  static const char *const needs_server[] = { "dns-zone", "dns-key-file", "dns-resolver" };
  g_autofree char *server = get_text (key_file, "dns-server");
  g_autofree char *resolver = get_text (key_file, "dns-resolver");

  config->has_dns = server != NULL;
  for (gsize i = 0; !config->has_dns && i < G_N_ELEMENTS (needs_server); i++)
    if (g_key_file_has_key (key_file, GROUP, needs_server[i], NULL))
      return invalid (error, needs_server[i], "The key means nothing without dns-server.");
  if (!config->has_dns)
    return TRUE;
  if (!read_server (config, server, error) || !read_zone (config, key_file, error) ||
      !read_key_file (config, key_file, error))
    return FALSE;
  config->dns_resolver =
      G_SOCKET_ADDRESS (read_address (resolver != NULL ? "dns-resolver" : "dns-server",
                                      resolver != NULL ? resolver : server, error));
  return config->dns_resolver != NULL;
}

/**
 * ac_url_config_new:
 *
 * Returns: (transfer full): the checked configuration, or %NULL with AC_URL_CONFIG_ERROR_INVALID.
 */
AcUrlConfig *
ac_url_config_new (GKeyFile *key_file, GError **error)
{
  g_autoptr (AcUrlConfig) config = g_new0 (AcUrlConfig, 1);

  if (!read_path (key_file, "list", &config->list, error) ||
      !read_number (key_file, "expire-days", 0, 0, 3650, &config->expire_days, error) ||
      !read_number (key_file, "dns-timeout-seconds", 5, 1, 3600, &config->dns_timeout, error) ||
      !read_dns (config, key_file, error))
    return NULL;
  return g_steal_pointer (&config);
}

void
ac_url_config_free (AcUrlConfig *config)
{
  if (config == NULL)
    return;
  g_free (config->list);
  g_free (config->dns_server);
  g_free (config->dns_zone);
  g_free (config->dns_key_file);
  g_clear_object (&config->dns_resolver);
  g_free (config);
}
