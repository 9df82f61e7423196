/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One connection to an IMAP server: TLS, login, and one command at a time.
 *
 * Its calls block, and belong into a worker thread: the responders run there, and a step that is
 * followed by the next line of code is what lets a reader check that each receipt is written before
 * the thing it is about is done. */
#pragma once

#include "responders/ac-imap-command.h"
#include "responders/ac-imap-parser.h"
#include "responders/ac-server-stream.h"

G_BEGIN_DECLS

typedef struct _AcImapConnection AcImapConnection;

/* Returns (transfer full): the next bytes of a literal, at least one; or NULL with an error. */
typedef GBytes *(*AcImapSource) (gpointer user_data, GError **error);

AcImapConnection *ac_imap_connection_open (const AcServerEndpoint *endpoint,
                                           GCancellable *cancellable,
                                           GError **error);
void ac_imap_connection_free (AcImapConnection *self);
gboolean ac_imap_connection_login (AcImapConnection *self,
                                   const char *acting_for,
                                   const char *user,
                                   const char *password,
                                   GError **error);
gboolean ac_imap_connection_offers (AcImapConnection *self, const char *capability);
GPtrArray *ac_imap_connection_run (AcImapConnection *self, AcImapCommand *command, GError **error);
GPtrArray *
ac_imap_connection_run_patiently (AcImapConnection *self, AcImapCommand *command, GError **error);
GPtrArray *ac_imap_connection_run_with_literal (AcImapConnection *self,
                                                AcImapCommand *command,
                                                guint64 length,
                                                AcImapSource source,
                                                gpointer user_data,
                                                GError **error);
gboolean ac_imap_connection_is_lost (AcImapConnection *self);
void ac_imap_connection_log_out (AcImapConnection *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcImapConnection, ac_imap_connection_free)

G_END_DECLS
