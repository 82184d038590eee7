-- Fragment of find: the node is the source of a stated edge.
EXISTS (
  SELECT 1 FROM edge CROSS JOIN scope ON scope.id = edge.scope WHERE edge.source = node.id AND NOT scope.inferred
)
