// Begins to empty the graph: from here on it is current to nothing.
MATCH (g:ProvstoreGraph {name: 'graph'})
SET g.emptying = true
REMOVE g.ledger_id, g.sequence, g.root, g.names
