MATCH (member)-[membership]->(bundle)
WHERE type(membership) = $relationship
  AND all(key IN keys($where) WHERE membership[key] = $where[key])
RETURN
  head([key IN $identifiers WHERE member[key] IS NOT NULL | member[key]]),
  head([key IN $identifiers WHERE bundle[key] IS NOT NULL | bundle[key]])
