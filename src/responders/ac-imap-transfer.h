/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages with their text: read, put into another account, and taken away. A message is never held
 * as a whole where it need not be: it goes from one server to the other in pieces.
 *
 * Taking away is for a message that was seen somewhere else, byte for byte. It names UIDs and only
 * those (UID EXPUNGE, RFC 4315): what others have marked as deleted stays. */
#pragma once

#include "responders/ac-imap-client.h"

G_BEGIN_DECLS

/* Where APPEND has put a message. */
typedef struct
{
  guint32 uid_validity; /* 0: the server did not say */
  guint32 uid;
} AcImapAppended;

char *
ac_imap_transfer_digest (AcImapConnection *connection, guint32 uid, guint32 size, GError **error);
GBytes *ac_imap_transfer_read (AcImapConnection *connection,
                               guint32 uid,
                               guint32 size,
                               guint32 limit,
                               GError **error);
char *ac_imap_transfer_copy (AcImapConnection *from,
                             guint32 uid,
                             guint32 size,
                             AcImapConnection *to,
                             const char *folder,
                             const char *const *flags,
                             gint64 date,
                             AcImapAppended *appended,
                             GError **error);
gboolean ac_imap_transfer_write (AcImapConnection *connection,
                                 const char *folder,
                                 GBytes *message,
                                 const char *const *flags,
                                 gint64 date,
                                 AcImapAppended *appended,
                                 GError **error);
gboolean ac_imap_transfer_remove (AcImapConnection *connection,
                                  const guint32 *uids,
                                  gsize n_uids,
                                  GError **error);
G_END_DECLS
