/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "model/ac-json.h"
#include "model/ac-number.h"
#include "responders/ac-device-extra.h"

/* $1 is the path. The last word proves that all of it has run. Somebody else may put a symbolic
 * link there at any moment: none of this follows one. */
#define LOOK                                                                                       \
  "stat --printf=\"names %h\\naccessed %.9X\\nmodified %.9Y\\n\" -- \"$1\" && "                    \
  "getfattr -h --absolute-names -d -m - -e hex -- \"$1\" && echo end"
#define SET_TIMES "touch -h -a -d \"@$2\" -- \"$1\" && touch -h -m -d \"@$3\" -- \"$1\" && echo end"
#define SET_ALL "setfattr -h --restore=- && " SET_TIMES

static AcDeviceExtra *
extra_new (void)
{
  AcDeviceExtra *extra = g_new0 (AcDeviceExtra, 1);

  extra->attributes = g_ptr_array_new_with_free_func (g_free);
  return extra;
}

void
ac_device_extra_free (AcDeviceExtra *extra)
{
  g_free (extra->accessed);
  g_free (extra->modified);
  g_ptr_array_unref (extra->attributes);
  g_free (extra);
}

/* For any shell: the script itself holds no quote of this kind. */
static char *
make_command (const char *script, const char *path, const AcDeviceExtra *extra)
{
  g_auto (GStrv) parts = g_strsplit (path, "'", -1);
  g_autofree char *quoted = g_strjoinv ("'\\''", parts);

  return g_strdup_printf ("env LC_ALL=C sh -c '%s' quarantine '%s' %s %s", script, quoted,
                          extra != NULL ? extra->accessed : "",
                          extra != NULL ? extra->modified : "");
}

