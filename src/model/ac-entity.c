/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/ac-entity.h"
#include "model/ac-time.h"

struct _AcEntity
{
  GObject parent_instance;

  char *type;          /* raw */
  JsonObject *members; /* all members as they came, checked; never changed */
};

G_DEFINE_FINAL_TYPE (AcEntity, ac_entity, G_TYPE_OBJECT)

typedef struct
{
  AcEntityField field;
  gboolean required;
  AcVocabulary vocabulary; /* of AC_JSON_ENUM */
} Member;

static const Member email_message[] = {
  { { "messageId", AC_JSON_TEXT, N_ ("Message-ID") }, TRUE },
  { { "subject", AC_JSON_STRING, N_ ("Subject") }, FALSE },
  { { "sender", AC_JSON_STRING, N_ ("Sender") }, FALSE },
  { { "recipients", AC_JSON_STRING_ARRAY, N_ ("Recipients") }, FALSE },
  { { "receivedAt", AC_JSON_TIME, N_ ("Received") }, FALSE },
  { { "folder", AC_JSON_TEXT, N_ ("Folder") }, FALSE },
  { { "size", AC_JSON_INTEGER, N_ ("Size in bytes") }, FALSE },
  { { "threats", AC_JSON_STRING_ARRAY, N_ ("Threats"), N_ ("Threats") }, FALSE },
  { { "deliveryStatus", AC_JSON_STRING, N_ ("Delivery status"), N_ ("Delivery") }, FALSE },
  { { "originalLocation", AC_JSON_STRING, N_ ("Delivered to"), N_ ("Delivery") }, FALSE },
  { { "latestLocation", AC_JSON_STRING, N_ ("Latest place"), N_ ("Delivery") }, FALSE },
  { { "spf", AC_JSON_STRING, N_ ("SPF"), N_ ("Authentication") }, FALSE },
  { { "dkim", AC_JSON_STRING, N_ ("DKIM"), N_ ("Authentication") }, FALSE },
  { { "dmarc", AC_JSON_STRING, N_ ("DMARC"), N_ ("Authentication") }, FALSE },
  { { "arc", AC_JSON_STRING, N_ ("ARC"), N_ ("Authentication") }, FALSE },
};

static const Member email_cluster[] = {
  { { "name", AC_JSON_TEXT, N_ ("Name") }, TRUE },
  { { "query", AC_JSON_STRING, N_ ("Query") }, FALSE },
  { { "sender", AC_JSON_TEXT, N_ ("Sender") }, FALSE },
  { { "senderDomain", AC_JSON_TEXT, N_ ("Sender domain") }, FALSE },
  { { "subject", AC_JSON_TEXT, N_ ("Subject") }, FALSE },
  { { "url", AC_JSON_TEXT, N_ ("URL") }, FALSE },
  { { "attachmentSha256", AC_JSON_TEXT, N_ ("SHA-256 of an attachment") }, FALSE },
  { { "messageIds", AC_JSON_STRING_ARRAY, N_ ("Message-IDs") }, FALSE },
  { { "excludedMailboxes", AC_JSON_STRING_ARRAY, N_ ("Except the mailboxes") }, FALSE },
  { { "excludedMessageIds", AC_JSON_STRING_ARRAY, N_ ("Except the Message-IDs") }, FALSE },
  { { "emailCount", AC_JSON_INTEGER, N_ ("Email count at analysis") }, FALSE },
  { { "volumeAnomaly", AC_JSON_BOOLEAN, N_ ("Volume anomaly") }, FALSE },
  { { "queriedAt", AC_JSON_TIME, N_ ("Query time") }, FALSE },
  { { "threats", AC_JSON_STRING_ARRAY, N_ ("Threats"), N_ ("Threats") }, FALSE },
  { { "malwareCount", AC_JSON_INTEGER, N_ ("Malware"), N_ ("Threats") }, FALSE },
  { { "phishCount", AC_JSON_INTEGER, N_ ("Phish"), N_ ("Threats") }, FALSE },
  { { "highConfidencePhishCount", AC_JSON_INTEGER, N_ ("High confidence phish"), N_ ("Threats") },
    FALSE },
  { { "spamCount", AC_JSON_INTEGER, N_ ("Spam"), N_ ("Threats") }, FALSE },
  { { "mailboxCount", AC_JSON_INTEGER, N_ ("Mailbox"), N_ ("Latest delivery") }, FALSE },
  { { "notInMailboxCount", AC_JSON_INTEGER, N_ ("Not in mailbox"), N_ ("Latest delivery") },
    FALSE },
  { { "externalCount", AC_JSON_INTEGER, N_ ("On-premises or external"), N_ ("Latest delivery") },
    FALSE },
  { { "deliveredCount", AC_JSON_INTEGER, N_ ("Delivered"), N_ ("Original delivery") }, FALSE },
  { { "junkedCount", AC_JSON_INTEGER, N_ ("Junked"), N_ ("Original delivery") }, FALSE },
  { { "replacedCount", AC_JSON_INTEGER, N_ ("Replaced"), N_ ("Original delivery") }, FALSE },
  { { "blockedCount", AC_JSON_INTEGER, N_ ("Blocked"), N_ ("Original delivery") }, FALSE },
};

