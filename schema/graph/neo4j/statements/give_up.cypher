// A writer that failed lets others begin; its name stays, for what it wrote may be half of something. Parameter writer.
MATCH (g:ProvstoreGraph {name: 'graph'}) WHERE g.writer = $writer REMOVE g.until
