-- Who may use the service, and who did. A database of its own: nothing of it is in the ledger (rule 16).
-- A token is kept as its SHA-256; it has 256 random bits, so a slow hash would add nothing.
CREATE TABLE token (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
  role TEXT NOT NULL,
  spaces TEXT,               -- JSON list; NULL: every space
  created TEXT NOT NULL,     -- times are UTC text
  expires TEXT,
  last_used TEXT,
  revoked TEXT
) STRICT;
CREATE UNIQUE INDEX token_name ON token (name) WHERE revoked IS NULL;

CREATE TABLE access (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  time TEXT NOT NULL,
  actor TEXT,                -- NULL: not known who
  role TEXT,
  spaces TEXT,               -- what the caller could see: JSON list; NULL: every space, or nothing at all
  action TEXT NOT NULL,
  method TEXT NOT NULL,
  path TEXT NOT NULL,        -- with the query
  status INTEGER NOT NULL,
  address TEXT
) STRICT;
PRAGMA user_version = 1;
