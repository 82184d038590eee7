-- Fragment of find: the node is the source of a stated edge of one of the relations (:codes, a JSON list of numbers).
EXISTS (
  SELECT 1 FROM edge CROSS JOIN scope ON scope.id = edge.scope
  WHERE edge.source = node.id AND edge.relation IN (SELECT code.value FROM json_each(:codes) AS code)
    AND NOT scope.inferred
)
