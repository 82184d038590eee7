SELECT assertion.leaf, assertion.document, bundle.iri FROM assertion
LEFT JOIN bundle ON bundle.id = assertion.bundle
WHERE assertion.statement = %(statement)s ORDER BY assertion.leaf
