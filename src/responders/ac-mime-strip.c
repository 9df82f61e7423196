/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "responders/ac-mime-parts.h"
#include "responders/ac-mime-strip.h"

G_DEFINE_QUARK (ac - mime - error - quark, ac_mime_error)

void
ac_mime_stand_in_free (AcMimeStandIn *stand_in)
{
  g_clear_pointer (&stand_in->message, g_bytes_unref);
  g_free (stand_in);
}

static gboolean
has_name (const AcMimePart *part, const AcMimeWanted *wanted)
{
  return wanted->file_name != NULL && g_strcmp0 (part->file_name, wanted->file_name) == 0;
}

/* Whether a part that is taken lies within one that is taken too. */
static gboolean
is_within (const GPtrArray *taken, const AcMimePart *part)
{
  const AcMimePart *last = taken->len > 0 ? taken->pdata[taken->len - 1] : NULL;

  return last != NULL && last->is_known && part->is_known && part->header < last->end;
}

/* Which parts are meant. same_name: (out): one that has the name and another content. */
static GPtrArray *
choose (const AcMimeParts *parts,
        GBytes *message,
        const AcMimeWanted *wanted,
        const AcMimePart **same_name)
{
  GPtrArray *taken = g_ptr_array_new ();

  *same_name = NULL;
  for (guint i = 0; i < parts->parts->len; i++)
    {
      AcMimePart *part = parts->parts->pdata[i];

      if (wanted->part_path != NULL && strcmp (part->path, wanted->part_path) != 0)
        continue;
      if (is_within (taken, part))
        continue;
      if (wanted->sha256 != NULL)
        {
          g_autofree char *digest = ac_mime_part_digest (part, message, NULL);

          if (g_ascii_strcasecmp (digest, wanted->sha256) == 0)
            g_ptr_array_add (taken, part);
          else if (has_name (part, wanted))
            *same_name = part;
        }
      else if (has_name (part, wanted))
        g_ptr_array_add (taken, part);
    }
  return taken;
}

/* Why there is nothing to take, in the order of what tells a person most. */
static void
explain (const AcMimeParts *parts,
         const AcMimeWanted *wanted,
         const AcMimePart *same_name,
         GError **error)
{
  const char *instead = "Quarantine the whole email instead.";

  if (same_name != NULL)
    g_set_error (
        error, AC_MIME_ERROR, AC_MIME_ERROR_OTHER_CONTENT,
        "The message has an attachment “%s”, but its content is not the one that the action "
        "names by its SHA-256; it was left.",
        same_name->file_name);
  else if (parts->has_encrypted)
    g_set_error (error, AC_MIME_ERROR, AC_MIME_ERROR_ENCRYPTED,
                 "The message is encrypted, so that its attachments cannot be seen. %s", instead);
  else if (parts->has_opaque)
    g_set_error (error, AC_MIME_ERROR, AC_MIME_ERROR_WRAPPED,
                 "The message lies as a whole in an S/MIME signature, which is not taken apart. %s",
                 instead);
  else if (parts->has_tnef)
    g_set_error (
        error, AC_MIME_ERROR, AC_MIME_ERROR_WRAPPED,
        "The attachment is none of the message's own; the message has a winmail.dat (TNEF), "
        "which is not taken apart. %s",
        instead);
  else if (parts->is_too_deep)
    g_set_error (error, AC_MIME_ERROR, AC_MIME_ERROR_MALFORMED,
                 "The message has parts within parts deeper than mail has them. %s", instead);
  else
    g_set_error (error, AC_MIME_ERROR, AC_MIME_ERROR_NO_SUCH_PART,
                 "The message has no attachment “%s”%s.",
                 wanted->file_name != NULL ? wanted->file_name : "",
                 wanted->sha256 != NULL ? " with this SHA-256" : "");
}

/* One line without what a mail program might take for more than text. */
static char *
clean_name (const char *name)
{
  GString *clean = g_string_new (NULL);

  for (const char *at = name; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (g_unichar_isprint (c))
        g_string_append_unichar (clean, c);
      else
        g_string_append_unichar (clean, 0xfffd);
    }
  return g_string_free (clean, FALSE);
}

static char *
write_notice (const AcMimePart *part, GBytes *message, const char *reference)
{
  g_autofree char *digest = ac_mime_part_digest (part, message, NULL);
  g_autofree char *name = clean_name (part->file_name != NULL ? part->file_name : "");

  return g_strdup_printf (
      "%s%s%s was taken out of this message because it was judged to be harmful.\r\n"
      "\r\n"
      "SHA-256: %s\r\n"
      "Reference: %s\r\n"
      "\r\n"
      "The whole message is in quarantine. Whoever needs the attachment asks the\r\n"
      "security team, naming the reference.\r\n"
      "%s",
      *name != '\0' ? "The attachment “" : "An attachment", name, *name != '\0' ? "”" : "", digest,
      reference,
      part->is_signed ? "\r\nThe message is signed. Without the attachment its signature cannot be "
                        "verified\r\nany more; the one in quarantine is unchanged.\r\n"
                      : "");
}

static const char *
newline_of (const char *data, gsize length)
{
  const char *newline = memchr (data, '\n', length);

  return newline != NULL && (newline == data || newline[-1] != '\r') ? "\n" : "\r\n";
}

/* In base64 no line of the notice can be one of the message's boundaries, whatever the attachment's
 * name is. */
static void
append_base64 (GByteArray *out, const char *text, const char *newline)
{
  g_autofree char *encoded = g_base64_encode ((const guchar *)text, strlen (text));
  gsize length = strlen (encoded);

  for (gsize at = 0; at < length; at += 76)
    {
      g_byte_array_append (out, (const guint8 *)encoded + at, (guint)MIN (76, length - at));
      if (at + 76 < length)
        g_byte_array_append (out, (const guint8 *)newline, (guint)strlen (newline));
    }
}

