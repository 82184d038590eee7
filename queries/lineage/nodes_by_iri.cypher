// Nodes by their IRIs. Parameters: iris. Columns: exact. Access: one probe an IRI.
UNWIND $iris AS iri MATCH (n:Element {iri: iri}) RETURN n.exact AS exact
