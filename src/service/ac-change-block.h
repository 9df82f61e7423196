/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changes as they go over the wire: a page of the change log as an event (HTML Living Standard
 * §9.2) in a chunk of the body (RFC 9112 §7.1), made once and shared by all streams. */
#pragma once

#include "store/ac-store.h"

G_BEGIN_DECLS

/* So much of the log goes into one event. The first one after a rest is short, so that whoever
 * follows has something to show while the next is read. */
#define AC_CHANGE_FIRST_ITEMS 100
#define AC_CHANGE_MOST_ITEMS 500
#define AC_CHANGE_MOST_BYTES (512 * 1024)

typedef struct
{
  AcChangePlace after; /* the places in the log that it leads from and to */
  AcChangePlace next;
  GBytes *bytes; /* nullable: there was nobody to read it for */
} AcChangeBlock;

AcChangeBlock *ac_change_block_read (AcStore *store,
                                     const AcChangePlace *after,
                                     guint limit,
                                     gboolean *more,
                                     GError **error);
void ac_change_block_free (gpointer block);

GBytes *ac_change_event_chunk (const char *text, gsize length);
GBytes *ac_change_event_new (const AcLogPage *page);
GBytes *ac_change_event_new_empty (AcStore *store, const AcChangePlace *place);

G_END_DECLS
