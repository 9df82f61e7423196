/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A search of the mailboxes as a list that grows: it asks for page after page until all mailboxes
 * were searched, somebody stops it, or there is more than a person can look at. "changed" is
 * emitted whenever its state or its numbers change. */
#pragma once

#include "client/ac-explorer-api.h"

G_BEGIN_DECLS

/* No more are asked for when so many were found. */
#define AC_MESSAGE_SEARCH_MOST 10000

typedef enum
{
  AC_MESSAGE_SEARCH_NEW,
  AC_MESSAGE_SEARCH_RUNNING,
  AC_MESSAGE_SEARCH_FINISHED, /* all mailboxes were searched */
  AC_MESSAGE_SEARCH_STOPPED,  /* by a person */
  AC_MESSAGE_SEARCH_FULL,     /* there may be more */
  AC_MESSAGE_SEARCH_FAILED,   /* the message says why; what was found before is there */
} AcMessageSearchState;

#define AC_TYPE_MESSAGE_SEARCH (ac_message_search_get_type ())
G_DECLARE_FINAL_TYPE (AcMessageSearch, ac_message_search, AC, MESSAGE_SEARCH, GObject)

AcMessageSearch *ac_message_search_new (AcApi *api, const AcMailQuery *query);
void ac_message_search_start (AcMessageSearch *self);
void ac_message_search_stop (AcMessageSearch *self);

AcMessageSearchState ac_message_search_get_state (AcMessageSearch *self);
const char *ac_message_search_get_message (AcMessageSearch *self);
const AcMailQuery *ac_message_search_get_query (AcMessageSearch *self);
GListModel *ac_message_search_get_messages (AcMessageSearch *self);
guint64 ac_message_search_get_mailboxes (AcMessageSearch *self);
guint64 ac_message_search_get_searched (AcMessageSearch *self);
GPtrArray *ac_message_search_get_failed (AcMessageSearch *self);
GPtrArray *ac_message_search_get_cut (AcMessageSearch *self);

G_END_DECLS
