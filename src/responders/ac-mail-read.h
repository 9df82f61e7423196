/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads a message where it lies, for a person who has to decide about it. It only looks; nothing is
 * changed, and no message is marked as read. */
#pragma once

#include "model/ac-entity.h"
#include "responders/ac-imap-client.h"
#include "responders/ac-mail-config.h"

G_BEGIN_DECLS

JsonObject *ac_mail_read (const AcMailConfig *config,
                          AcEntity *entity,
                          const char *mailbox,
                          GCancellable *cancellable,
                          GError **error);
JsonObject *ac_mail_read_text (AcImapConnection *connection,
                               guint32 uid,
                               guint32 size,
                               const char *mailbox,
                               GError **error);

G_END_DECLS
