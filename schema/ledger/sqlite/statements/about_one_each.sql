-- One live assertion per key and slot: a probe each, so that a hub costs no more than any other element. The newest
-- first, since what ceased is older.
SELECT found.key, found.slot, assertion.leaf, assertion.document, bundle.iri, statement.record
FROM (
  SELECT wanted.value AS key, slots.value AS slot, (
    SELECT assertion.leaf FROM mention
    CROSS JOIN assertion ON assertion.statement = mention.statement
    CROSS JOIN live ON live.document = assertion.document
      AND live.since <= :as_of AND (live.until IS NULL OR live.until > :as_of)
    WHERE mention.key = wanted.value AND mention.slot = slots.value
    ORDER BY mention.statement DESC, assertion.leaf DESC LIMIT 1
  ) AS leaf
  FROM json_each(:keys) AS wanted CROSS JOIN json_each(:slots) AS slots
) AS found
CROSS JOIN assertion ON assertion.leaf = found.leaf
CROSS JOIN statement ON statement.id = assertion.statement
LEFT JOIN bundle ON bundle.id = assertion.bundle
