-- The ledger: rules 5 to 18. Everything is reached from `entry`, which only grows.
-- A document is numbered by the sequence of the entry that stored it; a leaf by its index in the Merkle tree.

CREATE TABLE ledger (
  version INTEGER NOT NULL,
  id TEXT NOT NULL
);

CREATE TABLE entry (
  sequence INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  time TEXT NOT NULL,
  actor TEXT NOT NULL,
  reason TEXT,
  document INTEGER NOT NULL,  -- the document that it stores, retracts or erases
  header TEXT,                -- the document's header; NULL for retract and erase, and once erased
  opened TEXT NOT NULL,       -- JSON list of document numbers whose liveness began here
  closed TEXT NOT NULL,       -- and ended here
  first_leaf INTEGER NOT NULL,
  leaves INTEGER NOT NULL,
  root BLOB NOT NULL,         -- of the tree after this entry
  salt BLOB                   -- of the entry's own leaf; NULL once erased
);

CREATE TABLE document (
  sequence INTEGER PRIMARY KEY,
  digest BLOB NOT NULL UNIQUE,  -- the hexadecimal part of its IRI
  space TEXT,                   -- this and what follows is NULL once erased
  unit TEXT,
  mode TEXT,
  event_time TEXT,
  content_digest BLOB,
  derived INTEGER,
  salt BLOB,
  statements INTEGER NOT NULL,
  first_leaf INTEGER NOT NULL,  -- of its assertions, one leaf each
  withdrawn INTEGER             -- the entry that retracted or erased it first
);
CREATE INDEX document_of_unit ON document (space, unit, mode, event_time, content_digest);

-- The only stored intervals (rule 18): a document is live from entry `since` until before entry `until`.
CREATE TABLE live (
  document INTEGER NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER,
  PRIMARY KEY (document, since)
) WITHOUT ROWID;

CREATE TABLE statement (
  id INTEGER PRIMARY KEY,
  record TEXT NOT NULL          -- canonical (rule 2); its SHA-256 is the sid
);

-- `key` is the first eight bytes of the sid; equal keys are told apart by the record.
CREATE TABLE sid (
  key INTEGER NOT NULL,
  statement INTEGER NOT NULL,
  PRIMARY KEY (key, statement)
) WITHOUT ROWID;

CREATE TABLE assertion (
  leaf INTEGER PRIMARY KEY,
  statement INTEGER NOT NULL,
  document INTEGER NOT NULL,
  bundle INTEGER
);
CREATE INDEX assertion_of_statement ON assertion (statement);

CREATE TABLE bundle (
  id INTEGER PRIMARY KEY,
  iri TEXT NOT NULL UNIQUE
);

-- Which statements name an element. `key` is the first eight bytes of the SHA-256 of its IRI (or of a digest's text),
-- `slot` four times the statement's kind code plus the place. A reader compares with the record.
CREATE TABLE mention (
  key INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  statement INTEGER NOT NULL,
  PRIMARY KEY (key, slot, statement)
) WITHOUT ROWID;

-- The Merkle tree: 256 hashes to a tile. id = level * 2^40 + number; a hash of level n+1 is the root of a tile of level n.
CREATE TABLE tile (
  id INTEGER PRIMARY KEY,
  hashes BLOB NOT NULL
);

CREATE TABLE blob (
  sha256 BLOB PRIMARY KEY,
  bytes BLOB NOT NULL
);
CREATE TABLE attachment (
  document INTEGER NOT NULL,
  sha256 BLOB NOT NULL,
  PRIMARY KEY (document, sha256)
) WITHOUT ROWID;
CREATE INDEX attachment_of_blob ON attachment (sha256);

CREATE TABLE prefix (
  number INTEGER PRIMARY KEY,
  prefix TEXT NOT NULL UNIQUE,
  namespace TEXT NOT NULL,
  sequence INTEGER NOT NULL
);

-- The documents that were delivered with a client's key: all of one content (rule 9), per space and actor.
CREATE TABLE idempotency (
  space TEXT NOT NULL,
  actor TEXT NOT NULL,
  key TEXT NOT NULL,
  document INTEGER NOT NULL,
  PRIMARY KEY (space, actor, key, document)
) WITHOUT ROWID;
