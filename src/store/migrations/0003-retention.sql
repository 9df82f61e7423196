-- SPDX-License-Identifier: GPL-3.0-or-later
-- Actions that have left the database. Their rows in the audit log stay, and so does what is needed to
-- say to whoever follows the change log which they were, and to know a proposal again that is posted
-- once more. (A row number is not given out twice: the action with the highest one never leaves.)
CREATE TABLE removed_actions (
  seq INTEGER PRIMARY KEY,  -- of actions
  id TEXT NOT NULL,
  investigation INTEGER REFERENCES investigations (seq),
  digest TEXT NOT NULL,
  removed_at INTEGER NOT NULL
);
CREATE INDEX removed_actions_by_digest ON removed_actions (investigation, digest);
-- An action takes its places in all operations with it.
CREATE INDEX operation_items_by_action ON operation_items (action);
