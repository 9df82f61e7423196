/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "model/ac-number.h"
#include "responders/ac-imap-client.h"
#include "responders/ac-imap-search.h"
#include "responders/ac-imap-set.h"

#define MESSAGE_ITEMS " (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])"
#define MESSAGE_ID_SECTION "BODY[HEADER.FIELDS (MESSAGE-ID)]"

void
ac_imap_folder_free (AcImapFolder *folder)
{
  g_free (folder->name);
  g_free (folder);
}

void
ac_imap_message_free (AcImapMessage *message)
{
  g_strfreev (message->flags);
  g_strfreev (message->message_ids);
  g_free (message);
}

void
ac_imap_moved_free (AcImapMoved *moved)
{
  g_array_unref (moved->source);
  g_array_unref (moved->destination);
  g_free (moved);
}

static gboolean
run_for_nothing (AcImapConnection *connection, AcImapCommand *command, GError **error)
{
  g_autoptr (GPtrArray) responses = ac_imap_connection_run (connection, command, error);

  return responses != NULL;
}

static gboolean
run_with_folder (AcImapConnection *connection, const char *text, const char *folder, GError **error)
{
  g_autoptr (AcImapCommand) command = ac_imap_command_new (text);

  ac_imap_command_add_string (command, folder);
  return run_for_nothing (connection, command, error);
}

/**
 * ac_imap_client_check_extensions:
 *
 * Returns: whether the server can move messages and say where they went. COPY and EXPUNGE would do
 *   something like it, but with a moment in which a message exists twice or not at all.
 */
gboolean
ac_imap_client_check_extensions (AcImapConnection *connection, GError **error)
{
  static const char *const needed[] = { "MOVE", "UIDPLUS" };

  if (ac_imap_connection_offers (connection, "IMAP4REV2"))
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (needed); i++)
    if (!ac_imap_connection_offers (connection, needed[i]))
      {
        g_set_error (error, AC_IMAP_ERROR, AC_IMAP_ERROR_UNSUPPORTED,
                     "The mail server lacks the extension %s, without which a message cannot be "
                     "moved safely.",
                     needed[i]);
        return FALSE;
      }
  return TRUE;
}

static gboolean
has_attribute (const AcImapValue *attributes, const char *name)
{
  for (guint i = 0; i < attributes->items->len; i++)
    if (ac_imap_value_is_atom (attributes->items->pdata[i], name))
      return TRUE;
  return FALSE;
}

/* “* LIST (\HasNoChildren) "/" INBOX” */
static AcImapFolder *
read_folder (const AcImapResponse *response)
{
  g_autoptr (AcImapFolder) folder = NULL;
  const AcImapValue *attributes;
  const char *name;

  if (g_strcmp0 (response->name, "LIST") != 0 || response->values->len < 3)
    return NULL;
  attributes = response->values->pdata[0];
  name = ac_imap_value_get_text (response->values->pdata[2]);
  if (attributes->kind != AC_IMAP_VALUE_LIST || name == NULL)
    return NULL;
  folder = g_new0 (AcImapFolder, 1);
  folder->name = g_strdup (name);
  folder->selectable =
      !has_attribute (attributes, "\\Noselect") && !has_attribute (attributes, "\\NonExistent");
  folder->is_view = has_attribute (attributes, "\\All") ||
                    has_attribute (attributes, "\\Flagged") ||
                    has_attribute (attributes, "\\Important");
  return g_steal_pointer (&folder);
}

/**
 * ac_imap_client_list:
 *
 * Returns: (transfer full) (element-type AcImapFolder): every folder of the mailbox.
 */
GPtrArray *
ac_imap_client_list (AcImapConnection *connection, GError **error)
{
  g_autoptr (AcImapCommand) command = ac_imap_command_new ("LIST \"\" \"*\"");
  g_autoptr (GPtrArray) responses = ac_imap_connection_run (connection, command, error);
  g_autoptr (GPtrArray) folders = NULL;

  if (responses == NULL)
    return NULL;
  folders = g_ptr_array_new_with_free_func ((GDestroyNotify)ac_imap_folder_free);
  for (guint i = 0; i < responses->len; i++)
    {
      AcImapFolder *folder = read_folder (responses->pdata[i]);

      if (folder != NULL)
        g_ptr_array_add (folders, folder);
    }
  return g_steal_pointer (&folders);
}

