/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Puts single actions into the tables of the mirror and takes them out, within a transaction of the
 * writing thread. It knows which tables there are, and nothing of syncs. Private to this room. */
#pragma once

#include "client/ac-mirror-row.h"
#include "sql/ac-sql.h"

G_BEGIN_DECLS

typedef struct
{
  AcSql *sql;
  gint64 generation;
  GArray *changed;             /* guint64; not owned */
  GHashTable *kinds;           /* what makes a kind → Kind */
  GHashTable *kinds_by_number; /* gint64 * → Kind, not owned */
  gint64 next_key;
  gint64 indexed; /* keys up to this are in the index for searches */
  gint64 n_met;   /* rows that this generation has not met before */
  gboolean added;
  gboolean went_back; /* some row is of an earlier version than before */
} AcMirrorStore;

gboolean ac_mirror_store_init (AcMirrorStore *store,
                               AcSql *sql,
                               gint64 generation,
                               GArray *changed,
                               GError **error);
void ac_mirror_store_clear (AcMirrorStore *store);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AcMirrorStore, ac_mirror_store_clear)

gboolean ac_mirror_store_put (AcMirrorStore *store,
                              const AcMirrorRow *row,
                              gboolean whole_list,
                              GError **error);
gboolean ac_mirror_store_remove (AcMirrorStore *store, gint64 key, GError **error);
gboolean ac_mirror_store_remove_id (AcMirrorStore *store, const char *id, GError **error);
gboolean ac_mirror_store_flush (AcMirrorStore *store, GError **error);

G_END_DECLS
