/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Brings what is committed from the write-ahead log into the database, in a thread and with a
 * connection of its own: SQLite would have whoever commits do it, and what was decided would wait
 * for that before anybody hears of it. */
#pragma once

#include "sql/ac-sql.h"

G_BEGIN_DECLS

typedef struct _AcCheckpointer AcCheckpointer;

AcCheckpointer *ac_checkpointer_new (AcSql *writer, const char *path, AcSqlReport report);
void ac_checkpointer_free (AcCheckpointer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcCheckpointer, ac_checkpointer_free)

G_END_DECLS
