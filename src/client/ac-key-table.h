/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers for ids: the same id always gives the same key. An id that is a UUID, as all of the
 * service's are, costs 16 bytes and its place in a hash table; any other is kept as it is. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _AcKeyTable AcKeyTable;

AcKeyTable *ac_key_table_new (void);
void ac_key_table_free (AcKeyTable *table);
guint64 ac_key_table_add (AcKeyTable *table, const char *id);
guint64 ac_key_table_find (AcKeyTable *table, const char *id);
char *ac_key_table_dup_id (AcKeyTable *table, guint64 key);
guint ac_key_table_size (AcKeyTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcKeyTable, ac_key_table_free)

G_END_DECLS
