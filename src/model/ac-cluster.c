/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "model/ac-cluster.h"

#define SHA256_DIGITS 64

static char *
lower (const char *text)
{
  return text != NULL ? g_utf8_strdown (text, -1) : NULL;
}

/**
 * ac_cluster_new:
 * @entity: of the type emailCluster
 *
 * Returns: (transfer full): its criteria, in one spelling.
 */
AcCluster *
ac_cluster_new (AcEntity *entity)
{
  AcCluster *cluster = g_new0 (AcCluster, 1);

  cluster->sender = lower (ac_entity_get_string (entity, "sender"));
  cluster->sender_domain = lower (ac_entity_get_string (entity, "senderDomain"));
  cluster->subject = g_strdup (ac_entity_get_string (entity, "subject"));
  cluster->url = g_strdup (ac_entity_get_string (entity, "url"));
  cluster->attachment_sha256 = lower (ac_entity_get_string (entity, "attachmentSha256"));
  cluster->message_ids = ac_entity_get_strings (entity, "messageIds");
  cluster->excluded_mailboxes = ac_entity_get_strings (entity, "excludedMailboxes");
  cluster->excluded_message_ids = ac_entity_get_strings (entity, "excludedMessageIds");
  return cluster;
}

void
ac_cluster_free (AcCluster *cluster)
{
  if (cluster == NULL)
    return;
  g_free (cluster->sender);
  g_free (cluster->sender_domain);
  g_free (cluster->subject);
  g_free (cluster->url);
  g_free (cluster->attachment_sha256);
  g_strfreev (cluster->message_ids);
  g_strfreev (cluster->excluded_mailboxes);
  g_strfreev (cluster->excluded_message_ids);
  g_free (cluster);
}

static gboolean
invalid (GError **error, const char *path, const char *member, const char *what)
{
  g_set_error (error, AC_MODEL_ERROR, AC_MODEL_ERROR_INVALID_VALUE, "%s%s%s: %s", path,
               *member != '\0' ? "." : "", member, what);
  return FALSE;
}

static gboolean
check_ids (const GStrv ids, const char *path, const char *member, GError **error)
{
  for (guint i = 0; ids != NULL && ids[i] != NULL; i++)
    if (ids[i][0] == '\0' || strpbrk (ids[i], "\r\n") != NULL)
      return invalid (error, path, member, "must hold Message-IDs, on one line each");
  return TRUE;
}

static gboolean
is_sha256 (const char *text)
{
  if (strlen (text) != SHA256_DIGITS)
    return FALSE;
  for (const char *at = text; *at != '\0'; at++)
    if (!g_ascii_isxdigit (*at))
      return FALSE;
  return TRUE;
}

