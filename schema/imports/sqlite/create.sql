-- What the last complete import of each path saw and delivered; a cache beside the ledger, never part of it (rule 16).
-- It may be emptied at any time: the next import of a path reads again.
CREATE TABLE IF NOT EXISTS remembered_import (
  key BLOB PRIMARY KEY,   -- SHA-256 of the importer, the versions, the path, the scope, the space and the actor
  memory BLOB NOT NULL    -- JSON, deflated (store/remembering.py)
) WITHOUT ROWID;

-- Findings quote the source: they go in the transaction that erases (rule 13).
CREATE TRIGGER IF NOT EXISTS forget_imports AFTER INSERT ON entry WHEN new.kind = 'erase'
BEGIN
  DELETE FROM remembered_import;
END;
