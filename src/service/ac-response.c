/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>
#include <libsoup/soup.h>
#include <string.h>

#include "service/ac-response.h"

/* Below this, compressing costs more than it saves. */
#define MIN_COMPRESSED_SIZE 1024
#define COMPRESSION_LEVEL 4

/**
 * ac_response_new:
 *
 * Returns: (transfer full): an answer without a body.
 */
AcResponse *
ac_response_new (guint status)
{
  AcResponse *response = g_new0 (AcResponse, 1);

  response->status = status;
  response->headers = g_ptr_array_new_with_free_func (g_free);
  return response;
}

/**
 * ac_response_new_json:
 * @object: (transfer full): the body
 *
 * Returns: (transfer full): an answer.
 */
AcResponse *
ac_response_new_json (guint status, JsonObject *object)
{
  GBytes *text = ac_json_object_to_bytes (object);

  json_object_unref (object);
  return ac_response_new_text (status, text);
}

/**
 * ac_response_new_text:
 * @text: (transfer full): the body, as JSON text
 *
 * Returns: (transfer full): an answer.
 */
AcResponse *
ac_response_new_text (guint status, GBytes *text)
{
  AcResponse *response = ac_response_new (status);

  response->body = text;
  ac_response_add_header (response, "Content-Type", "application/json");
  return response;
}

/**
 * ac_response_new_problem:
 * @problem: (transfer full): what is the matter
 *
 * Returns: (transfer full): the answer that says so.
 */
AcResponse *
ac_response_new_problem (AcProblem *problem)
{
  g_autoptr (JsonObject) object = ac_problem_to_json (problem);
  AcResponse *response = ac_response_new (problem->status);

  response->body = ac_json_object_to_bytes (object);
  ac_response_add_header (response, "Content-Type", "application/problem+json");
  if (problem->status == SOUP_STATUS_UNAUTHORIZED)
    ac_response_add_header (response, "WWW-Authenticate", "Bearer realm=\"Action Center\"");
  if (problem->status == SOUP_STATUS_SERVICE_UNAVAILABLE)
    ac_response_add_header (response, "Retry-After", "1");
  ac_problem_free (problem);
  return response;
}

/**
 * ac_response_add_header:
 * @value: must be visible ASCII and blanks
 */
void
ac_response_add_header (AcResponse *response, const char *name, const char *value)
{
  g_return_if_fail (strpbrk (value, "\r\n") == NULL);

  g_ptr_array_add (response->headers, g_strdup (name));
  g_ptr_array_add (response->headers, g_strdup (value));
}

static gboolean
has_header (AcResponse *response, const char *name)
{
  for (guint i = 0; i < response->headers->len; i += 2)
    if (g_ascii_strcasecmp (response->headers->pdata[i], name) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
accepts_gzip (const char *accept_encoding)
{
  GSList *refused = NULL;
  GSList *accepted;
  gboolean accepts;

  if (accept_encoding == NULL)
    return FALSE;
  accepted = soup_header_parse_quality_list (accept_encoding, &refused);
  accepts = g_slist_find_custom (accepted, "gzip", (GCompareFunc)g_ascii_strcasecmp) != NULL;
  soup_header_free_list (accepted);
  soup_header_free_list (refused);
  return accepts;
}

/**
 * ac_response_compress:
 * @accept_encoding: (nullable): that header of the request (RFC 9110 §12.5.3)
 *
 * Compresses the body where that helps and the client understands it. An answer with an ETag stays
 * as it is, for the tag stands for these very bytes.
 */
void
ac_response_compress (AcResponse *response, const char *accept_encoding)
{
  g_autoptr (GConverter) compressor = NULL;
  g_autoptr (GOutputStream) memory = NULL;
  g_autoptr (GOutputStream) stream = NULL;

  if (response->body == NULL || g_bytes_get_size (response->body) < MIN_COMPRESSED_SIZE ||
      has_header (response, "ETag"))
    return;
  ac_response_add_header (response, "Vary", "Accept-Encoding");
  if (!accepts_gzip (accept_encoding))
    return;

  compressor =
      G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, COMPRESSION_LEVEL));
  memory = g_memory_output_stream_new_resizable ();
  stream = g_converter_output_stream_new (memory, compressor);
  if (!g_output_stream_write_all (stream, g_bytes_get_data (response->body, NULL),
                                  g_bytes_get_size (response->body), NULL, NULL, NULL) ||
      !g_output_stream_close (stream, NULL, NULL))
    return;
  g_bytes_unref (response->body);
  response->body = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
  ac_response_add_header (response, "Content-Encoding", "gzip");
}

/**
 * ac_response_to_bytes:
 * @head_only: the answer to a HEAD request: all but the body
 * @keep_alive: whether the connection will take another request
 *
 * Returns: (transfer full): what goes over the wire.
 */
GBytes *
ac_response_to_bytes (AcResponse *response, gboolean head_only, gboolean keep_alive)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *date = soup_date_time_to_string (now, SOUP_DATE_HTTP);
  gsize size = response->body != NULL ? g_bytes_get_size (response->body) : 0;
  GByteArray *wire = g_byte_array_new ();
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "HTTP/1.1 %u %s\r\nDate: %s\r\n", response->status,
                          soup_status_get_phrase (response->status), date);
  for (guint i = 0; i < response->headers->len; i += 2)
    g_string_append_printf (text, "%s: %s\r\n", (char *)response->headers->pdata[i],
                            (char *)response->headers->pdata[i + 1]);
  /* RFC 9110 §8.6: a 304 has no length of its own, and nothing has one that comes in chunks. */
  if (response->status != SOUP_STATUS_NOT_MODIFIED && !has_header (response, "Transfer-Encoding"))
    g_string_append_printf (text, "Content-Length: %" G_GSIZE_FORMAT "\r\n", size);
  g_string_append (text, "Cache-Control: no-store\r\n"
                         "X-Content-Type-Options: nosniff\r\n"
                         "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n");
  if (!keep_alive)
    g_string_append (text, "Connection: close\r\n");
  g_string_append (text, "\r\n");

  g_byte_array_append (wire, (const guint8 *)text->str, (guint)text->len);
  if (size > 0 && !head_only)
    g_byte_array_append (wire, g_bytes_get_data (response->body, NULL), (guint)size);
  g_string_free (text, TRUE);
  return g_byte_array_free_to_bytes (wire);
}

void
ac_response_free (AcResponse *response)
{
  if (response == NULL)
    return;
  g_ptr_array_unref (response->headers);
  g_clear_pointer (&response->body, g_bytes_unref);
  if (response->events != NULL) /* nobody took it */
    ac_event_stream_close (response->events);
  g_clear_object (&response->events);
  g_free (response);
}
