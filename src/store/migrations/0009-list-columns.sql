-- SPDX-License-Identifier: GPL-3.0-or-later
-- What else lists are sorted and filtered by. The decision is that of the operation; the state of the undo
-- follows from the status and from what was moved, and is written with them.
ALTER TABLE actions ADD COLUMN decision TEXT NOT NULL DEFAULT '';
ALTER TABLE actions ADD COLUMN undo_state TEXT NOT NULL DEFAULT 'notUndoable';
UPDATE actions SET decision = (SELECT o.decision FROM operations AS o WHERE o.seq = operation)
  WHERE operation IS NOT NULL;
UPDATE actions SET undo_state = CASE
    WHEN status IN ('undoQueued', 'undoing') THEN 'undoing'
    WHEN status = 'undone' THEN 'undone'
    WHEN status = 'undoFailed' THEN 'undoFailed'
    ELSE 'undoable' END
  WHERE status IN ('undoQueued', 'undoing', 'undone', 'undoFailed')
    OR (status IN ('completed', 'partlyCompleted') AND moved > 0);
CREATE INDEX actions_by_decision ON actions (decision, id);
CREATE INDEX actions_by_undo_state ON actions (undo_state, id);
-- Those without one stand first, in the order of a number; those that never expire stand last.
CREATE INDEX actions_by_investigation_place ON actions (coalesce (investigation, 0), id);
CREATE INDEX actions_by_operation_place ON actions (coalesce (operation, 0), id);
CREATE INDEX actions_by_expiry ON actions (coalesce (expires_at, 9223372036854775807), id);
-- What is under way now.
CREATE INDEX operations_under_way ON operations (created_at) WHERE finished_at IS NULL;
