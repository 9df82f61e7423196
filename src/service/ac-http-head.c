/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "service/ac-http-head.h"
#include "service/ac-problems.h"

/**
 * ac_http_head_find_end:
 * @text: what has come so far
 * @from: up to where it has been searched already
 *
 * Returns: the length of the head with the empty line behind it, or 0 when that has not come yet.
 */
gsize
ac_http_head_find_end (const char *text, gsize length, gsize from)
{
  const char *start = text + (from > 3 ? from - 3 : 0);
  const char *end = memmem (start, length - (gsize)(start - text), "\r\n\r\n", 4);

  return end != NULL ? (gsize)(end - text) + 4 : 0;
}

/* RFC 9110 §5.6.2 */
static gboolean
is_token_char (char c)
{
  return g_ascii_isalnum (c) || (c != '\0' && strchr ("!#$%&'*+-.^_`|~", c) != NULL);
}

static gboolean
is_token (const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (!is_token_char (text[i]))
      return FALSE;
  return length > 0;
}

/* A field line: name, colon, value. No line folding (RFC 9112 §5.2), no blank before the colon
 * (§5.1), no control characters; and no bytes above 0x7E, which would have no agreed meaning. */
static gboolean
is_field_line (const char *line, gsize length)
{
  const char *colon = memchr (line, ':', length);

  if (colon == NULL || !is_token (line, (gsize)(colon - line)))
    return FALSE;
  for (const char *c = colon + 1; c < line + length; c++)
    if (*c != '\t' && !g_ascii_isprint (*c))
      return FALSE;
  return TRUE;
}

/* METHOD SP /target SP HTTP/1.x; each separated by exactly one blank. */
static gboolean
is_request_line (const char *line, gsize length)
{
  const char *end = line + length;
  const char *target = memchr (line, ' ', length);
  const char *version;

  if (target == NULL || !is_token (line, (gsize)(target - line)))
    return FALSE;
  target++;
  version = memchr (target, ' ', (gsize)(end - target));
  if (version == NULL || *target != '/')
    return FALSE;
  for (const char *c = target; c < version; c++)
    if (!g_ascii_isgraph (*c) || *c == '#')
      return FALSE;
  version++;
  return end - version == (gssize)strlen ("HTTP/1.1") &&
         (strncmp (version, "HTTP/1.1", 8) == 0 || strncmp (version, "HTTP/1.0", 8) == 0);
}

static gboolean
check_lines (const char *text, gsize length, AcProblem **problem)
{
  const char *end = text + length;
  gboolean first = TRUE;

  for (const char *line = text; line < end;)
    {
      const char *line_end = memmem (line, (gsize)(end - line), "\r\n", 2);
      gsize line_length = (gsize)(line_end - line);

      if (line_length == 0)
        break;
      if (first && !is_request_line (line, line_length))
        {
          *problem = ac_problem_new_bad_request (
              NULL, "The first line of the request is not “METHOD /path HTTP/1.1”.");
          return FALSE;
        }
      if (!first && !is_field_line (line, line_length))
        {
          *problem = ac_problem_new_bad_request (
              NULL, "A header line of the request is not “Name: value” in plain ASCII.");
          return FALSE;
        }
      first = FALSE;
      line = line_end + 2;
    }
  return TRUE;
}

typedef struct
{
  const char *name;
  guint count;
  char *value; /* of the last one */
} Field;

static void
count_field (const char *name, const char *value, gpointer user_data)
{
  Field *field = user_data;

  if (g_ascii_strcasecmp (name, field->name) != 0)
    return;
  field->count++;
  g_free (field->value);
  field->value = g_strstrip (g_strdup (value));
}

/* The value of a field that may stand there once only. */
static gboolean
read_single (SoupMessageHeaders *headers, const char *name, char **value, AcProblem **problem)
{
  Field field = { name, 0, NULL };

  soup_message_headers_foreach (headers, count_field, &field);
  *value = field.value;
  if (field.count <= 1)
    return TRUE;
  *problem = ac_problem_new_bad_request (name, "This header may be sent only once.");
  return FALSE;
}

