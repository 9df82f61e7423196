/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "responders/ac-device-path.h"

G_DEFINE_QUARK (ac - device - path - error - quark, ac_device_path_error)

static gboolean G_GNUC_PRINTF (2, 3) invalid (GError **error, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  if (error != NULL)
    *error =
        g_error_new_valist (AC_DEVICE_PATH_ERROR, AC_DEVICE_PATH_ERROR_INVALID, format, arguments);
  va_end (arguments);
  return FALSE;
}

static gboolean
check (const char *path, GError **error)
{
  const char *name = ac_device_path_get_name (path);
  g_autofree char *text = NULL;

  if (*path == '/' && *name != '\0' && strcmp (name, ".") != 0 && strcmp (name, "..") != 0)
    return TRUE;
  text = ac_device_path_for_people (path);
  return invalid (error, "“%s” is not the whole path of a file.", text);
}

/**
 * ac_device_path_from_entity:
 *
 * The member pathBytes holds exact bytes in base64, for a path that is not UTF-8; then path is only
 * for people.
 *
 * Returns: (transfer full): the path in bytes, or %NULL with AC_DEVICE_PATH_ERROR_INVALID.
 */
char *
ac_device_path_from_entity (AcEntity *entity, GError **error)
{
  const char *bytes = ac_entity_get_string (entity, "pathBytes");
  const char *text = ac_entity_get_string (entity, "path");
  g_autofree char *path = NULL;

  if (bytes != NULL && *bytes != '\0')
    {
      gsize length;
      g_autofree guchar *data = g_base64_decode (bytes, &length);
      g_autofree char *again = g_base64_encode (data, length);

      /* GLib passes over what is not base64. */
      if (strcmp (again, bytes) != 0 || memchr (data, '\0', length) != NULL)
        {
          invalid (error, "The action's pathBytes are not the base64 of a path.");
          return NULL;
        }
      path = g_strndup ((const char *)data, length);
    }
  else
    path = g_strdup (text != NULL ? text : "");
  return check (path, error) ? g_steal_pointer (&path) : NULL;
}

/**
 * ac_device_path_escape:
 *
 * Returns: (transfer full): UTF-8 text that ac_device_path_unescape() makes the same bytes of.
 */
char *
ac_device_path_escape (const char *path)
{
  return g_uri_escape_bytes ((const guint8 *)path, strlen (path), "/ ");
}

/**
 * ac_device_path_unescape:
 *
 * Returns: (transfer full) (nullable): the path, or %NULL when @text is no escaped path.
 */
char *
ac_device_path_unescape (const char *text)
{
  g_autoptr (GBytes) bytes = text != NULL ? g_uri_unescape_bytes (text, -1, NULL, NULL) : NULL;
  const char *data;
  gsize length;

  if (bytes == NULL)
    return NULL;
  data = g_bytes_get_data (bytes, &length);
  if (length == 0 || *data != '/' || memchr (data, '\0', length) != NULL)
    return NULL;
  return g_strndup (data, length);
}

/**
 * ac_device_path_for_people:
 *
 * Returns: (transfer full): UTF-8 in one line; bytes that cannot be shown stand as “\xff”.
 */
char *
ac_device_path_for_people (const char *path)
{
  g_autoptr (GString) text = g_string_new (NULL);

  while (*path != '\0')
    {
      gunichar character = g_utf8_get_char_validated (path, -1);

      if (character == (gunichar)-1 || character == (gunichar)-2)
        {
          g_string_append_printf (text, "\\x%02x", (guchar)*path);
          path++;
          continue;
        }
      if (g_unichar_isprint (character))
        g_string_append_unichar (text, character);
      else if (character < 0x80)
        g_string_append_printf (text, "\\x%02x", character);
      else
        g_string_append_printf (text, "\\u{%x}", character);
      path = g_utf8_next_char (path);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * ac_device_path_join:
 *
 * Returns: (transfer full): the path of @name in @folder.
 */
char *
ac_device_path_join (const char *folder, const char *name)
{
  return g_strconcat (folder, g_str_has_suffix (folder, "/") ? "" : "/", name, NULL);
}

/**
 * ac_device_path_get_name:
 *
 * Returns: what stands behind the last slash.
 */
const char *
ac_device_path_get_name (const char *path)
{
  const char *slash = strrchr (path, '/');

  return slash != NULL ? slash + 1 : path;
}

/**
 * ac_device_path_dup_folder:
 *
 * Returns: (transfer full): what stands before the last slash of a whole path; “/” for the top.
 */
char *
ac_device_path_dup_folder (const char *path)
{
  const char *slash = strrchr (path, '/');

  return slash == NULL || slash == path ? g_strdup ("/") : g_strndup (path, (gsize)(slash - path));
}
