/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client/ac-message-search.h"

#define PAGE_SIZE 200

struct _AcMessageSearch
{
  GObject parent_instance;

  AcApi *api;
  AcMailQuery *query;
  GCancellable *cancellable;
  AcMessageSearchState state;
  char *message; /* nullable */

  GListStore *messages; /* of AcFoundMessage */
  guint64 mailboxes;
  guint64 searched;
  GPtrArray *failed; /* of char * */
  GPtrArray *cut;    /* of char * */
};

G_DEFINE_FINAL_TYPE (AcMessageSearch, ac_message_search, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void ask (AcMessageSearch *self, const char *cursor);

static void
ac_message_search_dispose (GObject *object)
{
  AcMessageSearch *self = AC_MESSAGE_SEARCH (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->messages);
  g_clear_object (&self->api);
  G_OBJECT_CLASS (ac_message_search_parent_class)->dispose (object);
}

static void
ac_message_search_finalize (GObject *object)
{
  AcMessageSearch *self = AC_MESSAGE_SEARCH (object);

  g_clear_pointer (&self->query, ac_mail_query_free);
  g_clear_pointer (&self->failed, g_ptr_array_unref);
  g_clear_pointer (&self->cut, g_ptr_array_unref);
  g_free (self->message);
  G_OBJECT_CLASS (ac_message_search_parent_class)->finalize (object);
}

static void
ac_message_search_class_init (AcMessageSearchClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = ac_message_search_dispose;
  object_class->finalize = ac_message_search_finalize;
  signals[CHANGED] = g_signal_new ("changed", AC_TYPE_MESSAGE_SEARCH, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
ac_message_search_init (AcMessageSearch *self)
{
  self->messages = g_list_store_new (AC_TYPE_FOUND_MESSAGE);
  self->failed = g_ptr_array_new_with_free_func (g_free);
  self->cut = g_ptr_array_new_with_free_func (g_free);
  self->cancellable = g_cancellable_new ();
}

static void
set_state (AcMessageSearch *self, AcMessageSearchState state)
{
  self->state = state;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
take_page (AcMessageSearch *self, AcFoundMessagePage *page)
{
  g_list_store_splice (self->messages, g_list_model_get_n_items (G_LIST_MODEL (self->messages)), 0,
                       page->messages->pdata, page->messages->len);
  self->mailboxes = page->mailboxes;
  self->searched = page->searched;
  for (guint i = 0; i < page->failed->len; i++)
    g_ptr_array_add (self->failed, g_strdup (page->failed->pdata[i]));
  for (guint i = 0; page->cut[i] != NULL; i++)
    g_ptr_array_add (self->cut, g_strdup (page->cut[i]));
}

static void
page_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcMessageSearch) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AcFoundMessagePage) page =
      ac_api_find_messages_finish (AC_API (source_object), result, &error);

  /* An answer that crossed the order to stop. */
  if (self->state != AC_MESSAGE_SEARCH_RUNNING)
    return;
  if (page == NULL)
    {
      self->message = g_strdup (error->message);
      set_state (self, AC_MESSAGE_SEARCH_FAILED);
      return;
    }
  take_page (self, page);
  if (page->next_cursor == NULL)
    set_state (self, AC_MESSAGE_SEARCH_FINISHED);
  else if (g_list_model_get_n_items (G_LIST_MODEL (self->messages)) >= AC_MESSAGE_SEARCH_MOST)
    set_state (self, AC_MESSAGE_SEARCH_FULL);
  else
    {
      ask (self, page->next_cursor);
      set_state (self, AC_MESSAGE_SEARCH_RUNNING);
    }
}

static void
ask (AcMessageSearch *self, const char *cursor)
{
  ac_api_find_messages_async (self->api, self->query, cursor, PAGE_SIZE, self->cancellable, page_cb,
                              g_object_ref (self));
}

/**
 * ac_message_search_new:
 *
 * Returns: (transfer full): a search that has not begun.
 */
AcMessageSearch *
ac_message_search_new (AcApi *api, const AcMailQuery *query)
{
  AcMessageSearch *self;

  g_return_val_if_fail (AC_IS_API (api), NULL);
  g_return_val_if_fail (query != NULL, NULL);

  self = g_object_new (AC_TYPE_MESSAGE_SEARCH, NULL);
  self->api = g_object_ref (api);
  self->query = ac_mail_query_copy (query);
  return self;
}

/**
 * ac_message_search_start:
 *
 * To be called once.
 */
void
ac_message_search_start (AcMessageSearch *self)
{
  g_return_if_fail (AC_IS_MESSAGE_SEARCH (self));
  g_return_if_fail (self->state == AC_MESSAGE_SEARCH_NEW);

  ask (self, NULL);
  set_state (self, AC_MESSAGE_SEARCH_RUNNING);
}

/**
 * ac_message_search_stop:
 *
 * Leaves it at what was found.
 */
void
ac_message_search_stop (AcMessageSearch *self)
{
  g_return_if_fail (AC_IS_MESSAGE_SEARCH (self));

  if (self->state != AC_MESSAGE_SEARCH_RUNNING)
    return;
  self->state = AC_MESSAGE_SEARCH_STOPPED;
  g_cancellable_cancel (self->cancellable);
  g_signal_emit (self, signals[CHANGED], 0);
}

AcMessageSearchState
ac_message_search_get_state (AcMessageSearch *self)
{
  g_return_val_if_fail (AC_IS_MESSAGE_SEARCH (self), AC_MESSAGE_SEARCH_NEW);

  return self->state;
}

/**
 * ac_message_search_get_message:
 *
 * Returns: (nullable): why it has failed, a sentence.
 */
const char *
ac_message_search_get_message (AcMessageSearch *self)
{
  g_return_val_if_fail (AC_IS_MESSAGE_SEARCH (self), NULL);

  return self->message;
}

const AcMailQuery *
ac_message_search_get_query (AcMessageSearch *self)
{
  g_return_val_if_fail (AC_IS_MESSAGE_SEARCH (self), NULL);

  return self->query;
}

/**
 * ac_message_search_get_messages:
 *
 * Returns: (transfer none): the AcFoundMessages, in the order in which they were found.
 */
GListModel *
ac_message_search_get_messages (AcMessageSearch *self)
{
  g_return_val_if_fail (AC_IS_MESSAGE_SEARCH (self), NULL);

  return G_LIST_MODEL (self->messages);
}

/**
 * ac_message_search_get_mailboxes:
 *
 * Returns: how many mailboxes are to be searched; 0 until the first answer.
 */
guint64
ac_message_search_get_mailboxes (AcMessageSearch *self)
{
  g_return_val_if_fail (AC_IS_MESSAGE_SEARCH (self), 0);

  return self->mailboxes;
}

guint64
ac_message_search_get_searched (AcMessageSearch *self)
{
  g_return_val_if_fail (AC_IS_MESSAGE_SEARCH (self), 0);

  return self->searched;
}

/**
 * ac_message_search_get_failed:
 *
 * Returns: (transfer none) (element-type utf8): mailboxes that could not be searched, and why.
 */
GPtrArray *
ac_message_search_get_failed (AcMessageSearch *self)
{
  g_return_val_if_fail (AC_IS_MESSAGE_SEARCH (self), NULL);

  return self->failed;
}

/**
 * ac_message_search_get_cut:
 *
 * Returns: (transfer none) (element-type utf8): mailboxes that hold more than was found.
 */
GPtrArray *
ac_message_search_get_cut (AcMessageSearch *self)
{
  g_return_val_if_fail (AC_IS_MESSAGE_SEARCH (self), NULL);

  return self->cut;
}
