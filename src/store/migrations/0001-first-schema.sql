-- SPDX-License-Identifier: GPL-3.0-or-later
-- Times are microseconds since 1970 in UTC. `seq` is a row's number inside this database; `id` is
-- what the API calls it. Enumerations are spelled as on the wire.

CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE investigations (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  external_id TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  description TEXT,
  started_by TEXT,              -- "trigger" is a word of SQL
  detection_source TEXT,
  severity TEXT,
  status TEXT NOT NULL,
  evidence TEXT NOT NULL,       -- a JSON array
  threatening INTEGER NOT NULL, -- whether some evidence is malicious or suspicious
  action_count INTEGER NOT NULL,
  pending_count INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
);
CREATE INDEX investigations_by_created_at ON investigations (created_at, id);

CREATE TABLE operations (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  decision TEXT NOT NULL,
  comment TEXT,
  decided_by TEXT NOT NULL,
  origin TEXT,
  created_at INTEGER NOT NULL,
  finished_at INTEGER,
  take_back_until INTEGER,      -- nothing of it begins before
  total INTEGER NOT NULL,
  waiting INTEGER NOT NULL,
  done INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  skipped INTEGER NOT NULL,
  CHECK (waiting >= 0 AND total = waiting + done + failed + skipped)
);

CREATE TABLE actions (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  status TEXT NOT NULL,
  type TEXT NOT NULL,
  verdict TEXT NOT NULL,
  source TEXT NOT NULL,
  entity_type TEXT NOT NULL,
  details TEXT NOT NULL COLLATE NOCASE,
  asset TEXT NOT NULL COLLATE NOCASE,              -- the first one, to sort by
  decided_by TEXT NOT NULL DEFAULT '' COLLATE NOCASE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  expires_at INTEGER,
  investigation INTEGER REFERENCES investigations (seq),
  operation INTEGER REFERENCES operations (seq),   -- the last one
  operation_position INTEGER,                      -- the place in it
  moved INTEGER NOT NULL DEFAULT 0,                -- on how many assets undo has something to do
  digest TEXT NOT NULL,                            -- of the proposal
  reason TEXT,
  search TEXT NOT NULL,                            -- folded text that q is looked up in
  entity TEXT NOT NULL,                            -- a JSON object
  UNIQUE (investigation, digest)
);
-- What the Pending and the History list show: one status, or a merge of several.
CREATE INDEX actions_by_status_updated_at ON actions (status, updated_at, id);
CREATE INDEX actions_by_status ON actions (status, id);
CREATE INDEX actions_by_created_at ON actions (created_at, id);
CREATE INDEX actions_by_type ON actions (type, id);
CREATE INDEX actions_by_details ON actions (details, id);
CREATE INDEX actions_by_entity_type ON actions (entity_type, id);
CREATE INDEX actions_by_asset ON actions (asset, id);
CREATE INDEX actions_by_verdict ON actions (verdict, id);
CREATE INDEX actions_by_source ON actions (source, id);
CREATE INDEX actions_by_decided_by ON actions (decided_by, id);
CREATE INDEX actions_by_operation ON actions (operation);
CREATE INDEX actions_that_may_expire ON actions (expires_at) WHERE status = 'pending';

-- How many actions there are of each kind: totals of lists without counting rows.
CREATE TABLE action_counts (
  status TEXT NOT NULL,
  type TEXT NOT NULL,
  verdict TEXT NOT NULL,
  source TEXT NOT NULL,
  entity_type TEXT NOT NULL,
  decided_by TEXT NOT NULL COLLATE NOCASE,
  n INTEGER NOT NULL,
  PRIMARY KEY (status, type, verdict, source, entity_type, decided_by)
) WITHOUT ROWID;

