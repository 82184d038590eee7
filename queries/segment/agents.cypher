// question: agents    returns: iri    access: read
// parameter members: iris
// Agents with which the activities among some elements are associated, or to which its entities are attributed (C4).
MATCH (member:Element)-[:wasAssociatedWith|wasAttributedTo]->(agent:Element) WHERE member.iri IN $members
RETURN DISTINCT agent.iri AS iri ORDER BY iri
