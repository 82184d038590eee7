// A page of all nodes by IRI. Parameters: after (an IRI or ''), limit. Columns: exact. Access: an index.
MATCH (n:Element) WHERE n.iri > $after RETURN n.exact AS exact ORDER BY n.iri LIMIT $limit