static void
append_text (GByteArray *out, const char *text)
{
  g_byte_array_append (out, (const guint8 *)text, (guint)strlen (text));
}

/* The header of the part with its fields as they are, but for those that say what the content is
 * (RFC 2045, section 3). Where a message has no other parts that is the message's own header. */
static void
append_header (GByteArray *out, const char *header, gsize length, const char *newline)
{
  gboolean is_dropped = FALSE;
  gboolean is_first = TRUE;
  const char *at = header;
  const char *end = header + length;

  while (at < end)
    {
      const char *found = memchr (at, '\n', (gsize)(end - at));
      const char *next = found != NULL ? found + 1 : end;
      gsize n = (gsize)(next - at);

      if (*at == '\n' || (n == 2 && *at == '\r' && at[1] == '\n'))
        break;
      if (is_first || (*at != ' ' && *at != '\t'))
        is_dropped = n > 8 && g_ascii_strncasecmp (at, "content-", 8) == 0;
      is_first = FALSE;
      if (!is_dropped)
        {
          g_byte_array_append (out, (const guint8 *)at, (guint)n);
          if (found == NULL)
            append_text (out, newline);
        }
      at = next;
    }
  append_text (out, "Content-Type: text/plain; charset=utf-8");
  append_text (out, newline);
  append_text (out, "Content-Transfer-Encoding: base64");
  append_text (out, newline);
  append_text (out, "Content-Disposition: inline");
  append_text (out, newline);
  append_text (out, newline);
}

static GBytes *
splice (GBytes *message, const GPtrArray *taken, const char *reference)
{
  gsize length;
  const char *data = g_bytes_get_data (message, &length);
  const char *newline = newline_of (data, length);
  GByteArray *out = g_byte_array_sized_new ((guint)MIN (length, G_MAXINT));
  gsize at = 0;

  for (guint i = 0; i < taken->len; i++)
    {
      const AcMimePart *part = taken->pdata[i];
      g_autofree char *notice = write_notice (part, message, reference);

      g_byte_array_append (out, (const guint8 *)data + at, (guint)(part->header - at));
      append_header (out, data + part->header, part->content - part->header, newline);
      append_base64 (out, notice, newline);
      at = part->end;
      if (at == length)
        append_text (out, newline);
    }
  g_byte_array_append (out, (const guint8 *)data + at, (guint)(length - at));
  return g_byte_array_free_to_bytes (out);
}

/* Takes the result apart as a mail program will: the attachment is out, and as many parts are there
 * as can be. */
static gboolean
is_right (GBytes *stand_in, const AcMimeWanted *wanted, guint n_parts, gboolean has_nested)
{
  g_autoptr (AcMimeParts) parts = ac_mime_parts_new (stand_in);
  const AcMimePart *same_name;
  g_autoptr (GPtrArray) left = choose (parts, stand_in, wanted, &same_name);

  /* A notice carries no name, and no content but its own; a path alone always finds one. */
  return left->len == 0 && (has_nested || parts->parts->len == n_parts);
}

static gboolean
can_take (const GPtrArray *taken, GError **error)
{
  gsize at = 0;

  for (guint i = 0; i < taken->len; i++)
    {
      const AcMimePart *part = taken->pdata[i];

      if (!part->is_known || part->header < at)
        {
          g_set_error (
              error, AC_MIME_ERROR, AC_MIME_ERROR_MALFORMED,
              "The attachment lies in a part that is malformed or encoded as a whole, so that "
              "it cannot be taken out safely. Quarantine the whole email instead.");
          return FALSE;
        }
      at = part->end;
    }
  return TRUE;
}

/**
 * ac_mime_strip:
 * @message: as it lies in the mailbox
 * @wanted: with a SHA-256 or a file name
 * @reference: what to name to get the attachment back; stands in the notice
 *
 * The same arguments always give the same bytes.
 *
 * Returns: (transfer full): the message without the attachment, or %NULL with AC_MIME_ERROR.
 */
AcMimeStandIn *
ac_mime_strip (GBytes *message, const AcMimeWanted *wanted, const char *reference, GError **error)
{
  g_autoptr (AcMimeParts) parts = ac_mime_parts_new (message);
  const AcMimePart *same_name;
  g_autoptr (GPtrArray) taken = choose (parts, message, wanted, &same_name);
  g_autoptr (AcMimeStandIn) stand_in = NULL;
  gboolean has_nested = FALSE;

  if (taken->len == 0)
    {
      explain (parts, wanted, same_name, error);
      return NULL;
    }
  if (!can_take (taken, error))
    return NULL;
  stand_in = g_new0 (AcMimeStandIn, 1);
  stand_in->n_taken = taken->len;
  for (guint i = 0; i < taken->len; i++)
    {
      const AcMimePart *part = taken->pdata[i];

      stand_in->breaks_signature = stand_in->breaks_signature || part->is_signed;
      has_nested = has_nested || !GMIME_IS_PART (part->object);
    }
  stand_in->message = splice (message, taken, reference);
  if (!is_right (stand_in->message, wanted, parts->parts->len, has_nested))
    {
      g_set_error (
          error, AC_MIME_ERROR, AC_MIME_ERROR_MALFORMED,
          "The message is malformed in such a way that mail programs may see the attachment "
          "elsewhere than it seems to be. Quarantine the whole email instead.");
      return NULL;
    }
  return g_steal_pointer (&stand_in);
}
