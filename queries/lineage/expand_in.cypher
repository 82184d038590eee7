// The edges that enter a frontier. Parameters and columns as in expand_out.
UNWIND $iris AS iri
MATCH (near:Element {iri: iri})<-[edge:<relations>]-(far:Element)
RETURN far.iri AS source, type(edge) AS relation, near.iri AS target, edge.sid AS sid, edge.exact AS exact
