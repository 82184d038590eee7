-- The same for some slots only.
SELECT mention.key, mention.slot, assertion.leaf, assertion.document, bundle.iri, statement.record
FROM mention
JOIN assertion ON assertion.statement = mention.statement
JOIN live ON live.document = assertion.document
  AND live.since <= %(as_of)s AND (live.until IS NULL OR live.until > %(as_of)s)
JOIN statement ON statement.id = mention.statement
LEFT JOIN bundle ON bundle.id = assertion.bundle
WHERE mention.key = ANY (translate(%(keys)s, '[]', '{}')::bigint[])
  AND mention.slot = ANY (translate(%(slots)s, '[]', '{}')::bigint[])
ORDER BY mention.key, mention.slot, assertion.leaf
