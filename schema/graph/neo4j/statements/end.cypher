// Ends a writer's last transaction. Parameter names: JSON.
MATCH (g:ProvstoreGraph {name: 'graph'}) SET g.names = $names REMOVE g.writer, g.until, g.locked
