/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cuts the bytes of a mail server into whole responses, literals by count. It knows nothing of what
 * they mean, and holds no more than the limits allow. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The answer to a search in a mailbox of a million messages fits. */
#define AC_IMAP_MAX_LINE (16 * 1024 * 1024)
/* Nothing that is asked for comes as a longer literal: a Message-ID, or the name of a folder. */
#define AC_IMAP_MAX_LITERAL (1024 * 1024)

typedef struct _AcImapReader AcImapReader;

AcImapReader *ac_imap_reader_new (GInputStream *stream);
void ac_imap_reader_free (AcImapReader *reader);
GByteArray *ac_imap_reader_read (AcImapReader *reader, GCancellable *cancellable, GError **error);
gboolean ac_imap_reader_is_empty (AcImapReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcImapReader, ac_imap_reader_free)

G_END_DECLS
