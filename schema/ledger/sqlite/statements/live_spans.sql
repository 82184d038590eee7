-- The live documents: number, space, whether provstore itself stated it, its first leaf and the one after its last.
SELECT document.sequence, document.space, document.derived, document.first_leaf, document.first_leaf + document.statements
FROM live JOIN document ON document.sequence = live.document
WHERE live.until IS NULL ORDER BY document.sequence
