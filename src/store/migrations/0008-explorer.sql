-- SPDX-License-Identifier: GPL-3.0-or-later
-- What analysts find and propose by themselves, and what they report as judged wrongly.

-- Of an action that a person has proposed: who that was.
ALTER TABLE actions ADD COLUMN proposed_by TEXT;

-- Which actions know a message.
CREATE INDEX cluster_messages_by_message ON cluster_messages (message);

-- Proposals of people, so that the same request again has the effect of one.
CREATE TABLE proposals (
  actor TEXT NOT NULL,
  key TEXT NOT NULL,
  digest TEXT NOT NULL, -- of the request
  created_at INTEGER NOT NULL,
  PRIMARY KEY (actor, key)
) WITHOUT ROWID;
CREATE INDEX proposals_by_created_at ON proposals (created_at);

CREATE TABLE submissions (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  submitted_by TEXT NOT NULL,
  key TEXT NOT NULL,           -- the Idempotency-Key
  digest TEXT NOT NULL,        -- of the request
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  entity_type TEXT NOT NULL,
  entity TEXT NOT NULL,        -- a JSON object
  details TEXT NOT NULL,
  mailbox TEXT,
  action TEXT,                 -- the id of the action it is about
  assessment TEXT NOT NULL,
  category TEXT,
  comment TEXT,
  entry TEXT,                  -- allow, block
  entry_key TEXT,              -- the URL in its one spelling
  entry_expires_at INTEGER,    -- NULL: never
  block_action TEXT,           -- the id of the action that blocks it
  state TEXT NOT NULL,
  result_by TEXT,
  result_at INTEGER,
  result_comment TEXT,
  UNIQUE (submitted_by, key)
);
CREATE INDEX submissions_by_created_at ON submissions (created_at, id);
CREATE INDEX submissions_that_allow ON submissions (entry_key) WHERE entry = 'allow';