static const Member attachment[] = {
  { { "messageId", AC_JSON_TEXT, N_ ("Message-ID") }, TRUE },
  { { "fileName", AC_JSON_TEXT, N_ ("File name") }, TRUE },
  { { "sha256", AC_JSON_STRING, N_ ("SHA-256") }, FALSE },
  { { "partPath", AC_JSON_STRING, N_ ("Part of the message") }, FALSE },
  { { "folder", AC_JSON_TEXT, N_ ("Folder") }, FALSE },
  { { "mediaType", AC_JSON_STRING, N_ ("Media type") }, FALSE },
  { { "subject", AC_JSON_STRING, N_ ("Subject") }, FALSE },
  { { "sender", AC_JSON_STRING, N_ ("Sender") }, FALSE },
  { { "size", AC_JSON_INTEGER, N_ ("Size in bytes") }, FALSE },
};

static const Member url[] = {
  { { "url", AC_JSON_TEXT, N_ ("URL") }, TRUE },
  { { "scope", AC_JSON_ENUM, N_ ("Scope") }, FALSE, AC_VOCABULARY_URL_SCOPE },
  { { "expiresAt", AC_JSON_TIME, N_ ("Blocked until") }, FALSE },
  { { "detection", AC_JSON_STRING, N_ ("Detection"), N_ ("Threats") }, FALSE },
  { { "threats", AC_JSON_STRING_ARRAY, N_ ("Threats"), N_ ("Threats") }, FALSE },
  { { "prevalence", AC_JSON_INTEGER, N_ ("Seen in the last 30 days"), N_ ("Threats") }, FALSE },
  { { "domain", AC_JSON_STRING, N_ ("Domain"), N_ ("Domain") }, FALSE },
  { { "registrant", AC_JSON_STRING, N_ ("Registrant"), N_ ("Domain") }, FALSE },
  { { "registeredAt", AC_JSON_TIME, N_ ("Registered"), N_ ("Domain") }, FALSE },
};

static const Member mailbox[] = {
  { { "address", AC_JSON_TEXT, N_ ("Address") }, TRUE },
  { { "displayName", AC_JSON_STRING, N_ ("Display name") }, FALSE },
  { { "userPrincipalName", AC_JSON_STRING, N_ ("User principal name") }, FALSE },
  { { "objectId", AC_JSON_STRING, N_ ("Object id") }, FALSE },
  { { "riskLevel", AC_JSON_STRING, N_ ("Risk level"), N_ ("Risk") }, FALSE },
  { { "risk", AC_JSON_STRING, N_ ("Risk"), N_ ("Risk") }, FALSE },
  { { "forwardingTargets", AC_JSON_STRING_ARRAY, N_ ("Forwards to"), N_ ("Forwarding") }, FALSE },
};

static const Member file[] = {
  { { "path", AC_JSON_TEXT, N_ ("Path") }, TRUE },
  { { "pathBytes", AC_JSON_STRING, N_ ("Path in bytes (base64)") }, FALSE },
  { { "fileName", AC_JSON_STRING, N_ ("File name") }, FALSE },
  { { "size", AC_JSON_INTEGER, N_ ("Size in bytes") }, FALSE },
  { { "signer", AC_JSON_STRING, N_ ("Signer") }, FALSE },
  { { "sha256", AC_JSON_TEXT, N_ ("SHA-256"), N_ ("Hashes") }, TRUE },
  { { "sha1", AC_JSON_STRING, N_ ("SHA-1"), N_ ("Hashes") }, FALSE },
  { { "md5", AC_JSON_STRING, N_ ("MD5"), N_ ("Hashes") }, FALSE },
  { { "detectionRatio", AC_JSON_STRING, N_ ("Detection ratio"), N_ ("Prevalence") }, FALSE },
  { { "deviceCount", AC_JSON_INTEGER, N_ ("Devices in the organization"), N_ ("Prevalence") },
    FALSE },
  { { "firstSeen", AC_JSON_TIME, N_ ("First seen in the organization"), N_ ("Prevalence") },
    FALSE },
  { { "worldwideDeviceCount", AC_JSON_INTEGER, N_ ("Devices worldwide"), N_ ("Prevalence") },
    FALSE },
  { { "worldwideFirstSeen", AC_JSON_TIME, N_ ("First seen worldwide"), N_ ("Prevalence") }, FALSE },
};

