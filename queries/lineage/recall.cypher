// question: recall    returns: source, relation, target, sure    access: read
// parameter start: iri
// Every step from a withdrawn element to what was made from it (rule 22), and how sure it is: `exact`, a derivation that
// names its generation and usage; `stated`; `loose`, the relation says that something went over and not what;
// `inferred`, the bytes are equal.
MATCH (start:Element {iri: $start})
CALL (start) {
  MATCH (start)<-[:specializationOf*0..]-(general:Element)
  WITH DISTINCT general
  MATCH (general)<-[edge:specializationOf]-(:Element) RETURN edge
  UNION
  MATCH (start)<-[edge:hadPlan]-(:Element) RETURN edge
  UNION
  CALL (start) {
    MATCH (start)<-[:specializationOf*0..]-(near:Element) RETURN near
    UNION
    MATCH (start)<-[:hadPlan]-(near:Element) RETURN near
  }
  MATCH (near)
  ((cause)<-[step:used|wasGeneratedBy|wasDerivedFrom|hadActivity|wasInformedBy|wasStartedBy|hadStarter|hadMember
    |sameBytes|bytesOf|wasInfluencedBy]-()
    WHERE type(step) <> 'wasInfluencedBy' OR cause.kind <> 'agent')*
  (reached:Element)
  WITH DISTINCT reached
  MATCH (reached)<-[edge:used|wasGeneratedBy|wasDerivedFrom|hadActivity|wasInformedBy|wasStartedBy|hadStarter|hadMember
    |sameBytes|bytesOf|wasInfluencedBy]-(:Element)
  WHERE type(edge) <> 'wasInfluencedBy' OR reached.kind <> 'agent'
  RETURN edge
}
WITH edge, type(edge) AS relation
RETURN DISTINCT startNode(edge).iri AS source, relation, endNode(edge).iri AS target,
  CASE
    WHEN relation IN ['sameBytes', 'bytesOf'] THEN 'inferred'
    WHEN relation IN ['wasInfluencedBy', 'wasInformedBy', 'wasStartedBy', 'hadStarter'] THEN 'loose'
    WHEN relation = 'wasDerivedFrom' AND edge.generation IS NOT NULL AND edge.usage IS NOT NULL THEN 'exact'
    ELSE 'stated'
  END AS sure
ORDER BY source, relation, target, sure
