MATCH (node)
RETURN
  head([key IN $identifiers WHERE node[key] IS NOT NULL | node[key]]),
  labels(node),
  properties(node)
