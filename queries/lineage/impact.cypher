// question: impact    returns: kind, type, count    access: read
// parameter start: iri
// What was made from an element, counted by kind and type: what breaks if it is bad? The element itself is not counted.
MATCH (start:Element {iri: $start})
CALL (start) {
  MATCH (start)<-[:specializationOf*0..]-(near:Element) RETURN near
  UNION
  MATCH (start)<-[:hadPlan]-(near:Element) RETURN near
}
MATCH (near)
  ((cause)<-[step:used|wasGeneratedBy|wasDerivedFrom|hadActivity|wasInformedBy|wasStartedBy|hadStarter|hadMember
    |sameBytes|bytesOf|wasInfluencedBy]-()
    WHERE type(step) <> 'wasInfluencedBy' OR cause.kinds <> ['agent'])*
  (made:Element)
WITH DISTINCT made WHERE made.iri <> $start
UNWIND CASE made.types WHEN [] THEN [null] ELSE made.types END AS type
RETURN made.kind AS kind, type, count(*) AS count
ORDER BY kind, type
