/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gmime/gmime.h>
#include <string.h>

#include "responders/ac-imap-set.h"
#include "responders/ac-imap-structure.h"

/* Of what is shown to people; a message may hold any number of parts in any depth. */
#define MOST_NAMES 20
#define MOST_DEPTH 20
#define MOST_TEXT 200

/* Positions in the list that one part is. */
#define PARAMETERS 2
#define EXTENSIONS 7

static const AcImapValue *
item (const AcImapValue *list, guint index)
{
  return index < list->items->len ? list->items->pdata[index] : NULL;
}

static gboolean
is_list (const AcImapValue *value)
{
  return value != NULL && value->kind == AC_IMAP_VALUE_LIST;
}

/* As a header would spell them, so that continuations and charsets (RFC 2231) are read by those who
 * know how. */
static char *
spell_parameters (const AcImapValue *list)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i + 1 < list->items->len; i += 2)
    {
      const char *name = ac_imap_value_get_text (item (list, i));
      const char *value = ac_imap_value_get_text (item (list, i + 1));

      if (name == NULL || value == NULL)
        continue;
      if (text->len > 0)
        g_string_append (text, "; ");
      g_string_append_printf (text, "%s=", name);
      if (g_str_has_suffix (name, "*"))
        {
          g_string_append (text, value);
          continue;
        }
      g_string_append_c (text, '"');
      for (const char *at = value; *at != '\0'; at++)
        {
          if (*at == '"' || *at == '\\')
            g_string_append_c (text, '\\');
          g_string_append_c (text, *at);
        }
      g_string_append_c (text, '"');
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
find_parameter (const AcImapValue *list, const char *name)
{
  g_autofree char *spelled = NULL;
  GMimeParamList *parameters;
  GMimeParam *parameter;
  char *value = NULL;

  if (!is_list (list))
    return NULL;
  spelled = spell_parameters (list);
  parameters = g_mime_param_list_parse (NULL, spelled);
  if (parameters == NULL)
    return NULL;
  parameter = g_mime_param_list_get_parameter (parameters, name);
  if (parameter != NULL)
    value = g_utf8_make_valid (g_mime_param_get_value (parameter), -1);
  g_object_unref (parameters);
  return value;
}

/* What says how a part is to be shown: (attachment (filename …)). */
static const AcImapValue *
find_disposition (const AcImapValue *part)
{
  for (guint i = EXTENSIONS; i < part->items->len; i++)
    {
      const AcImapValue *value = item (part, i);
      const char *kind;

      if (!is_list (value) || value->items->len != 2)
        continue;
      kind = ac_imap_value_get_text (item (value, 0));
      if (kind != NULL && (g_ascii_strcasecmp (kind, "attachment") == 0 ||
                           g_ascii_strcasecmp (kind, "inline") == 0))
        return value;
    }
  return NULL;
}

static void
add_part (const AcImapValue *part, GPtrArray *names, guint depth)
{
  const AcImapValue *disposition;
  g_autofree char *name = NULL;

  if (depth > MOST_DEPTH || names->len >= MOST_NAMES || !is_list (part) || part->items->len == 0)
    return;
  if (is_list (item (part, 0)))
    {
      for (guint i = 0; is_list (item (part, i)); i++)
        add_part (item (part, i), names, depth + 1);
      return;
    }
  disposition = find_disposition (part);
  if (disposition != NULL)
    name = find_parameter (item (disposition, 1), "filename");
  if (name == NULL)
    name = find_parameter (item (part, PARAMETERS), "name");
  if (name == NULL || *name == '\0')
    return;
  g_strdelimit (name, "\r\n\t", ' ');
  if (g_utf8_strlen (name, -1) > MOST_TEXT)
    *g_utf8_offset_to_pointer (name, MOST_TEXT) = '\0';
  g_ptr_array_add (names, g_steal_pointer (&name));
}

static void
read_response (const AcImapResponse *response, GHashTable *table)
{
  const AcImapValue *list = response->values->len == 1 ? response->values->pdata[0] : NULL;
  const AcImapValue *structure = NULL;
  g_autoptr (GPtrArray) names = NULL;
  guint32 uid = 0;

  if (g_strcmp0 (response->name, "FETCH") != 0 || !is_list (list))
    return;
  for (guint i = 0; i + 1 < list->items->len; i += 2)
    {
      if (ac_imap_value_is_atom (item (list, i), "UID"))
        ac_imap_value_get_number (item (list, i + 1), &uid);
      else if (ac_imap_value_is_atom (item (list, i), "BODYSTRUCTURE"))
        structure = item (list, i + 1);
    }
  if (uid == 0 || structure == NULL)
    return;
  names = g_ptr_array_new_with_free_func (g_free);
  add_part (structure, names, 0);
  if (names->len > 0)
    g_hash_table_replace (table, GUINT_TO_POINTER (uid), g_steal_pointer (&names));
}

/**
 * ac_imap_fetch_attachment_names:
 * @uids: (array length=n_uids): in rising order, each once; at least one
 *
 * Returns: (transfer full) (element-type guint32 GPtrArray): the names of the attachments of those
 * messages of the open folder that have any, by UID; or %NULL with AC_IMAP_ERROR.
 */
GHashTable *
ac_imap_fetch_attachment_names (AcImapConnection *connection,
                                const guint32 *uids,
                                gsize n_uids,
                                GError **error)
{
  g_autoptr (GHashTable) table =
      g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)g_ptr_array_unref);
  g_autofree char *set = ac_imap_set_format (uids, n_uids);
  g_autoptr (AcImapCommand) command = ac_imap_command_new ("UID FETCH ");
  g_autoptr (GPtrArray) responses = NULL;

  ac_imap_command_add (command, set);
  ac_imap_command_add (command, " (UID BODYSTRUCTURE)");
  responses = ac_imap_connection_run (connection, command, error);
  if (responses == NULL)
    return NULL;
  for (guint i = 0; i < responses->len; i++)
    read_response (responses->pdata[i], table);
  return g_steal_pointer (&table);
}
