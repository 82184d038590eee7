-- The same for some slots only.
SELECT mention.key, mention.slot, assertion.leaf, assertion.document, bundle.iri, statement.record
FROM json_each(:keys) AS wanted
CROSS JOIN json_each(:slots) AS slots
CROSS JOIN mention ON mention.key = wanted.value AND mention.slot = slots.value
CROSS JOIN assertion ON assertion.statement = mention.statement
CROSS JOIN live ON live.document = assertion.document
  AND live.since <= :as_of AND (live.until IS NULL OR live.until > :as_of)
CROSS JOIN statement ON statement.id = mention.statement
LEFT JOIN bundle ON bundle.id = assertion.bundle
