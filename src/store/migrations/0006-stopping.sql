-- SPDX-License-Identifier: GPL-3.0-or-later
-- Operations that somebody has stopped in the middle: nothing more of them is begun, and what had begun is
-- not tried again.
ALTER TABLE operations ADD COLUMN stopped_by TEXT;
ALTER TABLE work ADD COLUMN stopped INTEGER NOT NULL DEFAULT 0;
CREATE INDEX work_stopped ON work (action) WHERE stopped;
