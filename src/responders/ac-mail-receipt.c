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

static gpointer
read_copy (JsonObject *object, GError **error)
{
  g_autoptr (AcMailCopy) copy = g_new0 (AcMailCopy, 1);
  guint state;

  if (!ac_json_check (object, copy_members, G_N_ELEMENTS (copy_members), AC_JSON_STRICT, "copies",
                      error) ||
      !ac_mail_receipt_read_state (object, states, G_N_ELEMENTS (states), &state, error) ||
      !ac_mail_receipt_read_number (object, "uidValidity", &copy->uid_validity, error) ||
      !ac_mail_receipt_read_number (object, "uid", &copy->uid, error) ||
      !ac_mail_receipt_read_number (object, "size", &copy->size, error) ||
      !ac_mail_place_read (object, "kept", &copy->kept, error) ||
      !ac_mail_place_read (object, "back", &copy->back, error))
    return NULL;
  copy->state = (AcMailCopyState)state;
  copy->may_be_gone = copy->state == AC_MAIL_COPY_MOVING;
  copy->folder = g_strdup (ac_json_get_string (object, "folder"));
  copy->flags = ac_json_get_strings (object, "flags");
  if (copy->flags == NULL)
    copy->flags = g_new0 (char *, 1);
  copy->date = ac_json_get_time (object, "date");
  copy->folder_was_made = ac_json_get_boolean (object, "folderWasMade", FALSE);
  copy->left_second_copy = ac_json_get_boolean (object, "leftSecondCopy", FALSE);
  return g_steal_pointer (&copy);
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

  if (!ac_mail_receipt_check_version (object, VERSION, error) ||
      !ac_mail_receipt_read_copies (object, receipt_members, G_N_ELEMENTS (receipt_members),
                                    read_copy, receipt->copies, error))
    return NULL;
  return g_steal_pointer (&receipt);
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
  ac_mail_place_write (object, "kept", &copy->kept);
  if (copy->back.uid_validity != 0)
    ac_mail_place_write (object, "back", &copy->back);
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