/* “(("Other users/" "/"))”: the prefixes of one kind of namespace. */
static void
collect_prefixes (const AcImapValue *namespaces, GPtrArray *prefixes)
{
  if (namespaces->kind != AC_IMAP_VALUE_LIST)
    return;
  for (guint i = 0; i < namespaces->items->len; i++)
    {
      const AcImapValue *one = namespaces->items->pdata[i];
      const char *prefix = NULL;

      if (one->kind == AC_IMAP_VALUE_LIST && one->items->len > 0)
        prefix = ac_imap_value_get_text (one->items->pdata[0]);
      if (prefix != NULL && *prefix != '\0')
        g_ptr_array_add (prefixes, g_strdup (prefix));
    }
}

/**
 * ac_imap_client_list_foreign_prefixes:
 *
 * Returns: (transfer full): how the names of folders begin that are other people's or everybody's
 *   (RFC 2342): what is decided about one mailbox must not reach into them.
 */
GStrv
ac_imap_client_list_foreign_prefixes (AcImapConnection *connection, GError **error)
{
  g_autoptr (GPtrArray) prefixes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (AcImapCommand) command = ac_imap_command_new ("NAMESPACE");

  if (ac_imap_connection_offers (connection, "NAMESPACE"))
    {
      g_autoptr (GPtrArray) responses = ac_imap_connection_run (connection, command, error);

      if (responses == NULL)
        return NULL;
      for (guint i = 0; i < responses->len; i++)
        {
          const AcImapResponse *response = responses->pdata[i];

          /* Personal, other users', shared. */
          if (g_strcmp0 (response->name, "NAMESPACE") == 0)
            for (guint kind = 1; kind < MIN (response->values->len, 3); kind++)
              collect_prefixes (response->values->pdata[kind], prefixes);
        }
    }
  g_ptr_array_add (prefixes, NULL);
  return (GStrv)g_ptr_array_free (g_steal_pointer (&prefixes), FALSE);
}

/**
 * ac_imap_client_select:
 * @writable: SELECT instead of EXAMINE
 * @state: (out caller-allocates):
 *
 * Opens a folder; AC_IMAP_ERROR_NO_FOLDER when there is none.
 */
gboolean
ac_imap_client_select (AcImapConnection *connection,
                       const char *folder,
                       gboolean writable,
                       AcImapFolderState *state,
                       GError **error)
{
  g_autoptr (AcImapCommand) command = ac_imap_command_new (writable ? "SELECT " : "EXAMINE ");
  g_autoptr (GPtrArray) responses = NULL;

  memset (state, 0, sizeof *state);
  ac_imap_command_add_string (command, folder);
  responses = ac_imap_connection_run (connection, command, error);
  if (responses == NULL)
    return FALSE;
  for (guint i = 0; i < responses->len; i++)
    {
      const AcImapResponse *response = responses->pdata[i];
      guint64 number;

      if (response->code == NULL || response->code_text == NULL ||
          !ac_number_parse (response->code_text, 1, G_MAXUINT32, &number))
        continue;
      if (strcmp (response->code, "UIDVALIDITY") == 0)
        state->uid_validity = (guint32)number;
      else if (strcmp (response->code, "UIDNEXT") == 0)
        state->uid_next = (guint32)number;
    }
  if (state->uid_validity == 0)
    {
      g_set_error (error, AC_IMAP_ERROR, AC_IMAP_ERROR_UNSUPPORTED,
                   "The mail server keeps no lasting numbers for the messages of a folder "
                   "(UIDVALIDITY), without which a message cannot be found again safely.");
      return FALSE;
    }
  return TRUE;
}

static gboolean
is_ascii (const char *const *texts)
{
  for (guint i = 0; texts[i] != NULL; i++)
    if (!g_str_is_ascii (texts[i]))
      return FALSE;
  return TRUE;
}

/**
 * ac_imap_client_search_message_ids:
 * @message_ids: what to look for; not empty
 *
 * Asks for all of them in one search of the open folder. A server finds more than was meant: it
 * compares parts of the header, and without case.
 *
 * Returns: (transfer full) (element-type guint32): UIDs in rising order, each once.
 */
GArray *
ac_imap_client_search_message_ids (AcImapConnection *connection,
                                   const char *const *message_ids,
                                   GError **error)
{
  g_autoptr (AcImapCommand) command = ac_imap_command_new ("UID SEARCH");
  guint n = g_strv_length ((GStrv)message_ids);

  if (!is_ascii (message_ids))
    ac_imap_command_add (command, " CHARSET UTF-8");
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *part = ac_imap_search_part (message_ids[i]);

      ac_imap_command_add (command, i + 1 < n ? " OR HEADER Message-ID " : " HEADER Message-ID ");
      ac_imap_command_add_string (command, part);
    }
  return ac_imap_search_run (connection, command, error);
}

