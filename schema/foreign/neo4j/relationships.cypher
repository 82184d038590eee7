MATCH (first)-[relationship]->(second)
RETURN
  type(relationship),
  head([key IN $identifiers WHERE first[key] IS NOT NULL | first[key]]),
  head([key IN $identifiers WHERE second[key] IS NOT NULL | second[key]]),
  properties(relationship)
