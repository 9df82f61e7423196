/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/ac-json.h"
#include "model/ac-time.h"

#include "responders/ac-quarantine-receipt.h"

/* Goes up when a reader of the old form would misunderstand the new one. */
#define VERSION 1

static const char *const states[] = {
  [AC_QUARANTINE_COPYING] = "copying",   [AC_QUARANTINE_COPIED] = "copied",
  [AC_QUARANTINE_STANDING] = "standing", [AC_QUARANTINE_STOOD] = "stood",
  [AC_QUARANTINE_KEPT] = "kept",         [AC_QUARANTINE_RESTORING] = "restoring",
  [AC_QUARANTINE_RETURNED] = "returned", [AC_QUARANTINE_RESTORED] = "restored",
};

static const AcJsonMember receipt_members[] = {
  { "version", AC_JSON_INTEGER, TRUE, AC_VOCABULARY_NONE },
  { "account", AC_JSON_TEXT, FALSE, AC_VOCABULARY_NONE },
  { "keptFolder", AC_JSON_TEXT, FALSE, AC_VOCABULARY_NONE },
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
  { "sha256", AC_JSON_TEXT, FALSE, AC_VOCABULARY_NONE },
  { "kept", AC_JSON_OBJECT, FALSE, AC_VOCABULARY_NONE },
  { "standIn", AC_JSON_OBJECT, FALSE, AC_VOCABULARY_NONE },
  { "standInFolder", AC_JSON_TEXT, FALSE, AC_VOCABULARY_NONE },
  { "standInSize", AC_JSON_INTEGER, FALSE, AC_VOCABULARY_NONE },
  { "standInSha256", AC_JSON_TEXT, FALSE, AC_VOCABULARY_NONE },
  { "breaksSignature", AC_JSON_BOOLEAN, FALSE, AC_VOCABULARY_NONE },
  { "back", AC_JSON_OBJECT, FALSE, AC_VOCABULARY_NONE },
  { "backFolder", AC_JSON_TEXT, FALSE, AC_VOCABULARY_NONE },
  { "folderWasMade", AC_JSON_BOOLEAN, FALSE, AC_VOCABULARY_NONE },
  { "standInGone", AC_JSON_BOOLEAN, FALSE, AC_VOCABULARY_NONE },
};

void
ac_quarantine_copy_free (AcQuarantineCopy *copy)
{
  g_free (copy->folder);
  g_strfreev (copy->flags);
  g_free (copy->sha256);
  g_free (copy->stand_in_folder);
  g_free (copy->stand_in_sha256);
  g_free (copy->back_folder);
  g_clear_error (&copy->set_aside);
  g_free (copy);
}

AcQuarantineReceipt *
ac_quarantine_receipt_new (void)
{
  AcQuarantineReceipt *receipt = g_new0 (AcQuarantineReceipt, 1);

  receipt->copies = g_ptr_array_new_with_free_func ((GDestroyNotify)ac_quarantine_copy_free);
  return receipt;
}

void
ac_quarantine_receipt_free (AcQuarantineReceipt *receipt)
{
  g_free (receipt->account);
  g_free (receipt->kept_folder);
  g_ptr_array_unref (receipt->copies);
  g_free (receipt);
}

static gpointer
read_copy (JsonObject *object, GError **error)
{
  g_autoptr (AcQuarantineCopy) copy = g_new0 (AcQuarantineCopy, 1);
  guint state;

  if (!ac_json_check (object, copy_members, G_N_ELEMENTS (copy_members), AC_JSON_STRICT, "copies",
                      error) ||
      !ac_mail_receipt_read_state (object, states, G_N_ELEMENTS (states), &state, error) ||
      !ac_mail_receipt_read_number (object, "uidValidity", &copy->uid_validity, error) ||
      !ac_mail_receipt_read_number (object, "uid", &copy->uid, error) ||
      !ac_mail_receipt_read_number (object, "size", &copy->size, error) ||
      !ac_mail_receipt_read_number (object, "standInSize", &copy->stand_in_size, error) ||
      !ac_mail_place_read (object, "kept", &copy->kept, error) ||
      !ac_mail_place_read (object, "standIn", &copy->stand_in, error) ||
      !ac_mail_place_read (object, "back", &copy->back, error))
    return NULL;
  copy->state = (AcQuarantineState)state;
  copy->folder = g_strdup (ac_json_get_string (object, "folder"));
  copy->flags = ac_json_get_strings (object, "flags");
  if (copy->flags == NULL)
    copy->flags = g_new0 (char *, 1);
  copy->date = ac_json_get_time (object, "date");
  copy->sha256 = g_strdup (ac_json_get_string (object, "sha256"));
  copy->stand_in_folder = g_strdup (ac_json_get_string (object, "standInFolder"));
  copy->stand_in_sha256 = g_strdup (ac_json_get_string (object, "standInSha256"));
  copy->back_folder = g_strdup (ac_json_get_string (object, "backFolder"));
  copy->breaks_signature = ac_json_get_boolean (object, "breaksSignature", FALSE);
  copy->folder_was_made = ac_json_get_boolean (object, "folderWasMade", FALSE);
  copy->stand_in_gone = ac_json_get_boolean (object, "standInGone", FALSE);
  if (copy->state != AC_QUARANTINE_COPYING && copy->sha256 == NULL)
    {
      g_set_error (error, AC_MAIL_RECEIPT_ERROR, AC_MAIL_RECEIPT_ERROR_UNREADABLE,
                   "“sha256” is missing");
      return NULL;
    }
  return g_steal_pointer (&copy);
}

