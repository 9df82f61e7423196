/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "model/ac-time.h"
#include "responders/ac-imap-name.h"
#include "responders/ac-imap-search.h"
#include "responders/ac-mail-batch.h"
#include "responders/ac-mail-criteria.h"
#include "responders/ac-mail-look.h"

/* Message-IDs in one search, and messages in one FETCH. */
#define IDS_A_SEARCH 50
#define UIDS_A_FETCH 200
/* Of one mailbox. Beyond this a cluster is not a campaign, but a mistake in its criteria. */
#define MOST_MESSAGES 10000
/* Of what is shown to people. */
#define MOST_TEXT 300
#define MOST_FOLDERS 600

#define FIELDS "MESSAGE-ID FROM SUBJECT"

typedef struct
{
  AcMailBatch *batch;
  const AcMailCriteria *criteria;
  GHashTable *by_key; /* key, owned by the message → AcClusterMessage, owned by found */
  GPtrArray *found;   /* of AcClusterMessage */
} Look;

static gboolean
set_too_many (Look *look, GError **error)
{
  g_set_error (
      error, AC_IMAP_ERROR, AC_IMAP_ERROR_INVALID_ARGUMENT,
      "More than %d messages of the mailbox “%s” belong to this cluster, which is more than "
      "is moved at once. Have it proposed with narrower criteria.",
      MOST_MESSAGES, look->batch->mailbox);
  return FALSE;
}

static GMimeMessage *
parse (GMimeStream *stream)
{
  GMimeParser *parser = g_mime_parser_new_with_stream (stream);
  GMimeMessage *message = g_mime_parser_construct_message (parser, NULL);

  g_object_unref (parser);
  return message;
}

static GMimeMessage *
parse_lines (GBytes *lines)
{
  gsize length;
  const char *data = g_bytes_get_data (lines, &length);
  GMimeStream *stream = g_mime_stream_mem_new_with_buffer (data, length);
  GMimeMessage *message = parse (stream);

  g_object_unref (stream);
  return message;
}

static char *
shorten (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  g_strdelimit (valid, "\r\n\t", ' ');
  if (g_utf8_strlen (valid, -1) > MOST_TEXT)
    *g_utf8_offset_to_pointer (valid, MOST_TEXT) = '\0';
  return g_strdup (g_strstrip (valid));
}

static void
set_text (JsonObject *facts, const char *name, const char *text)
{
  g_autofree char *shown = text != NULL ? shorten (text) : NULL;

  if (shown != NULL && *shown != '\0')
    ac_json_set_string (facts, name, shown);
}

static JsonObject *
facts_new (GMimeMessage *message, const char *message_id, const AcImapHeader *header)
{
  JsonObject *facts = json_object_new ();
  InternetAddressList *from = g_mime_message_get_from (message);
  char *sender = from != NULL ? internet_address_list_to_string (from, NULL, FALSE) : NULL;

  if (message_id != NULL)
    ac_json_set_string (facts, "messageId", message_id);
  set_text (facts, "subject", g_mime_message_get_subject (message));
  set_text (facts, "sender", sender);
  ac_json_set_time (facts, "receivedAt", header->date);
  json_object_set_array_member (facts, "copies", json_array_new ());
  g_free (sender);
  return facts;
}

/* All copies in one mailbox are one message. */
static void
add_copy (JsonObject *facts, const char *folder, const AcImapHeader *header)
{
  g_autofree char *name = ac_imap_name_for_people (folder);
  const char *before = ac_json_get_string (facts, "folder");
  JsonObject *copy = json_object_new ();

  json_object_set_int_member (copy, "size", header->size);
  ac_json_set_time (copy, "date", header->date);
  json_array_add_object_element (ac_json_get_array (facts, "copies"), copy);
  if (before == NULL)
    ac_json_set_string (facts, "folder", name);
  else if (strcmp (before, name) != 0 && strlen (before) < MOST_FOLDERS)
    {
      g_autofree char *both = g_strconcat (before, ", ", name, NULL);

      ac_json_set_string (facts, "folder", both);
    }
}

