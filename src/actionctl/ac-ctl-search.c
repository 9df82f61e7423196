/* SPDX-License-Identifier: GPL-3.0-or-later */
/* actionctl search: messages in all mailboxes, told as they are found. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "actionctl/ac-ctl.h"
#include "client/ac-explorer-api.h"
#include "model/ac-time.h"

#define PAGE_SIZE 200

static char *sender;
static char *recipient;
static char *subject;
static char *message_id;
static char *url;
static char *sha256;
static char *after;
static char *before;
static char **mailboxes;

static const GOptionEntry options[] = {
  { "sender", 0, 0, G_OPTION_ARG_STRING, &sender, N_ ("From this address, or any of this domain"),
    N_ ("ADDRESS") },
  { "recipient", 0, 0, G_OPTION_ARG_STRING, &recipient, N_ ("To or Cc this address"),
    N_ ("ADDRESS") },
  { "subject", 0, 0, G_OPTION_ARG_STRING, &subject, N_ ("With these words in the subject"),
    N_ ("WORDS") },
  { "message-id", 0, 0, G_OPTION_ARG_STRING, &message_id, N_ ("With this Message-ID"),
    N_ ("MESSAGE-ID") },
  { "url", 0, 0, G_OPTION_ARG_STRING, &url, N_ ("With this link in the text"), N_ ("URL") },
  { "sha256", 0, 0, G_OPTION_ARG_STRING, &sha256, N_ ("With an attachment that has this SHA-256"),
    N_ ("HEX") },
  { "after", 0, 0, G_OPTION_ARG_STRING, &after, N_ ("Received at this time or later"),
    N_ ("TIME") },
  { "before", 0, 0, G_OPTION_ARG_STRING, &before, N_ ("Received before this time"), N_ ("TIME") },
  { "mailbox", 0, 0, G_OPTION_ARG_STRING_ARRAY, &mailboxes,
    N_ ("Only in this mailbox; may be given several times"), N_ ("MAILBOX") },
  { NULL },
};

static gboolean
read_time (const char *text, gint64 *time)
{
  if (text == NULL || ac_time_parse (text, TRUE, time))
    return TRUE;
  ac_ctl_complain (_ ("“%s” is not a time such as 2026-01-31T00:00:00Z."), text);
  return FALSE;
}

static AcMailQuery *
make_query (void)
{
  g_autoptr (AcMailQuery) query = ac_mail_query_new ();
  g_autoptr (GError) error = NULL;

  if (sender != NULL && strchr (sender, '@') > sender)
    query->sender = g_strdup (sender);
  else if (sender != NULL)
    query->sender_domain = g_strdup (sender + (*sender == '@'));
  query->recipient = g_strdup (recipient);
  query->subject_part = g_strdup (subject);
  query->message_id = g_strdup (message_id);
  query->url = g_strdup (url);
  query->attachment_sha256 = g_strdup (sha256);
  query->mailboxes = g_strdupv (mailboxes);
  if (!read_time (after, &query->received_after) || !read_time (before, &query->received_before))
    return NULL;
  if (ac_mail_query_check (query, &error))
    return g_steal_pointer (&query);
  ac_ctl_complain ("%s", error->message);
  return NULL;
}

static char *
safe (const char *text)
{
  return ac_ctl_safe_text (text != NULL ? text : "");
}

static void
print_page (const AcCtl *ctl, const AcFoundMessagePage *page, AcCtlTable *table)
{
  for (guint i = 0; i < page->messages->len; i++)
    {
      AcFoundMessage *message = page->messages->pdata[i];
      g_autofree char *when = ac_ctl_time_text (ac_found_message_get_received_at (message));
      g_autofree char *mailbox = safe (ac_found_message_get_mailbox (message));
      g_autofree char *folder = safe (ac_found_message_get_folder (message));
      g_autofree char *from = safe (ac_found_message_get_sender (message));
      g_autofree char *about = safe (ac_found_message_get_subject (message));
      g_autofree char *id = safe (ac_found_message_get_message_id (message));

      if (ctl->json)
        {
          g_autoptr (JsonObject) object = ac_found_message_to_json (message);

          ac_ctl_print_json (object);
        }
      else
        ac_ctl_table_add (table, (const char *[]){ when, mailbox, folder, from, about, id, NULL });
    }
  for (guint i = 0; i < page->failed->len; i++)
    ac_ctl_complain ("%s", (char *)page->failed->pdata[i]);
  for (guint i = 0; page->cut[i] != NULL; i++)
    ac_ctl_complain (_ ("%s: it holds more than 1,000 such messages; the newest are shown"),
                     page->cut[i]);
}

static AcCtlExit
search (AcCtl *ctl, const char *const *arguments)
{
  const char *const titles[] = {
    _ ("Received"),   _ ("Mailbox"), _ ("Location"), _ ("Sender"), _ ("Subject"),
    _ ("Message-ID"), NULL
  };
  g_autoptr (AcMailQuery) query = arguments[0] == NULL ? make_query () : NULL;
  g_autoptr (AcCtlTable) table = ac_ctl_table_new (titles);
  g_autofree char *cursor = NULL;
  gboolean is_whole = TRUE;

  if (query == NULL)
    return AC_CTL_USAGE;
  do
    {
      g_autoptr (AcFoundMessagePage) page = NULL;
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;
      GAsyncResult *answer = NULL;

      ac_api_find_messages_async (ctl->api, query, cursor, PAGE_SIZE, NULL, ac_ctl_answer_cb,
                                  &answer);
      result = ac_ctl_wait (&answer);
      page = ac_api_find_messages_finish (ctl->api, result, &error);
      if (page == NULL)
        {
          ac_ctl_complain ("%s", error->message);
          return AC_CTL_FAILED;
        }
      print_page (ctl, page, table);
      is_whole = is_whole && page->failed->len == 0 && page->cut[0] == NULL;
      g_free (cursor);
      cursor = g_steal_pointer (&page->next_cursor);
    }
  while (cursor != NULL);
  if (!ctl->json)
    ac_ctl_table_print (table);
  return is_whole ? AC_CTL_DONE : AC_CTL_UNFINISHED;
}

const AcCtlCommand ac_ctl_search = {
  .name = "search",
  .summary = N_ ("Search the mailboxes"),
  .options = options,
  .run = search,
};
