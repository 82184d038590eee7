// question: downstream    returns: iri, kinds    access: read
// parameter start: iri    parameter agents: integer 0..1 = 0    parameter parents: integer 0..1 = 0
// Everything that was made from an element (rule 22; of an agent with agents=1); kinds: entity 1, activity 2, agent 4.
MATCH (start:Element {iri: $start})
CALL (start) {
  MATCH (start)<-[:specializationOf*0..]-(near:Element) RETURN near
  UNION
  MATCH (start)<-[:hadPlan]-(near:Element) RETURN near
  UNION
  MATCH (start)<-[:actedOnBehalfOf*0..]-(agent:Element)
  WITH DISTINCT agent
  MATCH (agent)<-[link:wasAssociatedWith|wasAttributedTo|wasInfluencedBy]-(near:Element)
  WHERE $agents = 1 AND (type(link) <> 'wasInfluencedBy' OR agent.kinds = ['agent'])
  RETURN near
}
MATCH (near)
  ((cause)<-[step:used|wasGeneratedBy|wasDerivedFrom|hadActivity|wasInformedBy|wasStartedBy|hadStarter|hadMember
    |sameBytes|bytesOf|wasInfluencedBy|partOf]-()
    WHERE ($parents = 1 OR type(step) <> 'partOf') AND (type(step) <> 'wasInfluencedBy' OR cause.kinds <> ['agent']))*
  (n:Element)
WITH DISTINCT n
RETURN n.iri AS iri, reduce(bits = 0, kind IN n.kinds | bits + CASE kind WHEN 'entity' THEN 1 WHEN 'activity' THEN 2 ELSE 4 END) AS kinds
ORDER BY iri