static gboolean
take (Look *look,
      const char *folder,
      guint32 uid_validity,
      const AcImapHeader *header,
      GMimeMessage *message,
      const char *message_id,
      GError **error)
{
  g_autofree char *place =
      message_id == NULL ? g_strdup_printf ("%s/%u/%u", folder, uid_validity, header->uid) : NULL;
  const char *key = message_id != NULL ? message_id : place;
  AcClusterMessage *known = g_hash_table_lookup (look->by_key, key);

  if (known == NULL)
    {
      if (look->found->len == MOST_MESSAGES)
        return set_too_many (look, error);
      known =
          ac_cluster_message_new (key, message_id != NULL, facts_new (message, message_id, header));
      g_ptr_array_add (look->found, known);
      g_hash_table_insert (look->by_key, known->key, known);
    }
  add_copy (known->facts, folder, header);
  return TRUE;
}

/* The whole message goes through a file, for it may be large. */
static gboolean
match_body (Look *look, guint32 uid, gboolean *matches, GError **error)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) problem = NULL;
  int file = g_file_open_tmp ("ac-look-XXXXXX", &path, &problem);
  gboolean is_there;
  GMimeStream *stream;
  GMimeMessage *message;

  *matches = FALSE;
  if (file < 0)
    {
      g_set_error (error, AC_IMAP_ERROR, AC_IMAP_ERROR_UNAVAILABLE,
                   "A message could not be laid down to be looked at. %s.", problem->message);
      return FALSE;
    }
  unlink (path);
  /* Closes the file in the end. */
  stream = g_mime_stream_fs_new (file);
  if (!ac_imap_fetch_to_file (look->batch->connection, uid, file, &is_there, error))
    {
      g_object_unref (stream);
      return FALSE;
    }
  if (is_there)
    {
      g_mime_stream_seek (stream, 0, GMIME_STREAM_SEEK_SET);
      message = parse (stream);
      if (message != NULL)
        {
          *matches = ac_mail_criteria_match_body (look->criteria, message);
          g_object_unref (message);
        }
    }
  g_object_unref (stream);
  return TRUE;
}

static gboolean
look_at_message (Look *look,
                 const char *folder,
                 guint32 uid_validity,
                 const AcImapHeader *header,
                 GError **error)
{
  gsize length;
  const char *lines = g_bytes_get_data (header->lines, &length);
  g_auto (GStrv) ids = ac_imap_parse_message_ids (lines, length);
  const char *message_id = ids[0] != NULL && *ids[0] != '\0' ? ids[0] : NULL;
  GMimeMessage *message = parse_lines (header->lines);
  gboolean matches;
  gboolean good = TRUE;

  if (message == NULL)
    return TRUE;
  matches = ac_mail_criteria_match_header (look->criteria, message, message_id);
  if (matches && ac_mail_criteria_needs_body (look->criteria))
    good = match_body (look, header->uid, &matches, error);
  if (good && matches)
    good = take (look, folder, uid_validity, header, message, message_id, error);
  g_object_unref (message);
  return good;
}

static gboolean
look_at_messages (Look *look,
                  const char *folder,
                  guint32 uid_validity,
                  GArray *uids,
                  GError **error)
{
  for (guint at = 0; at < uids->len; at += UIDS_A_FETCH)
    {
      g_autoptr (GPtrArray) headers =
          ac_imap_fetch_headers (look->batch->connection, &g_array_index (uids, guint32, at),
                                 MIN (UIDS_A_FETCH, uids->len - at), FIELDS, error);

      if (headers == NULL)
        return FALSE;
      for (guint i = 0; i < headers->len; i++)
        if (!look_at_message (look, folder, uid_validity, headers->pdata[i], error))
          return FALSE;
    }
  return TRUE;
}

