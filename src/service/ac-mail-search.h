/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One page of a search over mailboxes: a few at a time, for a few seconds, and then what was found
 * so far and where to go on. It knows nothing of HTTP and of the database. */
#pragma once

#include "responders/ac-responder.h"

G_BEGIN_DECLS

/* What came of one mailbox. */
typedef struct
{
  GPtrArray *found; /* of JsonObject; NULL: it could not be searched */
  gboolean is_cut;  /* there is more in it */
  char *problem;    /* with found NULL: why, in words */
} AcMailboxSearched;

void ac_mailbox_searched_free (AcMailboxSearched *searched);

GPtrArray *ac_mail_search_run (AcResponder *responder,
                               const AcMailQuery *query,
                               const char *const *mailboxes,
                               guint limit,
                               GCancellable *cancellable);

G_END_DECLS
