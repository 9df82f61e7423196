/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of the mirror, and the few facts about it as a whole that stand in one of them. Plain
 * functions over a connection. Private to this room. */
#pragma once

#include "sql/ac-sql.h"

G_BEGIN_DECLS

void ac_mirror_report (int code, const char *words, GError **error);
gboolean ac_mirror_schema_prepare (AcSql *sql, guint64 first_key, gboolean *made, GError **error);
gboolean ac_mirror_schema_tune (AcSql *sql, gboolean writer, GError **error);
gboolean ac_mirror_has_indexes (AcSql *sql, gboolean *has, GError **error);
gboolean ac_mirror_build_indexes (AcSql *sql, GError **error);

gboolean ac_mirror_get_number (AcSql *sql,
                               const char *name,
                               gint64 fallback,
                               gint64 *number,
                               GError **error);
gboolean ac_mirror_set_number (AcSql *sql, const char *name, gint64 number, GError **error);
gboolean ac_mirror_dup_text (AcSql *sql, const char *name, char **text, GError **error);
gboolean ac_mirror_set_text (AcSql *sql, const char *name, const char *text, GError **error);

/* What stands under these names. */
#define AC_MIRROR_GENERATION "generation" /* of the last sync of everything */
#define AC_MIRROR_LOADING "loading"       /* 1 while that sync is under way */
#define AC_MIRROR_TOKEN "token"           /* up to where the changes are known */
#define AC_MIRROR_POSITION "position"     /* createdAt of the last action of a sync under way */
#define AC_MIRROR_N_SYNCED "n_synced"     /* actions so far, of that sync */
#define AC_MIRROR_N_TOTAL "n_total"       /* of how many */
#define AC_MIRROR_LAST_REFRESHED "last_refreshed" /* when the state of the service was known last  \
                                                   */
#define AC_MIRROR_INDEXED "indexed"     /* keys up to this are in the index for searches */
#define AC_MIRROR_FIRST_KEY "first_key" /* the next key to be given out */

G_END_DECLS
