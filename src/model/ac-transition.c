/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of allowed transitions. Nothing else in the project compares statuses to decide what
 * may happen next. */
#include "config.h"

#include "model/ac-transition.h"

static const struct
{
  AcStatus from;
  AcEvent event;
  AcStatus to;
} transitions[] = {
  { AC_STATUS_PENDING, AC_EVENT_APPROVE, AC_STATUS_QUEUED },
  { AC_STATUS_PENDING, AC_EVENT_REJECT, AC_STATUS_REJECTED },
  { AC_STATUS_PENDING, AC_EVENT_EXPIRE, AC_STATUS_EXPIRED },
  { AC_STATUS_PENDING, AC_EVENT_NOTHING_LEFT, AC_STATUS_CANCELLED },

  { AC_STATUS_QUEUED, AC_EVENT_START, AC_STATUS_RUNNING },
  { AC_STATUS_QUEUED, AC_EVENT_TAKE_BACK, AC_STATUS_PENDING },
  { AC_STATUS_QUEUED, AC_EVENT_TARGETS_CHANGED, AC_STATUS_PENDING },

  { AC_STATUS_RUNNING, AC_EVENT_SUCCEED, AC_STATUS_COMPLETED },
  { AC_STATUS_RUNNING, AC_EVENT_SUCCEED_PARTLY, AC_STATUS_PARTLY_COMPLETED },
  { AC_STATUS_RUNNING, AC_EVENT_FAIL, AC_STATUS_FAILED },

  { AC_STATUS_FAILED, AC_EVENT_RETRY, AC_STATUS_QUEUED },
  { AC_STATUS_PARTLY_COMPLETED, AC_EVENT_RETRY, AC_STATUS_QUEUED },

  { AC_STATUS_COMPLETED, AC_EVENT_UNDO, AC_STATUS_UNDO_QUEUED },
  { AC_STATUS_PARTLY_COMPLETED, AC_EVENT_UNDO, AC_STATUS_UNDO_QUEUED },

  { AC_STATUS_UNDO_QUEUED, AC_EVENT_START, AC_STATUS_UNDOING },

  { AC_STATUS_UNDOING, AC_EVENT_SUCCEED, AC_STATUS_UNDONE },
  /* An undo for some of the assets leaves the others as they were, to be undone later. */
  { AC_STATUS_UNDOING, AC_EVENT_UNDO_SOME, AC_STATUS_COMPLETED },
  { AC_STATUS_UNDOING, AC_EVENT_UNDO_SOME_PARTLY, AC_STATUS_PARTLY_COMPLETED },
  /* An undo that restored less than it was to is not done: it stays open, to be tried again. */
  { AC_STATUS_UNDOING, AC_EVENT_SUCCEED_PARTLY, AC_STATUS_UNDO_FAILED },
  { AC_STATUS_UNDOING, AC_EVENT_FAIL, AC_STATUS_UNDO_FAILED },

  { AC_STATUS_UNDO_FAILED, AC_EVENT_RETRY, AC_STATUS_UNDO_QUEUED },
};

static const char *const event_names[] = {
  [AC_EVENT_APPROVE] = "approve",
  [AC_EVENT_REJECT] = "reject",
  [AC_EVENT_UNDO] = "undo",
  [AC_EVENT_RETRY] = "retry",
  [AC_EVENT_TAKE_BACK] = "takeBack",
  [AC_EVENT_TARGETS_CHANGED] = "targetsChanged",
  [AC_EVENT_EXPIRE] = "expire",
  [AC_EVENT_NOTHING_LEFT] = "nothingLeft",
  [AC_EVENT_START] = "start",
  [AC_EVENT_SUCCEED] = "succeed",
  [AC_EVENT_SUCCEED_PARTLY] = "succeedPartly",
  [AC_EVENT_UNDO_SOME] = "undoSome",
  [AC_EVENT_UNDO_SOME_PARTLY] = "undoSomePartly",
  [AC_EVENT_FAIL] = "fail",
};

/**
 * ac_transition_find:
 * @from: the status now
 * @event: what happens
 * @to: (out) (optional): the status after it
 *
 * Returns: whether @event is allowed in @from.
 */
