-- SPDX-License-Identifier: GPL-3.0-or-later
-- Any three letters in a row are found by index, so that q need not read every action. The text
-- itself stands in actions.search, folded already. Each new action is put in, and none is ever taken
-- out. (No trigger does it: with trusted_schema off, a trigger may not use a virtual table.)
CREATE VIRTUAL TABLE action_search USING fts5 (text, content = '', tokenize = 'trigram');
INSERT INTO action_search (rowid, text) SELECT seq, search FROM actions;
