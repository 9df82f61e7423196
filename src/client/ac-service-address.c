/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "client/ac-client-error.h"
#include "client/ac-service-address.h"

static gboolean
is_loopback (const char *host)
{
  g_autoptr (GInetAddress) address = NULL;

  /* RFC 6761 §6.3: "localhost" and all below it never leave the machine. */
  if (g_ascii_strcasecmp (host, "localhost") == 0 || g_str_has_suffix (host, ".localhost"))
    return TRUE;
  address = g_inet_address_new_from_string (host);
  return address != NULL && g_inet_address_get_is_loopback (address);
}

static AcServiceAddress *
parse_socket (const char *text, GError **error)
{
  const char *path = text + strlen ("unix:");
  AcServiceAddress *address;

  while (g_str_has_prefix (path, "//"))
    path++;
  if (!g_path_is_absolute (path))
    {
      g_set_error (
          error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_INVALID,
          _ ("The address “%s” does not name a socket; write unix: and the whole path, such "
             "as unix:/run/action-center.socket."),
          text);
      return NULL;
    }
  address = g_new0 (AcServiceAddress, 1);
  address->text = g_strconcat ("unix:", path, NULL);
  address->base_uri = g_strdup ("http://localhost");
  address->socket_path = g_strdup (path);
  address->is_local = TRUE;
  return address;
}

/**
 * ac_service_address_parse:
 * @text: what a person has typed
 *
 * Returns: (transfer full): the address, or %NULL with AC_CLIENT_ERROR_INVALID.
 */
AcServiceAddress *
ac_service_address_parse (const char *text, GError **error)
{
  g_autofree char *stripped = NULL;
  g_autofree char *host = NULL;
  g_autofree char *path = NULL;
  g_autoptr (GUri) uri = NULL;
  AcServiceAddress *address;
  const char *scheme;
  char *end;

  g_return_val_if_fail (text != NULL, NULL);

  stripped = g_strstrip (g_strdup (text));
  if (*stripped == '\0')
    {
      g_set_error_literal (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_INVALID,
                           _ ("No address of a service is set; write one such as "
                              "https://actions.example.org."));
      return NULL;
    }
  if (g_str_has_prefix (stripped, "unix:"))
    return parse_socket (stripped, error);

  uri = g_uri_parse (stripped, G_URI_FLAGS_HAS_PASSWORD, NULL);
  scheme = uri != NULL ? g_uri_get_scheme (uri) : "";
  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0' ||
      (strcmp (scheme, "https") != 0 && strcmp (scheme, "http") != 0))
    {
      g_set_error (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_INVALID,
                   _ ("“%s” is not the address of a service; write one such as "
                      "https://actions.example.org."),
                   stripped);
      return NULL;
    }
  /* What stands in an address ends up in settings and messages, so no secret may stand there. */
  if (g_uri_get_userinfo (uri) != NULL || g_uri_get_query (uri) != NULL ||
      g_uri_get_fragment (uri) != NULL)
    {
      g_set_error_literal (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_INVALID,
                           _ ("The address may hold a host, a port and a path, but no user name, "
                              "password, “?” or “#”."));
      return NULL;
    }
  if (strcmp (scheme, "http") == 0 && !is_loopback (g_uri_get_host (uri)))
    {
      g_set_error (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_INVALID,
                   _ ("%s would send the token unprotected over the network. Use https:// for a "
                      "service on another machine."),
                   stripped);
      return NULL;
    }

  host = g_ascii_strdown (g_uri_get_host (uri), -1);
  path = g_strdup (g_uri_get_path (uri));
  end = path + strlen (path);
  while (end > path && end[-1] == '/')
    *--end = '\0';

  address = g_new0 (AcServiceAddress, 1);
  address->base_uri =
      g_uri_join (G_URI_FLAGS_NONE, scheme, NULL, host, g_uri_get_port (uri), path, NULL, NULL);
  address->text = g_strdup (address->base_uri);
  address->is_local = is_loopback (host);
  return address;
}

void
ac_service_address_free (AcServiceAddress *address)
{
  if (address == NULL)
    return;
  g_free (address->text);
  g_free (address->base_uri);
  g_free (address->socket_path);
  g_free (address);
}
