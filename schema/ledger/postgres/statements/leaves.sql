SELECT assertion.leaf, assertion.document, bundle.iri, statement.record FROM assertion
LEFT JOIN statement ON statement.id = assertion.statement LEFT JOIN bundle ON bundle.id = assertion.bundle
ORDER BY assertion.leaf
