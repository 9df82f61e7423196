/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which actions of the mirror pass those filters of a query that are more than a kind: search text,
 * bounds of time, mailboxes, persons, investigations, operations. Private to this room. */
#pragma once

#include "client/ac-action-query.h"
#include "client/ac-key-set.h"
#include "sql/ac-sql.h"

G_BEGIN_DECLS

gboolean ac_mirror_match (AcSql *sql, AcActionQuery *query, AcKeySet **set, GError **error);
AcKeySet *ac_mirror_key_set_new (AcSql *sql, GError **error);

G_END_DECLS