/* A message that two searches have found is looked at once. */
static void
add_new (GArray *all, GHashTable *seen, GArray *uids)
{
  for (guint i = 0; i < uids->len; i++)
    {
      guint32 uid = g_array_index (uids, guint32, i);

      if (g_hash_table_add (seen, GUINT_TO_POINTER (uid)))
        g_array_append_val (all, uid);
    }
}

static int
compare_uids (gconstpointer a, gconstpointer b)
{
  guint32 left = *(const guint32 *)a;
  guint32 right = *(const guint32 *)b;

  return (left > right) - (left < right);
}

static gboolean
look_in_folder (Look *look,
                const AcCluster *cluster,
                const AcImapFolder *folder,
                guint32 uid_validity,
                GError **error)
{
  const char *const *ids = (const char *const *)cluster->message_ids;
  gsize n_ids = ids != NULL ? g_strv_length ((GStrv)ids) : 0;
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  gsize at = 0;

  do
    {
      gsize n = MIN (IDS_A_SEARCH, n_ids - at);
      g_autoptr (AcImapCommand) command =
          ac_mail_criteria_to_search (look->criteria, ids != NULL ? ids + at : NULL, n);
      g_autoptr (GArray) uids = ac_imap_search_run (look->batch->connection, command, error);

      if (uids == NULL)
        return FALSE;
      add_new (all, seen, uids);
      at += n;
    }
  while (at < n_ids);
  g_array_sort (all, compare_uids);
  return look_at_messages (look, folder->name, uid_validity, all, error);
}

static gboolean
look_in_folders (Look *look, const AcCluster *cluster, GError **error)
{
  for (guint i = 0; i < look->batch->folders->len; i++)
    {
      const AcImapFolder *folder = look->batch->folders->pdata[i];
      AcImapFolderState state;
      GError *problem = NULL;

      if (!ac_imap_client_select (look->batch->connection, folder->name, FALSE, &state, &problem))
        {
          /* Deleted since it was listed. */
          if (!g_error_matches (problem, AC_IMAP_ERROR, AC_IMAP_ERROR_NO_FOLDER))
            {
              g_propagate_error (error, problem);
              return FALSE;
            }
          g_error_free (problem);
          continue;
        }
      if (!look_in_folder (look, cluster, folder, state.uid_validity, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * ac_mail_look:
 * @entity: of the type emailCluster
 *
 * Blocks. What lies in the recoverable folder already, in views and in other people's folders does
 * not count.
 *
 * Returns: (transfer full) (element-type AcClusterMessage): the messages of the cluster in the
 * mailbox, or %NULL with AC_IMAP_ERROR or %G_IO_ERROR_CANCELLED.
 */
GPtrArray *
ac_mail_look (const AcMailConfig *config,
              AcEntity *entity,
              const char *mailbox,
              GCancellable *cancellable,
              GError **error)
{
  g_autoptr (AcCluster) cluster = ac_cluster_new (entity);
  g_autoptr (AcMailCriteria) criteria = ac_mail_criteria_new (cluster, error);
  g_autoptr (GPtrArray) no_tasks = g_ptr_array_new ();
  g_autoptr (AcMailBatch) batch = NULL;
  g_autoptr (GHashTable) by_key = NULL;
  g_autoptr (GPtrArray) found = NULL;
  Look look;

  if (criteria == NULL)
    return NULL;
  batch = ac_mail_batch_new (config, mailbox, no_tasks, NULL, NULL, cancellable);
  by_key = g_hash_table_new (g_str_hash, g_str_equal);
  found = g_ptr_array_new_with_free_func ((GDestroyNotify)ac_cluster_message_free);
  look = (Look){ .batch = batch, .criteria = criteria, .by_key = by_key, .found = found };
  if (!ac_mail_batch_connect (batch, error) || !look_in_folders (&look, cluster, error))
    return NULL;
  return g_steal_pointer (&found);
}