static const Member device[] = {
  { { "name", AC_JSON_TEXT, N_ ("Device name") }, TRUE },
  { { "operatingSystem", AC_JSON_STRING, N_ ("Operating system") }, FALSE },
  { { "health", AC_JSON_STRING, N_ ("Health") }, FALSE },
  { { "lastSeen", AC_JSON_TIME, N_ ("Last seen") }, FALSE },
  { { "user", AC_JSON_STRING, N_ ("User") }, FALSE },
};

/* summary: the member that stands in the Details column; fallback: when that is empty. */
#define TYPE(members, summary, fallback)                                                           \
  {                                                                                                \
    members, G_N_ELEMENTS (members), summary, fallback                                             \
  }
static const struct
{
  const Member *members;
  gsize n_members;
  const char *summary;
  const char *fallback;
} types[] = {
  [AC_ENTITY_TYPE_UNKNOWN] = { NULL, 0, NULL, NULL },
  [AC_ENTITY_TYPE_EMAIL_MESSAGE] = TYPE (email_message, "subject", "messageId"),
  [AC_ENTITY_TYPE_EMAIL_CLUSTER] = TYPE (email_cluster, "name", "query"),
  [AC_ENTITY_TYPE_ATTACHMENT] = TYPE (attachment, "fileName", "messageId"),
  [AC_ENTITY_TYPE_URL] = TYPE (url, "url", NULL),
  [AC_ENTITY_TYPE_MAILBOX] = TYPE (mailbox, "address", "displayName"),
  [AC_ENTITY_TYPE_FILE] = TYPE (file, "path", "fileName"),
  [AC_ENTITY_TYPE_DEVICE] = TYPE (device, "name", NULL),
};

static void
ac_entity_finalize (GObject *object)
{
  AcEntity *self = AC_ENTITY (object);

  g_free (self->type);
  g_clear_pointer (&self->members, json_object_unref);
  G_OBJECT_CLASS (ac_entity_parent_class)->finalize (object);
}

static void
ac_entity_class_init (AcEntityClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ac_entity_finalize;
}

static void
ac_entity_init (AcEntity *self)
{
}

/**
 * ac_entity_new_from_json:
 * @object: the entity
 * @mode: in lenient mode an entity of a type this program does not know is kept as it is
 * @path: (nullable): where @object stands, for messages
 *
 * Returns: (transfer full): the entity, or %NULL with an AC_MODEL_ERROR naming the member.
 */
AcEntity *
ac_entity_new_from_json (JsonObject *object, AcJsonMode mode, const char *path, GError **error)
{
  static const AcJsonMember type_member[] = {
    { "type", AC_JSON_ENUM, TRUE, AC_VOCABULARY_ENTITY_TYPE },
  };
  AcJsonMember members[32];
  AcEntityType type;
  AcEntity *self;
  gsize n;

  g_return_val_if_fail (object != NULL, NULL);

  /* The type decides which members there are, so it is looked at first, by itself. */
  if (json_object_has_member (object, "type"))
    {
      g_autoptr (JsonObject) alone = json_object_new ();

      json_object_set_member (alone, "type", json_object_dup_member (object, "type"));
      if (!ac_json_check (alone, type_member, 1, mode, path, error))
        return NULL;
    }
  type = ac_entity_type_parse (ac_json_get_string (object, "type"));

  n = types[type].n_members;
  g_assert (n + 1 <= G_N_ELEMENTS (members));
  members[0] = type_member[0];
  for (gsize i = 0; i < n; i++)
    {
      const Member *member = &types[type].members[i];

      members[i + 1] = (AcJsonMember){ member->field.name, member->field.kind, member->required,
                                       member->vocabulary };
    }
  if (!ac_json_check (object, members, n + 1, mode, path, error))
    return NULL;

  self = g_object_new (AC_TYPE_ENTITY, NULL);
  self->type = g_strdup (ac_json_get_string (object, "type"));
  self->members = json_object_ref (object);
  return self;
}

/**
 * ac_entity_to_json:
 *
 * Returns: (transfer full): all members, those too that this program does not know.
 */