/**
 * ac_imap_parse_date:
 * @text: a date-time of RFC 3501, such as " 2-Feb-2024 10:11:12 +0300"
 * @date: (out): in microseconds since 1970
 */
gboolean
ac_imap_parse_date (const char *text, gint64 *date)
{
  static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
  g_autoptr (GTimeZone) zone = NULL;
  g_autoptr (GDateTime) moment = NULL;
  char month[4] = { 0 };
  char zone_text[6] = { 0 };
  int day, year, hour, minute, second, end = 0;
  const char *found;

  if (sscanf (text, " %2d-%3[A-Za-z]-%4d %2d:%2d:%2d %5[-+0-9]%n", &day, month, &year, &hour,
              &minute, &second, zone_text, &end) != 7 ||
      text[end] != '\0' || strlen (month) != 3 || strlen (zone_text) != 5)
    return FALSE;
  found = strstr (months, month);
  if (found == NULL || (found - months) % 3 != 0)
    return FALSE;
  zone = g_time_zone_new_identifier (zone_text);
  if (zone == NULL)
    return FALSE;
  moment = g_date_time_new (zone, year, (int)(found - months) / 3 + 1, day, hour, minute, second);
  if (moment == NULL)
    return FALSE;
  *date = g_date_time_to_unix (moment) * G_USEC_PER_SEC;
  return TRUE;
}

/**
 * ac_imap_parse_message_ids:
 * @header: (array length=length): header lines as they lie in the message, CRLF or LF between them
 *
 * Returns: (transfer full): the value of each Message-ID, unfolded (RFC 5322, section 2.2.3) and
 *   trimmed; what is not UTF-8 cannot be compared with anything and is left out.
 */
GStrv
ac_imap_parse_message_ids (const char *header, gsize length)
{
  static const char name[] = "message-id";
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);
  const char *at = header;
  const char *end = header + length;

  while (at < end)
    {
      g_autoptr (GString) line = g_string_new (NULL);
      gsize n = strlen (name);
      const char *value;

      /* One line, with the ones that go on with it. */
      do
        {
          const char *newline = memchr (at, '\n', (gsize)(end - at));
          const char *stop = newline != NULL ? newline : end;
          gsize n_bytes = (gsize)(stop - at);

          if (n_bytes > 0 && at[n_bytes - 1] == '\r')
            n_bytes--;
          g_string_append_len (line, at, (gssize)n_bytes);
          at = newline != NULL ? newline + 1 : end;
        }
      while (at < end && (*at == ' ' || *at == '\t'));

      if (line->len <= n || g_ascii_strncasecmp (line->str, name, n) != 0)
        continue;
      value = line->str + n;
      while (*value == ' ' || *value == '\t')
        value++;
      if (*value != ':' || strlen (line->str) != line->len || !g_utf8_validate (value, -1, NULL))
        continue;
      g_ptr_array_add (found, g_strstrip (g_strdup (value + 1)));
    }
  g_ptr_array_add (found, NULL);
  return (GStrv)g_ptr_array_free (g_steal_pointer (&found), FALSE);
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static GStrv
read_flags (const AcImapValue *list)
{
  g_autoptr (GPtrArray) flags = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < list->items->len; i++)
    {
      const char *flag = ac_imap_value_get_text (list->items->pdata[i]);

      if (flag != NULL && g_ascii_strcasecmp (flag, "\\Recent") != 0)
        g_ptr_array_add (flags, g_strdup (flag));
    }
  g_ptr_array_sort (flags, compare_texts);
  g_ptr_array_add (flags, NULL);
  return (GStrv)g_ptr_array_free (g_steal_pointer (&flags), FALSE);
}

/* “* 3 FETCH (UID 7 FLAGS (\Seen) …)”; %NULL when it does not hold all that was asked for: servers
 * also say unasked when flags change. */
