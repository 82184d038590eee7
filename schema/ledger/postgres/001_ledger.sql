-- The ledger: rules 5 to 18. Everything is reached from `entry`, which only grows.
-- A document is numbered by the sequence of the entry that stored it; a leaf by its index in the Merkle tree.
-- Texts compare by their bytes. Those of any length are indexed by a hash, since an index takes no long ones; a reader
-- compares with the text itself. There are no constraints beside keys: who writes has the write lock.

CREATE TABLE ledger (
  version integer NOT NULL,
  id text NOT NULL
);

CREATE TABLE entry (
  sequence bigint PRIMARY KEY,
  kind text NOT NULL,
  time text COLLATE "C" NOT NULL,
  actor text NOT NULL,
  reason text,
  document bigint NOT NULL,   -- the document that it stores, retracts or erases
  header text,                -- the document's header; NULL for retract and erase, and once erased
  opened text NOT NULL,       -- JSON list of document numbers whose liveness began here
  closed text NOT NULL,       -- and ended here
  first_leaf bigint NOT NULL,
  leaves bigint NOT NULL,
  root bytea NOT NULL,        -- of the tree after this entry
  salt bytea                  -- of the entry's own leaf; NULL once erased
);
CREATE INDEX entry_at ON entry (time, sequence);

CREATE TABLE document (
  sequence bigint PRIMARY KEY,
  digest bytea NOT NULL UNIQUE,  -- the hexadecimal part of its IRI
  space text,                    -- this and what follows is NULL once erased
  unit text,
  mode text,
  event_time text COLLATE "C",
  content_digest bytea,
  derived boolean,
  salt bytea,
  statements bigint NOT NULL,
  first_leaf bigint NOT NULL,    -- of its assertions, one leaf each
  withdrawn bigint               -- the entry that retracted or erased it first
);
CREATE INDEX document_of_unit ON document (hashtextextended(unit, 0), mode, event_time, content_digest);

-- The only stored intervals (rule 18): a document is live from entry `since` until before entry `until`.
CREATE TABLE live (
  document bigint NOT NULL,
  since bigint NOT NULL,
  until bigint,
  PRIMARY KEY (document, since)
);

CREATE TABLE statement (
  id bigint PRIMARY KEY,
  record text NOT NULL          -- canonical (rule 2); its SHA-256 is the sid
);

-- `key` is the first eight bytes of the sid; equal keys are told apart by the record.
CREATE TABLE sid (
  key bigint NOT NULL,
  statement bigint NOT NULL,
  PRIMARY KEY (key, statement)
);

CREATE TABLE assertion (
  leaf bigint PRIMARY KEY,
  statement bigint NOT NULL,
  document bigint NOT NULL,
  bundle bigint
);
CREATE INDEX assertion_of_statement ON assertion (statement, leaf);
CREATE INDEX assertion_of_bundle ON assertion (bundle) WHERE bundle IS NOT NULL;

CREATE TABLE bundle (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  iri text NOT NULL
);
CREATE INDEX bundle_named ON bundle (hashtextextended(iri, 0));

-- Which statements name an element. `key` is the first eight bytes of the SHA-256 of its IRI (or of a digest's text),
-- `slot` four times the statement's kind code plus the place. A reader compares with the record.
CREATE TABLE mention (
  key bigint NOT NULL,
  slot smallint NOT NULL,
  statement bigint NOT NULL,
  PRIMARY KEY (key, slot, statement)
);

-- The Merkle tree: 256 hashes to a tile. id = level * 2^40 + number; a hash of level n+1 is the root of a tile of level n.
CREATE TABLE tile (
  id bigint PRIMARY KEY,
  hashes bytea NOT NULL
);
ALTER TABLE tile ALTER COLUMN hashes SET STORAGE EXTERNAL;  -- hashes do not compress

CREATE TABLE blob (
  sha256 bytea PRIMARY KEY,
  bytes bytea NOT NULL
);
CREATE TABLE attachment (
  document bigint NOT NULL,
  sha256 bytea NOT NULL,
  PRIMARY KEY (document, sha256)
);
CREATE INDEX attachment_of_blob ON attachment (sha256);

CREATE TABLE prefix (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  prefix text NOT NULL,
  namespace text NOT NULL,
  sequence bigint NOT NULL
);

-- The documents that were delivered with a client's key: all of one content (rule 9), per space and actor.
CREATE TABLE idempotency (
  space text NOT NULL,
  actor text NOT NULL,
  key text NOT NULL,
  document bigint NOT NULL
);
CREATE INDEX idempotency_key ON idempotency (hashtextextended(key, 0));
CREATE INDEX idempotency_of_document ON idempotency (document);
