/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What BODYSTRUCTURE tells of messages (RFC 3501 §7.4.2): the names of their attachments, without a
 * byte of them being read. */
#pragma once

#include "responders/ac-imap-connection.h"

G_BEGIN_DECLS

GHashTable *ac_imap_fetch_attachment_names (AcImapConnection *connection,
                                            const guint32 *uids,
                                            gsize n_uids,
                                            GError **error);

G_END_DECLS
