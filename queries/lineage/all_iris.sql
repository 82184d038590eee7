-- The IRIs of all nodes. Columns: id, iri. Access: one scan.
SELECT id, iri FROM node
