/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "model/ac-mail-query.h"
#include "model/ac-time.h"

#define SHA256_DIGITS 64

/**
 * ac_mail_query_new:
 *
 * Returns: (transfer full): a query that names nothing yet.
 */
AcMailQuery *
ac_mail_query_new (void)
{
  AcMailQuery *query = g_new0 (AcMailQuery, 1);

  query->received_after = AC_TIME_NONE;
  query->received_before = AC_TIME_NONE;
  return query;
}

/**
 * ac_mail_query_new_from_entity:
 * @entity: a message, a cluster, an attachment or a URL
 * @assets: (nullable): the mailboxes it was found in
 *
 * Returns: (transfer full) (nullable): the query that finds it again; %NULL when it is nothing that
 * is looked for in mail, or more than one query can name.
 */
AcMailQuery *
ac_mail_query_new_from_entity (AcEntity *entity, const char *const *assets)
{
  g_autoptr (AcMailQuery) query = ac_mail_query_new ();
  g_autoptr (AcCluster) cluster = NULL;

  switch (ac_entity_type_parse (ac_entity_get_entity_type (entity)))
    {
    case AC_ENTITY_TYPE_EMAIL_MESSAGE:
    case AC_ENTITY_TYPE_ATTACHMENT:
      query->message_id = g_strdup (ac_entity_get_string (entity, "messageId"));
      return g_steal_pointer (&query);
    case AC_ENTITY_TYPE_URL:
      query->url = g_strdup (ac_entity_get_string (entity, "url"));
      return g_steal_pointer (&query);
    case AC_ENTITY_TYPE_EMAIL_CLUSTER:
      break;
    case AC_ENTITY_TYPE_UNKNOWN:
    case AC_ENTITY_TYPE_MAILBOX:
    case AC_ENTITY_TYPE_FILE:
    case AC_ENTITY_TYPE_DEVICE:
    default:
      return NULL;
    }
  cluster = ac_cluster_new (entity);
  query->sender = g_strdup (cluster->sender);
  query->sender_domain = g_strdup (cluster->sender_domain);
  query->subject = g_strdup (cluster->subject);
  query->url = g_strdup (cluster->url);
  query->attachment_sha256 = g_strdup (cluster->attachment_sha256);
  if (cluster->message_ids != NULL && cluster->message_ids[0] != NULL)
    {
      if (cluster->message_ids[1] != NULL)
        return NULL;
      query->message_id = g_strdup (cluster->message_ids[0]);
    }
  if (assets != NULL && assets[0] != NULL && !g_strv_contains (assets, AC_CLUSTER_ALL_MAILBOXES))
    query->mailboxes = g_strdupv ((char **)assets);
  return g_steal_pointer (&query);
}

AcMailQuery *
ac_mail_query_copy (const AcMailQuery *query)
{
  AcMailQuery *copy = g_new0 (AcMailQuery, 1);

  copy->sender = g_strdup (query->sender);
  copy->sender_domain = g_strdup (query->sender_domain);
  copy->recipient = g_strdup (query->recipient);
  copy->subject = g_strdup (query->subject);
  copy->subject_part = g_strdup (query->subject_part);
  copy->message_id = g_strdup (query->message_id);
  copy->url = g_strdup (query->url);
  copy->attachment_sha256 = g_strdup (query->attachment_sha256);
  copy->received_after = query->received_after;
  copy->received_before = query->received_before;
  copy->mailboxes = g_strdupv (query->mailboxes);
  return copy;
}

void
ac_mail_query_free (AcMailQuery *query)
{
  if (query == NULL)
    return;
  g_free (query->sender);
  g_free (query->sender_domain);
  g_free (query->recipient);
  g_free (query->subject);
  g_free (query->subject_part);
  g_free (query->message_id);
  g_free (query->url);
  g_free (query->attachment_sha256);
  g_strfreev (query->mailboxes);
  g_free (query);
}

static gboolean
invalid (GError **error, const char *member, const char *what)
{
  g_set_error (error, AC_MODEL_ERROR, AC_MODEL_ERROR_INVALID_VALUE, "%s: %s", member, what);
  return FALSE;
}

static gboolean
is_sha256 (const char *text)
{
  gsize length = strlen (text);

  return length == SHA256_DIGITS && strspn (text, "0123456789abcdefABCDEF") == length;
}

