-- Live assertions of the documents in these spaces. The documents come first: those of other spaces are not met.
SELECT assertion.leaf, assertion.document, bundle.iri, statement.record
FROM document
JOIN live ON live.document = document.sequence
  AND live.since <= %(as_of)s AND (live.until IS NULL OR live.until > %(as_of)s)
JOIN assertion ON assertion.leaf >= document.first_leaf AND assertion.leaf < document.first_leaf + document.statements
JOIN statement ON statement.id = assertion.statement
LEFT JOIN bundle ON bundle.id = assertion.bundle
WHERE document.space IN (SELECT jsonb_array_elements_text(%(spaces)s::jsonb))
ORDER BY assertion.leaf
