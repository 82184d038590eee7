// Ends a transaction of a writer that has more to write: nobody else begins before it goes on, for a while.
// Parameters: writer, lease_ms, names.
MATCH (g:ProvstoreGraph {name: 'graph'}) SET g.writer = $writer, g.until = timestamp() + $lease_ms, g.names = $names
