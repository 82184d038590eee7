SELECT assertion.document, bundle.iri, statement.record FROM assertion
JOIN statement ON statement.id = assertion.statement LEFT JOIN bundle ON bundle.id = assertion.bundle
WHERE assertion.leaf >= :first AND assertion.leaf < :end ORDER BY assertion.leaf
