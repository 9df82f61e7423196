/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GET /messages: the Explorer's search of the mailboxes. Who searches for what stands in the audit
 * log before the first mailbox is opened. */
#include "config.h"

#include <string.h>

#include "responders/ac-imap-error.h"
#include "service/ac-mail-search.h"
#include "service/ac-problems.h"
#include "service/ac-routes.h"

/* At a time, of all people together: each has several connections to the mail server. */
#define MOST_SEARCHES 2
#define RETRY_AFTER "2"

static const char *const parameters[] = { "sender",        "senderDomain",
                                          "recipient",     "subject",
                                          "subjectPart",   "messageId",
                                          "url",           "attachmentSha256",
                                          "receivedAfter", "receivedBefore",
                                          "mailbox",       "limit",
                                          "cursor",        NULL };

static gint n_searches; /* atomic */

static gboolean
get_text (AcRequest *request, const char *name, char **text, AcProblem **problem)
{
  const char *value;

  if (!ac_request_get_single (request, name, &value, problem))
    return FALSE;
  *text = g_strdup (value);
  return TRUE;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* In their order, each once, as the cursor takes it. */
static GStrv
sorted (const char *const *names)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (gsize i = 0; names[i] != NULL; i++)
    g_ptr_array_add (all, (gpointer)names[i]);
  g_ptr_array_sort (all, compare_names);
  for (guint i = 0; i < all->len; i++)
    if (i == 0 || strcmp (all->pdata[i], all->pdata[i - 1]) != 0)
      g_strv_builder_add (builder, all->pdata[i]);
  return g_strv_builder_end (builder);
}

static AcMailQuery *
read_query (AcRequest *request, AcProblem **problem)
{
  g_autoptr (AcMailQuery) query = ac_mail_query_new ();
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) mailboxes = NULL;

  if (!get_text (request, "sender", &query->sender, problem) ||
      !get_text (request, "senderDomain", &query->sender_domain, problem) ||
      !get_text (request, "recipient", &query->recipient, problem) ||
      !get_text (request, "subject", &query->subject, problem) ||
      !get_text (request, "subjectPart", &query->subject_part, problem) ||
      !get_text (request, "messageId", &query->message_id, problem) ||
      !get_text (request, "url", &query->url, problem) ||
      !get_text (request, "attachmentSha256", &query->attachment_sha256, problem) ||
      !ac_request_get_time (request, "receivedAfter", &query->received_after, problem) ||
      !ac_request_get_time (request, "receivedBefore", &query->received_before, problem))
    return NULL;
  mailboxes = ac_request_get_all (request, "mailbox");
  if (mailboxes != NULL)
    query->mailboxes = sorted ((const char *const *)mailboxes);
  if (!ac_mail_query_check (query, &error))
    {
      *problem = ac_problem_new_from_error (error);
      return NULL;
    }
  return g_steal_pointer (&query);
}

static AcResponder *
find_responder (const AcRouteContext *context, AcProblem **problem)
{
  for (guint i = 0; context->responders != NULL && i < context->responders->len; i++)
    if (ac_responder_can_find (context->responders->pdata[i]))
      return context->responders->pdata[i];
  *problem = ac_problem_new_for_key (404, AC_PROBLEM_NOT_FOUND, NULL,
                                     "This service has no mail server to search. Its administrator "
                                     "can name one in the group [mail] of the configuration.");
  return NULL;
}

static GStrv
list_mailboxes (AcResponder *responder, const AcMailQuery *query, AcProblem **problem)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) all = NULL;

  if (query->mailboxes != NULL)
    return g_strdupv (query->mailboxes);
  all = ac_responder_list_assets (responder, &error);
  if (all != NULL)
    return sorted ((const char *const *)all);
  *problem =
      ac_problem_new_for_key (503, AC_PROBLEM_SERVICE_ERROR, "mailbox", "%s", error->message);
  return NULL;
}

static JsonObject *
problem_of (const char *mailbox, const char *words)
{
  JsonObject *object = json_object_new ();

  ac_json_set_string (object, "mailbox", mailbox);
  ac_json_set_string (object, "problem", words);
  return object;
}

