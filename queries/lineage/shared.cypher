// question: shared    returns: iri, kinds    access: read
// parameter a: iri    parameter b: iri
// What both elements were made from (rule 22), but for the two themselves; kinds: entity 1, activity 2, agent 4.
MATCH (start:Element) WHERE start.iri IN [$a, $b]
MATCH (start)
  (()-[step:used|wasGeneratedBy|wasDerivedFrom|hadActivity|wasInformedBy|wasStartedBy|hadStarter|hadMember
    |sameBytes|bytesOf|wasInfluencedBy]->(cause)
    WHERE type(step) <> 'wasInfluencedBy' OR cause.kind <> 'agent')*
  (full:Element)
WITH DISTINCT start, full
CALL (full) {
  RETURN full AS n
  UNION
  MATCH (full)-[:specializationOf*1..]->(n:Element) RETURN n
  UNION
  MATCH (full)-[:hadPlan]->(n:Element) RETURN n
}
WITH n, count(DISTINCT start) AS sides
WHERE sides = CASE $a WHEN $b THEN 1 ELSE 2 END AND NOT n.iri IN [$a, $b] AND NOT n.iri STARTS WITH 'urn:provstore:content:'
RETURN n.iri AS iri, reduce(bits = 0, kind IN n.kinds | bits + CASE kind WHEN 'entity' THEN 1 WHEN 'activity' THEN 2 ELSE 4 END) AS kinds
ORDER BY iri
