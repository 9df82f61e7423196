/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/ac-json.h"
#include "model/ac-time.h"
#include "responders/ac-url-receipt.h"

/* Goes up when a reader of the old form would misunderstand the new one. */
#define VERSION 1

static const char *const states[] = {
  [AC_URL_STATE_BLOCKING] = "blocking",
  [AC_URL_STATE_BLOCKED] = "blocked",
  [AC_URL_STATE_UNBLOCKING] = "unblocking",
  [AC_URL_STATE_UNBLOCKED] = "unblocked",
};

static const AcJsonMember members[] = {
  { "version", AC_JSON_INTEGER, TRUE },
  { "state", AC_JSON_TEXT, TRUE },
  { "scope", AC_JSON_ENUM, TRUE, AC_VOCABULARY_URL_SCOPE },
  { "key", AC_JSON_TEXT, TRUE },
  { "expiresAt", AC_JSON_TIME, FALSE },
  { "left", AC_JSON_TEXT, FALSE },
};

G_DEFINE_QUARK (ac - url - receipt - error - quark, ac_url_receipt_error)

/**
 * ac_url_receipt_new:
 *
 * Returns: (transfer full): the receipt of what is about to be blocked.
 */
AcUrlReceipt *
ac_url_receipt_new (const AcUrlPattern *pattern, gint64 expires_at)
{
  AcUrlReceipt *receipt = g_new0 (AcUrlReceipt, 1);

  receipt->state = AC_URL_STATE_BLOCKING;
  receipt->pattern = ac_url_pattern_copy (pattern);
  receipt->expires_at = expires_at;
  return receipt;
}

static gboolean
read_state (const char *text, AcUrlState *state)
{
  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    if (g_strcmp0 (text, states[i]) == 0)
      {
        *state = (AcUrlState)i;
        return TRUE;
      }
  return FALSE;
}

/**
 * ac_url_receipt_new_from_json:
 *
 * Returns: (transfer full): the receipt, or %NULL with AC_URL_RECEIPT_ERROR_UNREADABLE: then
 * nothing may be done, because nobody knows what has been done.
 */
AcUrlReceipt *
ac_url_receipt_new_from_json (JsonObject *object, GError **error)
{
  gint64 version = ac_json_get_integer (object, "version", 0);
  const char *scope = ac_json_get_string (object, "scope");
  const char *key = ac_json_get_string (object, "key");
  const char *left_text = ac_json_get_string (object, "left");
  AcBlockLeft left = AC_BLOCK_LEFT_NOTHING;
  g_autoptr (AcUrlPattern) pattern = NULL;
  g_autoptr (AcUrlReceipt) receipt = NULL;
  AcUrlState state;

  if (version != VERSION ||
      !ac_json_check (object, members, G_N_ELEMENTS (members), AC_JSON_STRICT, NULL, NULL) ||
      !read_state (ac_json_get_string (object, "state"), &state) ||
      (left_text != NULL && !ac_block_left_from_string (left_text, &left)) ||
      (pattern = ac_url_pattern_new_from_key (ac_url_scope_parse (scope), key)) == NULL)
    {
      g_set_error (error, AC_URL_RECEIPT_ERROR, AC_URL_RECEIPT_ERROR_UNREADABLE,
                   "What was noted about this block cannot be read; it was written by another "
                   "version of the service (form %" G_GINT64_FORMAT ", this one reads form %d).",
                   version, VERSION);
      return NULL;
    }
  receipt = ac_url_receipt_new (pattern, ac_json_get_time (object, "expiresAt"));
  receipt->state = state;
  receipt->left = left;
  return g_steal_pointer (&receipt);
}

/**
 * ac_url_receipt_to_json:
 *
 * Returns: (transfer full): the receipt for AcTask.
 */
JsonObject *
ac_url_receipt_to_json (const AcUrlReceipt *receipt)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "version", VERSION);
  ac_json_set_string (object, "state", states[receipt->state]);
  ac_json_set_string (object, "scope", ac_url_scope_wire (receipt->pattern->scope));
  ac_json_set_string (object, "key", receipt->pattern->key);
  if (receipt->expires_at != AC_TIME_NONE)
    ac_json_set_time (object, "expiresAt", receipt->expires_at);
  if (receipt->left != AC_BLOCK_LEFT_NOTHING)
    ac_json_set_string (object, "left", ac_block_left_to_string (receipt->left));
  return object;
}

void
ac_url_receipt_free (AcUrlReceipt *receipt)
{
  if (receipt == NULL)
    return;
  ac_url_pattern_free (receipt->pattern);
  g_free (receipt);
}
