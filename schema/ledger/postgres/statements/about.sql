-- Live assertions of the statements that name the elements with these keys.
SELECT mention.key, mention.slot, assertion.leaf, assertion.document, bundle.iri, statement.record
FROM unnest(translate(%(keys)s, '[]', '{}')::bigint[]) AS wanted (key)
JOIN mention ON mention.key = wanted.key
JOIN assertion ON assertion.statement = mention.statement
JOIN live ON live.document = assertion.document
  AND live.since <= %(as_of)s AND (live.until IS NULL OR live.until > %(as_of)s)
JOIN statement ON statement.id = mention.statement
LEFT JOIN bundle ON bundle.id = assertion.bundle
ORDER BY mention.key, mention.slot, assertion.leaf
