// Every node from which relations lead to some nodes, however far, and the edges that enter these. As closure_out.
UNWIND $starts AS iri
MATCH (start:Element {iri: iri})<-[:<walked>*0..]-(near:Element)
USING INDEX start:Element(iri)
WITH DISTINCT near
RETURN near.iri AS iri, near.kinds = ['agent'] AS only_agent, CASE WHEN $whole THEN near.exact END AS node,
  [(near)<-[edge:<taken>]-(far:Element) | [type(edge), far.iri, edge.sid, edge.exact]] AS edges
