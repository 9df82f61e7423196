/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "responders/ac-imap-client.h"
#include "responders/ac-imap-search.h"
#include "responders/ac-imap-set.h"

/* A message comes in pieces of this size, so that no message is too large for the memory. */
#define PIECE (512 * 1024)

void
ac_imap_header_free (AcImapHeader *header)
{
  g_clear_pointer (&header->lines, g_bytes_unref);
  g_free (header);
}

static int
compare_uids (gconstpointer a, gconstpointer b)
{
  guint32 left = *(const guint32 *)a;
  guint32 right = *(const guint32 *)b;

  return (left > right) - (left < right);
}

/**
 * ac_imap_search_run:
 * @command: a UID SEARCH (RFC 3501 §6.4.4)
 *
 * Returns: (transfer full) (element-type guint32): UIDs in rising order, each once.
 */
GArray *
ac_imap_search_run (AcImapConnection *connection, AcImapCommand *command, GError **error)
{
  g_autoptr (GPtrArray) responses = ac_imap_connection_run (connection, command, error);
  g_autoptr (GArray) uids = NULL;
  g_autoptr (GArray) unique = NULL;

  if (responses == NULL)
    return NULL;
  uids = g_array_new (FALSE, FALSE, sizeof (guint32));
  unique = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint i = 0; i < responses->len; i++)
    {
      const AcImapResponse *response = responses->pdata[i];

      if (g_strcmp0 (response->name, "SEARCH") != 0)
        continue;
      for (guint k = 0; k < response->values->len; k++)
        {
          guint32 uid;

          if (ac_imap_value_get_number (response->values->pdata[k], &uid) && uid > 0)
            g_array_append_val (uids, uid);
        }
    }
  g_array_sort (uids, compare_uids);
  for (guint i = 0; i < uids->len; i++)
    if (i == 0 || g_array_index (uids, guint32, i) != g_array_index (uids, guint32, i - 1))
      g_array_append_val (unique, g_array_index (uids, guint32, i));
  return g_steal_pointer (&unique);
}

/**
 * ac_imap_search_part:
 *
 * SEARCH compares a part of a header's value, so a part that no server folds or trims is enough.
 *
 * Returns: (transfer full): the longest run without blanks.
 */
char *
ac_imap_search_part (const char *text)
{
  g_auto (GStrv) words = g_strsplit_set (text, " \t", -1);
  const char *longest = "";

  for (guint i = 0; words[i] != NULL; i++)
    if (strlen (words[i]) > strlen (longest))
      longest = words[i];
  return g_strdup (longest);
}

static gboolean
is_section (const AcImapValue *name)
{
  return name->kind == AC_IMAP_VALUE_ATOM && name->text != NULL &&
         g_ascii_strncasecmp (name->text, "BODY[", strlen ("BODY[")) == 0;
}

/* NULL: not an answer to what was asked. */
static AcImapHeader *
read_header (const AcImapResponse *response)
{
  g_autoptr (AcImapHeader) header = NULL;
  const AcImapValue *list;
  gboolean has_size = FALSE;
  gboolean has_date = FALSE;

  if (g_strcmp0 (response->name, "FETCH") != 0 || response->values->len != 1)
    return NULL;
  list = response->values->pdata[0];
  if (list->kind != AC_IMAP_VALUE_LIST)
    return NULL;
  header = g_new0 (AcImapHeader, 1);
  for (guint i = 0; i + 1 < list->items->len; i += 2)
    {
      const AcImapValue *name = list->items->pdata[i];
      const AcImapValue *value = list->items->pdata[i + 1];

      if (ac_imap_value_is_atom (name, "UID"))
        ac_imap_value_get_number (value, &header->uid);
      else if (ac_imap_value_is_atom (name, "RFC822.SIZE"))
        has_size = ac_imap_value_get_number (value, &header->size);
      else if (ac_imap_value_is_atom (name, "INTERNALDATE"))
        has_date = ac_imap_value_get_text (value) != NULL &&
                   ac_imap_parse_date (ac_imap_value_get_text (value), &header->date);
      else if (is_section (name) && header->lines == NULL)
        header->lines = g_bytes_new (value->text != NULL ? value->text : "", value->length);
    }
  if (header->uid == 0 || !has_size || !has_date || header->lines == NULL)
    return NULL;
  return g_steal_pointer (&header);
}

