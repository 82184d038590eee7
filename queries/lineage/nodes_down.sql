-- The same from the last IRI to the first. Parameters: before (an IRI, or NULL), limit (-1: all).
SELECT node.id, node.iri, kinds, declared, label, start, "end", types, digests, attributes, conflicts, spaces
FROM node WHERE :before IS NULL OR iri < :before ORDER BY iri DESC LIMIT :limit
