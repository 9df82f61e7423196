/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client/ac-message-text.h"

static const AcJsonMember message_members[] = {
  { "asset", AC_JSON_STRING, TRUE },      { "headers", AC_JSON_ARRAY, TRUE },
  { "text", AC_JSON_STRING, TRUE },       { "isSource", AC_JSON_BOOLEAN, TRUE },
  { "attachments", AC_JSON_ARRAY, TRUE }, { "isCut", AC_JSON_BOOLEAN, TRUE },
};

static const AcJsonMember header_members[] = {
  { "name", AC_JSON_STRING, TRUE },
  { "value", AC_JSON_STRING, TRUE },
};

static const AcJsonMember attachment_members[] = {
  { "fileName", AC_JSON_STRING, FALSE },
  { "mediaType", AC_JSON_STRING, TRUE },
  { "sha256", AC_JSON_STRING, TRUE },
  { "size", AC_JSON_INTEGER, TRUE },
};

#define CHECK(object, table, path)                                                                 \
  ac_json_check ((object), (table), G_N_ELEMENTS (table), AC_JSON_LENIENT, (path), error)

static void
header_free (AcMessageHeader *header)
{
  g_free (header->name);
  g_free (header->value);
  g_free (header);
}

static void
attachment_free (AcMessageAttachment *attachment)
{
  g_free (attachment->file_name);
  g_free (attachment->media_type);
  g_free (attachment->sha256);
  g_free (attachment);
}

static gboolean
read_headers (AcMessageText *message, JsonArray *array, GError **error)
{
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *object = ac_json_element_object (array, i, "headers", error);
      AcMessageHeader *header;

      if (object == NULL || !CHECK (object, header_members, "headers"))
        return FALSE;
      header = g_new0 (AcMessageHeader, 1);
      header->name = g_strdup (ac_json_get_string (object, "name"));
      header->value = g_strdup (ac_json_get_string (object, "value"));
      g_ptr_array_add (message->headers, header);
    }
  return TRUE;
}

static gboolean
read_attachments (AcMessageText *message, JsonArray *array, GError **error)
{
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *object = ac_json_element_object (array, i, "attachments", error);
      AcMessageAttachment *attachment;

      if (object == NULL || !CHECK (object, attachment_members, "attachments"))
        return FALSE;
      attachment = g_new0 (AcMessageAttachment, 1);
      attachment->file_name = g_strdup (ac_json_get_string (object, "fileName"));
      attachment->media_type = g_strdup (ac_json_get_string (object, "mediaType"));
      attachment->sha256 = g_strdup (ac_json_get_string (object, "sha256"));
      attachment->size = ac_json_get_integer (object, "size", 0);
      g_ptr_array_add (message->attachments, attachment);
    }
  return TRUE;
}

/**
 * ac_message_text_new_from_json:
 *
 * Returns: (transfer full): the message, or %NULL with an AC_MODEL_ERROR.
 */
AcMessageText *
ac_message_text_new_from_json (JsonObject *object, GError **error)
{
  g_autoptr (AcMessageText) message = g_new0 (AcMessageText, 1);

  message->headers = g_ptr_array_new_with_free_func ((GDestroyNotify)header_free);
  message->attachments = g_ptr_array_new_with_free_func ((GDestroyNotify)attachment_free);
  if (!CHECK (object, message_members, NULL) ||
      !read_headers (message, ac_json_get_array (object, "headers"), error) ||
      !read_attachments (message, ac_json_get_array (object, "attachments"), error))
    return NULL;
  message->asset = g_strdup (ac_json_get_string (object, "asset"));
  message->text = g_strdup (ac_json_get_string (object, "text"));
  message->is_source = ac_json_get_boolean (object, "isSource", FALSE);
  message->is_cut = ac_json_get_boolean (object, "isCut", FALSE);
  message->json = json_object_ref (object);
  return g_steal_pointer (&message);
}

void
ac_message_text_free (AcMessageText *message)
{
  g_free (message->asset);
  g_ptr_array_unref (message->headers);
  g_free (message->text);
  g_ptr_array_unref (message->attachments);
  g_clear_pointer (&message->json, json_object_unref);
  g_free (message);
}
