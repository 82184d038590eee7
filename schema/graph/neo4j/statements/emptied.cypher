// The graph is empty.
MATCH (g:ProvstoreGraph {name: 'graph'}) REMOVE g.emptying
