// question: similar_paths    returns: iri    access: read
// parameter sources: iris    parameter destinations: iris    parameter within: integer 1..5 = 5
// Everything on walks from a destination back over as many activities as there are on one to a source, `within` at most
// (C2 of a segment). A half step leads from entity to activity or from activity to entity.
// A path takes no edge twice, so that in a cycle of used and wasGeneratedBy there are fewer of them than walks.
MATCH (destination:Element) WHERE destination.iri IN $destinations
CALL (destination) {
  MATCH path = (destination) (()-[:wasGeneratedBy]->()-[:used]->()){1,5} (source:Element)
  WHERE source.iri IN $sources AND length(path) <= 2 * $within
  RETURN DISTINCT length(path) AS length
}
MATCH similar = (destination) (()-[:wasGeneratedBy]->()-[:used]->()){1,5} (:Element) WHERE length(similar) = length
UNWIND nodes(similar) AS n
RETURN DISTINCT n.iri AS iri ORDER BY iri