CREATE TABLE action_assets (
  action INTEGER NOT NULL REFERENCES actions (seq),
  position INTEGER NOT NULL,
  asset TEXT NOT NULL,
  moved INTEGER NOT NULL DEFAULT 0, -- we moved it, and undo has not brought it back
  operation INTEGER,                -- in which it was last worked on
  outcome TEXT,
  detail TEXT,
  at INTEGER,
  PRIMARY KEY (action, position)
) WITHOUT ROWID;
CREATE INDEX action_assets_by_asset ON action_assets (asset, action);

CREATE TABLE operation_items (
  operation INTEGER NOT NULL REFERENCES operations (seq),
  position INTEGER NOT NULL,
  action INTEGER NOT NULL REFERENCES actions (seq),
  before TEXT NOT NULL, -- the action's status when it was decided
  state TEXT NOT NULL,  -- queued, running, done, failed, skipped, takenBack
  detail TEXT,
  PRIMARY KEY (operation, position)
) WITHOUT ROWID;

-- What a responder has written down before it acts.
CREATE TABLE receipts (
  action INTEGER NOT NULL REFERENCES actions (seq),
  asset TEXT NOT NULL,
  state TEXT NOT NULL, -- open: it may be half done; settled: its result is known
  body TEXT NOT NULL,  -- JSON, the responder's own
  written_at INTEGER NOT NULL,
  PRIMARY KEY (action, asset)
) WITHOUT ROWID;

-- One action on one asset that is still to be carried out or undone.
CREATE TABLE work (
  seq INTEGER PRIMARY KEY,
  action INTEGER NOT NULL REFERENCES actions (seq),
  position INTEGER NOT NULL,
  asset TEXT NOT NULL,
  type TEXT NOT NULL,
  undo INTEGER NOT NULL,
  bulk INTEGER NOT NULL,                -- of a large operation: small ones overtake it
  state TEXT NOT NULL DEFAULT 'ready',  -- ready, taken, delayed
  not_before INTEGER,                   -- while delayed
  attempts INTEGER NOT NULL DEFAULT 0,  -- how often it was delayed
  decided_at INTEGER NOT NULL,
  UNIQUE (action, position)
);
CREATE INDEX work_by_order ON work (bulk, seq) WHERE state = 'ready';
CREATE INDEX work_by_asset ON work (asset, bulk, type, undo, seq) WHERE state = 'ready';
CREATE INDEX work_delayed ON work (not_before) WHERE state = 'delayed';
CREATE INDEX work_taken ON work (state) WHERE state = 'taken';

CREATE TABLE audit (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  origin TEXT,
  event TEXT NOT NULL,
  kind TEXT NOT NULL,   -- of what it is about: action, investigation, operation
  id TEXT NOT NULL,     -- of what it is about
  version INTEGER NOT NULL,
  action INTEGER,       -- its row, for the timeline
  operation INTEGER,    -- the decision that this belongs to
  before TEXT,
  after TEXT,
  comment TEXT,
  hash BLOB NOT NULL    -- SHA-256 over the hash before and all the columns above
);
CREATE INDEX audit_by_action ON audit (action) WHERE action IS NOT NULL;
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN
  SELECT RAISE (ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
BEGIN
  SELECT RAISE (ABORT, 'the audit log is append-only');
END;
-- The last row of the chain, so that a missing end is noticed.
CREATE TABLE audit_head (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  seq INTEGER NOT NULL,
  hash BLOB NOT NULL
);
INSERT INTO audit_head VALUES (1, 0, zeroblob (32));

-- AUTOINCREMENT: a number that was pruned never comes back.
CREATE TABLE changes (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  target INTEGER NOT NULL, -- the row in the table of its kind
  version INTEGER NOT NULL,
  at INTEGER NOT NULL
);

CREATE TABLE idempotency (
  actor TEXT NOT NULL,
  key TEXT NOT NULL,
  digest TEXT NOT NULL, -- of the request
  operation INTEGER NOT NULL REFERENCES operations (seq),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (actor, key)
) WITHOUT ROWID;
CREATE INDEX idempotency_by_created_at ON idempotency (created_at);
