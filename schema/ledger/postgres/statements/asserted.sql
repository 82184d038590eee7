SELECT assertion.document, bundle.iri, statement.record FROM assertion
JOIN statement ON statement.id = assertion.statement LEFT JOIN bundle ON bundle.id = assertion.bundle
WHERE assertion.leaf >= %(first)s AND assertion.leaf < %(end)s ORDER BY assertion.leaf
