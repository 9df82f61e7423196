/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kinds of actions there are in the mirror: each combination of status, type and so on, with
 * how many actions it has. Loaded for one question. Private to this room. */
#pragma once

#include "client/ac-action-query.h"
#include "sql/ac-sql.h"

G_BEGIN_DECLS

typedef struct
{
  gint64 number; /* 0: there is no such kind */
  char *status;
  char *type;
  char *verdict;
  char *source;
  char *entity_type;
  gboolean undoable;
  char *decision;         /* empty: none */
  const char *undo_state; /* as it is spelled */
  gint64 n;
  gboolean wanted;
  guint rank; /* in the order asked for */
} AcMirrorKind;

typedef struct
{
  GArray *kinds; /* of AcMirrorKind, by number */
  gint64 n_wanted;
  gboolean pending; /* whether some wanted kind waits for a decision */
  gboolean others;  /* whether some does not */
  guint n_ranks;
} AcMirrorKinds;

AcMirrorKinds *ac_mirror_kinds_load (AcSql *sql, GError **error);
void ac_mirror_kinds_free (AcMirrorKinds *kinds);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcMirrorKinds, ac_mirror_kinds_free)
const AcMirrorKind *ac_mirror_kinds_get (const AcMirrorKinds *kinds, gint64 number);
void ac_mirror_kinds_want (AcMirrorKinds *kinds, AcActionQuery *query);
gboolean ac_mirror_kinds_rank (AcMirrorKinds *kinds, AcSort sort, gboolean descending);
gboolean ac_mirror_kind_may (const AcMirrorKind *kind, AcDecision decision);

G_END_DECLS