static int
compare_lines (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* Whether it is seconds with nine places, and nothing that a shell could take for something else.
 */
static gboolean
is_time (const char *text)
{
  const char *point = text != NULL ? strchr (text, '.') : NULL;
  const char *digits = text != NULL && *text == '-' ? text + 1 : text;

  return point != NULL && point > digits && strlen (point + 1) == 9 &&
         strspn (digits, "0123456789.") == strlen (digits) && strchr (point + 1, '.') == NULL;
}

static gboolean
is_attribute (const char *line)
{
  const char *equals = strchr (line, '=');

  return equals != NULL && equals > line && strpbrk (line, "\n\r") == NULL && line[0] != '#';
}

/**
 * ac_device_extra_look:
 *
 * Returns: (transfer full): what is seen of @path; AC_DEVICE_ERROR_UNSUPPORTED where the service
 * may run no such commands.
 */
AcDeviceExtra *
ac_device_extra_look (AcDeviceConnection *connection, const char *path, GError **error)
{
  g_autofree char *command = make_command (LOOK, path, NULL);
  g_autoptr (AcDeviceExtra) extra = extra_new ();
  g_autofree char *output = NULL;
  g_auto (GStrv) lines = NULL;
  gboolean has_end = FALSE;
  gboolean has_file = FALSE; /* what a shell says at its start comes before */

  output = ac_device_connection_run (connection, command, NULL, error);
  if (output == NULL)
    return NULL;
  lines = g_strsplit (output, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    {
      if (g_str_has_prefix (*line, "names "))
        ac_number_parse (*line + 6, 1, G_MAXUINT64, &extra->n_names);
      else if (g_str_has_prefix (*line, "accessed ") && extra->accessed == NULL)
        extra->accessed = g_strdup (*line + 9);
      else if (g_str_has_prefix (*line, "modified ") && extra->modified == NULL)
        extra->modified = g_strdup (*line + 9);
      else if (g_str_equal (*line, "end"))
        has_end = TRUE;
      else if (g_str_has_prefix (*line, "# file: "))
        has_file = TRUE;
      else if (has_file && is_attribute (*line))
        g_ptr_array_add (extra->attributes, g_strdup (*line));
    }
  if (!has_end || extra->n_names == 0 || !is_time (extra->accessed) || !is_time (extra->modified))
    {
      g_set_error_literal (error, AC_DEVICE_ERROR, AC_DEVICE_ERROR_UNSUPPORTED,
                           "the service may not run getfattr and stat there");
      return NULL;
    }
  g_ptr_array_sort (extra->attributes, compare_lines);
  return g_steal_pointer (&extra);
}

/* The name of a file as getfattr writes it. */
static void
append_file (GString *dump, const char *path)
{
  g_string_append (dump, "# file: ");
  for (; *path != '\0'; path++)
    if (*path == '\n' || *path == '\r' || *path == '\\')
      g_string_append_printf (dump, "\\%03o", (guint)*path);
    else
      g_string_append_c (dump, *path);
  g_string_append_c (dump, '\n');
}

/**
 * ac_device_extra_bring_back:
 *
 * Gives @path attributes and times as they were, and never what a symbolic link there leads to. Its
 * mode and owner are set before: they would change some of the attributes.
 */
gboolean
ac_device_extra_bring_back (AcDeviceConnection *connection,
                            const char *path,
                            const AcDeviceExtra *extra,
                            GError **error)
{
  gboolean has_attributes = extra->attributes->len > 0;
  g_autofree char *command = make_command (has_attributes ? SET_ALL : SET_TIMES, path, extra);
  g_autoptr (GString) dump = g_string_new (NULL);
  g_autofree char *output = NULL;

  append_file (dump, path);
  for (guint i = 0; i < extra->attributes->len; i++)
    g_string_append_printf (dump, "%s\n", (const char *)extra->attributes->pdata[i]);
  output = ac_device_connection_run (connection, command, has_attributes ? dump->str : NULL, error);
  if (output == NULL)
    return FALSE;
  if (g_str_has_suffix (output, "end\n"))
    return TRUE;
  g_set_error_literal (error, AC_DEVICE_ERROR, AC_DEVICE_ERROR_REFUSED,
                       "setfattr and touch did not work there");
  return FALSE;
}

/**
 * ac_device_extra_is_back:
 *
 * Returns: whether attributes and time of change are the same. Not the time of access, which
 * looking at the file changes.
 */
gboolean
ac_device_extra_is_back (const AcDeviceExtra *now, const AcDeviceExtra *before)
{
  if (now->attributes->len != before->attributes->len ||
      strcmp (now->modified, before->modified) != 0)
    return FALSE;
  for (guint i = 0; i < now->attributes->len; i++)
    if (strcmp (now->attributes->pdata[i], before->attributes->pdata[i]) != 0)
      return FALSE;
  return TRUE;
}

/**
 * ac_device_extra_new_from_json:
 *
 * Returns: (transfer full) (nullable): what ac_device_extra_to_json() has made, or %NULL.
 */
AcDeviceExtra *
ac_device_extra_new_from_json (JsonObject *object)
{
  g_autoptr (AcDeviceExtra) extra = extra_new ();
  g_auto (GStrv) attributes = ac_json_get_strings (object, "attributes");

  extra->n_names = (guint64)ac_json_get_integer (object, "names", 1);
  extra->accessed = g_strdup (ac_json_get_string (object, "accessed"));
  extra->modified = g_strdup (ac_json_get_string (object, "modified"));
  for (char **line = attributes; line != NULL && *line != NULL; line++)
    {
      if (!is_attribute (*line))
        return NULL;
      g_ptr_array_add (extra->attributes, g_strdup (*line));
    }
  return is_time (extra->accessed) && is_time (extra->modified) ? g_steal_pointer (&extra) : NULL;
}

JsonObject *
ac_device_extra_to_json (const AcDeviceExtra *extra)
{
  JsonObject *object = json_object_new ();
  JsonArray *attributes = json_array_new ();

  for (guint i = 0; i < extra->attributes->len; i++)
    json_array_add_string_element (attributes, extra->attributes->pdata[i]);
  json_object_set_int_member (object, "names", (gint64)extra->n_names);
  ac_json_set_string (object, "accessed", extra->accessed);
  ac_json_set_string (object, "modified", extra->modified);
  json_object_set_array_member (object, "attributes", attributes);
  return object;
}
