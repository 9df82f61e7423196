/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "responders/ac-mime-parts.h"

/* Nobody nests mail deeper, and a parser that calls itself needs an end. */
#define MAX_DEPTH 50
#define MAX_PARTS 10000
/* GMime calls itself for each level, and each second level at least says its type: so many levels
 * fit on a thread's stack by far. */
#define MAX_TYPES 1000

typedef struct
{
  AcMimeParts *parts;
  GMimeStream *stream;
  const char *data;
  gsize length;
  GPtrArray *boundaries; /* of char *: of the multiparts that we are in, the outermost first */
  gboolean is_signed;
} Walk;

/**
 * ac_mime_init:
 *
 * Prepares GMime, once in a process.
 */
void
ac_mime_init (void)
{
  static gsize done = 0;

  if (g_once_init_enter (&done))
    {
      g_mime_init ();
      g_once_init_leave (&done, 1);
    }
}

static void
part_free (AcMimePart *part)
{
  g_free (part->path);
  g_free (part->file_name);
  g_free (part);
}

/* Where the first header field begins; G_MAXSIZE when there is none. */
static gsize
first_header (GMimeObject *object)
{
  GMimeHeaderList *headers = g_mime_object_get_header_list (object);
  gsize first = G_MAXSIZE;

  for (int i = 0; i < g_mime_header_list_get_count (headers); i++)
    {
      gint64 offset = g_mime_header_get_offset (g_mime_header_list_get_header_at (headers, i));

      if (offset >= 0)
        first = MIN (first, (gsize)offset);
    }
  return first;
}

/* The empty line between header and content lies before the content. */
static gsize
before_empty_line (const Walk *walk, gsize content)
{
  if (content > 0 && walk->data[content - 1] == '\n')
    content--;
  if (content > 0 && walk->data[content - 1] == '\r')
    content--;
  return content;
}

static gboolean
is_line_start (const Walk *walk, gsize at)
{
  return at == 0 || walk->data[at - 1] == '\n';
}

/* Whether the line at this place ends the part: it is a boundary of one of the multiparts around.
 */
static gboolean
is_boundary (const Walk *walk, gsize at)
{
  const char *line = walk->data + at;
  gsize left = walk->length - at;

  if (left < 3 || line[0] != '-' || line[1] != '-')
    return FALSE;
  for (guint i = 0; i < walk->boundaries->len; i++)
    {
      const char *boundary = walk->boundaries->pdata[i];
      gsize n = strlen (boundary);
      gsize k = n + 2;

      if (left < k || memcmp (line + 2, boundary, n) != 0)
        continue;
      if (left >= k + 2 && line[k] == '-' && line[k + 1] == '-')
        k += 2;
      while (k < left && (line[k] == ' ' || line[k] == '\t' || line[k] == '\r'))
        k++;
      if (k == left || line[k] == '\n')
        return TRUE;
    }
  return FALSE;
}

/* Where a part that GMime does not hold the bytes of ends: before the line break that belongs to
 * the next boundary (RFC 2046, section 5.1.1), or with the message. */
static gsize
find_end (const Walk *walk, gsize from)
{
  gsize at = from;

  while (at < walk->length)
    {
      const char *newline;

      if (is_line_start (walk, at) && is_boundary (walk, at))
        return MAX (from, before_empty_line (walk, at));
      newline = memchr (walk->data + at, '\n', walk->length - at);
      if (newline == NULL)
        break;
      at = (gsize)(newline - walk->data) + 1;
    }
  return walk->length;
}

static void
find_place (const Walk *walk, AcMimePart *part, GMimeObject *holder)
{
  gsize content = G_MAXSIZE;
  gsize end = G_MAXSIZE;

  part->header = first_header (part->object);
  if (holder != NULL)
    part->header = MIN (part->header, first_header (holder));
  if (GMIME_IS_MESSAGE_PART (part->object))
    {
      GMimeMessage *inner = g_mime_message_part_get_message (GMIME_MESSAGE_PART (part->object));

      if (inner != NULL)
        content = first_header (GMIME_OBJECT (inner));
      if (content < walk->length)
        end = find_end (walk, content);
    }
  else
    {
      GMimeDataWrapper *wrapper = g_mime_part_get_content (GMIME_PART (part->object));
      GMimeStream *stream = wrapper != NULL ? g_mime_data_wrapper_get_stream (wrapper) : NULL;

      /* Of a part that was decoded to be parsed the places would be those of another text. */
      if (stream != NULL && stream->super_stream == walk->stream && stream->bound_start >= 0)
        {
          content = (gsize)stream->bound_start;
          end = stream->bound_end >= 0 ? (gsize)stream->bound_end : walk->length;
        }
    }
  if (part->header == G_MAXSIZE && content <= walk->length)
    part->header = before_empty_line (walk, content);
  part->content = content;
  part->end = end;
  part->is_known = content <= end && end <= walk->length && part->header <= content &&
                   is_line_start (walk, part->header) &&
                   (content == part->header || is_line_start (walk, content));
}

