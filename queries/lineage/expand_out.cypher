// The edges that leave a frontier. Parameters: iris. <relations> stands for relations of the closed table.
// Columns: source, relation, target, sid, exact. Access: a probe per node.
UNWIND $iris AS iri
MATCH (near:Element {iri: iri})-[edge:<relations>]->(far:Element)
RETURN near.iri AS source, type(edge) AS relation, far.iri AS target, edge.sid AS sid, edge.exact AS exact