/* What goes to a mail server as a part of a command must be one line. */
static gboolean
check_lines (const AcCluster *cluster, const char *path, GError **error)
{
  const struct
  {
    const char *member;
    const char *text;
  } texts[] = {
    { "sender", cluster->sender },
    { "senderDomain", cluster->sender_domain },
    { "subject", cluster->subject },
    { "url", cluster->url },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    if (texts[i].text != NULL && (strpbrk (texts[i].text, "\r\n") != NULL ||
                                  strspn (texts[i].text, " \t") == strlen (texts[i].text)))
      return invalid (error, path, texts[i].member, "must be one line, and not blank");
  return TRUE;
}

/**
 * ac_cluster_check:
 * @entity: of the type emailCluster
 * @path: where it stands, for messages
 *
 * Returns: whether it says which messages are meant; else an AC_MODEL_ERROR names the member.
 */
gboolean
ac_cluster_check (AcEntity *entity, const char *path, GError **error)
{
  g_autoptr (AcCluster) cluster = ac_cluster_new (entity);

  if (cluster->sender == NULL && cluster->sender_domain == NULL && cluster->subject == NULL &&
      cluster->url == NULL && cluster->attachment_sha256 == NULL &&
      (cluster->message_ids == NULL || cluster->message_ids[0] == NULL))
    return invalid (error, path, "",
                    "must say which messages are meant, by at least one of sender, senderDomain, "
                    "subject, url, attachmentSha256 and messageIds");
  if (!check_lines (cluster, path, error) ||
      !check_ids (cluster->message_ids, path, "messageIds", error) ||
      !check_ids (cluster->excluded_message_ids, path, "excludedMessageIds", error))
    return FALSE;
  if (cluster->sender != NULL && strchr (cluster->sender, '@') == NULL)
    return invalid (error, path, "sender", "must be an address, such as name@example.org");
  if (cluster->sender_domain != NULL && strchr (cluster->sender_domain, '@') != NULL)
    return invalid (error, path, "senderDomain", "must be a domain, such as example.org");
  if (cluster->attachment_sha256 != NULL && !is_sha256 (cluster->attachment_sha256))
    return invalid (error, path, "attachmentSha256", "must be 64 hexadecimal digits");
  return TRUE;
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* The zero behind each part, and the count before a list, keep parts apart. */
static void
add_text (GChecksum *checksum, const char *text)
{
  g_checksum_update (checksum, (const guchar *)(text != NULL ? text : ""),
                     text != NULL ? (gssize)strlen (text) + 1 : 0);
  g_checksum_update (checksum, (const guchar *)"\1", 1);
}

static void
add_set (GChecksum *checksum, const char *const *texts)
{
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();

  for (guint i = 0; texts != NULL && texts[i] != NULL; i++)
    g_ptr_array_add (sorted, (char *)texts[i]);
  g_ptr_array_sort (sorted, compare_texts);
  for (guint i = 0; i < sorted->len; i++)
    if (i == 0 || strcmp (sorted->pdata[i], sorted->pdata[i - 1]) != 0)
      add_text (checksum, sorted->pdata[i]);
  g_checksum_update (checksum, (const guchar *)"\2", 1);
}

/**
 * ac_cluster_digest:
 * @assets: the mailboxes it is about
 *
 * Returns: (transfer full): a SHA-256 in hexadecimal that is the same for the same cluster,
 * whatever it is called and whenever it was counted.
 */
char *
ac_cluster_digest (const AcCluster *cluster, const char *const *assets)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  add_text (checksum, cluster->sender);
  add_text (checksum, cluster->sender_domain);
  add_text (checksum, cluster->subject);
  add_text (checksum, cluster->url);
  add_text (checksum, cluster->attachment_sha256);
  add_set (checksum, (const char *const *)cluster->message_ids);
  add_set (checksum, (const char *const *)cluster->excluded_mailboxes);
  add_set (checksum, (const char *const *)cluster->excluded_message_ids);
  add_set (checksum, assets);
  return g_strdup (g_checksum_get_string (checksum));
}

static gboolean
holds (const GStrv texts, const char *text)
{
  return texts != NULL && g_strv_contains ((const char *const *)texts, text);
}

/**
 * ac_cluster_has_mailbox:
 *
 * Returns: whether @mailbox is not among those that are left out.
 */
gboolean
ac_cluster_has_mailbox (const AcCluster *cluster, const char *mailbox)
{
  for (guint i = 0; cluster->excluded_mailboxes != NULL && cluster->excluded_mailboxes[i] != NULL;
       i++)
    if (g_ascii_strcasecmp (cluster->excluded_mailboxes[i], mailbox) == 0)
      return FALSE;
  return TRUE;
}

/**
 * ac_cluster_has_message:
 * @message_id: (nullable): %NULL for a message that has none
 *
 * Returns: whether the Message-ID is one that is meant, and not one that is left out.
 */
gboolean
ac_cluster_has_message (const AcCluster *cluster, const char *message_id)
{
  if (message_id == NULL)
    return cluster->message_ids == NULL || cluster->message_ids[0] == NULL;
  if (holds (cluster->excluded_message_ids, message_id))
    return FALSE;
  return cluster->message_ids == NULL || cluster->message_ids[0] == NULL ||
         holds (cluster->message_ids, message_id);
}

/**
 * ac_cluster_message_new:
 * @key: by what it is known again
 * @has_id: whether that is its Message-ID
 * @facts: (transfer full): what a person wants to know of it, and its copies
 *
 * Returns: (transfer full): a message that was found.
 */
AcClusterMessage *
ac_cluster_message_new (const char *key, gboolean has_id, JsonObject *facts)
{
  AcClusterMessage *message = g_new0 (AcClusterMessage, 1);

  message->key = g_strdup (key);
  message->has_id = has_id;
  message->facts = facts;
  return message;
}

void
ac_cluster_message_free (AcClusterMessage *message)
{
  if (message == NULL)
    return;
  g_free (message->key);
  g_clear_pointer (&message->facts, json_object_unref);
  g_free (message);
}
