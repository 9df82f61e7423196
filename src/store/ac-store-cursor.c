/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cursors of lists and tokens of the change log: opaque to others, signed, so that what comes back
 * is what was given out and garbage is told from a place in a list. */
#include "config.h"

#include <string.h>

#include "model/ac-time.h"
#include "store/ac-store-private.h"

/* Enough to tell garbage; nobody gains anything by forging one. */
#define SIGNATURE_LENGTH 16

#define MAX_TEXT 65536

/* What a cursor begins with. The one without number, of older versions, told equals apart by their
 * id. */
#define CURSOR "cursor2"
#define OLD_CURSOR "cursor"

void
ac_cursor_free (AcCursor *cursor)
{
  if (cursor == NULL)
    return;
  g_free (cursor->query);
  g_free (cursor->id);
  g_free (cursor->text);
  g_free (cursor);
}

static char *
sign (AcStore *self, const char *payload)
{
  gsize length;
  const guchar *secret = g_bytes_get_data (self->secret, &length);
  g_autofree char *full =
      g_compute_hmac_for_string (G_CHECKSUM_SHA256, secret, length, payload, -1);

  return g_strndup (full, SIGNATURE_LENGTH);
}

/* base64url without padding (RFC 4648 §5): nothing of it has to be escaped in a query. */
static char *
encode (const char *payload)
{
  char *text = g_base64_encode ((const guchar *)payload, strlen (payload));

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';
  return text;
}

static char *
decode (const char *text)
{
  gsize length = strlen (text);
  g_autofree char *padded = NULL;
  g_autofree guchar *data = NULL;
  gsize data_length;

  if (length == 0 || length > MAX_TEXT ||
      strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != length)
    return NULL;
  padded = g_strconcat (text, &"==="[3 - (4 - length % 4) % 4], NULL);
  g_strdelimit (padded, "-", '+');
  g_strdelimit (padded, "_", '/');
  data = g_base64_decode (padded, &data_length);
  if (data_length == 0 || memchr (data, '\0', data_length) != NULL)
    return NULL;
  return g_strndup ((const char *)data, data_length);
}

/* "SIGNATURE payload" */
static char *
seal (AcStore *self, const char *payload)
{
  g_autofree char *signature = sign (self, payload);
  g_autofree char *sealed = g_strconcat (signature, " ", payload, NULL);

  return encode (sealed);
}

/**
 * ac_store_format_cursor:
 *
 * Returns: (transfer full): text for a URL.
 */
char *
ac_store_format_cursor (AcStore *self, const AcCursor *cursor)
{
  /* The key stands last, because it may hold anything. */
  g_autofree char *payload = g_strdup_printf (
      CURSOR " %s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s %" G_GINT64_FORMAT " %c%s",
      cursor->query, cursor->made_at, cursor->total, cursor->id, cursor->number,
      cursor->text != NULL ? 's' : 'i', cursor->text != NULL ? cursor->text : "");

  return seal (self, payload);
}

static AcCursor *
old_cursor (GError **error)
{
  g_set_error_literal (error, AC_STORE_ERROR, AC_STORE_ERROR_CURSOR_EXPIRED,
                       "This cursor is too old. Start again without a cursor.");
  return NULL;
}

static AcCursor *
bad_cursor (GError **error)
{
  g_set_error_literal (error, AC_STORE_ERROR, AC_STORE_ERROR_BAD_CURSOR,
                       "This is not a cursor of this list. Start again without a cursor.");
  return NULL;
}

/**
 * ac_store_parse_cursor:
 * @query: the digest of the query that is asked now
 *
 * Returns: (transfer full): the place, or %NULL with AC_STORE_ERROR_BAD_CURSOR or
 * AC_STORE_ERROR_CURSOR_EXPIRED.
 */
