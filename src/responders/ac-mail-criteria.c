/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "responders/ac-imap-error.h"
#include "responders/ac-imap-search.h"
#include "responders/ac-mail-criteria.h"
#include "responders/ac-url.h"

/* What ends a URL in running text, besides what a URL cannot hold. */
#define TRAILING ".,;:!?)]}'"
/* No link is longer; and so many full stops and the like may follow it. */
#define MOST_URL 8192
#define MOST_TRAILING 8
/* Of those that only a comma or the like keeps apart. */
#define MOST_URLS_A_RUN 8

struct _AcMailCriteria
{
  const AcCluster *cluster;
  char *subject;  /* nullable: as plain_text() gives it */
  char *url_key;  /* nullable */
  char *url_host; /* with url_key */
};

/* Text such that what a person takes for the same is the same. */
static char *
plain_text (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autofree char *normal = g_utf8_normalize (valid, -1, G_NORMALIZE_ALL_COMPOSE);
  g_autofree char *folded = g_utf8_casefold (normal, -1);
  g_auto (GStrv) words = g_strsplit_set (folded, " \t\r\n", -1);
  g_autoptr (GString) plain = g_string_new (NULL);

  for (char **word = words; *word != NULL; word++)
    if (**word != '\0')
      g_string_append_printf (plain, "%s%s", plain->len > 0 ? " " : "", *word);
  return g_string_free (g_steal_pointer (&plain), FALSE);
}

/**
 * ac_mail_criteria_new:
 * @cluster: outlives the criteria
 *
 * Returns: (transfer full): the criteria, or %NULL with AC_IMAP_ERROR_INVALID_ARGUMENT when a URL
 * is none.
 */
AcMailCriteria *
ac_mail_criteria_new (const AcCluster *cluster, GError **error)
{
  g_autoptr (AcMailCriteria) criteria = g_new0 (AcMailCriteria, 1);
  g_autoptr (AcUrl) url = NULL;
  g_autoptr (GError) problem = NULL;

  criteria->cluster = cluster;
  if (cluster->subject != NULL)
    criteria->subject = plain_text (cluster->subject);
  if (cluster->url == NULL)
    return g_steal_pointer (&criteria);
  url = ac_url_parse_typed (cluster->url, &problem);
  if (url == NULL)
    {
      g_set_error (error, AC_IMAP_ERROR, AC_IMAP_ERROR_INVALID_ARGUMENT,
                   "The URL “%s” of the cluster cannot be looked for. %s", cluster->url,
                   problem->message);
      return NULL;
    }
  criteria->url_key = ac_url_to_key (url, TRUE);
  criteria->url_host = g_strdup (url->host);
  return g_steal_pointer (&criteria);
}

void
ac_mail_criteria_free (AcMailCriteria *criteria)
{
  g_free (criteria->subject);
  g_free (criteria->url_key);
  g_free (criteria->url_host);
  g_free (criteria);
}

static gboolean
is_ascii (const AcMailCriteria *criteria, const char *const *message_ids, gsize n_message_ids)
{
  const AcCluster *cluster = criteria->cluster;

  for (gsize i = 0; i < n_message_ids; i++)
    if (!g_str_is_ascii (message_ids[i]))
      return FALSE;
  return (cluster->sender == NULL || g_str_is_ascii (cluster->sender)) &&
         (cluster->sender_domain == NULL || g_str_is_ascii (cluster->sender_domain)) &&
         (cluster->subject == NULL || g_str_is_ascii (cluster->subject));
}

static void
add_key (AcImapCommand *command, const char *key, const char *value)
{
  ac_imap_command_add (command, key);
  ac_imap_command_add_string (command, value);
}

/**
 * ac_mail_criteria_to_search:
 * @message_ids: (array length=n_message_ids): some of those of the cluster, or none
 *
 * Returns: (transfer full): the search of the open folder that finds all that may belong to it.
 */
AcImapCommand *
ac_mail_criteria_to_search (const AcMailCriteria *criteria,
                            const char *const *message_ids,
                            gsize n_message_ids)
{
  const AcCluster *cluster = criteria->cluster;
  AcImapCommand *command = ac_imap_command_new ("UID SEARCH");

  if (!is_ascii (criteria, message_ids, n_message_ids))
    ac_imap_command_add (command, " CHARSET UTF-8");
  if (cluster->sender != NULL)
    add_key (command, " FROM ", cluster->sender);
  if (cluster->sender_domain != NULL)
    {
      g_autofree char *part = g_strconcat ("@", cluster->sender_domain, NULL);

      add_key (command, " FROM ", part);
    }
  if (cluster->subject != NULL)
    {
      g_autofree char *part = ac_imap_search_part (cluster->subject);

      add_key (command, " SUBJECT ", part);
    }
  for (gsize i = 0; i < n_message_ids; i++)
    {
      g_autofree char *part = ac_imap_search_part (message_ids[i]);

      add_key (command, i + 1 < n_message_ids ? " OR HEADER Message-ID " : " HEADER Message-ID ",
               part);
    }
  if (criteria->url_host != NULL)
    add_key (command, " BODY ", criteria->url_host);
  /* No server looks into attachments, but a message of text alone has none. */
  if (cluster->attachment_sha256 != NULL)
    ac_imap_command_add (command, " OR HEADER Content-Type \"multipart/\" "
                                  "OR HEADER Content-Disposition \"attachment\" "
                                  "NOT HEADER Content-Type \"text/\"");
  return command;
}

