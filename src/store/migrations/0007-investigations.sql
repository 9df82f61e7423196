-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a detector says of its examination, how long people were waited for, and what an investigation is
-- about, so that lists can be filtered and sorted by it. `threatening` counts from here on.
ALTER TABLE investigations ADD COLUMN state TEXT;             -- as the detector has spelled it
ALTER TABLE investigations ADD COLUMN approved_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE investigations ADD COLUMN expired_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE investigations ADD COLUMN pending_since INTEGER;  -- since when some action has waited
ALTER TABLE investigations ADD COLUMN pending_total INTEGER NOT NULL DEFAULT 0; -- waited before that
ALTER TABLE investigations ADD COLUMN ended_at INTEGER;       -- while its status is a final one
ALTER TABLE investigations ADD COLUMN alerts TEXT NOT NULL DEFAULT '[]';
ALTER TABLE investigations ADD COLUMN entities TEXT NOT NULL DEFAULT '[]';
ALTER TABLE investigations ADD COLUMN search TEXT NOT NULL DEFAULT ''; -- folded text for q
CREATE INDEX investigations_by_status ON investigations (status, created_at, id);
CREATE INDEX actions_by_investigation ON actions (investigation, created_at, id);

CREATE TABLE investigation_threats (
  investigation INTEGER NOT NULL REFERENCES investigations (seq),
  threat TEXT NOT NULL,
  PRIMARY KEY (threat, investigation)
) WITHOUT ROWID;
CREATE INDEX investigation_threats_by_investigation ON investigation_threats (investigation);
CREATE TABLE investigation_assets (
  investigation INTEGER NOT NULL REFERENCES investigations (seq),
  kind TEXT NOT NULL, -- mailbox, device
  asset TEXT NOT NULL,
  PRIMARY KEY (investigation, kind, asset)
) WITHOUT ROWID;
CREATE TABLE investigation_log (
  seq INTEGER PRIMARY KEY,
  investigation INTEGER NOT NULL REFERENCES investigations (seq),
  id TEXT NOT NULL,     -- the detector's own
  created_at INTEGER NOT NULL,
  status TEXT,
  search TEXT NOT NULL, -- folded text for q
  entry TEXT NOT NULL,  -- a JSON object
  UNIQUE (investigation, id)
);
CREATE INDEX investigation_log_by_created_at ON investigation_log (investigation, created_at, id);

UPDATE investigations SET
  approved_count = (SELECT count (*) FROM actions AS a WHERE a.investigation = investigations.seq
    AND a.status NOT IN ('pending', 'rejected', 'expired', 'cancelled')),
  expired_count = (SELECT count (*) FROM actions AS a WHERE a.investigation = investigations.seq
    AND a.status = 'expired'),
  -- When the waiting began was not written down: at the latest when the first of them was proposed.
  pending_since = (SELECT min (created_at) FROM actions AS a WHERE a.investigation = investigations.seq
    AND a.status = 'pending'),
  pending_total = CASE WHEN action_count > 0 AND pending_count = 0
    THEN updated_at - created_at ELSE 0 END,
  ended_at = CASE WHEN pending_count = 0 THEN updated_at END,
  threatening = (SELECT count (*) FROM json_each (evidence)
    WHERE json_extract (value, '$.verdict') IN ('malicious', 'suspicious')),
  search = lower (id || char (10) || external_id || char (10) || title || char (10) ||
    coalesce (description, ''));
INSERT OR IGNORE INTO investigation_threats
  SELECT i.seq, t.value FROM investigations AS i, json_each (i.evidence) AS e,
    json_each (coalesce (json_extract (e.value, '$.entity.threats'), '[]')) AS t;
INSERT OR IGNORE INTO investigation_assets
  SELECT a.investigation, CASE a.type WHEN 'quarantineFile' THEN 'device' ELSE 'mailbox' END, s.asset
  FROM actions AS a JOIN action_assets AS s ON s.action = a.seq
  WHERE a.investigation IS NOT NULL AND a.type != 'blockUrl' AND s.asset != '*';
