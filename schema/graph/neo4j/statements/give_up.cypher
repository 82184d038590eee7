// A writer that failed lets others begin. Parameter writer.
MATCH (g:ProvstoreGraph {name: 'graph'}) WHERE g.writer = $writer REMOVE g.writer, g.until, g.locked