JsonObject *
ac_entity_to_json (AcEntity *self)
{
  g_return_val_if_fail (AC_IS_ENTITY (self), NULL);

  return json_object_ref (self->members);
}

/**
 * ac_entity_get_entity_type:
 *
 * Returns: the type as it is spelled on the wire.
 */
const char *
ac_entity_get_entity_type (AcEntity *self)
{
  g_return_val_if_fail (AC_IS_ENTITY (self), NULL);

  return self->type;
}

/**
 * ac_entity_get_string:
 *
 * Returns: (nullable): the text of @member.
 */
const char *
ac_entity_get_string (AcEntity *self, const char *member)
{
  g_return_val_if_fail (AC_IS_ENTITY (self), NULL);

  return ac_json_get_string (self->members, member);
}

/**
 * ac_entity_get_boolean:
 * @value: (out): what @member says
 *
 * Returns: whether there is such a member.
 */
gboolean
ac_entity_get_boolean (AcEntity *self, const char *member, gboolean *value)
{
  g_return_val_if_fail (AC_IS_ENTITY (self), FALSE);

  *value = ac_json_get_boolean (self->members, member, FALSE);
  return json_object_has_member (self->members, member);
}

gint64
ac_entity_get_integer (AcEntity *self, const char *member, gint64 fallback)
{
  g_return_val_if_fail (AC_IS_ENTITY (self), fallback);

  return ac_json_get_integer (self->members, member, fallback);
}

/**
 * ac_entity_get_time:
 *
 * Returns: microseconds since 1970 in UTC, or AC_TIME_NONE.
 */
gint64
ac_entity_get_time (AcEntity *self, const char *member)
{
  g_return_val_if_fail (AC_IS_ENTITY (self), AC_TIME_NONE);

  return ac_json_get_time (self->members, member);
}

/**
 * ac_entity_get_strings:
 *
 * Returns: (transfer full): the strings of @member; empty when there are none.
 */
GStrv
ac_entity_get_strings (AcEntity *self, const char *member)
{
  g_return_val_if_fail (AC_IS_ENTITY (self), NULL);

  return ac_json_get_strings (self->members, member);
}

/**
 * ac_entity_get_summary:
 *
 * Returns: one line that tells a person which entity this is: a subject, an address, a path.
 */
const char *
ac_entity_get_summary (AcEntity *self)
{
  AcEntityType type;
  const char *summary = NULL;

  g_return_val_if_fail (AC_IS_ENTITY (self), NULL);

  type = ac_entity_type_parse (self->type);
  if (types[type].summary != NULL)
    summary = ac_json_get_string (self->members, types[type].summary);
  if ((summary == NULL || *summary == '\0') && types[type].fallback != NULL)
    summary = ac_json_get_string (self->members, types[type].fallback);
  return summary != NULL ? summary : self->type;
}

/**
 * ac_entity_canonical:
 *
 * Returns: (transfer full): text that is equal for equal entities.
 */
char *
ac_entity_canonical (AcEntity *self)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  g_return_val_if_fail (AC_IS_ENTITY (self), NULL);

  json_node_set_object (node, self->members);
  return ac_json_canonical (node);
}

/**
 * ac_entity_get_label:
 * @member: one that is of an enumeration
 *
 * Returns: (transfer none) (nullable): its value in words; one that this program does not know as
 * it is spelled on the wire.
 */
const char *
ac_entity_get_label (AcEntity *self, const char *member)
{
  AcEntityType type;

  g_return_val_if_fail (AC_IS_ENTITY (self), NULL);

  type = ac_entity_type_parse (self->type);
  for (gsize i = 0; i < types[type].n_members; i++)
    {
      const Member *known = &types[type].members[i];

      if (strcmp (known->field.name, member) == 0 && known->field.kind == AC_JSON_ENUM)
        return ac_vocabulary_label (known->vocabulary, ac_entity_get_string (self, member));
    }
  return NULL;
}

/**
 * ac_entity_type_get_field:
 * @entity_type: (nullable): a type as it is spelled on the wire
 * @index: from 0
 * @field: (out): name, kind, translated label and section
 *
 * The members of a type in the order in which a person wants to read them.
 *
 * Returns: %FALSE when there is no such field.
 */
gboolean
ac_entity_type_get_field (const char *entity_type, gsize index, AcEntityField *field)
{
  AcEntityType type = ac_entity_type_parse (entity_type);

  if (index >= types[type].n_members)
    return FALSE;
  *field = types[type].members[index].field;
  field->label = _ (field->label);
  if (field->section != NULL)
    field->section = _ (field->section);
  return TRUE;
}
