-- One live assertion per key and slot: a probe each, so that a hub costs no more than any other element.
SELECT found.key, found.slot, assertion.leaf, assertion.document, bundle.iri, statement.record
FROM (
  SELECT wanted.key, slots.slot, (
    SELECT assertion.leaf FROM mention
    JOIN assertion ON assertion.statement = mention.statement
    JOIN live ON live.document = assertion.document
      AND live.since <= %(as_of)s AND (live.until IS NULL OR live.until > %(as_of)s)
    WHERE mention.key = wanted.key AND mention.slot = slots.slot LIMIT 1
  ) AS leaf
  FROM unnest(translate(%(keys)s, '[]', '{}')::bigint[]) AS wanted (key)
  CROSS JOIN unnest(translate(%(slots)s, '[]', '{}')::bigint[]) AS slots (slot)
  OFFSET 0  -- probes first: each is one search in an index
) AS found
JOIN assertion ON assertion.leaf = found.leaf
JOIN statement ON statement.id = assertion.statement
LEFT JOIN bundle ON bundle.id = assertion.bundle
ORDER BY found.key, found.slot
