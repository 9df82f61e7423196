-- SPDX-License-Identifier: GPL-3.0-or-later
-- The SHA-256 of the file that an action is about, in small digits: how the actions on the same file are
-- found, on whatever device it lies. (No index over the entity does it: with trusted_schema off, an index
-- may not look into JSON.)
ALTER TABLE actions ADD COLUMN file_hash TEXT;
UPDATE actions SET file_hash = lower (json_extract (entity, '$.sha256')) WHERE entity_type = 'file';
CREATE INDEX actions_by_file_hash ON actions (file_hash, type, status) WHERE file_hash IS NOT NULL;