/**
 * ac_quarantine_receipt_new_from_json:
 *
 * Returns: (transfer full): the receipt, or %NULL with AC_MAIL_RECEIPT_ERROR_UNREADABLE: then
 * nothing may be done, because nobody knows what has been done.
 */
AcQuarantineReceipt *
ac_quarantine_receipt_new_from_json (JsonObject *object, GError **error)
{
  g_autoptr (AcQuarantineReceipt) receipt = ac_quarantine_receipt_new ();

  if (!ac_mail_receipt_check_version (object, VERSION, error) ||
      !ac_mail_receipt_read_copies (object, receipt_members, G_N_ELEMENTS (receipt_members),
                                    read_copy, receipt->copies, error))
    return NULL;
  receipt->account = g_strdup (ac_json_get_string (object, "account"));
  receipt->kept_folder = g_strdup (ac_json_get_string (object, "keptFolder"));
  return g_steal_pointer (&receipt);
}

static void
set_place (JsonObject *object, const char *name, const AcMailPlace *place)
{
  if (place->uid_validity != 0)
    ac_mail_place_write (object, name, place);
}

static void
set_text (JsonObject *object, const char *name, const char *text)
{
  if (text != NULL)
    ac_json_set_string (object, name, text);
}

static void
set_true (JsonObject *object, const char *name, gboolean is_true)
{
  if (is_true)
    json_object_set_boolean_member (object, name, TRUE);
}

static JsonObject *
copy_to_json (const AcQuarantineCopy *copy)
{
  JsonObject *object = json_object_new ();

  ac_json_set_string (object, "state", states[copy->state]);
  ac_json_set_string (object, "folder", copy->folder);
  json_object_set_int_member (object, "uidValidity", copy->uid_validity);
  json_object_set_int_member (object, "uid", copy->uid);
  ac_json_set_strings (object, "flags", (const char *const *)copy->flags);
  ac_json_set_time (object, "date", copy->date);
  json_object_set_int_member (object, "size", copy->size);
  set_text (object, "sha256", copy->sha256);
  set_place (object, "kept", &copy->kept);
  set_place (object, "standIn", &copy->stand_in);
  set_text (object, "standInFolder", copy->stand_in_folder);
  if (copy->stand_in_size != 0)
    json_object_set_int_member (object, "standInSize", copy->stand_in_size);
  set_text (object, "standInSha256", copy->stand_in_sha256);
  set_true (object, "breaksSignature", copy->breaks_signature);
  set_text (object, "backFolder", copy->back_folder);
  set_place (object, "back", &copy->back);
  set_true (object, "folderWasMade", copy->folder_was_made);
  set_true (object, "standInGone", copy->stand_in_gone);
  return object;
}

/**
 * ac_quarantine_receipt_to_json:
 *
 * Returns: (transfer full): the receipt for AcTask.
 */
JsonObject *
ac_quarantine_receipt_to_json (const AcQuarantineReceipt *receipt)
{
  JsonObject *object = json_object_new ();
  JsonArray *copies = json_array_new ();

  for (guint i = 0; i < receipt->copies->len; i++)
    json_array_add_object_element (copies, copy_to_json (receipt->copies->pdata[i]));
  json_object_set_int_member (object, "version", VERSION);
  set_text (object, "account", receipt->account);
  set_text (object, "keptFolder", receipt->kept_folder);
  json_object_set_array_member (object, "copies", copies);
  return object;
}

/**
 * ac_quarantine_receipt_count:
 *
 * Returns: how many copies are in this state.
 */
guint
ac_quarantine_receipt_count (const AcQuarantineReceipt *receipt, AcQuarantineState state)
{
  guint n = 0;

  for (guint i = 0; i < receipt->copies->len; i++)
    n += ((const AcQuarantineCopy *)receipt->copies->pdata[i])->state == state;
  return n;
}
