// Every node that relations lead to from some nodes, however far, and the edges that leave these. Parameters: starts
// (IRIs), whole (whether nodes are asked for, too). <walked>, <taken>: relations of the closed table. Columns: iri,
// only_agent, what the node is made again from, and per edge relation, other end, sid, exact.
// Access: a breadth-first search that visits each node once: DISTINCT is what makes it one.
UNWIND $starts AS iri
MATCH (start:Element {iri: iri})-[:<walked>*0..]->(near:Element)
USING INDEX start:Element(iri)
WITH DISTINCT near
RETURN near.iri AS iri, near.kinds = ['agent'] AS only_agent, CASE WHEN $whole THEN near.exact END AS node,
  [(near)-[edge:<taken>]->(far:Element) | [type(edge), far.iri, edge.sid, edge.exact]] AS edges