static AcImapMessage *
read_message (const AcImapResponse *response)
{
  g_autoptr (AcImapMessage) message = NULL;
  const AcImapValue *list;
  gboolean has_size = FALSE;
  gboolean has_date = FALSE;

  if (g_strcmp0 (response->name, "FETCH") != 0 || response->values->len != 1)
    return NULL;
  list = response->values->pdata[0];
  if (list->kind != AC_IMAP_VALUE_LIST)
    return NULL;
  message = g_new0 (AcImapMessage, 1);
  for (guint i = 0; i + 1 < list->items->len; i += 2)
    {
      const AcImapValue *name = list->items->pdata[i];
      const AcImapValue *value = list->items->pdata[i + 1];

      if (ac_imap_value_is_atom (name, "UID"))
        ac_imap_value_get_number (value, &message->uid);
      else if (ac_imap_value_is_atom (name, "RFC822.SIZE"))
        has_size = ac_imap_value_get_number (value, &message->size);
      else if (ac_imap_value_is_atom (name, "INTERNALDATE"))
        has_date = ac_imap_value_get_text (value) != NULL &&
                   ac_imap_parse_date (ac_imap_value_get_text (value), &message->date);
      else if (ac_imap_value_is_atom (name, "FLAGS") && value->kind == AC_IMAP_VALUE_LIST)
        {
          g_strfreev (message->flags);
          message->flags = read_flags (value);
        }
      else if (ac_imap_value_is_atom (name, MESSAGE_ID_SECTION))
        {
          g_strfreev (message->message_ids);
          message->message_ids =
              ac_imap_parse_message_ids (value->text != NULL ? value->text : "", value->length);
        }
    }
  if (message->uid == 0 || !has_size || !has_date || message->flags == NULL ||
      message->message_ids == NULL)
    return NULL;
  return g_steal_pointer (&message);
}

/**
 * ac_imap_messages_find:
 * @messages: (element-type AcImapMessage):
 *
 * Returns: (nullable) (transfer none): the one with this UID.
 */
AcImapMessage *
ac_imap_messages_find (GPtrArray *messages, guint32 uid)
{
  for (guint i = 0; i < messages->len; i++)
    if (((AcImapMessage *)messages->pdata[i])->uid == uid)
      return messages->pdata[i];
  return NULL;
}

/**
 * ac_imap_client_fetch:
 * @uids: (array length=n_uids): in rising order, each once
 *
 * Returns: (transfer full) (element-type AcImapMessage): those of them that are in the open folder.
 */
GPtrArray *
ac_imap_client_fetch (AcImapConnection *connection,
                      const guint32 *uids,
                      gsize n_uids,
                      GError **error)
{
  g_autoptr (GPtrArray) messages =
      g_ptr_array_new_with_free_func ((GDestroyNotify)ac_imap_message_free);
  g_autofree char *set = ac_imap_set_format (uids, n_uids);
  g_autoptr (AcImapCommand) command = ac_imap_command_new ("UID FETCH ");
  g_autoptr (GPtrArray) responses = NULL;

  if (n_uids == 0)
    return g_steal_pointer (&messages);
  ac_imap_command_add (command, set);
  ac_imap_command_add (command, MESSAGE_ITEMS);
  responses = ac_imap_connection_run (connection, command, error);
  if (responses == NULL)
    return NULL;
  for (guint i = 0; i < responses->len; i++)
    {
      AcImapMessage *message = read_message (responses->pdata[i]);

      if (message != NULL)
        g_ptr_array_add (messages, message);
    }
  return g_steal_pointer (&messages);
}

/* “7 1,3:5 8:11”: UIDVALIDITY of the destination, UIDs there were, UIDs there are. */
static gboolean
read_copyuid (const char *text, gsize n_asked, AcImapMoved *moved)
{
  g_auto (GStrv) words = g_strsplit (text != NULL ? text : "", " ", 4);
  g_autoptr (GArray) source = NULL;
  g_autoptr (GArray) destination = NULL;
  guint64 uid_validity;

  if (g_strv_length (words) != 3 || !ac_number_parse (words[0], 1, G_MAXUINT32, &uid_validity))
    return FALSE;
  source = ac_imap_set_parse (words[1], n_asked);
  destination = ac_imap_set_parse (words[2], n_asked);
  if (source == NULL || destination == NULL || source->len != destination->len)
    return FALSE;
  moved->uid_validity = (guint32)uid_validity;
  g_array_append_vals (moved->source, source->data, source->len);
  g_array_append_vals (moved->destination, destination->data, destination->len);
  return TRUE;
}

