-- The embedded graph engine: nodes and edges as of the last applied entry (rules 18 to 23). Integers point to `node.id`.
-- JSON lists and objects are NULL when empty, but for `spaces`.

CREATE TABLE graph (
  version INTEGER NOT NULL,
  ledger_id TEXT,
  sequence INTEGER,
  root TEXT
);

CREATE TABLE node (
  id INTEGER PRIMARY KEY,
  iri TEXT NOT NULL UNIQUE,
  kinds INTEGER NOT NULL,      -- entity = 1, activity = 2, agent = 4
  declared INTEGER NOT NULL,
  label TEXT,
  start TEXT,                  -- UTC, sorts as text
  "end" TEXT,
  types TEXT,                  -- JSON list of IRIs
  digests TEXT,                -- JSON list of algorithm:hex
  attributes TEXT,             -- JSON object: attribute IRI to a list of [datatype, lexical form, language]
  conflicts TEXT,              -- JSON list of attribute IRIs
  spaces TEXT NOT NULL         -- JSON list
);
CREATE INDEX node_label ON node (label) WHERE label IS NOT NULL;

CREATE TABLE digest (
  value TEXT NOT NULL,
  node INTEGER NOT NULL,
  PRIMARY KEY (value, node)
) WITHOUT ROWID;

CREATE TABLE relation (
  code INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
);

-- Where statements are asserted; few combinations, so that an edge carries one number.
CREATE TABLE scope (
  id INTEGER PRIMARY KEY,
  spaces TEXT NOT NULL,
  bundles TEXT NOT NULL,
  inferred INTEGER NOT NULL,
  UNIQUE (spaces, bundles, inferred)
);

CREATE TABLE edge (
  source INTEGER NOT NULL,
  relation INTEGER NOT NULL,
  target INTEGER NOT NULL,
  sid BLOB NOT NULL,
  scope INTEGER NOT NULL,
  detail TEXT,                 -- JSON list: identifier, roles, time, types, attributes, third arguments
  PRIMARY KEY (source, relation, target, sid)
) WITHOUT ROWID;
CREATE INDEX edge_in ON edge (target, relation, source);

-- Rule 22's table, written from the one in the code. States: full 0, general 1, leaf 2, agent 3. Options: agents 1,
-- parents 2. Target: any 0, all but those that are only an agent 1, those alone 2.
CREATE TABLE step (
  relation INTEGER NOT NULL,
  state INTEGER NOT NULL,
  next_state INTEGER NOT NULL,
  target INTEGER NOT NULL,
  option INTEGER NOT NULL,
  PRIMARY KEY (relation, state, next_state, target)
) WITHOUT ROWID;
