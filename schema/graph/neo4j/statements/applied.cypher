// What the graph is current to, or no row while it is being emptied or is empty. Columns: ledger_id, sequence, root.
MATCH (g:ProvstoreGraph {name: 'graph'}) WHERE g.ledger_id IS NOT NULL
RETURN g.ledger_id AS ledger_id, g.sequence AS sequence, g.root AS root
