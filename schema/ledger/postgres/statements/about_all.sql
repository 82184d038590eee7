SELECT assertion.leaf, assertion.document, bundle.iri, statement.record
FROM assertion
JOIN live ON live.document = assertion.document
  AND live.since <= %(as_of)s AND (live.until IS NULL OR live.until > %(as_of)s)
JOIN statement ON statement.id = assertion.statement
LEFT JOIN bundle ON bundle.id = assertion.bundle
ORDER BY assertion.leaf