AcCursor *
ac_store_parse_cursor (AcStore *self, const char *text, const char *query, GError **error)
{
  g_autofree char *sealed = decode (text);
  g_autofree char *signature = NULL;
  g_autoptr (AcCursor) cursor = NULL;
  g_auto (GStrv) parts = NULL;
  const char *payload;

  if (sealed == NULL || strlen (sealed) <= SIGNATURE_LENGTH)
    return bad_cursor (error);
  payload = sealed + SIGNATURE_LENGTH + 1;
  signature = sign (self, payload);
  if (strncmp (sealed, signature, SIGNATURE_LENGTH) != 0 || sealed[SIGNATURE_LENGTH] != ' ')
    return bad_cursor (error);
  parts = g_strsplit (payload, " ", 7);
  if (g_strcmp0 (parts[0], OLD_CURSOR) == 0)
    return old_cursor (error);
  if (g_strv_length (parts) != 7 || strcmp (parts[0], CURSOR) != 0 || strcmp (parts[1], query) != 0)
    return bad_cursor (error);

  cursor = g_new0 (AcCursor, 1);
  cursor->query = g_strdup (parts[1]);
  cursor->made_at = g_ascii_strtoll (parts[2], NULL, 10);
  cursor->total = g_ascii_strtoll (parts[3], NULL, 10);
  cursor->id = g_strdup (parts[4]);
  cursor->number = g_ascii_strtoll (parts[5], NULL, 10);
  cursor->text = parts[6][0] == 's' ? g_strdup (parts[6] + 1) : NULL;
  if (ac_time_now () - cursor->made_at > self->cursor_lifetime)
    return old_cursor (error);
  return g_steal_pointer (&cursor);
}

/**
 * ac_change_place_equal:
 *
 * Returns: whether both are behind the same change, as far as it is known.
 */
gboolean
ac_change_place_equal (const AcChangePlace *a, const AcChangePlace *b)
{
  return a->seq == b->seq && (a->at == b->at || a->at == AC_TIME_NONE || b->at == AC_TIME_NONE);
}

/**
 * ac_store_format_token:
 * @place: behind the last change that was seen
 *
 * Returns: (transfer full): text for a URL.
 */
char *
ac_store_format_token (AcStore *self, const AcChangePlace *place)
{
  g_autofree char *payload =
      place->at != AC_TIME_NONE
          ? g_strdup_printf ("changes %s %" G_GINT64_FORMAT " %" G_GINT64_MODIFIER "x",
                             self->database_id, place->seq, (guint64)place->at)
          : g_strdup_printf ("changes %s %" G_GINT64_FORMAT, self->database_id, place->seq);

  return seal (self, payload);
}

/**
 * ac_store_parse_token:
 * @place: (out): behind the last change that was seen; a token of an older version does not know
 * its time
 *
 * Returns: %FALSE with AC_STORE_ERROR_BAD_CURSOR for garbage, and with AC_STORE_ERROR_TOKEN_GONE
 * for a token of another database.
 */
gboolean
ac_store_parse_token (AcStore *self, const char *text, AcChangePlace *place, GError **error)
{
  g_autofree char *sealed = decode (text);
  g_autofree char *signature = NULL;
  g_auto (GStrv) parts = NULL;

  if (sealed != NULL && strlen (sealed) > SIGNATURE_LENGTH)
    parts = g_strsplit (sealed + SIGNATURE_LENGTH + 1, " ", 4);
  if (parts == NULL || g_strv_length (parts) < 3 || strcmp (parts[0], "changes") != 0)
    {
      g_set_error_literal (error, AC_STORE_ERROR, AC_STORE_ERROR_BAD_CURSOR,
                           "This is not a token of the change log. Read everything anew.");
      return FALSE;
    }
  if (strcmp (parts[1], self->database_id) != 0)
    {
      g_set_error_literal (error, AC_STORE_ERROR, AC_STORE_ERROR_TOKEN_GONE,
                           "This token belongs to another database. Read everything anew.");
      return FALSE;
    }
  signature = sign (self, sealed + SIGNATURE_LENGTH + 1);
  if (strncmp (sealed, signature, SIGNATURE_LENGTH) != 0)
    {
      g_set_error_literal (error, AC_STORE_ERROR, AC_STORE_ERROR_BAD_CURSOR,
                           "This is not a token of the change log. Read everything anew.");
      return FALSE;
    }
  place->seq = g_ascii_strtoll (parts[2], NULL, 10);
  place->at = parts[3] != NULL ? (gint64)g_ascii_strtoull (parts[3], NULL, 16) : AC_TIME_NONE;
  return TRUE;
}
