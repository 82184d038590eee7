// Begins a transaction of a writer: takes the lock of the one node that every writer writes to, then reads it.
// Parameter writer: who this is. Columns: ledger_id, sequence, root, names (JSON), emptying, and whether another writer
// is between two of its transactions (by the server's clock).
MERGE (g:ProvstoreGraph {name: 'graph'})
SET g.locked = true
WITH g
RETURN g.ledger_id AS ledger_id, g.sequence AS sequence, g.root AS root, g.names AS names,
  coalesce(g.emptying, false) AS emptying, g.writer <> $writer AND g.until > timestamp() AS busy, g.writer AS writer
