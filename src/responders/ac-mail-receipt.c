/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/ac-json.h"
#include "model/ac-time.h"

#include "responders/ac-mail-receipt.h"

/* Goes up when a reader of the old form would misunderstand the new one. */
#define VERSION 1

static const char *const states[] = {
  [AC_MAIL_COPY_MOVING] = "moving",
  [AC_MAIL_COPY_MOVED] = "moved",
  [AC_MAIL_COPY_RESTORING] = "restoring",
  [AC_MAIL_COPY_RESTORED] = "restored",
};

static const AcJsonMember receipt_members[] = {
  { "version", AC_JSON_INTEGER, TRUE, AC_VOCABULARY_NONE },
  { "copies", AC_JSON_ARRAY, TRUE, AC_VOCABULARY_NONE },
};

static const AcJsonMember copy_members[] = {
  { "state", AC_JSON_TEXT, TRUE, AC_VOCABULARY_NONE },
  { "folder", AC_JSON_TEXT, TRUE, AC_VOCABULARY_NONE },
  { "uidValidity", AC_JSON_INTEGER, TRUE, AC_VOCABULARY_NONE },
  { "uid", AC_JSON_INTEGER, TRUE, AC_VOCABULARY_NONE },
  { "flags", AC_JSON_STRING_ARRAY, TRUE, AC_VOCABULARY_NONE },
  { "date", AC_JSON_TIME, TRUE, AC_VOCABULARY_NONE },
  { "size", AC_JSON_INTEGER, TRUE, AC_VOCABULARY_NONE },
  { "kept", AC_JSON_OBJECT, TRUE, AC_VOCABULARY_NONE },
  { "back", AC_JSON_OBJECT, FALSE, AC_VOCABULARY_NONE },
  { "folderWasMade", AC_JSON_BOOLEAN, FALSE, AC_VOCABULARY_NONE },
  { "leftSecondCopy", AC_JSON_BOOLEAN, FALSE, AC_VOCABULARY_NONE },
};

static const AcJsonMember place_members[] = {
  { "uidValidity", AC_JSON_INTEGER, TRUE, AC_VOCABULARY_NONE },
  { "uidNext", AC_JSON_INTEGER, TRUE, AC_VOCABULARY_NONE },
  { "uid", AC_JSON_INTEGER, TRUE, AC_VOCABULARY_NONE },
};

G_DEFINE_QUARK (ac - mail - receipt - error - quark, ac_mail_receipt_error)

void
ac_mail_copy_free (AcMailCopy *copy)
{
  g_free (copy->folder);
  g_strfreev (copy->flags);
  g_free (copy);
}

AcMailReceipt *
ac_mail_receipt_new (void)
{
  AcMailReceipt *receipt = g_new0 (AcMailReceipt, 1);

  receipt->copies = g_ptr_array_new_with_free_func ((GDestroyNotify)ac_mail_copy_free);
  return receipt;
}

void
ac_mail_receipt_free (AcMailReceipt *receipt)
{
  g_ptr_array_unref (receipt->copies);
  g_free (receipt);
}

/* A number of 32 bits; anything else was not written by us. */
static gboolean
read_number (JsonObject *object, const char *name, guint32 *number, GError **error)
{
  gint64 value = ac_json_get_integer (object, name, -1);

  if (value < 0 || value > G_MAXUINT32)
    {
      g_set_error (error, AC_MAIL_RECEIPT_ERROR, AC_MAIL_RECEIPT_ERROR_UNREADABLE,
                   "“%s” is out of range", name);
      return FALSE;
    }
  *number = (guint32)value;
  return TRUE;
}

static gboolean
read_place (JsonObject *object, const char *name, AcMailPlace *place, GError **error)
{
  JsonObject *member = ac_json_get_object (object, name);

  return member == NULL || (ac_json_check (member, place_members, G_N_ELEMENTS (place_members),
                                           AC_JSON_STRICT, name, error) &&
                            read_number (member, "uidValidity", &place->uid_validity, error) &&
                            read_number (member, "uidNext", &place->uid_next, error) &&
                            read_number (member, "uid", &place->uid, error));
}

static gboolean
read_state (const char *text, AcMailCopyState *state, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    if (g_strcmp0 (text, states[i]) == 0)
      {
        *state = (AcMailCopyState)i;
        return TRUE;
      }
  g_set_error (error, AC_MAIL_RECEIPT_ERROR, AC_MAIL_RECEIPT_ERROR_UNREADABLE,
               "“%s” is no state of a copy", text);
  return FALSE;
}

