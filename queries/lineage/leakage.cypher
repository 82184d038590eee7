// question: leakage    returns: what, iri    access: read
// parameter train: iri    parameter test: iri
// What `train` was made from and that gives `test` away: test itself, what has its bytes, what was made from these (leak);
// and what else both were made from (shared), which is no leak (rule 27).
MATCH (train:Element {iri: $train}), (test:Element {iri: $test})
CALL (test) {
  RETURN test AS same
  UNION
  MATCH (test)-[own:alternateOf]->(:Element)<-[holder:alternateOf]-(same:Element) WHERE own.inferred AND holder.inferred
  RETURN same
}
WITH train, test, collect(same) AS same
CALL (same) {
  UNWIND same AS start
  CALL (start, same) {
    MATCH (start)<-[:specializationOf*0..]-(near:Element) RETURN near
    UNION
    MATCH (start)<-[:hadPlan]-(near:Element) RETURN near
    UNION
    MATCH (start)<-[:actedOnBehalfOf*0..]-(agent:Element)
    WITH DISTINCT same, agent WHERE any(one IN same WHERE one:Agent)
    MATCH (agent)<-[link:wasAssociatedWith|wasAttributedTo|wasInfluencedBy]-(near:Element)
    WHERE type(link) <> 'wasInfluencedBy' OR agent.kind = 'agent'
    RETURN near
  }
  MATCH (near)
  ((cause)<-[step:used|wasGeneratedBy|wasDerivedFrom|hadActivity|wasInformedBy|wasStartedBy|hadStarter|hadMember
    |sameBytes|bytesOf|wasInfluencedBy]-()
    WHERE type(step) <> 'wasInfluencedBy' OR cause.kind <> 'agent')*
  (made:Element)
  WITH DISTINCT made
  RETURN collect(made) AS made
}
CALL (test) {
  MATCH (test)
  (()-[step:used|wasGeneratedBy|wasDerivedFrom|hadActivity|wasInformedBy|wasStartedBy|hadStarter|hadMember
    |sameBytes|bytesOf|wasInfluencedBy]->(cause)
    WHERE type(step) <> 'wasInfluencedBy' OR cause.kind <> 'agent')*
  (full:Element)
  WITH DISTINCT full
  CALL (full) {
    RETURN full AS n
    UNION
    MATCH (full)-[:specializationOf*1..]->(n:Element) RETURN n
    UNION
    MATCH (full)-[:hadPlan]->(n:Element) RETURN n
  }
  RETURN collect(DISTINCT n) AS of_test
}
MATCH (train)
  (()-[step:used|wasGeneratedBy|wasDerivedFrom|hadActivity|wasInformedBy|wasStartedBy|hadStarter|hadMember
    |sameBytes|bytesOf|wasInfluencedBy]->(cause)
    WHERE type(step) <> 'wasInfluencedBy' OR cause.kind <> 'agent')*
  (full:Element)
WITH DISTINCT test, same, made, of_test, full
CALL (full) {
  RETURN full AS n
  UNION
  MATCH (full)-[:specializationOf*1..]->(n:Element) RETURN n
  UNION
  MATCH (full)-[:hadPlan]->(n:Element) RETURN n
}
WITH DISTINCT n, n IN same OR n IN made AS leaks, n IN of_test AS common
WHERE leaks OR (common AND NOT n.iri IN [$train, $test] AND NOT n.iri STARTS WITH 'urn:provstore:content:')
RETURN CASE WHEN leaks THEN 'leak' ELSE 'shared' END AS what, n.iri AS iri ORDER BY what, iri
