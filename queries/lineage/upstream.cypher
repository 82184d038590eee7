// question: upstream    returns: iri, kinds    access: read
// parameter start: iri    parameter agents: integer 0..1 = 0    parameter parents: integer 0..1 = 0
// Everything that an element was made from (rule 22); kinds: entity 1, activity 2, agent 4.
MATCH (start:Element {iri: $start})
  (()-[step:used|wasGeneratedBy|wasDerivedFrom|hadActivity|wasInformedBy|wasStartedBy|hadStarter|hadMember
    |sameBytes|bytesOf|wasInfluencedBy|partOf]->(cause)
    WHERE ($parents = 1 OR type(step) <> 'partOf') AND (type(step) <> 'wasInfluencedBy' OR cause.kinds <> ['agent']))*
  (full:Element)
WITH DISTINCT full
CALL (full) {
  RETURN full AS n
  UNION
  MATCH (full)-[:specializationOf*1..]->(n:Element) RETURN n
  UNION
  MATCH (full)-[:hadPlan]->(n:Element) RETURN n
  UNION
  MATCH (full)-[link:wasAssociatedWith|wasAttributedTo|wasInfluencedBy]->(agent:Element)
  WHERE $agents = 1 AND (type(link) <> 'wasInfluencedBy' OR agent.kinds = ['agent'])
  MATCH (agent)-[:actedOnBehalfOf*0..]->(n:Element)
  RETURN n
}
WITH DISTINCT n
RETURN n.iri AS iri, reduce(bits = 0, kind IN n.kinds | bits + CASE kind WHEN 'entity' THEN 1 WHEN 'activity' THEN 2 ELSE 4 END) AS kinds
ORDER BY iri