static AcMailCopy *
read_copy (JsonArray *array, guint index, GError **error)
{
  g_autoptr (AcMailCopy) copy = g_new0 (AcMailCopy, 1);
  JsonObject *object = ac_json_element_object (array, index, "copies", error);

  if (object == NULL ||
      !ac_json_check (object, copy_members, G_N_ELEMENTS (copy_members), AC_JSON_STRICT, "copies",
                      error) ||
      !read_state (ac_json_get_string (object, "state"), &copy->state, error) ||
      !read_number (object, "uidValidity", &copy->uid_validity, error) ||
      !read_number (object, "uid", &copy->uid, error) ||
      !read_number (object, "size", &copy->size, error) ||
      !read_place (object, "kept", &copy->kept, error) ||
      !read_place (object, "back", &copy->back, error))
    return NULL;
  copy->folder = g_strdup (ac_json_get_string (object, "folder"));
  copy->flags = ac_json_get_strings (object, "flags");
  if (copy->flags == NULL)
    copy->flags = g_new0 (char *, 1);
  copy->date = ac_json_get_time (object, "date");
  copy->folder_was_made = ac_json_get_boolean (object, "folderWasMade", FALSE);
  copy->left_second_copy = ac_json_get_boolean (object, "leftSecondCopy", FALSE);
  return g_steal_pointer (&copy);
}

static gboolean
read_copies (AcMailReceipt *receipt, JsonObject *object, GError **error)
{
  JsonArray *copies;

  if (!ac_json_check (object, receipt_members, G_N_ELEMENTS (receipt_members), AC_JSON_STRICT, NULL,
                      error))
    return FALSE;
  copies = ac_json_get_array (object, "copies");
  for (guint i = 0; i < json_array_get_length (copies); i++)
    {
      AcMailCopy *copy = read_copy (copies, i, error);

      if (copy == NULL)
        return FALSE;
      g_ptr_array_add (receipt->copies, copy);
    }
  return TRUE;
}

/**
 * ac_mail_receipt_new_from_json:
 *
 * Returns: (transfer full): the receipt, or %NULL with AC_MAIL_RECEIPT_ERROR_UNREADABLE: then
 * nothing may be done, because nobody knows what has been done.
 */
AcMailReceipt *
ac_mail_receipt_new_from_json (JsonObject *object, GError **error)
{
  g_autoptr (AcMailReceipt) receipt = ac_mail_receipt_new ();
  g_autoptr (GError) problem = NULL;
  gint64 version = ac_json_get_integer (object, "version", 0);

  if (version != VERSION)
    {
      g_set_error (
          error, AC_MAIL_RECEIPT_ERROR, AC_MAIL_RECEIPT_ERROR_UNREADABLE,
          "What was noted about this message was written by another version of the service "
          "(form %" G_GINT64_FORMAT ", this one reads form %d).",
          version, VERSION);
      return NULL;
    }
  if (!read_copies (receipt, object, &problem))
    {
      g_set_error (error, AC_MAIL_RECEIPT_ERROR, AC_MAIL_RECEIPT_ERROR_UNREADABLE,
                   "What was noted about this message cannot be read: %s.", problem->message);
      return NULL;
    }
  return g_steal_pointer (&receipt);
}

static JsonObject *
place_to_json (const AcMailPlace *place)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "uidValidity", place->uid_validity);
  json_object_set_int_member (object, "uidNext", place->uid_next);
  json_object_set_int_member (object, "uid", place->uid);
  return object;
}

static JsonObject *
copy_to_json (const AcMailCopy *copy)
{
  JsonObject *object = json_object_new ();

  ac_json_set_string (object, "state", states[copy->state]);
  ac_json_set_string (object, "folder", copy->folder);
  json_object_set_int_member (object, "uidValidity", copy->uid_validity);
  json_object_set_int_member (object, "uid", copy->uid);
  ac_json_set_strings (object, "flags", (const char *const *)copy->flags);
  ac_json_set_time (object, "date", copy->date);
  json_object_set_int_member (object, "size", copy->size);
  json_object_set_object_member (object, "kept", place_to_json (&copy->kept));
  if (copy->back.uid_validity != 0)
    json_object_set_object_member (object, "back", place_to_json (&copy->back));
  if (copy->folder_was_made)
    json_object_set_boolean_member (object, "folderWasMade", TRUE);
  if (copy->left_second_copy)
    json_object_set_boolean_member (object, "leftSecondCopy", TRUE);
  return object;
}

/**
 * ac_mail_receipt_to_json:
 *
 * Returns: (transfer full): the receipt for AcTask.
 */
JsonObject *
ac_mail_receipt_to_json (const AcMailReceipt *receipt)
{
  JsonObject *object = json_object_new ();
  JsonArray *copies = json_array_new ();

  for (guint i = 0; i < receipt->copies->len; i++)
    json_array_add_object_element (copies, copy_to_json (receipt->copies->pdata[i]));
  json_object_set_int_member (object, "version", VERSION);
  json_object_set_array_member (object, "copies", copies);
  return object;
}

/**
 * ac_mail_receipt_count:
 *
 * Returns: how many copies are in this state.
 */
guint
ac_mail_receipt_count (const AcMailReceipt *receipt, AcMailCopyState state)
{
  guint n = 0;

  for (guint i = 0; i < receipt->copies->len; i++)
    n += ((const AcMailCopy *)receipt->copies->pdata[i])->state == state;
  return n;
}
