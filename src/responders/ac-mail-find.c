/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "model/ac-time.h"
#include "responders/ac-imap-name.h"
#include "responders/ac-imap-search.h"
#include "responders/ac-imap-structure.h"
#include "responders/ac-mail-batch.h"
#include "responders/ac-mail-criteria.h"
#include "responders/ac-mail-find.h"

/* Messages in one FETCH. */
#define UIDS_A_FETCH 200
/* Of what is shown to people. */
#define MOST_TEXT 300
#define MOST_RECIPIENTS 50

#define FIELDS "MESSAGE-ID FROM TO CC SUBJECT"

/* SINCE and BEFORE know only days, in the zone of whatever wrote the date (RFC 3501 §6.4.4), so
 * they are asked for with a day to spare, and the time itself is looked at afterwards. */
#define SPARE G_TIME_SPAN_DAY

typedef struct
{
  AcMailBatch *batch;
  const AcMailQuery *query;
  const AcMailCriteria *search;  /* what the server is asked for */
  const AcMailCriteria *matches; /* what a message must be */
  char *part;                    /* nullable: of the subject, as plain() gives it */
  guint most;
  GPtrArray *found; /* of JsonObject */
  gboolean is_cut;
} Find;

/* Text such that what a person takes for the same is the same. */
static char *
plain (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autofree char *normal = g_utf8_normalize (valid, -1, G_NORMALIZE_ALL_COMPOSE);
  g_autofree char *folded = g_utf8_casefold (normal, -1);
  g_auto (GStrv) words = g_strsplit_set (folded, " \t\r\n", -1);
  g_autoptr (GString) joined = g_string_new (NULL);

  for (char **word = words; *word != NULL; word++)
    if (**word != '\0')
      g_string_append_printf (joined, "%s%s", joined->len > 0 ? " " : "", *word);
  return g_string_free (g_steal_pointer (&joined), FALSE);
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
set_text (JsonObject *object, const char *name, const char *text)
{
  g_autofree char *shown = text != NULL ? shorten (text) : NULL;

  if (shown != NULL && *shown != '\0')
    ac_json_set_string (object, name, shown);
}

static GMimeMessage *
parse (GMimeStream *stream)
{
  GMimeParser *parser = g_mime_parser_new_with_stream (stream);
  GMimeMessage *message = g_mime_parser_construct_message (parser, NULL);

  g_object_unref (parser);
  g_object_unref (stream);
  return message;
}

static GMimeMessage *
parse_lines (GBytes *lines)
{
  gsize length;
  const char *data = g_bytes_get_data (lines, &length);

  return parse (g_mime_stream_mem_new_with_buffer (data, length));
}

/* --- what the server is asked --- */

static void
add_date (AcImapCommand *command, const char *key, gint64 time)
{
  /* The names of months are those of the protocol, whatever the language. */
  static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);
  g_autofree char *text = NULL;

  /* A year that no server knows limits nothing. */
  if (date == NULL || g_date_time_get_year (date) < 1000)
    return;
  text = g_strdup_printf (" %s %d-%s-%04d", key, g_date_time_get_day_of_month (date),
                          months[g_date_time_get_month (date) - 1], g_date_time_get_year (date));
  ac_imap_command_add (command, text);
}

static AcImapCommand *
search_command (const Find *find)
{
  const AcMailQuery *query = find->query;
  const char *ids[] = { query->message_id, NULL };
  AcImapCommand *command =
      ac_mail_criteria_to_search (find->search, ids, query->message_id != NULL ? 1 : 0);

  if (query->received_after != AC_TIME_NONE && query->received_after > G_MININT64 + 2 * SPARE)
    add_date (command, "SINCE", query->received_after - SPARE);
  if (query->received_before != AC_TIME_NONE && query->received_before < G_MAXINT64 - 3 * SPARE)
    add_date (command, "BEFORE", query->received_before + 2 * SPARE);
  /* Beyond ASCII the server would have to be told a charset; such an address is compared here. */
  if (query->recipient != NULL && g_str_is_ascii (query->recipient))
    {
      ac_imap_command_add (command, " OR TO ");
      ac_imap_command_add_string (command, query->recipient);
      ac_imap_command_add (command, " CC ");
      ac_imap_command_add_string (command, query->recipient);
    }
  ac_imap_command_add (command, " ALL");
  return command;
}

/* --- what a message must be --- */

static gboolean
is_address (InternetAddress *address, const char *wanted)
{
  const char *text = INTERNET_ADDRESS_IS_MAILBOX (address)
                         ? internet_address_mailbox_get_addr (INTERNET_ADDRESS_MAILBOX (address))
                         : NULL;

  return text != NULL && g_ascii_strcasecmp (text, wanted) == 0;
}

static gboolean
has_recipient (GMimeMessage *message, const char *wanted)
{
  const GMimeAddressType types[] = { GMIME_ADDRESS_TYPE_TO, GMIME_ADDRESS_TYPE_CC };

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      InternetAddressList *list = g_mime_message_get_addresses (message, types[i]);

      for (int k = 0; list != NULL && k < internet_address_list_length (list); k++)
        if (is_address (internet_address_list_get_address (list, k), wanted))
          return TRUE;
    }
  return FALSE;
}

