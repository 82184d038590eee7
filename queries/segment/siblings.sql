-- question: siblings    returns: iri    access: read
-- parameter members: iris
-- Entities that the activities among some elements generated (C3 of a segment, of its C1 and C2).
SELECT DISTINCT sibling.iri
FROM json_each(:members) AS member
CROSS JOIN node AS activity ON activity.iri = member.value
CROSS JOIN edge INDEXED BY edge_in ON edge.target = activity.id
  AND edge.relation = (SELECT code FROM relation WHERE name = 'wasGeneratedBy')
JOIN node AS sibling ON sibling.id = edge.source
ORDER BY 1
