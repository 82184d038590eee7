-- What a large document adds to the graph, until it is stored; its nodes are numbered from 1. `scratch_known`: those that
-- the graph has already, with their numbers there.
CREATE TEMP TABLE scratch_node (
  id INTEGER PRIMARY KEY, iri TEXT NOT NULL, kinds INTEGER NOT NULL, declared INTEGER NOT NULL, label TEXT, start TEXT,
  "end" TEXT, types TEXT, digests TEXT, attributes TEXT, conflicts TEXT, spaces TEXT NOT NULL
);
CREATE TEMP TABLE scratch_digest (value TEXT NOT NULL, node INTEGER NOT NULL, PRIMARY KEY (value, node)) WITHOUT ROWID;
CREATE TEMP TABLE scratch_scope (id INTEGER PRIMARY KEY, spaces TEXT NOT NULL, bundles TEXT NOT NULL);
CREATE TEMP TABLE scratch_edge (
  source INTEGER NOT NULL, relation INTEGER NOT NULL, target INTEGER NOT NULL, sid BLOB NOT NULL, scope INTEGER NOT NULL,
  detail TEXT, PRIMARY KEY (source, relation, target, sid)
) WITHOUT ROWID;
CREATE TEMP TABLE scratch_known (id INTEGER PRIMARY KEY, node INTEGER NOT NULL);
