// Notes what the graph is current to (rule 23). Parameters: ledger_id, sequence, root.
MATCH (g:ProvstoreGraph {name: 'graph'}) SET g.ledger_id = $ledger_id, g.sequence = $sequence, g.root = $root
