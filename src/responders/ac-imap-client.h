/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands that acting on mail takes, each over one connection. There is none among them that
 * removes a message: nothing that is only moved can be lost. What goes from one account to another
 * cannot be moved; see ac-imap-transfer.h. */
#pragma once

#include "responders/ac-imap-connection.h"

G_BEGIN_DECLS

/* A folder as LIST shows it. */
typedef struct
{
  char *name;          /* as on the wire */
  gboolean selectable; /* it can hold messages */
  gboolean is_view;    /* it shows messages that lie elsewhere: \All, \Flagged, \Important */
} AcImapFolder;

/* What SELECT and EXAMINE say. */
typedef struct
{
  guint32 uid_validity;
  guint32 uid_next; /* 0: the server did not say */
} AcImapFolderState;

/* A message without its text. */
typedef struct
{
  guint32 uid;
  GStrv flags;       /* sorted, each once; without \Recent, which is the session's */
  gint64 date;       /* INTERNALDATE, in microseconds since 1970 */
  guint32 size;      /* RFC822.SIZE */
  GStrv message_ids; /* of each Message-ID header, unfolded and trimmed */
} AcImapMessage;

/* Where UID MOVE has put messages: source[i] has become destination[i]. */
typedef struct
{
  guint32 uid_validity; /* of the destination; 0: the server did not say where they are */
  GArray *source;       /* of guint32 */
  GArray *destination;  /* of guint32 */
} AcImapMoved;

void ac_imap_folder_free (AcImapFolder *folder);
void ac_imap_message_free (AcImapMessage *message);
void ac_imap_moved_free (AcImapMoved *moved);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcImapFolder, ac_imap_folder_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcImapMessage, ac_imap_message_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcImapMoved, ac_imap_moved_free)

gboolean ac_imap_client_check_extensions (AcImapConnection *connection, GError **error);
GPtrArray *ac_imap_client_list (AcImapConnection *connection, GError **error);
GStrv ac_imap_client_list_foreign_prefixes (AcImapConnection *connection, GError **error);
gboolean ac_imap_client_select (AcImapConnection *connection,
                                const char *folder,
                                gboolean writable,
                                AcImapFolderState *state,
                                GError **error);
GArray *ac_imap_client_search_message_ids (AcImapConnection *connection,
                                           const char *const *message_ids,
                                           GError **error);
AcImapMessage *ac_imap_messages_find (GPtrArray *messages, guint32 uid);
GPtrArray *ac_imap_client_fetch (AcImapConnection *connection,
                                 const guint32 *uids,
                                 gsize n_uids,
                                 GError **error);
AcImapMoved *ac_imap_client_move (AcImapConnection *connection,
                                  const guint32 *uids,
                                  gsize n_uids,
                                  const char *destination,
                                  GError **error);
gboolean ac_imap_client_store_flags (AcImapConnection *connection,
                                     guint32 uid,
                                     const char *const *flags,
                                     GError **error);
gboolean ac_imap_client_create (AcImapConnection *connection, const char *folder, GError **error);
gboolean
ac_imap_client_subscribe (AcImapConnection *connection, const char *folder, GError **error);

gboolean ac_imap_is_flag (const char *flag);
gboolean ac_imap_parse_date (const char *text, gint64 *date);
GStrv ac_imap_parse_message_ids (const char *header, gsize length);

G_END_DECLS