static gboolean
read_host (AcHttpHead *head, AcProblem **problem)
{
  g_autofree char *host = NULL;

  if (!read_single (head->headers, "Host", &host, problem))
    return FALSE;
  if (host == NULL && !head->version_1_1)
    return TRUE;
  if (host == NULL)
    {
      *problem = ac_problem_new_bad_request ("Host", "HTTP/1.1 asks for this header.");
      return FALSE;
    }
  /* A Unix socket has no host name, so an empty one is fine (RFC 9112 §3.2). */
  for (const char *c = host; *c != '\0'; c++)
    if (!g_ascii_isalnum (*c) && strchr (".-_:[]%~!$&'()*+,;=", *c) == NULL)
      {
        *problem = ac_problem_new_bad_request ("Host", "This is not a host name with a port.");
        return FALSE;
      }
  return TRUE;
}

/* RFC 9112 §6: how long the body is. */
static gboolean
read_framing (AcHttpHead *head, AcProblem **problem)
{
  g_autofree char *length = NULL;
  g_autofree char *encoding = NULL;

  if (!read_single (head->headers, "Content-Length", &length, problem) ||
      !read_single (head->headers, "Transfer-Encoding", &encoding, problem))
    return FALSE;
  if (encoding != NULL)
    {
      if (length != NULL || !head->version_1_1)
        {
          *problem = ac_problem_new_bad_request (
              "Transfer-Encoding",
              "This header must not stand beside Content-Length, nor in HTTP/1.0.");
          return FALSE;
        }
      if (g_ascii_strcasecmp (encoding, "chunked") != 0)
        {
          *problem = ac_problem_new_bad_request ("Transfer-Encoding",
                                                 "Only “chunked” is understood here.");
          return FALSE;
        }
      head->chunked = TRUE;
      return TRUE;
    }
  if (length != NULL)
    {
      gsize digits = strspn (length, "0123456789");

      if (digits == 0 || length[digits] != '\0')
        {
          *problem =
              ac_problem_new_bad_request ("Content-Length", "This is not a number of bytes.");
          return FALSE;
        }
      head->content_length = digits > 18 ? G_MAXINT64 : (gint64)g_ascii_strtoull (length, NULL, 10);
    }
  return TRUE;
}

/**
 * ac_http_head_parse:
 * @text: the head with the empty line behind it
 * @problem: (out): what is wrong with it
 *
 * Returns: (transfer full): the head, or %NULL with a problem.
 */
AcHttpHead *
ac_http_head_parse (const char *text, gsize length, AcProblem **problem)
{
  g_autoptr (AcHttpHead) head = g_new0 (AcHttpHead, 1);
  g_autofree char *target = NULL;
  SoupHTTPVersion version;
  char *question;
  guint status;

  if (!check_lines (text, length, problem))
    return NULL;
  head->headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  status = soup_headers_parse_request (text, (int)length - 2, head->headers, &head->method, &target,
                                       &version);
  if (status == SOUP_STATUS_EXPECTATION_FAILED) /* RFC 9110 §10.1.1 */
    {
      *problem = ac_problem_new_for_key (status, AC_PROBLEM_BAD_REQUEST, "Expect",
                                         "Only “100-continue” can be expected here.");
      return NULL;
    }
  if (status != SOUP_STATUS_OK)
    {
      *problem = ac_problem_new_bad_request (NULL, "The head of the request is not HTTP/1.1.");
      return NULL;
    }
  question = strchr (target, '?');
  if (question != NULL)
    {
      head->query = g_strdup (question + 1);
      *question = '\0';
    }
  head->path = g_steal_pointer (&target);
  head->version_1_1 = version == SOUP_HTTP_1_1;
  head->keep_alive = head->version_1_1 &&
                     !soup_message_headers_header_contains (head->headers, "Connection", "close");
  if (!read_host (head, problem) || !read_framing (head, problem))
    return NULL;

  head->expect_continue =
      head->version_1_1 &&
      (soup_message_headers_get_expectations (head->headers) & SOUP_EXPECTATION_CONTINUE) != 0;
  return g_steal_pointer (&head);
}

void
ac_http_head_free (AcHttpHead *head)
{
  if (head == NULL)
    return;
  g_free (head->method);
  g_free (head->path);
  g_free (head->query);
  g_clear_pointer (&head->headers, soup_message_headers_unref);
  g_free (head);
}