/* --- the header --- */

static gboolean
matches_address (const AcCluster *cluster, const char *address)
{
  g_autofree char *valid = g_utf8_make_valid (address, -1);
  g_autofree char *lower = g_utf8_strdown (valid, -1);
  const char *at = strrchr (lower, '@');

  return (cluster->sender == NULL || strcmp (lower, cluster->sender) == 0) &&
         (cluster->sender_domain == NULL ||
          (at != NULL && strcmp (at + 1, cluster->sender_domain) == 0));
}

static gboolean
matches_sender (const AcCluster *cluster, InternetAddressList *list)
{
  for (int i = 0; list != NULL && i < internet_address_list_length (list); i++)
    {
      InternetAddress *one = internet_address_list_get_address (list, i);

      if (INTERNET_ADDRESS_IS_MAILBOX (one) &&
          internet_address_mailbox_get_addr (INTERNET_ADDRESS_MAILBOX (one)) != NULL &&
          matches_address (cluster,
                           internet_address_mailbox_get_addr (INTERNET_ADDRESS_MAILBOX (one))))
        return TRUE;
    }
  return FALSE;
}

/**
 * ac_mail_criteria_match_header:
 * @message: of which only the header needs to be there
 * @message_id: (nullable): as it was read from it
 *
 * Returns: whether the message may belong to the cluster, as far as its header tells.
 */
gboolean
ac_mail_criteria_match_header (const AcMailCriteria *criteria,
                               GMimeMessage *message,
                               const char *message_id)
{
  const AcCluster *cluster = criteria->cluster;

  if (!ac_cluster_has_message (cluster, message_id))
    return FALSE;
  if ((cluster->sender != NULL || cluster->sender_domain != NULL) &&
      !matches_sender (cluster, g_mime_message_get_from (message)))
    return FALSE;
  if (criteria->subject != NULL)
    {
      const char *text = g_mime_message_get_subject (message);
      g_autofree char *subject = plain_text (text != NULL ? text : "");

      return strcmp (subject, criteria->subject) == 0;
    }
  return TRUE;
}

/* --- the body --- */

/**
 * ac_mail_criteria_needs_body:
 *
 * Returns: whether the header alone cannot tell.
 */
gboolean
ac_mail_criteria_needs_body (const AcMailCriteria *criteria)
{
  return criteria->url_key != NULL || criteria->cluster->attachment_sha256 != NULL;
}

/* “&#38;” or “&#x26;” at the beginning of a text: what it stands for, and its length; 0: none. */
static gsize
read_reference (const char *text, gsize length, gunichar *character)
{
  gboolean is_hex = length > 3 && g_ascii_tolower (text[2]) == 'x';
  gsize at = is_hex ? 3 : 2;
  gsize first = at;

  *character = 0;
  if (length < 4 || text[0] != '&' || text[1] != '#')
    return 0;
  for (; at < length && *character < 0x110000; at++)
    {
      int digit = is_hex ? g_ascii_xdigit_value (text[at]) : g_ascii_digit_value (text[at]);

      if (digit < 0)
        break;
      *character = *character * (is_hex ? 16 : 10) + (gunichar)digit;
    }
  return at > first && at < length && text[at] == ';' && *character > 0x20 &&
                 g_unichar_validate (*character)
             ? at + 1
             : 0;
}

/* The character references that a link in HTML may hold: “&amp;” and those by number. */
static char *
decode_references (const char *text, gsize length)
{
  g_autoptr (GString) decoded = g_string_new (NULL);

  for (gsize at = 0; at < length;)
    {
      gunichar character;
      gsize n = read_reference (text + at, length - at, &character);

      if (n > 0)
        g_string_append_unichar (decoded, character);
      else if (length - at >= 5 && g_ascii_strncasecmp (text + at, "&amp;", 5) == 0)
        {
          g_string_append_c (decoded, '&');
          n = 5;
        }
      else
        {
          g_string_append_c (decoded, text[at]);
          n = 1;
        }
      at += n;
    }
  return g_string_free (g_steal_pointer (&decoded), FALSE);
}

