-- Assertions of the statements that name the elements with this key, whether their documents are live or not.
SELECT mention.key, mention.slot, assertion.leaf, assertion.document, bundle.iri, statement.record
FROM mention
JOIN assertion ON assertion.statement = mention.statement
JOIN statement ON statement.id = mention.statement
LEFT JOIN bundle ON bundle.id = assertion.bundle
WHERE mention.key = %(key)s
ORDER BY mention.slot, assertion.leaf
