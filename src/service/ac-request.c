/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "model/ac-number.h"
#include "model/ac-time.h"
#include "service/ac-problems.h"
#include "service/ac-request.h"

#define DEFAULT_LIMIT 100
#define MAX_LIMIT 1000
#define MAX_PARAMETERS 1000
#define MAX_KEY_LENGTH 255

static void
query_parameter_free (gpointer data)
{
  AcQueryParameter *parameter = data;

  g_free (parameter->name);
  g_free (parameter->value);
  g_free (parameter);
}

/* Percent-decoding (RFC 3986 §2.1) that refuses a broken escape, U+0000 and what is not UTF-8. In a
 * query "+" is a blank, as forms send it. */
static char *
decode (const char *text, gsize length, gboolean plus_is_blank)
{
  g_autoptr (GString) decoded = g_string_sized_new (length);

  for (gsize i = 0; i < length; i++)
    {
      char c = text[i];

      if (c == '%')
        {
          if (length - i < 3 || !g_ascii_isxdigit (text[i + 1]) || !g_ascii_isxdigit (text[i + 2]))
            return NULL;
          c = (char)(g_ascii_xdigit_value (text[i + 1]) * 16 + g_ascii_xdigit_value (text[i + 2]));
          i += 2;
        }
      else if (c == '+' && plus_is_blank)
        c = ' ';
      if (c == '\0')
        return NULL;
      g_string_append_c (decoded, c);
    }
  if (!g_utf8_validate_len (decoded->str, decoded->len, NULL))
    return NULL;
  return g_string_free (g_steal_pointer (&decoded), FALSE);
}

static gboolean
read_query (AcRequest *request, const char *query, AcProblem **problem)
{
  g_auto (GStrv) pairs = g_strsplit (query, "&", -1);

  for (char **pair = pairs; *pair != NULL; pair++)
    {
      const char *equals = strchr (*pair, '=');
      gsize name_length = equals != NULL ? (gsize)(equals - *pair) : strlen (*pair);
      const char *value = equals != NULL ? equals + 1 : "";
      AcQueryParameter *parameter;

      if (**pair == '\0')
        continue;
      if (request->query->len >= MAX_PARAMETERS)
        {
          *problem = ac_problem_new_bad_request (NULL, "There are more than %d query parameters.",
                                                 MAX_PARAMETERS);
          return FALSE;
        }
      parameter = g_new0 (AcQueryParameter, 1);
      g_ptr_array_add (request->query, parameter);
      parameter->name = decode (*pair, name_length, TRUE);
      parameter->value = decode (value, strlen (value), TRUE);
      if (parameter->name == NULL || parameter->value == NULL)
        {
          *problem = ac_problem_new_bad_request (
              parameter->name, "The query parameter “%s” is not percent-encoded UTF-8.", *pair);
          return FALSE;
        }
    }
  return TRUE;
}

/**
 * ac_request_new:
 * @head: (transfer full): the head
 * @remote: the address of the client
 *
 * Returns: (transfer full): the request, still without body and person; or %NULL with a problem.
 */
AcRequest *
ac_request_new (AcHttpHead *head, const char *remote, AcProblem **problem)
{
  g_autoptr (AcRequest) request = g_new0 (AcRequest, 1);

  request->head = head;
  request->remote = g_strdup (remote);
  request->body = g_bytes_new_static ("", 0);
  request->query = g_ptr_array_new_with_free_func (query_parameter_free);
  request->path = decode (head->path, strlen (head->path), FALSE);
  if (request->path == NULL)
    {
      *problem = ac_problem_new_bad_request (NULL, "The path is not percent-encoded UTF-8.");
      return NULL;
    }
  if (head->query != NULL && !read_query (request, head->query, problem))
    return NULL;
  return g_steal_pointer (&request);
}

void
ac_request_free (AcRequest *request)
{
  if (request == NULL)
    return;
  ac_http_head_free (request->head);
  g_free (request->path);
  g_free (request->id);
  g_ptr_array_unref (request->query);
  g_bytes_unref (request->body);
  g_free (request->remote);
  g_free (request->actor_name);
  g_free (request);
}

/**
 * ac_request_get_header:
 *
 * Returns: (nullable): the value, owned by @request.
 */
const char *
ac_request_get_header (AcRequest *request, const char *name)
{
  return soup_message_headers_get_one (request->head->headers, name);
}

/**
 * ac_request_get_token:
 *
 * Returns: (nullable): the bearer token (RFC 6750 §2.1), owned by @request.
 */
const char *
ac_request_get_token (AcRequest *request)
{
  const char *authorization = ac_request_get_header (request, "Authorization");

  if (authorization == NULL || g_ascii_strncasecmp (authorization, "Bearer ", 7) != 0)
    return NULL;
  authorization += strlen ("Bearer ");
  return authorization + strspn (authorization, " ");
}

/**
 * ac_request_get_actor:
 *
 * Returns: who asks, for the audit log; the strings are those of @request.
 */
AcActor
ac_request_get_actor (AcRequest *request)
{
  return (AcActor){ request->actor_name, request->remote };
}

/**
 * ac_request_parse_object:
 * @root: (out) (transfer full): owns what is returned
 *
 * Returns: (transfer none): the JSON object that the body is, or %NULL with a problem.
 */
