/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The folders of a mailbox that one look could not look into, because the mail server has refused
 * it: one of them is no reason to leave the others alone, and nobody may speak as if it had been
 * looked at. */
#pragma once

#include "responders/ac-imap-connection.h"

G_BEGIN_DECLS

/* Folders that a result names one by one; of more it says how many. */
#define AC_MAIL_UNREAD_NAMED 3

typedef struct
{
  char *folder;  /* as on the wire */
  GError *error; /* why not */
} AcMailUnread;

GPtrArray *ac_mail_unread_new (void);
gboolean ac_mail_unread_take (GPtrArray *unread,
                              const char *folder,
                              guint n_folders,
                              AcImapConnection *connection,
                              GError *problem,
                              GError **error);
gboolean ac_mail_unread_has (const GPtrArray *unread, const char *folder);
gboolean ac_mail_unread_may_pass (const GPtrArray *unread);

typedef void (*AcMailUnreadSay) (gpointer work, const char *what, const GError *error);

void ac_mail_unread_say (const GPtrArray *unread,
                         const char *only_folder,
                         AcMailUnreadSay say,
                         gpointer work);

G_END_DECLS