static gboolean
is_url (const char *text, gsize length, const char *key)
{
  g_autoptr (AcUrl) url = ac_url_parse (text, (gssize)length, NULL);
  g_autofree char *found = url != NULL ? ac_url_to_key (url, TRUE) : NULL;

  return found != NULL && strcmp (found, key) == 0;
}

/* In running text, a full stop behind a URL may be its own or that of the sentence. */
static gboolean
begins_with_url (const char *text, gsize length, gboolean is_html, const char *key)
{
  g_autofree char *candidate =
      is_html ? decode_references (text, length) : g_strndup (text, length);

  length = strlen (candidate);
  for (guint i = 0; i < MOST_TRAILING && length > 0; i++)
    {
      if (is_url (candidate, length, key))
        return TRUE;
      if (strchr (TRAILING, candidate[length - 1]) == NULL)
        return FALSE;
      length--;
    }
  return FALSE;
}

/* A run of text without blanks and quotes: one URL, or a few with something like a comma between.
 * Its length and what is tried are bounded, for the text is the sender's. */
static gboolean
run_has_url (const char *run, gsize length, gboolean is_html, const char *key)
{
  guint n_tried = 0;

  for (gsize at = 0; length <= MOST_URL && n_tried < MOST_URLS_A_RUN && at + 5 < length; at++)
    {
      gsize n;

      if (g_ascii_strncasecmp (run + at, "http", 4) != 0)
        continue;
      n = run[at + 4] == 's' || run[at + 4] == 'S' ? 5 : 4;
      if (run[at + n] != ':')
        continue;
      n_tried++;
      if (begins_with_url (run + at, length - at, is_html, key))
        return TRUE;
    }
  return FALSE;
}

static gboolean
text_has_url (const char *text, gboolean is_html, const char *key)
{
  for (const char *at = text; *at != '\0';)
    {
      gsize length = strcspn (at, " \t\r\n\"<>`");

      if (run_has_url (at, length, is_html, key))
        return TRUE;
      at += length;
      at += *at != '\0';
    }
  return FALSE;
}

static gboolean
part_has_url (GMimePart *part, const char *key)
{
  g_autofree char *text = NULL;

  if (!GMIME_IS_TEXT_PART (part))
    return FALSE;
  text = g_mime_text_part_get_text (GMIME_TEXT_PART (part));
  return text != NULL &&
         text_has_url (text,
                       g_mime_content_type_is_type (
                           g_mime_object_get_content_type (GMIME_OBJECT (part)), "text", "html"),
                       key);
}

static gboolean
part_has_hash (GMimePart *part, const char *sha256)
{
  GMimeDataWrapper *content = g_mime_part_get_content (part);
  GMimeStream *nowhere;
  GMimeStream *stream;
  GMimeFilter *filter;
  g_autofree char *found = NULL;

  if (content == NULL)
    return FALSE;
  nowhere = g_mime_stream_null_new ();
  stream = g_mime_stream_filter_new (nowhere);
  filter = g_mime_filter_checksum_new (G_CHECKSUM_SHA256);
  g_mime_stream_filter_add (GMIME_STREAM_FILTER (stream), filter);
  if (g_mime_data_wrapper_write_to_stream (content, stream) >= 0)
    {
      g_mime_stream_flush (stream);
      found = g_mime_filter_checksum_get_string (GMIME_FILTER_CHECKSUM (filter));
    }
  g_object_unref (filter);
  g_object_unref (stream);
  g_object_unref (nowhere);
  return g_strcmp0 (found, sha256) == 0;
}

/**
 * ac_mail_criteria_match_body:
 * @message: a whole message
 *
 * Returns: whether it holds the URL and the attachment that the cluster names, in itself or in a
 * message that it holds.
 */
gboolean
ac_mail_criteria_match_body (const AcMailCriteria *criteria, GMimeMessage *message)
{
  const char *sha256 = criteria->cluster->attachment_sha256;
  gboolean lacks_url = criteria->url_key != NULL;
  gboolean lacks_hash = sha256 != NULL;
  GMimePartIter *parts = g_mime_part_iter_new (GMIME_OBJECT (message));

  do
    {
      GMimeObject *part = g_mime_part_iter_get_current (parts);

      if (part == NULL || !GMIME_IS_PART (part))
        continue;
      if (lacks_url && part_has_url (GMIME_PART (part), criteria->url_key))
        lacks_url = FALSE;
      if (lacks_hash && part_has_hash (GMIME_PART (part), sha256))
        lacks_hash = FALSE;
    }
  while ((lacks_url || lacks_hash) && g_mime_part_iter_next (parts));
  g_mime_part_iter_free (parts);
  return !lacks_url && !lacks_hash;
}
