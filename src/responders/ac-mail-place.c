/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "responders/ac-mail-place.h"

static const AcJsonMember place_members[] = {
  { "uidValidity", AC_JSON_INTEGER, TRUE, AC_VOCABULARY_NONE },
  { "uidNext", AC_JSON_INTEGER, TRUE, AC_VOCABULARY_NONE },
  { "uid", AC_JSON_INTEGER, TRUE, AC_VOCABULARY_NONE },
};

G_DEFINE_QUARK (ac - mail - receipt - error - quark, ac_mail_receipt_error)

/**
 * ac_mail_receipt_read_number:
 *
 * Reads a number of 32 bits, 0 where there is none; anything else was not written by us.
 */
gboolean
ac_mail_receipt_read_number (JsonObject *object, const char *name, guint32 *number, GError **error)
{
  gint64 value = ac_json_get_integer (object, name, 0);

  if (value < 0 || value > G_MAXUINT32)
    {
      g_set_error (error, AC_MAIL_RECEIPT_ERROR, AC_MAIL_RECEIPT_ERROR_UNREADABLE,
                   "“%s” is out of range", name);
      return FALSE;
    }
  *number = (guint32)value;
  return TRUE;
}

/**
 * ac_mail_receipt_read_state:
 * @states: (array length=n_states): what stands in a receipt for each
 * @state: (out): the index of the copy's “state” among them
 */
gboolean
ac_mail_receipt_read_state (JsonObject *object,
                            const char *const *states,
                            gsize n_states,
                            guint *state,
                            GError **error)
{
  const char *text = ac_json_get_string (object, "state");

  for (gsize i = 0; i < n_states; i++)
    if (g_strcmp0 (text, states[i]) == 0)
      {
        *state = (guint)i;
        return TRUE;
      }
  g_set_error (error, AC_MAIL_RECEIPT_ERROR, AC_MAIL_RECEIPT_ERROR_UNREADABLE,
               "“%s” is no state of a copy", text);
  return FALSE;
}

/**
 * ac_mail_place_read:
 * @place: left as it is where there is no member of this name
 */
gboolean
ac_mail_place_read (JsonObject *object, const char *name, AcMailPlace *place, GError **error)
{
  JsonObject *member = ac_json_get_object (object, name);

  return member == NULL ||
         (ac_json_check (member, place_members, G_N_ELEMENTS (place_members), AC_JSON_STRICT, name,
                         error) &&
          ac_mail_receipt_read_number (member, "uidValidity", &place->uid_validity, error) &&
          ac_mail_receipt_read_number (member, "uidNext", &place->uid_next, error) &&
          ac_mail_receipt_read_number (member, "uid", &place->uid, error));
}

/**
 * ac_mail_place_write:
 *
 * Puts the place behind what is in @object.
 */
void
ac_mail_place_write (JsonObject *object, const char *name, const AcMailPlace *place)
{
  JsonObject *member = json_object_new ();

  json_object_set_int_member (member, "uidValidity", place->uid_validity);
  json_object_set_int_member (member, "uidNext", place->uid_next);
  json_object_set_int_member (member, "uid", place->uid);
  json_object_set_object_member (object, name, member);
}

/**
 * ac_mail_receipt_check_version:
 * @version: that this program writes and reads
 */
gboolean
ac_mail_receipt_check_version (JsonObject *object, gint64 version, GError **error)
{
  gint64 written = ac_json_get_integer (object, "version", 0);

  if (written == version)
    return TRUE;
  g_set_error (error, AC_MAIL_RECEIPT_ERROR, AC_MAIL_RECEIPT_ERROR_UNREADABLE,
               "What was noted about this message was written by another version of the service "
               "(form %" G_GINT64_FORMAT ", this one reads form %" G_GINT64_FORMAT ").",
               written, version);
  return FALSE;
}

static gboolean
read_copies (JsonObject *object,
             const AcJsonMember *members,
             gsize n_members,
             AcMailCopyReader reader,
             GPtrArray *copies,
             GError **error)
{
  JsonArray *array;

  if (!ac_json_check (object, members, n_members, AC_JSON_STRICT, NULL, error))
    return FALSE;
  array = ac_json_get_array (object, "copies");
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *one = ac_json_element_object (array, i, "copies", error);
      gpointer copy = one != NULL ? reader (one, error) : NULL;

      if (copy == NULL)
        return FALSE;
      g_ptr_array_add (copies, copy);
    }
  return TRUE;
}

/**
 * ac_mail_receipt_read_copies:
 * @members: (array length=n_members): what the receipt may have
 * @copies: what @reader returns is put behind what is in it
 *
 * Returns: %FALSE with AC_MAIL_RECEIPT_ERROR_UNREADABLE, in a sentence for a person.
 */
gboolean
ac_mail_receipt_read_copies (JsonObject *object,
                             const AcJsonMember *members,
                             gsize n_members,
                             AcMailCopyReader reader,
                             GPtrArray *copies,
                             GError **error)
{
  g_autoptr (GError) problem = NULL;

  if (read_copies (object, members, n_members, reader, copies, &problem))
    return TRUE;
  g_set_error (error, AC_MAIL_RECEIPT_ERROR, AC_MAIL_RECEIPT_ERROR_UNREADABLE,
               "What was noted about this message cannot be read: %s.", problem->message);
  return FALSE;
}
