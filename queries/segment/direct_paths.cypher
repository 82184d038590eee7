// question: direct_paths    returns: iri    access: read
// parameter sources: iris    parameter destinations: iris
// Everything on a path over used and wasGeneratedBy from a destination back to a source (C1 of a segment).
CALL () {
  MATCH (destination:Element) WHERE destination.iri IN $destinations
  MATCH (destination)-[:used|wasGeneratedBy*0..]->(n:Element) RETURN DISTINCT 'behind' AS side, n
  UNION ALL
  MATCH (source:Element) WHERE source.iri IN $sources
  MATCH (source)<-[:used|wasGeneratedBy*0..]-(n:Element) RETURN DISTINCT 'ahead' AS side, n
}
WITH n, count(DISTINCT side) AS sides WHERE sides = 2
RETURN n.iri AS iri ORDER BY iri
