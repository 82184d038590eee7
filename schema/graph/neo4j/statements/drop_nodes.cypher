// Parameter iris.
UNWIND $iris AS iri
MATCH (n:Element {iri: iri})
DETACH DELETE n
