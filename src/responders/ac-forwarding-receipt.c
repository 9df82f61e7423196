/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scripts stand in it as base64, because a script that somebody has laid into his folder by hand
 * need not be UTF-8 and must come back byte for byte; and each with its SHA-256, which is checked.
 */
#include "config.h"

#include "model/ac-json.h"

#include "responders/ac-forwarding-receipt.h"

/* Goes up when a reader of the old form would misunderstand the new one. */
#define VERSION 1

static const char *const states[] = {
  [AC_FORWARDING_REPLACING] = "replacing",
  [AC_FORWARDING_REPLACED] = "replaced",
  [AC_FORWARDING_RESTORING] = "restoring",
  [AC_FORWARDING_RESTORED] = "restored",
};

static const AcJsonMember receipt_members[] = {
  { "version", AC_JSON_INTEGER, TRUE, AC_VOCABULARY_NONE },
  { "state", AC_JSON_TEXT, TRUE, AC_VOCABULARY_NONE },
  { "original", AC_JSON_OBJECT, TRUE, AC_VOCABULARY_NONE },
  { "ours", AC_JSON_OBJECT, TRUE, AC_VOCABULARY_NONE },
};

static const AcJsonMember script_members[] = {
  { "name", AC_JSON_TEXT, TRUE, AC_VOCABULARY_NONE },
  { "sha256", AC_JSON_TEXT, TRUE, AC_VOCABULARY_NONE },
  { "base64", AC_JSON_STRING, TRUE, AC_VOCABULARY_NONE },
};

G_DEFINE_QUARK (ac - forwarding - receipt - error - quark, ac_forwarding_receipt_error)

/**
 * ac_forwarding_receipt_new:
 *
 * Returns: (transfer full): the receipt for putting one script in the place of another.
 */
AcForwardingReceipt *
ac_forwarding_receipt_new (const char *original_name,
                           GBytes *original,
                           const char *our_name,
                           GBytes *ours)
{
  AcForwardingReceipt *receipt = g_new0 (AcForwardingReceipt, 1);

  receipt->original_name = g_strdup (original_name);
  receipt->original = g_bytes_ref (original);
  receipt->our_name = g_strdup (our_name);
  receipt->ours = g_bytes_ref (ours);
  return receipt;
}

void
ac_forwarding_receipt_free (AcForwardingReceipt *receipt)
{
  g_free (receipt->original_name);
  g_clear_pointer (&receipt->original, g_bytes_unref);
  g_free (receipt->our_name);
  g_clear_pointer (&receipt->ours, g_bytes_unref);
  g_free (receipt);
}

static gboolean
unreadable (const char *what, GError **error)
{
  g_set_error_literal (error, AC_FORWARDING_RECEIPT_ERROR, AC_FORWARDING_RECEIPT_ERROR_UNREADABLE,
                       what);
  return FALSE;
}

static gboolean
read_script (JsonObject *receipt, const char *member, char **name, GBytes **script, GError **error)
{
  JsonObject *object = ac_json_get_object (receipt, member);
  g_autofree char *sha256 = NULL;
  guchar *data;
  gsize length;

  if (!ac_json_check (object, script_members, G_N_ELEMENTS (script_members), AC_JSON_STRICT, member,
                      error))
    return FALSE;
  data = g_base64_decode (ac_json_get_string (object, "base64"), &length);
  *name = g_strdup (ac_json_get_string (object, "name"));
  *script = g_bytes_new_take (data, length);
  sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, *script);
  return g_str_equal (sha256, ac_json_get_string (object, "sha256")) ||
         unreadable ("a script in it has another SHA-256 than stands beside it", error);
}

static gboolean
read_state (AcForwardingReceipt *receipt, JsonObject *object, GError **error)
{
  const char *text = ac_json_get_string (object, "state");

  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    if (g_strcmp0 (text, states[i]) == 0)
      {
        receipt->state = (AcForwardingState)i;
        return TRUE;
      }
  return unreadable ("its state is none", error);
}

/**
 * ac_forwarding_receipt_new_from_json:
 *
 * Returns: (transfer full): the receipt, or %NULL with AC_FORWARDING_RECEIPT_ERROR_UNREADABLE.
 */
AcForwardingReceipt *
ac_forwarding_receipt_new_from_json (JsonObject *object, GError **error)
{
  g_autoptr (AcForwardingReceipt) receipt = g_new0 (AcForwardingReceipt, 1);
  g_autoptr (GError) problem = NULL;
  gint64 version = ac_json_get_integer (object, "version", 0);

  if (version != VERSION)
    {
      g_set_error (
          error, AC_FORWARDING_RECEIPT_ERROR, AC_FORWARDING_RECEIPT_ERROR_UNREADABLE,
          "What was noted about this mailbox was written by another version of the service "
          "(form %" G_GINT64_FORMAT ", this one reads form %d).",
          version, VERSION);
      return NULL;
    }
  if (!ac_json_check (object, receipt_members, G_N_ELEMENTS (receipt_members), AC_JSON_STRICT, NULL,
                      &problem) ||
      !read_state (receipt, object, &problem) ||
      !read_script (object, "original", &receipt->original_name, &receipt->original, &problem) ||
      !read_script (object, "ours", &receipt->our_name, &receipt->ours, &problem))
    {
      g_set_error (error, AC_FORWARDING_RECEIPT_ERROR, AC_FORWARDING_RECEIPT_ERROR_UNREADABLE,
                   "What was noted about this mailbox cannot be read: %s.", problem->message);
      return NULL;
    }
  return g_steal_pointer (&receipt);
}

static JsonObject *
script_to_json (const char *name, GBytes *script)
{
  JsonObject *object = json_object_new ();
  g_autofree char *sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, script);
  g_autofree char *base64 = NULL;
  const guchar *data;
  gsize length;

  data = g_bytes_get_data (script, &length);
  base64 = length > 0 ? g_base64_encode (data, length) : g_strdup ("");
  ac_json_set_string (object, "name", name);
  ac_json_set_string (object, "sha256", sha256);
  json_object_set_string_member (object, "base64", base64);
  return object;
}

/**
 * ac_forwarding_receipt_to_json:
 *
 * Returns: (transfer full): the receipt for AcTask.
 */
JsonObject *
ac_forwarding_receipt_to_json (const AcForwardingReceipt *receipt)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "version", VERSION);
  ac_json_set_string (object, "state", states[receipt->state]);
  json_object_set_object_member (object, "original",
                                 script_to_json (receipt->original_name, receipt->original));
  json_object_set_object_member (object, "ours", script_to_json (receipt->our_name, receipt->ours));
  return object;
}
