// The same from the last IRI to the first. Parameters: before (an IRI, or what is behind all), limit. Columns: exact.
MATCH (n:Element) WHERE n.iri < $before RETURN n.exact AS exact ORDER BY n.iri DESC LIMIT $limit
