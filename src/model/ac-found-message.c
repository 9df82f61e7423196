/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/ac-found-message.h"
#include "model/ac-time.h"

struct _AcFoundMessage
{
  GObject parent_instance;

  JsonObject *members; /* as they came, checked; never changed */
  JsonObject *action;  /* nullable, of members: the newest that is known in this mailbox */
  char *recipients;    /* nullable */
  char *attachments;   /* nullable */
};

G_DEFINE_FINAL_TYPE (AcFoundMessage, ac_found_message, G_TYPE_OBJECT)

static const AcJsonMember members[] = {
  { "mailbox", AC_JSON_TEXT, TRUE },
  { "folder", AC_JSON_STRING, TRUE },
  { "recoverable", AC_JSON_BOOLEAN, TRUE },
  { "messageId", AC_JSON_STRING, FALSE },
  { "sender", AC_JSON_STRING, FALSE },
  { "recipients", AC_JSON_STRING_ARRAY, FALSE },
  { "subject", AC_JSON_STRING, FALSE },
  { "receivedAt", AC_JSON_TIME, TRUE },
  { "size", AC_JSON_INTEGER, TRUE },
  { "attachments", AC_JSON_STRING_ARRAY, FALSE },
  { "verdict", AC_JSON_ENUM, FALSE, AC_VOCABULARY_VERDICT },
  { "actions", AC_JSON_ARRAY, FALSE },
};

static void
ac_found_message_finalize (GObject *object)
{
  AcFoundMessage *self = AC_FOUND_MESSAGE (object);

  g_clear_pointer (&self->members, json_object_unref);
  g_free (self->recipients);
  g_free (self->attachments);
  G_OBJECT_CLASS (ac_found_message_parent_class)->finalize (object);
}

static void
ac_found_message_class_init (AcFoundMessageClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ac_found_message_finalize;
}

static void
ac_found_message_init (AcFoundMessage *self)
{
}

static char *
join (JsonObject *object, const char *member)
{
  g_auto (GStrv) texts = ac_json_get_strings (object, member);

  return texts != NULL && texts[0] != NULL ? g_strjoinv (", ", texts) : NULL;
}

/**
 * ac_found_message_new_from_json:
 * @object: a message of GET /messages; must not be changed afterwards
 * @path: (nullable): where it stands, for messages
 *
 * Returns: (transfer full): the message, or %NULL with an AC_MODEL_ERROR.
 */
AcFoundMessage *
ac_found_message_new_from_json (JsonObject *object, const char *path, GError **error)
{
  g_autoptr (AcFoundMessage) self = NULL;
  JsonArray *actions;

  g_return_val_if_fail (object != NULL, NULL);

  if (!ac_json_check (object, members, G_N_ELEMENTS (members), AC_JSON_LENIENT, path, error))
    return NULL;
  self = g_object_new (AC_TYPE_FOUND_MESSAGE, NULL);
  self->members = json_object_ref (object);
  self->recipients = join (object, "recipients");
  self->attachments = join (object, "attachments");
  actions = ac_json_get_array (object, "actions");
  if (actions != NULL && json_array_get_length (actions) > 0)
    {
      self->action = ac_json_element_object (actions, 0, "actions", error);
      if (self->action == NULL)
        return NULL;
    }
  return g_steal_pointer (&self);
}

/**
 * ac_found_message_to_json:
 *
 * Returns: (transfer full): all members, those too that this program does not know.
 */
JsonObject *
ac_found_message_to_json (AcFoundMessage *self)
{
  g_return_val_if_fail (AC_IS_FOUND_MESSAGE (self), NULL);

  return json_object_ref (self->members);
}

/* Strings are owned by the message; those it does not have are NULL. */
#define STRING_GETTER(name, member)                                                                \
  const char *ac_found_message_get_##name (AcFoundMessage *self)                                   \
  {                                                                                                \
    g_return_val_if_fail (AC_IS_FOUND_MESSAGE (self), NULL);                                       \
    return ac_json_get_string (self->members, member);                                             \
  }

STRING_GETTER (mailbox, "mailbox")
STRING_GETTER (folder, "folder")
STRING_GETTER (message_id, "messageId")
STRING_GETTER (sender, "sender")
STRING_GETTER (subject, "subject")
STRING_GETTER (verdict, "verdict")

/* Of the newest action that is known of the message in this mailbox. */
#define ACTION_GETTER(name, member)                                                                \
  const char *ac_found_message_get_action_##name (AcFoundMessage *self)                            \
  {                                                                                                \
    g_return_val_if_fail (AC_IS_FOUND_MESSAGE (self), NULL);                                       \
    return self->action != NULL ? ac_json_get_string (self->action, member) : NULL;                \
  }

ACTION_GETTER (id, "id")
ACTION_GETTER (type, "type")
ACTION_GETTER (status, "status")

/**
 * ac_found_message_get_recoverable:
 *
 * Returns: whether it was soft-deleted already.
 */
gboolean
ac_found_message_get_recoverable (AcFoundMessage *self)
{
  g_return_val_if_fail (AC_IS_FOUND_MESSAGE (self), FALSE);

  return ac_json_get_boolean (self->members, "recoverable", FALSE);
}

/**
 * ac_found_message_get_recipients:
 *
 * Returns: (nullable): all of them, in one line.
 */
const char *
ac_found_message_get_recipients (AcFoundMessage *self)
{
  g_return_val_if_fail (AC_IS_FOUND_MESSAGE (self), NULL);

  return self->recipients;
}

/**
 * ac_found_message_get_attachments:
 *
 * Returns: (nullable): their names, in one line.
 */
const char *
ac_found_message_get_attachments (AcFoundMessage *self)
{
  g_return_val_if_fail (AC_IS_FOUND_MESSAGE (self), NULL);

  return self->attachments;
}

/**
 * ac_found_message_get_received_at:
 *
 * Returns: microseconds since 1970 in UTC, or AC_TIME_NONE.
 */
gint64
ac_found_message_get_received_at (AcFoundMessage *self)
{
  g_return_val_if_fail (AC_IS_FOUND_MESSAGE (self), AC_TIME_NONE);

  return ac_json_get_time (self->members, "receivedAt");
}

/**
 * ac_found_message_get_size:
 *
 * Returns: in bytes.
 */
gint64
ac_found_message_get_size (AcFoundMessage *self)
{
  g_return_val_if_fail (AC_IS_FOUND_MESSAGE (self), 0);

  return ac_json_get_integer (self->members, "size", 0);
}

/**
 * ac_found_message_to_entity:
 *
 * Returns: (transfer full) (nullable): what an action or a submission about it is about; %NULL when
 * it has no Message-ID, by which alone it could be found again.
 */
AcEntity *
ac_found_message_to_entity (AcFoundMessage *self)
{
  g_autoptr (JsonObject) object = NULL;

  g_return_val_if_fail (AC_IS_FOUND_MESSAGE (self), NULL);

  if (ac_found_message_get_message_id (self) == NULL)
    return NULL;
  object = json_object_new ();
  ac_json_set_string (object, "type", ac_entity_type_wire (AC_ENTITY_TYPE_EMAIL_MESSAGE));
  ac_json_set_string (object, "messageId", ac_found_message_get_message_id (self));
  ac_json_set_string (object, "subject", ac_found_message_get_subject (self));
  ac_json_set_string (object, "sender", ac_found_message_get_sender (self));
  ac_json_set_time (object, "receivedAt", ac_found_message_get_received_at (self));
  return ac_entity_new_from_json (object, AC_JSON_STRICT, NULL, NULL);
}