/* What goes to a mail server as a part of a command must be one line. */
static gboolean
check_lines (const AcMailQuery *query, GError **error)
{
  const struct
  {
    const char *member;
    const char *text;
  } texts[] = {
    { "sender", query->sender },
    { "senderDomain", query->sender_domain },
    { "recipient", query->recipient },
    { "subject", query->subject },
    { "subjectPart", query->subject_part },
    { "messageId", query->message_id },
    { "url", query->url },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    if (texts[i].text != NULL && (strpbrk (texts[i].text, "\r\n") != NULL ||
                                  strspn (texts[i].text, " \t") == strlen (texts[i].text)))
      return invalid (error, texts[i].member, "must be one line, and not blank");
  return TRUE;
}

static gboolean
check_mailboxes (const AcMailQuery *query, GError **error)
{
  for (guint i = 0; query->mailboxes != NULL && query->mailboxes[i] != NULL; i++)
    if (query->mailboxes[i][0] == '\0' || strpbrk (query->mailboxes[i], "\r\n\t") != NULL)
      return invalid (error, "mailbox", "must be the name of a mailbox");
  return TRUE;
}

static gboolean
names_something (const AcMailQuery *query)
{
  return query->sender != NULL || query->sender_domain != NULL || query->recipient != NULL ||
         query->subject != NULL || query->subject_part != NULL || query->message_id != NULL ||
         query->url != NULL || query->attachment_sha256 != NULL ||
         query->received_after != AC_TIME_NONE || query->received_before != AC_TIME_NONE ||
         query->mailboxes != NULL;
}

/**
 * ac_mail_query_check:
 *
 * Returns: whether it says what is looked for; else an AC_MODEL_ERROR names the parameter.
 */
gboolean
ac_mail_query_check (const AcMailQuery *query, GError **error)
{
  if (!names_something (query))
    return invalid (error, "sender",
                    "say what to look for, by at least one of sender, senderDomain, recipient, "
                    "mailbox, subject, subjectPart, messageId, url, attachmentSha256, "
                    "receivedAfter and receivedBefore");
  if (!check_lines (query, error) || !check_mailboxes (query, error))
    return FALSE;
  if (query->sender != NULL && strchr (query->sender, '@') == NULL)
    return invalid (error, "sender", "must be an address, such as name@example.org");
  if (query->sender_domain != NULL && strchr (query->sender_domain, '@') != NULL)
    return invalid (error, "senderDomain", "must be a domain, such as example.org");
  if (query->recipient != NULL && strchr (query->recipient, '@') == NULL)
    return invalid (error, "recipient", "must be an address, such as name@example.org");
  if (query->attachment_sha256 != NULL && !is_sha256 (query->attachment_sha256))
    return invalid (error, "attachmentSha256", "must be 64 hexadecimal digits");
  if (query->received_after != AC_TIME_NONE && query->received_before != AC_TIME_NONE &&
      query->received_after >= query->received_before)
    return invalid (error, "receivedBefore", "must be later than receivedAfter");
  return TRUE;
}

static void
add (GString *text, const char *name, const char *value)
{
  if (value == NULL)
    return;
  if (text->len > 0)
    g_string_append_c (text, '&');
  g_string_append_printf (text, "%s=", name);
  g_string_append_uri_escaped (text, value, NULL, FALSE);
}

static void
add_time (GString *text, const char *name, gint64 time)
{
  g_autofree char *value = time != AC_TIME_NONE ? ac_time_format (time) : NULL;

  add (text, name, value);
}

/**
 * ac_mail_query_to_parameters:
 *
 * Returns: (transfer full): the query's parameters of GET /messages, percent-encoded; equal text
 * for equal queries.
 */
char *
ac_mail_query_to_parameters (const AcMailQuery *query)
{
  g_autoptr (GString) text = g_string_new (NULL);

  add (text, "sender", query->sender);
  add (text, "senderDomain", query->sender_domain);
  add (text, "recipient", query->recipient);
  add (text, "subject", query->subject);
  add (text, "subjectPart", query->subject_part);
  add (text, "messageId", query->message_id);
  add (text, "url", query->url);
  add (text, "attachmentSha256", query->attachment_sha256);
  add_time (text, "receivedAfter", query->received_after);
  add_time (text, "receivedBefore", query->received_before);
  for (guint i = 0; query->mailboxes != NULL && query->mailboxes[i] != NULL; i++)
    add (text, "mailbox", query->mailboxes[i]);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * ac_mail_query_to_cluster:
 *
 * Returns: (transfer full): what of it a cluster can name.
 */
AcCluster *
ac_mail_query_to_cluster (const AcMailQuery *query)
{
  AcCluster *cluster = g_new0 (AcCluster, 1);

  cluster->sender = query->sender != NULL ? g_utf8_strdown (query->sender, -1) : NULL;
  cluster->sender_domain =
      query->sender_domain != NULL ? g_utf8_strdown (query->sender_domain, -1) : NULL;
  cluster->subject = g_strdup (query->subject);
  cluster->url = g_strdup (query->url);
  cluster->attachment_sha256 =
      query->attachment_sha256 != NULL ? g_ascii_strdown (query->attachment_sha256, -1) : NULL;
  if (query->message_id != NULL)
    cluster->message_ids = g_strdupv ((char *[]){ query->message_id, NULL });
  return cluster;
}

/**
 * ac_mail_query_is_cluster:
 *
 * Returns: whether a cluster on the same mailboxes is about exactly what the query finds.
 */
gboolean
ac_mail_query_is_cluster (const AcMailQuery *query)
{
  return query->recipient == NULL && query->subject_part == NULL &&
         query->received_after == AC_TIME_NONE && query->received_before == AC_TIME_NONE &&
         (query->sender != NULL || query->sender_domain != NULL || query->subject != NULL ||
          query->message_id != NULL || query->url != NULL || query->attachment_sha256 != NULL);
}

static void
set_lower (JsonObject *object, const char *name, const char *text)
{
  g_autofree char *lower = text != NULL ? g_utf8_strdown (text, -1) : NULL;

  ac_json_set_string (object, name, lower);
}

/**
 * ac_mail_query_to_entity:
 * @name: what the cluster is called
 *
 * Returns: (transfer full) (nullable): the cluster that the query is; %NULL when it is none.
 */
AcEntity *
ac_mail_query_to_entity (const AcMailQuery *query, const char *name)
{
  g_autoptr (JsonObject) object = NULL;

  if (!ac_mail_query_is_cluster (query))
    return NULL;
  object = json_object_new ();
  ac_json_set_string (object, "type", ac_entity_type_wire (AC_ENTITY_TYPE_EMAIL_CLUSTER));
  ac_json_set_string (object, "name", name);
  set_lower (object, "sender", query->sender);
  set_lower (object, "senderDomain", query->sender_domain);
  ac_json_set_string (object, "subject", query->subject);
  ac_json_set_string (object, "url", query->url);
  set_lower (object, "attachmentSha256", query->attachment_sha256);
  if (query->message_id != NULL)
    ac_json_set_strings (object, "messageIds", (const char *[]){ query->message_id, NULL });
  return ac_entity_new_from_json (object, AC_JSON_STRICT, NULL, NULL);
}