static gboolean
matches_header (const Find *find,
                const AcImapHeader *header,
                GMimeMessage *message,
                const char *message_id)
{
  const AcMailQuery *query = find->query;

  if (query->received_after != AC_TIME_NONE && header->date < query->received_after)
    return FALSE;
  if (query->received_before != AC_TIME_NONE && header->date >= query->received_before)
    return FALSE;
  if (query->recipient != NULL && !has_recipient (message, query->recipient))
    return FALSE;
  if (find->part != NULL)
    {
      const char *text = g_mime_message_get_subject (message);
      g_autofree char *subject = plain (text != NULL ? text : "");

      if (strstr (subject, find->part) == NULL)
        return FALSE;
    }
  return ac_mail_criteria_match_header (find->matches, message, message_id);
}

/* The whole message goes through a file, for it may be large. */
static gboolean
matches_body (const Find *find, guint32 uid, gboolean *matches, GError **error)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) problem = NULL;
  int file = g_file_open_tmp ("ac-find-XXXXXX", &path, &problem);
  GMimeStream *stream;
  GMimeMessage *message;
  gboolean is_there;

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
  if (!ac_imap_fetch_to_file (find->batch->connection, uid, file, &is_there, error))
    {
      g_object_unref (stream);
      return FALSE;
    }
  g_mime_stream_seek (stream, 0, GMIME_STREAM_SEEK_SET);
  message = parse (stream);
  if (message == NULL)
    return TRUE;
  *matches = is_there && ac_mail_criteria_match_body (find->matches, message);
  g_object_unref (message);
  return TRUE;
}

/* --- what is told of it --- */

static void
set_recipients (JsonObject *object, GMimeMessage *message)
{
  const GMimeAddressType types[] = { GMIME_ADDRESS_TYPE_TO, GMIME_ADDRESS_TYPE_CC };
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      InternetAddressList *list = g_mime_message_get_addresses (message, types[i]);

      for (int k = 0;
           list != NULL && k < internet_address_list_length (list) && texts->len < MOST_RECIPIENTS;
           k++)
        {
          char *text =
              internet_address_to_string (internet_address_list_get_address (list, k), NULL, FALSE);

          if (text != NULL && *text != '\0')
            g_ptr_array_add (texts, shorten (text));
          g_free (text);
        }
    }
  g_ptr_array_add (texts, NULL);
  if (texts->len > 1)
    ac_json_set_strings (object, "recipients", (const char *const *)texts->pdata);
}

static JsonObject *
describe (const Find *find,
          const char *folder,
          gboolean is_recoverable,
          const AcImapHeader *header,
          GMimeMessage *message,
          const char *message_id)
{
  JsonObject *object = json_object_new ();
  InternetAddressList *from = g_mime_message_get_from (message);
  char *sender = from != NULL ? internet_address_list_to_string (from, NULL, FALSE) : NULL;
  g_autofree char *name = ac_imap_name_for_people (folder);

  ac_json_set_string (object, "mailbox", find->batch->mailbox);
  ac_json_set_string (object, "folder", name);
  json_object_set_boolean_member (object, "recoverable", is_recoverable);
  if (message_id != NULL && g_utf8_validate (message_id, -1, NULL))
    ac_json_set_string (object, "messageId", message_id);
  set_text (object, "sender", sender);
  set_recipients (object, message);
  set_text (object, "subject", g_mime_message_get_subject (message));
  ac_json_set_time (object, "receivedAt", header->date);
  json_object_set_int_member (object, "size", header->size);
  g_free (sender);
  return object;
}

static gboolean
look_at (Find *find,
         const char *folder,
         gboolean is_recoverable,
         const AcImapHeader *header,
         GHashTable *by_uid,
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
  matches = matches_header (find, header, message, message_id);
  if (matches && ac_mail_criteria_needs_body (find->matches))
    good = matches_body (find, header->uid, &matches, error);
  if (good && matches && find->found->len == find->most)
    find->is_cut = TRUE;
  else if (good && matches)
    {
      JsonObject *object = describe (find, folder, is_recoverable, header, message, message_id);

      g_ptr_array_add (find->found, object);
      g_hash_table_insert (by_uid, GUINT_TO_POINTER (header->uid), object);
    }
  g_object_unref (message);
  return good;
}

static gboolean
add_attachments (Find *find, GHashTable *by_uid, const guint32 *uids, guint n_uids, GError **error)
{
  g_autoptr (GArray) matched = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GHashTable) names = NULL;
  GHashTableIter iter;
  gpointer uid, list;

  for (guint i = 0; i < n_uids; i++)
    if (g_hash_table_contains (by_uid, GUINT_TO_POINTER (uids[i])))
      g_array_append_val (matched, uids[i]);
  if (matched->len == 0)
    return TRUE;
  names = ac_imap_fetch_attachment_names (
      find->batch->connection, &g_array_index (matched, guint32, 0), matched->len, error);
  if (names == NULL)
    return FALSE;
  g_hash_table_iter_init (&iter, names);
  while (g_hash_table_iter_next (&iter, &uid, &list))
    {
      JsonObject *object = g_hash_table_lookup (by_uid, uid);

      g_ptr_array_add (list, NULL);
      if (object != NULL)
        ac_json_set_strings (object, "attachments",
                             (const char *const *)((GPtrArray *)list)->pdata);
    }
  return TRUE;
}