/**
 * ac_imap_fetch_headers:
 * @uids: (array length=n_uids): in rising order, each once
 * @fields: the names of the header's fields, separated by blanks
 *
 * Returns: (transfer full) (element-type AcImapHeader): those of them that are in the open folder.
 */
GPtrArray *
ac_imap_fetch_headers (AcImapConnection *connection,
                       const guint32 *uids,
                       gsize n_uids,
                       const char *fields,
                       GError **error)
{
  g_autoptr (GPtrArray) headers =
      g_ptr_array_new_with_free_func ((GDestroyNotify)ac_imap_header_free);
  g_autofree char *set = ac_imap_set_format (uids, n_uids);
  g_autoptr (AcImapCommand) command = ac_imap_command_new ("UID FETCH ");
  g_autoptr (GPtrArray) responses = NULL;

  if (n_uids == 0)
    return g_steal_pointer (&headers);
  ac_imap_command_add (command, set);
  ac_imap_command_add (command, " (UID INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS (");
  ac_imap_command_add (command, fields);
  ac_imap_command_add (command, ")])");
  responses = ac_imap_connection_run (connection, command, error);
  if (responses == NULL)
    return NULL;
  for (guint i = 0; i < responses->len; i++)
    {
      AcImapHeader *header = read_header (responses->pdata[i]);

      if (header != NULL)
        g_ptr_array_add (headers, header);
    }
  return g_steal_pointer (&headers);
}

static gboolean
write_all (int file, const char *data, gsize length, GError **error)
{
  while (length > 0)
    {
      gssize n = write (file, data, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        {
          g_set_error (error, AC_IMAP_ERROR, AC_IMAP_ERROR_UNAVAILABLE,
                       "A message could not be laid down to be looked at (%s). Make room in the "
                       "folder for temporary files.",
                       g_strerror (errno));
          return FALSE;
        }
      data += n;
      length -= (gsize)n;
    }
  return TRUE;
}

/* The piece in an answer to FETCH; NULL: there is none. */
static const AcImapValue *
find_piece (GPtrArray *responses)
{
  for (guint i = 0; i < responses->len; i++)
    {
      const AcImapResponse *response = responses->pdata[i];
      const AcImapValue *list = response->values->len == 1 ? response->values->pdata[0] : NULL;

      if (g_strcmp0 (response->name, "FETCH") != 0 || list == NULL ||
          list->kind != AC_IMAP_VALUE_LIST)
        continue;
      for (guint k = 0; k + 1 < list->items->len; k += 2)
        if (is_section (list->items->pdata[k]))
          return list->items->pdata[k + 1];
    }
  return NULL;
}

/**
 * ac_imap_fetch_to_file:
 * @file: a descriptor, at its beginning
 * @is_there: (out): whether the open folder has such a message
 *
 * Reads a whole message, piece by piece.
 */
gboolean
ac_imap_fetch_to_file (AcImapConnection *connection,
                       guint32 uid,
                       int file,
                       gboolean *is_there,
                       GError **error)
{
  guint64 at = 0;

  *is_there = FALSE;
  while (TRUE)
    {
      g_autofree char *text = g_strdup_printf (
          "UID FETCH %u (UID BODY.PEEK[]<%" G_GUINT64_FORMAT ".%d>)", uid, at, PIECE);
      g_autoptr (AcImapCommand) command = ac_imap_command_new (text);
      g_autoptr (GPtrArray) responses = ac_imap_connection_run (connection, command, error);
      const AcImapValue *piece;

      if (responses == NULL)
        return FALSE;
      piece = find_piece (responses);
      if (piece == NULL)
        return TRUE;
      *is_there = TRUE;
      if (piece->length > 0 && !write_all (file, piece->text, piece->length, error))
        return FALSE;
      if (piece->length < PIECE)
        return TRUE;
      at += piece->length;
    }
}
