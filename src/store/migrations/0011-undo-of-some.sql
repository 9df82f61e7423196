-- SPDX-License-Identifier: GPL-3.0-or-later
-- An undo for some of the assets of an action: it can be told which of them an undo was asked for, and an
-- operation says which assets it is about.

ALTER TABLE action_assets ADD COLUMN undo INTEGER NOT NULL DEFAULT 0; -- one was asked for
ALTER TABLE operations ADD COLUMN assets TEXT; -- a JSON array; NULL: all that there are

-- Until now an undo was for everything.
UPDATE action_assets SET undo = 1 WHERE moved AND action IN
  (SELECT seq FROM actions WHERE status IN ('undoQueued', 'undoing', 'undoFailed'));
