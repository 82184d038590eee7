-- A page of all nodes by IRI. Parameters: after (an IRI or ''), limit (-1: all). Columns: those of a node. Access: an index.
SELECT node.id, node.iri, kinds, declared, label, start, "end", types, digests, attributes, conflicts, spaces
FROM node WHERE iri > :after ORDER BY iri LIMIT :limit
