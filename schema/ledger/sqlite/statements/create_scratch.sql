-- Temporary tables lie in a file of their own: filling them locks nobody out.
PRAGMA temp.cache_size = -81920;
PRAGMA temp.secure_delete = OFF;
PRAGMA temp.journal_mode = MEMORY;
CREATE TEMP TABLE scratch_statement (position INTEGER PRIMARY KEY, record TEXT NOT NULL, bundle TEXT);
CREATE TEMP TABLE scratch_sid (
  key INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (key, position)
) WITHOUT ROWID;
CREATE TEMP TABLE scratch_mention (
  key INTEGER NOT NULL, slot INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (key, slot, position)
) WITHOUT ROWID;
