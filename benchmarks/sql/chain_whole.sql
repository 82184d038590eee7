-- The same with what an answer holds: each node's attributes and depth, and the edges that lead on from it.
WITH RECURSIVE reached(node, depth) AS (
  SELECT :start, 0 UNION SELECT edge.target, depth + 1 FROM reached JOIN edge ON edge.source = reached.node
)
SELECT node.iri, node.kind, node.label, node.attributes, reached.depth, edge.relation, target.iri, hex(edge.sid)
FROM reached JOIN node ON node.id = reached.node
LEFT JOIN edge ON edge.source = reached.node LEFT JOIN node AS target ON target.id = edge.target
