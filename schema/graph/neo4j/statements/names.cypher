// The keys of attributes in this graph. Columns: names (JSON).
MATCH (g:ProvstoreGraph {name: 'graph'}) RETURN g.names AS names