JsonObject *
ac_request_parse_object (AcRequest *request, JsonNode **root, AcProblem **problem)
{
  const char *type = soup_message_headers_get_content_type (request->head->headers, NULL);
  g_autoptr (GError) error = NULL;
  JsonObject *object = NULL;

  if (type == NULL || g_ascii_strcasecmp (type, "application/json") != 0)
    {
      *problem = ac_problem_new_for_key (415, AC_PROBLEM_BAD_REQUEST, "Content-Type",
                                         "The body must be application/json, and be called so.");
      return NULL;
    }
  *root = ac_json_parse (request->body, &error);
  if (*root != NULL)
    object = ac_json_root_object (*root, &error);
  if (object == NULL)
    *problem = ac_problem_new_from_error (error);
  return object;
}

/**
 * ac_request_get_idempotency_key:
 *
 * Returns: (transfer none): the key that each POST must carry, or %NULL with a problem.
 */
const char *
ac_request_get_idempotency_key (AcRequest *request, AcProblem **problem)
{
  const char *key = ac_request_get_header (request, "Idempotency-Key");
  gsize length = key != NULL ? strlen (key) : 0;

  if (length == 0)
    {
      *problem = ac_problem_new_for_key (
          400, AC_PROBLEM_MISSING_IDEMPOTENCY_KEY, "Idempotency-Key",
          "Send the header Idempotency-Key with a new random value for each new request, and with "
          "the same value when the same request is sent again.");
      return NULL;
    }
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isgraph (key[i]) || length > MAX_KEY_LENGTH)
      {
        *problem = ac_problem_new_bad_request (
            "Idempotency-Key", "The key must be 1 to %d visible ASCII characters.", MAX_KEY_LENGTH);
        return NULL;
      }
  return key;
}

/**
 * ac_request_check_query:
 * @known: the names that the route knows
 *
 * Returns: whether the request has no other parameters.
 */
gboolean
ac_request_check_query (AcRequest *request, const char *const *known, AcProblem **problem)
{
  for (guint i = 0; i < request->query->len; i++)
    {
      const AcQueryParameter *parameter = request->query->pdata[i];

      if (!g_strv_contains (known, parameter->name))
        {
          g_autofree char *list = g_strjoinv (", ", (char **)known);

          *problem = ac_problem_new_bad_request (
              parameter->name, "The query parameter “%s” is not known here. %s%s.", parameter->name,
              *list != '\0' ? "Known are: " : "There are none", list);
          return FALSE;
        }
    }
  return TRUE;
}

/**
 * ac_request_get_single:
 * @value: (out) (transfer none) (nullable): the value
 */
gboolean
ac_request_get_single (AcRequest *request,
                       const char *name,
                       const char **value,
                       AcProblem **problem)
{
  *value = NULL;
  for (guint i = 0; i < request->query->len; i++)
    {
      const AcQueryParameter *parameter = request->query->pdata[i];

      if (strcmp (parameter->name, name) != 0)
        continue;
      if (*value != NULL)
        {
          *problem = ac_problem_new_bad_request (
              name, "The query parameter “%s” may be given only once.", name);
          return FALSE;
        }
      *value = parameter->value;
    }
  return TRUE;
}

/**
 * ac_request_get_all:
 *
 * Returns: (transfer full) (nullable): each value of a parameter that may be repeated.
 */
GStrv
ac_request_get_all (AcRequest *request, const char *name)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  gboolean found = FALSE;

  for (guint i = 0; i < request->query->len; i++)
    {
      const AcQueryParameter *parameter = request->query->pdata[i];

      if (strcmp (parameter->name, name) == 0)
        {
          g_strv_builder_add (builder, parameter->value);
          found = TRUE;
        }
    }
  return found ? g_strv_builder_end (builder) : NULL;
}

/**
 * ac_request_get_words:
 * @words: (out) (transfer full) (nullable): each value, all of them words of @vocabulary
 */
gboolean
ac_request_get_words (AcRequest *request,
                      const char *name,
                      AcVocabulary vocabulary,
                      GStrv *words,
                      AcProblem **problem)
{
  *words = ac_request_get_all (request, name);
  for (char **word = *words; word != NULL && *word != NULL; word++)
    if (ac_vocabulary_parse (vocabulary, *word) == 0)
      {
        g_autofree char *list = ac_vocabulary_list (vocabulary);

        *problem = ac_problem_new_for_key (400, AC_PROBLEM_INVALID_VALUE, name,
                                           "%s: “%s” is not one of %s.", name, *word, list);
        return FALSE;
      }
  return TRUE;
}

/**
 * ac_request_get_time:
 * @time: (out): microseconds since 1970 in UTC, or AC_TIME_NONE
 */
gboolean
ac_request_get_time (AcRequest *request, const char *name, gint64 *time, AcProblem **problem)
{
  const char *value;

  *time = AC_TIME_NONE;
  if (!ac_request_get_single (request, name, &value, problem))
    return FALSE;
  if (value == NULL || ac_time_parse (value, TRUE, time))
    return TRUE;
  *problem = ac_problem_new_for_key (
      400, AC_PROBLEM_INVALID_VALUE, name,
      "%s: “%s” is not a time as in RFC 3339, such as 2026-01-31T12:00:00Z.", name, value);
  return FALSE;
}

/**
 * ac_request_get_limit:
 * @limit: (out): how many items a page may hold
 */
gboolean
ac_request_get_limit (AcRequest *request, guint *limit, AcProblem **problem)
{
  const char *value;
  guint64 number = DEFAULT_LIMIT;

  if (!ac_request_get_single (request, "limit", &value, problem))
    return FALSE;
  if (value != NULL && !ac_number_parse (value, 1, MAX_LIMIT, &number))
    {
      *problem = ac_problem_new_for_key (400, AC_PROBLEM_INVALID_VALUE, "limit",
                                         "limit: “%s” is not a whole number from 1 to %d.", value,
                                         MAX_LIMIT);
      return FALSE;
    }
  *limit = (guint)number;
  return TRUE;
}
