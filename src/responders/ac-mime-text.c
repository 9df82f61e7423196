/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "model/ac-json.h"

#include "responders/ac-mime-parts.h"
#include "responders/ac-mime-text.h"

/* More than anybody reads in a window, in bytes of UTF-8. */
#define MAX_TEXT (256 * 1024)
#define MAX_VALUE (8 * 1024)
#define MAX_HEADERS 500
#define MAX_ATTACHMENTS 200

/* Characters that move what stands after them, so that “exe.pdf” may be “fdp.exe”. */
static gboolean
turns_text (gunichar c)
{
  return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e ||
         c == 0x200f || c == 0x061c;
}

/* Valid UTF-8, no longer than that, without what is no text. */
static char *
clean (const char *text, gsize most, gboolean *is_cut)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *out = g_string_new (NULL);

  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (out->len >= most)
        {
          *is_cut = TRUE;
          break;
        }
      if (c == '\r')
        continue;
      if ((g_unichar_iscntrl (c) && c != '\n' && c != '\t') || turns_text (c))
        c = 0xfffd;
      g_string_append_unichar (out, c);
    }
  return g_string_free (out, FALSE);
}

static JsonArray *
list_headers (GMimeMessage *message, gboolean *is_cut)
{
  GMimeHeaderList *headers = g_mime_object_get_header_list (GMIME_OBJECT (message));
  JsonArray *array = json_array_new ();
  int n = g_mime_header_list_get_count (headers);

  for (int i = 0; i < MIN (n, MAX_HEADERS); i++)
    {
      GMimeHeader *header = g_mime_header_list_get_header_at (headers, i);
      const char *value = g_mime_header_get_value (header);
      g_autofree char *clean_name = clean (g_mime_header_get_name (header), MAX_VALUE, is_cut);
      g_autofree char *clean_value = clean (value != NULL ? value : "", MAX_VALUE, is_cut);
      JsonObject *object = json_object_new ();

      ac_json_set_string (object, "name", clean_name);
      ac_json_set_string (object, "value", clean_value);
      json_array_add_object_element (array, object);
    }
  *is_cut = *is_cut || n > MAX_HEADERS;
  return array;
}

static gboolean
is_attachment (const AcMimePart *part)
{
  const char *disposition = g_mime_object_get_disposition (part->object);

  return part->file_name != NULL ||
         (disposition != NULL && g_ascii_strcasecmp (disposition, "attachment") == 0) ||
         !GMIME_IS_TEXT_PART (part->object);
}

/* The text that is meant to be read: the plain one, and where there is none the source of the HTML,
 * which nobody can be misled by. */
static const AcMimePart *
choose_text (const AcMimeParts *parts, gboolean *is_source)
{
  const AcMimePart *other = NULL;

  *is_source = FALSE;
  for (guint i = 0; i < parts->parts->len; i++)
    {
      const AcMimePart *part = parts->parts->pdata[i];
      g_autofree char *type = ac_mime_part_media_type (part);

      if (is_attachment (part))
        continue;
      if (strcmp (type, "text/plain") == 0)
        return part;
      if (other == NULL)
        other = part;
    }
  *is_source = other != NULL;
  return other;
}

static JsonObject *
describe_attachment (const AcMimePart *part, GBytes *message, gboolean *is_cut)
{
  JsonObject *object = json_object_new ();
  g_autofree char *type = ac_mime_part_media_type (part);
  g_autofree char *clean_type = clean (type, MAX_VALUE, is_cut);
  g_autofree char *name =
      part->file_name != NULL ? clean (part->file_name, MAX_VALUE, is_cut) : NULL;
  gint64 size;
  g_autofree char *digest = ac_mime_part_digest (part, message, &size);

  if (name != NULL && *name != '\0')
    ac_json_set_string (object, "fileName", name);
  ac_json_set_string (object, "mediaType", clean_type);
  ac_json_set_string (object, "partPath", part->path);
  ac_json_set_string (object, "sha256", digest);
  json_object_set_int_member (object, "size", size);
  return object;
}

static JsonArray *
list_attachments (const AcMimeParts *parts, GBytes *message, gboolean *is_cut)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < parts->parts->len; i++)
    {
      const AcMimePart *part = parts->parts->pdata[i];

      if (!is_attachment (part))
        continue;
      if (json_array_get_length (array) >= MAX_ATTACHMENTS)
        {
          *is_cut = TRUE;
          break;
        }
      json_array_add_object_element (array, describe_attachment (part, message, is_cut));
    }
  return array;
}

/**
 * ac_mime_text_to_json:
 * @message: any bytes
 *
 * Returns: (transfer full): the members headers, text, isSource, attachments and isCut of the API's
 *   MessageText.
 */
JsonObject *
ac_mime_text_to_json (GBytes *message)
{
  g_autoptr (AcMimeParts) parts = ac_mime_parts_new (message);
  JsonObject *object = json_object_new ();
  gboolean is_cut = parts->is_too_deep;
  gboolean is_source;
  const AcMimePart *part = choose_text (parts, &is_source);
  g_autofree char *decoded =
      part != NULL ? g_mime_text_part_get_text (GMIME_TEXT_PART (part->object)) : NULL;
  g_autofree char *text = clean (decoded != NULL ? decoded : "", MAX_TEXT, &is_cut);

  json_object_set_array_member (object, "headers",
                                parts->message != NULL ? list_headers (parts->message, &is_cut)
                                                       : json_array_new ());
  ac_json_set_string (object, "text", text);
  json_object_set_boolean_member (object, "isSource", is_source);
  json_object_set_array_member (object, "attachments", list_attachments (parts, message, &is_cut));
  json_object_set_boolean_member (object, "isCut", is_cut);
  return object;
}
