-- SPDX-License-Identifier: GPL-3.0-or-later
-- Actions on a cluster: which messages it is about is found out by looking, again and again while the
-- action waits for a decision, and once more before an approval is carried out.

-- The number of the look that the work is a part of; 0: it is an action to be carried out or undone.
ALTER TABLE work ADD COLUMN look INTEGER NOT NULL DEFAULT 0;
DROP INDEX work_by_asset;
CREATE INDEX work_by_asset ON work (asset, bulk, type, undo, seq) WHERE state = 'ready';
CREATE INDEX work_of_looks ON work (action) WHERE look > 0;

CREATE TABLE clusters (
  action INTEGER PRIMARY KEY REFERENCES actions (seq),
  query TEXT NOT NULL,                   -- digest of what is looked for and where
  look INTEGER NOT NULL DEFAULT 0,       -- the number of the latest look
  purpose TEXT NOT NULL,                 -- of it: pending, verify, retry
  looking INTEGER NOT NULL DEFAULT 0,    -- it is under way
  look_at INTEGER,                       -- when to look again by itself
  looked_at INTEGER,                     -- what was seen then:
  digest TEXT,
  messages INTEGER NOT NULL DEFAULT 0,
  mailboxes INTEGER NOT NULL DEFAULT 0,
  unreadable INTEGER NOT NULL DEFAULT 0, -- mailboxes that could not be looked at
  first_looked_at INTEGER,
  first_messages INTEGER,
  approved TEXT,                         -- the digest that an approval in force holds for
  approved_at INTEGER,
  difference TEXT,                       -- JSON: why the last approval came back
  told_at INTEGER                        -- when progress was last told to those who follow
);
CREATE INDEX clusters_by_query ON clusters (query) WHERE approved_at IS NOT NULL;
CREATE INDEX clusters_to_look_at ON clusters (look_at) WHERE look_at IS NOT NULL;

-- The messages, all copies in one mailbox as one, and what came of each.
CREATE TABLE cluster_messages (
  seq INTEGER PRIMARY KEY,
  action INTEGER NOT NULL REFERENCES actions (seq),
  asset TEXT NOT NULL,
  message TEXT NOT NULL,                 -- its Message-ID; of one that has none, its place
  has_id INTEGER NOT NULL,
  facts TEXT NOT NULL,                   -- a JSON object
  todo INTEGER NOT NULL DEFAULT 0,       -- it waits to be carried out or undone
  moved INTEGER NOT NULL DEFAULT 0,      -- we moved it, and undo has not brought it back
  operation INTEGER,                     -- in which it was last worked on
  outcome TEXT,
  detail TEXT,
  at INTEGER,
  receipt TEXT,                          -- JSON, the responder's own
  receipt_is_open INTEGER NOT NULL DEFAULT 0,
  receipt_at INTEGER,
  UNIQUE (action, asset, message)
);
CREATE INDEX cluster_messages_to_do ON cluster_messages (action, asset, seq) WHERE todo;
CREATE INDEX cluster_messages_moved ON cluster_messages (action, asset) WHERE moved;

-- What a look that is under way has found, and where it could not look.
CREATE TABLE cluster_found (
  action INTEGER NOT NULL REFERENCES actions (seq),
  asset TEXT NOT NULL,
  message TEXT NOT NULL,
  has_id INTEGER NOT NULL,
  facts TEXT NOT NULL,
  PRIMARY KEY (action, asset, message)
) WITHOUT ROWID;
CREATE TABLE cluster_looked (
  action INTEGER NOT NULL REFERENCES actions (seq),
  asset TEXT NOT NULL,
  problem TEXT,
  PRIMARY KEY (action, asset)
) WITHOUT ROWID;
-- Where the latest finished look could not look, and why.
CREATE TABLE cluster_unreadable (
  action INTEGER NOT NULL REFERENCES actions (seq),
  asset TEXT NOT NULL,
  problem TEXT NOT NULL,
  PRIMARY KEY (action, asset)
) WITHOUT ROWID;
