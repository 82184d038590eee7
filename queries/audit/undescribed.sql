-- question: undescribed    returns: iri, mentions    access: read
-- parameter limit: integer 1..100000 = 100
-- Elements that are mentioned but that no source describes, the most mentioned first.
SELECT node.iri, (
    (SELECT count(*) FROM edge WHERE edge.source = node.id) + (SELECT count(*) FROM edge WHERE edge.target = node.id)
  ) AS mentions
FROM node WHERE NOT declared AND iri NOT LIKE 'urn:provstore:content:%' ORDER BY mentions DESC, iri LIMIT :limit