/* Newest first: where more is found than is told, it is the old that is left out. */
static gboolean
look_in_folder (Find *find, const char *folder, gboolean is_recoverable, GError **error)
{
  g_autoptr (AcImapCommand) command = search_command (find);
  g_autoptr (GArray) uids = ac_imap_search_run (find->batch->connection, command, error);

  if (uids == NULL)
    return FALSE;
  for (guint end = uids->len; end > 0 && !find->is_cut;)
    {
      guint n = MIN (UIDS_A_FETCH, end);
      const guint32 *chunk = &g_array_index (uids, guint32, end - n);
      g_autoptr (GHashTable) by_uid = g_hash_table_new (NULL, NULL);
      g_autoptr (GPtrArray) headers =
          ac_imap_fetch_headers (find->batch->connection, chunk, n, FIELDS, error);

      if (headers == NULL)
        return FALSE;
      for (guint i = headers->len; i > 0 && !find->is_cut; i--)
        if (!look_at (find, folder, is_recoverable, headers->pdata[i - 1], by_uid, error))
          return FALSE;
      if (!add_attachments (find, by_uid, chunk, n, error))
        return FALSE;
      end -= n;
    }
  return TRUE;
}

static gboolean
open_and_look (Find *find, const char *folder, gboolean is_recoverable, GError **error)
{
  AcImapFolderState state;
  GError *problem = NULL;

  if (ac_imap_client_select (find->batch->connection, folder, FALSE, &state, &problem))
    return look_in_folder (find, folder, is_recoverable, error);
  /* Deleted since it was listed. */
  if (g_error_matches (problem, AC_IMAP_ERROR, AC_IMAP_ERROR_NO_FOLDER))
    {
      g_error_free (problem);
      return TRUE;
    }
  g_propagate_error (error, problem);
  return FALSE;
}

static gboolean
look_everywhere (Find *find, GError **error)
{
  AcMailBatch *batch = find->batch;

  if (!ac_mail_batch_connect (batch, error))
    return FALSE;
  for (guint i = 0; i < batch->folders->len && !find->is_cut; i++)
    if (!open_and_look (find, ((const AcImapFolder *)batch->folders->pdata[i])->name, FALSE, error))
      return FALSE;
  return !batch->has_recoverable || find->is_cut ||
         open_and_look (find, batch->config->recoverable, TRUE, error);
}

/* Servers do not agree on what is the same beyond ASCII (“ß” and “SS”), so they are asked for a
 * word that leaves no doubt. */
static char *
plain_word (const char *subject)
{
  g_auto (GStrv) words = g_strsplit_set (subject != NULL ? subject : "", " \t", -1);
  const char *longest = "";

  for (char **word = words; *word != NULL; word++)
    if (g_str_is_ascii (*word) && strlen (*word) > strlen (longest))
      longest = *word;
  return *longest != '\0' ? g_strdup (longest) : NULL;
}

/**
 * ac_mail_find:
 * @query: checked
 * @most: at most so many messages
 * @is_cut: (out): whether there are more
 *
 * Blocks.
 *
 * Returns: (transfer full) (element-type JsonObject): the API's FoundMessage each, or %NULL with
 * AC_IMAP_ERROR or %G_IO_ERROR_CANCELLED.
 */
GPtrArray *
ac_mail_find (const AcMailConfig *config,
              const AcMailQuery *query,
              const char *mailbox,
              guint most,
              gboolean *is_cut,
              GCancellable *cancellable,
              GError **error)
{
  g_autoptr (AcCluster) wanted = ac_mail_query_to_cluster (query);
  g_autoptr (AcCluster) asked = ac_mail_query_to_cluster (query);
  g_autoptr (AcMailCriteria) matches = ac_mail_criteria_new (wanted, error);
  g_autoptr (AcMailCriteria) search = NULL;
  g_autoptr (GPtrArray) no_tasks = g_ptr_array_new ();
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify)json_object_unref);
  g_autoptr (AcMailBatch) batch = NULL;
  g_autofree char *part = query->subject_part != NULL ? plain (query->subject_part) : NULL;
  gboolean good = FALSE;
  Find find;

  g_free (asked->subject);
  asked->subject = plain_word (query->subject != NULL ? query->subject : query->subject_part);
  if (matches != NULL)
    search = ac_mail_criteria_new (asked, error);
  if (search != NULL)
    {
      batch = ac_mail_batch_new (config, mailbox, no_tasks, NULL, NULL, cancellable);
      find = (Find){ .batch = batch,
                     .query = query,
                     .search = search,
                     .matches = matches,
                     .part = part,
                     .most = most,
                     .found = found };
      good = look_everywhere (&find, error);
      *is_cut = good && find.is_cut;
    }
  return good ? g_steal_pointer (&found) : NULL;
}