static char *
name_of (GMimeObject *object)
{
  const char *name = NULL;

  if (GMIME_IS_PART (object))
    name = g_mime_part_get_filename (GMIME_PART (object));
  else
    {
      name = g_mime_object_get_content_disposition_parameter (object, "filename");
      if (name == NULL)
        name = g_mime_object_get_content_type_parameter (object, "name");
    }
  return name != NULL ? g_utf8_make_valid (name, -1) : NULL;
}

static gboolean
is_type (GMimeObject *object, const char *type, const char *subtype)
{
  return g_mime_content_type_is_type (g_mime_object_get_content_type (object), type, subtype);
}

static void
add_part (Walk *walk, GMimeObject *object, const char *path, GMimeObject *holder)
{
  AcMimePart *part = g_new0 (AcMimePart, 1);

  part->object = object;
  part->path = g_strdup (path);
  part->is_signed = walk->is_signed;
  part->is_top = holder != NULL;
  part->file_name = name_of (object);
  find_place (walk, part, holder);
  g_ptr_array_add (walk->parts->parts, part);
}

/* S/MIME in one part (RFC 8551, section 3): what is in it is not seen. */
static gboolean
note_smime (Walk *walk, GMimeObject *object)
{
  const char *kind = g_mime_object_get_content_type_parameter (object, "smime-type");

  if (!is_type (object, "application", "pkcs7-mime") &&
      !is_type (object, "application", "x-pkcs7-mime"))
    return FALSE;
  if (kind != NULL && g_ascii_strcasecmp (kind, "signed-data") == 0)
    walk->parts->has_opaque = TRUE;
  else
    walk->parts->has_encrypted = TRUE;
  return TRUE;
}

static void
walk_object (Walk *walk, GMimeObject *object, const char *path, GMimeObject *holder, guint depth);

static void
walk_multipart (Walk *walk, GMimeMultipart *multipart, const char *path, guint depth)
{
  gboolean was_signed = walk->is_signed;
  const char *boundary = g_mime_multipart_get_boundary (multipart);

  if (is_type (GMIME_OBJECT (multipart), "multipart", "encrypted"))
    {
      walk->parts->has_encrypted = TRUE;
      return;
    }
  walk->is_signed = was_signed || is_type (GMIME_OBJECT (multipart), "multipart", "signed");
  g_ptr_array_add (walk->boundaries, g_strdup (boundary != NULL ? boundary : ""));
  for (int i = 0; i < g_mime_multipart_get_count (multipart); i++)
    {
      g_autofree char *child = g_strdup_printf ("%s%s%d", path, *path != '\0' ? "." : "", i + 1);

      walk_object (walk, g_mime_multipart_get_part (multipart, i), child, NULL, depth);
    }
  g_ptr_array_set_size (walk->boundaries, (gint)walk->boundaries->len - 1);
  walk->is_signed = was_signed;
}

/* The body of a message: where it has no parts, it is part 1 (RFC 3501, section 6.4.5). */
static void
walk_message (Walk *walk, GMimeMessage *message, const char *path, guint depth)
{
  GMimeObject *body = message != NULL ? g_mime_message_get_mime_part (message) : NULL;

  if (body == NULL)
    return;
  if (GMIME_IS_MULTIPART (body))
    walk_object (walk, body, path, NULL, depth);
  else
    {
      g_autofree char *child = g_strdup_printf ("%s%s1", path, *path != '\0' ? "." : "");

      walk_object (walk, body, child, GMIME_OBJECT (message), depth);
    }
}

