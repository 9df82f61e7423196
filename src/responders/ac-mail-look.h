/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looks through a mailbox for the messages of a cluster. It changes nothing: folders are opened for
 * reading only, and messages are peeked at. */
#pragma once

#include "model/ac-entity.h"
#include "responders/ac-mail-config.h"

G_BEGIN_DECLS

GPtrArray *ac_mail_look (const AcMailConfig *config,
                         AcEntity *entity,
                         const char *mailbox,
                         GCancellable *cancellable,
                         GError **error);

G_END_DECLS
