-- Live assertions of the documents in these spaces. The documents come first: those of other spaces are not met.
SELECT assertion.leaf, assertion.document, bundle.iri, statement.record
FROM (
  SELECT document.first_leaf AS first, document.first_leaf + document.statements AS behind
  FROM json_each(:spaces) AS wanted
  CROSS JOIN document ON document.space = wanted.value
  CROSS JOIN live ON live.document = document.sequence
    AND live.since <= :as_of AND (live.until IS NULL OR live.until > :as_of)
  ORDER BY document.sequence
) AS visible
CROSS JOIN assertion ON assertion.leaf >= visible.first AND assertion.leaf < visible.behind
CROSS JOIN statement ON statement.id = assertion.statement
LEFT JOIN bundle ON bundle.id = assertion.bundle
