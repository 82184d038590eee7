// question: frontier    returns: source, relation, target, sid    access: read
// parameter elements: iris    parameter inward: integer 0..1 = 0
// Edges that leave some elements (or enter them), of the relations that segments and summaries are made of.
UNWIND $elements AS iri
MATCH (near:Element {iri: iri})
CALL (near) {
  MATCH (near)-[edge:used|wasGeneratedBy|wasAssociatedWith|wasAttributedTo|wasDerivedFrom]->(:Element) WHERE $inward = 0
  RETURN edge
  UNION
  MATCH (near)<-[edge:used|wasGeneratedBy|wasAssociatedWith|wasAttributedTo|wasDerivedFrom]-(:Element) WHERE $inward = 1
  RETURN edge
}
WITH DISTINCT edge
RETURN startNode(edge).iri AS source, type(edge) AS relation, endNode(edge).iri AS target, edge.sid AS sid
ORDER BY source, relation, target, sid
