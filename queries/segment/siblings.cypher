// question: siblings    returns: iri    access: read
// parameter members: iris
// Entities that the activities among some elements generated (C3 of a segment, of its C1 and C2).
MATCH (activity:Element)<-[:wasGeneratedBy]-(sibling:Element) WHERE activity.iri IN $members
RETURN DISTINCT sibling.iri AS iri ORDER BY iri