gboolean
ac_transition_find (AcStatus from, AcEvent event, AcStatus *to)
{
  for (gsize i = 0; i < G_N_ELEMENTS (transitions); i++)
    if (transitions[i].from == from && transitions[i].event == event)
      {
        if (to != NULL)
          *to = transitions[i].to;
        return TRUE;
      }
  return FALSE;
}

/**
 * ac_transition_is_final:
 *
 * Returns: whether nothing can happen in @status any more.
 */
gboolean
ac_transition_is_final (AcStatus status)
{
  for (gsize i = 0; i < G_N_ELEMENTS (transitions); i++)
    if (transitions[i].from == status)
      return FALSE;
  return TRUE;
}

/**
 * ac_event_name:
 *
 * Returns: the name of @event in the timeline and the audit log.
 */
const char *
ac_event_name (AcEvent event)
{
  g_return_val_if_fail (event < AC_N_EVENTS, NULL);

  return event_names[event];
}

/**
 * ac_event_from_decision:
 *
 * Returns: whether @decision is known; then @event is what it does to an action.
 */
gboolean
ac_event_from_decision (AcDecision decision, AcEvent *event)
{
  switch (decision)
    {
    case AC_DECISION_APPROVE:
      *event = AC_EVENT_APPROVE;
      return TRUE;
    case AC_DECISION_REJECT:
      *event = AC_EVENT_REJECT;
      return TRUE;
    case AC_DECISION_UNDO:
      *event = AC_EVENT_UNDO;
      return TRUE;
    case AC_DECISION_RETRY:
      *event = AC_EVENT_RETRY;
      return TRUE;
    case AC_DECISION_UNKNOWN:
    default:
      return FALSE;
    }
}

/**
 * ac_transition_to_markdown:
 *
 * Returns: (transfer full): the table as the documentation shows it.
 */
char *
ac_transition_to_markdown (void)
{
  GString *text = g_string_new ("| status | event | status after |\n|---|---|---|\n");

  for (gsize i = 0; i < G_N_ELEMENTS (transitions); i++)
    g_string_append_printf (text, "| %s | %s | %s |\n", ac_status_wire (transitions[i].from),
                            event_names[transitions[i].event], ac_status_wire (transitions[i].to));
  return g_string_free (text, FALSE);
}

/**
 * ac_transition_undo_state:
 * @undoable: whether an undo may be decided now, and would do something
 *
 * Returns: how it stands with the undo of an action, for lists.
 */
AcUndoState
ac_transition_undo_state (AcStatus status, gboolean undoable)
{
  switch (status)
    {
    case AC_STATUS_UNDO_QUEUED:
    case AC_STATUS_UNDOING:
      return AC_UNDO_STATE_UNDOING;
    case AC_STATUS_UNDONE:
      return AC_UNDO_STATE_UNDONE;
    case AC_STATUS_UNDO_FAILED:
      return AC_UNDO_STATE_UNDO_FAILED;
    case AC_STATUS_PENDING:
    case AC_STATUS_QUEUED:
    case AC_STATUS_RUNNING:
    case AC_STATUS_COMPLETED:
    case AC_STATUS_PARTLY_COMPLETED:
    case AC_STATUS_FAILED:
    case AC_STATUS_REJECTED:
    case AC_STATUS_EXPIRED:
    case AC_STATUS_CANCELLED:
    case AC_STATUS_UNKNOWN:
    default:
      return undoable ? AC_UNDO_STATE_UNDOABLE : AC_UNDO_STATE_NOT_UNDOABLE;
    }
}

/**
 * ac_transition_is_undone_for_some:
 * @decision: (nullable): what was decided last, raw
 *
 * Returns: whether that was an undo for some of the assets of an action, which leaves it as it is for
 * the others.
 */
gboolean
ac_transition_is_undone_for_some (AcStatus status, const char *decision)
{
  return (status == AC_STATUS_COMPLETED || status == AC_STATUS_PARTLY_COMPLETED) &&
         ac_decision_parse (decision) == AC_DECISION_UNDO;
}
