-- The documents that imports of each path brought and that are live snapshots: what the next import does not bring is
-- gone from its source and kept here (rule 31). Beside the ledger, never part of it (rule 16).
CREATE TABLE IF NOT EXISTS brought_by_import (
  key BLOB PRIMARY KEY,   -- SHA-256 of the importer, the full path, the scope and the space
  documents BLOB NOT NULL -- their numbers: JSON, deflated (store/brought.py)
) WITHOUT ROWID;
