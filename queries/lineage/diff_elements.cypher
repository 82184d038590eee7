// question: diff_elements    returns: side, iri, kinds    access: read
// parameter a: iri    parameter b: iri
// What only one of two elements was made from, itself included (rule 22); kinds: entity 1, activity 2, agent 4.
UNWIND [['a', $a], ['b', $b]] AS named
MATCH (start:Element {iri: named[1]})
MATCH (start)
  (()-[step:used|wasGeneratedBy|wasDerivedFrom|hadActivity|wasInformedBy|wasStartedBy|hadStarter|hadMember
    |sameBytes|bytesOf|wasInfluencedBy]->(cause)
    WHERE type(step) <> 'wasInfluencedBy' OR cause.kind <> 'agent')*
  (full:Element)
WITH DISTINCT named[0] AS side, full
CALL (full) {
  RETURN full AS n
  UNION
  MATCH (full)-[:specializationOf*1..]->(n:Element) RETURN n
  UNION
  MATCH (full)-[:hadPlan]->(n:Element) RETURN n
}
WITH n, collect(DISTINCT side) AS sides WHERE size(sides) = 1 AND NOT n.iri STARTS WITH 'urn:provstore:content:'
RETURN sides[0] AS side, n.iri AS iri, reduce(bits = 0, kind IN n.kinds | bits + CASE kind WHEN 'entity' THEN 1 WHEN 'activity' THEN 2 ELSE 4 END) AS kinds
ORDER BY side, iri
