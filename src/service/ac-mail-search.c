/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/ac-mail-search.h"

/* Connections to the mail server that one search has at a time. */
#define CONNECTIONS 4
/* No mailbox is begun after that, so that the person sees what was found meanwhile. */
#define PAGE_TIME (2 * G_TIME_SPAN_SECOND)
/* A mailbox that was begun is given up after that: before a client gives the answer up. */
#define MOST_SECONDS 25
/* Of one mailbox. */
#define MOST_MESSAGES 1000

typedef struct
{
  AcResponder *responder;
  const AcMailQuery *query;
  const char *const *mailboxes;
  gsize n_mailboxes;
  guint limit;
  GCancellable *cancellable; /* ours: the time is over, or the service ends */
  gint64 begin_until;        /* monotonic */

  GMutex lock; /* guards what follows */
  GCond ended;
  GPtrArray *searched; /* of AcMailboxSearched, one for each mailbox that was begun, in order */
  guint n_found;
  guint n_working;
  gboolean is_late;
} Search;

void
ac_mailbox_searched_free (AcMailboxSearched *searched)
{
  if (searched == NULL)
    return;
  g_clear_pointer (&searched->found, g_ptr_array_unref);
  g_free (searched->problem);
  g_free (searched);
}

/* The next mailbox, or NULL when no other is to be begun. */
static AcMailboxSearched *
take_next (Search *search, const char **mailbox)
{
  AcMailboxSearched *next;

  if (search->searched->len == search->n_mailboxes || search->n_found >= search->limit ||
      g_cancellable_is_cancelled (search->cancellable) ||
      (search->searched->len > 0 && g_get_monotonic_time () >= search->begin_until))
    return NULL;
  *mailbox = search->mailboxes[search->searched->len];
  next = g_new0 (AcMailboxSearched, 1);
  g_ptr_array_add (search->searched, next);
  return next;
}

static char *
problem_words (const Search *search, const GError *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_strdup (error->message);
  if (search->is_late)
    return g_strdup_printf ("It took longer than %d seconds and was given up. Narrow the search: "
                            "links and attachments are looked for in each message by itself.",
                            MOST_SECONDS);
  return g_strdup ("The service is being stopped.");
}

static gpointer
work (gpointer data)
{
  Search *search = data;
  AcMailboxSearched *next;
  const char *mailbox;

  g_mutex_lock (&search->lock);
  while ((next = take_next (search, &mailbox)) != NULL)
    {
      g_autoptr (GError) error = NULL;
      gboolean is_cut = FALSE;
      GPtrArray *found;

      g_mutex_unlock (&search->lock);
      found = ac_responder_find (search->responder, search->query, mailbox, MOST_MESSAGES, &is_cut,
                                 search->cancellable, &error);
      g_mutex_lock (&search->lock);
      next->found = found;
      next->is_cut = is_cut;
      if (found != NULL)
        search->n_found += found->len;
      else
        next->problem = problem_words (search, error);
    }
  search->n_working--;
  g_cond_signal (&search->ended);
  g_mutex_unlock (&search->lock);
  return NULL;
}

static void
stop_cb (GCancellable *cancellable, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

/**
 * ac_mail_search_run:
 * @responder: one that can find
 * @query: checked
 * @mailboxes: those that are left to search, in their order
 * @limit: no mailbox is begun when so many messages were found
 * @cancellable: (nullable): the service ends
 *
 * Blocks for some seconds, and at most for about half a minute.
 *
 * Returns: (transfer full) (element-type AcMailboxSearched): what came of the first ones of
 * @mailboxes; fewer than all when the page is full or its time was over.
 */
GPtrArray *
ac_mail_search_run (AcResponder *responder,
                    const AcMailQuery *query,
                    const char *const *mailboxes,
                    guint limit,
                    GCancellable *cancellable)
{
  g_autoptr (GCancellable) own = g_cancellable_new ();
  Search search = { .responder = responder,
                    .query = query,
                    .mailboxes = mailboxes,
                    .n_mailboxes = g_strv_length ((GStrv)mailboxes),
                    .limit = limit,
                    .cancellable = own };
  gint64 start = g_get_monotonic_time ();
  GThread *threads[CONNECTIONS];
  gsize n_threads = MIN ((gsize)CONNECTIONS, search.n_mailboxes);
  gulong handler = 0;

  search.begin_until = start + PAGE_TIME;
  search.searched = g_ptr_array_new_with_free_func ((GDestroyNotify)ac_mailbox_searched_free);
  search.n_working = (guint)n_threads;
  g_mutex_init (&search.lock);
  g_cond_init (&search.ended);
  if (cancellable != NULL)
    handler = g_cancellable_connect (cancellable, G_CALLBACK (stop_cb), own, NULL);
  for (gsize i = 0; i < n_threads; i++)
    threads[i] = g_thread_new ("mail-search", work, &search);

  g_mutex_lock (&search.lock);
  while (search.n_working > 0)
    if (!g_cond_wait_until (&search.ended, &search.lock, start + MOST_SECONDS * G_TIME_SPAN_SECOND))
      {
        search.is_late = TRUE;
        break;
      }
  g_mutex_unlock (&search.lock);
  if (search.is_late)
    g_cancellable_cancel (own);
  for (gsize i = 0; i < n_threads; i++)
    g_thread_join (threads[i]);

  if (cancellable != NULL)
    g_cancellable_disconnect (cancellable, handler);
  g_cond_clear (&search.ended);
  g_mutex_clear (&search.lock);
  return search.searched;
}