/**
 * ac_imap_client_move:
 * @uids: (array length=n_uids): in rising order, each once
 *
 * Moves messages of the open folder. Those that are not there any more are passed over. A server
 * that refuses may have moved some of them before (RFC 6851 §3).
 *
 * Returns: (transfer full): where they are now; with an uid_validity of 0 when the server did not
 *   say, so that nobody knows which of them were moved.
 */
AcImapMoved *
ac_imap_client_move (AcImapConnection *connection,
                     const guint32 *uids,
                     gsize n_uids,
                     const char *destination,
                     GError **error)
{
  g_autofree char *set = ac_imap_set_format (uids, n_uids);
  g_autoptr (AcImapCommand) command = ac_imap_command_new ("UID MOVE ");
  g_autoptr (GPtrArray) responses = NULL;
  g_autoptr (AcImapMoved) moved = g_new0 (AcImapMoved, 1);
  const char *said = NULL;

  moved->source = g_array_new (FALSE, FALSE, sizeof (guint32));
  moved->destination = g_array_new (FALSE, FALSE, sizeof (guint32));
  ac_imap_command_add (command, set);
  ac_imap_command_add (command, " ");
  ac_imap_command_add_string (command, destination);
  responses = ac_imap_connection_run_patiently (connection, command, error);
  if (responses == NULL)
    return NULL;
  /* RFC 6851 wants it in an untagged OK, before the EXPUNGEs; servers also put it into the last
   * one, or into both. */
  for (guint i = 0; i < responses->len; i++)
    {
      const AcImapResponse *response = responses->pdata[i];

      if (g_strcmp0 (response->code, "COPYUID") != 0 ||
          (said != NULL && g_strcmp0 (response->code_text, said) == 0))
        continue;
      said = response->code_text;
      if (!read_copyuid (said, n_uids - moved->source->len, moved))
        {
          g_set_error (error, AC_IMAP_ERROR, AC_IMAP_ERROR_PROTOCOL,
                       "The mail server's answer does not say in numbers where the messages are.");
          return NULL;
        }
    }
  return g_steal_pointer (&moved);
}

/**
 * ac_imap_is_flag:
 *
 * A flag of a receipt goes back as it came, but only if it is one (RFC 3501, “flag”).
 */
gboolean
ac_imap_is_flag (const char *flag)
{
  const char *at = *flag == '\\' ? flag + 1 : flag;

  if (*at == '\0')
    return FALSE;
  for (; *at != '\0'; at++)
    if ((guchar)*at <= 0x20 || (guchar)*at >= 0x7f || strchr ("(){\"%*\\", *at) != NULL)
      return FALSE;
  return TRUE;
}

/**
 * ac_imap_client_store_flags:
 *
 * Gives a message of the open folder exactly these flags and keywords.
 */
gboolean
ac_imap_client_store_flags (AcImapConnection *connection,
                            guint32 uid,
                            const char *const *flags,
                            GError **error)
{
  g_autofree char *joined = g_strjoinv (" ", (GStrv)flags);
  g_autofree char *text = NULL;
  g_autoptr (AcImapCommand) command = NULL;

  for (guint i = 0; flags[i] != NULL; i++)
    if (!ac_imap_is_flag (flags[i]))
      {
        g_set_error (error, AC_IMAP_ERROR, AC_IMAP_ERROR_INVALID_ARGUMENT,
                     "“%s” is no flag of a message.", flags[i]);
        return FALSE;
      }
  text = g_strdup_printf ("UID STORE %u FLAGS.SILENT (%s)", uid, joined);
  command = ac_imap_command_new (text);
  return run_for_nothing (connection, command, error);
}

/**
 * ac_imap_client_create:
 *
 * Makes a folder. One that another session has made since the folders were listed, such as one that
 * is gone, will do.
 */
gboolean
ac_imap_client_create (AcImapConnection *connection, const char *folder, GError **error)
{
  GError *problem = NULL;

  if (run_with_folder (connection, "CREATE ", folder, &problem))
    return TRUE;
  if (g_error_matches (problem, AC_IMAP_ERROR, AC_IMAP_ERROR_FOLDER_EXISTS))
    {
      g_error_free (problem);
      return TRUE;
    }
  g_propagate_error (error, problem);
  return FALSE;
}

/**
 * ac_imap_client_subscribe:
 *
 * Has the owner's mail programs show a folder.
 */
gboolean
ac_imap_client_subscribe (AcImapConnection *connection, const char *folder, GError **error)
{
  return run_with_folder (connection, "SUBSCRIBE ", folder, error);
}
