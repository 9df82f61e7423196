/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/ac-json.h"
#include "responders/ac-device-path.h"
#include "responders/ac-device-receipt.h"

/* Goes up when a reader of the old form would misunderstand the new one. */
#define VERSION 1

static const char *const states[] = {
  [AC_DEVICE_MOVING] = "moving",       [AC_DEVICE_COPYING] = "copying",
  [AC_DEVICE_REMOVING] = "removing",   [AC_DEVICE_MOVED] = "moved",
  [AC_DEVICE_RESTORING] = "restoring", [AC_DEVICE_RESTORED] = "restored",
};

/* Paths are escaped as in a URI: they are bytes. */
static const AcJsonMember members[] = {
  { "version", AC_JSON_INTEGER, TRUE },  { "state", AC_JSON_TEXT, TRUE },
  { "place", AC_JSON_TEXT, TRUE },       { "kept", AC_JSON_TEXT, TRUE },
  { "aside", AC_JSON_TEXT, FALSE },      { "isCopy", AC_JSON_BOOLEAN, TRUE },
  { "sha256", AC_JSON_TEXT, TRUE },      { "size", AC_JSON_INTEGER, TRUE },
  { "owner", AC_JSON_INTEGER, TRUE },    { "group", AC_JSON_INTEGER, TRUE },
  { "mode", AC_JSON_INTEGER, TRUE },     { "accessed", AC_JSON_INTEGER, TRUE },
  { "modified", AC_JSON_INTEGER, TRUE }, { "extra", AC_JSON_OBJECT, FALSE },
};

G_DEFINE_QUARK (ac - device - receipt - error - quark, ac_device_receipt_error)

AcDeviceReceipt *
ac_device_receipt_new (void)
{
  return g_new0 (AcDeviceReceipt, 1);
}

void
ac_device_receipt_free (AcDeviceReceipt *receipt)
{
  g_free (receipt->place);
  g_free (receipt->kept);
  g_free (receipt->aside);
  g_free (receipt->sha256);
  g_clear_pointer (&receipt->extra, ac_device_extra_free);
  g_free (receipt);
}

static gboolean
unreadable (GError **error, const char *what)
{
  g_set_error (error, AC_DEVICE_RECEIPT_ERROR, AC_DEVICE_RECEIPT_ERROR_UNREADABLE,
               "What was noted about this file cannot be read: %s.", what);
  return FALSE;
}

static gboolean
read_number (JsonObject *object, const char *name, guint32 *number, GError **error)
{
  gint64 value = ac_json_get_integer (object, name, -1);

  if (value < 0 || value > G_MAXUINT32)
    return unreadable (error, "a number is out of range");
  *number = (guint32)value;
  return TRUE;
}

static gboolean
read_state (JsonObject *object, AcDeviceState *state, GError **error)
{
  const char *text = ac_json_get_string (object, "state");

  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    if (g_strcmp0 (text, states[i]) == 0)
      {
        *state = (AcDeviceState)i;
        return TRUE;
      }
  return unreadable (error, "its state is not known");
}

static gboolean
read_paths (AcDeviceReceipt *receipt, JsonObject *object, GError **error)
{
  const char *aside = ac_json_get_string (object, "aside");

  receipt->place = ac_device_path_unescape (ac_json_get_string (object, "place"));
  receipt->kept = ac_device_path_unescape (ac_json_get_string (object, "kept"));
  receipt->aside = aside != NULL ? ac_device_path_unescape (aside) : NULL;
  return (receipt->place != NULL && receipt->kept != NULL &&
          (aside == NULL) == (receipt->aside == NULL)) ||
         unreadable (error, "a path is damaged");
}

static gboolean
read_extra (AcDeviceReceipt *receipt, JsonObject *object, GError **error)
{
  JsonObject *extra = ac_json_get_object (object, "extra");

  if (extra == NULL)
    return TRUE;
  receipt->extra = ac_device_extra_new_from_json (extra);
  return receipt->extra != NULL || unreadable (error, "its attributes are damaged");
}

/**
 * ac_device_receipt_new_from_json:
 *
 * Returns: (transfer full): the receipt, or %NULL with AC_DEVICE_RECEIPT_ERROR_UNREADABLE: then
 * nothing may be done, because nobody knows what has been done.
 */
AcDeviceReceipt *
ac_device_receipt_new_from_json (JsonObject *object, GError **error)
{
  g_autoptr (AcDeviceReceipt) receipt = ac_device_receipt_new ();
  g_autoptr (GError) problem = NULL;

  if (ac_json_get_integer (object, "version", 0) != VERSION)
    {
      unreadable (error, "another version of the service has written it");
      return NULL;
    }
  if (!ac_json_check (object, members, G_N_ELEMENTS (members), AC_JSON_STRICT, NULL, &problem))
    {
      unreadable (error, problem->message);
      return NULL;
    }
  receipt->is_copy = ac_json_get_boolean (object, "isCopy", FALSE);
  receipt->sha256 = g_strdup (ac_json_get_string (object, "sha256"));
  receipt->was.size = (guint64)ac_json_get_integer (object, "size", 0);
  if (!read_state (object, &receipt->state, error) || !read_paths (receipt, object, error) ||
      !read_number (object, "owner", &receipt->was.owner, error) ||
      !read_number (object, "group", &receipt->was.group, error) ||
      !read_number (object, "mode", &receipt->was.mode, error) ||
      !read_number (object, "accessed", &receipt->was.accessed, error) ||
      !read_number (object, "modified", &receipt->was.modified, error) ||
      !read_extra (receipt, object, error))
    return NULL;
  return g_steal_pointer (&receipt);
}

static void
set_path (JsonObject *object, const char *name, const char *path)
{
  g_autofree char *text = path != NULL ? ac_device_path_escape (path) : NULL;

  ac_json_set_string (object, name, text);
}

/**
 * ac_device_receipt_to_json:
 *
 * Returns: (transfer full): the receipt for AcTask.
 */
JsonObject *
ac_device_receipt_to_json (const AcDeviceReceipt *receipt)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "version", VERSION);
  ac_json_set_string (object, "state", states[receipt->state]);
  set_path (object, "place", receipt->place);
  set_path (object, "kept", receipt->kept);
  set_path (object, "aside", receipt->aside);
  json_object_set_boolean_member (object, "isCopy", receipt->is_copy);
  ac_json_set_string (object, "sha256", receipt->sha256);
  json_object_set_int_member (object, "size", (gint64)receipt->was.size);
  json_object_set_int_member (object, "owner", receipt->was.owner);
  json_object_set_int_member (object, "group", receipt->was.group);
  json_object_set_int_member (object, "mode", receipt->was.mode);
  json_object_set_int_member (object, "accessed", receipt->was.accessed);
  json_object_set_int_member (object, "modified", receipt->was.modified);
  if (receipt->extra != NULL)
    json_object_set_object_member (object, "extra", ac_device_extra_to_json (receipt->extra));
  return object;
}
