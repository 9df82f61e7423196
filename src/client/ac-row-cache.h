/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A bounded memory of rows by key: what was used last stays, what was not used for longest goes. */
#pragma once

#include "model/ac-action.h"

G_BEGIN_DECLS

typedef struct _AcRowCache AcRowCache;

AcRowCache *ac_row_cache_new (guint capacity);
void ac_row_cache_free (AcRowCache *cache);
AcAction *ac_row_cache_get (AcRowCache *cache, guint64 key);
gboolean ac_row_cache_has (AcRowCache *cache, guint64 key);
void ac_row_cache_put (AcRowCache *cache, guint64 key, AcAction *action);
void ac_row_cache_remove (AcRowCache *cache, guint64 key);
void ac_row_cache_clear (AcRowCache *cache);
guint ac_row_cache_size (AcRowCache *cache);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcRowCache, ac_row_cache_free)

G_END_DECLS
