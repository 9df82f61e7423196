/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person may decide about one action or about many: which buttons there are, which may be
 * pressed, why one may not be, and what it would do, in numbers. Plain data, made from the
 * transition table, the permissions of the person and what is under way. */
#pragma once

#include "client/ac-action-summary.h"
#include "client/ac-answers.h"

G_BEGIN_DECLS

typedef struct
{
  gboolean shown;
  gboolean enabled;
  char *reason; /* nullable: why it may not be pressed, a sentence */
  char *effect; /* nullable: what it does, a sentence with numbers */
} AcChoice;

typedef struct
{
  AcChoice choices[AC_DECISION_RETRY + 1]; /* by AcDecision */
  char *notice;                            /* nullable: what holds for all of them, a sentence */
  AcDecision undo_some; /* which of them can be for some of the assets; AC_DECISION_UNKNOWN: none */
} AcChoices;

AcChoices *ac_choices_new_for_action (AcAction *action, const AcMe *me, gboolean busy);
AcChoices *
ac_choices_new_for_summary (const AcActionSummary *summary, const AcMe *me, gboolean busy);
char *ac_choices_dup_refusal (const AcMe *me, GHashTable *types);
void ac_choices_free (AcChoices *choices);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcChoices, ac_choices_free)

G_END_DECLS