static void
walk_object (Walk *walk, GMimeObject *object, const char *path, GMimeObject *holder, guint depth)
{
  if (depth >= MAX_DEPTH || walk->parts->parts->len >= MAX_PARTS)
    {
      walk->parts->is_too_deep = TRUE;
      return;
    }
  if (GMIME_IS_MULTIPART (object))
    {
      walk_multipart (walk, GMIME_MULTIPART (object), path, depth + 1);
      return;
    }
  if (note_smime (walk, object))
    return;
  if (GMIME_IS_MESSAGE_PART (object))
    {
      add_part (walk, object, path, holder);
      walk_message (walk, g_mime_message_part_get_message (GMIME_MESSAGE_PART (object)), path,
                    depth + 1);
      return;
    }
  if (!GMIME_IS_PART (object))
    return;
  if (is_type (object, "application", "ms-tnef") || is_type (object, "application", "vnd.ms-tnef"))
    walk->parts->has_tnef = TRUE;
  add_part (walk, object, path, holder);
}

/* Whether nothing in the message can be nested so deep that taking it apart would not come back. */
static gboolean
is_shallow (const char *data, gsize length)
{
  static const char name[] = "content-type";
  const char *at = data;
  const char *end = data + length;
  guint n = 0;

  while (at != NULL && (gsize)(end - at) > strlen (name))
    {
      n += g_ascii_strncasecmp (at, name, strlen (name)) == 0;
      if (n > MAX_TYPES)
        return FALSE;
      at = memchr (at, '\n', (gsize)(end - at));
      if (at != NULL)
        at++;
    }
  return TRUE;
}

/**
 * ac_mime_parts_new:
 *
 * Returns: (transfer full): the parts; none when it is no message at all.
 */
AcMimeParts *
ac_mime_parts_new (GBytes *message)
{
  AcMimeParts *parts = g_new0 (AcMimeParts, 1);
  g_autoptr (GPtrArray) boundaries = g_ptr_array_new_with_free_func (g_free);
  Walk walk = { .parts = parts, .boundaries = boundaries };
  GMimeParser *parser;

  ac_mime_init ();
  parts->parts = g_ptr_array_new_with_free_func ((GDestroyNotify)part_free);
  walk.data = g_bytes_get_data (message, &walk.length);
  if (walk.length == 0 || !is_shallow (walk.data, walk.length))
    {
      parts->is_too_deep = walk.length > 0;
      return parts;
    }
  walk.stream = g_mime_stream_mem_new_with_buffer (walk.data, walk.length);
  parser = g_mime_parser_new_with_stream (walk.stream);
  g_mime_parser_set_format (parser, GMIME_FORMAT_MESSAGE);
  parts->message = g_mime_parser_construct_message (parser, NULL);
  walk_message (&walk, parts->message, "", 0);
  g_object_unref (parser);
  g_object_unref (walk.stream);
  return parts;
}

void
ac_mime_parts_free (AcMimeParts *parts)
{
  g_ptr_array_unref (parts->parts);
  g_clear_object (&parts->message);
  g_free (parts);
}

/**
 * ac_mime_part_digest:
 * @message: what the parts were made from
 * @size: (out) (optional): how many bytes the decoded content has
 *
 * Returns: (transfer full): the SHA-256 of the decoded content in hexadecimal; of a message within
 *   the message, of its bytes as they lie there.
 */
char *
ac_mime_part_digest (const AcMimePart *part, GBytes *message, gint64 *size)
{
  GMimeDataWrapper *wrapper;
  g_autoptr (GByteArray) bytes = NULL;
  GMimeStream *stream;
  char *digest;

  if (!GMIME_IS_PART (part->object))
    {
      const char *data = g_bytes_get_data (message, NULL);
      gsize length = part->is_known ? part->end - part->content : 0;

      if (size != NULL)
        *size = (gint64)length;
      return g_compute_checksum_for_data (
          G_CHECKSUM_SHA256, (const guchar *)data + (part->is_known ? part->content : 0), length);
    }
  bytes = g_byte_array_new ();
  stream = g_mime_stream_mem_new_with_byte_array (bytes);
  g_mime_stream_mem_set_owner (GMIME_STREAM_MEM (stream), FALSE);
  wrapper = g_mime_part_get_content (GMIME_PART (part->object));
  if (wrapper != NULL)
    g_mime_data_wrapper_write_to_stream (wrapper, stream);
  g_object_unref (stream);
  if (size != NULL)
    *size = bytes->len;
  digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, bytes->data, bytes->len);
  return digest;
}

/**
 * ac_mime_part_media_type:
 *
 * Returns: (transfer full): such as “application/pdf”.
 */
char *
ac_mime_part_media_type (const AcMimePart *part)
{
  g_autofree char *type =
      g_mime_content_type_get_mime_type (g_mime_object_get_content_type (part->object));
  g_autofree char *lower = g_ascii_strdown (type, -1);

  return g_utf8_make_valid (lower, -1);
}
