/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading messages to find out what they are, without changing anything about them. */
#pragma once

#include "responders/ac-imap-connection.h"

G_BEGIN_DECLS

/* A message's place and the lines of its header that were asked for. */
typedef struct
{
  guint32 uid;
  gint64 date;  /* INTERNALDATE, in microseconds since 1970 */
  guint32 size; /* RFC822.SIZE */
  GBytes *lines;
} AcImapHeader;

void ac_imap_header_free (AcImapHeader *header);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcImapHeader, ac_imap_header_free)

GArray *ac_imap_search_run (AcImapConnection *connection, AcImapCommand *command, GError **error);
char *ac_imap_search_part (const char *text);
GPtrArray *ac_imap_fetch_headers (AcImapConnection *connection,
                                  const guint32 *uids,
                                  gsize n_uids,
                                  const char *fields,
                                  GError **error);
gboolean ac_imap_fetch_to_file (AcImapConnection *connection,
                                guint32 uid,
                                int file,
                                gboolean *is_there,
                                GError **error);

G_END_DECLS
