/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds the messages of one mailbox that a query of the Explorer is about, each copy by itself,
 * also in the recoverable folder. It only looks; nothing is changed, and no message is marked as
 * read. */
#pragma once

#include "model/ac-mail-query.h"
#include "responders/ac-mail-config.h"

G_BEGIN_DECLS

GPtrArray *ac_mail_find (const AcMailConfig *config,
                         const AcMailQuery *query,
                         const char *mailbox,
                         guint most,
                         gboolean *is_cut,
                         GCancellable *cancellable,
                         GError **error);

G_END_DECLS
