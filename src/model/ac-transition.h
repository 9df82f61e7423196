/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The life of an action: the one table of allowed transitions. The service asks it before it
 * writes, the window asks it before it offers a button, the docs are printed from it. */
#pragma once

#include "model/ac-vocabulary.h"

G_BEGIN_DECLS

typedef enum
{
  AC_EVENT_APPROVE,
  AC_EVENT_REJECT,
  AC_EVENT_UNDO,
  AC_EVENT_RETRY,
  AC_EVENT_TAKE_BACK,       /* cancel before execution has begun */
  AC_EVENT_TARGETS_CHANGED, /* the same, for it is not about what was approved any more */
  AC_EVENT_EXPIRE,          /* nobody decided in time */
  AC_EVENT_NOTHING_LEFT,    /* what the action was about is gone by itself */
  AC_EVENT_START,           /* a responder takes it up */
  AC_EVENT_SUCCEED,
  AC_EVENT_SUCCEED_PARTLY,
  AC_EVENT_UNDO_SOME,        /* what was to be brought back is back, and the rest stays as it is */
  AC_EVENT_UNDO_SOME_PARTLY, /* the same, where not everything had been carried out */
  AC_EVENT_FAIL,
} AcEvent;

#define AC_N_EVENTS (AC_EVENT_FAIL + 1)

gboolean ac_transition_find (AcStatus from, AcEvent event, AcStatus *to);
gboolean ac_transition_is_final (AcStatus status);
const char *ac_event_name (AcEvent event);
gboolean ac_event_from_decision (AcDecision decision, AcEvent *event);
char *ac_transition_to_markdown (void);
AcUndoState ac_transition_undo_state (AcStatus status, gboolean undoable);
gboolean ac_transition_is_undone_for_some (AcStatus status, const char *decision);

G_END_DECLS