static JsonObject *
make_page (const AcRouteContext *context,
           const char *text,
           const char *const *mailboxes,
           gsize at,
           GPtrArray *searched)
{
  JsonObject *page = json_object_new ();
  JsonArray *items = json_array_new ();
  JsonArray *failed = json_array_new ();
  JsonArray *cut = json_array_new ();
  gsize total = g_strv_length ((GStrv)mailboxes);

  json_object_set_array_member (page, "items", items);
  json_object_set_int_member (page, "mailboxes", (gint64)total);
  json_object_set_int_member (page, "searched", (gint64)(at + searched->len));
  json_object_set_array_member (page, "failed", failed);
  json_object_set_array_member (page, "cut", cut);
  for (guint i = 0; i < searched->len; i++)
    {
      AcMailboxSearched *one = searched->pdata[i];

      if (one->found == NULL)
        json_array_add_object_element (failed, problem_of (mailboxes[at + i], one->problem));
      else if (one->is_cut)
        json_array_add_string_element (cut, mailboxes[at + i]);
      for (guint k = 0; one->found != NULL && k < one->found->len; k++)
        json_array_add_object_element (items, json_object_ref (one->found->pdata[k]));
    }
  if (at + searched->len < total && searched->len > 0)
    {
      g_autofree char *cursor =
          ac_store_format_place (context->store, text, mailboxes[at + searched->len - 1]);

      ac_json_set_string (page, "nextCursor", cursor);
    }
  return page;
}

static AcResponse *
search (const AcRouteContext *context,
        AcResponder *responder,
        const AcMailQuery *query,
        const char *text,
        const char *const *mailboxes,
        gsize at,
        guint limit,
        AcProblem **problem)
{
  g_autoptr (GPtrArray) searched = NULL;
  g_autoptr (JsonObject) page = NULL;
  g_autoptr (GError) error = NULL;

  searched = ac_mail_search_run (responder, query, mailboxes + at, limit, context->stopping);
  page = make_page (context, text, mailboxes, at, searched);
  if (!ac_store_know_messages (context->store, ac_json_get_array (page, "items"), &error))
    {
      *problem = ac_problem_new_from_error (error);
      return NULL;
    }
  return ac_response_new_json (200, g_steal_pointer (&page));
}

/* Where the page begins, after whoever asks was noted. */
static gboolean
find_place (const AcRouteContext *context,
            AcRequest *request,
            const char *text,
            const char *const *mailboxes,
            const char *cursor,
            gsize *at,
            AcProblem **problem)
{
  AcActor actor = ac_request_get_actor (request);
  g_autoptr (GError) error = NULL;
  g_autofree char *last = NULL;
  g_autofree char *words = NULL;

  *at = 0;
  if (cursor == NULL)
    {
      words = g_uri_unescape_string (text, NULL);
      if (ac_store_audit_search (context->store, &actor, words, &error))
        return TRUE;
    }
  else if ((last = ac_store_parse_place (context->store, text, cursor, &error)) != NULL)
    {
      while (mailboxes[*at] != NULL && strcmp (mailboxes[*at], last) <= 0)
        (*at)++;
      return TRUE;
    }
  *problem = ac_problem_new_from_error (error);
  return FALSE;
}

/* A page: what the next mailboxes hold. */
AcResponse *
ac_routes_list_messages (const AcRouteContext *context, AcRequest *request, AcProblem **problem)
{
  g_autoptr (AcMailQuery) query = NULL;
  g_auto (GStrv) mailboxes = NULL;
  g_autofree char *text = NULL;
  AcResponse *response = NULL;
  AcResponder *responder;
  const char *cursor;
  guint limit;
  gsize at;

  if (!ac_request_check_query (request, parameters, problem) ||
      !ac_request_get_limit (request, &limit, problem) ||
      !ac_request_get_single (request, "cursor", &cursor, problem) ||
      (query = read_query (request, problem)) == NULL ||
      (responder = find_responder (context, problem)) == NULL ||
      (mailboxes = list_mailboxes (responder, query, problem)) == NULL)
    return NULL;
  text = ac_mail_query_to_parameters (query);
  if (g_atomic_int_add (&n_searches, 1) >= MOST_SEARCHES)
    {
      response = ac_response_new_problem (ac_problem_new_for_key (
          429, AC_PROBLEM_TOO_MANY_REQUESTS, NULL,
          "The mailboxes are being searched for other people at the moment; try again."));
      ac_response_add_header (response, "Retry-After", RETRY_AFTER);
    }
  else if (find_place (context, request, text, (const char *const *)mailboxes, cursor, &at,
                       problem))
    response = search (context, responder, query, text, (const char *const *)mailboxes, at, limit,
                       problem);
  g_atomic_int_add (&n_searches, -1);
  return response;
}
