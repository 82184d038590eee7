-- Which live documents of a space assert the statements whose sid begins with one of the keys, in the ledger's order.
SELECT bundle.iri, statement.record, assertion.document FROM json_each(:keys) AS wanted
CROSS JOIN sid ON sid.key = wanted.value
CROSS JOIN statement ON statement.id = sid.statement
CROSS JOIN assertion ON assertion.statement = sid.statement
CROSS JOIN document ON document.sequence = assertion.document AND document.space = :space AND document.derived = 0
CROSS JOIN live ON live.document = assertion.document AND live.until IS NULL
LEFT JOIN bundle ON bundle.id = assertion.bundle
ORDER BY assertion.leaf
